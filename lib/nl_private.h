/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What nl.c, nl_answer.c, nl_batch.c and nl_recv.c know of each other; nobody else includes
 * this.
 */
#ifndef VSL_LIB_NL_PRIVATE_H
#define VSL_LIB_NL_PRIVATE_H

#include "nl.h"

#include <netlink/netlink.h>
#include <netlink/socket.h>

#define VSL_EXTACK_MAX 256

/* Room for one packet of the greatest length (64 KiB) and its key and actions. */
#define VSL_MSG_SIZE (160 * 1024)

struct vsl_nl_inbox;

/**
 * struct vsl_nl - a socket
 * @sk: libnl's
 * @prefix: of the families
 * @family: ids, 0 where absent
 * @seq: next request's sequence number
 * @req: the request under way
 * @batch: the batch under way, NULL outside of vsl_batch_flush()
 * @extack: kernel's words on the last request that failed
 * @inbox: buffers of vsl_nl_pump(), NULL until its first call
 * @ring: buffers of vsl_nl_recv(), NULL until its first call
 */
struct vsl_nl {
	struct nl_sock *sk;
	char prefix[32];
	int family[VSL_N_FAMILIES];
	uint32_t seq;
	struct {
		uint32_t seq;
		bool done;
		bool interrupted;
		bool lost;
		int err;
		int stopped;
		struct nl_msg *reply;
		vsl_nl_msg_cb cb;
		void *arg;
	} req;
	struct vsl_batch *batch;
	char extack[VSL_EXTACK_MAX];
	struct vsl_nl_inbox *inbox;
	struct vsl_nl_ring *ring;
};

/**
 * vsl_nl_put_header() - make @msg an empty request
 * @msg: with room for the headers; what is in it is forgotten
 *
 * Other parameters as for vsl_nl_msg().
 */
void vsl_nl_put_header(const struct vsl_nl *nl, struct nl_msg *msg,
		       enum vsl_family family, int cmd, int flags,
		       int dp_ifindex);

/** vsl_nl_send() - one sendmsg(); 0 or a negative errno */
int vsl_nl_send(struct vsl_nl *nl, void *data, size_t len);

/* Datagrams that vsl_nl_pump() takes at most. */
#define VSL_NL_PUMP_MAX 4

/**
 * vsl_nl_pump() - receive answers that are queued
 * @nl: the socket
 * @max: datagrams, VSL_NL_PUMP_MAX at most; of a dump, the kernel makes a piece more for each
 *
 * Those to the batch go to vsl_batch_answer(), those to the request into
 * @nl->req.
 *
 * Return: 0; -EAGAIN where nothing is queued; -ENOBUFS where messages were
 * lost; else a negative errno.
 */
int vsl_nl_pump(struct vsl_nl *nl, unsigned int max);

/**
 * vsl_nl_read_extack() - the kernel's words in an error or done message
 * @nlh: the message
 * @fixed: bytes of payload in front of the attributes
 * @text: filled; "" where there are none
 */
void vsl_nl_read_extack(const struct nlmsghdr *nlh, size_t fixed,
			char text[VSL_EXTACK_MAX]);

/**
 * vsl_batch_answer() - an answer came to one of the batch's requests
 * @batch: being flushed
 * @nlh: the answer
 * @err: 0 or a negative errno
 * @fixed: bytes of payload in front of the answer's attributes
 */
void vsl_batch_answer(struct vsl_batch *batch, const struct nlmsghdr *nlh,
		      int err, size_t fixed);

#endif /* VSL_LIB_NL_PRIVATE_H */
