#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Debian's ovs-vswitchd, unchanged: it finds what it looks for in a datapath, has
# nothing to complain of, and its flows do to frames what OpenFlow says: resubmit,
# groups, MPLS, tags, shortened output, packet-out, NORMAL, meters.
# timeout: 300
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib-ovs.sh"

step "start it"
start_ovs
veths 1 3
port_args br0 1 2 3
vsctl add-br br0 -- set bridge br0 protocols=OpenFlow10,OpenFlow13,OpenFlow15 "${PORT_ARGS[@]}"
tap 2

step "what it has found"
features=$(ovs-appctl dpif/show-dp-features br0)
printf '%s\n' "$features"
# 1 is the symmetric one
if symmetric_hash; then hash=1; else hash=0; fi
# but for connection tracking, which ours has not
is "features" 'Masked set action: Yes
Tunnel push pop: No
Ufid: Yes
Truncate action: Yes
Clone action: Yes
Sample nesting: 10
Conntrack clear: Yes
Max dp_hash algorithm: '$hash'
Check pkt length action: Yes
Explicit Drop action: No
Optimized Balance TCP mode: No
MPLS Label add: Yes
Max VLAN headers: 2
Max MPLS depth: 3
Recirc: Yes
IPv6 ND Extension: No' "$(grep -vE '^(CT |Conntrack (eventmask|timeout|all-zero))' <<< "$features")"
dispatch=$(grep 'dispatch mode' "$OVS_LOG")
has "upcalls" 'per-cpu' "$dispatch"

step "flows"
to=02:00:00:00:00:02
f4="ip 10.0.0.1>10.0.0.2 tos 0 ttl 64 sum ok"
u="udp 1000>2000 sum ok"
ofctl add-group br0 'group_id=1,type=all,bucket=push_vlan:0x8100,set_field:0x1001->vlan_vid,output:2,bucket=output:2'
ofctl add-group br0 'group_id=2,type=select,selection_method=dp_hash,bucket=output:2,bucket=output:2'
ofctl add-group br0 'group_id=3,type=ff,bucket=watch_port:3,output:3,bucket=watch_port:2,output:2'
of udp4 'udp,actions=set_field:8->udp_dst,resubmit(,1)' "$to vlan 0x8100 77/0 $f4 udp 1000>8 sum ok *"
of udp4 'udp,actions=group:1' "$to vlan 0x8100 1/0 $f4 $u *" "$to $f4 $u *"
of udp4 'udp,actions=group:2' "$to $f4 $u *"
of udp4 'udp,actions=push_mpls:0x8847,set_field:17->mpls_label,output:2' "$to mpls 17/0/1/64 $f4 $u *"
of mpls 'mpls,actions=set_field:18->mpls_label,dec_mpls_ttl,output:2' "$to mpls 18/0/1/63 $f4 $u *"
of mpls 'mpls,actions=pop_mpls:0x0800,resubmit(,2)' "$to ip 10.0.0.1>10.0.0.2 tos 0 ttl 63 sum ok $u *"
of mpls,labels=2 'mpls,actions=pop_mpls:0x8847,set_field:19->mpls_label,output:2' "$to mpls 19/0/1/64 $f4 $u *"
of udp4,vlan=5 'dl_vlan=5,udp,actions=strip_vlan,output:2' "$to $f4 $u *"
of udp4,vlan=5 'dl_vlan=5,udp,actions=mod_vlan_vid:6,output:2' "$to vlan 0x8100 6/0 $f4 $u *"
of udp4 'udp,actions=push_vlan:0x8100,set_field:0x1005->vlan_vid,push_vlan:0x88a8,set_field:0x1006->vlan_vid,output:2' \
	"$to vlan 0x88a8 6/0 vlan 0x8100 5/0 $f4 $u *"
of udp4,len=100 'udp,actions=output(port=2,max_len=60),output:2' "$to $f4 cut len 60" \
	"$to $f4 $u len 142"
of udp4 'udp,actions=clone(set_field:8->udp_dst,output:2),output:2' "$to $f4 udp 1000>8 sum ok *" \
	"$to $f4 $u *"
of udp4 'udp,actions=set_field:7->pkt_mark,set_queue:1,output:2' "$to $f4 $u *"
of udp4,len=100 'udp,actions=check_pkt_larger(141)->NXM_NX_REG0[0],resubmit(,3)' "$to vlan 0x8100 9/0 $f4 $u *"
of udp4 'udp,actions=sample(probability=65535,collector_set_id=1),output:2' "$to $f4 $u *"
run_of 'table=1,udp,tp_dst=8,actions=push_vlan:0x8100,set_field:0x104d->vlan_vid,output:2' \
	'table=2,ip,actions=dec_ttl,output:2' \
	'table=3,reg0=0x1/0x1,udp,actions=push_vlan:0x8100,set_field:0x1009->vlan_vid,output:2' \
	'table=3,reg0=0/0x1,udp,actions=drop'

step "the fast failover group fails over"
ofctl del-flows br0
ip_batch 'link set p3 down'
of udp4 'udp,actions=group:3' "$to $f4 $u *"
run_of

step "packets out"
# a frame of 60 bytes with an EtherType for experiments
frame=0200000000020200000000aa88b5$(printf '%092d' 0)
ofctl packet-out br0 "in_port=controller,packet=$frame,actions=output:2"
comes 2 "02:00:00:00:00:aa>$to type 0x88b5 len 60"
ofctl add-flow br0 'table=0,dl_src=02:00:00:00:00:aa,actions=push_vlan:0x8100,set_field:0x1007->vlan_vid,output:2'
ofctl packet-out br0 "in_port=1,packet=$frame,actions=table"
comes 2 "02:00:00:00:00:aa>$to vlan 0x8100 7/0 type 0x88b5 len 64"

step "NORMAL"
ofctl del-flows br0
ofctl add-flow br0 priority=0,actions=NORMAL
for n in 1 2; do
	ip_batch "netns add h$n
link set p$n netns h$n"
	on_exit drop_netns "h$n"
	ip_batch "link set p$n name eth0
link set eth0 up
addr add 10.0.0.$n/24 dev eth0" -n "h$n"
done
ip_batch 'addr add 10.0.0.100/24 dev br0
link set br0 up'
pings h1 10.0.0.2
pings h1 10.0.0.100
pings h2 10.0.0.1 -s 4000

# meter_passes METER BURST-FRAMES FRAMES/S: of 300 pings of 1000 byte frames, as fast as
# they go, as many as that meter lets through; and its figures say so
meter_passes() {
	local start out took passed stats

	ofctl add-meter br0 "meter=1,$1"
	ofctl add-flow br0 priority=9,icmp,in_port=1,actions=meter:1,NORMAL
	pings h1 10.0.0.2 -c 1 -s 958
	start=${EPOCHREALTIME/./}
	out=$(nsenter --net=/run/netns/h1 ping -q -n -f -c 300 -s 958 -W 1 10.0.0.2) || :
	took=$(((${EPOCHREALTIME/./} - start) / 1000))
	[[ $out =~ ([0-9]+)\ packets\ transmitted,\ ([0-9]+)\ received ]] || fail "ping says: $out"
	passed=${BASH_REMATCH[2]}
	note "${BASH_REMATCH[0]} in $took ms"
	# of the first second some had gone with the ping before
	[ "$passed" -ge $(($2 - 1)) ] && [ "$passed" -le $(($2 + took * $3 / 1000 + 2)) ] ||
		fail "expected $2 and $3 a second, got $passed in $took ms"
	stats=$(ovs-ofctl -O OpenFlow13 meter-stats br0)
	[[ $stats =~ packet_in_count:([0-9]+) ]] || fail "no counts in: $stats"
	is "packets that the meter has seen" 301 "${BASH_REMATCH[1]}"
	[[ $stats =~ packet_count:([0-9]+)\ byte_count:([0-9]+) ]] || fail "no band counts in: $stats"
	is "packets that it dropped" "$((300 - passed))" "${BASH_REMATCH[1]}"
	is "bytes" "$(((300 - passed) * 1000))" "${BASH_REMATCH[2]}"
	has "a flow" 'actions:meter\([0-9]+\),' "$(vslctl dump-flows ovs-system)"
	ofctl del-flows br0 icmp
	ofctl del-meters br0
}

step "a meter of 20 packets/s, 10 at once"
meter_passes pktps,burst,stats,band=type=drop,rate=20,burst_size=10 10 20
step "a meter of 160 kbit/s, 80 kbit at once"
meter_passes kbps,burst,stats,band=type=drop,rate=160,burst_size=80 10 20

no_complaints
