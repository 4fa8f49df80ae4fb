#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 900
# oom: yes
# Anyone can have a user namespace, and datapaths in it. Nobody gets more of the
# machine's memory that way than his memory cgroup allows: what his flows, meters,
# counters and datapaths cost is charged to it, whoever's packets have it allocated.
# When he goes, it all comes back.
. "$(dirname "$0")/lib.sh"

lite_only
[ -z "${FAMILY_PREFIX:-}" ] || skip "the families' names have no part in it"
PARAMETERS=/sys/module/vswitch_lite/parameters
MAX=$((16 * 1024 * 1024))

for limit in datapaths flows masks; do echo 0 > $PARAMETERS/max_$limit; done
root=$(findmnt -nt cgroup2 -o TARGET | head -n 1)
grep -qw memory "$root/cgroup.controllers" ||
	skip "this kernel has no memory cgroups"
GROUP=$root/hog

# Freed pages that CPUs keep for themselves are not among those that are free: 7 MB each
HIGH=/proc/sys/vm/percpu_pagelist_high_fraction
on_exit eval "echo $(< $HIGH) > $HIGH"
echo 100000 > $HIGH

# What the machine has left, in bytes, once what waits for a grace period is gone
left() {
	sync
	echo 3 > /proc/sys/vm/drop_caches
	awk '/MemAvailable/ { printf "%d", $2 * 1024 }' /proc/meminfo
}

# greedy COMMAND...: by root of nobody's namespaces, and charged to his group
greedy() {
	(
		ulimit -l unlimited
		echo $BASHPID > "$GROUP/cgroup.procs"
		exec nsenter -t "$HOLDER" -U -n -- "$@"
	) > "$WORK/greedy" 2>&1
}

# leave: the last of his processes, and with it his namespaces
leave() {
	end_pid "$HOLDER" || :
	[ ! -d "$GROUP" ] || wait_for 60 eval 'echo 1 > "$GROUP/cgroup.kill"; rmdir "$GROUP"'
} 2> /dev/null

# It all back but for this; other things go on in the machine.
SLACK=$((6 * 1024 * 1024))
is_back() { [ "$(left)" -ge $((before - SLACK)) ]; }

# takes_all WHAT: makes as many as he can, and is charged for what that costs
takes_all() {
	local lost charged current

	step "All the $1 that $MAX bytes pay for"
	echo +memory > "$root/cgroup.subtree_control"
	mkdir "$GROUP"
	echo $MAX > "$GROUP/memory.max"
	setpriv --reuid 65534 --regid 65534 --clear-groups \
		unshare --user --map-root-user --net sleep infinity &
	HOLDER=$!
	on_exit leave
	wait_for 20 eval '[ "$(readlink /proc/$HOLDER/ns/net)" != "$(readlink /proc/self/ns/net)" ] && [ "$(< /proc/$HOLDER/comm)" = sleep ]'
	before=$(left)
	greedy vslctl add-dp dp0
	greedy ip link set dp0 up
	if greedy "$HELPERS/hog" dp0 "$1"; then
		fail "nothing stopped it"
	fi
	nsenter -t "$HOLDER" -U -n vslctl show | sed -n '1,4p'
	has "it ran into its limit" '[1-9]' "$(sed -n 's/^max //p' "$GROUP/memory.events")"
	lost=$((before - $(left)))
	current=$(< "$GROUP/memory.current")
	note "charged $current bytes, the machine has $lost bytes less"
	at_least "of its limit, in use" $((MAX / 2)) "$current"
	notes_memory || [ $lost -le $((current * 5 / 4 + SLACK)) ] ||
		fail "more than it was charged for"
	leave
	notes_memory || wait_for 60 is_back
}

takes_all flows
takes_all meters
takes_all datapaths

step "It still switches"
hosts 1 2
new_dp dp0 v1 v2
wire 1 2
pings h1 10.0.0.2
