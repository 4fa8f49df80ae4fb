#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Where another module has the names, vswitch_lite.ko is not loaded, says what to do
# about it in the kernel log, and harms nothing; likewise in the other order, with
# itself, and with a bad prefix.
# module: none
. "$(dirname "$0")/lib.sh"
lite_only
modprobe -n -q openvswitch || skip "there is no stock openvswitch.ko for this kernel"

on_exit unload_module openvswitch
on_exit unload_module vswitch_lite
log() { dmesg | grep 'vswitch_lite' | tail -n 3; }

run modprobe openvswitch
hosts -4 1 2
new_dp dp0 v1 v2
wire 1 2
refused 'File exists|Device or resource busy' insmod "$VSL_KO"
has "kernel log" 'family_prefix' "$(log)"
[ ! -d /sys/module/vswitch_lite ] || fail "it is loaded"
pings h1 10.0.0.2
run vslctl del-dp dp0
run rmmod openvswitch

step "the other way round"
run insmod "$VSL_KO"
new_dp dp0 v1 v2
wire 1 2
# modprobe takes "File exists" for "is loaded already", which is no failure to it.
run modprobe openvswitch || :
[ ! -d /sys/module/openvswitch ] || fail "stock is loaded"
pings h1 10.0.0.2
run vslctl del-dp dp0
run rmmod vswitch_lite

step "a prefix that cannot be"
for prefix in '' 0123456789abcdef a/b; do
	refused 'Invalid|parameters|too long|No space' insmod "$VSL_KO" family_prefix="$prefix"
	has "kernel log" 'family_prefix' "$(log)"
done
