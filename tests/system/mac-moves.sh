#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A host's MAC address moves to another port: as soon as it is heard from there,
# traffic to it goes there, and no flow sends to the old place.
. "$(dirname "$0")/lib.sh"

hosts -4 1 2 3
start_switch dp0 v1 v2 v3
pings h2 10.0.0.1
pings h1 10.0.0.2
has "flow to the old port" "in_port\(2\),[^ ]*dst=$(mac 1)[^ ]*eth_type\(0x0800\).*actions:1" "$(vslctl dump-flows dp0)"

start_pings running h2 10.0.0.1 -i 0.02
see_packets v2 5
step "host 1 falls silent, host 3 is it now"
ip_batch "addr flush dev eth0
link set eth0 address $(mac 11)" -n h1
ip_batch "link set eth0 down
link set eth0 address $(mac 1)
addr flush dev eth0
addr add 10.0.0.1/24 dev eth0
link set eth0 up" -n h3
pings h3 10.0.0.2
see_packets v3 20
kill -INT "${PING_PID[running]}"
wait "${PING_PID[running]}" || :
pings h2 10.0.0.1

step "what is known now"
flows=$(vslctl dump-flows dp0)
has "flow to the new port" "in_port\(2\),[^ ]*dst=$(mac 1)[^ ]*eth_type\(0x0800\).*actions:3" "$flows"
[[ ! $flows =~ dst=$(mac 1)[^$'\n']*actions:1($'\n'|$) ]] || fail "a flow still sends to port 1: $flows"
has "the trace says so" "$(mac 1) moved from 1 to 3" "$(< "$WORK/switch.out")"

step "and back"
ip_batch "addr flush dev eth0
link set eth0 address $(mac 3)" -n h3
ip_batch "link set eth0 address $(mac 1)
addr add 10.0.0.1/24 dev eth0" -n h1
pings h1 10.0.0.2
pings h2 10.0.0.1
has "the trace says so" "$(mac 1) moved from 3 to 1" "$(< "$WORK/switch.out")"
