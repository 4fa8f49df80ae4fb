#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# push_vlan and pop_vlan, once and twice, as a capture at both ends sees them; and
# the host at the tagged end answers, so what was pushed is right to the last byte.
. "$(dirname "$0")/lib.sh"
need_vlan_devices

hosts -4 1 2
ip_batch "link add link eth0 name q10 type vlan id 10
link add link eth0 name s20 type vlan proto 802.1ad id 20
link add link s20 name s20q30 type vlan id 30
$(up q10 s20 s20q30)" -n h2
new_dp dp0 v1 v2

# What host 1 sends without tags leaves port 2 with $1, and back; $2 encloses a
# key of the tagged side.
translate() {
	local type
	run vslctl del-flows dp0
	for type in 'eth_type(0x0806),arp()' 'eth_type(0x0800),ipv4()'; do
		echo "in_port(1),eth(),$type $1,2"
		echo "in_port(2),eth(),${2/KEY/$type} $3,1"
	done | add_flows dp0
}

# seen NAME PATTERN: in each line of a capture, of which there must be some
seen() {
	local n=0 line
	while read -r line; do
		# tcpdump ends with an empty line when told to stop.
		[ -n "$line" ] || continue
		[[ $line =~ $2 ]] || fail "$1: expected '$2' in: $line"
		n=$((n + 1))
	done < "$WORK/$1.txt"
	at_least "$1: frames with '$2'" 6 $n
}

# captured_pings NAME PATTERN: at host 2; host 1 must see no tag at all
captured_pings() {
	local c1
	start_capture "plain-$1" h1 eth0 'icmp or (vlan and icmp)'
	c1=$CAPTURE
	start_capture "$1" h2 eth0 'vlan or icmp'
	pings h1 10.0.0.2 -c 3
	wait_for 10 lines_of "$1" 6
	wait_for 10 lines_of "plain-$1" 6
	end_pid "$c1" || :
	stop_capture
	grep -v ARP "$WORK/$1.txt" > "$WORK/x" && mv "$WORK/x" "$WORK/$1.txt"
	seen "$1" "$2"
	seen "plain-$1" 'ethertype IPv4 \(0x0800\), length 98:'
}

lines_of() { [ "$(grep -c ICMP "$WORK/$1.txt")" -ge "$2" ]; }

step "one tag"
ip_batch "addr flush dev eth0
addr add 10.0.0.2/24 dev q10" -n h2
translate 'push_vlan(vid=10,pcp=5)' 'eth_type(0x8100),vlan(vid=10),encap(KEY)' pop_vlan
captured_pings one 'ethertype 802.1Q \(0x8100\), length 102: vlan 10, p (5|0), ethertype IPv4'
has "the pushed priority" 'vlan 10, p 5, ethertype IPv4' "$(< "$WORK/one.txt")"

step "two tags, the outer one 802.1ad"
ip_batch "addr flush dev q10
addr add 10.0.0.2/24 dev s20q30" -n h2
translate 'push_vlan(vid=30,pcp=0),push_vlan(tpid=0x88a8,vid=20,pcp=3)' \
	'eth_type(0x88a8),vlan(vid=20),encap(eth_type(0x8100),vlan(vid=30),encap(KEY))' \
	'pop_vlan,pop_vlan'
captured_pings two '\(0x88a8\), length 106: vlan 20, p (3|0), ethertype 802.1Q \(0x8100\), vlan 30, p 0, ethertype IPv4'
has "the pushed priority" 'vlan 20, p 3' "$(< "$WORK/two.txt")"
