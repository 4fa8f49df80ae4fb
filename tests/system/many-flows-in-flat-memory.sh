#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 3600
# Tens of thousands of flows are put, dumped, each once, and deleted; vslctl needs no
# more memory for that than for one, the kernel gets its own back, and packets of other
# flows are forwarded all the time.
#
# VSL_FLOWS: how many (30000); make check-million takes 1000000.
. "$(dirname "$0")/lib.sh"
lite_only
TRAFFIC=build/test/bench/traffic
N=${VSL_FLOWS:-30000}
# Of vslctl's own, its libraries' included. A dump as a whole is over 300 bytes a flow.
MEMORY=$((6 << 20))

# kernel_kb: sets KB, what the kernel has for itself
kernel_kb() { KB=$(awk '/^(Slab|Percpu|VmallocUsed):/ { kb += $2 } END { print kb }' /proc/meminfo); }

# flat COMMAND...: with no more than $MEMORY of its own; ASan takes terabytes of addresses
flat() {
	if by_asan; then
		"$@"
	else
		prlimit --data=$MEMORY "$@"
	fi
}

# timed COMMAND...: how long it took, for the log
timed() {
	local start=${EPOCHREALTIME/./}
	"$@"
	note "$1: $(((${EPOCHREALTIME/./} - start) / 1000)) ms"
}

two_that_talk
get_counters dp0
missed=$MISSED own=$FLOWS
kernel_kb
start=$KB
bytes=$(table_figure bytes)
start_pings a h1 10.0.0.2 -i 0.05

put() { "$TRAFFIC" flows exact "$N" 2 | flat vslctl add-flows dp0 -; }
step "$N flows are put"
timed put
get_counters dp0
is "flows" $((own + N)) "$FLOWS"
kernel_kb
full=$KB
vslctl -s show dp0
note "$(((full - start) * 1024 / N)) bytes of kernel memory a flow"
notes_memory || [ $(((full - start) * 1024 / N)) -le 400 ] || fail "that is more than 400"
[ "$(table_figure longest_chain)" -le 16 ] || fail "a chain of $(table_figure longest_chain) flows"

# Each flow once: their sources are consecutive addresses.
dump() {
	flat vslctl dump-flows dp0 |
		awk -v n="$N" '
			index($0, "proto=17") {
				split(substr($0, index($0, "ipv4(src=10.") + 12, 12), a, /[.,]/)
				seen[(a[1] * 256 + a[2]) * 256 + a[3]]++
				flows++
			}
			END {
				for (i = 1; i <= n; i++)
					if (seen[i] != 1) { print "flow " i ": " seen[i] + 0 " times"; exit 1 }
				if (flows != n) { print flows " flows"; exit 1 }
			}'
}
step "and dumped"
timed dump

stop_pings a
at_least "pings meanwhile" 20 "$SENT"
get_counters dp0
is "misses" "$missed" "$MISSED"

step "and deleted"
timed run vslctl del-flows dp0
get_counters dp0
is "flows" 0 "$FLOWS"
# but for a tenth, and what it has meanwhile got for files and processes
given_back() {
	kernel_kb
	[ $((KB - start)) -le $(((full - start) / 10 + 4096)) ]
}
notes_memory || wait_for 60 given_back
note "$((KB - start)) of $((full - start)) KiB are left"
empty=$(table_figure bytes)
[ "$empty" -le "$bytes" ] || fail "an empty table of $empty bytes; with two flows it had $bytes"
