#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two bridges of ovs-vswitchd that a bond of two links joins, balance-tcp with LACP:
# the datapath hashes and recirculates, and by its flows' counters the daemon spreads
# connections over both links. Where a link goes, the other one takes all. A select
# group by dp_hash spreads likewise.
# set: ovs
# timeout: 300
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib-ovs.sh"

start_ovs
links c d
hosts -4 1 2
know_each_other 1 2
BOND=(bond_mode=balance-tcp lacp=active other_config:bond-rebalance-interval=1000)
port_args br0 1
vsctl add-br br0 -- set bridge br0 protocols=OpenFlow10,OpenFlow13,OpenFlow15 "${PORT_ARGS[@]}" \
	-- add-bond br0 bond0 ca da "${BOND[@]}"
port_args br1 2
vsctl add-br br1 "${PORT_ARGS[@]}" \
	-- add-bond br1 bond1 cb db "${BOND[@]}"
ip_batch 'link set ca up
link set cb up
link set da up
link set db up'

# enabled N: both bonds have negotiated and use N links
enabled() {
	local bond text

	for bond in bond0 bond1; do
		text=$(ovs-appctl --timeout=30 bond/show $bond)
		[[ $text == *"lacp_status: negotiated"* ]] &&
			[ "$(grep -cE '^(member|slave) .*: enabled' <<< "$text")" = "$1" ] || return 1
	done
}
wait_for 60 enabled 2
run ovs-appctl bond/show bond0

# sent COMMAND...: sets BY_C and BY_D, what has left br0 by each link meanwhile
sent() {
	local c d

	c=$(< /sys/class/net/ca/statistics/tx_packets) d=$(< /sys/class/net/da/statistics/tx_packets)
	"$@"
	BY_C=$(($(< /sys/class/net/ca/statistics/tx_packets) - c))
	BY_D=$(($(< /sys/class/net/da/statistics/tx_packets) - d))
	note "$BY_C by the first link, $BY_D by the second"
}

# datagrams FROM N: N large ones to each of 64 ports, which are 64 connections; all
# by one process, since programs start slowly
datagrams() {
	on h1 bash -c "printf -v text %1400s
for ((i = 0; i < $2; i++)); do
	for ((p = $1; p < $1 + 64; p++)); do printf '%s' \"\$text\" > /dev/udp/10.0.0.2/\$p; done
done"
}

# all_came N: one of each of N connections has come.  once_each FROM N: sends one to
# each of 64 ports, which makes N; by then they have left, upcalls and all
all_came() { [ "$(wc -l < "$WORK/came.txt")" -ge "$1" ]; }
once_each() {
	datagrams "$1" 1
	wait_for 30 all_came "$2"
	is "datagrams that came" "$2" "$(wc -l < "$WORK/came.txt")"
	is "connections that came" "$2" "$(grep -o '> 10[.0-9]*: UDP' "$WORK/came.txt" | sort -u | wc -l)"
}

step "64 connections"
SHOW+=("$WORK/came.txt")
start_capture came h2 eth0 'udp and dst portrange 20000-29999' -s 100
once_each 20000 64
flows=$(vslctl dump-flows ovs-system)
has "the flow that hashes" 'actions:hash\(l4\(0\)\),recirc\([0-9]+\)' "$flows"
has "a flow behind it" 'recirc_id\(0x[0-9a-f]+\),dp_hash\([0-9a-fx]+/0xff\)' "$flows"

step "go by both links, some time after it is seen what each sends"
balanced() {
	sent datagrams 30000 5
	[ $((BY_C * 4)) -ge 320 ] && [ $((BY_D * 4)) -ge 320 ]
}
wait_for 60 balanced

step "and by the second alone when the first is gone"
ip_batch 'link set ca down'
one_left() { [[ $(ovs-appctl --timeout=30 bond/show bond0) == *'member ca: disabled'*'member da: enabled'* ]]; }
wait_for 60 one_left
sent once_each 21000 128
is "by the first link" 0 "$BY_C"
pings h1 10.0.0.2
ip_batch 'link set ca up'
wait_for 60 enabled 2

step "a group that selects"
ofctl add-group br0 'group_id=2,type=select,selection_method=dp_hash,bucket=output:ca,bucket=output:da'
ofctl add-flow br0 priority=9,udp,in_port=1,actions=group:2
# flows of before may stand until the daemon has looked at each
run ovs-appctl --timeout=60 revalidator/wait
sent once_each 22000 192
# fewer than 8 of 64 by chance: once in 10^10 runs
at_least "by the first link" 8 "$BY_C"
at_least "by the second link" 8 "$BY_D"

# links go down here
no_complaints 'netdev_linux|bond|lacp'
