#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ovs-vswitchd's set_field of every field that it can set, and what else edits
# headers: the wire shows the new value and right checksums, also where the daemon
# edits in user space what no kernel datapath can (ARP, ICMP, neighbour discovery).
# timeout: 300
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib-ovs.sh"

start_ovs
watched_pair

to=02:00:00:00:00:02
f4='ip 10.0.0.1>10.0.0.2 tos 0 ttl 64 sum ok'
f6='ip6 fd00::1>fd00::2 tclass 0 label 0x0 hlimit 64'

# sets FIELD VALUE FRAME MATCH EXPECTED
sets() { of "$3" "$4,actions=set_field:$2->$1,output:2" "$5 *"; }

step "fields"
sets eth_src 02:00:00:00:00:98 udp4 udp "02:00:00:00:00:98>$to $f4 udp 1000>2000 sum ok"
sets eth_dst 02:00:00:00:00:99 udp4 udp "02:00:00:00:00:99 $f4 udp 1000>2000 sum ok"
sets eth_dst 04:00:00:00:00:00/04:00:00:00:00:00 udp4 udp "06:00:00:00:00:02 $f4 udp 1000>2000 sum ok"
sets vlan_vid 0x1006 udp4,vlan=5 dl_vlan=5 "$to vlan 0x8100 6/0 $f4 udp 1000>2000 sum ok"
sets vlan_pcp 3 udp4,vlan=5 dl_vlan=5 "$to vlan 0x8100 5/3 $f4 udp 1000>2000 sum ok"
sets mpls_label 18 mpls mpls "$to mpls 18/0/1/64 $f4 udp 1000>2000 sum ok"
sets mpls_tc 5 mpls mpls "$to mpls 100/5/1/64 $f4 udp 1000>2000 sum ok"
sets mpls_ttl 9 mpls mpls "$to mpls 100/0/1/9 $f4 udp 1000>2000 sum ok"
for l4 in tcp udp sctp; do
	sets ip_src 10.9.8.7 ${l4}4 $l4 "$to ip 10.9.8.7>10.0.0.2 tos 0 ttl 64 sum ok $l4 1000>2000 sum ok"
	sets ip_dst 10.9.8.7 ${l4}4 $l4 "$to ip 10.0.0.1>10.9.8.7 tos 0 ttl 64 sum ok $l4 1000>2000 sum ok"
	sets ${l4}_src 7 ${l4}4 $l4 "$to $f4 $l4 7>2000 sum ok"
	sets ${l4}_dst 8 ${l4}4 $l4 "$to $f4 $l4 1000>8 sum ok"
	sets ipv6_src fd00::77 ${l4}6 ${l4}6 "$to ip6 fd00::77>fd00::2 tclass 0 label 0x0 hlimit 64 $l4 1000>2000 sum ok"
	sets ipv6_dst fd00::77 ${l4}6 ${l4}6 "$to ip6 fd00::1>fd00::77 tclass 0 label 0x0 hlimit 64 $l4 1000>2000 sum ok"
	sets ${l4}_src 7 ${l4}6 ${l4}6 "$to $f6 $l4 7>2000 sum ok"
	sets ${l4}_dst 8 ${l4}6 ${l4}6 "$to $f6 $l4 1000>8 sum ok"
done
sets ip_src 0.0.9.0/0.0.255.0 udp4 udp "$to ip 10.0.9.1>10.0.0.2 tos 0 ttl 64 sum ok udp 1000>2000 sum ok"
sets ip_dst 10.9.8.7 icmp4 icmp "$to ip 10.0.0.1>10.9.8.7 tos 0 ttl 64 sum ok icmp sum ok"
sets ipv6_dst fd00::77 icmp6 icmp6 "$to ip6 fd00::1>fd00::77 tclass 0 label 0x0 hlimit 64 icmp sum ok"
sets ip_dscp 10 udp4 udp "$to ip 10.0.0.1>10.0.0.2 tos 40 ttl 64 sum ok udp 1000>2000 sum ok"
sets ip_ecn 2 udp4 udp "$to ip 10.0.0.1>10.0.0.2 tos 2 ttl 64 sum ok udp 1000>2000 sum ok"
sets nw_ttl 9 udp4 udp "$to ip 10.0.0.1>10.0.0.2 tos 0 ttl 9 sum ok udp 1000>2000 sum ok"
sets ip_dscp 10 udp6 udp6 "$to ip6 fd00::1>fd00::2 tclass 40 label 0x0 hlimit 64 udp 1000>2000 sum ok"
sets ip_ecn 2 udp6 udp6 "$to ip6 fd00::1>fd00::2 tclass 2 label 0x0 hlimit 64 udp 1000>2000 sum ok"
sets nw_ttl 9 udp6 udp6 "$to ip6 fd00::1>fd00::2 tclass 0 label 0x0 hlimit 9 udp 1000>2000 sum ok"
sets ipv6_label 0x123 udp6 udp6 "$to ip6 fd00::1>fd00::2 tclass 0 label 0x123 hlimit 64 udp 1000>2000 sum ok"
# neither is on the wire; that the frame comes shows that the actions are taken
sets pkt_mark 7 udp4 udp "$to $f4 udp 1000>2000 sum ok"
of udp4 'udp,actions=set_queue:1,output:2' "$to $f4 udp 1000>2000 sum ok *"

step "not by set_field"
of udp4 'udp,actions=dec_ttl,mod_nw_tos:16,output:2' \
	"$to ip 10.0.0.1>10.0.0.2 tos 16 ttl 63 sum ok udp 1000>2000 sum ok *"
of udp6 'udp6,actions=dec_ttl,output:2' "$to ip6 fd00::1>fd00::2 tclass 0 label 0x0 hlimit 63 udp 1000>2000 sum ok *"
of mpls 'mpls,actions=dec_mpls_ttl,output:2' "$to mpls 100/0/1/63 $f4 udp 1000>2000 sum ok *"
of udp4 'udp,actions=move:NXM_OF_IP_SRC[]->NXM_OF_IP_DST[],output:2' \
	"$to ip 10.0.0.1>10.0.0.1 tos 0 ttl 64 sum ok udp 1000>2000 sum ok *"
# several at once, and what is set after the first output is not in that one
of udp4 'udp,actions=set_field:10.9.8.7->ip_src,output:2,set_field:10.6.5.4->ip_dst,set_field:8->udp_dst,dec_ttl,output:2' \
	"$to ip 10.9.8.7>10.0.0.2 tos 0 ttl 64 sum ok udp 1000>2000 sum ok *" \
	"$to ip 10.9.8.7>10.6.5.4 tos 0 ttl 63 sum ok udp 1000>8 sum ok *"
run_of

step "what the daemon edits itself: ARP and ICMP, which tcpdump knows"
ofctl del-flows br0
arp='set_field:10.9.8.7->arp_spa,set_field:10.6.5.4->arp_tpa,set_field:02:00:00:00:00:77->arp_sha,set_field:02:00:00:00:00:78->arp_tha,output:2'
run ovs-ofctl -O OpenFlow15 add-flows br0 - << EOF
in_port=1,arp,dl_src=02:00:00:00:01:01,actions=$arp
in_port=1,arp,dl_src=02:00:00:00:01:02,actions=set_field:2->arp_op,$arp
in_port=1,icmp,actions=set_field:11->icmp_type,set_field:1->icmp_code,output:2
in_port=1,icmp6,actions=set_field:3->icmpv6_type,set_field:1->icmpv6_code,output:2
EOF
start_capture edited - p2 'arp or icmp or icmp6' -v -Q in
# seen TIMES TEXT: in the capture, a line each
seen() { [ "$(grep -cF -e "$2" "$WORK/edited.txt")" = "$1" ]; }
for n in 1 2; do
	send 1 arp,from=1 arp,from=2 icmp4 icmp6
	wait_for 20 seen $n 'Request who-has 10.6.5.4 (02:00:00:00:00:78) tell 10.9.8.7,'
	wait_for 20 seen $n 'Reply 10.9.8.7 is-at 02:00:00:00:00:77,'
	wait_for 20 seen $n '10.0.0.1 > 10.0.0.2: ICMP ip reassembly time exceeded,'
	wait_for 20 seen $n '[icmp6 sum ok] ICMP6, time exceeded in-transit (reassembly)'
done
stop_capture
cat "$WORK/edited.txt"
[[ $(< "$WORK/edited.txt") != *wrong* ]] || fail "a checksum is wrong"

step "and neighbour discovery, which a host believes only if it is right"
# h1 asks for ::98, h2 is asked for ::2; the answer is translated likewise
for n in 1 2; do
	ip_batch "netns add h$n
link set p$n netns h$n"
	on_exit drop_netns "h$n"
	ip_batch "link set p$n name eth0 address $(mac "$n")
link set lo up
link set eth0 up
addr add fd00::$n/64 dev eth0 nodad" -n "h$n"
done
run ovs-ofctl -O OpenFlow15 add-flows br0 - << EOF
priority=40000,in_port=1,icmp6,icmp_type=135,nd_target=fd00::98,actions=set_field:fd00::2->nd_target,set_field:ff02::1:ff00:2->ipv6_dst,set_field:33:33:ff:00:00:02->eth_dst,set_field:02:00:00:00:00:77->nd_sll,output:2
priority=40000,in_port=2,icmp6,icmp_type=136,actions=set_field:fd00::98->nd_target,set_field:02:00:00:00:00:78->nd_tll,set_field:$(mac 1)->eth_dst,output:1
EOF
# neighbour hN ADDRESS LLADDR: is it known there?
neighbour() { [[ $(ip -n "$1" neigh show "$2") == *"lladdr $3"* ]]; }
on h1 ping -q -c 2 -W 1 fd00::98 > /dev/null || :	# no echo flow is there
wait_for 20 neighbour h2 fd00::1 02:00:00:00:00:77
wait_for 20 neighbour h1 fd00::98 02:00:00:00:00:78

no_complaints
