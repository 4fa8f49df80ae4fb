#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 200
# A dump that runs while the table grows and shrinks shows every flow that lives
# through it, and shows it once.
. "$(dirname "$0")/lib.sh"
lite_only

flows_are_there() { [ "$(table_figure flows)" -ge "$1" ]; }

two_ports
lasting=1500
for ((i = 0; i < lasting; i++)); do
	printf 'in_port(2),eth(src=02:00:00:00:%02x:%02x),eth_type(0x0800),ipv4(dst=10.0.%d.0/255.255.255.0) 1\n' \
		$((i / 256)) $((i % 256)) $((i % 256))
done >"$WORK/lasting"

# Others come and go: before these in the order of slots, among them, behind them.
run "$HELPERS/churn" dp0 12000 600 &
churn=$!
on_exit end_pid $churn
wait_for 20 flows_are_there 1000
add_flows dp0 <"$WORK/lasting"
resizes=$(table_figure resizes)
sed 's/ 1$/, packets:0, bytes:0, used:never, actions:1/' "$WORK/lasting" | sort >"$WORK/expected"
dumps=0 most=0
remade() { [ "$(table_figure resizes)" -ge $((resizes + 2)) ]; }
until ((dumps >= 5 && most >= lasting + 100)) && remade; do
	alive $churn || fail "nothing comes and goes any more"
	vslctl dump-flows dp0 >"$WORK/dump" 2>"$WORK/dump.err"
	[ ! -s "$WORK/dump.err" ] || fail "$(<"$WORK/dump.err")"
	grep '^in_port(2)' "$WORK/dump" | sort >"$WORK/found"
	diff "$WORK/expected" "$WORK/found" ||
		fail "a flow was missing (<) or shown twice (>)"
	lines=$(wc -l <"$WORK/dump")
	most=$((lines > most ? lines : most))
	dumps=$((dumps + 1))
done
