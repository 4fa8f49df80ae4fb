#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# An MPTCP connection with two subflows over two ports of the switch goes on when one
# of the ports goes down, and every byte arrives.
. "$(dirname "$0")/lib.sh"

[ -e /proc/sys/net/mptcp/enabled ] || skip "this kernel has no MPTCP"

hosts -4 1 2
for n in 1 2; do
	ip_batch "link add w$n type veth peer name eth1 address 02:00:00:00:01:0$n netns h$n
link set w$n addrgenmode none
link set w$n up"
	on_exit eval "link_gone w$n || ip link del w$n"
	ip_batch "addr add 10.0.1.$n/24 dev eth1
link set eth1 up" -n h$n
done
on h1 ip mptcp limits set subflows 2 add_addr_accepted 2
on h2 ip mptcp limits set subflows 2 add_addr_accepted 2
# The address is told once, in an option, and again only after so many seconds (120).
on h2 sysctl -qw net.mptcp.add_addr_timeout=1
on h2 ip mptcp endpoint add 10.0.1.2 dev eth1 signal
start_switch --no-trace dp0 v1 w1 v2 w2
pings h1 10.0.0.2
pings h1 10.0.1.2

# mptcp_counter hN NAME
mptcp_counter() {
	nsenter "--net=/run/netns/$1" cat /proc/net/netstat |
		awk -v n="$2" '$1 == "MPTcpExt:" && !c { for (i = 2; i <= NF; i++) if ($i == n) c = i; next }
			$1 == "MPTcpExt:" { print $c; exit }'
}
joined() { [ "$(mptcp_counter h2 MPJoinAckRx)" -ge 1 ]; }

bytes=8000000
listen_at h2 -m
say "[h1] stream -m -r 1000000 send 10.0.0.2 5000 $bytes &"
nsenter --net=/run/netns/h1 "$HELPERS/stream" -m -r 1000000 send 10.0.0.2 5000 $bytes &
source=$!
on_exit end_pid $source
wait_for 20 joined
note "a second subflow has joined"
see_packets v1 50
alive $source || fail "the transfer is over before the port went down"
run ip link set v1 down
wait $source
sink_got $bytes
at_least "connections that speak MPTCP" 1 "$(mptcp_counter h2 MPCapableSYNRX)"
is "fallbacks to TCP" 0 "$(mptcp_counter h2 MPCapableFallbackACK)"
