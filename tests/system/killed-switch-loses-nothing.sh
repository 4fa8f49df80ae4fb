#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# SIGKILL of the daemon in the middle of pings loses none of them, since flows stay;
# the daemon's next start adopts what is there: no flow is put again, a known flow
# causes no upcall, counters go on, and it knows who is behind which port.
. "$(dirname "$0")/lib.sh"

# Beside other guests the way from the first ping to the restart can take more than
# the 60 s after which idle flows go, those of ARP first.
hosts -4 1 2 3
start_switch --flow-idle 3600 dp0 v1 v2 v3
pings h1 10.0.0.2
pings h3 10.0.0.2 -c 1
know_each_other 1 2 3
wait_quiet dp0
keys() { vslctl dump-flows dp0 | sed -E 's/, packets:.*, actions:/ actions:/' | sort; }
# count_of PATTERN: packets of the flow that it describes
count_of() {
	[[ $(vslctl dump-flows dp0) =~ $1[^$'\n']*packets:([0-9]+) ]] || fail "no flow like $1"
	echo "${BASH_REMATCH[1]}"
}
flow="in_port\(1\),[^ ]*dst=$(mac 2)[^ ]*eth_type\(0x0800\)"
before=$(keys)
missed=$MISSED
n=$(count_of "$flow")

step "killed while pings run"
start_pings steady h1 10.0.0.2 -i 0.01 -c 300
see_packets v1 50
run kill -KILL "$SWITCH"
wait_for 10 gone "$SWITCH"
wait "$SWITCH" 2> /dev/null || :
end_pings steady 0
is "pings" 300 "$SENT"
get_counters dp0
is "misses" "$missed" "$MISSED"
is "flows" "$before" "$(keys)"
at_least "packets of a flow" $((n + 300)) "$(count_of "$flow")"
n=$(count_of "$flow")

step "restarted while pings run"
start_pings again h1 10.0.0.2 -i 0.02 -c 200
see_packets v1 20
start_switch --flow-idle 3600 --trace-json "$WORK/json" dp0 v1 v2 v3
end_pings again 0
is "flows" "$before" "$(keys)"
at_least "packets of a flow" $((n + 200)) "$(count_of "$flow")"
get_counters dp0
is "misses" "$missed" "$MISSED"
is "trace" "" "$(< "$WORK/switch.out")"

step "it knows the hosts: what is new between them is not flooded"
pings h3 10.0.0.1
trace=$(< "$WORK/switch.out")
has "host 1 is known" "v3 miss .*dst=$(mac 1)\).*-> forward 1" "$trace"
has "host 3 is known" "v1 miss .*dst=$(mac 3)\).*-> forward 3" "$trace"
[[ $trace != *flood* ]] || fail "it flooded: $trace"

step "a second daemon on the datapath is refused"
refused . vswitchd-lite dp0 v1
stop_switch
pings h1 10.0.0.2

step "of what others have put, what has a UFID goes, and what was put by hand stays"
run vslctl add-flow dp0 "ufid:00112233-4455-6677-8899-aabbccddeeff,in_port(9),eth(),eth_type(0x1234)" drop
run vslctl add-flow dp0 "in_port(9),eth(),eth_type(0x4321)" drop
start_switch --flow-idle 3600 dp0 v1 v2 v3
has "it says" 'removed 1 flow of another program' "$(< "$WORK/switch.err")"
has "it says" 'left 1 flow alone' "$(< "$WORK/switch.err")"
others() { vslctl dump-flows dp0 | grep -o 'in_port(9).*eth_type([^)]*)'; }
no_foreign() { [[ $(others) != *0x1234* ]]; }
wait_for 10 no_foreign
is "flows of others" 'in_port(9),eth(),eth_type(0x4321)' "$(others)"
stop_switch
