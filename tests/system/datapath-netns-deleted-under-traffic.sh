#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The network namespace that holds a datapath is deleted while hosts of other
# namespaces send through it: the datapath goes with all that belongs to it, also
# an internal port that had been moved elsewhere, and nothing stays referenced.
. "$(dirname "$0")/lib.sh"

no_device() { ! nsenter "--net=/run/netns/$1" test -e "/proc/sys/net/ipv4/conf/$2"; }
no_eth0() { no_device "$1" eth0; }

hosts -4 1 2
for round in 1 2; do
	step "round $round"
	ip_batch "netns add sw
link set v1 netns sw
link set v2 netns sw"
	on_exit drop_netns sw
	ip_batch "link set v1 up
link set v2 up" -n sw
	on sw vslctl add-dp dp0 v1 v2
	on sw vslctl add-if dp0 i1,type=internal
	ip_batch "link set i1 netns h1" -n sw
	ip_batch "link set i1 up" -n h1
	{
		three_types 1 2
		three_types 2 1
	} > "$WORK/flows"
	on sw vslctl add-flows dp0 "$WORK/flows"
	pings h1 10.0.0.2
	start_pings a h1 10.0.0.2 -i 0.005
	start_pings b h2 10.0.0.1 -i 0.005
	nap 0.5
	on h1 test -e /proc/sys/net/ipv4/conf/i1
	run ip netns del sw
	wait_for 20 no_eth0 h1
	wait_for 20 no_eth0 h2
	wait_for 20 no_device h1 i1
	kill -INT "${PING_PID[a]}" "${PING_PID[b]}"
	wait "${PING_PID[a]}" "${PING_PID[b]}" || :
	is "datapaths here" "" "$(vslctl show)"
	if [ $round = 1 ]; then
		drop_host 1
		drop_host 2
		hosts -4 1 2
	fi
done
