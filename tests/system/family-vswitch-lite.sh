#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The module's own family: an echo comes back unchanged with the kernel's time, one
# that is too long is refused, version and figures are told; also to a user.
. "$(dirname "$0")/lib.sh"
lite_only

out=$(run vslctl echo 'hello, kernel' -c 5)
printf '%s\n' "$out"
has "echo" 'hello, kernel' "$out"
has "round-trip times" 'min.*median.*p99.*max' "$out"
long=$(printf 'x%.0s' {1..1024})
run vslctl echo "$long" -c 1 > /dev/null
refused '1024|long|range' vslctl echo "${long}x" -c 1
has "version" '[0-9]+\.[0-9]+\.[0-9]+' "$(run vslctl version)"

step "figures"
new_dp dp0
for i in 1 2 3; do
	echo "in_port($i),eth(),eth_type(0x0800),ipv4(src=10.0.0.$i) 1"
	echo "in_port($i),eth(),eth_type(0x0806),arp() 1"
done | add_flows dp0
vslctl version
get_counters dp0
is "flows" 6 "$FLOWS"
mkdir "$WORK/bin"
cp "$(command -v vslctl)" "$WORK/bin"
chmod -R 755 "$WORK"
has "echo to a user" 'user' "$(setpriv --reuid 65534 --regid 65534 --clear-groups "$WORK/bin/vslctl" echo user -c 1)"
