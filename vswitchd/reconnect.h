/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reconnect.h - the datapath is gone: for good, or with its module for a while?
 *
 * A datapath that somebody deletes is the end of its daemon. One that goes because its
 * module is unloaded (an update, say) is made anew when the module is back.
 */
#ifndef VSWITCHD_RECONNECT_H
#define VSWITCHD_RECONNECT_H

#include "vswitchd.h"

/* What the loop ends with when the datapath is gone; no exit status. */
#define VSWITCHD_GONE 256

int vswitchd_await_module(struct vswitchd *v);

#endif
