# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# For scenarios in which the kernel lets allocations of vswitch_lite.ko fail, and of
# nobody else. VSL_FAULTS_VERBOSE=1: it says each time which.
DEBUG=/sys/kernel/debug
[ -d $DEBUG/failslab ] || skip "this kernel has no fault injection"

# let_fail PERCENT: of them; 0: none but those that a task asks for by fail-nth
let_fail() {
	local kind
	for kind in failslab fail_page_alloc; do
		echo "$1" > $DEBUG/$kind/probability
		echo "${VSL_FAULTS_VERBOSE:-0}" > $DEBUG/$kind/verbose
	done
}

# prepare_faults [AROUND]: those that the module's code asks for, or what lies AROUND
# bytes before and behind it
prepare_faults() {
	local around=${1:-0} text size kind
	text=$(($(< /sys/module/vswitch_lite/sections/.text)))
	size=$((16#$(objdump -h "$VSL_KO" | awk '$2 == ".text" { print $3 }')))
	for kind in failslab fail_page_alloc; do
		echo 1 > $DEBUG/$kind/interval
		echo -1 > $DEBUG/$kind/times
		echo 0 > $DEBUG/$kind/space
		echo N > $DEBUG/$kind/ignore-gfp-wait
		echo 0 > $DEBUG/$kind/verbose_ratelimit_interval_ms
		echo 32 > $DEBUG/$kind/stacktrace-depth
		printf '0x%x' $((text - around)) > $DEBUG/$kind/require-start
		printf '0x%x' $((text + size + around)) > $DEBUG/$kind/require-end
	done
	echo 0 > $DEBUG/fail_page_alloc/min-order
	let_fail 0
	on_exit let_fail 0
}
