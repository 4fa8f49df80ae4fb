#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# IPv4 and IPv6 packets in fragments: pings and UDP datagrams that do not fit, and
# UDP superpackets that the kernel cuts into datagrams; all whole at the receiver.
. "$(dirname "$0")/lib.sh"

hosts 1 2
start_switch dp0 v1 v2

pings h1 10.0.0.2 -s 4000
pings h2 10.0.0.1 -s 20000
pings h1 fd00::2 -s 4000
pings h2 fd00::1 -s 20000

# datagrams ADDRESS BYTES [OPTION...]
datagrams() {
	local to=$1 bytes=$2
	shift 2
	listen_at h2 -u
	on h1 "$HELPERS/stream" -u "$@" send "$to" 5000 "$bytes"
	sink_got "$bytes"
}

step "UDP datagrams of 8,000 bytes, in 6 fragments each"
datagrams 10.0.0.2 800000 -r 2000000
datagrams fd00::2 800000 -r 2000000

step "UDP superpackets, with and without the ports' help"
datagrams 10.0.0.2 492000 -g -r 2000000
run ethtool -K v2 tx off > /dev/null
run vslctl del-flows dp0
datagrams 10.0.0.2 492000 -g -r 2000000
datagrams fd00::2 492000 -g -r 2000000

get_counters dp0
is "lost upcalls" 0 "$LOST"
