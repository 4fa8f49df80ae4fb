#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A port floods no more packets a second than its limit, be they of one flow or each
# a new one; what it sends to hosts that are known is not limited. Said once when it
# begins and once when it is over.
. "$(dirname "$0")/lib.sh"

rx() { cat "/sys/class/net/v$1/statistics/tx_packets"; }

hosts -4 1 3
know_each_other 1 3
configured 'port v1 { storm-limit = 50 }' 'port v3 { }'
pings h1 10.0.0.3
pings h3 10.0.0.1

step "1000 frames of one flow to a host that nobody has (frames to $(mac 2))"
frames=()
for ((i = 0; i < 1000; i++)); do frames+=("arp,from=9"); done
before=$(rx 3) start=$SECONDS
on h1 "$PACKET" send eth0 "${frames[@]}"
wait_for 20 file_has "$WORK/switch.err" "port v1 floods more than 50 packets a second"
got=$(($(rx 3) - before)) secs=$((SECONDS - start + 1))
at_least "frames that arrived" 30 "$got"
at_least "frames that were held back" 1 $((1000 - got))
at_least "room left under the limit" 0 $((50 + 50 * secs - got))
wait_for 20 file_has "$WORK/switch.err" "port v1 floods no more than it may again"

step "1000 new hosts a second, while the known ones talk"
before=$(rx 3) start=$SECONDS
start_pings known h1 10.0.0.3 -i 0.05
run on h1 "$HELPERS/flood" eth0 1000 3
stop_pings known
secs=$((SECONDS - start + 1))
got=$(($(rx 3) - before - SENT))
at_least "flooded frames that arrived" 50 "$got"
at_least "room left under the limit" 0 $((50 + 50 * secs - got))

step "the limit is lifted"
configure 'port v1 { }' 'port v3 { }'
reload "configuration read again"
before=$(rx 3)
on h1 "$PACKET" send eth0 "${frames[@]}"
all_there() { [ $(($(rx 3) - before)) -ge 1000 ]; }
wait_for 20 all_there
