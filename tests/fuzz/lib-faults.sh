# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# For scenarios in which the kernel lets allocations of vswitch_lite.ko fail, and of
# nobody else. VSL_FAULTS_VERBOSE=1: it says each time which.
DEBUG=/sys/kernel/debug
TIMES=1000000000	# it counts down
[ -d $DEBUG/failslab ] || skip "this kernel has no fault injection"

# let_fail PERCENT [KIND]: of them, or of a KIND, failslab or fail_page_alloc; 0: none but
# those that a task asks for by fail-nth
let_fail() {
	local kind
	for kind in ${2:-failslab fail_page_alloc}; do
		echo "$1" > $DEBUG/$kind/probability
		echo "${VSL_FAULTS_VERBOSE:-0}" > $DEBUG/$kind/verbose
	done
}

# those asked for from one address on, up to another
let_fail_between() {
	local kind
	for kind in failslab fail_page_alloc; do
		printf '0x%x' "$1" > $DEBUG/$kind/require-start
		printf '0x%x' "$2" > $DEBUG/$kind/require-end
	done
}

# let_fail_of FUNCTION: only those that it asks for
let_fail_of() {
	local text at size
	text=$(($(< /sys/module/vswitch_lite/sections/.text)))
	read -r at size < <(nm -S "$VSL_KO" | awk -v f="$1" '$4 == f { print "0x" $1, "0x" $2 }') ||
		fail "there is no function $1 in $VSL_KO"
	let_fail_between $((text + at)) $((text + at + size))
}

# failures KIND: how many there have been
failures() { echo $((TIMES - $(< "$DEBUG/$1/times"))); }

# prepare_faults [AROUND]: those that the module's code asks for, or what lies AROUND
# bytes before and behind it
prepare_faults() {
	local around=${1:-0} text size kind
	text=$(($(< /sys/module/vswitch_lite/sections/.text)))
	size=$((16#$(objdump -h "$VSL_KO" | awk '$2 == ".text" { print $3 }')))
	for kind in failslab fail_page_alloc; do
		echo 1 > $DEBUG/$kind/interval
		echo $TIMES > $DEBUG/$kind/times
		echo 0 > $DEBUG/$kind/space
		echo N > $DEBUG/$kind/ignore-gfp-wait
		echo 0 > $DEBUG/$kind/verbose_ratelimit_interval_ms
		echo 32 > $DEBUG/$kind/stacktrace-depth
	done
	let_fail_between $((text - around)) $((text + size + around))
	echo 0 > $DEBUG/fail_page_alloc/min-order
	let_fail 0
	on_exit let_fail 0
}
