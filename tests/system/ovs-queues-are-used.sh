#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ovs-vswitchd's QoS: it puts an htb scheduler on a port, and a flow's set_queue reaches
# it as the packet's priority. Each queue has what was sent to it and nothing else,
# pop_queue goes back to the default one, and a slow queue is slow.
# timeout: 300
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib-ovs.sh"

modprobe -q sch_htb || skip "this kernel has no sch_htb"
start_ovs
watched_pair
vsctl set port v2 qos=@qos \
	-- --id=@qos create qos type=linux-htb other-config:max-rate=1000000000 \
		queues:0=@fast queues:1=@slow queues:5=@fast \
	-- --id=@fast create queue other-config:max-rate=1000000000 \
	-- --id=@slow create queue other-config:min-rate=12000 other-config:max-rate=80000 other-config:burst=16000

# in_queues: sets QUEUES, "QUEUE PACKETS" of each that has any. Open vSwitch's queue N
# is htb's class 1:N+1.
in_queues() {
	local line class= n text

	text=$(tc -s class show dev v2)
	QUEUES=
	while read -r line; do
		[[ ! $line =~ ^class\ htb\ 1:([0-9a-f]+)\  ]] || class=${BASH_REMATCH[1]}
		[[ $class != fffe && $line =~ ^Sent\ [0-9]+\ bytes\ ([1-9][0-9]*)\ pkt ]] || continue
		QUEUES+="${QUEUES:+, }$((0x$class - 1)) ${BASH_REMATCH[1]}"
	done <<< "$text"
}
queues_are() { in_queues; [ "$QUEUES" = "$1" ]; }
has_classes() { [[ $(tc class show dev v2) == *'htb 1:6 '* ]]; }

wait_for 20 has_classes
run tc class show dev v2

step "each packet to its queue"
to=02:00:00:00:00:02
u="$to ip 10.0.0.1>10.0.0.2 tos 0 ttl 64 sum ok udp 1000>2000 sum ok *"
of udp4 'udp,actions=output:2' "$u"
of udp4 'udp,actions=set_queue:5,output:2' "$u"
of udp4 'udp,actions=set_queue:1,output:2' "$u"
of udp4 'udp,actions=set_queue:1,output:2,pop_queue,output:2' "$u" "$u"
of udp4 'udp,actions=enqueue:2:5' "$u"
in_queues
# nothing but what this scenario sends, each frame twice: by way of user space and by
# its flow
is "packets in queues before" '' "$QUEUES"
run_of
wait_for 10 queues_are "0 4, 1 4, 5 4"
has "the daemon's figures" 'queue 5: bytes=[0-9]+, pkts=4,.*' \
	"$(ovs-ofctl queue-stats br0 2)"
has "a flow" 'actions:set\(skb_priority\(0x10002\)\),[0-9]+' "$(vslctl dump-flows ovs-system)"

step "80 kbit/s are 10 kB/s"
# Behind the 16,000 bytes that may go at once.
frames=()
for ((n = 0; n < 50; n++)); do frames+=("udp4,len=958,from=3"); done
start=${EPOCHREALTIME/./}
send 1 "${frames[@]}"
for ((n = 0; n < 50; n++)); do comes 2 "02:00:00:00:01:03>$u" > /dev/null; done
took=$(((${EPOCHREALTIME/./} - start) / 1000))
# 50 frames of 1000 bytes
at_least "milliseconds for 50,000 bytes" 3300 $took

no_complaints
