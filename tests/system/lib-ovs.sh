#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# lib-ovs.sh: what the scenarios with Debian's ovs-vswitchd share; each sources it
# after lib.sh. Port N of a bridge is the veth vN; its other end is pN, where
# frames are sent and watched, or eth0 of host hN.
#
# The daemons keep all their files in $WORK. Environment: as for lib.sh.

OVS_LOG=$WORK/ovs-vswitchd.log
DB=unix:$WORK/db.sock

vsctl() { run ovs-vsctl --timeout=60 --db="$DB" "$@"; }
ofctl() { run ovs-ofctl -O OpenFlow15 "$@"; }
appctl() { run ovs-appctl --timeout=30 "$@"; }

# ---- the daemons ----

uptime_is() { [ "$(cut -d. -f1 /proc/uptime)" -ge "$1" ]; }

# ovs-vswitchd and libc look in sysfs for processors and their NUMA nodes, which
# User Mode Linux does not have: two processors, one node.
show_processors() {
	local sys=/sys/devices/system n

	[ ! -d $sys/node ] || return 0
	mount -t tmpfs none $sys
	on_exit umount $sys
	mkdir -p $sys/cpu/cpu{0,1} $sys/node/node0
	echo 0-1 | tee $sys/cpu/online > $sys/cpu/possible
	for n in 0 1; do
		echo 1 > $sys/cpu/cpu$n/online
		ln -s ../../cpu/cpu$n $sys/node/node0/cpu$n
	done
}

# start_ovs [COLUMN=VALUE...]: both daemons with an empty database, but for these
# columns of its table Open_vSwitch
start_ovs() {
	need_ovs ovs-vswitchd
	export OVS_RUNDIR=$WORK OVS_LOGDIR=$WORK OVS_DBDIR=$WORK
	show_processors
	# in a machine's first ten seconds it counts no processors, and starts no threads
	wait_for 30 uptime_is 11
	on_exit end_ovs
	SHOW+=("$OVS_LOG")
	run ovsdb-tool create "$WORK/conf.db" /usr/share/openvswitch/vswitch.ovsschema
	ovsdb-server "$WORK/conf.db" --remote="p$DB" --detach --no-chdir \
		--pidfile --log-file > /dev/null 2>&1
	vsctl --no-wait init ${1:+-- set Open_vSwitch . "$@"}
	start_vswitchd
}

start_vswitchd() {
	say ovs-vswitchd "$DB"
	ovs-vswitchd "$DB" --detach --no-chdir --pidfile --log-file > /dev/null 2>&1
}

end_ovs() {
	# Quietly: the last line of a scenario that skips is its reason.
	[ ! -e "$WORK/ovs-vswitchd.pid" ] || ovs-appctl --timeout=30 exit --cleanup || :
	[ ! -e "$WORK/ovsdb-server.pid" ] || ovs-appctl --timeout=30 -t ovsdb-server exit || :
	wait_for 30 link_gone ovs-system
}

# no_complaints [PATTERN]: the daemon's log has none, but for those like PATTERN,
# those about time (the guest is slow) and one of a kernel without netfilter
no_complaints() {
	local lines

	lines=$(grep -E '\|(WARN|ERR|EMER)\|' "$OVS_LOG" |
		grep -vE 'timeval|Unreasonably long|faults:|context switches|poll_loop|fcntl: Protocol not supported' |
		grep -vE "${1:-^$}" || :)
	is "complaints of ovs-vswitchd" '' "$lines"
}

# ---- ports ----

# veths FROM TO: pairs vN and pN, up and quiet
veths() {
	local n b=

	for ((n = $1; n <= $2; n++)); do
		b+="link add v$n type veth peer name p$n"$'\n'
		b+=$(up "v$n" "p$n")$'\n'
		on_exit drop_link "v$n"
	done
	ip_batch "${b%$'\n'}"
}

# links NAME...: pairs NAMEa and NAMEb, to join two bridges; down for now
links() {
	local name b=

	for name; do
		b+="link add ${name}a type veth peer name ${name}b"$'\n'
		b+="link set ${name}a addrgenmode none"$'\n'
		b+="link set ${name}b addrgenmode none"$'\n'
		on_exit drop_link "${name}a"
	done
	ip_batch "${b%$'\n'}"
}

# port_args BRIDGE "N [COLUMN=VALUE]..."...: words for vsctl, which add vN as OpenFlow
# port N with these columns of table Port set. Sets PORT_ARGS.
port_args() {
	local br=$1 each
	local -a words

	shift
	PORT_ARGS=()
	for each; do
		read -ra words <<< "$each"
		each=v${words[0]}
		PORT_ARGS+=(-- add-port "$br" "$each" "${words[@]:1}"
			-- set interface "$each" "ofport_request=${words[0]}")
	done
}

# ---- frames that are watched where they arrive ----

declare -A TAP

# watched_pair: br0 with v1 and v2, of which p2 shows what comes out
watched_pair() {
	veths 1 2
	port_args br0 1 2
	vsctl add-br br0 -- set bridge br0 protocols=OpenFlow10,OpenFlow13,OpenFlow15 "${PORT_ARGS[@]}"
	tap 2
}

# tap N...: watch pN from now on; what comes there is in $WORK/tap.N
tap() {
	local n fd

	for n; do
		: > "$WORK/tap.$n.err"
		"$PACKET" watch "p$n" 100000 900 > "$WORK/tap.$n" 2> "$WORK/tap.$n.err" &
		on_exit end_pid "$!"
	done
	for n; do
		wait_for 20 file_has "$WORK/tap.$n.err" listening
		exec {fd}< "$WORK/tap.$n"
		TAP[$n]=$fd
	done
}

# send N FRAME...: from pN
send() {
	local n=$1

	shift
	say "p$n: send $*"
	"$PACKET" send "p$n" "$@"
}

# next_of N: sets LINE to the next that has come to pN, waiting for it
next_of() {
	local end=$((${EPOCHREALTIME/./} + 20000000)) part=

	LINE=
	while :; do
		# at the end of the file what there is of a line is read
		if IFS= read -r -u "${TAP[$1]}" part; then
			LINE+=$part
			return
		fi
		LINE+=$part
		[ "${EPOCHREALTIME/./}" -lt "$end" ] || return 1
		nap 0.01
	done
}

# comes N PATTERN...: to pN come frames like these next, in this order
comes() {
	local n=$1 want

	shift
	for want; do
		next_of "$n" || fail "waited 20 s for this to come to p$n: $want"
		# shellcheck disable=SC2053
		[[ $LINE == $want ]] || fail "expected at p$n: '$want', got '$LINE'"
		note "p$n: $LINE"
	done
}

# ---- flows of OpenFlow ----

OF_FLOWS=
OF_FRAMES=()
OF_WANTED=()

# of FRAME FLOW [EXPECTED...]: FRAME goes from p1 through FLOW, which is put with a
# match of its source MAC address, and must come to p2 as EXPECTED, which begins
# with its destination address, or with source>destination where FLOW changes that
of() {
	local n=$((${#OF_FRAMES[@]} + 1)) mac want all=

	printf -v mac '02:00:00:00:01:%02x' "$n"
	OF_FRAMES+=("$1,from=$n")
	OF_FLOWS+="priority=100,in_port=1,dl_src=$mac,$2"$'\n'
	shift 2
	for want; do
		[[ ${want:17:1} == '>' ]] || want="$mac>$want"
		all+=$want$'\n'
	done
	OF_WANTED+=("$all")
}

# run_of [FLOW...]: all of the above, and these flows besides. One frame at a time,
# since the order in which misses are answered is free, and each twice: the first
# goes through user space, the second through the flow that is there then.
run_of() {
	local i pass wanted flow hit

	flow=$(printf '%s\n' "$@")
	run ovs-ofctl -O OpenFlow15 add-flows br0 - <<< "$OF_FLOWS$flow"
	get_counters ovs-system
	hit=$HIT
	for i in "${!OF_FRAMES[@]}"; do
		mapfile -t wanted <<< "${OF_WANTED[i]%$'\n'}"
		for pass in miss hit; do
			say "${OF_FRAMES[i]} ($pass)"
			"$PACKET" send p1 "${OF_FRAMES[i]}"
			comes 2 "${wanted[@]}"
		done
	done
	get_counters ovs-system
	at_least "hits" ${#OF_FRAMES[@]} $((HIT - hit))
	OF_FLOWS='' OF_FRAMES=() OF_WANTED=()
}
