#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Three hosts on a switch reach each other over IPv4 and IPv6, all ways.
. "$(dirname "$0")/lib.sh"

hosts 1 2 3
start_switch dp0 v1 v2 v3

for pair in 1:2 2:3 3:1; do
	pings "h${pair%:*}" "10.0.0.${pair#*:}"
	pings "h${pair%:*}" "fd00::${pair#*:}"
done

step "nothing was lost on the way up"
get_counters dp0
is "lost upcalls" 0 "$LOST"
stop_switch
