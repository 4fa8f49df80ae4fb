// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * outbox.c - a batch (lib/nl.h) whose requests each know whom to tell
 */
#include "outbox.h"

#include <errno.h>
#include <stdlib.h>

struct op {
	outbox_done_fn *done;
	void *ctx;
};

struct outbox {
	struct vsl_nl *nl;
	struct vsl_batch *batch;
	struct op *ops;		/* those not flushed; a batch's cookie is an index */
	size_t n, max;
};

static void batch_done(uintptr_t cookie, int err, const char *extack, void *arg)
{
	struct outbox *o = arg;
	struct op op = o->ops[cookie];

	if (op.done)
		op.done(op.ctx, err, extack);
}

static bool op_new(struct outbox *o, outbox_done_fn *done, void *ctx)
{
	struct op *ops;
	size_t max;

	if (o->n == o->max) {
		max = o->max ? 2 * o->max : 128;
		ops = realloc(o->ops, max * sizeof(*ops));
		if (!ops) {
			if (done)
				done(ctx, -ENOMEM, "");
			return false;
		}
		o->ops = ops;
		o->max = max;
	}
	o->ops[o->n++] = (struct op){ done, ctx };
	return true;
}

/* A request that was not queued ends here. */
static void queued(struct outbox *o, int err)
{
	struct op op;

	if (!err)
		return;
	op = o->ops[--o->n];
	o->ops[o->n].done = NULL;
	if (op.done)
		op.done(op.ctx, err, "");
}

/**
 * outbox_create() - an empty outbox with a socket of its own
 * @nl: a socket to the same families; only copied from
 *
 * Return: the outbox, to be given to outbox_destroy(); NULL on failure.
 */
struct outbox *outbox_create(const struct vsl_nl *nl)
{
	struct outbox *o = calloc(1, sizeof(*o));

	if (!o)
		return NULL;
	if (vsl_nl_clone(nl, &o->nl))
		goto err_socket;
	o->batch = vsl_batch_new(o->nl, batch_done, o);
	if (!o->batch)
		goto err_batch;
	return o;

err_batch:
	vsl_nl_close(o->nl);
err_socket:
	free(o);
	return NULL;
}

/**
 * outbox_destroy() - free; what was not flushed is not sent and nobody is told
 * @o: the outbox, or NULL
 */
void outbox_destroy(struct outbox *o)
{
	if (!o)
		return;
	vsl_batch_free(o->batch);
	vsl_nl_close(o->nl);
	free(o->ops);
	free(o);
}

/**
 * outbox_flow_put() - have a new flow put
 * @o: the outbox
 * @flow: copied
 * @done: told how it ended, maybe from within this call: -EEXIST if there is a
 *	flow for those packets; may be NULL
 * @ctx: for @done
 */
void outbox_flow_put(struct outbox *o, const struct vsl_flow *flow,
		     outbox_done_fn *done, void *ctx)
{
	if (op_new(o, done, ctx))
		queued(o, vsl_flow_batch_new(o->batch, flow, true, o->n - 1));
}

/**
 * outbox_flow_set() - have a flow's actions replaced, its statistics kept
 * @o: the outbox
 * @flow: copied; ufid, key and actions
 * @done: told how it ended, maybe from within this call; may be NULL
 * @ctx: for @done
 */
void outbox_flow_set(struct outbox *o, const struct vsl_flow *flow,
		     outbox_done_fn *done, void *ctx)
{
	struct nl_msg *msg;
	int err;

	if (!op_new(o, done, ctx))
		return;
	msg = vsl_batch_msg(o->batch, VSL_FAM_FLOW, OVS_FLOW_CMD_SET, 0, flow->dp_ifindex);
	err = vsl_flow_put_attrs(msg, flow);
	if (!err)
		vsl_batch_commit(o->batch, o->n - 1);
	queued(o, err);
}

/**
 * outbox_flow_del() - have a flow deleted
 * @o: the outbox
 * @id: copied; names the datapath and the flow
 * @done: told how it ended, maybe from within this call; may be NULL
 * @ctx: for @done
 */
void outbox_flow_del(struct outbox *o, const struct vsl_flow *id,
		     outbox_done_fn *done, void *ctx)
{
	if (op_new(o, done, ctx))
		queued(o, vsl_flow_batch_del(o->batch, id, o->n - 1));
}

/**
 * outbox_execute() - have a packet acted on
 * @o: the outbox
 * @execute: copied
 * @done: told how it ended, maybe from within this call; may be NULL
 * @ctx: for @done
 */
void outbox_execute(struct outbox *o, const struct vsl_execute *execute,
		    outbox_done_fn *done, void *ctx)
{
	if (op_new(o, done, ctx))
		queued(o, vsl_packet_batch_execute(o->batch, execute, o->n - 1));
}

/**
 * outbox_flush() - send all that is in it; everybody is told before it returns
 * @o: the outbox, empty afterwards
 *
 * Return: 0, or a negative errno where the socket failed.
 */
int outbox_flush(struct outbox *o)
{
	int err = vsl_batch_flush(o->batch);

	o->n = 0;
	return err;
}
