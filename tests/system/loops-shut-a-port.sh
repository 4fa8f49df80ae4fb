#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two ports joined by a cable: a loop. A probe finds it, one of the two is shut, said
# so, and let in again; the others talk on. Without probes a host that moves to and
# fro gives the loop away.
. "$(dirname "$0")/lib.sh"

hosts -4 1 2
on_exit drop_link l3
ip_batch "link add l3 type veth peer name l4
$(up l3 l4)"

step "by a probe"
configured 'port v1 { }' 'port v2 { }' 'port l3 { }' 'port l4 { }' \
	'loop-protection { probe-interval = 1 flaps = 0 shut-time = 3 }'
wait_for 20 file_has "$WORK/switch.err" "loop: port l4 is shut for 3 s: a probe sent by port"
is "ports that are shut" 1 "$(count_said "is shut for")"
pings h1 10.0.0.2
wait_for 20 file_has "$WORK/switch.err" "loop: port l4 is let in again"
wait_for 20 said_more "loop: port l4 is shut" 1

step "the cable is pulled: the port stays in"
ip_batch "link set l3 down"
wait_for 20 said_more "loop: port l4 is let in again" 1
pings h1 10.0.0.2
stop_switch
run vslctl del-dp dp0

step "by a host that moves"
ip_batch "link set l3 up"
configured 'port v1 { }' 'port v2 { }' 'port l3 { }' 'port l4 { }' \
	'loop-protection { probe-interval = 0 flaps = 5 shut-time = 600 }'
# a broadcast now and then, for the loop to carry round
start_pings storm h1 10.0.0.99 -i 0.02 -c 3000
wait_for 60 file_has "$WORK/switch.err" "moved 5 times within a second"
has "the port that is shut" "loop: port l[34] is shut for 600 s" "$(< "$WORK/switch.err")"
kill -INT "${PING_PID[storm]}"
wait "${PING_PID[storm]}" || :
pings h1 10.0.0.2
stop_switch
run vslctl del-dp dp0

step "a port that leaves while it is shut, and comes back"
configured 'port v1 { }' 'port v2 { }' 'port l3 { }' 'port l4 { }' \
	'loop-protection { probe-interval = 1 flaps = 0 shut-time = 600 }'
wait_for 20 file_has "$WORK/switch.err" "loop: port l4 is shut for 600 s"
run vslctl del-if dp0 l4
run vslctl add-if dp0 l4
wait_for 20 said_more "loop: port l4 is shut for 600 s" 1
pings h1 10.0.0.2
stop_switch
