#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# While flows of many masks are added and deleted, the flows that were there all the
# time never miss: every ping is answered, and the count of misses stands still.
. "$(dirname "$0")/lib.sh"

hosts -4 1 2
new_dp dp0 v1 v2
for way in '1 2' '2 1'; do
	echo "in_port(${way% *}),eth(),eth_type(0x0806),arp() ${way#* }"
	echo "in_port(${way% *}),eth(src=$(mac "${way% *}")),eth_type(0x0800),ipv4() ${way#* }"
done | add_flows dp0
know_each_other 1 2
pings h1 10.0.0.2
pings h2 10.0.0.1

get_counters dp0
missed=$MISSED lost=$LOST flows=$FLOWS
start_pings a h1 10.0.0.2 -i 0.002
start_pings b h2 10.0.0.1 -i 0.002
see_packets v1 20
run "$HELPERS/churn" dp0 1500 5
see_packets v1 20
stop_pings a
at_least "pings" 100 "$SENT"
stop_pings b
get_counters dp0
is "misses" "$missed" "$MISSED"
is "lost" "$lost" "$LOST"
is "flows" "$flows" "$FLOWS"
