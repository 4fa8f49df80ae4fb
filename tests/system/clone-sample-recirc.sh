#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Lists within lists: what is edited in a clone or a sample does not show outside,
# a sample of 0 % never runs and one of 100 % always does; a packet that is looked
# up once more is matched as edited; lists nest so deep and no deeper.
. "$(dirname "$0")/lib.sh"

two_ports
to=02:00:00:00:00:02 other=02:00:00:00:00:99
t4='eth_type(0x0800),ipv4(proto=6,frag=no),tcp()'
u4='eth_type(0x0800),ipv4(proto=17,frag=no),udp()'
u6='eth_type(0x86dd),ipv6(proto=17,frag=no),udp()'
f4="ip 10.0.0.1>10.0.0.2 tos 0 ttl 64 sum ok udp 1000>2000 sum ok"
set4='set(ipv4(src=10.9.8.7)),set(udp(dst=8))'
g4="ip 10.9.8.7>10.0.0.2 tos 0 ttl 64 sum ok udp 1000>8 sum ok"

edit udp4 "$u4" "clone(set(eth(dst=$other)),$set4,push_vlan(vid=5,pcp=0),2),2" \
	"$other vlan 0x8100 5/0 $g4 *" "$to $f4 *"
edit udp4 "$u4" "clone(clone($set4,2),2),2" "$to $g4 *" "$to $f4 *" "$to $f4 *"
edit udp4 "$u4" "2,clone($set4,2)" "$to $f4 *" "$to $g4 *"
edit udp4 "$u4" "2,clone(drop)" "$to $f4 *"
edit udp4 "$u4" "clone(drop),2" "$to $f4 *"
edit udp4 "$u4" "sample(sample=100%,actions($set4,2)),2" "$to $g4 *" "$to $f4 *"
edit udp4 "$u4" "sample(sample=0%,actions($set4,2)),2" "$to $f4 *"
edit udp4 "$u4" "2,sample(sample=0%,actions($set4,2))" "$to $f4 *"
edit udp4 "$u4" "2,sample(sample=100%,actions($set4,2))" "$to $f4 *" "$to $g4 *"
edit udp4 "$u4" "ct_clear,2" "$to $f4 *"

# an edit before recirc, and one in a clone, which must not show in the lookup
edit udp4 "$u4" "$set4,recirc(1)" "$to vlan 0x8100 1/0 $g4 *"
edit udp4 "$u4" "clone($set4),recirc(1)" "$to vlan 0x8100 2/0 $f4 *"
# openvswitch.ko looks it up at once, ours when the list has ended
after=("$to $f4 *" "$to vlan 0x8100 1/0 $g4 *")
[ "$DATAPATH" = lite ] || after=("${after[1]}" "${after[0]}")
edit udp4 "$u4" "clone($set4,recirc(1)),2" "${after[@]}"
edit udp4 "$u4" "set(skb_mark(7)),recirc(2)" "$to vlan 0x8100 7/0 $f4 *"
edit udp4 "$u4" "clone(set(skb_mark(7))),recirc(2)" "$to vlan 0x8100 8/0 $f4 *"
edit udp4 "$u4" "set(skb_mark(0xf0)),set(skb_mark(0x7/0xff)),recirc(2)" "$to vlan 0x8100 7/0 $f4 *"
edit udp4 "$u4" "set(skb_priority(0x10)),recirc(5)" "$to vlan 0x8100 10/0 $f4 *"
edit udp4 "$u4" "push_vlan(vid=5,pcp=1),recirc(3)" "$to vlan 0x8100 6/1 $f4 *"
edit udp4 "$u4" "hash(l4(0)),recirc(4)" "$to vlan 0x8100 9/0 $f4 *"
edit udp4 "$u4" "clone(hash(l4(0))),recirc(4)" "$to $f4 *"
if symmetric_hash; then
	edit udp4 "$u4" "hash(sym_l4(0)),recirc(4)" "$to vlan 0x8100 9/0 $f4 *"
fi
edit udp6 "$u6" "set(ipv6(dst=fd00::88)),recirc(6)" \
	"$to ip6 fd00::1>fd00::88 tclass 0 label 0x0 hlimit 64 udp 1000>2000 sum ok *"

again() { FLOWS+="recirc_id($1),in_port(1),eth(),$2"$'\n'; }
again 1 "eth_type(0x0800),ipv4(src=10.9.8.7,proto=17,frag=no),udp(dst=8) push_vlan(vid=1,pcp=0),2"
again 1 "eth_type(0x0800),ipv4(src=10.0.0.1,proto=17,frag=no),udp(dst=2000) push_vlan(vid=2,pcp=0),2"
FLOWS+="skb_mark(7),recirc_id(2),in_port(1),eth(),$u4 push_vlan(vid=7,pcp=0),2"$'\n'
FLOWS+="skb_mark(0),recirc_id(2),in_port(1),eth(),$u4 push_vlan(vid=8,pcp=0),2"$'\n'
FLOWS+="skb_priority(0x10),recirc_id(5),in_port(1),eth(),$u4 push_vlan(vid=10,pcp=0),2"$'\n'
FLOWS+="recirc_id(3),in_port(1),eth(),eth_type(0x8100),vlan(vid=5,pcp=1),encap($u4) pop_vlan,push_vlan(vid=6,pcp=1),2"$'\n'
# a hash is never 0: that is how the one that was not hashed is told from it
FLOWS+="recirc_id(4),dp_hash(0/0xffffffff),in_port(1),eth(),$u4 2"$'\n'
again 6 "eth_type(0x86dd),ipv6(dst=fd00::88,proto=17,frag=no),udp() 2"
for ((bit = 0; bit < 32; bit++)); do
	# disjoint: the lowest bit that is set
	printf -v h '0x%x/0x%x' $((1 << bit)) $(((2 << bit) - 1))
	FLOWS+="recirc_id(4),dp_hash($h),in_port(1),eth(),$u4 push_vlan(vid=9,pcp=0),2"$'\n'
done
run_edits

# nested DEPTH INNER: a sample in a sample in a ...
nested() {
	local i list=$2
	for ((i = 0; i < $1; i++)); do
		list="sample(sample=100%,actions($list))"
	done
	printf '%s' "$list"
}

step "ten lists deep works"
vslctl del-flows dp0
FLOWS='' FRAMES=() EXPECTED=() NAMES=()
edit udp4 "$u4" "$(nested 10 "$set4,2"),2" "$to $g4 *" "$to $f4 *"
run_edits

step "fifteen can be put, sixteen cannot"
run vslctl add-flow dp0 "in_port(2),eth(),$t4" "$(nested 16 2)"
refused 'at most 16 deep' vslctl add-flow dp0 "in_port(2),eth(),$u4" "$(nested 17 2)"
