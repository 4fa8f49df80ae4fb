#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# While flows of many masks are added and deleted, the flows that were there all the
# time never miss: every ping is answered, and the count of misses stands still.
. "$(dirname "$0")/lib.sh"

two_that_talk
pings h2 10.0.0.1

get_counters dp0
missed=$MISSED lost=$LOST flows=$FLOWS
start_pings a h1 10.0.0.2 -i 0.002
start_pings b h2 10.0.0.1 -i 0.002
see_packets v1 20
run "$HELPERS/churn" dp0 1500 5
see_packets v1 20
stop_pings a
at_least "pings" 100 "$SENT"
stop_pings b
get_counters dp0
is "misses" "$missed" "$MISSED"
is "lost" "$lost" "$LOST"
is "flows" "$flows" "$FLOWS"
