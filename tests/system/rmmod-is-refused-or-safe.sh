#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Unloading the module while datapaths, ports, flows and traffic are there is either
# refused, and then nothing changes, or takes all of it down; right after the last
# datapath is deleted, under traffic and with clients connected, it just works.
. "$(dirname "$0")/lib.sh"

try_rmmod() {
	say rmmod "$MODULE"
	rmmod "$MODULE" > "$WORK/rmmod" 2>&1
}

hosts -4 1 2
new_dp dp0 v1 v2
wire 1 2
pings h1 10.0.0.2
start_pings steady h1 10.0.0.2 -i 0.01
see_packets v1 20
for round in 1 2 3; do
	if try_rmmod; then
		note "unloaded under traffic"
		link_gone dp0 || fail "unloaded, but dp0 is still there"
		load_module
		new_dp dp0 v1 v2
		wire 1 2
	else
		note "refused: $(< "$WORK/rmmod")"
		has "why" 'in use|temporarily unavailable|busy' "$(< "$WORK/rmmod")"
		refused=yes
	fi
	see_packets v1 20
done
if [ "${refused:-}" ]; then
	step "refused, so not one ping was lost"
	stop_pings steady
	start_pings steady h1 10.0.0.2 -i 0.01
fi

step "in use by nobody: it goes, whatever the traffic and whoever listens"
vslctl monitor > "$WORK/monitor" 2>&1 &
monitor=$!
on_exit end_pid $monitor
for round in 1 2 3; do
	run vslctl del-dp dp0
	wait_for 20 try_rmmod
	[ ! -d "/sys/module/$MODULE" ] || fail "$MODULE is still loaded"
	load_module
	new_dp dp0 v1 v2
	wire 1 2
	see_packets v1 20
	vslctl add-flows dp0 - <<< "in_port(1),eth(),eth_type(0x1234) drop"
done
kill -INT "${PING_PID[steady]}"
wait "${PING_PID[steady]}" || :
pings h1 10.0.0.2
