// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Batches: many requests in one sendmsg(), see nl.h.
 *
 * 1. vsl_batch_msg() and vsl_batch_commit() append requests to a buffer, each
 *    with its own sequence number.
 * 2. vsl_batch_flush() sends all. The kernel works them off in order before
 *    sendmsg() returns, and answers those that fail.
 * 3. nl_answer.c hands the answers to vsl_batch_answer(); what was not
 *    answered when the socket is empty has succeeded.
 */
#include "nl_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/genl/genl.h>

/* So that the answers fit the receive buffer even where all requests fail and
 * the buffer could not be made larger than an ordinary user's.
 */
#define BATCH_COUNT 256
/* Sent when this is reached.  The buffer beyond it takes one more request. */
#define BATCH_BYTES (128 * 1024)

struct request {
	uintptr_t cookie;
	int err;
	char *extack;
};

struct vsl_batch {
	struct vsl_nl *nl;
	vsl_batch_done_cb done;
	void *arg;
	struct nl_msg *msg;		/* the request being built */
	unsigned int n;
	struct request req[BATCH_COUNT];
	uint32_t first_seq;		/* of req[0], while flushing */
	size_t len;
	char *buf;
};

struct vsl_batch *vsl_batch_new(struct vsl_nl *nl, vsl_batch_done_cb done,
				void *arg)
{
	struct vsl_batch *batch = calloc(1, sizeof(*batch));

	if (!batch)
		return NULL;
	batch->nl = nl;
	batch->done = done;
	batch->arg = arg;
	batch->msg = nlmsg_alloc_size(VSL_MSG_SIZE);
	batch->buf = malloc(VSL_MSG_SIZE > BATCH_BYTES ? VSL_MSG_SIZE :
			    BATCH_BYTES);
	if (!batch->msg || !batch->buf) {
		vsl_batch_free(batch);
		return NULL;
	}
	return batch;
}

void vsl_batch_free(struct vsl_batch *batch)
{
	if (!batch)
		return;
	nlmsg_free(batch->msg);
	free(batch->buf);
	free(batch);
}

struct nl_msg *vsl_batch_msg(struct vsl_batch *batch, enum vsl_family family,
			     int cmd, int flags, int dp_ifindex)
{
	vsl_nl_put_header(batch->nl, batch->msg, family, cmd, flags,
			  dp_ifindex);
	return batch->msg;
}

void vsl_batch_commit(struct vsl_batch *batch, uintptr_t cookie)
{
	struct nlmsghdr *nlh = nlmsg_hdr(batch->msg);
	size_t len = NLMSG_ALIGN(nlh->nlmsg_len);
	struct request *req;

	/* how that ends is each request's own affair: the callback tells */
	if (batch->n == BATCH_COUNT ||
	    (batch->n && batch->len + len > BATCH_BYTES))
		vsl_batch_flush(batch);

	memcpy(batch->buf + batch->len, nlh, len);
	batch->len += len;
	req = &batch->req[batch->n++];
	*req = (struct request){ .cookie = cookie };
}

unsigned int vsl_batch_count(const struct vsl_batch *batch)
{
	return batch->n;
}

void vsl_batch_answer(struct vsl_batch *batch, const struct nlmsghdr *nlh,
		      int err, size_t fixed)
{
	uint32_t i = nlh->nlmsg_seq - batch->first_seq;
	char text[VSL_EXTACK_MAX];

	if (i >= batch->n || !err)
		return;
	batch->req[i].err = err;
	vsl_nl_read_extack(nlh, fixed, text);
	if (*text && !batch->req[i].extack)
		batch->req[i].extack = strdup(text);
}

static void number_requests(struct vsl_batch *batch)
{
	struct nlmsghdr *nlh;

	batch->first_seq = batch->nl->seq;
	for (size_t at = 0; at < batch->len; at += NLMSG_ALIGN(nlh->nlmsg_len)) {
		nlh = (struct nlmsghdr *)(batch->buf + at);
		nlh->nlmsg_seq = batch->nl->seq++;
	}
}

/* What became of a request whose answer was lost is not known: an error. */
static void answers_lost(struct vsl_batch *batch)
{
	for (unsigned int i = 0; i < batch->n; i++)
		if (!batch->req[i].err)
			batch->req[i].err = -ENOBUFS;
}

static int exchange(struct vsl_batch *batch)
{
	struct vsl_nl *nl = batch->nl;
	int err;

	number_requests(batch);
	err = vsl_nl_send(nl, batch->buf, batch->len);
	if (err)
		return err;
	nl->batch = batch;
	do {
		err = vsl_nl_pump(nl, VSL_NL_PUMP_MAX);
		if (err == -ENOBUFS)
			answers_lost(batch);
	} while (!err || err == -ENOBUFS);
	nl->batch = NULL;
	return err == -EAGAIN ? 0 : err;
}

int vsl_batch_flush(struct vsl_batch *batch)
{
	unsigned int n = batch->n;
	int err;

	if (!n)
		return 0;
	err = exchange(batch);
	batch->n = 0;
	batch->len = 0;
	for (unsigned int i = 0; i < n; i++) {
		struct request *req = &batch->req[i];

		if (batch->done)
			batch->done(req->cookie, err ? err : req->err,
				    req->extack ? req->extack : "",
				    batch->arg);
		free(req->extack);
		req->extack = NULL;
	}
	return err;
}
