#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# With dist/vswitch_lite.conf in modprobe's configuration, who asks for openvswitch
# gets vswitch_lite: by name, by a netlink family, and Debian's own start script,
# which is what openvswitch-switch.service runs.
# module: none
# timeout: 300
. "$(dirname "$0")/lib.sh"

lite_only
# In place of installing it and of depmod(8), which reads every module there is.
CONF=/run/modprobe.d
mkdir -p $CONF
forget() { rm -f $CONF/vswitch_lite.conf $CONF/vswitch_lite-test.conf; }
on_exit forget
on_exit unload_module vswitch_lite
cp dist/vswitch_lite.conf $CONF/
echo "install vswitch_lite /sbin/insmod $VSL_KO" > $CONF/vswitch_lite-test.conf

step "by name"
run modprobe openvswitch
[ -d /sys/module/vswitch_lite ] || fail "vswitch_lite has not been loaded"
[ ! -d /sys/module/openvswitch ] || fail "openvswitch has been loaded"
run rmmod vswitch_lite

step "by a netlink family"
run ovs-dpctl show
[ -d /sys/module/vswitch_lite ] || fail "vswitch_lite has not been loaded"
[ ! -d /sys/module/openvswitch ] || fail "openvswitch has been loaded"
run rmmod vswitch_lite

CTL=/usr/share/openvswitch/scripts/ovs-ctl
[ -x "$CTL" ] || skip "no $CTL: apt-get install openvswitch-switch"
step "by Debian's start script"
export OVS_RUNDIR=$WORK OVS_LOGDIR=$WORK OVS_DBDIR=$WORK OVS_SYSCONFDIR=$WORK
mkdir -p "$WORK/openvswitch"
late_enough() { [ "$(cut -d. -f1 /proc/uptime)" -ge 11 ]; }
wait_for 30 late_enough
stop_ovs() {
	"$CTL" stop || :
	ovs-dpctl del-dp ovs-system 2> /dev/null || :
}
on_exit stop_ovs
SHOW=("$WORK/ovs-vswitchd.log")
run "$CTL" start --system-id=random --no-monitor
[ -d /sys/module/vswitch_lite ] || fail "vswitch_lite has not been loaded"
[ ! -d /sys/module/openvswitch ] || fail "openvswitch has been loaded"
run ovs-vsctl --timeout=60 add-br br0
wait_for 30 test -e /sys/class/net/br0
run ovs-vsctl --timeout=60 del-br br0
