#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two bridges of ovs-vswitchd that two links join: RSTP blocks one of them, so that a
# flooded frame comes once and does not circle, and takes it when the other one goes.
# set: ovs
# timeout: 300
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib-ovs.sh"

start_ovs
links c d
veths 1 2
# br0 is the root by its priority; br1 goes there by the link with the lower number
port_args br0 "1 other_config:rstp-enable=false"
vsctl add-br br0 -- set bridge br0 rstp_enable=true other_config:rstp-priority=4096 "${PORT_ARGS[@]}" \
	-- add-port br0 ca other_config:rstp-port-num=1 \
	-- add-port br0 da other_config:rstp-port-num=2
port_args br1 "2 other_config:rstp-enable=false"
vsctl add-br br1 -- set bridge br1 rstp_enable=true "${PORT_ARGS[@]}" \
	-- add-port br1 cb -- add-port br1 db

# states_are TEXT: those of the links' ends; v1 and v2 take no part
states_are() {
	local port text all=

	for port in ca da cb db; do
		text=$(ovs-vsctl --timeout=60 --db="$DB" get port $port rstp_status)
		[[ $text =~ rstp_port_role=([A-Za-z]+),\ rstp_port_state=([A-Za-z]+) ]] || return 1
		all+="$port ${BASH_REMATCH[1]} ${BASH_REMATCH[2]}, "
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

step "one is blocked"
ip_batch 'link set ca up
link set cb up
link set da up
link set db up'
wait_for 60 states_are "ca Designated Forwarding, da Designated Forwarding, cb Root Forwarding, db Alternate Discarding, "
floods 1

step "and takes over"
ip_batch 'link set ca down'
wait_for 60 states_are "db Root Forwarding, "
floods 9

no_complaints
