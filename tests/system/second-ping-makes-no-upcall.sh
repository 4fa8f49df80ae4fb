#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Once a ping has made its flows, the next one goes through the kernel alone: the
# datapath counts hits and not one miss, and the daemon traces nothing.
. "$(dirname "$0")/lib.sh"

hosts -4 1 2
start_switch dp0 v1 v2

step "the first ping makes flows"
pings h1 10.0.0.2 -c 2
know_each_other 1 2
wait_quiet dp0
at_least "misses so far" 3 "$MISSED"
at_least "flows" 4 "$FLOWS"
is "lost upcalls" 0 "$LOST"
trace=$(< "$WORK/switch.out")
has "trace of the first ARP request" 'v1 miss .*eth_type\(0x0806\)' "$trace"
missed=$MISSED hit=$HIT

step "the second uses them"
pings h1 10.0.0.2 -c 10 -i 0.05
get_counters dp0
is "misses" "$missed" "$MISSED"
at_least "hits, 10 requests and 10 replies more" $((hit + 20)) "$HIT"
is "trace" "$trace" "$(< "$WORK/switch.out")"
