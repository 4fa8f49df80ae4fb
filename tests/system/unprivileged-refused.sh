#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Who has no CAP_NET_ADMIN over the network namespace is refused with EPERM, each
# command that changes something, and nothing changes; reading is free. In a user
# and network namespace of one's own one may have a datapath of one's own.
. "$(dirname "$0")/lib.sh"

# Where the user nobody can read it, wherever the project lies.
mkdir "$WORK/bin"
cp "$HELPERS/badreq" "$(command -v vslctl)" "$WORK/bin"
chmod 755 "$WORK" "$WORK/bin" "$WORK"/bin/*
as_nobody() {
	say "[nobody] $*"
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

ip_batch "link add p1 type dummy"
on_exit eval 'link_gone p1 || ip link del p1'
new_dp dp0 p1
run ip link set p1 down
run vslctl add-flow dp0 "in_port(1),eth(src=$(mac 1),dst=$(mac 2)),eth_type(0x88b5)" drop
before=$(vslctl show; vslctl dump-flows dp0)

step "a user"
as_nobody "$WORK/bin/badreq" eperm dp0 p1
refused 'not permitted|EPERM' as_nobody "$WORK/bin/vslctl" add-dp dp1

step "root of a user namespace, in the machine's own network namespace"
as_nobody unshare -Ur "$WORK/bin/badreq" eperm dp0 p1
refused 'not permitted|EPERM' as_nobody unshare -Ur "$WORK/bin/vslctl" del-flows dp0

step "may look"
has "dump by nobody" 'eth_type\(0x88b5\)' "$(as_nobody "$WORK/bin/vslctl" dump-flows dp0)"

step "root of a user and network namespace of its own"
# shellcheck disable=SC2016
out=$(as_nobody unshare -Urn sh -c 'set -ex
	PATH=$0:$PATH
	vslctl add-dp dp0
	vslctl add-if dp0 i1,type=internal
	vslctl add-flow dp0 "in_port(1),eth(),eth_type(0x0800),ipv4()" 0
	vslctl show
	vslctl dump-flows dp0' "$WORK/bin" 2>&1) || fail "$out"
printf '%s\n' "$out"
has "its port" 'i1' "$out"
has "its flow" 'in_port\(1\).*eth_type\(0x0800\)' "$out"

step "nothing changed here"
is "datapaths, ports and flows" "$before" "$(vslctl show; vslctl dump-flows dp0)"
