#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 36000
# Flows are put at full speed while one of ten allocations fails: each that is refused
# is refused for want of memory, and says so; the others are in the table, once;
# packets of flows that were there are forwarded all the time; and when the flows have
# gone the table is as large as it was.
#
# VSL_PUTS: how many (20000).
. "$(dirname "$0")/lib.sh"

lite_only
. "$(dirname "$0")/lib-faults.sh"
prepare_faults
TRAFFIC=build/test/bench/traffic
N=${VSL_PUTS:-20000}

# ask_for SET N: fails where none was asked for: which datapath that is could not be told
ask_for() {
	"$TRAFFIC" flows "$1" "$2" 2 | vslctl add-flows dp0 - 2> "$WORK/errors" ||
		! grep -q 'datapath dp0: Cannot allocate' "$WORK/errors"
}

# put SET N: sets REFUSED
put() {
	let_fail 10
	wait_for 30 ask_for "$1" "$2"
	let_fail 0
	grep -v 'were not added$' "$WORK/errors" > "$WORK/refused" || :
	REFUSED=$(wc -l < "$WORK/refused")
	sed -E 's/^[^:]*:[^:]*:[0-9]*: //' "$WORK/refused" | sort | uniq -c
	! grep -m 5 -vE '(Cannot allocate|Out of|No space).*: .' "$WORK/refused" ||
		fail "refused otherwise"
}

two_that_talk
get_counters dp0
missed=$MISSED own=$FLOWS
start_pings a h1 10.0.0.2 -i 0.01

step "flows of one mask, then of thousands"
for set in "exact $N" "attack 4096"; do
	# shellcheck disable=SC2086 # two words
	put $set
	at_least "refused of $set" 100 "$REFUSED"
	get_counters dp0
	is "flows" $((own + ${set#* } - REFUSED)) "$FLOWS"
	is "flows in a dump" "$FLOWS" "$(vslctl dump-flows dp0 | sort -u | wc -l)"
	own=$FLOWS
done
stop_pings a
at_least "pings meanwhile" 100 "$SENT"
get_counters dp0
is "misses" "$missed" "$MISSED"

step "what was refused goes in now, what was not is there"
"$TRAFFIC" flows exact "$N" 2 | vslctl add-flows dp0 - 2> "$WORK/errors" || :
get_counters dp0
is "flows of one mask" "$N" "$(vslctl dump-flows dp0 | grep -c 'eth(src=02:00:00:00:00:aa')"
! grep -vE 'exists|were not added' "$WORK/errors" || fail "refused for another reason"

step "they go, and all of their memory with them"
run vslctl del-flows dp0
back() { [ "$(table_figure bytes)" = "$(vslctl -j -s show empty | jq '.[0].table.bytes')" ]; }
new_dp empty
wait_for 30 back

step "flows go while memory fails"
"$TRAFFIC" flows attack 4096 2 | vslctl add-flows dp0 -
let_fail 10
# it may lack memory itself
wait_for 30 vslctl del-flows dp0
let_fail 0
vslctl -s show dp0
get_counters dp0
is "flows" 0 "$FLOWS"
is "masks" 0 "$(table_figure masks)"
