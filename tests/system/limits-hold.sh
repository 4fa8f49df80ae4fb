#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Nobody has more flows or masks in a datapath, or datapaths in a network namespace,
# than the module's parameters say; up to there all is as ever.
. "$(dirname "$0")/lib.sh"

lite_only
PARAMETERS=/sys/module/vswitch_lite/parameters

# allow LIMIT N
allow() { echo "$2" > "$PARAMETERS/max_$1"; }

# flow N [MASK]: something that a datapath may have one more of
flow() { vslctl add-flow dp0 "in_port($1),eth(src=$(mac 0)${2:+/$2}),eth_type(0x88b5)" drop; }

on_exit drop_dp dp0
on_exit drop_dp dp1

step "No more flows than the datapath may have"
allow flows 3
run vslctl add-dp dp0
for n in 1 2 3; do run flow $n; done
refused 'No space.*max_flows' flow 4
run vslctl del-flows dp0
run flow 4
run vslctl del-dp dp0
allow flows 0

step "No more masks, but flows of those that there are"
allow masks 2
run vslctl add-dp dp0
run flow 1 ff:ff:ff:ff:ff:ff
run flow 2 ff:ff:ff:ff:ff:00
refused 'No space.*max_masks' flow 3 ff:ff:ff:ff:00:00
run flow 3 ff:ff:ff:ff:ff:00

step "No more datapaths in one network namespace"
allow datapaths 1
refused 'Too many open files.*max_datapaths' vslctl add-dp dp1
allow datapaths 2
run vslctl add-dp dp1
run vslctl del-dp dp1
run vslctl del-dp dp0
allow datapaths 0
allow masks 0

step "It still switches"
hosts 1 2
new_dp dp0 v1 v2
wire 1 2
pings h1 10.0.0.2
