#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Flows match one tag (802.1Q) and two (802.1ad around 802.1Q), and nothing else:
# frames without a tag, with another VID or with another outer type are misses.
. "$(dirname "$0")/lib.sh"
need_vlan_devices

hosts -4 1 2
for n in 1 2; do
	ip_batch "link add link eth0 name q10 type vlan id 10
link add link eth0 name q11 type vlan id 11
link add link eth0 name s20 type vlan proto 802.1ad id 20
link add link s20 name s20q30 type vlan id 30
link add link eth0 name q20 type vlan id 20
link add link q20 name q20q30 type vlan id 30
addr add 10.1.0.$n/24 dev q10
addr add 10.2.0.$n/24 dev q11
addr add 10.3.0.$n/24 dev s20q30
addr add 10.4.0.$n/24 dev q20q30
$(up q10 q11 s20 s20q30 q20 q20q30)" -n h$n
done
new_dp dp0 v1 v2
for way in '1 2' '2 1'; do
	for type in 'eth_type(0x0806),arp()' 'eth_type(0x0800),ipv4()'; do
		echo "in_port(${way% *}),eth(),eth_type(0x8100),vlan(vid=10,pcp=0),encap($type) ${way#* }"
		echo "in_port(${way% *}),eth(),eth_type(0x88a8),vlan(vid=20,pcp=0),encap(eth_type(0x8100),vlan(vid=30,pcp=0),encap($type)) ${way#* }"
	done
done | add_flows dp0

step "one tag and two tags match"
pings h1 10.1.0.2
pings h1 10.3.0.2
pings h2 10.1.0.1
pings h2 10.3.0.1
get_counters dp0
is "misses" 0 "$MISSED"

step "no tag, another VID, 802.1Q instead of 802.1ad do not"
no_pings h1 10.0.0.2
no_pings h1 10.2.0.2
no_pings h1 10.4.0.2
get_counters dp0
at_least "misses" 3 "$MISSED"
is "flows" 8 "$FLOWS"
