#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# lib.sh: what the scenarios of this folder share. Each sources it first:
#
#	. "$(dirname "$0")/lib.sh"
#
# It stops the scenario at the first command that fails, says which, shows the
# state of the switch, and then undoes what was made, newest first.
#
#	netns h1            the scenario's own netns             netns h2
#	  eth0 ------------ v1 [1]    dp0    [2] v2 ------------ eth0
#	  10.0.0.1/24          |   datapath   |
#	  fd00::1/64           |     [0]      |                  likewise, 2
#	  02:00:00:00:00:01    dp0, the local port
#
# Starting a program costs 50 to 200 ms in a guest without KVM: so many `ip`
# commands go in one batch, and waiting and counting are done in bash itself.
#
# Environment: DATAPATH (lite or stock), VSL_KO (path of vswitch_lite.ko),
# FAMILY_PREFIX (vsl, where vswitch_lite.ko is loaded beside openvswitch.ko),
# VSL_TIMES (not empty: each command is logged with the seconds so far); vslctl and vswitchd-lite in PATH; working directory the project's.
set -Eeuo pipefail

: "${DATAPATH:=lite}"
HELPERS=build/test/system
WORK=$(mktemp -d /tmp/vsl-system.XXXXXX)
SWITCH=
UNDO=()
SHOW=()		# files that are shown if the scenario fails

# ---- the log, failing, undoing ----

# Not through standard output, which a scenario may be reading.
exec {LOG_FD}>&1
say() { printf '%s+ %s\n' "${VSL_TIMES:+$SECONDS s }" "$*" >&"$LOG_FD"; }
note() { printf '# %s\n' "$*" >&"$LOG_FD"; }

# step TEXT: what comes next, for who reads the log
step() { printf '\n== %s\n' "$*"; }

run() {
	say "$@"
	"$@"
}

fail() {
	printf 'FAILED: %s\n' "$*" >&"$LOG_FD"
	trap - ERR
	exit 1
}

# skip REASON
skip() {
	printf '%s\n' "$*"
	exit 77
}

lite_only() {
	[ "$DATAPATH" = lite ] || skip "a matter of vswitch_lite.ko alone"
}

# need_ovs PROGRAM: one of Open vSwitch's own, which know no family but "ovs_..."
need_ovs() {
	[ -z "${FAMILY_PREFIX:-}" ] || skip "$1 drives the module whose families are called ovs_..."
	command -v "$1" > /dev/null || skip "no $1 here: apt-get install openvswitch-switch"
}

# on_exit COMMAND...: run when the scenario ends, however it ends. What is to be
# undone may be gone by then, so the commands must not mind.
on_exit() {
	local c
	printf -v c '%q ' "$@"
	UNDO+=("$c")
}

show_state() {
	local f
	printf '\n== state at the failure\n'
	vslctl -s show 2>&1 || :
	vslctl dump-flows 2>&1 | head -n 40 || :
	if [ -s "$WORK/switch.err" ]; then
		printf -- '-- vswitchd-lite says\n'
		tail -n 15 "$WORK/switch.err"
		tail -n 15 "$WORK/switch.out"
	fi
	for f in "${SHOW[@]}"; do
		printf -- '-- %s\n' "$f"
		tail -n 40 "$f"
	done
}

finish() {
	local rc=$? i
	trap - EXIT ERR
	set +e
	case $rc in 0 | 77) ;; *) show_state ;; esac
	for ((i = ${#UNDO[@]} - 1; i >= 0; i--)); do
		eval "${UNDO[i]}"
	done
	rm -rf "$WORK"
	exit "$rc"
}

where() {
	local rc=$? i
	printf 'FAILED (status %d): %s\n' "$rc" "$1" >&"$LOG_FD"
	for ((i = 1; i < ${#FUNCNAME[@]}; i++)); do
		printf '  at %s:%s\n' "${BASH_SOURCE[i]##*/}" "${BASH_LINENO[i - 1]}" >&"$LOG_FD"
	done
	trap - ERR
}

trap finish EXIT
trap 'where "$BASH_COMMAND"' ERR
trap 'fail "told to stop, while at: $BASH_COMMAND"' TERM INT

# ---- asserting ----

# is WHAT EXPECTED GOT
is() {
	[ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"
	note "$1: $3"
}

# at_least WHAT EXPECTED GOT
at_least() {
	[ "$3" -ge "$2" ] || fail "$1: expected at least $2, got $3"
	note "$1: $3"
}

# has WHAT PATTERN TEXT: an extended regular expression
has() {
	[[ $3 =~ $2 ]] || fail "$1: expected something like '$2', got '$3'"
	note "$1: '${BASH_REMATCH[0]}'"
}

# refused PATTERN COMMAND...: must fail with a message like PATTERN
refused() {
	local pattern=$1 out
	shift
	say "$@"
	if out=$("$@" 2>&1); then
		fail "expected '$*' to be refused, but it was done: $out"
	fi
	printf '%s\n' "$out"
	[[ $out =~ $pattern ]] ||
		fail "expected a refusal like '$pattern', got '$out'"
}

# ---- waiting ----

mkfifo "$WORK/nap"
exec {NAP_FD}<> "$WORK/nap"

# nap SECONDS: sleep, without starting a program
nap() { read -rt "$1" -u "$NAP_FD" || :; }

# wait_for SECONDS COMMAND...: until COMMAND holds
wait_for() {
	local secs=$1 end
	shift
	end=$((${EPOCHREALTIME/./} + secs * 1000000))
	while ! "$@"; do
		[ "${EPOCHREALTIME/./}" -lt "$end" ] ||
			fail "waited $secs s, and still not: $*"
		nap 0.1
	done
}

# file_has FILE TEXT; gone PID; alive PID: conditions for wait_for
file_has() { [ -e "$1" ] && [[ $(< "$1") == *"$2"* ]]; }
alive() { [ -d "/proc/$1" ] && [[ $(< "/proc/$1/stat") != *') Z '* ]]; } 2>/dev/null
gone() { ! alive "$1"; }
link_gone() { [ ! -e "/sys/class/net/$1" ]; }

# ---- the module, datapaths and the switch ----

if [ "$DATAPATH" = lite ]; then MODULE=vswitch_lite; else MODULE=openvswitch; fi

# load_module [PARAMETER...]: that of DATAPATH, for scenarios that unload it
load_module() {
	if [ "$DATAPATH" = lite ]; then
		run insmod "$VSL_KO" ${FAMILY_PREFIX:+family_prefix=$FAMILY_PREFIX} "$@"
	else
		run modprobe openvswitch
	fi
}

unload_module() { [ ! -d "/sys/module/$1" ] || rmmod "$1"; }

# notes_memory: has the kernel notes of its own about each piece, so that it is no measure?
notes_memory() { [ -e /sys/kernel/debug/kmemleak ]; }

# symmetric_hash: is there one? openvswitch.ko has it since Linux 6.5.
symmetric_hash() {
	[ "$DATAPATH" = lite ] ||
		[ "$(printf '%s\n' 6.5 "$(uname -r)" | sort -V | head -n 1)" = 6.5 ]
}

drop_dp() {
	if [ -e "/sys/class/net/$1" ]; then
		vslctl del-dp "$1" || ovs-dpctl del-dp "$1"
	fi
}

# new_dp DP [PORT...]: a datapath without a daemon
new_dp() {
	run vslctl add-dp "$@"
	on_exit drop_dp "$1"
}

# get_counters [DP]: sets HIT, MISSED, LOST and FLOWS
get_counters() {
	local text
	text=$(vslctl show "${1:-dp0}")
	[[ $text =~ hit:\ *([0-9]+)\ +missed:\ *([0-9]+)\ +lost:\ *([0-9]+) ]] ||
		fail "no lookup counters in: $text"
	HIT=${BASH_REMATCH[1]} MISSED=${BASH_REMATCH[2]} LOST=${BASH_REMATCH[3]}
	[[ $text =~ flows:\ *([0-9]+) ]] || fail "no flow count in: $text"
	FLOWS=${BASH_REMATCH[1]}
	note "${1:-dp0}: hit:$HIT missed:$MISSED lost:$LOST flows:$FLOWS"
}

# table_figure NAME: of dp0's flow table, where vslctl -s show has it
table_figure() { vslctl -j -s show dp0 | jq ".[0].table.$1"; }

missed_stays() {
	local before=$MISSED
	nap 1
	get_counters "$1"
	[ "$before" = "$MISSED" ]
}

# wait_quiet [DP]: until no packet has missed for a second
wait_quiet() {
	MISSED=
	wait_for 30 missed_stays "${1:-dp0}"
}

flow_count_is() {
	get_counters "$1"
	[ "$FLOWS" = "$2" ]
}

# start_switch ARG...: vswitchd-lite ARG..., up to its serving upcalls. Sets
# SWITCH; what it prints is in $WORK/switch.out and $WORK/switch.err.
start_switch() {
	local arg
	say vswitchd-lite "$@"
	: > "$WORK/switch.err"
	vswitchd-lite "$@" > "$WORK/switch.out" 2> "$WORK/switch.err" &
	SWITCH=$!
	wait_for 30 switch_ready
	if gone "$SWITCH"; then
		fail "vswitchd-lite ended: $(< "$WORK/switch.err")"
	fi
	note "$(< "$WORK/switch.err")"
	for arg; do
		case $arg in dp[0-9]*) on_exit drop_dp "$arg" ;; esac
	done
	on_exit end_switch "$SWITCH"
}

switch_ready() {
	file_has "$WORK/switch.err" "vswitchd-lite: ready:" || gone "$SWITCH"
}

end_switch() {
	if alive "$1"; then
		kill "$1"
		wait "$1" || echo "vswitchd-lite ended with status $?"
	fi
}

# configured LINE...: start the switch by a configuration file: dp0, with these
# lines in it
configured() {
	configure "$@"
	on_exit drop_dp dp0
	start_switch --config "$WORK/dp0.conf"
}

# configure LINE...: write the file anew
configure() {
	printf '%s\n' 'bridge dp0 {' "$@" '}' 'trace { text = true }' > "$WORK/dp0.conf"
	say "dp0.conf: $*"
}

# reload TEXT: SIGHUP, upon which the log must say TEXT (a basic regular expression)
reload() {
	local before
	before=$(count_said "$1")
	say kill -HUP "$SWITCH"
	kill -HUP "$SWITCH"
	wait_for 20 said_more "$1" "$before"
	note "$(grep -e "$1" "$WORK/switch.err" | tail -n 1)"
}

# whether the tools are those built with ASan
by_asan() { [[ ${VSL_BIN:-} == *asan ]]; }

# has_not_grown BEFORE AFTER BY: the daemon's memory, by no more than that.  ASan keeps
# what is freed, for a while, and finds leaks by itself, at the end.
has_not_grown() {
	note "memory: $1 before, $2 after"
	by_asan || [ "$2" -le $(($1 + $3)) ] || fail "the daemon has grown"
}

# said_more TEXT N: a condition for wait_for: the log has said it more than N times
count_said() { grep -c -e "$1" "$WORK/switch.err" || :; }
said_more() { [ "$(count_said "$1")" -gt "$2" ]; }

# stop_switch: SIGTERM, which must end it with status 0
stop_switch() {
	local rc=0
	say kill -TERM "$SWITCH"
	kill -TERM "$SWITCH"
	wait "$SWITCH" || rc=$?
	is "exit status of vswitchd-lite" 0 "$rc"
	SWITCH=
}

# three_types IN ACTIONS: flows that send ARP, IPv4 and IPv6 of port IN there
three_types() {
	printf '%s\n' "in_port($1),eth(),eth_type(0x0806),arp() $2" \
		"in_port($1),eth(),eth_type(0x0800),ipv4() $2" \
		"in_port($1),eth(),eth_type(0x86dd),ipv6() $2"
}

# add_flows DP: those on standard input, a line each
add_flows() {
	local flows
	IFS= read -rd '' flows || :
	flows=${flows%$'\n'}
	say "vslctl add-flow $1 ${flows//$'\n'/$'\n'+ vslctl add-flow $1 }"
	vslctl add-flows "$1" - <<< "$flows"
}

# wire A B [DP]: join two ports by flows, without a daemon
wire() {
	{
		three_types "$1" "$2"
		three_types "$2" "$1"
	} | add_flows "${3:-dp0}"
}

# ---- hosts ----

# has_tracefs: is there a $TRACEFS? If so, it is mounted afterwards.
TRACEFS=/sys/kernel/tracing
has_tracefs() {
	[ -d $TRACEFS ] || return 1
	[ -e $TRACEFS/trace ] || mount -t tracefs tracefs $TRACEFS || fail "tracefs cannot be mounted"
}

# has_vlan_devices: can this kernel make them?
has_vlan_devices() { [ -d /proc/net/vlan ] || modprobe -q 8021q; }

need_vlan_devices() { has_vlan_devices || skip "this kernel has no VLAN devices"; }

# mac N: that of host N
mac() { printf '02:00:00:00:00:%02x' "$1"; }

# ip_batch LINES [IP-OPTION...]
ip_batch() {
	local lines=$1 each
	shift
	each="ip${*:+ $*} "
	say "$each${lines//$'\n'/$'\n'+ $each}"
	ip "$@" -batch - <<< "$lines"
}

# hosts [-4] N...: makes them; see the picture above. -4: without IPv6 addresses,
# and so, thanks to addrgenmode none, without a packet that the scenario did not
# ask for.
hosts() {
	local n b= v6=yes
	if [ "$1" = -4 ]; then
		v6=
		shift
	fi
	for n; do
		on_exit drop_host "$n"
		b+="netns add h$n"$'\n'
		b+="link add v$n type veth peer name eth0 address $(mac "$n") netns h$n"$'\n'
		b+="link set v$n addrgenmode none"$'\n'
		b+="link set v$n up"$'\n'
	done
	ip_batch "${b%$'\n'}"
	for n; do
		ip_batch "link set lo up
link set eth0 addrgenmode none
link set eth0 up
addr add 10.0.0.$n/24 dev eth0${v6:+
addr add fd00::$n/64 dev eth0 nodad}" -n "h$n"
	done
}

# know_each_other N...: for ever. Else a host asks again, by itself, after some
# seconds where it knows a neighbour from, which is a packet of another kind.
know_each_other() {
	local n m b
	for n; do
		b=
		for m; do
			[ "$m" = "$n" ] || b+="neigh replace 10.0.0.$m lladdr $(mac "$m") dev eth0 nud permanent"$'\n'
		done
		ip_batch "${b%$'\n'}" -n "h$n"
	done
}

# two_that_talk: hosts 1 and 2, and on dp0 the flows by which they ping each other
two_that_talk() {
	local way
	hosts -4 1 2
	new_dp dp0 v1 v2
	for way in '1 2' '2 1'; do
		echo "in_port(${way% *}),eth(),eth_type(0x0806),arp() ${way#* }"
		echo "in_port(${way% *}),eth(src=$(mac "${way% *}")),eth_type(0x0800),ipv4() ${way#* }"
	done | add_flows dp0
	know_each_other 1 2
	pings h1 10.0.0.2
}

# up DEVICE...: lines for ip_batch; quiet ones, as said at hosts
up() {
	printf 'link set %s addrgenmode none\n' "$@"
	printf 'link set %s up\n' "$@"
}

drop_netns() { [ ! -e "/run/netns/$1" ] || ip netns del "$1"; }

drop_host() {
	local b=
	[ ! -e "/sys/class/net/v$1" ] || b+="link del v$1"$'\n'
	[ ! -e "/run/netns/h$1" ] || b+="netns del h$1"$'\n'
	[ -z "$b" ] || ip -force -batch - <<< "$b"
}

# on hN COMMAND...: run in that host
on() {
	local ns=$1
	shift
	say "[$ns] $*"
	nsenter "--net=/run/netns/$ns" "$@"
}

# pings hN ADDRESS [PING-OPTION...]: every one must be answered
pings() {
	local ns=$1 to=$2 out rc=0
	shift 2
	say "[$ns] ping $* $to"
	out=$(nsenter "--net=/run/netns/$ns" ping -n -c 3 -i 0.2 -W 5 "$@" "$to" 2>&1) || rc=$?
	[[ $out =~ ([0-9]+)\ packets\ transmitted,\ ([0-9]+)\ received ]] ||
		fail "ping says: $out"
	[ "$rc" = 0 ] && [ "${BASH_REMATCH[1]}" = "${BASH_REMATCH[2]}" ] ||
		fail "expected every ping to be answered, got: $out"
	note "${BASH_REMATCH[0]}"
}

# no_pings hN ADDRESS: none may be answered
no_pings() {
	local out
	say "[$1] ping -c 2 -W 1 $2 (in vain)"
	if out=$(nsenter "--net=/run/netns/$1" ping -n -c 2 -i 0.2 -W 1 "$2" 2>&1); then
		fail "expected no answer, got: $out"
	fi
}

# start_pings NAME hN ADDRESS [PING-OPTION...]: in the background
declare -A PING_PID
start_pings() {
	local name=$1 ns=$2 to=$3
	shift 3
	say "[$ns] ping $* $to &"
	nsenter "--net=/run/netns/$ns" ping -n -q -W 5 "$@" "$to" > "$WORK/ping.$name" 2>&1 &
	PING_PID[$name]=$!
	on_exit end_pid "$!"
}

end_pid() {
	if alive "$1"; then
		kill "$1"
		wait "$1"
	fi
} 2>/dev/null

# end_pings NAME [MAY-BE-LOST]: wait for those of a count to end, which all must
# be answered but MAY-BE-LOST. Sets SENT and RECEIVED.
end_pings() {
	local out
	wait "${PING_PID[$1]}" || :
	out=$(< "$WORK/ping.$1")
	[[ $out =~ ([0-9]+)\ packets\ transmitted,\ ([0-9]+)\ received ]] ||
		fail "ping says: $out"
	SENT=${BASH_REMATCH[1]} RECEIVED=${BASH_REMATCH[2]}
	[ $((SENT - RECEIVED)) -le "${2:-0}" ] ||
		fail "expected at most ${2:-0} lost of $SENT pings, got $((SENT - RECEIVED)): $out"
	note "$1: $SENT sent, $RECEIVED answered"
}

# stop_pings NAME [MAY-BE-LOST]: likewise, but end them now; the last may be on
# its way then
stop_pings() {
	say "stop $1"
	kill -INT "${PING_PID[$1]}"
	end_pings "$1" $((${2:-0} + 1))
}

# more_packets DEVICE N: a condition for wait_for
more_packets() { [ "$(< "/sys/class/net/$1/statistics/rx_packets")" -ge "$2" ]; }

# see_packets DEVICE N: wait until N more have been received on it
see_packets() {
	local now
	now=$(< "/sys/class/net/$1/statistics/rx_packets")
	wait_for 60 more_packets "$1" $((now + $2))
}

# ---- streams ----

# listen_at hN|- [STREAM-OPTION...]: a receiver on port 5000 there; see stream.c
listen_at() {
	local -a in=(nsenter "--net=/run/netns/$1")
	[ "$1" != - ] || in=()
	shift
	: > "$WORK/sink.err"
	"${in[@]}" "$HELPERS/stream" "$@" listen 5000 > "$WORK/sink" 2> "$WORK/sink.err" &
	SINK=$!
	on_exit end_pid "$SINK"
	wait_for 20 file_has "$WORK/sink.err" listening
}

# sink_got BYTES: and all of them right
sink_got() {
	wait "$SINK" || fail "the receiver says: $(< "$WORK/sink") $(< "$WORK/sink.err")"
	is "received" "received $1 bytes, all of them right" "$(< "$WORK/sink")"
}

# ---- captures ----

# start_capture NAME hN|- DEVICE FILTER [TCPDUMP-OPTION...]: into $WORK/NAME.txt,
# a line a packet. On return it is listening.
start_capture() {
	local name=$1 ns=$2 dev=$3 filter=$4
	local -a in=(nsenter "--net=/run/netns/$ns")
	shift 4
	[ "$ns" != - ] || in=()
	: > "$WORK/$name.err"
	say "[$ns] tcpdump -i $dev $* $filter &"
	"${in[@]}" tcpdump -n -e -l --immediate-mode -i "$dev" "$@" "$filter" \
		> "$WORK/$name.txt" 2> "$WORK/$name.err" &
	CAPTURE=$!
	on_exit end_pid "$CAPTURE"
	wait_for 20 file_has "$WORK/$name.err" "listening on"
}

# stop_capture: the one that was started last
stop_capture() {
	end_pid "$CAPTURE" || :
}

# ---- frames through flows ----
#
# Programs are slow to start in a guest, so all flows are put at once, all frames
# sent at once, and a frame finds its flow by its source MAC address.
PACKET=$HELPERS/packet
FLOWS=
FRAMES=()
EXPECTED=()
NAMES=()

# two_ports: dp0 with v1 and v2, whose other ends p1 and p2 are not hosts
two_ports() {
	local n b=
	for n in 1 2; do
		b+="link add v$n type veth peer name p$n"$'\n'
		b+="link set v$n addrgenmode none"$'\n'"link set p$n addrgenmode none"$'\n'
		b+="link set v$n up"$'\n'"link set p$n up"$'\n'
	done
	ip_batch "${b%$'\n'}"
	on_exit drop_link v1
	on_exit drop_link v2
	new_dp dp0 v1 v2
}

drop_link() { link_gone "$1" || ip link del "$1"; }

# edit FRAME KEY ACTIONS [EXPECTED...]: FRAME, which has KEY (from the EtherType
# on), goes through ACTIONS and must arrive as EXPECTED, frame by frame, without
# its source MAC address and length
edit() {
	local n=$((${#NAMES[@]} + 1)) mac want
	printf -v mac '02:00:00:00:01:%02x' "$n"
	NAMES+=("$1 $3")
	FRAMES+=("$1,from=$n")
	FLOWS+="recirc_id(0),in_port(1),eth(src=$mac),$2 $3"$'\n'
	shift 3
	for want; do EXPECTED+=("$n $mac>$want"); done
}

# run_edits: all of the above
run_edits() {
	local i=0 line want n watcher
	add_flows dp0 <<< "${FLOWS%$'\n'}"
	: > "$WORK/watch.err"
	"$PACKET" watch p2 "${#EXPECTED[@]}" 30 > "$WORK/watch" 2> "$WORK/watch.err" &
	watcher=$!
	on_exit end_pid "$watcher"
	wait_for 20 file_has "$WORK/watch.err" listening
	say "$PACKET send p1 ${#FRAMES[@]} frames"
	"$PACKET" send p1 "${FRAMES[@]}"
	wait "$watcher" || note "not all came: $(wc -l < "$WORK/watch") of ${#EXPECTED[@]}"
	while read -r line; do
		[ "$i" -lt "${#EXPECTED[@]}" ] || fail "unexpected: $line"
		n=${EXPECTED[i]%% *} want=${EXPECTED[i]#* }
		# shellcheck disable=SC2053
		[[ $line == $want ]] ||
			fail "${NAMES[n - 1]}: expected '$want', got '$line'"
		note "${NAMES[n - 1]}: $line"
		i=$((i + 1))
	done < "$WORK/watch"
	[ "$i" = "${#EXPECTED[@]}" ] ||
		fail "frame $i of ${#EXPECTED[@]} did not come: ${EXPECTED[i]}"
}
