#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The daemon looks at 100,000 flows, for which are idle. First packets do not wait for
# that: in the worst case for a small part of it.
# timeout: 400
. "$(dirname "$0")/lib.sh"

N=${VSL_FLOWS:-100000}
two_ports

# adopted flows: from some hosts behind port 1 to hosts that are not known, as the
# daemon would have put them
flows() {
	awk -v n="$N" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "ufid:%08x-0000-4000-8000-000000000000,recirc_id(0),in_port(1)," \
			       "eth(src=02:00:00:00:01:%02x,dst=02:00:00:%02x:%02x:%02x)," \
			       "eth_type(0x0800),ipv4() 0,2\n",
			       i, i % 100, 128 + i / 65536, i / 256 % 256, i % 256
	}'
}

# first_packets: sets WORST, of the way of first packets from port 1 to 2, microseconds
first_packets() {
	local out
	out=$(build/test/bench/crr p1 p2 1 1) || fail "first packets were lost: $out"
	note "$out"
	[[ $out =~ max_us\ ([0-9]+) ]] || fail "crr says: $out"
	WORST=${BASH_REMATCH[1]}
}

# flow_figure NAME: sets FIGURE
flow_figure() {
	[[ $(vslctl -j stats) =~ \"$1\":\ *([0-9]+) ]] || fail "no $1 in stats"
	FIGURE=${BASH_REMATCH[1]}
}

step "few flows"
start_switch --no-trace --flow-idle 3600 dp0 v1 v2
first_packets
quiet=$WORST
stop_switch

step "$N flows"
say "vslctl add-flows dp0 -"
flows | vslctl add-flows dp0 -
start_switch --no-trace --flow-idle 3600 dp0 v1 v2
has "at start" "adopted $N? flows?|adopted [0-9]+ flows" "$(< "$WORK/switch.err")"
[[ $(< "$WORK/switch.err") =~ adopted\ ([0-9]+) ]]
at_least "flows adopted" "$N" "${BASH_REMATCH[1]}"
flow_figure look_us
# A look at all flows must be in the time that is measured. What else a machine does may
# delay a packet once, a look that is not cut into pieces does so each time.
for ((i = 0; i < 5; i++)); do
	flow_figure looks
	looks=$FIGURE
	WORST=0
	most=0
	while [ "$FIGURE" = "$looks" ]; do
		first_packets
		[ "$WORST" -lt "$most" ] || most=$WORST
		flow_figure looks
	done
	flow_figure look_us
	note "a look takes $FIGURE us; worst first packet $most us, $quiet us with few flows"
	[ "$FIGURE" = 0 ] || [ "$most" -gt $((quiet + FIGURE / 5)) ] || break
done
[ $i -lt 5 ] || fail "first packets wait for looks at all flows"
at_least "what a look at $N flows takes, us" 1000 "$FIGURE"
run vslctl status
stop_switch
