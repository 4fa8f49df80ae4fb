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
DEBUG=/sys/kernel/debug
[ -d $DEBUG/failslab ] || skip "this kernel has no fault injection"
FAULTS=build/test/fuzz/faults
PACKETS=build/test/fuzz/packets

# set_up PROBABILITY VERBOSE: of failing, for what the module allocates
set_up() {
	local kind
	for kind in failslab fail_page_alloc; do
		echo "$1" > $DEBUG/$kind/probability
		echo "$2" > $DEBUG/$kind/verbose
	done
}

none_fails() { set_up 0 0; }

text=$(< /sys/module/vswitch_lite/sections/.text)
size=$((16#$(objdump -h "$VSL_KO" | awk '$2 == ".text" { print $3 }')))
for kind in failslab fail_page_alloc; do
	echo 1 > $DEBUG/$kind/interval
	echo -1 > $DEBUG/$kind/times
	echo 0 > $DEBUG/$kind/space
	echo N > $DEBUG/$kind/ignore-gfp-wait
	echo 0 > $DEBUG/$kind/verbose_ratelimit_interval_ms
	echo 32 > $DEBUG/$kind/stacktrace-depth
	printf '0x%x' $((text)) > $DEBUG/$kind/require-start
	printf '0x%x' $((text + size)) > $DEBUG/$kind/require-end
done
echo 0 > $DEBUG/fail_page_alloc/min-order
on_exit none_fails

step "Devices and a datapath"
make_world

step "Each allocation of a request fails once"
set_up 0 "${VSL_FAULTS_VERBOSE:-0}"
run "$FAULTS" -s "${VSL_SEED:-1}" -n "${VSL_REQUESTS:-300}"

step "One of ten fails while packets pass"
set_up 10 "${VSL_FAULTS_VERBOSE:-0}"
run "$PACKETS" -n "${VSL_PACKETS:-20000}" fp0 fp1 fp2 fp3
none_fails

step "It still switches, and counts"
drop_world
hosts -4 1 2
know_each_other 1 2
new_dp dp0 v1 v2
wire 1 2
pings h1 10.0.0.2
get_counters
is "packets that met a flow" 6 "$HIT"
