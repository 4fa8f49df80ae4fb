#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 36000
# Memory that cannot be had is no reason to crash, to leak or to miscount: each
# allocation that the module makes for a request, and then those that it makes for
# packets under load, fails; the log, kmemleak and the counters are looked at.
#
# VSL_REQUESTS: how many requests (300). VSL_PACKETS: how many (20000). VSL_SEED: 1.
. "$(dirname "$0")/lib.sh"

lite_only
. "$(dirname "$0")/lib-faults.sh"
FAULTS=build/test/fuzz/faults
PACKETS=build/test/fuzz/packets

step "Devices and a datapath"
make_world

step "Each allocation of a request fails once"
let_fail 0
run "$FAULTS" -s "${VSL_SEED:-1}" -n "${VSL_REQUESTS:-300}"

step "One of ten fails while packets pass"
let_fail 10
run "$PACKETS" -n "${VSL_PACKETS:-20000}" fp0 fp1 fp2 fp3
let_fail 0

step "It still switches, and counts"
drop_world
hosts -4 1 2
know_each_other 1 2
new_dp dp0 v1 v2
wire 1 2
pings h1 10.0.0.2
get_counters
is "packets that met a flow" 6 "$HIT"
