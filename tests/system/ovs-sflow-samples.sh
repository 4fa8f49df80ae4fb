#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ovs-vswitchd's sFlow: a collector gets as many samples as the rate says, each with
# the head of the frame and where it came from.
# timeout: 300
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib-ovs.sh"

start_ovs
watched_pair

# A collector that never answers: a device that swallows what it gets.
ip_batch "link add collector type dummy
$(up collector)
addr add 10.9.9.1/24 dev collector
neigh replace 10.9.9.2 lladdr 02:00:00:00:00:99 dev collector nud permanent"
on_exit drop_link collector

# sflow_of RATE: of one frame in RATE the first 64 bytes
sflow_of() {
	vsctl -- --id=@s create sflow agent=collector target='"10.9.9.2:6343"' \
		header=64 sampling="$1" polling=0 -- set bridge br0 sflow=@s
}

# samples_are N: that many flow samples have come, in however many datagrams
samples_are() { SAMPLES=$(grep -c 'flow sample (1)' "$WORK/sflow.txt") || :; [ "$SAMPLES" -ge "$1" ]; }

step "sFlow of every frame"
SHOW+=("$WORK/sflow.txt")
start_capture sflow - collector 'udp dst port 6343' -vv -x -s 2000
sflow_of 1
frames=()
for ((n = 1; n <= 20; n++)); do frames+=("udp4,len=100,from=$n"); done
send 1 "${frames[@]}"
wait_for 30 samples_are 20
is "samples" 20 "$SAMPLES"
v1=$(< /sys/class/net/v1/ifindex)
# a frame of 142 bytes and its FCS, of which 64 are shown and the FCS is not
is "what each says" 20 "$(grep -cE "rate 1, pool [0-9]+, drops 0, input $v1 " "$WORK/sflow.txt")"
is "and how long the frame was" 20 \
	"$(grep -c 'protocol Ethernet (1), length 146, stripped bytes 4, header_size 64' "$WORK/sflow.txt")"
hex=$(sed -n 's/^\t0x[0-9a-f]*:  //p' "$WORK/sflow.txt" | tr -d ' \n')
for n in 1 20; do
	# to, from, an IPv4 header, 128 bytes of UDP from and to
	head=0200000000020200000001$(printf %02x $n)0800450000801234000040
	[[ $hex =~ ${head}11[0-9a-f]{4}0a0000010a000002 ]] || fail "no head of frame $n in the samples"
	note "frame $n: ${BASH_REMATCH[0]}"
done
stop_capture

step "sFlow of one frame in four"
sflow_of 4
start_capture sflow - collector 'udp dst port 6343' -vv -s 2000
send 1 "${frames[@]}"	# puts the flows
for ((n = 0; n < 20; n++)); do send 1 "${frames[@]}"; done
has "a flow" 'sample\(sample=(25\.0|24\.99*8?)%,actions\(' "$(vslctl dump-flows ovs-system)"
# 420 frames: 105 +- 8.9 (one sigma); datagrams go out once a second
wait_for 10 samples_are 60
nap 2
samples_are 60
[ "$SAMPLES" -le 150 ] || fail "expected 105 samples of 420 frames, about, got $SAMPLES"
note "samples of 420 frames: $SAMPLES"
vsctl clear bridge br0 sflow
stop_capture

no_complaints
