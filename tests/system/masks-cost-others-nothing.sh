#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 300
# An attacker makes a client put 8,192 flows of as many masks. A packet of a flow that
# was there before looks at one hash table as ever, meanwhile and afterwards, and no
# packet misses; one of the attacker's own looks at a few dozen, not at thousands.
. "$(dirname "$0")/lib.sh"
lite_only
TRAFFIC=build/test/bench/traffic
MASKS=8192

# send SET N COUNT: and all must come out of p2. Adds COUNT to SENT.
send() {
	local before
	before=$(< /sys/class/net/p2/statistics/rx_packets)
	"$TRAFFIC" send "$1" "$2" p1 "$3" > "$WORK/ns"
	wait_for 20 more_packets p2 $((before + $3))
	SENT=$((SENT + $3))
}

# looked_at: sets LOOKED, hash tables that packets looked at in all
looked_at() { LOOKED=$(vslctl -j show dp0 | jq '.[0].masks.hit'); }

two_ports
"$TRAFFIC" flows exact 1 2 | add_flows dp0
SENT=0
looked_at
start=$LOOKED
send exact 1 2000
looked_at
is "hash tables that 2,000 packets looked at" $((start + 2000)) "$LOOKED"
bytes=$(table_figure bytes)

step "the same while masks are put, and once they are there"
SENT=0
"$TRAFFIC" flows attack $MASKS 2 > "$WORK/attack"
say "vslctl add-flows dp0 (attack $MASKS)"
vslctl add-flows dp0 "$WORK/attack" &
adding=$!
on_exit end_pid $adding
while alive $adding; do send exact 1 2000; done
wait $adding
send exact 1 2000
is "masks" $((MASKS + 1)) "$(table_figure masks)"
at_least "packets meanwhile" 4000 "$SENT"
before=$LOOKED
looked_at
# With other secrets, or where what masks look at has grown, the cache has to learn
# the flow anew.
[ $((LOOKED - before)) -le $((SENT * 2)) ] ||
	fail "$SENT packets looked at $((LOOKED - before)) hash tables"
note "$SENT packets looked at $((LOOKED - before)) hash tables"

step "the attacker's own packets"
SENT=0
send attack $MASKS 65536
before=$LOOKED
looked_at
[ $((LOOKED - before)) -le $((SENT * 32)) ] ||
	fail "$SENT packets looked at $((LOOKED - before)) hash tables"
note "$SENT packets looked at $((LOOKED - before)) hash tables"
at_least "depth" 2 "$(table_figure depth)"
[ "$(table_figure depth)" -le 49 ] || fail "depth: $(table_figure depth)"

get_counters dp0
is "packets that missed" 0 "$MISSED"
is "flows" $((MASKS + 1)) "$FLOWS"

step "they go, and all of their memory with them"
run vslctl del-flows dp0
"$TRAFFIC" flows exact 1 2 | add_flows dp0
back() { [ "$(table_figure bytes)" -le "$bytes" ]; }
wait_for 20 back
is "masks" 1 "$(table_figure masks)"
