#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 36000
# Whatever comes in by a port, and whatever actions it meets, the kernel holds; and
# no packet leaves that is longer than its device may send.
#
# VSL_PACKETS: how many (300000). VSL_SECS: for how long instead. VSL_SEED: 1.
. "$(dirname "$0")/../system/lib.sh"

MTU=600
SECS=${VSL_SECS:-0}
PACKETS=build/test/fuzz/packets

drop_links() {
	local n
	for n in 1 2 3 4; do drop_link "v$n"; done
}

step "Four ports that send at most $MTU bytes, to ends that take 9000"
on_exit drop_links
b=
for n in 1 2 3 4; do
	b+="link add v$n type veth peer name p$n mtu 9000"$'\n'
	b+="$(up "v$n" "p$n")"$'\n'"link set v$n mtu $MTU"$'\n'
done
ip_batch "${b%$'\n'}"
new_dp dp0 v1 v2 v3 v4
ip link set dp0 up

step "Packets, and flows that do anything to them"
# an Ethernet header, and a tag that the device adds
run "$PACKETS" -t "$SECS" -s "${VSL_SEED:-1}" \
	-n "${VSL_PACKETS:-$((SECS ? 1000000000 : 300000))}" -f dp0 \
	-l $((MTU + 18)) p1 p2 p3 p4
get_counters
at_least "packets that met a flow" 1000 "$HIT"

step "It still switches"
vslctl del-flows dp0
hosts 5 6
vslctl add-if dp0 v5 v6
run vslctl show dp0
wire 5 6
pings h5 10.0.0.6
