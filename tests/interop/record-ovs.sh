#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# record-ovs.sh: prints what ovs-vswitchd sends to the kernel about two frames that
# its OpenFlow flows take, see requests.c. record.sh runs it, with nlmon0 there;
# tests/unit/test_recorded.c knows what is made here.
exec {RECORD_FD}>&1 >&2
. tests/system/lib.sh
. tests/system/lib-ovs.sh

start_ovs
veths 1 2
# one at a time: br0 is port 1 of the datapath, v1 is 2, v2 is 3
vsctl add-br br0
vsctl add-port br0 v1
vsctl add-port br0 v2
run ovs-ofctl add-flows br0 - << EOF
in_port=v1,udp,tp_dst=2000,actions=mod_nw_dst:10.9.8.7,output:v2
in_port=v1,dl_vlan=5,actions=strip_vlan,output:v2,local
EOF
build/test/interop/requests vswitchd 4 "$PACKET" send p1 udp4 arp,vlan=5 >&"$RECORD_FD"
