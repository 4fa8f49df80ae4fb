#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A day squeezed: reloads, ports added and removed, while two hosts talk. No packet of
# theirs is lost, their flow is never put anew, and the daemon's memory is at the end
# what it was after the first of them. VSL_RELOADS=100 VSL_CHURNS=1000 make it a whole day,
# which takes minutes in QEMU.
. "$(dirname "$0")/lib.sh"

# What it has asked for, not what it has touched so far of that: room for a burst of
# upcalls is touched when one comes.
memory() { awk '/^VmData/ { print $2 }' "/proc/$SWITCH/status"; }
reloads=${VSL_RELOADS:-30} churns=${VSL_CHURNS:-100}
hosts -4 1 2 3
know_each_other 1 2
# The rule is not for the pair, but their flow shows that.
always=('port v1 { access = 10 }' 'port v2 { access = 10 }'
	'rule telnet { match = "eth(),eth_type(0x0800),ipv4(proto=6),tcp(dst=23)" actions = drop }')
configured "${always[@]}" 'port v3 { access = 20 }'
pings h1 10.0.0.2
pings h2 10.0.0.1
start_pings pair h1 10.0.0.2 -i 0.02 -c 1000000

step "$reloads reloads, each with other VLANs, rules and limits for port 3"
early=
for ((i = 1; i <= reloads; i++)); do
	configure "${always[@]}" \
		"port v3 { access = $((20 + i % 2)) mac-limit = $((10 + i)) storm-limit = $((100 + i)) }" \
		"static s { mac = 02:00:00:00:01:$(printf %02x $((i % 256))) port = v3 }" \
		"rule r { match = \"in_port(v3),eth(),eth_type(0x0800),ipv4(src=10.1.0.$((i % 250)))\" actions = drop }" \
		> "$WORK/null"
	kill -HUP "$SWITCH"
	wait_for 20 said_more "configuration read again" $((i - 1))
	[ "$i" -lt 10 ] || early=${early:-$(memory)}
done > "$WORK/quiet.log"
late=$(memory)
has_not_grown "$early" "$late" 256

step "$churns ports added and removed"
ip_batch "link add c0 type veth peer name c1
$(up c0 c1)"
on_exit drop_link c0
early=
for ((i = 0; i < churns; i++)); do
	vslctl add-if dp0 c0
	vslctl del-if dp0 c0
	[ "$i" -lt 50 ] || early=${early:-$(memory)}
done > "$WORK/quiet.log"
left() { [ "$(count_said "port c0 .* left")" -ge 1 ]; }
wait_for 60 left
late=$(memory)
has_not_grown "$early" "$late" 256
stop_pings pair
at_least "pings meanwhile" 100 "$SENT"
packets=$(vslctl dump-flows dp0 | sed -n "s/.*in_port(1).*dst=$(mac 2).*eth_type(0x0800).*packets:\([0-9]*\).*/\1/p")
at_least "packets counted by the one flow of the pair" "$SENT" "$packets"
stop_switch
