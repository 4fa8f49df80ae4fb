#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Debian's ovs-vswitchd, unchanged: it finds what it looks for in a datapath, has
# nothing to complain of, and its flows do to frames what OpenFlow says: NORMAL,
# set_field, dec_ttl, resubmit, groups, MPLS, tags, meters, shortened output.
# timeout: 400
. "$(dirname "$0")/lib.sh"

command -v ovs-vswitchd > /dev/null || skip "no ovs-vswitchd here: apt-get install openvswitch-switch"
[ -d /sys/devices/system/node ] || skip "no NUMA node in sysfs: ovs-vswitchd would start no threads"
export OVS_RUNDIR=$WORK OVS_LOGDIR=$WORK OVS_DBDIR=$WORK
DB=unix:$WORK/db.sock

vsctl() { run ovs-vsctl --timeout=60 --db="$DB" "$@"; }
ofctl() { run ovs-ofctl -O OpenFlow15 "$@"; }

end_ovs() {
	[ ! -e "$WORK/ovs-vswitchd.pid" ] || run ovs-appctl --timeout=30 exit --cleanup || :
	[ ! -e "$WORK/ovsdb-server.pid" ] || run ovs-appctl --timeout=30 -t ovsdb-server exit || :
	wait_for 30 link_gone ovs-system
}

uptime_is() { [ "$(cut -d. -f1 /proc/uptime)" -ge "$1" ]; }

step "start it"
# in a machine's first ten seconds it counts no processors, and starts no threads
wait_for 30 uptime_is 11
on_exit end_ovs
SHOW=("$WORK/ovs-vswitchd.log")
run ovsdb-tool create "$WORK/conf.db" /usr/share/openvswitch/vswitch.ovsschema
ovsdb-server "$WORK/conf.db" --remote="p$DB" --detach --no-chdir \
	--pidfile --log-file > /dev/null 2>&1
vsctl --no-wait init
ovs-vswitchd "$DB" --detach --no-chdir --pidfile --log-file > /dev/null 2>&1

b=
for n in 1 2 3; do
	b+="link add v$n type veth peer name p$n"$'\n'
	b+="link set v$n addrgenmode none"$'\n'"link set p$n addrgenmode none"$'\n'
	b+="link set v$n up"$'\n'"link set p$n up"$'\n'
	on_exit drop_link "v$n"
done
ip_batch "${b%$'\n'}"
vsctl add-br br0 -- set bridge br0 protocols=OpenFlow10,OpenFlow13,OpenFlow15 \
	-- add-port br0 v1 -- set interface v1 ofport_request=1 \
	-- add-port br0 v2 -- set interface v2 ofport_request=2 \
	-- add-port br0 v3 -- set interface v3 ofport_request=3

step "what it has found"
features=$(ovs-appctl dpif/show-dp-features br0)
printf '%s\n' "$features"
# but for connection tracking, which ours has not
is "features" 'Masked set action: Yes
Tunnel push pop: No
Ufid: Yes
Truncate action: Yes
Clone action: Yes
Sample nesting: 10
Conntrack clear: Yes
Max dp_hash algorithm: 0
Check pkt length action: Yes
Explicit Drop action: No
Optimized Balance TCP mode: No
MPLS Label add: Yes
Max VLAN headers: 2
Max MPLS depth: 3
Recirc: Yes
IPv6 ND Extension: No' "$(grep -vE '^(CT |Conntrack (eventmask|timeout|all-zero))' <<< "$features")"
dispatch=$(grep 'dispatch mode' "$WORK/ovs-vswitchd.log")
has "upcalls" 'per-cpu' "$dispatch"

# of FRAME FLOW [EXPECTED...]: as edit() of lib.sh, but FLOW is OpenFlow
of() {
	local n=$((${#NAMES[@]} + 1)) mac want
	printf -v mac '02:00:00:00:01:%02x' "$n"
	NAMES+=("$1 $2")
	FRAMES+=("$1,from=$n")
	FLOWS+="priority=100,in_port=1,dl_src=$mac,$2"$'\n'
	shift 2
	for want; do EXPECTED+=("$n $mac>$want"); done
}

# run_of: sent one by one, since the order in which misses are answered is free
run_of() {
	local i=0 n=0 want rest watcher got
	printf '%s' "$FLOWS" > "$WORK/of"
	run ovs-ofctl -O OpenFlow15 add-flows br0 "$WORK/of"
	while [ $n -lt ${#FRAMES[@]} ]; do
		n=$((n + 1)) want=
		while [ $i -lt ${#EXPECTED[@]} ] && [ "${EXPECTED[i]%% *}" = $n ]; do
			want+="${EXPECTED[i]#* }"$'\n'
			i=$((i + 1))
		done
		rest=${want//[!$'\n']/}
		: > "$WORK/watch.err"
		"$PACKET" watch p2 "${#rest}" 20 > "$WORK/watch" 2> "$WORK/watch.err" &
		watcher=$!
		wait_for 20 file_has "$WORK/watch.err" listening
		# the first goes through user space, the second through the flow put
		for pass in miss hit; do
			[ $pass = miss ] || {
				: > "$WORK/watch.err"
				"$PACKET" watch p2 "${#rest}" 20 > "$WORK/watch" 2> "$WORK/watch.err" &
				watcher=$!
				wait_for 20 file_has "$WORK/watch.err" listening
			}
			"$PACKET" send p1 "${FRAMES[n - 1]}"
			wait "$watcher" || note "not all came"
			got=$(< "$WORK/watch")
			# shellcheck disable=SC2053
			[[ $got == ${want%$'\n'} ]] ||
				fail "${NAMES[n - 1]} ($pass): expected '${want%$'\n'}', got '$got'"
			note "${NAMES[n - 1]} ($pass): $got"
		done
	done
}

step "flows"
to=02:00:00:00:00:02
f4="ip 10.0.0.1>10.0.0.2 tos 0 ttl 64 sum ok"
u="udp 1000>2000 sum ok"
ofctl add-group br0 'group_id=1,type=all,bucket=push_vlan:0x8100,set_field:0x1001->vlan_vid,output:2,bucket=output:2'
ofctl add-group br0 'group_id=2,type=select,selection_method=dp_hash,bucket=output:2,bucket=output:2'
ofctl add-group br0 'group_id=3,type=ff,bucket=watch_port:3,output:3,bucket=watch_port:2,output:2'
of udp4 'udp,actions=set_field:10.9.8.7->ip_src,set_field:10.6.5.4->ip_dst,set_field:8->udp_dst,output:2' \
	"$to ip 10.9.8.7>10.6.5.4 tos 0 ttl 64 sum ok udp 1000>8 sum ok *"
of tcp4 'tcp,actions=set_field:7->tcp_src,set_field:02:00:00:00:00:99->eth_dst,output:2' \
	"02:00:00:00:00:99 $f4 tcp 7>2000 sum ok *"
of udp6 'udp6,actions=set_field:fd00::77->ipv6_dst,set_field:0x123->ipv6_label,output:2' \
	"$to ip6 fd00::1>fd00::77 tclass 0 label 0x123 hlimit 64 udp 1000>2000 sum ok *"
of sctp4 'sctp,actions=set_field:8->sctp_dst,output:2' "$to $f4 sctp 1000>8 sum ok *"
of udp4 'udp,actions=dec_ttl,mod_nw_tos:16,output:2' "$to ip 10.0.0.1>10.0.0.2 tos 16 ttl 63 sum ok $u *"
of udp4 'udp,actions=set_field:8->udp_dst,resubmit(,1)' "$to vlan 0x8100 77/0 $f4 udp 1000>8 sum ok *"
of udp4 'udp,actions=group:1' "$to vlan 0x8100 1/0 $f4 $u *
02:00:00:00:01:07>$to $f4 $u *"
of udp4 'udp,actions=group:2' "$to $f4 $u *"
of udp4 'udp,actions=push_mpls:0x8847,set_field:17->mpls_label,output:2' "$to mpls 17/0/1/64 $f4 $u *"
of mpls 'mpls,actions=set_field:18->mpls_label,dec_mpls_ttl,output:2' "$to mpls 18/0/1/63 $f4 $u *"
of mpls 'mpls,actions=pop_mpls:0x0800,resubmit(,2)' "$to ip 10.0.0.1>10.0.0.2 tos 0 ttl 63 sum ok $u *"
of mpls,labels=2 'mpls,actions=pop_mpls:0x8847,set_field:19->mpls_label,output:2' "$to mpls 19/0/1/64 $f4 $u *"
of udp4,vlan=5 'dl_vlan=5,udp,actions=strip_vlan,output:2' "$to $f4 $u *"
of udp4,vlan=5 'dl_vlan=5,udp,actions=mod_vlan_vid:6,output:2' "$to vlan 0x8100 6/0 $f4 $u *"
of udp4 'udp,actions=push_vlan:0x8100,set_field:0x1005->vlan_vid,push_vlan:0x88a8,set_field:0x1006->vlan_vid,output:2' \
	"$to vlan 0x88a8 6/0 vlan 0x8100 5/0 $f4 $u *"
of udp4,len=100 'udp,actions=output(port=2,max_len=60),output:2' "$to $f4 cut len 60
02:00:00:00:01:10>$to $f4 $u len 142"
of udp4 'udp,actions=clone(set_field:8->udp_dst,output:2),output:2' "$to $f4 udp 1000>8 sum ok *
02:00:00:00:01:11>$to $f4 $u *"
of udp4 'udp,actions=set_field:7->pkt_mark,set_queue:1,output:2' "$to $f4 $u *"
of udp4,len=100 'udp,actions=check_pkt_larger(141)->NXM_NX_REG0[0],resubmit(,3)' "$to vlan 0x8100 9/0 $f4 $u *"
of udp4 'udp,actions=sample(probability=65535,collector_set_id=1),output:2' "$to $f4 $u *"
FLOWS+="table=1,udp,tp_dst=8,actions=push_vlan:0x8100,set_field:0x104d->vlan_vid,output:2
table=2,ip,actions=dec_ttl,output:2
table=3,reg0=0x1/0x1,udp,actions=push_vlan:0x8100,set_field:0x1009->vlan_vid,output:2
table=3,reg0=0/0x1,udp,actions=drop
"
run_of

step "the fast failover group fails over"
ofctl del-flows br0
FLOWS='' FRAMES=() EXPECTED=() NAMES=()
ip_batch 'link set p3 down'
of udp4 'udp,actions=group:3' "$to $f4 $u *"
run_of

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

step "a meter of 20 packets/s, 10 at once"
ofctl add-meter br0 meter=1,pktps,burst,stats,band=type=drop,rate=20,burst_size=10
ofctl add-flow br0 priority=9,icmp,in_port=1,actions=meter:1,NORMAL
pings h1 10.0.0.2 -c 1
start=${EPOCHREALTIME/./}
out=$(nsenter --net=/run/netns/h1 ping -q -n -f -c 300 -W 1 10.0.0.2) || :
took=$((${EPOCHREALTIME/./} - start))
[[ $out =~ ([0-9]+)\ packets\ transmitted,\ ([0-9]+)\ received ]] || fail "ping says: $out"
passed=${BASH_REMATCH[2]}
note "${BASH_REMATCH[0]} in $((took / 1000)) ms"
[ "$passed" -ge 10 ] && [ "$passed" -le $((10 + took * 20 / 1000000 + 2)) ] ||
	fail "expected 10 and 20 a second, got $passed in $((took / 1000)) ms"
stats=$(ovs-ofctl -O OpenFlow13 meter-stats br0)
[[ $stats =~ packet_in_count:([0-9]+) ]] || fail "no counts in: $stats"
is "packets that the meter has seen" 301 "${BASH_REMATCH[1]}"
[[ $stats =~ packet_count:([0-9]+)\ byte ]] || fail "no band counts in: $stats"
is "packets that it dropped" $((300 - passed)) "${BASH_REMATCH[1]}"
ofctl del-meters br0

step "what it has written to its log"
complaints=$(grep -E '\|(WARN|ERR|EMER)\|' "$WORK/ovs-vswitchd.log" |
	grep -vE 'timeval|Unreasonably long|faults:|context switches|poll_loop' || :)
is "complaints" '' "$complaints"
