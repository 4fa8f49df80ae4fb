#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The module is unloaded and loaded again under the running daemon: it waits, has the
# kernel load no other one, makes datapath and ports anew, and switches. While it waits it
# can be told to end. A datapath that is deleted, with the module still there, is its end.
. "$(dirname "$0")/lib.sh"

unload() {
	# neither can be unloaded while there is a datapath
	run vslctl del-dp dp0
	run rmmod "$MODULE"
	wait_for 20 file_has "$WORK/switch.err" "was unloaded"
}
ready_twice() { [ "$(grep -c "vswitchd-lite: ready:" "$WORK/switch.err")" = 2 ]; }

hosts -4 1 2
start_switch --trace-json "$WORK/json" dp0 v1 v2
pings h1 10.0.0.2
before=$(wc -l < "$WORK/json")

step "unloaded, loaded"
unload
# it looks five times a second
nap 1
[ -n "${FAMILY_PREFIX:-}" ] || [ ! -d /sys/module/openvswitch ] || fail "openvswitch was loaded"
load_module
wait_for 30 ready_twice
pings h1 10.0.0.2
pings h2 10.0.0.1
at_least "upcalls in the same trace" $((before + 1)) "$(wc -l < "$WORK/json")"
alive "$SWITCH" || fail "the daemon has ended"

step "deleted, the module is still there"
run vslctl del-dp dp0
wait_for 20 gone "$SWITCH"
rc=0
wait "$SWITCH" || rc=$?
is "exit status" 1 "$rc"
has "it says" "datapath 'dp0' was deleted" "$(< "$WORK/switch.err")"

step "told to end while the module is away"
start_switch --pid-file "$WORK/pid" dp0 v1 v2
unload
run kill -HUP "$SWITCH"
nap 1
alive "$SWITCH" || fail "SIGHUP has ended the daemon"
stop_switch
[ ! -e "$WORK/pid" ] || fail "the pid file is left"
load_module
