// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Answers to requests, dumps and batches: taken out of the socket and handed to
 * whom they are for.  They are read where they were received: libnl's receiver
 * would copy each message of a dump, in memory of its own.  Called by nl.c and
 * nl_batch.c.
 */
#include "nl_private.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

/* A piece of a dump has 32 KiB at most, and a flow alone is smaller. */
#define DATAGRAM_MAX (64 * 1024)

/* Receive buffers; of them only what datagrams reach takes memory. */
struct vsl_nl_inbox {
	struct mmsghdr hdr[VSL_NL_PUMP_MAX];
	struct iovec iov[VSL_NL_PUMP_MAX];
	struct sockaddr_nl from[VSL_NL_PUMP_MAX];
	char buf[VSL_NL_PUMP_MAX][DATAGRAM_MAX];
};

void vsl_nl_read_extack(const struct nlmsghdr *nlh, size_t fixed,
			char text[VSL_EXTACK_MAX])
{
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1] = { NULL };
	size_t at = NLMSG_HDRLEN + NLMSG_ALIGN(fixed);

	text[0] = '\0';
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) || at >= nlh->nlmsg_len)
		return;
	if (nla_parse(tb, NLMSGERR_ATTR_MAX,
		      (struct nlattr *)((char *)nlh + at),
		      nlh->nlmsg_len - at, NULL) < 0)
		return;
	if (tb[NLMSGERR_ATTR_MSG])
		nla_strlcpy(text, tb[NLMSGERR_ATTR_MSG], VSL_EXTACK_MAX);
}

static void request_ended(struct vsl_nl *nl, int err,
			  const struct nlmsghdr *nlh, size_t fixed)
{
	nl->req.done = true;
	if (err) {
		nl->req.err = err;
		vsl_nl_read_extack(nlh, fixed, nl->extack);
	}
}

/* An error, or the acknowledgement that there was none. */
static void take_error(struct vsl_nl *nl, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *e = nlmsg_data(nlh);
	size_t fixed = sizeof(*e);	/* what precedes the TLVs */

	if (nlmsg_datalen(nlh) < (int)sizeof(*e))
		return;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED) &&
	    e->msg.nlmsg_len > NLMSG_HDRLEN)
		fixed += e->msg.nlmsg_len - NLMSG_HDRLEN;
	if (nl->batch)
		vsl_batch_answer(nl->batch, nlh, e->error, fixed);
	else if (nlh->nlmsg_seq == nl->req.seq)
		request_ended(nl, e->error, nlh, fixed);
}

/* A dump's own error stands in its last message. */
static void take_done(struct vsl_nl *nl, const struct nlmsghdr *nlh)
{
	int err = 0;

	if (nl->batch || nlh->nlmsg_seq != nl->req.seq)
		return;
	if (nlmsg_datalen(nlh) >= (int)sizeof(err))
		memcpy(&err, nlmsg_data(nlh), sizeof(err));
	request_ended(nl, err < 0 ? err : 0, nlh, sizeof(err));
}

static int take_reply(struct vsl_nl *nl, struct nlmsghdr *nlh)
{
	if (nl->batch || nlh->nlmsg_seq != nl->req.seq)
		return 0;
	if (nl->req.cb) {
		/* A dump that was given up goes on to its end: the socket
		 * must be empty for the next request.
		 */
		if (!nl->req.stopped)
			nl->req.stopped = nl->req.cb(nlh, nl->req.arg);
	} else if (!nl->req.reply) {
		nl->req.reply = nlmsg_convert(nlh);
		if (!nl->req.reply)
			return -ENOMEM;
	}
	return 0;
}

static int take(struct vsl_nl *nl, struct nlmsghdr *nlh)
{
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR &&
	    nlh->nlmsg_seq == nl->req.seq)
		nl->req.interrupted = true;
	switch (nlh->nlmsg_type) {
	case NLMSG_ERROR:
		take_error(nl, nlh);
		return 0;
	case NLMSG_DONE:
		take_done(nl, nlh);
		return 0;
	default:
		return nlh->nlmsg_type < NLMSG_MIN_TYPE ? 0 :
							  take_reply(nl, nlh);
	}
}

static int take_datagram(struct vsl_nl *nl, struct vsl_nl_inbox *inbox, int i)
{
	const struct msghdr *hdr = &inbox->hdr[i].msg_hdr;
	struct nlmsghdr *nlh = (struct nlmsghdr *)inbox->buf[i];
	int len = inbox->hdr[i].msg_len;
	int err = 0;

	/* Other processes can send to this socket: only the kernel counts. */
	if (hdr->msg_namelen < sizeof(inbox->from[i]) || inbox->from[i].nl_pid)
		return 0;
	if (hdr->msg_flags & MSG_TRUNC)
		err = -ENOBUFS;
	for (; nlmsg_ok(nlh, len); nlh = nlmsg_next(nlh, &len)) {
		int one = take(nl, nlh);

		err = err ? err : one;
	}
	return err;
}

static struct vsl_nl_inbox *inbox_new(void)
{
	struct vsl_nl_inbox *inbox = malloc(sizeof(*inbox));

	for (int i = 0; inbox && i < VSL_NL_PUMP_MAX; i++) {
		inbox->iov[i].iov_base = inbox->buf[i];
		inbox->iov[i].iov_len = DATAGRAM_MAX;
		inbox->hdr[i].msg_hdr = (struct msghdr){
			.msg_iov = &inbox->iov[i], .msg_iovlen = 1,
			.msg_name = &inbox->from[i],
		};
	}
	return inbox;
}

int vsl_nl_pump(struct vsl_nl *nl, unsigned int max)
{
	struct vsl_nl_inbox *inbox;
	int n, err = 0;

	if (!nl->inbox)
		nl->inbox = inbox_new();
	inbox = nl->inbox;
	if (!inbox)
		return -ENOMEM;
	for (unsigned int i = 0; i < max; i++)
		inbox->hdr[i].msg_hdr.msg_namelen = sizeof(inbox->from[i]);
	do {
		n = recvmmsg(vsl_nl_fd(nl), inbox->hdr, max, MSG_DONTWAIT, NULL);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		int one = take_datagram(nl, inbox, i);

		err = err ? err : one;
	}
	return err;
}
