#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 36000
# Memory that cannot be had is no reason to crash, to leak or to miscount: each
# allocation that the module makes for a request, and then those that it makes for
# packets under load, fails; the log, kmemleak and the counters are looked at.
#
# VSL_REQUESTS: how many requests (300). VSL_PACKETS: how many (20000). VSL_SEED: 1.
. "$(dirname "$0")/lib.sh"

lite_only
. "$(dirname "$0")/lib-faults.sh"
prepare_faults
FAULTS=build/test/fuzz/faults
PACKETS=build/test/fuzz/packets

step "Devices and a datapath"
make_world
# large packets are not in one piece
lines="link set fzkeep up"
for n in 0 1 2 3; do
	lines+=$'\n'"link set fd$n mtu 9000"$'\n'"link set fp$n mtu 9000"
done
ip_batch "$lines"

step "Each allocation of a request fails once"
let_fail 0
run "$FAULTS" -s "${VSL_SEED:-1}" -n "${VSL_REQUESTS:-300}"

step "One of ten fails while packets pass, and flows come that do anything to them"
let_fail 10
# on two processors, for who is the second to hit a flow has counters of its own
DEVICES=(fzkeep fp0 fp1 fp2 fp3) SEED=${VSL_SEED:-1} N=${VSL_PACKETS:-20000}
run taskset -c 0 "$PACKETS" -s "$SEED" -n "$N" -f fzkeep "${DEVICES[@]}" &
other=$!
on_exit end_pid $other
run taskset -c 1 "$PACKETS" -s $((SEED + N)) -n "$N" -f fzkeep -c "${DEVICES[@]}"
wait $other
let_fail 0

step "It still switches, and counts"
drop_world
hosts -4 1 2
know_each_other 1 2
new_dp dp0 v1 v2
wire 1 2
pings h1 10.0.0.2
get_counters
is "packets that met a flow" 6 "$HIT"

step "A packet that is never the module's alone"
# pktgen has v1 receive one again and again
if [ -d /proc/net/pktgen ] || modprobe -q pktgen; then
	thread=/proc/net/pktgen/kpktgend_0
	echo "add_device v1" > $thread
	for line in "xmit_mode netif_receive" "count 1000" "delay 0"; do
		echo "$line" > /proc/net/pktgen/v1
	done
	let_fail 10
	echo start > /proc/net/pktgen/pgctrl
	let_fail 0
	has "pktgen said" 'Result: OK' "$(< /proc/net/pktgen/v1)"
	echo rem_device_all > $thread
	get_counters
	at_least "packets that there was memory for" 700 $((HIT - 6))
	[ "$HIT" -lt 1006 ] || fail "for each of them"
	pings h1 10.0.0.2
fi
