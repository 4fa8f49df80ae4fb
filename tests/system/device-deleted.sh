#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A port's device is deleted while it carries traffic: the port is gone at once, the
# others go on, and a new device of that name can be a port again.
. "$(dirname "$0")/lib.sh"

hosts 1 2 3
start_switch dp0 v1 v2 v3
pings h1 10.0.0.2 -c 1
pings h1 10.0.0.3 -c 1
for round in 1 2; do
	step "round $round"
	start_pings bystanders h1 10.0.0.3 -i 0.01
	start_pings doomed h1 10.0.0.2 -i 0.01
	see_packets v2 20
	run ip link del v2
	[[ $(vslctl show dp0) != *v2* ]] || fail "the port is still there"
	see_packets v3 20
	kill -INT "${PING_PID[doomed]}"
	wait "${PING_PID[doomed]}" || :
	stop_pings bystanders
	drop_host 2
	hosts 2
	run vslctl add-if dp0 v2
	pings h1 10.0.0.2 -c 1
done

step "an internal port cannot be deleted behind the datapath's back"
run vslctl add-if dp0 i1,type=internal
refused 'not supported' ip link del i1
refused 'not supported' ip link del dp0
pings h1 10.0.0.2
