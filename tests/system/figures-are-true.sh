#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What vslctl -s show says of the flow table is what is there: counted by hand for a
# few flows and packets.
. "$(dirname "$0")/lib.sh"
lite_only
TRAFFIC=build/test/bench/traffic

# figures WHAT "NAME VALUE"...: they are so. Sets FIGURE, all of them.
declare -A FIGURE
figures() {
	local what=$1 name value each text
	shift
	text=$(vslctl -j -s show dp0 | jq -r '.[0].table | to_entries[] | "\(.key) \(.value)"')
	while read -r name value; do
		FIGURE[$name]=$value
	done <<< "$text"
	for each; do
		is "$what: ${each% *}" "${each#* }" "${FIGURE[${each% *}]}"
	done
}

# send N: packets of the first flow, all on one CPU: each has a cache of its own
send() {
	local before
	before=$(< /sys/class/net/p2/statistics/rx_packets)
	taskset -c 0 "$TRAFFIC" send exact 1 p1 "$1" > "$WORK/ns"
	wait_for 20 more_packets p2 $((before + $1))
}

two_ports
figures "no flow" "flows 0" "masks 0" "partitions 0" "subtables 0" "depth 0" \
	"buckets 0" "longest_chain 0" "cache_hits 0" "splits 0" "reseeds 0"
bytes=${FIGURE[bytes]}

"$TRAFFIC" flows exact 1 2 | add_flows dp0
figures "one flow" "flows 1" "masks 1" "partitions 1" "subtables 1" "depth 1" \
	"buckets 4" "longest_chain 1"
send 100
# one hash table: a cache would save nothing
figures "100 packets" "cache_hits 0"

# 99 more: the table has grown, to keep 3 of 8 buckets free, and each bucket has its share
"$TRAFFIC" flows exact 100 2 | tail -n +2 | vslctl add-flows dp0 -
figures "99 flows more" "flows 100" "masks 1" "subtables 1" "depth 1" "splits 0" "reseeds 0"
at_least "times that the table has grown" 4 "${FIGURE[resizes]}"
at_least "buckets" 64 "${FIGURE[buckets]}"
at_least "flows in a bucket" 2 "${FIGURE[longest_chain]}"
run vslctl del-flows dp0
"$TRAFFIC" flows exact 1 2 | add_flows dp0

# Of another mask, which has none of the words that the first table hashes.
echo 'in_port(1),eth(src=02:00:00:00:00:cc),eth_type(0x0800),ipv4() 2' | add_flows dp0
figures "a mask more" "flows 2" "masks 2" "partitions 1" "subtables 2" "depth 1" "buckets 8"
send 100
# the first is looked up, and remembered
figures "100 packets more" "cache_hits 99"
is "cache hits in the datapath's own statistics" 99 "$(vslctl -j show dp0 | jq '.[0].cache.hit')"

echo 'in_port(1),eth(),eth_type(0x0806),arp() 2' | add_flows dp0
figures "a type more" "flows 3" "masks 3" "partitions 2" "subtables 3" "buckets 12"
[ "${FIGURE[bytes]}" -gt "$bytes" ] || fail "three flows take no memory"

run vslctl del-flows dp0
figures "no flow again" "flows 0" "masks 0" "partitions 0" "subtables 0" "buckets 0" "longest_chain 0"
# a grace period later
back() { [ "$(table_figure bytes)" = "$bytes" ]; }
wait_for 20 back
