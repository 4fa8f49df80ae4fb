#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 36000
# Whatever anyone sends to the module's families, the kernel holds. At once: root;
# root of an unprivileged user namespace, who has a network namespace of his own
# and may make datapaths there; and a user who may do nothing. Meanwhile packets
# go through the datapath that is being changed.
#
# VSL_REQUESTS: how many, of all three together (200000). VSL_SECS: for how long
# instead. VSL_SEED: 1.
. "$(dirname "$0")/lib.sh"

lite_only
FUZZ=build/test/fuzz/netlink
PACKETS=build/test/fuzz/packets
SECS=${VSL_SECS:-0}
REQUESTS=${VSL_REQUESTS:-$((SECS ? 1000000000 : 200000))}
SEED=${VSL_SEED:-1}

step "Devices, a datapath, packets"
make_world
"$PACKETS" fp0 fp1 fp2 fp3 > /dev/null 2>&1 &
on_exit end_pid $!

step "Everyone sends"
"$FUZZ" -t "$SECS" -s "$SEED" -n $((REQUESTS * 5 / 10)) -j 2 > "$WORK/root" 2>&1 &
root=$!
on_exit end_pid $root
{
	declare -f devices
	echo "devices > $WORK/inside.ip; ip -batch $WORK/inside.ip; ip link set lo up"
	# without one that stays there are hardly flows to be found again
	echo "vslctl add-dp fzkeep fd0 fd1"
	echo "$PWD/$PACKETS fp0 fp1 fp2 fp3 > /dev/null 2>&1 &"
	echo "$PWD/$FUZZ -t $SECS -s $((SEED + 1000000000)) -n $((REQUESTS * 4 / 10)) > $WORK/inside 2>&1"
	# shellcheck disable=SC2016 # for that shell
	echo 'rc=$?; kill %1 2>/dev/null; wait; exit $rc'
} > "$WORK/inside.sh"
chmod -R 0777 "$WORK"
setpriv --reuid 65534 --regid 65534 --clear-groups \
	unshare --user --map-root-user --net bash "$WORK/inside.sh" &
inside=$!
on_exit end_pid $inside
setpriv --reuid 65534 --regid 65534 --clear-groups \
	"$FUZZ" -t "$SECS" -u -s $((SEED + 2000000000)) -n $((REQUESTS / 10)) > "$WORK/nobody" 2>&1 &
nobody=$!
on_exit end_pid $nobody

failed=
for who in root inside nobody; do
	wait "${!who}" || failed+=" $who"
	step "$who"
	cat "$WORK/$who"
done
[ -z "$failed" ] || fail "not as it should be:$failed"

step "It still switches"
drop_world
hosts 1 2
new_dp dp0 v1 v2
wire 1 2
pings h1 10.0.0.2
