#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What would go round for ever ends: a packet that recirculates to where it came
# from, one that does so twice each time, and one that devices lead back into the
# datapath. Other packets pass meanwhile and after.
. "$(dirname "$0")/lib.sh"
need_vlan_devices

two_ports
u4='eth_type(0x0800),ipv4(proto=17,frag=no),udp()'
t4='eth_type(0x0800),ipv4(proto=6,frag=no),tcp()'
f4="ip 10.0.0.1>10.0.0.2 tos 0 ttl 64 sum ok"

# passes: a frame of another flow comes through
passes() {
	FLOWS='' FRAMES=() EXPECTED=() NAMES=()
	edit tcp4 "$t4" 2 "02:00:00:00:00:02 $f4 tcp 1000>2000 sum ok *"
	run_edits
	run vslctl del-flow dp0 "recirc_id(0),in_port(1),eth(src=02:00:00:00:01:01),$t4"
}

step "recirculation to itself"
add_flows dp0 <<< "recirc_id(0),in_port(1),eth(),$u4 recirc(1)
recirc_id(1),in_port(1),eth(),$u4 recirc(1)"
run "$PACKET" send p1 udp4 udp4
get_counters
# it went round, but not for long
at_least "rounds" 2 "$HIT"
[ "$HIT" -le 1000 ] || fail "$HIT rounds of two packets"
passes

if [ "$DATAPATH" = lite ]; then
	has "what ended is counted" 'loops: dropped:2' "$(vslctl -s show dp0)"
fi

step "twice each time"
run vslctl mod-flow dp0 "recirc_id(1),in_port(1),eth(),$u4" 'recirc(1),recirc(1)'
run "$PACKET" send p1 udp4
get_counters
[ "$HIT" -le 20000 ] || fail "$HIT rounds of three packets"
passes

step "a device on a port of the datapath leads back into it"
# dp0's internal port lo0 transmits into dp0, and m0 on top of it is a port, too
run vslctl add-if dp0 lo0,type=internal
ip_batch "link set lo0 addrgenmode none
link set lo0 up
link add m0 link lo0 type vlan id 7
link set m0 addrgenmode none
link set m0 up"
on_exit drop_link m0
run vslctl add-if dp0 m0
no_in_port="eth(),eth_type(0x8100),vlan(vid=7),encap($u4)"
run vslctl add-flow dp0 "in_port(lo0),$no_in_port" 'pop_vlan,m0'
run vslctl mod-flow dp0 "recirc_id(0),in_port(1),eth(),$u4" m0
run "$PACKET" send p1 udp4
get_counters
passes

[ "$DATAPATH" = lite ] || exit 0
step "as often as a list can ask for it, to a list as long"
# unhindered, these would be nine million frames, all from one
printf -v often '%3000s' ''
vslctl del-flows dp0
vslctl add-flow dp0 "recirc_id(0),in_port(1),eth(),$u4" "${often// /recirc(1),}2"
vslctl add-flow dp0 "recirc_id(1),in_port(1),eth(),$u4" "${often// /2,}2"
# out of port 2, or more than its device had room for
sent() { SENT=$(($(< /sys/class/net/v2/statistics/tx_packets) + $(< /sys/class/net/v2/statistics/tx_dropped))); }
sent
before=$SENT
run "$PACKET" send p1 udp4
sent
sent=$((SENT - before))
at_least "frames out" 3000 "$sent"
[ "$sent" -le 40000 ] || fail "$sent frames out of one"
passes
