#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# lib.sh: what the measurements of this folder share; sourced, in a guest, as root.
#
#	pktgen --> d0 --\			forwarding is measured from a device's
#			 switch --> d1 (d2, d3)	receive path to the transmit function of
#	traffic --> p0 -- v0 --/		dummy devices, which free the packet
#
# A MODE says what switches and what comes, words joined by commas:
#
#	drop		nothing: tc drops all (what the others are measured above)
#	tc, flower	tc redirects: all (matchall), or by MAC addresses (flower)
#	bridge		the Linux bridge
#	stock, lite	openvswitch.ko, vswitch_lite.ko, with
#	  flows=N	  N flows that match all of a UDP datagram, hit in turn; they are
#			  put in another order, so that neighbours lie far from one another
#	  masks=N	  N flows of N masks, as an attacker makes them;
#			  they are hit evenly, by frames through a veth pair
#	  one		  with masks=N: a flow more, which is hit instead
#	  push_vlan	  actions push_vlan,output instead of output
#	  set		  a masked set,output
#	  out3		  output to three ports
#	ipv6, tagged	the packets (default: IPv4, untagged, UDP, 60 bytes)
#	veth		they come through a veth pair instead of by pktgen
# shellcheck disable=SC2034 # what is set here is read by those who source it
set -u

TRAFFIC=$PWD/build/test/bench/traffic
SRC_MAC=02:00:00:00:00:aa DST_MAC=02:00:00:00:00:bb
WORK=$(mktemp -d /tmp/vsl-bench.XXXXXX)
trap 'rm -rf "$WORK"' EXIT

die() {
	echo "bench: $*" >&2
	exit 1
}

# parse_mode MODE: sets SWITCH FLOWS MASKS ACTION PACKET VIA ONE and STREAM, which
# is what came in: modes of one STREAM have the same cost before the switch
parse_mode() {
	local word words

	FLOWS=1 MASKS=0 ACTION=output PACKET=ipv4 VIA=pktgen ONE=
	IFS=, read -ra words <<< "$1"
	SWITCH=${words[0]}
	case $SWITCH in
	drop | tc | flower | bridge | stock | lite) ;;
	*) die "$1: no such switch; see tests/bench/lib.sh" ;;
	esac
	for word in "${words[@]:1}"; do
		case $word in
		flows=[1-9]*) FLOWS=${word#*=} ;;
		masks=[1-9]*) MASKS=${word#*=} ;;
		push_vlan | set | out3) ACTION=$word ;;
		ipv6 | tagged) PACKET=$word ;;
		veth) VIA=veth ;;
		one) ONE=one ;;
		*) die "$1: no such mode; see tests/bench/lib.sh" ;;
		esac
	done
	if ((MASKS)) && [[ ! $ONE ]]; then VIA=veth; fi
	if [[ $PACKET != ipv4 ]] && ((FLOWS > 1 || MASKS)); then
		die "$1: $PACKET goes with one flow only"
	fi
	if [[ $PACKET,$VIA == ipv6,veth ]]; then die "$1: ipv6 goes with pktgen only"; fi
	SET=(exact "$FLOWS")
	if [[ $PACKET == tagged ]]; then SET=(tagged 1); fi
	if ((MASKS)) && [[ ! $ONE ]]; then SET=(attack "$MASKS"); fi
	STREAM=$VIA,$PACKET,${SET[*]}
}

# ---- devices ----

make_devices() {
	local dev

	for dev in dummy veth pktgen; do
		modprobe -q $dev || [[ -e /sys/module/$dev ]] || :
	done
	# No packet but those that are measured.
	echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6
	{
		for dev in d0 d1 d2 d3; do echo "link add name $dev type dummy"; done
		echo "link add name p0 type veth peer name v0"
	} | ip -batch - || die "no devices: dummy and veth are needed"
	for dev in d0 d1 d2 d3 p0 v0; do
		echo "link set $dev up"
	done | ip -batch -
	[[ -e /proc/net/pktgen/kpktgend_0 ]] || die "no pktgen in this kernel"
}

# out_count: packets that d1, d2 and d3 have sent
out_count() {
	local dev sum=0

	for dev in d1 d2 d3; do
		((sum += $(< "/sys/class/net/$dev/statistics/tx_packets")))
	done
	OUT=$sum
}

# ---- switches ----

# The one flow of packets that are not IPv4
flow_of() {
	local eth="recirc_id(0),in_port(1),eth(src=$SRC_MAC,dst=$DST_MAC)"

	case $1 in
	ipv6)
		echo "$eth,eth_type(0x86dd),ipv6(src=fd00::1,dst=fd00::2,label=0,proto=17,tclass=0,hlimit=32,frag=no),udp(src=9,dst=9)" ;;
	tagged)
		echo "$eth,eth_type(0x8100),vlan(vid=10,pcp=0),encap(eth_type(0x0800),ipv4(src=10.0.0.1,dst=10.0.0.2,proto=17,tos=0,ttl=32,frag=no),udp(src=9,dst=9))" ;;
	esac
}

# in_actions ACTION: sets ACTIONS and COPIES, packets out for one in
in_actions() {
	COPIES=1
	case $1 in
	output) ACTIONS=2 ;;
	push_vlan) ACTIONS='push_vlan(vid=10,pcp=0),2' ;;
	set) ACTIONS='set(eth(dst=02:00:00:00:00:cc/ff:ff:ff:ff:ff:ff)),2' ;;
	out3) ACTIONS=2,3,4 COPIES=3 ;;
	esac
}

load_switch() {
	case $1 in
	lite) insmod "$VSL_KO" ;;
	stock) modprobe openvswitch ;;
	esac || die "cannot load the module of $1"
}

unload_switch() {
	case $1 in
	lite) rmmod vswitch_lite ;;
	stock) rmmod openvswitch ;;
	esac
}

# put_flows: those of the parsed mode
put_flows() {
	if [[ $PACKET != ipv4 ]]; then
		echo "$(flow_of "$PACKET") $ACTIONS"
	else
		# The stock module has room for 4,096 masks.
		if ((!MASKS)) || [[ $ONE ]]; then
			"$TRAFFIC" flows exact "$FLOWS" "$ACTIONS" | shuf
		fi
		if ((MASKS)); then "$TRAFFIC" flows attack "$MASKS" "$ACTIONS"; fi
	fi > "$WORK/flows"
	vslctl add-flows dp0 "$WORK/flows" > "$WORK/add" 2>&1 ||
		[[ $SWITCH == stock && $ONE ]] || die "$MODE: $(head -n 2 "$WORK/add")"
}

# start_switch MODE: build it
start_switch() {
	local in=d0

	MODE=$1
	parse_mode "$1"
	in_actions "$ACTION"
	if [[ $VIA == veth ]]; then in=v0; fi
	case $SWITCH in
	lite | stock)
		load_switch "$SWITCH"
		vslctl add-dp dp0 $in d1 d2 d3 > "$WORK/out" || die "$MODE: no datapath"
		put_flows ;;
	bridge)
		ip link add name br0 type bridge forward_delay 0 stp_state 0 mcast_snooping 0
		ip link set br0 up
		ip link set $in master br0
		ip link set d1 master br0
		bridge fdb add $DST_MAC dev d1 master static ;;
	tc | flower | drop)
		tc qdisc add dev $in ingress
		case $SWITCH in
		tc) tc filter add dev $in ingress matchall action mirred egress redirect dev d1 ;;
		flower) tc filter add dev $in ingress protocol ip flower src_mac $SRC_MAC \
			dst_mac $DST_MAC action mirred egress redirect dev d1 ;;
		drop) tc filter add dev $in ingress matchall action drop ;;
		esac ;;
	esac || die "$MODE: cannot be set up"
}

stop_switch() {
	local in=d0

	if [[ $VIA == veth ]]; then in=v0; fi
	case $SWITCH in
	lite | stock)
		vslctl del-dp dp0
		unload_switch "$SWITCH" ;;
	bridge) ip link del br0 ;;
	tc | flower | drop) tc qdisc del dev $in ingress ;;
	esac
}

# ---- packets ----

# setup_pktgen COUNT CPU: for the parsed mode.  The flows are not chosen by pktgen at
# random: its random number is two system calls on an SMP User Mode Linux.
setup_pktgen() {
	local thread=/proc/net/pktgen/kpktgend_$2 line

	BURST=$1 NEXT=0
	# Anew, for IPv6 and tags stay set.
	echo "rem_device_all" > "$thread"
	echo "add_device d0@$2" > "$thread"
	{
		printf '%s\n' "xmit_mode netif_receive" "count $1" "clone_skb 0" \
			"pkt_size 60" "delay 0" "dst_mac $DST_MAC" "src_mac $SRC_MAC" \
			"udp_src_min 9" "udp_src_max 9" "udp_dst_min 9" "udp_dst_max 9"
		case $PACKET in
		ipv6) printf '%s\n' "src6 fd00::1" "dst6 fd00::2" ;;
		*) printf '%s\n' "dst 10.0.0.2" "src_min $(address 1)" "src_max $(address "$FLOWS")" ;;
		esac
		if [[ $PACKET == tagged ]]; then echo "vlan_id 10"; fi
	} > "$WORK/pktgen"
	while read -r line; do
		# With two processors User Mode Linux fails a write now and then.
		echo "$line" > "/proc/net/pktgen/d0@$2" ||
			echo "$line" > "/proc/net/pktgen/d0@$2" || die "pktgen refuses '$line'"
	done < "$WORK/pktgen"
}

# look_at_pktgen CPU: sets TEXT and STARTED, when it did so last
look_at_pktgen() {
	TEXT=$(< "/proc/net/pktgen/d0@$1")
	[[ $TEXT =~ started:\ ([0-9]+)us ]] || die "pktgen says: $TEXT"
	STARTED=${BASH_REMATCH[1]}
}

# address N: of the Nth flow's packets
address() { echo "10.$(($1 >> 16)).$(($1 >> 8 & 255)).$(($1 & 255))"; }

# next_flows N: pktgen of processors 0 to N - 1 goes on where it stopped, or where too
# few are left from the first
next_flows() {
	local cpu

	((FLOWS > BURST)) || return 0
	((NEXT + BURST <= FLOWS)) || NEXT=0
	for ((cpu = 0; cpu < $1; cpu++)); do
		echo "src_min $(address $((NEXT + 1)))" > "/proc/net/pktgen/d0@$cpu"
	done
	((NEXT += BURST))
}

# run_pktgen N: that of processors 0 to N - 1, set up before; sets NS, of the slowest
run_pktgen() {
	local cpu tries before=()

	for ((cpu = 0; cpu < $1; cpu++)); do
		look_at_pktgen "$cpu"
		before[cpu]=$STARTED
	done
	echo start > /proc/net/pktgen/pgctrl
	NS=0
	for ((cpu = 0; cpu < $1; cpu++)); do
		# On a busy machine it may not even have started yet.
		for ((tries = 0; tries < 100; tries++)); do
			look_at_pktgen "$cpu"
			[[ $STARTED == "${before[cpu]}" || ! $TEXT =~ OK:\ ([0-9]+) ]] || break
			sleep 0.1
		done
		((tries < 100)) || die "pktgen says: $TEXT"
		((NS = BASH_REMATCH[1] * 1000 > NS ? BASH_REMATCH[1] * 1000 : NS))
	done
}

# fastest_pktgen N BURSTS: likewise, of that many; of fewer, where they take long
fastest_pktgen() {
	local i best=0 total=0

	for ((i = 0; i < $2 && (i < 3 || total < 1000000000); i++)); do
		next_flows "$1"
		run_pktgen "$1"
		((best = best && best < NS ? best : NS, total += NS))
	done
	NS=$best
}

# send_packets COUNT [BURSTS]: sets NS, which the fastest burst of COUNT took
send_packets() {
	if [[ $VIA == veth ]]; then
		NS=$("$TRAFFIC" send "${SET[@]}" p0 "$1" "${2:-1}") || die "$MODE: cannot send"
	else
		setup_pktgen "$1" 0
		fastest_pktgen 1 "${2:-1}"
	fi
}

# measure_packets COUNT [BURSTS]: likewise; of one burst, all must come out
measure_packets() {
	local before

	out_count
	before=$OUT
	send_packets "$@"
	out_count
	if [[ $SWITCH != drop && ! ${2:-} ]] && ((OUT - before != $1 * COPIES)); then
		die "$MODE: of $1 packets $((OUT - before)) came out, not $(($1 * COPIES))"
	fi
}
