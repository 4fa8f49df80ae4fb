#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A port whose packets have no Ethernet header (a tun device): push_eth gives them
# one, pop_eth takes it off; without it they stay on their side; flows of the one
# kind never take packets of the other.
. "$(dirname "$0")/lib.sh"

modprobe -q tun || skip "no tun in this kernel"
two_ports
ip_batch "tuntap add t0 mode tun
link set t0 addrgenmode none
link set t0 up"
on_exit drop_link t0
run vslctl add-if dp0 t0
u4='eth_type(0x0800),ipv4(proto=17,frag=no),udp()'
u6='eth_type(0x86dd),ipv6(proto=17,frag=no),udp()'
f4="ip 10.0.0.1>10.0.0.2 tos 0 ttl 64 sum ok udp 1000>2000 sum ok"
f6="ip6 fd00::1>fd00::2 tclass 0 label 0x0 hlimit 64 udp 1000>2000 sum ok"
push='push_eth(src=02:00:00:00:00:0a,dst=02:00:00:00:00:0b)'

step "out of the tun device, with a header put before"
add_flows dp0 <<< "in_port(t0),$u4 $push,2
in_port(t0),$u6 set(ipv6(hlimit=9)),$push,push_vlan(vid=5,pcp=0),2
in_port(t0),eth(),$u4 push_vlan(vid=99,pcp=0),2"
"$PACKET" watch p2 2 20 > "$WORK/watch" 2> "$WORK/watch.err" &
watcher=$!
on_exit end_pid "$watcher"
wait_for 20 file_has "$WORK/watch.err" listening
"$PACKET" tun t0 0 1 udp4,l3 udp6,l3 2> "$WORK/tun.err" || fail "$(< "$WORK/tun.err")"
wait "$watcher" || fail "only this came: $(< "$WORK/watch")"
is "what arrives" "02:00:00:00:00:0a>02:00:00:00:00:0b $f4 len 74
02:00:00:00:00:0a>02:00:00:00:00:0b vlan 0x8100 5/0 ${f6/64/9} len 98" "$(< "$WORK/watch")"

step "into the tun device, with the header taken off"
run vslctl del-flows dp0
add_flows dp0 <<< "recirc_id(0),in_port(1),eth(src=02:00:00:00:01:01),$u4 t0,pop_eth,t0
recirc_id(0),in_port(1),eth(src=02:00:00:00:01:02),$u6 clone(pop_eth,set(ipv6(hlimit=7)),t0),set(ipv6(hlimit=8)),2,recirc(1)
recirc_id(1),in_port(1),eth(),$u6 pop_eth,recirc(2)
recirc_id(2),in_port(1),$u6 t0"
"$PACKET" watch p2 1 20 > "$WORK/watch" 2> "$WORK/watch.err" &
watcher=$!
on_exit end_pid "$watcher"
wait_for 20 file_has "$WORK/watch.err" listening
: > "$WORK/tun.err"
"$PACKET" tun t0 4 20 > "$WORK/tun" 2> "$WORK/tun.err" &
tun=$!
on_exit end_pid "$tun"
wait_for 20 file_has "$WORK/tun.err" listening
run "$PACKET" send p1 udp4,from=1 udp6,from=2
wait "$tun" || fail "only this came out: $(< "$WORK/tun")"
wait "$watcher" || fail "only this came: $(< "$WORK/watch")"
is "at port 2" "02:00:00:00:01:02>02:00:00:00:00:02 ${f6/64/8} len 94" "$(< "$WORK/watch")"
# the first is a whole frame, as a payload: no IP packet
is "out of the tun device" "l3 len 74
l3 $f4 len 60
l3 ${f6/64/7} len 80
l3 ${f6/64/8} len 80" "$(< "$WORK/tun")"

step "the key of such packets is dumped without eth()"
dump=$(vslctl dump-flows dp0)
has "a flow" 'recirc_id\((0x)?2\),in_port\([^)]*\),eth_type\(0x86dd\)' "$dump"

step "what makes no sense is refused"
refused Invalid vslctl add-flow dp0 "in_port(2),eth(),$u4" "$push,2"
refused Invalid vslctl add-flow dp0 "in_port(2),$u4" 'pop_eth,2'
refused Invalid vslctl add-flow dp0 "in_port(2),$u4" 'push_vlan(vid=1,pcp=0),2'
refused Invalid vslctl add-flow dp0 "in_port(2),$u4" 'set(eth(dst=02:00:00:00:00:01)),2'
refused Invalid vslctl add-flow dp0 "in_port(2),eth(),$u4" 'push_vlan(vid=1,pcp=0),pop_eth,2'
