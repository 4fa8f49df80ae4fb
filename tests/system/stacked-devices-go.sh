#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A device that is stacked on an internal port goes with it, and may be a port
# itself, whose reference the kernel then waits for: nobody may hold a lock
# meanwhile that the way out needs.
. "$(dirname "$0")/lib.sh"

lite_only
need_vlan_devices

# stack DP PORTS_DP: DP has internal port i1; a VLAN device on it is a port of PORTS_DP
stack() {
	ip_batch "link add link i1 name i1.5 type vlan id 5
link set i1 up
link set i1.5 up"
	run vslctl add-if "$2" i1.5
	has "ports of $2" 'i1\.5' "$(vslctl show "$2")"
}

port_gone() { [[ $(vslctl show "$1") != *"$2"* ]]; }

step "The port below is removed"
new_dp dp0
new_dp dp1
for dp in dp0 dp1; do
	run vslctl add-if dp0 i1,type=internal
	stack dp0 $dp
	run timeout 30 vslctl del-if dp0 i1
	is "a device i1 is left" "" "$(link_gone i1 || echo yes)"
	wait_for 10 link_gone i1.5
	wait_for 10 port_gone $dp i1.5
done

step "The datapath is deleted, and the other one goes on"
for dp in dp0 dp1; do
	run vslctl add-if dp0 i1,type=internal
	stack dp0 $dp
	run timeout 30 vslctl del-dp dp0
	is "a device i1 is left" "" "$(link_gone i1 || echo yes)"
	wait_for 10 link_gone i1.5
	wait_for 10 port_gone dp1 i1.5
	run vslctl add-dp dp0
done

step "The port below has moved to a namespace that ends"
run vslctl add-if dp0 i1,type=internal
on_exit drop_netns far
run ip netns add far
run ip link set i1 netns far
run ip -n far link add link i1 name i1.5 type vlan id 5
run ip netns del far
wait_for 10 port_gone dp0 i1
