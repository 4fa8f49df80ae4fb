#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# 10,000 flows with several masks are added, dumped, each exactly once, found one by
# one, and deleted. Dumps stay exact for them while more flows are added.
# timeout: 300
. "$(dirname "$0")/lib.sh"

N=10000

# make_flows FIRST COUNT: of four shapes in turn; the number is in the address
make_flows() {
	awk -v first="$1" -v n="$2" 'BEGIN {
		for (i = first; i < first + n; i++) {
			a = sprintf("10.%d.%d.%d", i / 65536 % 256, i / 256 % 256, i % 256)
			k = "ipv4(src=" a
			if (i % 4 == 0) k = k ",frag=no)"
			if (i % 4 == 1) k = k ",dst=10.0.0.1,frag=no)"
			if (i % 4 == 2) k = k ",proto=17,frag=no),udp(dst=53)"
			if (i % 4 == 3) k = k ",proto=132,tos=0,frag=no),sctp(src=80)"
			print "in_port(1),eth(),eth_type(0x0800)," k " " i % 7 + 1
		}
	}'
}

# dump_is FIRST COUNT: that part of the dump in $WORK/dump is there, each flow once
# and with its actions
dump_is() {
	awk -v first="$1" -v n="$2" '{
			split(substr($0, index($0, "ipv4(src=") + 9, 20), a, /[.,)]/)
			i = (a[2] * 256 + a[3]) * 256 + a[4]
			seen[i]++
			if (substr($0, index($0, "actions:") + 8) != i % 7 + 1) {
				print "wrong actions: " $0
				exit 1
			}
		}
		END {
			for (i = first; i < first + n; i++) {
				if (seen[i] != 1) {
					print "flow " i " " seen[i] + 0 " times, of " NR
					exit 1
				}
			}
		}' "$WORK/dump" || fail "the dump is wrong"
	note "$2 flows, each exactly once, with its actions"
}

new_dp dp0
make_flows 0 $N > "$WORK/flows"
say "vslctl add-flows dp0 ($N flows)"
vslctl add-flows dp0 "$WORK/flows"
get_counters dp0
is "flows" $N "$FLOWS"

step "a dump has each once"
vslctl dump-flows dp0 > "$WORK/dump"
is "lines of the dump" $N "$(wc -l < "$WORK/dump")"
dump_is 0 $N

step "each is there already"
refused '[Ff]ile exists|EEXIST|exists' vslctl add-flow dp0 "$(sed -n '4321s/ [0-9]*$//p' "$WORK/flows")" 1

step "dumps while 8,000 more are added and the table grows"
make_flows 100000 8000 > "$WORK/more"
vslctl add-flows dp0 "$WORK/more" &
adding=$!
on_exit end_pid $adding
dumps=0
while alive $adding; do
	vslctl dump-flows dp0 > "$WORK/dump"
	# The stock module's dumps are not exact while its table grows.
	[ "$DATAPATH" = stock ] || dump_is 0 $N
	dumps=$((dumps + 1))
done
wait $adding
at_least "dumps meanwhile" 1 $dumps
vslctl dump-flows dp0 > "$WORK/dump"
dump_is 0 $N
dump_is 100000 8000

step "one is deleted, then all"
run vslctl del-flow dp0 "$(sed -n '4321s/ [0-9]*$//p' "$WORK/flows")"
get_counters dp0
is "flows" $((N + 8000 - 1)) "$FLOWS"
run vslctl del-flows dp0
get_counters dp0
is "flows" 0 "$FLOWS"
is "a dump" "" "$(vslctl dump-flows dp0)"
