#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# NORMAL of ovs-vswitchd with VLANs: access, trunk and native ports, a provider's tag
# around a customer's (dot1q-tunnel), and a mirror that gets a shortened copy of all.
# timeout: 300
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib-ovs.sh"

start_ovs other_config:vlan-limit=2
veths 1 8
port_args br0 '1 tag=10' '2 tag=10' '3 tag=20' '4 trunks=10,20' \
	'5 vlan_mode=native-untagged tag=20 trunks=10' \
	'6 vlan_mode=dot1q-tunnel tag=100' \
	'7 trunks=100 other_config:qinq-ethtype=802.1ad' 8
vsctl add-br br0 "${PORT_ARGS[@]}" \
	-- --id=@out get port v8 -- --id=@m create mirror name=m0 select_all=true output_port=@out snaplen=60 \
	-- set bridge br0 mirrors=@m
tap 1 2 3 4 5 6 7 8

# No frame has been sent from its destination, so each goes to all ports of its VLAN,
# in whatever order; and as a 64 byte copy to the mirror, first of all.
f='02:00:00:00:00:02'
l3='ip 10.0.0.1>10.0.0.2 tos 0 ttl 64 sum ok udp 1000>2000 sum ok len'
# the outermost tag is kept beside the frame and does not count
cut='ip 10.0.0.1>10.0.0.2 tos 0 ttl 64 sum ok cut len 64'
from() { printf '02:00:00:00:01:%02x>%s' "$1" "$f"; }

step "an access port's VLAN"
for n in 1 2; do	# the first misses, the second hits
	send 1 udp4,len=100,from=1
	comes 8 "$(from 1) vlan 0x8100 10/0 $cut"
	comes 2 "$(from 1) $l3 142"
	comes 4 "$(from 1) vlan 0x8100 10/0 $l3 146"
	comes 5 "$(from 1) vlan 0x8100 10/0 $l3 146"
done

step "from a trunk"
for n in 1 2; do
	send 4 udp4,len=100,vlan=20,from=2
	comes 8 "$(from 2) vlan 0x8100 20/0 $cut"
	comes 3 "$(from 2) $l3 142"
	comes 5 "$(from 2) $l3 142"
done

step "a native VLAN"
for n in 1 2; do
	send 5 udp4,len=100,from=3
	comes 8 "$(from 3) vlan 0x8100 20/0 $cut"
	comes 3 "$(from 3) $l3 142"
	comes 4 "$(from 3) vlan 0x8100 20/0 $l3 146"
done

step "a provider's tag around a customer's, and off again"
for n in 1 2; do
	send 6 udp4,len=100,vlan=5,from=4
	comes 8 "$(from 4) vlan 0x88a8 100/0 vlan 0x8100 5/0 *cut len 64"
	comes 7 "$(from 4) vlan 0x88a8 100/0 vlan 0x8100 5/0 $l3 150"
	send 7 udp4,len=100,vlan=100,vlan=6,from=5
	comes 8 "$(from 5) *cut len 64"
	comes 6 "$(from 5) vlan 0x8100 6/0 $l3 146"
done

step "what must not pass"
# a tag that is none of the trunk's, a tag at an access port
send 4 udp4,len=100,vlan=30,from=6
send 1 udp4,len=100,vlan=20,from=7
# and one that does, after them
send 2 udp4,len=100,from=8
comes 8 "$(from 8) vlan 0x8100 10/0 $cut"

step "nothing else has come"
# the last frame to each, past the bridge
for n in 1 2 3 4 5 6 7 8; do "$PACKET" send "v$n" arp,from=99; done
comes 1 "$(from 8) $l3 142"
for n in 2 3 6 7 8; do comes $n "$(from 99) type 0x0806 len 42"; done
comes 4 "$(from 8) vlan 0x8100 10/0 $l3 146" "$(from 99) type 0x0806 len 42"
comes 5 "$(from 8) vlan 0x8100 10/0 $l3 146" "$(from 99) type 0x0806 len 42"
no_complaints 'dropping VLAN|dropping packet'
