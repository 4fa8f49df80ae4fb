#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A trace into a pipe that nobody empties does not stop the switch; when somebody reads
# again, it says how many upcalls are missing, and no line is torn.
. "$(dirname "$0")/lib.sh"

hosts -4 1 2
ip_batch "link add v3 type veth peer name p3
$(up v3 p3)"
on_exit drop_link v3
mkfifo "$WORK/pipe"
refused 'nobody reads' vswitchd-lite --trace-json "$WORK/pipe" dp0 v1
# a reader, but one that does not read
exec {PIPE}<> "$WORK/pipe"
start_switch --no-trace --trace-json "$WORK/pipe" dp0 v1 v2 v3

step "more upcalls than the pipe and the daemon's buffer hold"
# 64 KiB and 256 KiB; an object has about 400 bytes
run "$HELPERS/flood" p3 2000 2
missed_at_least() { get_counters dp0 && [ "$MISSED" -ge "$1" ]; } > /dev/null
wait_for 60 missed_at_least 3000
pings h1 10.0.0.2

step "read at last"
cat "$WORK/pipe" > "$WORK/read" {PIPE}>&- &
on_exit end_pid $!
wait_for 20 file_has "$WORK/read" '"skipped"'
pings h2 10.0.0.1 -c 1
wait_quiet dp0
stop_switch
exec {PIPE}>&-
gap_told() { [ $(($(jq -s 'map(.skipped // 1) | add' "$WORK/read") + LOST)) -ge "$MISSED" ]; }
wait_for 20 gap_told
# each miss is told of, counted as missing, or was lost before the daemon saw it
is "told of, missing and lost" "$MISSED" $(($(jq -s 'map(.skipped // 1) | add' "$WORK/read") + LOST))
