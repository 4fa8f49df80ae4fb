#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The daemon under those who start and watch it: as a user with CAP_NET_ADMIN and
# nothing else, telling systemd that it is ready, that its loop turns, and that it
# ends; in the background with a pid file, its parent ending when it is ready or
# with its status; its messages in the journal's form, and in syslog.
. "$(dirname "$0")/lib.sh"

# Where the user nobody can read it, wherever the project lies.
mkdir "$WORK/bin" "$WORK/run"
cp "$(command -v vswitchd-lite)" "$(command -v vslctl)" "$HELPERS/families" "$WORK/bin"
chmod 755 "$WORK" "$WORK/bin" "$WORK"/bin/*
chown 65534 "$WORK/run"

# listener NAME SOCKET: its datagrams come into $WORK/NAME
listener() {
	: > "$WORK/$1.err"
	"$HELPERS/datagrams" "$2" > "$WORK/$1" 2> "$WORK/$1.err" &
	on_exit end_pid "$!"
	SHOW+=("$WORK/$1")
	wait_for 20 file_has "$WORK/$1.err" listening
}

# As the systemd unit has it. No function: what runs in the background is the daemon.
# shellcheck disable=SC2054 # the commas are setpriv's
CONFINED=(setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs
	--bounding-set -all,+net_admin --inh-caps -all,+net_admin --ambient-caps -all,+net_admin)

times_said() { [ "$(grep -c "$2" "$WORK/$1")" -ge "$3" ]; }

hosts -4 1 2
listener systemd @vsl-notify

step "a user with one capability"
export NOTIFY_SOCKET=@vsl-notify WATCHDOG_USEC=200000
: > "$WORK/switch.err"
say "[nobody] vswitchd-lite dp0 v1 v2"
RUNTIME_DIRECTORY=$WORK/run "${CONFINED[@]}" "$WORK/bin/vswitchd-lite" dp0 v1 v2 \
	> "$WORK/switch.out" 2> "$WORK/switch.err" &
SWITCH=$!
on_exit drop_dp dp0
on_exit end_switch "$SWITCH"
wait_for 30 file_has "$WORK/systemd" READY=1
[ "$(< "$WORK/switch.err")" = "vswitchd-lite: ready: datapath dp0, 3 ports" ] ||
	fail "it says: $(< "$WORK/switch.err")"
state=$(< "/proc/$SWITCH/status")
has "user" $'Uid:\t65534\t65534\t65534' "$state"
# CAP_NET_ADMIN is number 12
has "capabilities" $'CapEff:\t0000000000001000' "$state"
has "capabilities it could get" $'CapBnd:\t0000000000001000' "$state"
pings h1 10.0.0.2
has "its socket" "pid $SWITCH" "$(vslctl --control "$WORK/run/dp0.sock" status)"
# the loop turns: twice in 200 ms
wait_for 10 times_said systemd WATCHDOG=1 5
stop_switch
wait_for 10 file_has "$WORK/systemd" STOPPING=1
is "first word to systemd" READY=1 "$(head -n 1 "$WORK/systemd")"
unset NOTIFY_SOCKET WATCHDOG_USEC

# words_of FILE: what FILE's first ExecStart= with words says behind the program's name, with the
# configuration that lies here
words_of() {
	sed -n "s|^ *ExecStart=/usr/sbin/vswitchd-lite ||p" "$1" | head -n 1 |
		sed "s|/etc/vswitchd-lite.conf|$WORK/dp0.conf|"
}
# No other family of sockets, where the kernel has the means for that.
[ ! -e /proc/sys/kernel/seccomp ] || CONFINED=("$WORK/bin/families" "${CONFINED[@]}")

step "with the unit's own words, those of docs/control.md, and the sample configuration"
# What the unit lets be written under /var/log is the folder of LogsDirectory=.
logs=/var/log/$(sed -n 's/^LogsDirectory=//p' dist/vswitchd-lite.service)/
# The sample's printer has h1's address.
sed "s/br0/dp0/; s/eth1/v1/; s/eth2/v2/; s/$(mac 1)/$(mac 99)/; s|$logs|$WORK/run/|" \
	dist/vswitchd-lite.conf > "$WORK/dp0.conf"
for file in dist/vswitchd-lite.service docs/control.md; do
	# a port that joins is brought up
	vslctl del-dp dp0
	ip link set v1 down
	: > "$WORK/switch.err"
	read -ra words < <(words_of "$file")
	say "[nobody] vswitchd-lite ${words[*]}"
	RUNTIME_DIRECTORY=$WORK/run "${CONFINED[@]}" "$WORK/bin/vswitchd-lite" "${words[@]}" \
		> "$WORK/switch.out" 2> "$WORK/switch.err" &
	SWITCH=$!
	on_exit end_switch "$SWITCH"
	wait_for 30 switch_ready
	file_has "$WORK/switch.err" "ready: datapath dp0, 3 ports" ||
		fail "it says: $(< "$WORK/switch.err")"
	pings h1 10.0.0.2
	[ -s "$WORK/run/trace.json" ] || fail "the sample's trace is empty"
	is "permissions of its socket" "$([ "$file" = docs/control.md ] && echo 660 || echo 600)" \
		"$(stat -c %a "$WORK/run/dp0.sock")"
	stop_switch
done

step "in the background"
# a name that anybody can take is no lock
listener squatter @vswitchd-lite/ovs/dp0
pid_file=$WORK/run/pid
run vswitchd-lite --detach --pid-file "$pid_file" dp0 v1 v2
SWITCH=$(< "$pid_file")
on_exit eval "! alive $SWITCH || kill $SWITCH"
is "its socket's pid" "$SWITCH" "$(vslctl -j status | jq .pid)"
is "its standard error" /dev/null "$(readlink "/proc/$SWITCH/fd/2")"
is "its session" "$SWITCH" "$(ps -o sid= -p "$SWITCH" | tr -d ' ')"
know_each_other 1 2
pings h1 10.0.0.2
refused "pid file .* is another running process's" \
	vswitchd-lite --detach --pid-file "$pid_file" dp1
refused "another vswitchd-lite serves" vswitchd-lite --detach dp0
is "pid file" "$SWITCH" "$(< "$pid_file")"
run kill "$SWITCH"
wait_for 10 gone "$SWITCH"
[ ! -e "$pid_file" ] || fail "the pid file is left"

step "which daemon vslctl asks"
run vswitchd-lite --detach --pid-file "$pid_file" dp0 v1 v2
SWITCH=$(< "$pid_file")
# what a killed one leaves is no second daemon
run vswitchd-lite --detach --pid-file "$pid_file.1" dp1
on_exit drop_dp dp1
refused "several daemons" vslctl status
run kill -KILL "$(< "$pid_file.1")"
wait_for 10 gone "$(< "$pid_file.1")"
[ -S /run/vswitchd-lite/dp1.sock ] || fail "it has removed its socket"
is "the one that lives" "$SWITCH" "$(vslctl -j status | jq .pid)"
rm /run/vswitchd-lite/dp1.sock
chmod 700 /run/vswitchd-lite
refused "not permitted" setpriv --reuid 65534 --clear-groups "$WORK/bin/vslctl" status
chmod 755 /run/vswitchd-lite
run kill "$SWITCH"
wait_for 10 gone "$SWITCH"

step "failures reach who started it"
rc=0
vswitchd-lite --detach --pid-file "$pid_file" dp0 v9 2> "$WORK/failed" || rc=$?
is "status" 1 "$rc"
has "message" "port 'v9': there is no network device" "$(< "$WORK/failed")"
[ ! -e "$pid_file" ] || fail "the pid file is left"
refused "cannot write the pid file" vswitchd-lite --pid-file /nowhere/pid dp0
# one that a killed process left is in nobody's way
echo 1 > "$pid_file"
run vswitchd-lite --detach --pid-file "$pid_file" dp0 v1 v2
SWITCH=$(< "$pid_file")
run kill -KILL "$SWITCH"
wait_for 10 gone "$SWITCH"
run vswitchd-lite --detach --pid-file "$pid_file" dp0 v1 v2
run kill "$(< "$pid_file")"
wait_for 10 [ ! -e "$pid_file" ]

step "messages with levels"
: > "$WORK/journal"
stream=$(stat -c %d:%i "$WORK/journal")
JOURNAL_STREAM=$stream vswitchd-lite dp0 v1 v2 \
	> "$WORK/switch.out" 2>> "$WORK/journal" &
SWITCH=$!
on_exit end_switch "$SWITCH"
wait_for 20 file_has "$WORK/journal" "<6>ready: datapath dp0, 3 ports"
stop_switch
[ ! -e /dev/log ] || skip "something listens to syslog here"
listener syslog /dev/log
on_exit rm -f /dev/log
vswitchd-lite --syslog dp0 v1 v2 > "$WORK/switch.out" 2> "$WORK/switch.err" &
SWITCH=$!
on_exit end_switch "$SWITCH"
# facility daemon, 3, times 8, and info, 6
wait_for 20 file_has "$WORK/syslog" "ready: datapath dp0, 3 ports"
has "in syslog" "^<30>.* vswitchd-lite\[$SWITCH\]: " "$(tail -n 1 "$WORK/syslog")"
stop_switch
is "on standard error" "" "$(< "$WORK/switch.err")"
: > "$WORK/switch.err"
vswitchd-lite --log-level warning dp0 v1 v2 > "$WORK/switch.out" 2> "$WORK/switch.err" &
SWITCH=$!
on_exit end_switch "$SWITCH"
wait_for 20 [ -S /run/vswitchd-lite/dp0.sock ]
is "after a word with it" "$SWITCH" "$(vslctl -j status | jq .pid)"
stop_switch
is "messages up to warning" "" "$(< "$WORK/switch.err")"
