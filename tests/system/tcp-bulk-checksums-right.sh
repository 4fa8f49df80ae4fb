#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# TCP in bulk, both directions, where each place that may cut superpackets and
# compute checksums is switched on or off: what the receiver gets has right
# checksums and right bytes. Flows are flushed on the way, so that superpackets
# become upcalls too, and come back as segments.
# timeout: 300
. "$(dirname "$0")/lib.sh"

# Frames that show it; of how many bytes each is, what merges segments decides.
ENOUGH=20

hosts 1 2
start_switch --no-trace dp0 v1 v2
pings h1 10.0.0.2 -c 1

# snmp hN GROUP NAME: a counter of /proc/net/snmp or netstat
snmp() {
	nsenter "--net=/run/netns/$1" cat /proc/net/snmp /proc/net/netstat |
		awk -v g="$2:" -v n="$3" '$1 == g && !c { for (i = 2; i <= NF; i++) if ($i == n) c = i; next }
			$1 == g && c { print $c; exit }'
}

# bulk FROM TO BYTES [flush]: with a capture of what arrives
bulk() {
	local pid flushes=0 wrong right
	start_capture bulk "h$2" eth0 'tcp' -Q in -vv -c 300
	listen_at "h$2"
	say "[h$1] stream send 10.0.0.$2 5000 $3"
	nsenter "--net=/run/netns/h$1" "$HELPERS/stream" send "10.0.0.$2" 5000 "$3" &
	pid=$!
	on_exit end_pid $pid
	while [ "${4:-}" = flush ] && alive $pid; do
		vslctl del-flows dp0
		flushes=$((flushes + 1))
		nap 0.2
	done
	wait $pid
	sink_got "$3"
	stop_capture
	wrong=$(grep -c incorrect "$WORK/bulk.txt" || :)
	right=$(grep -c '(correct)' "$WORK/bulk.txt" || :)
	note "captured: $right with right checksums, $wrong with wrong ones; $flushes flushes"
	RIGHT=$right WRONG=$wrong
}

# What the hosts have counted so far.
no_csum_errors() {
	is "TcpInCsumErrors of h1" 0 "$(snmp h1 Tcp InCsumErrors)"
	is "TcpInCsumErrors of h2" 0 "$(snmp h2 Tcp InCsumErrors)"
}

offloads() {
	local v=$1 h=$2 n
	step "offloads: switch ports $v, hosts $h"
	for n in 1 2; do
		run ethtool -K v$n tx "$v" tso "$v" gso "$v" > /dev/null
		on h$n ethtool -K eth0 tx "$h" tso "$h" gso "$h" > /dev/null
	done
}

# Checksums are filled in where offloads end. With all on a capture sees them
# unfilled; the counters and the bytes tell then.
offloads on on
bulk 1 2 10000000
bulk 2 1 10000000
bulk 1 2 10000000 flush
no_csum_errors

offloads off on
bulk 1 2 4000000
is "wrong checksums" 0 "$WRONG"
at_least "right checksums" $ENOUGH "$RIGHT"
bulk 2 1 4000000 flush
is "wrong checksums" 0 "$WRONG"
at_least "right checksums" $ENOUGH "$RIGHT"

offloads on off
bulk 1 2 4000000 flush
is "wrong checksums" 0 "$WRONG"
at_least "right checksums" $ENOUGH "$RIGHT"
bulk 2 1 4000000
is "wrong checksums" 0 "$WRONG"

step "through push_vlan and pop_vlan, cut and summed behind them"
if ! has_vlan_devices; then
	note "not on this kernel, which has no VLAN devices"
	no_csum_errors
	exit 0
fi
offloads off on
stop_switch
ip_batch "link add link eth0 name q10 type vlan id 10
addr flush dev eth0
addr add 10.0.0.2/24 dev q10
link set q10 up" -n h2
run vslctl del-flows dp0
for type in 'eth_type(0x0806),arp()' 'eth_type(0x0800),ipv4()'; do
	echo "in_port(1),eth(),$type push_vlan(vid=10,pcp=0),2"
	echo "in_port(2),eth(),eth_type(0x8100),vlan(vid=10),encap($type) pop_vlan,1"
done | add_flows dp0
bulk 1 2 4000000
bulk 2 1 4000000
is "wrong checksums" 0 "$WRONG"
at_least "right checksums" $ENOUGH "$RIGHT"
no_csum_errors
