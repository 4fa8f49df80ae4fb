#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# record.sh stock|lite: makes a datapath by ovs-dpctl, sends it a packet, and
# prints what the kernel was asked and what it answers about it, see requests.c and
# record.c; on stock also what ovs-vswitchd asks, see record-ovs.sh. guest-run runs it;
# tests/unit/test_recorded.c knows what is made here.
set -e

# What requests runs: record.sh flows
if [ "$1" = flows ]; then
	ovs-dpctl add-flow rec0 'in_port(1),eth(src=02:00:00:00:00:01/ff:ff:ff:00:00:00),eth_type(0x88a8),vlan(vid=5,pcp=3),encap(eth_type(0x8100),vlan(vid=9,pcp=1),encap(eth_type(0x0800),ipv4(src=10.0.0.0/255.0.0.0,proto=6),tcp(src=1000/0xff00,dst=443),tcp_flags(+syn-ack)))' 'pop_vlan,push_vlan(vid=6,pcp=1),7'
	ovs-dpctl add-flow rec0 'ufid:01234567-89ab-cdef-0123-456789abcdef,skb_mark(0x5/0xf),in_port(1),eth(),eth_type(0x86dd),ipv6(proto=58,frag=no),icmpv6(type=135,code=0),nd(target=fd00::3)' 'userspace(pid=5,userdata(0011223344556677)),7'
	ovs-dpctl add-flow rec0 'in_port(1),eth(),eth_type(0x0806),arp(op=1)' 7
	ovs-dpctl add-flow rec0 'in_port(1),eth(),eth_type(0x0800),ipv4(proto=17,frag=no),udp()' 'trunc(40),userspace(pid=5,userdata(0011223344556677),actions)'
	exit
fi

modprobe nlmon
printf '%s\n' 'link add v1 type veth peer name w1' 'link set v1 up' 'link set w1 up' \
	'link add nlmon0 type nlmon' 'link set nlmon0 up' | ip -batch -
ovs-dpctl add-dp rec0 >&2
ovs-dpctl add-if rec0 v1 >&2
ovs-dpctl add-if rec0 i1,type=internal,port_no=7 >&2
# clients ask both modules alike
if [ "$1" = stock ]; then
	build/test/interop/requests dpctl 4 "$0" flows
else
	"$0" flows >&2
fi
build/test/interop/send w1 020000000002020000000001080600010800060400010200000000010a0000010000000000000a000002
# a tagged ARP reply, which no flow takes, and a UDP packet
build/test/interop/record "$1" "$(< /sys/class/net/rec0/ifindex)" 2 \
	build/test/interop/send w1 \
	02000000000202000000000981006005080600010800060400020200000000090a0000020200000000020a000001 \
	02000000000202000000000108004500001e00000000401166cd0a0000010a00000203e807d0000a00006869
ovs-dpctl del-dp rec0
ip link del v1
[ "$1" != stock ] || bash tests/interop/record-ovs.sh
ip link del nlmon0
