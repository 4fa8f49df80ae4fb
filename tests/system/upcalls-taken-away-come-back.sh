#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Any ovs-dpctl command switches the datapath to another way of sending upcalls. The
# daemon notices within a second and switches back, and no upcall is lost meanwhile.
. "$(dirname "$0")/lib.sh"

need_ovs ovs-dpctl
lines=
for n in 1 2; do
	lines+="link add v$n type veth peer name p$n"$'\n'"$(up "v$n" "p$n")"$'\n'
	on_exit drop_link "v$n"
done
ip_batch "${lines%$'\n'}"
start_switch --no-trace dp0 v1 v2
repairs() { grep -c "another program had changed" "$WORK/switch.err"; }
repaired() { [ "$(repairs)" -gt "$1" ]; }
longest=0

step "ovs-dpctl, again and again, under first packets"
# all of them must arrive, or crr ends with 1
build/test/bench/crr p1 p2 6 4 > "$WORK/crr" &
crr=$!
on_exit end_pid $crr
for _ in 1 2 3 4 5; do
	n=$(repairs || :)
	ovs-dpctl show > /dev/null
	start=${EPOCHREALTIME/./}
	wait_for 10 repaired "$n"
	took=$(((${EPOCHREALTIME/./} - start) / 1000))
	[ "$took" -le "$longest" ] || longest=$took
done
wait $crr || fail "first packets were lost: $(< "$WORK/crr")"
note "$(< "$WORK/crr")"
note "the longest repair took $longest ms after the command had ended"
[ "$longest" -le 1000 ] || fail "a repair took $longest ms"
get_counters dp0
is "lost upcalls" 0 "$LOST"
stop_switch
