#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The network namespace of a host is deleted while others send to it: its port
# goes, the other hosts do not notice, and a new host can take its place.
. "$(dirname "$0")/lib.sh"

hosts 1 2 3
start_switch dp0 v1 v2 v3
pings h1 10.0.0.2 -c 1
pings h3 10.0.0.2 -c 1
pings h3 10.0.0.1 -c 1

start_pings bystanders h1 10.0.0.3 -i 0.01
start_pings one h1 10.0.0.2 -i 0.005
start_pings two h3 10.0.0.2 -i 0.005
see_packets v2 30
run ip netns del h2
wait_for 20 link_gone v2
see_packets v3 50
[[ $(vslctl show dp0) != *v2* ]] || fail "the port is still there"
kill -INT "${PING_PID[one]}" "${PING_PID[two]}"
wait "${PING_PID[one]}" "${PING_PID[two]}" || :
stop_pings bystanders

step "a new host with the old name"
hosts 2
run vslctl add-if dp0 v2
pings h1 10.0.0.2
pings h2 fd00::3
