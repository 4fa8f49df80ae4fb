#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The running daemon is asked and told over its control socket: its state, ports and
# figures agree with what the kernel says, a fixed host moves traffic, a flushed one
# is learned anew, and the trace is switched and followed.
. "$(dirname "$0")/lib.sh"

ctl() {
	say "vslctl $*"
	vslctl "$@"
}

hosts -4 1 2
start_switch dp0 v1 v2:access=10
is "mode of the socket" 600 "$(stat -c %a /run/vswitchd-lite/dp0.sock)"

step "state and ports"
status=$(ctl status)
has "status" "pid $SWITCH, .*datapath dp0 of $MODULE.ko: 3 ports, 0 hosts" "$status"
is "ports" $'port 0: dp0\nport 1: v1\nport 2: v2 access=10' "$(ctl ports)"
is "access VLAN as JSON" 10 "$(vslctl -j ports | jq '.[] | select(.name == "v2").access')"

step "a fixed host"
run vslctl fdb add 02:00:00:00:00:99 v1 vlan=10
is "table" "10 02:00:00:00:00:99 v1 static" "$(ctl fdb show | tail -n 1 | tr -s ' ')"
refused "no port of that name" vslctl fdb add 02:00:00:00:00:98 v9
refused "group address" vslctl fdb add 01:00:00:00:00:98 v1
refused "not a MAC" vslctl fdb add 02:00:00:00:00 v1
refused "not understood" vslctl fdb add 02:00:00:00:00:98 v1 vlan=4095
is "table" "10 02:00:00:00:00:99 v1 static" "$(ctl fdb show | tail -n +2 | tr -s ' ')"
run vslctl fdb del 02:00:00:00:00:99 vlan=10
refused "not in the MAC table" vslctl fdb del 02:00:00:00:00:99 vlan=10
stop_switch

step "learned hosts, flushed"
start_switch dp0 v1 v2
pings h1 10.0.0.2
know_each_other 1 2
wait_quiet dp0
is "hosts" $'02:00:00:00:00:01 v1\n02:00:00:00:00:02 v2' \
	"$(ctl fdb show | awk 'NR > 1 { print $2, $3 }')"
get_counters dp0
is "its flows and the kernel's" "$FLOWS" "$(vslctl -j stats | jq .flows.count)"
is "its upcalls and the kernel's misses" "$MISSED" "$(vslctl -j stats | jq .upcalls.misses)"
is "the kernel's figures through it" "$MISSED" "$(vslctl -j stats | jq .datapath.missed)"
has "flush of one port" "^1 host forgotten" "$(ctl fdb flush port=v1)"
is "hosts" "02:00:00:00:00:02 v2" "$(ctl fdb show | awk 'NR > 1 { print $2, $3 }')"
pings h1 10.0.0.2
is "hosts" 2 "$(vslctl -j fdb show | jq length)"

step "the trace, followed and switched"
vslctl trace follow > "$WORK/follow" 2> "$WORK/follow.err" &
follower=$!
on_exit end_pid "$follower"
wait_for 20 file_has "$WORK/follow.err" ready
is "trace off" "" "$(vslctl trace off 2>&1)"
before=$(wc -l < "$WORK/switch.out")
run vslctl fdb flush
pings h2 10.0.0.1
wait_for 20 file_has "$WORK/follow" "learned 02:00:00:00:00:02 on 2"
is "lines of the trace while off" "$before" "$(wc -l < "$WORK/switch.out")"
has "as it is traced" '^[0-9:.]+ v2 miss in_port\(2\).*-> .*, flow put, [0-9]+ us' "$(< "$WORK/follow")"
ctl trace on
run vslctl fdb flush
pings h1 10.0.0.2
wait_for 20 file_has "$WORK/switch.out" "learned 02:00:00:00:00:01 on 1"
is "followers and the trace say the same" "$(tail -n 1 "$WORK/switch.out")" \
	"$(tail -n 1 "$WORK/follow")"
end_pid "$follower" || :

step "metrics"
metrics=$(vslctl metrics)
has "counter" 'vswitchd_lite_upcalls_total\{datapath="dp0",kind="miss"\} [0-9]+' "$metrics"
has "histogram" 'upcall_seconds_bucket\{datapath="dp0",le="\+Inf"\} [0-9]+' "$metrics"

step "what cannot be done"
refused "there is no configuration file" vslctl reload
refused "no daemon at" vslctl --control dp7 status
stop_switch
[ ! -e /run/vswitchd-lite/dp0.sock ] || fail "the socket is left"
refused "there is no daemon's socket" vslctl status
