#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What other tools see of ports: internal ones are devices of their own kind that only
# the datapath takes away; devices that are ports listen to everything, without LRO,
# and have a master, as long as they are ports; figures count what passed, and what
# is larger than the MTU, which goes nowhere; they leave room where one adds headers.
. "$(dirname "$0")/lib.sh"

two_ports
step "an internal port"
kind=openvswitch driver=openvswitch
[ "$DATAPATH" = stock ] || driver=vswitch_lite
[ -z "${FAMILY_PREFIX:-}" ] || kind=vswitch_lite
run vslctl add-if dp0 i1,type=internal
for dev in dp0 i1; do
	text=$(ip -d link show $dev; ethtool -k $dev)
	has "promiscuity" 'promiscuity 1 ' "$text"
	has "kind" "$kind" "$text"
	has "MTU up to" 'maxmtu 65535' "$text"
	has "checksums" 'tx-checksum-ip-generic: on' "$text"
	has "segments" 'tcp-segmentation-offload: on' "$text"
	has "tags" 'tx-vlan-offload: on' "$text"
	has "driver" "driver: $driver" "$(ethtool -i $dev)"
	refused 'not supported' ip link del $dev
done
on_exit drop_netns aside
run ip netns add aside
refused 'Invalid argument|immutable' ip link set dp0 netns aside
run ip link set i1 netns aside
run ip -n aside link set i1 netns 1
run vslctl del-if dp0 i1
link_gone i1 || fail "i1 is still there"

step "devices that are ports, and no longer"
ports=(v1 v2)
# a bond without members claims LRO
if modprobe -q bonding; then
	on_exit unload_module bonding
	run ip link add bond9 type bond
	has "LRO" 'large-receive-offload: on' "$(ethtool -k bond9)"
	run vslctl add-if dp0 bond9
	has "LRO" 'large-receive-offload: off' "$(ethtool -k bond9)"
	ports+=(bond9)
fi
for dev in "${ports[@]}"; do
	text=$(ip -d link show "$dev")
	has "$dev" ' master ' "$text"
	has "$dev" ' promiscuity 1 ' "$text"
done
run vslctl del-if dp0 v2
text=$(ip -d link show v2)
has "v2" ' promiscuity 0 ' "$text"
[[ $text != *' master '* ]] || fail "v2 has a master yet: $text"
run vslctl add-if dp0 v2,port_no=2

step "figures, and what is too large"
# figures PORT: sets RX and TX, "PACKETS BYTES" each, ERRORS and UPCALLS
figures() {
	IFS=, read -r RX TX ERRORS UPCALLS < <(vslctl -j -s show dp0 |
		jq -r --argjson n "$1" '.[0].ports[] | select(.port_no == $n) | .statistics as $s |
			"\($s.rx_packets) \($s.rx_bytes),\($s.tx_packets) \($s.tx_bytes),\($s.tx_errors),\(.upcalls | tostring)"')
}
u4='eth_type(0x0800),ipv4(proto=17,frag=no),udp()'
tagged="eth_type(0x8100),vlan(vid=5),encap($u4)"
run ip link set v2 mtu 500
# headers are 42 bytes; the MTU counts neither Ethernet's 14 nor a tag
edit udp4,len=18 "$u4" 2 '* len 60'
edit udp4,len=472 "$u4" 2 '* len 514'
edit udp4,len=473 "$u4" 2
edit udp4,len=472,vlan=5 "$tagged" 2 '* vlan 0x8100 5/0 * len 518'
edit udp4,len=473,vlan=5 "$tagged" 2
edit udp4,len=19 "$u4" 2 '* len 61'
run_edits
figures 1
is "in, packets and bytes" "6 $((60 + 514 + 515 + 518 + 519 + 61))" "$RX"
figures 2
is "out, packets" 4 "${TX% *}"
if [ "$DATAPATH" = lite ]; then
	is "too large" 2 "$ERRORS"
fi

step "upcalls that nobody takes are counted where they came in"
get_counters
lost=$LOST
"$PACKET" send p2 arp arp arp
get_counters
is "lost" 3 $((LOST - lost))
figures 2
if [ "$DATAPATH" = lite ]; then
	is "upcalls of port 2" '{"delivered":0,"lost":3}' "$UPCALLS"
	figures 1
	is "upcalls of port 1" '{"delivered":0,"lost":0}' "$UPCALLS"
fi

step "room before packets, as much as any port wants"
# told: how much veth devices were told to leave since this was called last
told() {
	grep -o 'room=.*' $TRACEFS/trace | sort -u | tr '\n' ' ' || :
	echo > $TRACEFS/trace
}
end_probe() {
	echo 0 > $TRACEFS/events/kprobes/vslroom/enable
	echo -:vslroom >> $TRACEFS/kprobe_events
}
if has_tracefs && [ -e $TRACEFS/kprobe_events ] &&
	ip link add vx0 type vxlan id 5 remote 192.0.2.1 dstport 4789 2> "$WORK/vxlan"; then
	on_exit drop_link vx0
	echo 'p:vslroom veth:veth_set_rx_headroom room=%si:s32' >> $TRACEFS/kprobe_events
	on_exit end_probe
	echo 1 > $TRACEFS/events/kprobes/vslroom/enable
	told > "$WORK/told"
	# Ethernet, IPv4, UDP and VXLAN headers are 50 bytes, the frame's own header 14
	run vslctl add-if dp0 vx0
	is "with a tunnel" 'room=64 ' "$(told)"
	run vslctl del-if dp0 v1
	is "who is no port" 'room=-1 ' "$(told)"
	run vslctl add-if dp0 v1,port_no=1
	is "who comes later" 'room=64 ' "$(told)"
	run vslctl del-if dp0 vx0
	is "without the tunnel" 'room=0 ' "$(told)"
else
	note "not tried: this kernel has no probes or no VXLAN"
fi
