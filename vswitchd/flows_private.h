/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flows_private.h - what flows.c (asking for flows) and flows_found.c (those that are
 * there) share
 */
#ifndef VSWITCHD_FLOWS_PRIVATE_H
#define VSWITCHD_FLOWS_PRIVATE_H

#include "flow_limit.h"
#include "flow_store.h"
#include "flows.h"

/* Flows that are worked on before upcalls are answered again. */
#define FLOWS_PER_TURN 128

struct flows {
	struct bridge *bridge;
	struct mac_table *macs;
	struct outbox *outbox;
	int dp_ifindex;
	struct flow_store store;
	struct flow *undeleted;		/* dead ones, that the kernel may still have; by @next */
	struct flow_limit limit;	/* more are not put; packets are still sent on */
	uint64_t look;			/* number of the last one, see flows_look() */
	uint64_t look_ns;		/* what it has cost */
	struct nl_msg *mask, *actions;	/* for building one at a time */
	int mask_tags;			/* @mask is that of frames with so many; -1: another */
	uint8_t random[256];		/* the next ufids */
	size_t random_left;
	bool full_said;
	uint64_t n_refused;
};

struct flow *flows_new(struct flows *f, const struct frame *frame, uint16_t vlan,
		       const uint8_t ufid[FLOWS_UFID_SIZE], struct vsl_blob key,
		       struct vsl_blob actions, uint64_t now_ms);
void flows_doom(struct flows *f, struct flow *flow);

#endif
