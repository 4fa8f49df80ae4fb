#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two bridges of ovs-vswitchd that two links join: STP, and RSTP, block one of them, so
# that a flooded frame comes once and does not circle, and take it when the other one goes.
# set: ovs
# timeout: 400
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib-ovs.sh"

start_ovs
links c d
veths 1 2
# br0 is the root by its priority; br1 goes there by the link with the lower number
for n in 0 1; do
	port_args br$n "$((n + 1)) other_config:rstp-enable=false other_config:stp-enable=false"
	vsctl add-br br$n "${PORT_ARGS[@]}"
done
vsctl set bridge br0 other_config:rstp-priority=4096 other_config:stp-priority=4096 \
	-- add-port br0 ca other_config:rstp-port-num=1 other_config:stp-port-num=1 \
	-- add-port br0 da other_config:rstp-port-num=2 other_config:stp-port-num=2 \
	-- add-port br1 cb -- add-port br1 db

# states_are TEXT: those of the links' ends in column $STATUS; v1 and v2 take no part
states_are() {
	local port text all=

	for port in ca da cb db; do
		text=$(ovs-vsctl --timeout=60 --db="$DB" get port $port "$STATUS")
		[[ $text =~ role=([A-Za-z]+).*state=([A-Za-z]+) ]] || return 1
		all+="$port ${BASH_REMATCH[1],,} ${BASH_REMATCH[2],,}, "
	done
	[ "$all" = "$STATES" ] || note "$all"
	STATES=$all
	[[ $all == *"$1"* ]]
}

# floods FROM: eight frames, each of which comes once
floods() {
	local n

	for ((n = $1; n < $1 + 8; n++)); do
		send 1 "udp4,from=$n"
		comes 2 "$(printf '02:00:00:00:01:%02x>02:00:00:00:00:02 ip *' "$n")"
	done
}

STATES=
tap 2

# breaks_the_loop PROTOCOL STATUS BLOCKED FROM: with that role and state on the link that
# is not needed
breaks_the_loop() {
	STATUS=$2

	step "$1: one is blocked"
	ip_batch 'link set ca up
link set cb up
link set da up
link set db up'
	wait_for 90 states_are "ca designated forwarding, da designated forwarding, cb root forwarding, db $3, "
	floods "$4"

	step "$1: and takes over"
	ip_batch 'link set ca down'
	wait_for 90 states_are "db root forwarding, "
	floods $(($4 + 8))
}

vsctl set bridge br0 rstp_enable=true -- set bridge br1 rstp_enable=true
breaks_the_loop RSTP rstp_status "alternate discarding" 1

# with the shortest times that there are, else it takes a minute
vsctl set bridge br0 rstp_enable=false -- set bridge br1 rstp_enable=false
for n in 0 1; do
	vsctl set bridge br$n stp_enable=true other_config:stp-hello-time=1 \
		other_config:stp-max-age=6 other_config:stp-forward-delay=4
done
breaks_the_loop STP status "alternate blocking" 17

no_complaints
