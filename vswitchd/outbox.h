/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * outbox.h - what is to be sent to the kernel, in order, in few system calls
 *
 * upcall.c and flows.c put requests in; whoever has put in the last one of a
 * turn flushes. Requests are carried out in the order they were put in: a flow
 * that is put before a packet is sent on is there when the next packet comes.
 */
#ifndef VSWITCHD_OUTBOX_H
#define VSWITCHD_OUTBOX_H

#include "lib/flow.h"
#include "lib/packet.h"

struct outbox;

/**
 * typedef outbox_done_fn - how a request ended
 * @ctx: as given with the request
 * @err: 0 or a negative errno
 * @extack: the kernel's words, "" for none; lives only during the call
 *
 * Must not put anything into the outbox.
 */
typedef void outbox_done_fn(void *ctx, int err, const char *extack);

struct outbox *outbox_create(const struct vsl_nl *nl);
void outbox_destroy(struct outbox *o);

void outbox_flow_put(struct outbox *o, const struct vsl_flow *flow,
		     outbox_done_fn *done, void *ctx);
void outbox_flow_set(struct outbox *o, const struct vsl_flow *flow,
		     outbox_done_fn *done, void *ctx);
void outbox_flow_del(struct outbox *o, const struct vsl_flow *id,
		     outbox_done_fn *done, void *ctx);
void outbox_execute(struct outbox *o, const struct vsl_execute *execute,
		    outbox_done_fn *done, void *ctx);
int outbox_flush(struct outbox *o);

#endif
