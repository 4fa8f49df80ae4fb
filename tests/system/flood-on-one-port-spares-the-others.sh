#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# One port sends frames of made-up hosts, 100,000 a second: more than any user space
# can decide on. The others notice little: pings between two of them lose nothing, and
# first packets between two more are decided on within a few turns of the daemon.
# timeout: 300
. "$(dirname "$0")/lib.sh"

# Four hosts: 1 and 2 ping; 3 floods; what is new comes from 4 and goes to 5.
hosts -4 1 2
ends="" lines=
for n in 3 4 5; do
	lines+="link add v$n type veth peer name p$n"$'\n'"$(up "v$n" "p$n")"$'\n'
	on_exit drop_link "v$n"
	ends+=" v$n"
done
ip_batch "${lines%$'\n'}"
# shellcheck disable=SC2086
start_switch --trace-json /dev/null dp0 v1 v2 $ends
pings h1 10.0.0.2 -c 2
know_each_other 1 2

# median_ping: sets MEDIAN, in microseconds, of COUNT pings, none of which is lost
COUNT=200
median_ping() {
	local out
	say "[h1] ping -c $COUNT -i 0.01 10.0.0.2"
	out=$(nsenter --net=/run/netns/h1 ping -n -c $COUNT -i 0.01 -W 5 10.0.0.2) || :
	[[ $out =~ ([0-9]+)\ received ]] || fail "ping says: $out"
	is "answered" $COUNT "${BASH_REMATCH[1]}"
	MEDIAN=$(sed -n 's/.*time=\([0-9.]*\) ms/\1/p' <<< "$out" | sort -n |
		awk '{ t[NR] = $1 } END { printf "%d", 1000 * t[int((NR + 1) / 2)] }')
	note "median $MEDIAN us"
}

# first_packets: sets MEDIAN, of the way of first packets from 4 to 5; none is lost
first_packets() {
	local out
	out=$(build/test/bench/crr p4 p5 2 1) || fail "first packets were lost: $out"
	note "$out"
	[[ $out =~ median_us\ ([0-9]+) ]] || fail "crr says: $out"
	MEDIAN=${BASH_REMATCH[1]}
}

step "quiet"
median_ping
quiet_ping=$MEDIAN
first_packets
quiet_first=$MEDIAN
get_counters dp0
lost=$LOST

step "while port 3 floods"
say "$HELPERS/flood p3 100000 ... &"
"$HELPERS/flood" p3 100000 600 > "$WORK/flood" &
flood=$!
on_exit end_pid "$flood"
before=$(< /sys/class/net/v3/statistics/rx_packets)
start=${EPOCHREALTIME/./}
see_packets v3 20000
median_ping
flood_ping=$MEDIAN
first_packets
flood_first=$MEDIAN
rate=$((($(< /sys/class/net/v3/statistics/rx_packets) - before) * 1000000 / (${EPOCHREALTIME/./} - start)))
end_pid "$flood" || :
note "$rate frames a second came from port 3"
note "median of pings: $quiet_ping us, in the flood $flood_ping us"
note "median of first packets: $quiet_first us, in the flood $flood_first us"

# It must have been more than could be answered, or nothing is proven.
get_counters dp0
at_least "upcalls lost, all of port 3" $((lost + 1000)) "$LOST"
[ "$flood_ping" -le $((3 * quiet_ping)) ] ||
	fail "pings took $flood_ping us, more than 3 times the $quiet_ping us of before"
# A first packet waits for the turn under way, of 2 ms or of 8 upcalls, and then for
# its own; on an emulated processor 8 upcalls take more than that.
limit=$((4000 + 20 * quiet_first))
[ "$flood_first" -le $limit ] ||
	fail "first packets took $flood_first us, more than $limit; $quiet_first us before"

step "the trace has left out what there was no time for, if anything, and says so"
accounted() {
	local told missing
	get_counters dp0
	told=$(grep -c " miss " "$WORK/switch.out" || :)
	missing=$(awk '/ upcalls are not in this trace/ { n += $3 } END { print n + 0 }' "$WORK/switch.out")
	note "$MISSED missed, $LOST lost, $told told of, $missing said to be missing"
	[ $((told + missing)) = $((MISSED - LOST)) ]
}
wait_for 30 accounted

step "afterwards"
pings h2 10.0.0.1
stop_switch
