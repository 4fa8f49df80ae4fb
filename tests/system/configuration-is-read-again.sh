#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The configuration file: a port may be named before its device is there, joins
# when it appears and leaves when it goes; a changed file is applied at SIGHUP; a
# wrong one is refused with file, line and word, and changes nothing.
. "$(dirname "$0")/lib.sh"

hosts -4 1 2
step "a file that is right, and some that are not"
configure 'port v1 { access = 10 }' 'port v2 { access = 10 }' \
	'port v3 { access = 10 }'
run vswitchd-lite --check-config "$WORK/dp0.conf"
printf 'bridge dp0 {\nport v1 {\naccess = ten } }\n' > "$WORK/bad.conf"
refused "bad.conf:3: access: 'ten' is not a VLAN" vswitchd-lite --check-config "$WORK/bad.conf"
refused "bad.conf:3: access: 'ten' is not a VLAN" vswitchd-lite --config "$WORK/bad.conf"
refused "with a configuration file" vswitchd-lite --config "$WORK/dp0.conf" dp0
link_gone dp0 || fail "a wrong file has made a datapath"

on_exit drop_dp dp0
start_switch --config "$WORK/dp0.conf"
has "a port that is waited for" "port v3: there is no such device yet" "$(< "$WORK/switch.err")"
pings h1 10.0.0.2

step "the port that was waited for joins when its device appears, and leaves with it"
hosts -4 3
wait_for 20 file_has "$WORK/switch.err" "port v3 (3) joined"
pings h3 10.0.0.1
drop_host 3
wait_for 20 file_has "$WORK/switch.err" "port v3 (3) left"
hosts -4 3
wait_for 20 said_more "port v3 .* joined" 1
pings h3 10.0.0.1

step "a wrong file changes nothing"
configure 'port v1 { access = 10 }' 'prot v2 { }'
reload "nothing changed: .*dp0.conf:3: .*prot"
echo 'bridge dp1 { port v1 { } }' > "$WORK/dp0.conf"
reload "nothing changed: .*'dp1' there, but 'dp0' is running"
pings h1 10.0.0.2

step "another VLAN for one port"
configure 'port v1 { access = 10 }' 'port v2 { access = 20 }' \
	'port v3 { access = 10 }'
reload "configuration read again"
no_pings h1 10.0.0.2
pings h3 10.0.0.1

step "a port less: it is taken out of the datapath"
configure 'port v1 { access = 10 }' 'port v2 { access = 10 }'
reload "configuration read again"
pings h1 10.0.0.2
[[ ! $(vslctl show dp0) =~ v3 ]] || fail "v3 is still a port: $(vslctl show dp0)"
no_pings h3 10.0.0.1

step "which upcalls are traced"
traced() { grep -c " $1 " "$WORK/switch.out" || :; }
printf '%s\n' 'bridge dp0 { port v1 { access = 10 } port v2 { access = 10 } }' \
	'trace { text = true reason = moved }' > "$WORK/dp0.conf"
reload "configuration read again"
run vslctl fdb flush
before=$(traced miss)
pings h1 10.0.0.2
is "upcalls traced of hosts that were learned anew" "$before" "$(traced miss)"
printf '%s\n' 'bridge dp0 { port v1 { access = 10 } port v2 { access = 10 } }' \
	'trace { text = true reason = moved' 'port = "a/b" }' > "$WORK/dp0.conf"
reload "nothing changed: .*dp0.conf:3: port: .*a/b"
printf '%s\n' 'bridge dp0 { port v1 { access = 10 } port v2 { access = 10 } }' \
	'trace { text = true port = v2 }' > "$WORK/dp0.conf"
reload "configuration read again"
v1=$(traced "v1 miss") v2=$(traced "v2 miss")
run vslctl fdb flush
pings h1 10.0.0.2
is "upcalls traced of port 1" "$v1" "$(traced "v1 miss")"
at_least "upcalls traced of port 2" $((v2 + 1)) "$(traced "v2 miss")"

step "and one more"
configure 'port v1 { access = 10 }' 'port v2 { access = 10 }' \
	'port v3 { access = 10 }'
reload "configuration read again"
pings h3 10.0.0.2

step "one that cannot be added, until it can"
on_exit drop_link x0
ip_batch "link add x0 type veth peer name x1"
run vslctl add-dp dp1 x0
on_exit drop_dp dp1
configure 'port v1 { access = 10 }' 'port v2 { access = 10 }' \
	'port v3 { access = 10 }' 'port x0 { }'
refused "all is applied, but port 'x0': the device is in another switch" vslctl reload
# it is tried at each event of the device's, and told of once
ip_batch "link set x0 alias other"
ip_batch "link set x0 alias another"
reload "configuration read again: .* port 'x0'"
is "times that it was told" 1 "$(count_said "in another switch")"
run vslctl del-dp dp1
ip_batch "link set x0 alias free"
wait_for 20 file_has "$WORK/switch.err" "port x0 (4) joined"

step "a port less while the daemon is away"
stop_switch
configure 'port v1 { access = 10 }' 'port v2 { access = 10 }'
ln -s dp0.conf "$WORK/link.conf"
start_switch --config "$WORK/link.conf"
[[ ! $(vslctl show dp0) =~ v3 ]] || fail "v3 is still a port: $(vslctl show dp0)"
pings h1 10.0.0.2

step "another file in place of a link"
sed 's/v2 { access = 10/v2 { access = 20/' "$WORK/dp0.conf" > "$WORK/new.conf"
ln -sfn new.conf "$WORK/link.conf"
reload "configuration read again"
no_pings h1 10.0.0.2
stop_switch
