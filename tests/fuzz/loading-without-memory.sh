#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 3600
# module: none
# The module is loaded again and again, its first allocation failing, then its second,
# and so on: each time it is loaded, or it says that there is no memory and leaves
# nothing. Then it is loaded, and switches.
. "$(dirname "$0")/../system/lib.sh"

lite_only
. "$(dirname "$0")/lib-faults.sh"

# without memory for the NTH allocation
load_failing() {
	(
		echo "$1" > /proc/thread-self/fail-nth
		exec insmod "$VSL_KO"
	) 2> "$WORK/errors"
}

step "It is loaded without memory"
load_module
# it will be elsewhere next time, but among modules, and far from the kernel
prepare_faults $((64 * 1024 * 1024))
unload_module vswitch_lite
failed=0 in_a_row=0
# a kernel that counts lines asks first, and does without
for ((nth = 1; in_a_row < (failed ? 20 : 1000); nth++)); do
	if load_failing $nth; then
		in_a_row=$((in_a_row + 1))
		unload_module vswitch_lite
		continue
	fi
	failed=$((failed + 1)) in_a_row=0
	has "said of allocation $nth" 'Cannot allocate memory' "$(< "$WORK/errors")"
	[ ! -e /sys/module/vswitch_lite ] || fail "it is loaded all the same"
done
note "allocations failed: $failed"
at_least "times that it was not loaded" 5 $failed

step "It is loaded with memory, and switches"
load_module
on_exit unload_module vswitch_lite
hosts 1 2
new_dp dp0 v1 v2
wire 1 2
pings h1 10.0.0.2
