#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Under another family prefix vswitch_lite.ko works beside stock openvswitch.ko: each
# has a datapath, each switches, neither sees the other's, and either may go first.
# module: none
. "$(dirname "$0")/lib.sh"
lite_only
modprobe -n -q openvswitch || skip "there is no stock openvswitch.ko for this kernel"

on_exit unload_module openvswitch
on_exit unload_module vswitch_lite
run modprobe openvswitch
run insmod "$VSL_KO" family_prefix=vsl
hosts -4 1 2 3 4

vsl() { run vslctl --family-prefix vsl "$@"; }
ovs() { run vslctl --family-prefix ovs "$@"; }
drop_both() {
	[ ! -e /sys/class/net/lite0 ] || vslctl --family-prefix vsl del-dp lite0
	[ ! -e /sys/class/net/stock0 ] || vslctl --family-prefix ovs del-dp stock0
}
on_exit drop_both
vsl add-dp lite0 v1 v2
ovs add-dp stock0 v3 v4
for prefix in vsl:lite0 ovs:stock0; do
	{
		three_types 1 2
		three_types 2 1
	} | run vslctl --family-prefix ${prefix%:*} add-flows ${prefix#*:} -
done
pings h1 10.0.0.2
pings h3 10.0.0.4
a=$(vsl show) b=$(ovs show)
has "lite" lite0 "$a"
has "stock" stock0 "$b"
[[ $a != *stock0* && $b != *lite0* ]] || fail "they see each other's: $a $b"
refused . vslctl --family-prefix vsl add-if lite0 v3

step "stock goes, lite goes on"
ovs del-dp stock0
run rmmod openvswitch
pings h1 10.0.0.2

step "and the other way round"
run modprobe openvswitch
ovs add-dp stock0 v3 v4
three_types 1 2 | vslctl --family-prefix ovs add-flows stock0 -
three_types 2 1 | vslctl --family-prefix ovs add-flows stock0 -
vsl del-dp lite0
run rmmod vswitch_lite
pings h3 10.0.0.4
