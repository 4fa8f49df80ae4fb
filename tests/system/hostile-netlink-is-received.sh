#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What comes truncated, twice, in disorder, too long, from others or too fast neither
# confuses the daemon's receiving nor ends it: the next message is received as ever.
. "$(dirname "$0")/lib.sh"

ko=build/$(uname -r)/netlink30.ko
[ -e "$ko" ] || skip "there is no $ko: make module"
run insmod "$ko"
on_exit rmmod netlink30
run "$HELPERS/hostile"
