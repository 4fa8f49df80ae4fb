#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A port's device is renamed: the port goes on under its new name, by which it is
# shown, found and deleted.
. "$(dirname "$0")/lib.sh"

hosts 1 2
start_switch dp0 v1 v2
pings h1 10.0.0.2
on_exit eval 'link_gone newname || ip link del newname'
# A device must be down to be renamed.
ip_batch "link set v1 down
link set v1 name newname
link set newname up"
pings h1 10.0.0.2
pings h2 fd00::1
show=$(vslctl show dp0)
has "show" 'port 1: newname' "$show"
[[ $show != *v1* ]] || fail "the old name is still there: $show"
# Stock finds ports by the name that they had first.
[ "$DATAPATH" = stock ] && name=1 || name=newname
run vslctl del-if dp0 "$name"
show=$(vslctl show dp0)
[[ $show != *newname* ]] || fail "it is still a port: $show"
run vslctl add-if dp0 newname
pings h1 10.0.0.2
