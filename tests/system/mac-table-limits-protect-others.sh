#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# One port makes up addresses until the table is full, many times over. Two others
# keep their unicast: none of it is flooded to a fourth.
. "$(dirname "$0")/lib.sh"

try() {
	local name=$1 watcher
	shift
	step "$name"
	configured "$@"
	pings h2 10.0.0.3
	start_capture "$name" h4 eth0 "ether src $(mac 2) and ether dst $(mac 3)"
	watcher=$CAPTURE
	start_pings pair h2 10.0.0.3 -i 0.05
	run on h1 "$HELPERS/flood" eth0 1000 3
	stop_pings pair
	at_least "pings of the pair" 20 "$SENT"
	end_pid "$watcher" || :
	is "their frames elsewhere" 0 "$(grep -c ethertype "$WORK/$name.txt" || :)"
	stop_switch
	run vslctl del-dp dp0
}

hosts -4 1 2 3 4
know_each_other 2 3
ports='port v2 { } port v3 { } port v4 { }'
try "a small table" 'mac-table-size = 100' 'port v1 { }' "$ports"
try "a limit of VLANs" 'vlan-mac-limit = 50' 'port v1 { }' "$ports"
try "a limit of the port" 'mac-table-size = 100' 'port v1 { mac-limit = 10 }' "$ports"
