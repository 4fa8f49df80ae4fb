/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adopt.h - at start, take over the flows that are in the datapath
 */
#ifndef VSWITCHD_ADOPT_H
#define VSWITCHD_ADOPT_H

#include "flows.h"

/**
 * struct adopt_found - what was there
 * @kept: flows of an earlier run, ours now
 * @foreign: flows of another switch daemon: deleted, since they would forward by
 *	its rules, beside ours
 * @by_hand: flows without a ufid, as vslctl and ovs-dpctl make them: left alone
 */
struct adopt_found {
	size_t kept, foreign, by_hand;
};

int adopt_flows(struct flows *flows, struct outbox *outbox, struct vsl_nl *nl,
		int dp_ifindex, uint64_t now_ms, struct adopt_found *found);

#endif
