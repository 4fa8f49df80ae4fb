#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Clients of the control socket cannot keep the daemon from its packets or from each
# other: those who ask and never read are hung up on, those who are too many are told
# so, and meanwhile upcalls are answered. Thousands of calls and connections later the
# daemon has as much memory as before.
. "$(dirname "$0")/lib.sh"

SOCK=/run/vswitchd-lite/dp0.sock
LOAD=$HELPERS/rpcload
STATUS='{"jsonrpc":"2.0","method":"status","id":1}'
METRICS='{"jsonrpc":"2.0","method":"metrics","id":1}'

figure() { vslctl -j stats | jq ".$1"; }

# clients_are N: so many are connected, the one that asks among them
clients_are() { [ "$(figure control.clients)" = "$1" ]; }

hosts -4 1 2
start_switch --no-trace dp0 v1 v2
pings h1 10.0.0.2

step "clients that do not read"
"$LOAD" "$SOCK" stall 8 "$METRICS" > "$WORK/stalled" &
stalled=$!
on_exit end_pid "$stalled"
# those, and the one that asks
wait_for 10 clients_are 9
run vslctl fdb flush
pings h1 10.0.0.2
before=$EPOCHREALTIME
has "meanwhile" "pid $SWITCH" "$(vslctl status)"
note "an answer took $(((${EPOCHREALTIME/./} - ${before/./}) / 1000)) ms"
wait "$stalled" || fail "they were not hung up on"
has "seconds until they were hung up on" '^1[0-9]\.' "$(< "$WORK/stalled")"
is "counted" 8 "$(figure control.stalled)"
wait_for 10 clients_are 1

step "too many clients"
"$LOAD" "$SOCK" hold 33 > "$WORK/held"
has "the last is told" '"code":-32000,"message":"too many clients' "$(< "$WORK/held")"
wait_for 10 clients_are 1
is "counted" 1 "$(figure control.refused)"

step "what is not a message"
has "not JSON" '"code":-32700' "$("$LOAD" "$SOCK" calls 1 '{')"
has "no such method" '"code":-32601' "$("$LOAD" "$SOCK" calls 1 '{"jsonrpc":"2.0","method":"x","id":1}')"
printf -v long '%066000d' 0
has "too long" '"code":-32600,"message":"the message is longer' "$("$LOAD" "$SOCK" calls 1 "$long")"

step "thousands of calls and connections"
"$LOAD" "$SOCK" calls 500 "$METRICS" > "$WORK/answer"
"$LOAD" "$SOCK" connect 500 "$STATUS" > "$WORK/answer"
before=$(figure daemon.memory)
"$LOAD" "$SOCK" calls 2500 "$METRICS" > "$WORK/answer"
"$LOAD" "$SOCK" connect 2500 "$STATUS" > "$WORK/answer"
has "the last answer" "\"pid\":$SWITCH," "$(< "$WORK/answer")"
after=$(figure daemon.memory)
# a leak of 64 bytes a call would be 320,000
has_not_grown "$before" "$after" $((256 * 1024))
pings h1 10.0.0.2
stop_switch
