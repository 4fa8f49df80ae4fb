#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# trunc() shortens the packet for the next output and for that alone, in clones too;
# check_pkt_len() takes the branch that the length calls for, to the byte.
. "$(dirname "$0")/lib.sh"

two_ports
to=02:00:00:00:00:02
u4='eth_type(0x0800),ipv4(proto=17,frag=no),udp()'
f4="ip 10.0.0.1>10.0.0.2 tos 0 ttl 64 sum ok"
whole="$to $f4 udp 1000>2000 sum ok len 142"	# 14 + 20 + 8 + 100
frame=udp4,len=100

edit $frame "$u4" 'trunc(60),2,2' "$to $f4 cut len 60" "$whole"
edit $frame "$u4" 'trunc(14),2' "$to type 0x0800 len 14"
edit $frame "$u4" 'trunc(142),2' "$whole"
edit $frame "$u4" 'trunc(1000),2' "$whole"
edit $frame "$u4" 'trunc(60),clone(2),2' "$to $f4 cut len 60" "$to $f4 cut len 60"
edit $frame "$u4" 'clone(trunc(60),2),2' "$to $f4 cut len 60" "$whole"
edit $frame "$u4" 'trunc(100),trunc(60),2' "$to $f4 cut len 60"
edit $frame "$u4" 'trunc(60),recirc(1)' "$to $f4 cut len 60"
edit $frame "$u4" 'trunc(60),push_vlan(vid=1,pcp=0),2' "$to vlan 0x8100 1/0 $f4 cut len 64"
FLOWS+="recirc_id(1),in_port(1),eth(),$u4 2"$'\n'

gt='set(eth(dst=02:00:00:00:00:aa)),2' le='set(eth(dst=02:00:00:00:00:bb)),2'
rest="$f4 udp 1000>2000 sum ok len 142"
edit $frame "$u4" "check_pkt_len(size=141,gt($gt),le($le))" "02:00:00:00:00:aa $rest"
edit $frame "$u4" "check_pkt_len(size=142,gt($gt),le($le))" "02:00:00:00:00:bb $rest"
edit $frame "$u4" "check_pkt_len(size=143,gt($gt),le($le))" "02:00:00:00:00:bb $rest"
edit $frame "$u4" "check_pkt_len(size=141,gt($gt),le($le)),2" "02:00:00:00:00:aa $rest" "$whole"
edit $frame "$u4" "check_pkt_len(size=142,gt($gt),le($le)),2" "02:00:00:00:00:bb $rest" "$whole"
edit $frame "$u4" "check_pkt_len(size=142,gt($gt),le(drop)),2" "$whole"
edit $frame "$u4" "check_pkt_len(size=141,gt(check_pkt_len(size=200,gt(drop),le($gt))),le($le))" \
	"02:00:00:00:00:aa $rest"
run_edits

step "what makes no sense is refused"
refused Invalid vslctl add-flow dp0 "in_port(2),eth(),$u4" 'trunc(13),2'
refused Invalid vslctl add-flow dp0 "in_port(2),eth(),$u4" 'check_pkt_len(size=0,gt(2),le(2))'
