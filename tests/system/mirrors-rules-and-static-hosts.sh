#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A mirror's port gets a copy of what its ports send and get, and takes no part
# itself. Rules drop, redirect or let through, by priority, and a flow matches what
# they looked at and no more. A static host's address is taken from its port alone.
. "$(dirname "$0")/lib.sh"

hosts -4 1 2 3 4
know_each_other 1 2 3 4

step "a mirror of port 1"
configured 'port v1 { }' 'port v2 { }' 'port v3 { }' 'port v4 { }' \
	'mirror m { from = {v1} to = v4 }'
start_capture copy h4 eth0 icmp
pings h1 10.0.0.2
pings h3 10.0.0.2
pings h2 10.0.0.1 -c 1
wait_for 20 file_has "$WORK/copy.txt" "10.0.0.1 > 10.0.0.2: ICMP echo reply"
stop_capture
copy=$(< "$WORK/copy.txt")
is "requests of 1 to 2 in the mirror" 3 "$(grep -c "10.0.0.1 > 10.0.0.2: ICMP echo request" <<< "$copy")"
is "replies of 2 to 1 in the mirror" 3 "$(grep -c "10.0.0.2 > 10.0.0.1: ICMP echo reply" <<< "$copy")"
is "frames of 3 in the mirror" 0 "$(grep -c "10.0.0.3" <<< "$copy" || :)"
no_pings h4 10.0.0.1

step "rules: no UDP port 2000 from port 1, whatever has a higher priority goes on"
configure 'port v1 { }' 'port v2 { }' 'port v3 { }' 'port v4 { }' \
	'rule no-udp { priority = 5 match = "in_port(v1),eth(),eth_type(0x0800),ipv4(proto=17),udp(dst=2000)" actions = drop }' \
	'rule late { match = "in_port(v1),eth(),eth_type(0x0800),ipv4(proto=17)" actions = normal }' \
	"rule to-four { priority = 9 match = \"in_port(v3),eth(),eth_type(0x0800),ipv4(dst=10.0.0.2,proto=1),icmp(type=8)\" actions = v4 }"
reload "configuration read again"
start_capture two h2 eth0 "udp or icmp"
two=$CAPTURE
start_capture four h4 eth0 icmp
on h1 "$PACKET" send eth0 udp4 udp4
no_pings h3 10.0.0.2
pings h1 10.0.0.2
wait_for 20 file_has "$WORK/two.txt" "10.0.0.1 > 10.0.0.2: ICMP"
wait_for 20 file_has "$WORK/four.txt" "10.0.0.3 > 10.0.0.2: ICMP"
end_pid "$CAPTURE" || :
end_pid "$two" || :
is "UDP that came through" 0 "$(grep -c UDP "$WORK/two.txt" || :)"
is "requests of 3 at host 2" 0 "$(grep -c "10.0.0.3 > " "$WORK/two.txt" || :)"
at_least "decisions by a rule" 1 "$(vslctl -j stats | jq .decisions.rule)"
is "requests of 3 at host 4" 2 "$(grep -c "10.0.0.3 > 10.0.0.2: ICMP echo request" "$WORK/four.txt")"
flows=$(vslctl dump-flows dp0)
has "the drop's flow" "in_port\(1\)[^ ]*ipv4\(proto=17,frag=no\),udp\(dst=2000\)[^ ]* [^:]*:.*actions:drop" "$flows"
ping_flow=$(grep "in_port(1).*dst=$(mac 2).*actions:2" <<< "$flows" | grep -v "proto=17,")
has "the ping's flow: one bit of the protocol is enough" "ipv4\(proto=0/0x10\)" "$ping_flow"

step "the same rules read again: their flows stay"
wait_quiet dp0
reload "configuration read again"
pings h1 10.0.0.2
before=$MISSED
get_counters dp0
is "packets without a flow" "$before" "$MISSED"

step "a static host: from another port its address is not taken"
configure 'port v1 { }' 'port v2 { }' 'port v3 { }' 'port v4 { }' \
	"static one { mac = $(mac 1) port = v1 }"
reload "configuration read again"
pings h1 10.0.0.2
on h3 "$PACKET" send eth0 arp
wait_for 20 file_has "$WORK/switch.out" "the source is a fixed host of another port"
pings h2 10.0.0.1
