#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What dump-flows prints, add-flows takes: flows of every kind of key, mask and action
# are dumped, deleted, added from the dump, and a dump is then the same again. What
# ovs-dpctl prints is taken too.
. "$(dirname "$0")/lib.sh"

new_dp dp0
m="src=$(mac 1),dst=$(mac 2)"
cat > "$WORK/flows" <<-EOF
	in_port(1),eth($m),eth_type(0x0806),arp(sip=10.0.0.1,tip=10.0.0.2,op=1,sha=$(mac 1),tha=00:00:00:00:00:00) 2
	in_port(1),eth(src=02:00:00:00:00:00/ff:ff:ff:00:00:00),eth_type(0x0806),arp(sip=10.1.0.0/255.255.255.0) 2,3
	in_port(2),eth($m),eth_type(0x0800),ipv4(src=10.0.0.1,dst=10.0.0.2,proto=6,tos=0,ttl=64,frag=no),tcp(src=1000,dst=80),tcp_flags(syn|ack) 1
	in_port(2),eth($m),eth_type(0x0800),ipv4(src=10.1.0.0/255.255.0.0,proto=6,frag=no),tcp(src=0x400/0xfc00),tcp_flags(0x2/0x12) 1
	in_port(3),eth($m),eth_type(0x0800),ipv4(proto=17,frag=first),udp(src=67,dst=68) 1
	in_port(3),eth($m),eth_type(0x0800),ipv4(proto=17,frag=later) 1
	in_port(3),eth($m),eth_type(0x0800),ipv4(proto=1,frag=no),icmp(type=8,code=0) 1,2
	in_port(3),eth($m),eth_type(0x0800),ipv4(proto=132,frag=no),sctp(src=5,dst=6) 1
	in_port(4),eth($m),eth_type(0x86dd),ipv6(src=fd00::1,dst=fd00::2,label=0x12345,proto=6,tclass=0,hlimit=64,frag=no),tcp(src=1,dst=2),tcp_flags(ack) 1
	in_port(4),eth($m),eth_type(0x86dd),ipv6(src=fd00::/ffff::,proto=17,frag=no),udp(dst=53) 1
	in_port(4),eth($m),eth_type(0x86dd),ipv6(proto=58,frag=no),icmpv6(type=128,code=0) 1
	in_port(4),eth($m),eth_type(0x86dd),ipv6(proto=58,frag=no),icmpv6(type=135,code=0),nd(target=fd00::2,sll=$(mac 1),tll=00:00:00:00:00:00) 1
	in_port(5),eth($m),eth_type(0x8100),vlan(vid=10,pcp=3),encap(eth_type(0x0800),ipv4(src=10.0.0.1,frag=no)) pop_vlan,1
	in_port(5),eth($m),eth_type(0x88a8),vlan(vid=20,pcp=0),encap(eth_type(0x8100),vlan(vid=30,pcp=0),encap(eth_type(0x86dd),ipv6(frag=no))) pop_vlan,pop_vlan,1
	in_port(6),eth($m),eth_type(0x0800),ipv4(frag=no) push_vlan(vid=10,pcp=0),1,pop_vlan,2
	in_port(6),eth($m),eth_type(0x86dd),ipv6(frag=no) push_vlan(tpid=0x88a8,vid=20,pcp=7),1
	in_port(6),eth($m),eth_type(0x1234) drop
	in_port(7),eth($m),eth_type(0x1235) userspace(pid=4711)
	in_port(7),eth($m),eth_type(0x1236) userspace(pid=4711,userdata(0102030405060708))
	recirc_id(0),skb_priority(0x5),skb_mark(0x7/0xff),in_port(8),eth($m),eth_type(0x1234) 1
	ufid:00112233-4455-6677-8899-aabbccddeeff,in_port(9),eth($m),eth_type(0x1234) 1
EOF
n=$(wc -l < "$WORK/flows")
run vslctl add-flows dp0 "$WORK/flows"
get_counters dp0
is "flows" "$n" "$FLOWS"

vslctl -s dump-flows dp0 > "$WORK/dump1"
cat "$WORK/dump1"
is "lines of the dump" "$n" "$(wc -l < "$WORK/dump1")"
run vslctl del-flows dp0
is "a dump" "" "$(vslctl dump-flows dp0)"
run vslctl add-flows dp0 "$WORK/dump1"
vslctl -s dump-flows dp0 > "$WORK/dump2"
sort -o "$WORK/dump1" "$WORK/dump1"
sort -o "$WORK/dump2" "$WORK/dump2"
diff "$WORK/dump1" "$WORK/dump2" || fail "the second dump differs, see above"
note "the second dump is the same"

step "each value is what was asked for"
d=$(< "$WORK/dump1")
has "ports" 'tcp\(src=1000,dst=80\),tcp_flags\(syn\|ack\)' "$d"
has "VLANs" 'eth_type\(0x88a8\),vlan\(vid=20,pcp=0\),encap\(eth_type\(0x8100\),vlan\(vid=30,pcp=0\),encap\(eth_type\(0x86dd\)' "$d"
has "a flow label" 'label=0x12345' "$d"
has "a UFID" 'ufid:00112233-4455-6677-8899-aabbccddeeff' "$d"
has "a mark" 'skb_mark\(0x7/0xff\)' "$d"

step "a bad line: which one it is, and nothing of the file is left half done"
{ head -n 3 "$WORK/flows"; echo 'in_port(1),eth(),eth_type(0x0800),ipv4(src=10.0.0.256) 1'; } > "$WORK/bad"
run vslctl del-flows dp0
refused '(:|line )4.*10\.0\.0\.256' vslctl add-flows dp0 "$WORK/bad"
