#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ovs-dpctl, Open vSwitch's own tool, drives the module: add-dp, add-if, show,
# add-flow, dump-flows, mod-flow, get-flow, del-flow, del-flows, del-if, del-dp;
# and between hosts its flows forward.
# timeout: 300
. "$(dirname "$0")/lib.sh"

need_ovs ovs-dpctl
dpctl() {
	say ovs-dpctl "$@"
	ovs-dpctl "$@" 2> "$WORK/dpctl.err" || fail "$(< "$WORK/dpctl.err")"
	! grep -E 'WARN|ERR|EMER' "$WORK/dpctl.err" || fail "it warns"
}
no_dp0() { [ ! -e /sys/class/net/dp0 ] || ovs-dpctl del-dp dp0; }

hosts -4 1 2
on_exit no_dp0
dpctl add-dp dp0
dpctl add-if dp0 v1
dpctl add-if dp0 v2,port_no=7
dpctl add-if dp0 i3,type=internal
out=$(dpctl show dp0)
has "show" 'port 0: dp0 \(internal\).*port 1: v1.*port 2: i3 \(internal\).*port 7: v2' "$out"
has "show" 'lookups: hit:0 missed:[0-9]+ lost:[0-9]+' "$out"
has "show" 'flows: 0' "$out"
refused 'File exists' ovs-dpctl add-dp dp0
refused 'Device or resource busy|File exists' ovs-dpctl add-if dp0 i4,type=internal,port_no=7
refused 'No such device' ovs-dpctl show no-such-dp

step "flows"
dpctl add-flow dp0 'in_port(1),eth(),eth_type(0x0806),arp()' 7
cat > "$WORK/flows" <<-EOF
	in_port(7),eth(),eth_type(0x0806),arp() 1
	in_port(1),eth(),eth_type(0x0800),ipv4(frag=no) 7
	in_port(7),eth(),eth_type(0x0800),ipv4(frag=no) 1
EOF
dpctl add-flows dp0 "$WORK/flows"
pings h1 10.0.0.2
out=$(dpctl dump-flows dp0)
is "flows" 4 "$(wc -l <<< "$out")"
has "a flow that was hit" 'in_port\(1\),eth\(\),eth_type\(0x0800\),ipv4\(frag=no\), packets:3, bytes:294, used:[0-9.]+s, actions:7' "$out"
refused 'File exists' ovs-dpctl add-flow dp0 'in_port(1),eth(),eth_type(0x0806),arp()' 7

step "modified, found by its id, deleted"
ufid=ufid:01234567-89ab-cdef-0123-456789abcdef
dpctl add-flow dp0 "$ufid,in_port(1),eth(src=$(mac 9)),eth_type(0x88b5)" 7
dpctl mod-flow dp0 "$ufid,in_port(1),eth(src=$(mac 9)),eth_type(0x88b5)" 2
has "get-flow" 'actions:2' "$(dpctl get-flow dp0 $ufid)"
dpctl del-flow dp0 "$ufid,in_port(1),eth(src=$(mac 9)),eth_type(0x88b5)"
refused 'No such file' ovs-dpctl get-flow dp0 $ufid
dpctl del-flows dp0
get_counters dp0
is "flows" 0 "$FLOWS"

step "down again"
dpctl del-if dp0 v2
dpctl del-if dp0 2
link_gone i3 || fail "i3 is still there"
dpctl del-dp dp0
link_gone dp0 || fail "dp0 is still there"
