#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Fifty hosts on one switch, each pings every other one, 2,450 ways, and each ping
# is answered once.
# timeout: 300
. "$(dirname "$0")/lib.sh"

N=50
gc=/proc/sys/net/ipv4/neigh/default

# The kernel keeps one table of neighbours for all hosts, too small for this.
for i in 1 2 3; do
	on_exit eval "echo $(< $gc/gc_thresh$i) > $gc/gc_thresh$i"
done
echo 16384 > $gc/gc_thresh3
echo 16384 > $gc/gc_thresh2
echo 16384 > $gc/gc_thresh1

step "$N hosts"
batch= undo= ports=
for ((n = 1; n <= N; n++)); do
	batch+="netns add h$n
link add v$n type veth peer name eth0 address $(mac "$n") netns h$n
link set v$n addrgenmode none
link set v$n up
"
	undo+="link del v$n
netns del h$n
"
	ports+=" v$n"
done
drop_all() { ip -force -batch - <<< "$undo" 2> /dev/null; }
on_exit drop_all
ip -batch - <<< "$batch"

# shellcheck disable=SC2086
start_switch --no-trace dp0 $ports
run "$HELPERS/mesh" $N
get_counters dp0
is "lost upcalls" 0 "$LOST"
# One flow a pair for IPv4 and one for ARP replies, one a host for ARP requests.
at_least "flows" $((N * (N - 1))) "$FLOWS"

step "again, now by flows alone"
missed=$MISSED
run "$HELPERS/mesh" $N
get_counters dp0
is "misses" "$missed" "$MISSED"
