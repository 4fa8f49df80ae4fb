/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * upcall.h - answering the datapath: receive, decide, put a flow, send on
 *
 * turns.c calls upcalls_serve() when the socket is readable. A turn takes
 * what one receive hands out, at most 64 packets, and answers them all together.
 */
#ifndef VSWITCHD_UPCALL_H
#define VSWITCHD_UPCALL_H

#include "bridge.h"
#include "flows.h"
#include "inbox.h"
#include "mac_table.h"
#include "outbox.h"
#include "stats.h"
#include "trace.h"

/**
 * struct upcalls_parts - what answering needs; all borrowed
 * @nl: a socket to the module's families; not used itself
 * @bridge: decides
 * @macs: learns
 * @flows: keeps the flows
 * @outbox: sends
 * @trace: is told
 * @stats: counts
 * @find_port: asked to bring a port into the bridge that the bridge does not know
 *	yet; returns whether it did
 * @probe_came: told that a loop probe of this switch came in by a port
 * @ctx: for @find_port and @probe_came
 */
struct upcalls_parts {
	const struct vsl_nl *nl;
	struct bridge *bridge;
	struct mac_table *macs;
	struct flows *flows;
	struct outbox *outbox;
	struct trace *trace;
	struct stats *stats;
	bool (*find_port)(void *ctx, uint32_t port_no);
	void (*probe_came)(void *ctx, uint32_t port_no, struct vsl_blob packet);
	void *ctx;
};

struct upcalls;

struct upcalls *upcalls_create(const struct upcalls_parts *parts, int dp_ifindex);
void upcalls_destroy(struct upcalls *u);
int upcalls_fd(const struct upcalls *u);
struct inbox *upcalls_inbox(struct upcalls *u);
int upcalls_serve(struct upcalls *u);

#endif
