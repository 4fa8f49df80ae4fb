#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A bridge of ovs-vswitchd with 200 ports: a frame to everyone comes to everyone once,
# one to a known address to it alone; ports go and the others do not notice.
# set: ovs
# timeout: 400
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib-ovs.sh"

N=200
start_ovs
hosts -4 1 2
veths 3 $N
# shellcheck disable=SC2046 # numbers
port_args br0 $(seq $N)
note "ovs-vsctl add-br br0, $N ports"
vsctl add-br br0 "${PORT_ARGS[@]}" > /dev/null
# these, br0 and ovs-system
is "ports" $((N + 2)) "$(vslctl show | grep -c '^ *port ')"

# got FROM TO COUNT: every one of these pN has received that many frames
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
step "what is for one comes to none other"
for n in 3 100 "$N"; do send "$n" "udp4,from=$n"; done
pings h2 10.0.0.1
got 3 $N 1 || fail "expected one frame, got $GOT"

step "half of them go"
start_pings through h1 10.0.0.2 -i 0.02
see_packets v2 20
args=()
for ((n = 3; n <= 100; n++)); do args+=(-- del-port "br0" "v$n"); done
note "ovs-vsctl del-port br0 v3 to v100"
ovs-vsctl --timeout=60 --db="$DB" "${args[@]:1}"
see_packets v2 20
stop_pings through
is "ports" $((N + 2 - 98)) "$(vslctl show | grep -c '^ *port ')"
on h1 ip neigh del 10.0.0.2 dev eth0
pings h1 10.0.0.2
wait_for 30 got 101 $N 2
got 3 100 1 || fail "expected one frame still, got $GOT"
no_complaints
