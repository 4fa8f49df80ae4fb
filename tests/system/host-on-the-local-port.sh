#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The local port is a network device of the machine itself: with an address on it
# the machine is a host on its own switch, both ways, over IPv4 and IPv6; and so
# is a further internal port. Down, it takes nothing.
. "$(dirname "$0")/lib.sh"

hosts 1
start_switch dp0 v1
ip_batch "link set dp0 addrgenmode none
link set dp0 up
addr add 10.0.0.100/24 dev dp0
addr add fd00::100/64 dev dp0 nodad"
on_exit ip link set dp0 down

pings h1 10.0.0.100
pings h1 fd00::100
say ping from the local port
ping -n -c 3 -i 0.2 -W 5 10.0.0.1
ping -n -c 3 -i 0.2 -W 5 fd00::1

step "bulk, from and to it"
listen_at -
on h1 "$HELPERS/stream" send 10.0.0.100 5000 2000000
sink_got 2000000
listen_at h1
say stream send 10.0.0.1 5000 2000000
"$HELPERS/stream" send 10.0.0.1 5000 2000000
sink_got 2000000

step "a second internal port"
run vslctl add-if dp0 i1,type=internal
ip_batch "link set i1 addrgenmode none
netns add hi
link set i1 netns hi"
on_exit drop_netns hi
ip_batch "link set i1 up
addr add 10.0.0.101/24 dev i1" -n hi
pings h1 10.0.0.101
on hi ping -n -c 3 -i 0.2 -W 5 10.0.0.100
run vslctl del-if dp0 i1

step "down, it does not answer"
run ip link set dp0 down
no_pings h1 10.0.0.100
run ip link set dp0 up
pings h1 10.0.0.100
