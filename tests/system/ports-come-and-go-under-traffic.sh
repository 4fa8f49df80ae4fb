#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Ports are added and removed, and their hosts talk, while two other hosts ping
# each other: of those pings none is lost.
. "$(dirname "$0")/lib.sh"

# No flow comes from port 3 or goes to it alone.
no_flow_to() {
	local flows
	flows=$(vslctl dump-flows dp0)
	[[ $flows != *"in_port($1)"* && ! $flows =~ actions:([^$'\n']*,)?$1(,|$'\n'|$) ]]
}

hosts 1 2 3
start_switch dp0 v1 v2
pings h1 10.0.0.2

# More than the loop below takes; ended after it.
start_pings steady h1 10.0.0.2 -i 0.01
start_pings back h2 fd00::1 -i 0.01
see_packets v1 20
for round in 1 2 3; do
	step "round $round"
	run vslctl add-if dp0 v3
	pings h3 10.0.0.1 -c 1
	start_pings coming h3 10.0.0.2 -i 0.01
	see_packets v3 10
	run vslctl del-if dp0 v3
	kill -INT "${PING_PID[coming]}"
	wait "${PING_PID[coming]}" || :
	[[ $(vslctl show dp0) != *v3* ]] || fail "v3 is still there"
	run vslctl add-if dp0 "i$round,type=internal"
	run vslctl del-if dp0 "i$round"
done
see_packets v1 20
stop_pings steady
stop_pings back
at_least "steady pings" 50 "$SENT"

step "no flow speaks of a port that left"
wait_for 10 no_flow_to 3
