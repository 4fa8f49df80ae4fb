#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 300
# Keys made to meet in a hash table that multiplies words without a secret do not
# meet: 10,000 of such flows are in short chains of one table, and each is found.
. "$(dirname "$0")/lib.sh"
lite_only
TRAFFIC=build/test/bench/traffic
N=10000

two_ports
say "vslctl add-flows dp0 (collide $N)"
"$TRAFFIC" flows collide $N 2 | vslctl add-flows dp0 -
vslctl -s show dp0
is "hash tables" 1 "$(table_figure subtables)"
at_least "buckets" $N "$(table_figure buckets)"
# of that many by chance: 6 or 7
[ "$(table_figure longest_chain)" -le 12 ] || fail "a chain of $(table_figure longest_chain) flows"

before=$(< /sys/class/net/p2/statistics/rx_packets)
run "$TRAFFIC" send collide $N p1 20000
wait_for 20 more_packets p2 $((before + 20000))
get_counters dp0
is "packets that hit" 20000 "$HIT"
is "packets that missed" 0 "$MISSED"
is "hash tables that they looked at" 20000 "$(vslctl -j show dp0 | jq '.[0].masks.hit')"
