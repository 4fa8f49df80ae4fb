#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Addresses and ports of real connections set on the way there and back, where the
# checksums are still to be filled in by a device (superpackets among them), where
# they are filled in, and where a tunnel has summed up the whole packet: receivers
# find nothing wrong, bytes are right.
# timeout: 300
. "$(dirname "$0")/lib.sh"

hosts 1 2
new_dp dp0 v1 v2
# h1 knows h2 as 10.0.0.22, fd00::22, port 5022, h2 h1 as 10.0.0.11, fd00::11
for l in "neigh replace 10.0.0.22" "neigh replace fd00::22"; do
	ip_batch "$l lladdr $(mac 2) dev eth0 nud permanent" -n h1
done
for l in "neigh replace 10.0.0.11" "neigh replace fd00::11"; do
	ip_batch "$l lladdr $(mac 1) dev eth0 nud permanent" -n h2
done
t4='eth_type(0x0800),ipv4(proto=6,frag=no),tcp()'
t6='eth_type(0x86dd),ipv6(proto=6,frag=no),tcp()'
i4='eth_type(0x0800),ipv4(proto=1,frag=no),icmp()'
i6='eth_type(0x86dd),ipv6(proto=58,frag=no),icmpv6(type=128)'
j6='eth_type(0x86dd),ipv6(proto=58,frag=no),icmpv6(type=129)'
there4='set(ipv4(src=10.0.0.11,dst=10.0.0.2))'
back4='set(ipv4(src=10.0.0.22,dst=10.0.0.1))'
there6='set(ipv6(src=fd00::11,dst=fd00::2))'
back6='set(ipv6(src=fd00::22,dst=fd00::1))'
add_flows dp0 <<< "in_port(1),eth(),$t4 $there4,set(tcp(dst=5000)),2
in_port(2),eth(),$t4 $back4,set(tcp(src=5022)),1
in_port(1),eth(),$t6 $there6,set(tcp(dst=5000)),2
in_port(2),eth(),$t6 $back6,set(tcp(src=5022)),1
in_port(1),eth(),$i4 $there4,2
in_port(2),eth(),$i4 $back4,1
in_port(1),eth(),$i6 $there6,2
in_port(2),eth(),$j6 $back6,1"

# snmp hN GROUP NAME: a counter of /proc/net/snmp
snmp() {
	nsenter "--net=/run/netns/$1" cat /proc/net/snmp |
		awk -v g="$2:" -v n="$3" '$1 == g && !c { for (i = 2; i <= NF; i++) if ($i == n) c = i; next }
			$1 == g && c { print $c; exit }'
}

snmp6() { nsenter "--net=/run/netns/$1" awk -v n="$2" '$1 == n { print $2 }' /proc/net/snmp6; }

nothing_wrong() {
	local n
	for n in "$@"; do
		is "$n: TCP checksum errors" 0 "$(snmp "$n" Tcp InCsumErrors)"
		is "$n: ICMP checksum errors" 0 "$(snmp "$n" Icmp InCsumErrors)"
		is "$n: ICMPv6 checksum errors" 0 "$(snmp6 "$n" Icmp6InCsumErrors)"
		is "$n: IP header errors" 0 "$(snmp "$n" Ip InHdrErrors)"
	done
}

# translated ADDRESS BYTES
translated() {
	listen_at h2
	run nsenter --net=/run/netns/h1 "$HELPERS/stream" send "$1" 5022 "$2"
	sink_got "$2"
}

for ports in on off; do
	for ends in on off; do
		step "offloads: switch ports $ports, hosts $ends"
		for n in 1 2; do
			run ethtool -K v$n tx $ports tso $ports gso $ports > /dev/null
			on h$n ethtool -K eth0 tx $ends tso $ends gso $ends > /dev/null
		done
		translated 10.0.0.22 2000000
		translated fd00::22 2000000
		pings h1 10.0.0.22
		pings h1 fd00::22 -s 1000
	done
done
nothing_wrong h1 h2

step "packets that a tunnel has summed up"
# h3 reaches dp0's own address through a tunnel that has UDP checksums, filled in
# by h3: to check them, the switch's side adds up the whole packet
ip_batch "netns add h3
link add u3 type veth peer name eth0 netns h3
addr add 192.168.9.1/24 dev u3
link set u3 up"
on_exit drop_link u3
on_exit drop_netns h3
ip_batch "addr add 192.168.9.3/24 dev eth0
link set eth0 up
link set lo up
link add vx type vxlan id 5 local 192.168.9.3 remote 192.168.9.1 dstport 4789 udpcsum
link set vx address $(mac 3)
addr add 10.0.0.1/24 dev vx
addr add fd00::1/64 dev vx nodad
link set vx up
neigh replace 10.0.0.22 lladdr $(mac 9) dev vx nud permanent
neigh replace fd00::22 lladdr $(mac 9) dev vx nud permanent" -n h3
on h3 ethtool -K eth0 tx off > /dev/null
ip_batch "link add vx3 type vxlan id 5 local 192.168.9.1 remote 192.168.9.3 dstport 4789 udpcsum
link set vx3 up
link set dp0 address $(mac 9)
addr add 10.0.0.2/24 dev dp0
addr add fd00::2/64 dev dp0 nodad
link set dp0 up
neigh replace 10.0.0.11 lladdr $(mac 3) dev dp0 nud permanent
neigh replace fd00::11 lladdr $(mac 3) dev dp0 nud permanent"
on_exit drop_link vx3
run ethtool -K u3 gro off > /dev/null
run vslctl add-if dp0 vx3
add_flows dp0 <<< "in_port(vx3),eth(),$i4 $there4,dp0
in_port(dp0),eth(),$i4 $back4,vx3
in_port(vx3),eth(),$i6 $there6,dp0
in_port(dp0),eth(),$j6 $back6,vx3
in_port(vx3),eth(),$t4 $there4,set(tcp(dst=5000)),dp0
in_port(dp0),eth(),$t4 $back4,set(tcp(src=5022)),vx3
in_port(vx3),eth(),$t6 $there6,set(ipv6(tclass=4,hlimit=9)),set(tcp(dst=5000)),dp0
in_port(dp0),eth(),$t6 $back6,set(tcp(src=5022)),vx3"
pings h3 10.0.0.22 -s 400
pings h3 fd00::22 -s 400
for to in 10.0.0.22 fd00::22; do
	listen_at -
	run nsenter --net=/run/netns/h3 "$HELPERS/stream" send $to 5022 300000
	sink_got 300000
done
nothing_wrong h3
# "hw csum failure" is what the kernel says of a sum that was not kept right
is "the kernel's complaints" 0 "$(dmesg | grep -c 'csum failure' || :)"
