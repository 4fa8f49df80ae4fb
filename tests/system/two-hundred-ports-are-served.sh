#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A switch with 200 ports: what is for everyone comes to everyone once, what is for one
# host to its port alone, a host is learned behind each port; half of the ports go, and
# the others do not notice.
# timeout: 400
. "$(dirname "$0")/lib.sh"

N=200
hosts -4 1 2
lines= ports=
for ((n = 3; n <= N; n++)); do
	lines+="link add v$n type veth peer name p$n"$'\n'"$(up "v$n" "p$n")"$'\n'
	on_exit drop_link "v$n"
	ports+=" v$n"
done
ip_batch "${lines%$'\n'}" > "$WORK/quiet.log"
# shellcheck disable=SC2086 # names
start_switch --no-trace dp0 v1 v2 $ports
is "ports" $((N + 1)) "$(vslctl ports | grep -c '^port ')"

# got FROM TO COUNT: a condition: each of these pN has received that many frames
got() {
	local n
	for ((n = $1; n <= $2; n++)); do
		GOT="p$n: $(< "/sys/class/net/p$n/statistics/rx_packets")"
		[ "$GOT" = "p$n: $3" ] || return 1
	done
}

step "what is for everyone comes to everyone, once"
pings h1 10.0.0.2
wait_for 30 got 3 $N 1

step "hosts behind the last ports, and others: what is for them comes to none other"
for n in 3 100 199 200; do "$PACKET" send "p$n" "udp4,from=$n"; done
known() { [[ $(vslctl fdb show "port=v$1") == *"$(printf '02:00:00:00:01:%02x' "$1")"* ]]; }
for n in 3 100 199 200; do wait_for 20 known $n; done
pings h2 10.0.0.1
got 3 $N 1 || fail "expected one frame, got $GOT"

step "half of them go"
start_pings through h1 10.0.0.2 -i 0.02
see_packets v2 20
for ((n = 3; n <= 100; n++)); do vslctl del-if dp0 "v$n"; done
left() { [ "$(vslctl ports | grep -c '^port ')" = $((N + 1 - 98)) ]; }
wait_for 30 left
see_packets v2 20
stop_pings through
on h1 ip neigh del 10.0.0.2 dev eth0
pings h1 10.0.0.2
wait_for 30 got 101 $N 2
got 3 100 1 || fail "expected one frame still, got $GOT"
stop_switch
