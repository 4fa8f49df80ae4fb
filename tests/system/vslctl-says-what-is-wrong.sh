#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Whoever mistypes is told what was wrong, with exit status 2 for how vslctl is called
# and 1 for what cannot be done, and nothing has changed.
. "$(dirname "$0")/lib.sh"

# ends STATUS PATTERN COMMAND...: with that status, and a message like PATTERN
ends() {
	local status=$1 pattern=$2 out rc=0
	shift 2
	say "$@"
	out=$("$@" 2>&1) || rc=$?
	printf '%s\n' "$out"
	[ "$rc" = "$status" ] || fail "expected '$*' to end with $status, it did with $rc"
	[[ $out =~ $pattern ]] || fail "expected '$*' to say '$pattern'"
}

wrong() { ends 2 "$@"; }
not_done() { ends 1 "$@"; }

step "Help"
ends 0 'vslctl \[OPTIONS\].*add-dp.*Exit status' vslctl --help
ends 0 'usage: vslctl add-if DP PORT' vslctl add-if -h
ends 0 'usage: vslctl show' vslctl show --help
ends 0 'vslctl [0-9]' vslctl -V

step "Not a command"
wrong 'command is missing' vslctl
wrong 'no command "shwo"' vslctl shwo
wrong 'vslctl --help' vslctl --nonsense show
wrong 'arguments are missing' vslctl add-dp
wrong 'usage: vslctl del-dp DP' vslctl del-dp dp0 dp1
wrong 'too many arguments: "dp1"' vslctl del-dp dp0 dp1
wrong '"maybe" is not understood' vslctl trace maybe
wrong '"shwo me" is not understood' vslctl trace shwo me
wrong '"burn" is not understood' vslctl fdb burn
wrong 'arguments are missing' vslctl fdb add 02:00:00:00:00:01
wrong '"vlan=5000" is not understood' vslctl fdb show vlan=5000
wrong '"port=v1" is not understood' vslctl fdb add 02:00:00:00:00:01 v1 port=v1
wrong '"colour=red" is not understood' vslctl fdb del 02:00:00:00:00:01 colour=red
not_done 'xyz' vslctl --family-prefix xyz show

step "No datapath yet"
not_done 'there is no datapath: make one' vslctl dump-flows
not_done 'no datapath named dp0 \(there is none' vslctl show dp0
not_done 'cannot be a datapath.s name' vslctl add-dp ''
not_done 'cannot be a datapath.s name' vslctl add-dp sixteen-letters-
is "datapaths" '[]' "$(vslctl -j show | tr -d ' \n')"

step "Ports"
hosts -4 1 2
new_dp dp0 v1
before=$(vslctl -j show | jq -c '.[0].ports | map(.name)')
not_done 'dp0 exists already' vslctl add-dp dp0
not_done 'there is: dp0' vslctl show dp7
not_done 'no datapath named' vslctl show sixteen-letters-
not_done '"tunnel" is no port type' vslctl add-if dp0 v2,type=tunnel
not_done '"0" is no port number' vslctl add-if dp0 v2,port_no=0
not_done '"65535" is no port number' vslctl add-if dp0 v2,port_no=65535
not_done 'unknown option "mtu=9000"' vslctl add-if dp0 v2,mtu=9000
not_done "cannot be a network device" vslctl add-if dp0 ''
not_done "cannot be a network device" vslctl add-if dp0 sixteen-letters-
not_done 'is there such a device' vslctl add-if dp0 nosuch
not_done 'belongs to a bridge or datapath already' vslctl add-if dp0 v1
not_done 'the number is taken' vslctl add-if dp0 v2,port_no=1
# the first of two is taken off again
not_done 'is there such a device' vslctl add-if dp0 v2 nosuch
not_done 'is there such a device' vslctl add-dp dp1 v2 nosuch
not_done 'dp0 has no port v2' vslctl del-if dp0 v1 v2
not_done 'dp0 has no port 77' vslctl del-if dp0 77
not_done 'is the local port of dp0' vslctl del-if dp0 dp0
not_done 'is the local port of dp0' vslctl del-if dp0 0
is "ports" "$before" "$(vslctl -j show | jq -c '.[0].ports | map(.name)')"
is "datapaths" 1 "$(vslctl -j show | jq length)"

step "Flows"
flow="in_port(1),eth(),eth_type(0x0806),arp()"
ufid=ufid:00112233-4455-6677-8899-aabbccddeeff
run vslctl add-flow dp0 "$ufid,$flow" 1
flow="in_port(1),eth(),eth_type(0x0800),ipv4()"
run vslctl add-flow dp0 "$flow" 1
before=$(vslctl -s dump-flows dp0 | sed 's/used:[^,]*//' | sort)
not_done 'already' vslctl add-flow dp0 "$flow" drop
not_done 'flow: .*'$'\n' vslctl add-flow dp0 'in_prot(1)' drop
not_done 'actions: ' vslctl add-flow dp0 "$flow" 'output(2)'
not_done 'the flow is empty' vslctl add-flow dp0 '' drop
not_done 'a ufid alone is no flow' vslctl add-flow dp0 $ufid drop
not_done 'there is no such flow' vslctl del-flow dp0 'in_port(1),eth(),eth_type(0x0801)'
not_done 'there is no such flow' vslctl get-flow dp0 ufid:ff112233-4455-6677-8899-aabbccddeeff
not_done 'there is no such flow' vslctl mod-flow dp0 ufid:ff112233-4455-6677-8899-aabbccddeeff 1
not_done 'there is no such flow' vslctl mod-flow dp0 'in_port(1),eth(),eth_type(0x0801)' 1
wrong 'unknown option --force' vslctl mod-flow --force dp0 "$flow" 1
wrong 'expected a flow and its actions' vslctl mod-flow --clear dp0 "$flow" 1 2
wrong 'expected a flow and its actions' vslctl mod-flow --clear "$flow"
not_done 'nosuch: No such file' vslctl add-flows dp0 nosuch
not_done 'Is a directory' vslctl add-flows dp0 /
printf 'in_port(1),eth(),eth_type(0x0802) 1\0\nin_port(1),eth(),eth_type(0x0803)\n%s 1\n' \
	"$ufid" > "$WORK/bad"
not_done ':1:.*a NUL byte.*:2:.*:3:.*a ufid alone.*3 of 3 flows' vslctl add-flows dp0 "$WORK/bad"
# one that is there already keeps none of the others out
printf '%s 1\nin_port(1),eth(),eth_type(0x0804) 1\n' "$flow" > "$WORK/half"
not_done ':1: .*already.*1 of 2 flows' vslctl add-flows dp0 "$WORK/half"
run vslctl del-flow dp0 'in_port(1),eth(),eth_type(0x0804)'
is "flows" "$before" "$(vslctl -s dump-flows dp0 | sed 's/used:[^,]*//' | sort)"

step "What is left out has to be clear"
new_dp dp1
wrong 'several datapaths, say which: (dp0, dp1|dp1, dp0)' vslctl dump-flows
not_done 'there are: ' vslctl show dp7

step "A full disk is noticed"
for words in "show" "dump-flows dp0" "get-flow dp0 $ufid"; do
	# shellcheck disable=SC2016,SC2086 # for that shell; words
	not_done 'could not be written' bash -c 'vslctl "$@" > /dev/full' - $words
done

step "Echo"
if [ "$DATAPATH" = lite ]; then
	wrong 'a number, 1 to' vslctl echo -c 0
	wrong 'a number, 1 to' vslctl echo -c
	wrong 'too many arguments: "b"' vslctl echo a b
else
	not_done 'openvswitch, which has no echo' vslctl echo
fi
