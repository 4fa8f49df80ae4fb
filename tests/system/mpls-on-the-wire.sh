#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Labels: pushed, popped, set and matched, one to four of them, as the frames at the
# other end show; what is below arrives as it was.
. "$(dirname "$0")/lib.sh"

two_ports
to=02:00:00:00:00:02
u4='eth_type(0x0800),ipv4(proto=17,frag=no),udp()'
u6='eth_type(0x86dd),ipv6(proto=17,frag=no),udp()'
f4="ip 10.0.0.1>10.0.0.2 tos 0 ttl 64 sum ok udp 1000>2000 sum ok"
f6="ip6 fd00::1>fd00::2 tclass 0 label 0x0 hlimit 64 udp 1000>2000 sum ok"
push='push_mpls(label=17,tc=3,ttl=9,bos=1,eth_type=0x8847)'

edit udp4 "$u4" "$push,2" "$to mpls 17/3/1/9 $f4 len 78"
edit udp6 "$u6" "$push,2" "$to mpls 17/3/1/9 $f6 len 98"
edit arp 'eth_type(0x0806),arp()' "$push,2" "$to mpls 17/3/1/9* len 46"
edit udp4 "$u4" 'push_mpls(label=17,ttl=9,bos=1,eth_type=0x8848),2' "$to mplsmc 17/0/1/9 $f4 *"
edit udp4 "$u4" "$push,push_mpls(label=18,ttl=8,bos=0,eth_type=0x8847),2" \
	"$to mpls 18/0/0/8 mpls 17/3/1/9 $f4 len 82"
edit udp4 "$u4" "$push,set(mpls(label=99,ttl=1)),2" "$to mpls 99/3/1/1 $f4 *"
edit udp4 "$u4" "$push,push_vlan(vid=5,pcp=0),2" "$to vlan 0x8100 5/0 mpls 17/3/1/9 $f4 *"
edit udp4,vlan=5 "eth_type(0x8100),vlan(vid=5),encap($u4)" "pop_vlan,$push,2" "$to mpls 17/3/1/9 $f4 *"
edit udp4 "$u4" "clone($push,2),2" "$to mpls 17/3/1/9 $f4 *" "$to $f4 *"
edit udp4 "$u4" "$push,pop_mpls(eth_type=0x0800),2" "$to $f4 len 74"
edit udp4 "$u4" "set(ipv4(dst=10.6.5.4)),$push,2" \
	"$to mpls 17/3/1/9 ip 10.0.0.1>10.6.5.4 tos 0 ttl 64 sum ok udp 1000>2000 sum ok *"

# labels of `packet`: 100, 101, ..., TC 0, TTL 64
one='eth_type(0x8847),mpls(label=100,bos=1)'
edit mpls "$one" 2 "$to mpls 100/0/1/64 $f4 *"
edit mpls "$one" 'pop_mpls(eth_type=0x0800),2' "$to $f4 len 74"
edit mpls "$one" 'set(mpls(label=200,tc=5,ttl=63)),2' "$to mpls 200/5/1/63 $f4 *"
edit mpls "$one" 'set(mpls(ttl=63)),2' "$to mpls 100/0/1/63 $f4 *"
edit mpls "$one" 'pop_mpls(eth_type=0x0800),recirc(1)' "$to vlan 0x8100 1/0 $f4 *"
edit mpls,labels=2 'eth_type(0x8847),mpls(label=100,bos=0)' 'pop_mpls(eth_type=0x8847),2' \
	"$to mpls 101/0/1/64 $f4 *"
edit mpls,labels=2 'eth_type(0x8847),mpls(lse0=0x64040,lse1=0x65140)' \
	'pop_mpls(eth_type=0x8847),set(mpls(ttl=7)),2' "$to mpls 101/0/1/7 $f4 *"
edit mpls,labels=3 'eth_type(0x8847),mpls(lse0=0x64040,lse1=0x65040,lse2=0x66140)' \
	'pop_mpls(eth_type=0x8847),recirc(2)' "$to vlan 0x8100 2/0 mpls 101/0/0/64 mpls 102/0/1/64 $f4 *"
edit mpls,labels=4 'eth_type(0x8847),mpls(lse0=0x64040,lse1=0x65040,lse2=0x66040)' 2 \
	"$to mpls 100/0/0/64 mpls 101/0/0/64 mpls 102/0/0/64 mpls 103/0/1/64 $f4 *"
edit mpls,vlan=7 "eth_type(0x8100),vlan(vid=7),encap($one)" 'set(mpls(label=200)),2' \
	"$to vlan 0x8100 7/0 mpls 200/0/1/64 $f4 *"
edit mpls "$one" "push_mpls(label=17,tc=3,ttl=9,bos=0,eth_type=0x8847),2" \
	"$to mpls 17/3/0/9 mpls 100/0/1/64 $f4 *"
# before the Ethernet header, which is then below the label, and back
edit udp4 "$u4" 'add_mpls(label=17,ttl=9,bos=1,eth_type=0x8847,flags=1),2' "$to mpls 17/0/1/9 $f4 *"
# (the same list, for packets that have no such header, must not be taken for this one)
FLOWS+="recirc_id(3),in_port(1),$u4 add_mpls(label=17,ttl=9,bos=1,eth_type=0x8847),2"$'\n'
edit udp4 "$u4" 'add_mpls(label=17,ttl=9,bos=1,eth_type=0x8847),recirc(4)' "$to $f4 len 74"
FLOWS+="recirc_id(4),in_port(1),eth_type(0x8847),mpls(label=17,bos=1) pop_mpls(eth_type=0x6558),2"$'\n'

FLOWS+="recirc_id(1),in_port(1),eth(),$u4 push_vlan(vid=1,pcp=0),2"$'\n'
FLOWS+="recirc_id(2),in_port(1),eth(),eth_type(0x8847),mpls(lse0=0x65040,lse1=0x66140) push_vlan(vid=2,pcp=0),2"$'\n'
run_edits

step "labels that are dumped are those that were put"
dump=$(vslctl dump-flows dp0)
has "three labels" 'mpls\(lse0=0x64040,lse1=0x65040,lse2=0x66140\)' "$dump"

step "what makes no sense is refused"
no() { refused 'Invalid' vslctl add-flow dp0 "in_port(2),eth(),$1" "$2"; }
no "$u4" 'pop_mpls(eth_type=0x0800),2'
no "$u4" 'push_mpls(label=1,bos=1,eth_type=0x0800),2'
no "$u4" 'push_vlan(vid=1,pcp=0),push_mpls(label=1,bos=1,eth_type=0x8847),2'
no "$u4" "$push,set(ipv4(ttl=1)),2"
no "$one" 'pop_mpls(eth_type=0x0800),set(ipv4(ttl=1)),2'
no "$one" 'pop_mpls(eth_type=0x8847),pop_mpls(eth_type=0x0800),2'
no "$one" 'pop_mpls(eth_type=0x6558),2'
no 'eth_type(0x88cc)' "$push,2"
no "eth_type(0x8100),vlan(vid=5),encap($u4)" "$push,2"
