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
module_text
prepare_faults $TEXT $((TEXT + TEXT_SIZE))
FAULTS=build/test/fuzz/faults
PACKETS=build/test/fuzz/packets

# shared_packets: one, sent again and again, which is never the module's alone
shared_packets() {
	local threads=/proc/net/pktgen line
	[ -d $threads ] || modprobe -q pktgen || return 0
	for line in "rem_device_all" "add_device fp0"; do
		echo "$line" > $threads/kpktgend_0
	done
	for line in "count $1" "clone_skb $1" "delay 0" "dst_mac 02:00:00:00:00:02"; do
		echo "$line" > $threads/fp0
	done
	echo start > $threads/pgctrl
	echo rem_device_all > $threads/kpktgend_0
}

step "Devices and a datapath"
make_world
ip link set fzkeep up

step "Each allocation of a request fails once"
let_fail 0
run "$FAULTS" -s "${VSL_SEED:-1}" -n "${VSL_REQUESTS:-300}"

step "One of ten fails while packets pass, and flows come that do anything to them"
let_fail 10
run "$PACKETS" -n "${VSL_PACKETS:-20000}" -f fzkeep fzkeep fp0 fp1 fp2 fp3
run "$PACKETS" -n "${VSL_PACKETS:-20000}" -f fzkeep -c fzkeep fp0 fp1 fp2 fp3
shared_packets 1000
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
