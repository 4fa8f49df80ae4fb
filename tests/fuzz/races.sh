#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 36000
# Everything that can change, changes at once: ports, datapaths, namespaces, names
# and places of devices, daemons that are killed, flows, dumps, the module itself.
# Meanwhile two hosts talk by flows that stay: not one of their packets may miss.
#
# VSL_SECS: for how long (60).
. "$(dirname "$0")/../system/lib.sh"

lite_only
SECS=${VSL_SECS:-60}
END=0

# again NAME COMMAND...: over and over, in the background, until the time is over;
# what it does may fail, for all the others change what it is about.
again() {
	local name=$1
	shift
	(
		trap - ERR EXIT
		set +eE
		n=0
		while [ "$SECONDS" -lt "$END" ]; do
			"$@"
			n=$((n + 1))
		done > /dev/null 2>&1
		echo "$name: $n rounds" >> "$WORK/rounds"
	) &
	WORKERS+=($!)
}

ports() {
	vslctl add-if dp1 r1
	vslctl add-if dp1 ri,type=internal
	ip link set r1 up
	vslctl del-if dp1 r1
	vslctl del-if dp1 ri
}

other_datapath() {
	vslctl add-dp dp2 r1 r2
	vslctl show dp2
	vslctl del-dp dp2
}

device_goes() {
	ip link add r3 type veth peer name q3
	vslctl add-if dp1 r3
	ip link del q3
}

device_renamed() {
	ip link set r2 name r2x
	vslctl add-if dp1 r2x
	ip link set r2x name r2
	vslctl del-if dp1 r2
}

device_moved() {
	ip link add m1 type veth peer name m2
	vslctl add-if dp1 m1
	ip link set m1 netns far
	ip -n far link set m1 netns 1
	vslctl add-if dp1 mi,type=internal
	ip link set mi netns far
	ip link del m2
}

namespace_goes() {
	ip netns add gone
	ip -n gone link add g1 type veth peer name g2
	ip netns exec gone vslctl add-dp dpg g1
	ip -n gone link set g2 up
	ip netns del gone
}

daemon_killed() {
	local pid
	vswitchd-lite dp3 &
	pid=$!
	vslctl add-if dp3 r4
	nap 0.3
	kill -9 $pid
	wait $pid
	vslctl del-dp dp3
}

dumps() {
	vslctl dump-flows dp0
	vslctl -j show
	vslctl del-flows dp1
}

module_goes() { rmmod vswitch_lite; }

drop_all() {
	local x
	for x in dp1 dp2 dp3; do drop_dp $x; done
	for x in r1 r2 r2x r3 r4 m1 m2; do drop_link $x; done
	drop_netns far
	drop_netns gone
}

step "Two hosts that talk by flows that stay"
two_that_talk
get_counters dp0
missed=$MISSED lost=$LOST
start_pings steady h1 10.0.0.2 -i 0.005

step "All at once, for $SECS s"
on_exit drop_all
ip netns add far
ip_batch "link add r1 type veth peer name q1
link add r2 type veth peer name q2
link add r4 type veth peer name q4
link set q1 up
link set q2 up"
run vslctl add-dp dp1
END=$((SECONDS + SECS))
WORKERS=()
again ports ports
again datapath other_datapath
again "device deleted" device_goes
again "device renamed" device_renamed
again "device moved" device_moved
again "namespace deleted" namespace_goes
again "daemon killed" daemon_killed
again dumps dumps
again rmmod module_goes
again "flow churn" "$HELPERS/churn" dp0 300 2
again packets build/test/fuzz/packets -n 3200 q1 q2
wait "${WORKERS[@]}"
cat "$WORK/rounds"
is "kinds of change that took place" "${#WORKERS[@]}" "$(awk '/: [1-9]/' "$WORK/rounds" | wc -l)"

step "Not one packet of theirs has missed"
stop_pings steady
get_counters dp0
is "misses" "$missed" "$MISSED"
is "lost" "$lost" "$LOST"
