#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 36000
# Each function that changes packets is denied memory by itself, so that packets get as
# far as there: those that it had none for are dropped, the others leave. Then what
# failures at random hardly ever meet: counters of a second processor, and a table's
# room for more.
#
# VSL_FRAMES: for each function (2000). VSL_SEED: 1.
. "$(dirname "$0")/lib.sh"

lite_only
. "$(dirname "$0")/lib-faults.sh"
prepare_faults
TRAFFIC=build/test/bench/traffic
PACKETS=build/test/fuzz/packets

# denied FUNCTION PERCENT KIND COMMAND...: of what the function asks for
denied() {
	local function=$1 percent=$2 kind=$3 before
	shift 3
	let_fail_of "$function"
	before=$(failures "$kind")
	let_fail "$percent" "$kind"
	"$@"
	let_fail 0
	at_least "failures in $function" 1 $(($(failures "$kind") - before))
}

# Somebody else sees them too, so that they are not the module's to write to.
frames() {
	run "$PACKETS" -s "${VSL_SEED:-1}" -n "${VSL_FRAMES:-2000}" -c p3
}

# count_left COMMAND...: sets LEFT, how many packets leave meanwhile
count_left() {
	local before
	before=$(< /sys/class/net/v4/statistics/tx_packets)
	"$@"
	LEFT=$(($(< /sys/class/net/v4/statistics/tx_packets) - before))
}

step "Functions that change packets"
b=
for n in 3 4; do
	on_exit drop_link v$n
	b+="link add v$n mtu 9000 type veth peer name p$n mtu 9000"$'\n'"$(up v$n p$n)"$'\n'
done
ip_batch "${b%$'\n'}"
new_dp dp1 v3 v4
ip4='eth_type(0x0800),ipv4()' mpls='eth_type(0x8847),mpls()'
push_eth='push_eth(src=02:00:00:00:00:0a,dst=02:00:00:00:00:0b)'
while read -r function key actions; do
	add_flows dp1 <<< "in_port(1),eth(),$key $actions,2"
	count_left frames
	all=$LEFT
	count_left denied "$function" 50 failslab frames
	# not one less for each failure: kmemleak asks for memory there, too, and does without
	note "$LEFT of $all have left"
	[ "$LEFT" -ge 1 ] && [ "$LEFT" -lt "$all" ] || fail "that many"
	vslctl del-flows dp1
done << END
vsl_rewrite_push_vlan $ip4 push_vlan(vid=5,pcp=0),push_vlan(vid=6,pcp=0)
vsl_rewrite_pop_vlan $ip4 push_vlan(vid=5,pcp=0),push_vlan(vid=6,pcp=0),clone(pop_vlan,2)
vsl_rewrite_ethernet $ip4 set(eth(src=02:00:00:00:00:0c))
vsl_rewrite_ipv4 $ip4 set(ipv4(src=10.9.9.9))
vsl_rewrite_ipv6 eth_type(0x86dd),ipv6() set(ipv6(src=fc00::99))
vsl_rewrite_ports eth_type(0x0800),ipv4(proto=17),udp() set(udp(src=99))
vsl_rewrite_push_mpls $ip4 push_mpls(label=17,ttl=9,bos=1,eth_type=0x8847)
vsl_rewrite_pop_mpls $mpls pop_mpls(eth_type=0x0800)
vsl_rewrite_mpls $mpls set(mpls(ttl=7))
vsl_rewrite_push_mac $ip4 pop_eth,$push_eth
vsl_rewrite_cut $ip4 trunc(60)
END

step "A second processor without counters of its own"
# an answer passes at once, on the processor that has asked
talk() {
	local cpu
	for cpu in 0 1; do
		on h1 taskset -c $cpu ping -n -q -c 20 -i 0.01 -W 5 10.0.0.2
	done
}
two_that_talk
get_counters
hit=$HIT
denied vsl_slots_new_stats 100 fail_page_alloc talk
get_counters
is "packets that met a flow" $((hit + 80)) "$HIT"
is "packets that the flows have counted" "$HIT" \
	"$(vslctl -j dump-flows dp0 | jq 'map(.packets) | add')"

step "A table that is to have room for more flows"
# those of a round that there was no memory for are put again in the next
fill() {
	local n
	for ((n = 256; n <= 8192; n *= 2)); do
		"$TRAFFIC" flows exact $n 2 | vslctl add-flows dp0 - 2>> "$WORK/errors" || :
	done
}
denied vsl_slots_take 50 failslab fill
fill
has "the kernel has said" 'Cannot allocate memory' "$(< "$WORK/errors")"
get_counters
is "flows" 8196 "$FLOWS"
pings h1 10.0.0.2
