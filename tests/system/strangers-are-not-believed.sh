#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What listens at the control socket may be anything: vslctl says that it is no
# vswitchd-lite, or what it was told, and ends.
# module: none
. "$(dirname "$0")/lib.sh"

ASK=("status" "ports" "stats" "fdb show" "fdb flush" "metrics" "reload" "trace off"
	"trace follow" "-j status" "-j ports" "-j stats" "-j fdb show" "-j fdb flush")

# all_say PATTERN: every request that is not in NOT
all_say() {
	local ask
	for ask in "${ASK[@]}"; do
		# shellcheck disable=SC2086 # words
		[[ " ${NOT:-} " == *" ${ask// /_} "* ]] || ends 1 "$1" \
			vslctl --control "$WORK/sock" $ask
	done
}

# ends STATUS PATTERN COMMAND...
ends() {
	local status=$1 pattern=$2 out rc=0
	shift 2
	say "$@"
	out=$("$@" 2>&1) || rc=$?
	printf '%s\n' "${out:0:300}"
	[ "$rc" = "$status" ] || fail "expected '$*' to end with $status, it did with $rc"
	[[ $out =~ $pattern ]] || fail "expected '$*' to say '$pattern'"
}

STRANGER=
end_stranger() {
	[ -z "$STRANGER" ] || kill "$STRANGER"
	# its status is that of who was killed
	[ -z "$STRANGER" ] || wait "$STRANGER" || STRANGER=
}

# stranger: one who answers with the standard input
stranger() {
	end_stranger
	rm -f "$WORK/sock"
	cat > "$WORK/answer"
	"$HELPERS/stranger" "$WORK/sock" < "$WORK/answer" 2> /dev/null &
	STRANGER=$!
	wait_for 10 test -S "$WORK/sock"
}
on_exit end_stranger

step "Nobody, or nothing that listens"
ends 1 'no daemon at' vslctl --control "$WORK/sock" status
ends 1 'cannot name a socket' vslctl --control "/$(printf '%0200d' 0)" status
: > "$WORK/file"
ends 1 'nobody answers at' vslctl --control "$WORK/file" status

step "Who hangs up"
stranger < /dev/null
all_say 'the daemon has hung up'

step "No message"
stranger <<< 'SSH-2.0-OpenSSH_9.2p1'
all_say 'not vswitchd-lite'
stranger <<< '[1]'
all_say 'not vswitchd-lite: no message'
stranger <<< '{"jsonrpc":"2.0","id":1}'
all_say 'not vswitchd-lite'

step "An error"
stranger <<< '{"jsonrpc":"2.0","error":{"code":-1,"message":"not on Sundays"},"id":1}'
all_say 'not on Sundays'

step "Results of other kinds"
stranger <<< '{"jsonrpc":"2.0","result":5,"id":1}'
all_say 'not vswitchd-lite'
stranger <<< '{"jsonrpc":"2.0","result":{},"id":1}'
NOT='status stats fdb_flush -j_status -j_stats -j_fdb_flush' all_say 'not vswitchd-lite'
stranger <<< '{"jsonrpc":"2.0","result":{"entries":3,"ports":{"a":1}},"id":1}'
NOT='status stats fdb_flush -j_status -j_stats -j_fdb_flush' all_say 'not vswitchd-lite'

step "What is not understood in a list is left out, or empty"
stranger <<< '{"jsonrpc":"2.0","result":{"entries":[3,null],"ports":[null,"x"],"a":1,"t":[1]},"id":1}'
ends 0 'port 0: ' vslctl --control "$WORK/sock" ports
ends 0 '^VLAN ' vslctl --control "$WORK/sock" fdb show
ends 0 '^$' vslctl --control "$WORK/sock" stats
ends 0 'trace off' vslctl --control "$WORK/sock" status

step "An answer without an end"
stranger < <(head -c 40M /dev/zero | tr '\0' x)
ends 1 'does not end' vslctl --control "$WORK/sock" status
