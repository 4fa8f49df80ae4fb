#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Each upcall is in the trace as a line for people, as a JSON object and as a packet
# in a capture file; a filter chooses; a wrong one is refused before anything is done.
. "$(dirname "$0")/lib.sh"

hosts -4 1 2
refused 'filter|nonsense|syntax' vswitchd-lite --trace-filter 'nonsense (' dp0 v1
link_gone dp0 || fail "it made a datapath all the same"
refused 'no-such-folder' vswitchd-lite --trace-json /no-such-folder/x dp0 v1
link_gone dp0 || fail "it made a datapath all the same"

step "everything"
start_switch --trace-json "$WORK/json" --trace-pcap "$WORK/pcap" dp0 v1 v2
pings h1 10.0.0.2 -c 1
stop_switch
cat "$WORK/switch.out"
# ARP request and reply, ICMP request and reply
is "lines" 4 "$(wc -l < "$WORK/switch.out")"
text=$(< "$WORK/switch.out")
has "first" "^[0-9:.]+ v1 miss in_port\(1\),eth\(src=$(mac 1),dst=ff:ff:ff:ff:ff:ff\),eth_type\(0x0806\),arp\([^)]*\) -> flood [0-9,]*2[^ ]* \(learned $(mac 1) on 1\), flow put, [0-9]+ us" "$text"
has "second" "v2 miss in_port\(2\),eth\(src=$(mac 2),dst=$(mac 1)\),eth_type\(0x0806\),.* -> forward 1 \(learned $(mac 2) on 2\), flow put" "$text"
has "third" "v1 miss .*eth_type\(0x0800\),ipv4\([^)]*src=10.0.0.1,dst=10.0.0.2,proto=1.*icmp\(type=8,code=0\).* -> forward 2, flow put" "$text"
is "JSON" '["v1",1,"miss","flood","put",true]
["v2",2,"miss","forward","put",true]
["v1",1,"miss","forward","put",true]
["v2",2,"miss","forward","put",true]' \
	"$(jq -c '[.port, .port_no, .kind, .decision, .flow, (.time > 1e9 and .us > 0 and .dp == "dp0" and (.key | test("^in_port")))]' "$WORK/json")"
is "JSON: where the reply goes" '[1]' "$(jq -c 'select(.port == "v2").out' "$WORK/json" | head -n 1)"

step "stored, and shown as it was live"
is "vslctl trace show" "$text" "$(vslctl trace show "$WORK/json")"
if [ "$DATAPATH" = lite ]; then
	is "the module's numbers" "1 2 3 4" "$(jq .number "$WORK/json" | paste -sd ' ')"
	is "times in order" true "$(jq -s 'all(.waited_us > 0 and .decided_us > 0 and .us > .decided_us)' "$WORK/json")"
	has "live" 'us after [0-9]+ us in the queue' "$text"
else
	is "times of a module that tells none" '' "$(jq '.number // .waited_us // empty' "$WORK/json")"
fi
# h1 asks who has the address, h2 answers, h1 sends a ping, h2 answers: both hosts
# are new once
is "vslctl trace summary" '[4,0,{"flood, source new":1,"forward":2,"forward, source new":1},{"v1":2,"v2":2}]' \
	"$(vslctl -j trace summary "$WORK/json" | jq -cS '[.upcalls, .skipped, ([.causes, .ports][] | map({(.name): .upcalls}) | add)]')"
# as if the clock had been set back
tac "$WORK/json" > "$WORK/back"
is "its seconds" "$(vslctl -j trace summary "$WORK/json" | jq .seconds)" \
	"$(vslctl -j trace summary "$WORK/back" | jq .seconds)"
refused 'line 1 is not a record' vslctl trace show /etc/hostname

step "captured"
caught=$(tcpdump -n -r "$WORK/pcap" 2> /dev/null)
printf '%s\n' "$caught"
is "captured packets" 4 "$(wc -l <<< "$caught")"
has "captured" 'ARP, Request who-has 10.0.0.2.*ARP, Reply.*ICMP echo request.*ICMP echo reply' "$caught"

step "narrowed to a port and a reason"
run vslctl del-dp dp0
start_switch --trace-port v2 --trace-reason learned --trace-json "$WORK/json" dp0 v1 v2
ip_batch "neigh flush dev eth0" -n h1
pings h1 10.0.0.2 -c 1
stop_switch
is "JSON objects" '["v2","'"$(mac 2)"'"]' "$(jq -c '[.port, .learned]' "$WORK/json")"
refused 'miss, action' vswitchd-lite --trace-reason learnt dp0 v1

step "filtered"
run vslctl del-dp dp0
start_switch --trace-json "$WORK/json" --trace-pcap "$WORK/pcap" --trace-filter 'icmp and src host 10.0.0.2' dp0 v1 v2
ip_batch "neigh flush dev eth0" -n h1
pings h1 10.0.0.2 -c 1
stop_switch
is "lines" 1 "$(wc -l < "$WORK/switch.out")"
is "JSON objects" 1 "$(jq -c . "$WORK/json" | wc -l)"
has "captured" '^[^'$'\n'']*10.0.0.2 > 10.0.0.1: ICMP echo reply[^'$'\n'']*$' "$(tcpdump -n -r "$WORK/pcap" 2> /dev/null)"
