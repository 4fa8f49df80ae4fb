# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What scenarios share whose requests are made up: world.c says what they are about.
. "$(dirname "${BASH_SOURCE[0]}")/../system/lib.sh"

# devices: lines that make those which requests are about; quiet, as by up()
devices() {
	local n
	for n in 0 1 2 3; do
		echo "link add fd$n type veth peer name fp$n"
		echo "link set fd$n addrgenmode none"
		echo "link set fp$n addrgenmode none"
		echo "link set fd$n up"
		echo "link set fp$n up"
	done
}

# make_world: them, and the datapath that stays
make_world() {
	on_exit drop_world
	ip_batch "$(devices)"
	run vslctl add-dp fzkeep fd0 fd1
}

# Names are among what is made up: bytes of any kind, which JSON has no words for.
drop_world() {
	local n
	for n in /sys/class/net/*; do
		vslctl del-dp "${n##*/}" || :
	done 2> /dev/null
	for n in 0 1 2 3; do drop_link "fd$n"; done
}
