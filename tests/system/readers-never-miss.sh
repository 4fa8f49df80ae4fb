#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 36000
# While a writer makes the flow table grow, shrink, split, collapse and take new
# secrets, readers on all CPUs look up flows that are there, thousands of times for
# each time that flows are moved: none misses, none finds another, each is counted.
#
# VSL_SECS: for how long (5); make check-readers takes 600.
. "$(dirname "$0")/lib.sh"
lite_only

ko=build/$(uname -r)/table_readers.ko
[ -e "$ko" ] || skip "there is no $ko: make module"
on_exit unload_module table_readers
run insmod "$ko" secs="${VSL_SECS:-5}"

# result NAME
result() { cat /sys/module/table_readers/parameters/"$1"; }

is "CPUs that read" "$(nproc)" "$(result readers)"
at_least "flows put or removed" 5000 "$(result changes)"
at_least "tables made anew for their size" 8 "$(result resizes)"
at_least "full buckets made tables" 10 "$(result splits)"
at_least "tables given new secrets" 1 "$(result reseeds)"
moves=$(($(result resizes) + $(result splits) + $(result reseeds)))
at_least "lookups" $((moves * 1000)) "$(result lookups)"
is "lookups of a flow that was there, and missed" 0 "$(result missed)"
is "lookups that found another flow" 0 "$(result wrong)"
is "flows not counted exactly" 0 "$(result miscounted)"
