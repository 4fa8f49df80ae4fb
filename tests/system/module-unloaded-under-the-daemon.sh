#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The module is unloaded and loaded again under the running daemon: it waits, makes
# datapath and ports anew, and switches. A datapath that is deleted, with the module
# still there, is the daemon's end.
. "$(dirname "$0")/lib.sh"

reload_module() {
	if [ "$DATAPATH" = lite ]; then
		# which cannot be unloaded while there is a datapath
		run vslctl del-dp dp0
		run rmmod vswitch_lite
	else
		run rmmod openvswitch
	fi
	wait_for 20 file_has "$WORK/switch.err" "was unloaded"
	load_module
}
ready_twice() { [ "$(grep -c "vswitchd-lite: ready:" "$WORK/switch.err")" = 2 ]; }

# Who asks for the families while nobody has them makes the kernel load who has.
if [ "$DATAPATH" = lite ]; then
	mkdir -p /run/modprobe.d
	echo "install openvswitch /bin/false" > /run/modprobe.d/vsl-scenario.conf
	on_exit rm -f /run/modprobe.d/vsl-scenario.conf
fi

hosts -4 1 2
start_switch --trace-json "$WORK/json" dp0 v1 v2
pings h1 10.0.0.2
before=$(wc -l < "$WORK/json")

step "unloaded, loaded"
reload_module
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
