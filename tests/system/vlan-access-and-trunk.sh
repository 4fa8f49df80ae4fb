#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The daemon's VLANs: hosts on access ports meet those of their own VLAN alone, a
# host on a trunk meets both VLANs by their tags, and ports without a VLAN pass
# tagged and double-tagged frames as they are.
. "$(dirname "$0")/lib.sh"
need_vlan_devices

hosts -4 1 2 3 4 5 6
ip_batch "link add link eth0 name q10 type vlan id 10
link add link eth0 name q20 type vlan id 20
link add link eth0 name q30 type vlan id 30
addr flush dev eth0
addr add 10.0.0.4/24 dev q10
addr add 10.0.1.4/24 dev q20
addr add 10.0.2.4/24 dev q30
$(up q10 q20 q30)" -n h4
ip_batch "addr flush dev eth0
addr add 10.0.1.3/24 dev eth0" -n h3
for n in 5 6; do
	ip_batch "link add link eth0 name s50 type vlan proto 802.1ad id 50
link add link s50 name s50q30 type vlan id 30
addr flush dev eth0
addr add 10.0.3.$n/24 dev s50q30
link add link eth0 name q30 type vlan id 30
addr add 10.0.2.$n/24 dev q30
$(up q30 s50 s50q30)" -n h$n
done
start_switch dp0 v1:access=10 v2:access=10 v3:access=20 v4:trunk=10,20 v5 v6

step "within a VLAN"
pings h1 10.0.0.2

step "between access ports and a trunk, each VLAN by its tag"
pings h1 10.0.0.4
pings h4 10.0.0.2
pings h3 10.0.1.4

step "not across VLANs, and not by a VLAN that the trunk does not carry"
ip_batch "addr add 10.0.0.3/24 dev eth0" -n h3
no_pings h1 10.0.0.3
no_pings h5 10.0.2.4

step "one and two tags through ports that carry all"
pings h5 10.0.2.6
pings h5 10.0.3.6

step "the tags are put on and taken off by flows"
flows=$(vslctl dump-flows dp0)
has "access to trunk" 'in_port\(1\)[^ ]*eth_type\(0x0800\).*actions:push_vlan\([^)]*vid=10[^)]*\),4' "$flows"
has "trunk to access" 'in_port\(4\).*vlan\([^)]*vid=20.*actions:pop_vlan,3' "$flows"
