#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What is sent in one VLAN is not seen in another, not even for a moment: a capture
# on the wrong port stays empty, whatever is flooded. A trunk's native VLAN goes
# without a tag, the others with theirs.
. "$(dirname "$0")/lib.sh"

hosts -4 1 2 3 4
configured 'port v1 { access = 10 }' 'port v2 { access = 10 }' 'port v3 { access = 20 }' \
	'port v4 { trunk = {10, 20} native = 20 }'
mine="ether src $(mac 1)"
has "vslctl ports" "v4 trunk=10,20 native=20" "$(vslctl ports)"

step "host 1 floods VLAN 10: ARP for one that is not there, broadcast, an unknown host"
start_capture wrong h3 eth0 "$mine"
wrong=$CAPTURE
start_capture right h2 eth0 "$mine"
no_pings h1 10.0.0.99
ip_batch "neigh replace 10.0.0.98 lladdr 02:00:00:00:00:62 dev eth0 nud permanent" -n h1
no_pings h1 10.0.0.98
on h1 ping -n -b -c 2 -i 0.2 -W 1 10.0.0.255 || :
pings h1 10.0.0.2
wait_for 20 file_has "$WORK/right.txt" "> 10.0.0.2: ICMP echo request"
end_pid "$CAPTURE" || :
end_pid "$wrong" || :
at_least "frames of host 1 on the right port" 8 "$(grep -c ethertype "$WORK/right.txt" || :)"
is "frames of host 1 on the wrong port" 0 "$(grep -c ethertype "$WORK/wrong.txt" || :)"

step "the trunk: VLAN 20 without a tag, VLAN 10 with one"
start_capture trunk h4 eth0 "ether src $(mac 1) or ether src $(mac 3)"
pings h3 10.0.0.4
no_pings h1 10.0.0.97
wait_for 20 file_has "$WORK/trunk.txt" "10.0.0.97"
stop_capture
trunk=$(< "$WORK/trunk.txt")
has "VLAN 10 on the trunk" "$(mac 1) > ff:ff:ff:ff:ff:ff, ethertype 802.1Q [^:]*: vlan 10" "$trunk"
has "VLAN 20 on the trunk" "$(mac 3) > $(mac 4), ethertype IPv4" "$trunk"
[[ ! $trunk =~ "vlan 20" ]] || fail "VLAN 20 has a tag on its native trunk: $trunk"
no_pings h4 10.0.0.1
