#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ovs-vswitchd ends and starts again, told to wait until its OpenFlow flows are there:
# while it is away or waits, the datapath goes on switching what it has flows for and
# asks for nothing; then the daemon puts flows of its own; and no packet is ever lost.
# set: ovs
# timeout: 300
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib-ovs.sh"

# Only IPv4 between the two, whose neighbours are known: all that is sent has a flow.
start_ovs
hosts -4 1 2
know_each_other 1 2
port_args br0 1 2
vsctl add-br br0 "${PORT_ARGS[@]}"
flows='in_port=1,actions=output:2
in_port=2,actions=output:1'
run ovs-ofctl replace-flows br0 - <<< "$flows"
pings h1 10.0.0.2
start_pings through h1 10.0.0.2 -i 0.02
see_packets v2 20
get_counters ovs-system
missed=$MISSED
ports=$(ovs-dpctl show ovs-system | grep -E '^ *port')

step "the daemon ends"
vsctl --no-wait set Open_vSwitch . other_config:flow-restore-wait=true
old=$(< "$WORK/ovs-vswitchd.pid")
appctl exit
wait_for 30 gone "$old"
see_packets v2 50

step "and starts again"
start_vswitchd
is "port numbers" "$ports" "$(ovs-dpctl show ovs-system | grep -E '^ *port')"
run ovs-ofctl replace-flows br0 - <<< "$flows"
see_packets v2 50
get_counters ovs-system
is "missed" "$missed" "$MISSED"

step "and takes over"
vsctl remove Open_vSwitch . other_config flow-restore-wait
see_packets v2 50

# the revalidators have looked at the flows that were there
appctl revalidator/wait
appctl revalidator/wait
see_packets v2 50
stop_pings through
get_counters ovs-system
is "lost" 0 "$LOST"

step "what is new is for the new daemon"
ovs-ofctl del-flows br0
run ovs-ofctl add-flow br0 actions=NORMAL
on h2 ip neigh flush all nud permanent
pings h2 10.0.0.1
get_counters ovs-system
at_least "missed" $((missed + 1)) "$MISSED"
is "lost" 0 "$LOST"
no_complaints
