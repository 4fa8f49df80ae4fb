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
vslctl -j monitor > "$WORK/json" 2>&1 &
json=$!
on_exit end_pid $json

# Both are listening once they tell of a datapath that comes and goes.
both_listen() {
	vslctl add-dp probe0 && vslctl del-dp probe0
	file_has "$WORK/monitor" probe0 && file_has "$WORK/json" probe0
}
wait_for 30 both_listen

# told PATTERN: a line like this comes
told() { wait_for 10 monitor_has "$1" && note "told: $1"; }
monitor_has() { [[ $(< "$WORK/monitor") =~ $1 ]]; }

new_dp dp0
told 'dp0'
run vslctl add-if dp0 v1
told 'v1'
run vslctl add-flow dp0 "in_port(1),eth(),eth_type(0x1111)" 0
told 'eth_type\(0x1111\)'
run vslctl mod-flow dp0 "in_port(1),eth(),eth_type(0x1111)" drop
told 'eth_type\(0x1111\)[^'$'\n'']*actions:drop'
run vslctl del-flow dp0 "in_port(1),eth(),eth_type(0x1111)"
told '[Dd][Ee][Ll][^'$'\n'']*eth_type\(0x1111\)'
step "a port's device is deleted, a datapath too"
run ip link del v1
told '[Dd][Ee][Ll][^'$'\n'']*v1'
run vslctl del-dp dp0
told '[Dd][Ee][Ll][^'$'\n'']*dp0'
end_pid $monitor || :
end_pid $json || :
cat "$WORK/monitor"

step "the JSON is JSON, and tells the same"
jq -e . < "$WORK/json" > "$WORK/pretty" || fail "not JSON: $(< "$WORK/json")"
for word in dp0 v1 0x1111; do
	has "in JSON" "$word" "$(< "$WORK/pretty")"
done
