#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# More than 100 malformed requests get their errno, at once, with a word of
# explanation from vswitch_lite.ko, and datapaths, ports, flows and devices are the
# same before and after each; no device is even made and taken away again.
. "$(dirname "$0")/lib.sh"

ip_batch "link add p1 type dummy"
on_exit eval 'link_gone p1 || ip link del p1'
new_dp dp0 p1
# Not up: nothing may count a packet while dumps are compared.
run ip link set p1 down
run vslctl add-flow dp0 "in_port(1),eth(src=$(mac 1),dst=$(mac 2)),eth_type(0x88b5)" drop

: > "$WORK/links"
ip -o monitor link > "$WORK/links" &
on_exit end_pid "$!"
# one that is made, and seen, before and after
seen_made() { file_has "$WORK/links" " $1:"; }
make_and_drop() {
	ip_batch "link add $1 type dummy
link del $1"
}
wait_for_monitor() { make_and_drop first; nap 0.2; seen_made first; }
wait_for 20 wait_for_monitor
args=(refused dp0 p1)
[ "$DATAPATH" = stock ] || args=(-x -l "${args[@]}")
run "$HELPERS/badreq" "${args[@]}" > "$WORK/badreq" || {
	grep -v '^ok' "$WORK/badreq"
	fail "see above"
}
n=$(grep -c '^ok' "$WORK/badreq")
at_least "requests refused as they should be" 100 "$n"

make_and_drop last
wait_for 20 seen_made last
if grep 'bad-' "$WORK/links"; then
	fail "a device was made for a request that was refused"
fi

step "and by the tools: with a message and a status, and nothing done"
before=$(vslctl show; vslctl dump-flows dp0)
refused . vslctl add-flow dp0 'in_port(1),eth(),eth_type(0x0800),ipv4(),tcp(src=1)' 1
refused . vslctl add-flow dp0 'in_port(1),eth(),nonsense(7)' 1
refused . vslctl add-flow dp0 'in_port(1),eth(),eth_type(0x1234)' 'push_vlan(vid=5000,pcp=0),1'
refused . vslctl add-if dp0 no-such-device
refused . vslctl add-if dp0 lo
refused . vslctl del-if dp0 no-such-port
refused . vslctl del-dp no-such-dp
refused . vslctl add-dp a-name-that-is-too-long
is "datapaths, ports and flows" "$before" "$(vslctl show; vslctl dump-flows dp0)"
