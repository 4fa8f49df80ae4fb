#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 300
# A flow is moved from hash table to hash table while others, ever closer to it, come
# and go, and the cache's size changes: no packet of it misses.
. "$(dirname "$0")/lib.sh"
lite_only
need_ovs ovs-dpctl

hosts -4 1 2
new_dp dp0 v1 v2
# Of a mask that is part of all others', so that they come to the same hash table.
echo 'in_port(1),eth(),eth_type(0x0800),ipv4(tos=0x3/0x3) drop' | add_flows dp0
for way in '1 2' '2 1'; do
	echo "in_port(${way% *}),eth(),eth_type(0x0806),arp() ${way#* }"
	echo "in_port(${way% *}),eth(),eth_type(0x0800),ipv4(src=10.0.0.${way% *},dst=10.0.0.${way#* }) ${way#* }"
done | add_flows dp0
know_each_other 1 2
pings h1 10.0.0.2
pings h2 10.0.0.1

get_counters dp0
missed=$MISSED lost=$LOST flows=$FLOWS splits=$(table_figure splits)
start_pings a h1 10.0.0.2 -f
start_pings b h2 10.0.0.1 -f
see_packets v1 20
run "$HELPERS/churn" dp0 1024 6 near &
churn=$!
while kill -0 $churn 2> /dev/null; do
	for size in 0 1 4096 256; do
		run ovs-dpctl cache-set-size dp0 masks-cache $size 2> /dev/null
	done
	sleep 0.2
done
wait $churn
see_packets v1 20
stop_pings a
at_least "pings" 200 "$SENT"
stop_pings b
get_counters dp0
is "misses" "$missed" "$MISSED"
is "lost" "$lost" "$LOST"
is "flows" "$flows" "$FLOWS"
at_least "hash tables made of full buckets" $((splits + 50)) "$(table_figure splits)"
is "hash tables left one below another" 1 "$(table_figure depth)"
