#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A link goes down: the hosts behind it are looked for elsewhere at once, not when
# their age is over.
. "$(dirname "$0")/lib.sh"

hosts -4 1 2 3
know_each_other 1 2 3
start_switch dp0 v1 v2 v3
pings h1 10.0.0.2
pings h2 10.0.0.1
has "flow to host 1" "in_port\(2\),[^ ]*dst=$(mac 1)[^ ]*.*actions:1" "$(vslctl dump-flows dp0)"
ip_batch "link set eth0 down" -n h1
floods() { [[ $(vslctl dump-flows dp0) =~ in_port\(2\),[^\ ]*dst=$(mac 1)[^$'\n']*actions:0,1,3 ]]; }
start_pings away h2 10.0.0.1 -i 0.1 -c 200
wait_for 20 floods
kill -INT "${PING_PID[away]}"
wait "${PING_PID[away]}" || :
