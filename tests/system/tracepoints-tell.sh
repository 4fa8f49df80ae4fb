#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The tracepoints of system vsl tell a packet's way: it is received, looked up, and
# then user space is told of it, or each step of its actions is, and where it ends.
. "$(dirname "$0")/lib.sh"
lite_only

has_tracefs || skip "this kernel has no tracefs"
[ -d $TRACEFS/events/vsl ] || skip "this kernel has no tracing of events"
trace_off() { echo 0 >$TRACEFS/events/vsl/enable; echo >$TRACEFS/trace; }

two_ports
on_exit trace_off

# tells TEXT...: the trace of one UDP packet into port 1 has each of these, in
# this order, and no further event
tells()
{
	local want line n=0
	run "$PACKET" send p1 udp4,len=100
	wait_for 10 complete $#
	while read -r line; do
		[[ $line != *': receive: '* && $n = 0 ]] && continue
		n=$((n + 1))
		want=$1
		shift
		# shellcheck disable=SC2053
		[[ $line == *": "$want ]] || fail "event $n: expected '$want', got '$line'"
		note "${line##*: }"
	done < <(grep skbaddr $TRACEFS/trace)
	[ $# = 0 ] || fail "this did not come: $1"
}
complete() { [ "$(grep -c skbaddr $TRACEFS/trace)" -ge "$1" ]; }
begin()
{
	step "$1"
	vslctl del-flows dp0
	[ $# = 1 ] || run vslctl add-flow dp0 'recirc_id(0),in_port(1),eth()' "$2"
	echo >$TRACEFS/trace
}

received='receive: skbaddr=* port=1 device=v1 protocol=0x0800 len=142'
key='in_port=1 src=02:00:00:00:00:01 dst=02:00:00:00:00:02 eth_type=0x0800 proto=17'
hit="lookup: skbaddr=* dp=* recirc_id=0x0 $key hit slot=* tried=1 cached=0"
output='action: skbaddr=* op=output port=2 len=142'

echo 1 >$TRACEFS/events/vsl/enable

begin "no flow: user space is to be told, but listens at no socket (ENOTCONN)"
tells "$received" "lookup: skbaddr=* dp=* recirc_id=0x0 $key miss *" \
	'upcall: skbaddr=* dp=* in_port=1 why=miss portid=0 err=-107'

begin "one output" 2
tells "$received" "$hit" "$output"

begin "each step of several" 'push_vlan(vid=5,pcp=0),set(skb_mark(1)),2'
tells "$received" "$hit" 'action: * op=push_vlan port=-1 *' \
	'action: * op=set(skb_mark) port=-1 *' 'action: * op=output port=2 *'

begin "a drop that the flow asks for" drop
tells "$received" "$hit" 'drop: skbaddr=* why="end of actions" len=142'

begin "an output to a port that is not there" 9
tells "$received" "$hit" 'action: * op=output port=9 *' 'drop: * why="no such port" *'

begin "once more through the table" 'recirc(7)'
tells "$received" "$hit" 'action: * op=recirc *' \
	"lookup: * recirc_id=0x7 $key miss *" 'upcall: * why=miss *'
