#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# vslctl monitor tells, as they come, of datapaths, ports and flows that are made,
# changed and deleted, by whomever.
. "$(dirname "$0")/lib.sh"

hosts -4 1
SHOW=("$WORK/monitor")
vslctl monitor > "$WORK/monitor" 2>&1 &
monitor=$!
on_exit end_pid $monitor
vslctl -j monitor > "$WORK/json" 2> "$WORK/json.err" &
json=$!
on_exit end_pid $json

wait_for 20 file_has "$WORK/monitor" ready
wait_for 20 file_has "$WORK/json.err" ready

# told PATTERN: a line like this comes
told() { wait_for 10 monitor_has "$1" && note "told: $1"; }
monitor_has() { [[ $(< "$WORK/monitor") =~ $1 ]]; }

new_dp dp0
told 'dp0 dp-add'
run vslctl add-if dp0 v1
told 'dp0 port-add port 1: v1'
run vslctl add-flow dp0 "in_port(1),eth(),eth_type(0x1111)" 0
told 'dp0 flow-add in_port\(1\),eth\(\),eth_type\(0x1111\)[^'$'\n'']*actions:0'
run vslctl mod-flow dp0 "in_port(1),eth(),eth_type(0x1111)" drop
told 'dp0 flow-change in_port\(1\),eth\(\),eth_type\(0x1111\)[^'$'\n'']*actions:drop'
run vslctl del-flow dp0 "in_port(1),eth(),eth_type(0x1111)"
told 'dp0 flow-del in_port\(1\),eth\(\),eth_type\(0x1111\)'
step "a port's device is deleted, a datapath too"
run ip link del v1
told 'dp0 port-del port 1: v1'
run vslctl del-dp dp0
told 'dp0 dp-del'
end_pid $monitor || :
end_pid $json || :
cat "$WORK/monitor"

step "the JSON is JSON, and tells the same"
jq -e . < "$WORK/json" > "$WORK/pretty" || fail "not JSON: $(< "$WORK/json")"
for word in dp0 v1 0x1111; do
	has "in JSON" "$word" "$(< "$WORK/pretty")"
done
