/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Generic netlink to a datapath module, as a thin layer over libnl: sockets,
 * families and messages are libnl's; what is added is the choice of families
 * by prefix, kernel error texts (extended acks), and batches.
 *
 * Rules
 * - All functions return 0 (or a count) or a negative errno value, never a
 *   libnl error number.  After a failed call vsl_nl_strerror() has words.
 * - One struct vsl_nl is one socket.  Requests and asynchronous messages
 *   (upcalls, multicast) do not mix on a socket: open one with vsl_nl_open()
 *   for requests, and one more with vsl_nl_clone() for each stream.
 * - The datapath answers synchronously: when a request was sent, its answer is
 *   in the socket's queue.  Nothing here waits for user space.
 * - No locks: a socket belongs to one thread.
 */
#ifndef VSL_LIB_NL_H
#define VSL_LIB_NL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "ovs_abi.h"
#include "util.h"

struct vsl_nl;
struct vsl_batch;

/* The families of a datapath module, named PREFIX_datapath and so on. */
enum vsl_family {
	VSL_FAM_DATAPATH,
	VSL_FAM_VPORT,
	VSL_FAM_FLOW,
	VSL_FAM_PACKET,
	VSL_FAM_METER,
	VSL_FAM_MODULE,		/* "vswitch_lite": absent for the stock module */
	VSL_N_FAMILIES,
};

/**
 * vsl_nl_open() - a socket for requests, with the module's families resolved
 * @out: the socket; close with vsl_nl_close().  NULL on failure
 * @prefix: family prefix ("ovs", "vsl"), or NULL to find the module that is
 *	loaded: what the family "vswitch_lite" says, else "ovs", else "vsl"
 * @errbuf: filled on failure with a sentence that says what to do
 * @errlen: size of @errbuf
 *
 * Return: 0; -ENOENT where no such module is loaded; else a negative errno.
 */
int vsl_nl_open(struct vsl_nl **out, const char *prefix, char *errbuf,
		size_t errlen);

/**
 * vsl_nl_clone() - one more socket to the same families
 * @nl: an open one; the two share nothing afterwards
 * @out: the new socket
 *
 * Return: 0 or a negative errno.
 */
int vsl_nl_clone(const struct vsl_nl *nl, struct vsl_nl **out);

/**
 * vsl_nl_same() - whether two sockets have resolved the same families
 *
 * A module that was unloaded and loaded again has others, of the same names.
 */
bool vsl_nl_same(const struct vsl_nl *a, const struct vsl_nl *b);

/** vsl_nl_close() - close and free; takes NULL */
void vsl_nl_close(struct vsl_nl *nl);

/** vsl_nl_fd() - the descriptor to poll for POLLIN; stays @nl's */
int vsl_nl_fd(const struct vsl_nl *nl);

/** vsl_nl_pid() - the socket's netlink port id: what UPCALL_PID wants */
uint32_t vsl_nl_pid(const struct vsl_nl *nl);

/** vsl_nl_prefix() - the prefix found or given, e.g. "ovs" */
const char *vsl_nl_prefix(const struct vsl_nl *nl);

/** vsl_nl_has() - whether @family is there (VSL_FAM_MODULE may not be) */
bool vsl_nl_has(const struct vsl_nl *nl, enum vsl_family family);

/** vsl_nl_family_of() - which family a received message is of; -1 if none */
int vsl_nl_family_of(const struct vsl_nl *nl, const struct nlmsghdr *nlh);

/**
 * vsl_nl_set_rcvbuf() - set the socket's receive buffer
 * @nl: the socket
 * @bytes: wanted; beyond the system's limit only with CAP_NET_ADMIN
 *
 * Return: 0 or a negative errno; getting less than wanted is no failure.
 */
int vsl_nl_set_rcvbuf(struct vsl_nl *nl, int bytes);

/**
 * vsl_nl_msg() - start a request
 * @nl: the socket
 * @family: whose command
 * @cmd: OVS_*_CMD_*
 * @flags: NLM_F_* beside NLM_F_REQUEST, which is always there
 * @dp_ifindex: for struct ovs_header (0 where the datapath is named by an
 *	attribute); ignored for VSL_FAM_MODULE, which has no such header
 *
 * Return: a message to put attributes in, with room for 64 KiB of them; NULL
 * without memory (vsl_nl_transact() and vsl_nl_dump() take NULL and say
 * -ENOMEM).
 */
struct nl_msg *vsl_nl_msg(struct vsl_nl *nl, enum vsl_family family, int cmd,
			  int flags, int dp_ifindex);

/**
 * vsl_nl_transact() - send one request, wait for its end
 * @nl: the socket
 * @msg: from vsl_nl_msg(); consumed.  An acknowledgement is asked for
 * @reply: where the request has a reply (GET, or NLM_F_ECHO): the message, to
 *	be freed by nlmsg_free(); NULL in it if there was none.  May be NULL
 *
 * Return: 0 or what the kernel said, a negative errno.
 */
int vsl_nl_transact(struct vsl_nl *nl, struct nl_msg *msg,
		    struct nl_msg **reply);

/**
 * typedef vsl_nl_msg_cb - one received message
 * @nlh: the message; lives only during the call
 * @arg: the caller's
 *
 * Return: 0 to go on; anything else ends the dump early and is what
 * vsl_nl_dump() returns.
 */
typedef int (*vsl_nl_msg_cb)(const struct nlmsghdr *nlh, void *arg);

/**
 * vsl_nl_dump() - ask for all of something
 * @nl: the socket
 * @msg: from vsl_nl_msg(); consumed.  NLM_F_DUMP is added
 * @cb: called for each message, in flat memory however long the dump is
 * @arg: for @cb
 *
 * Return: 0 when all came; @cb's value where it ended the dump; -EAGAIN where
 * the table changed so that something may be missing or doubled (the dump ran
 * to its end); -ENOBUFS where messages were lost; else a negative errno.
 */
int vsl_nl_dump(struct vsl_nl *nl, struct nl_msg *msg, vsl_nl_msg_cb cb,
		void *arg);

/**
 * vsl_nl_dump_start() - likewise, in pieces: between them other things can be done
 * @nl: a socket that is used for nothing else until the dump has ended
 * @msg: from vsl_nl_msg(); consumed.  NLM_F_DUMP is added
 * @cb: as for vsl_nl_dump(); called by vsl_nl_dump_more()
 * @arg: for @cb
 *
 * Return: 0 or a negative errno.
 */
int vsl_nl_dump_start(struct vsl_nl *nl, struct nl_msg *msg, vsl_nl_msg_cb cb, void *arg);

/**
 * vsl_nl_dump_more() - take the next piece, which the kernel makes meanwhile
 * @nl: with a dump under way
 *
 * A piece has at most 32 KiB; one is made per call.
 *
 * Return: 1 where there are more; else as vsl_nl_dump(): the dump has ended.
 */
int vsl_nl_dump_more(struct vsl_nl *nl);

/**
 * vsl_nl_join() - receive what is multicast about a family's objects
 * @nl: a socket of its own for this
 * @family: VSL_FAM_DATAPATH, VSL_FAM_VPORT or VSL_FAM_FLOW
 *
 * Return: 0; -ENOENT where the family has no group; else a negative errno.
 */
int vsl_nl_join(struct vsl_nl *nl, enum vsl_family family);

/* The most messages that one vsl_nl_recv() hands out. */
#define VSL_NL_RECV_MAX 64

/**
 * struct vsl_nl_rx - what vsl_nl_recv() got
 * @n: messages in @msgs
 * @msgs: each complete and checked for its length; they live until the next
 *	vsl_nl_recv() on the socket or its closing
 * @lost: a socket's queue overflowed since the last call: messages are gone
 * @n_slots: buffers of the ring that are in use
 */
struct vsl_nl_rx {
	unsigned int n;
	const struct nlmsghdr *msgs[VSL_NL_RECV_MAX];
	bool lost;
	unsigned int n_slots;
};

/**
 * vsl_nl_recv() - take what has arrived: upcalls, multicast
 * @nl: a socket that no request is sent on
 * @rx: filled; @rx->n 0 where nothing (more) is there
 *
 * Never blocks: poll vsl_nl_fd() first, and call again while @rx->n is
 * VSL_NL_RECV_MAX.
 *
 * Return: 0 or a negative errno; an overflow is no error but @rx->lost.
 */
int vsl_nl_recv(struct vsl_nl *nl, struct vsl_nl_rx *rx);

/*
 * One turn over many sockets: buffers for VSL_NL_RECV_MAX datagrams that they
 * share, so that a socket costs a queue in the kernel and nothing here.
 *
 *	vsl_nl_rx_clear(&rx);
 *	for each socket that is readable:
 *		vsl_nl_recv_more(nl, ring, &rx, its_share);
 */
struct vsl_nl_ring;

/** vsl_nl_ring_new() - the buffers; NULL without memory */
struct vsl_nl_ring *vsl_nl_ring_new(void);

/** vsl_nl_ring_free() - free; takes NULL */
void vsl_nl_ring_free(struct vsl_nl_ring *ring);

/** vsl_nl_rx_clear() - the messages of the last turn are done with */
static inline void vsl_nl_rx_clear(struct vsl_nl_rx *rx)
{
	rx->n = 0;
	rx->n_slots = 0;
	rx->lost = false;
}

/**
 * vsl_nl_recv_more() - vsl_nl_recv() behind what other sockets gave
 * @nl: a socket that no request is sent on
 * @ring: where the bytes go; what @rx points to lives as long as it is not used
 *	for another turn
 * @rx: appended to
 * @max: datagrams at most, fewer where @ring is full
 *
 * Return: the number of datagrams taken, 0 where nothing is there; a negative
 * errno.
 */
int vsl_nl_recv_more(struct vsl_nl *nl, struct vsl_nl_ring *ring,
		     struct vsl_nl_rx *rx, unsigned int max);

/**
 * vsl_nl_extack() - the kernel's own words on the last failed request
 * @nl: the socket
 *
 * Return: the text, "" where it gave none.  Lives until the next request.
 */
const char *vsl_nl_extack(const struct vsl_nl *nl);

/**
 * vsl_nl_strerror() - what went wrong, in full
 * @nl: the socket of the failed request; NULL for the errno's text alone
 * @err: what the request returned (negative errno)
 *
 * Return: e.g. "Invalid argument: unknown key attribute 40", or for -EPERM a
 * hint at CAP_NET_ADMIN.  A static buffer: gone with the next call.
 */
const char *vsl_nl_strerror(const struct vsl_nl *nl, int err);

/*
 * Batches: many requests in one sendmsg().  Success is silent (only a batch's
 * last request asks for an acknowledgement), so a batch costs two system calls
 * however many requests are in it.
 *
 *	b = vsl_batch_new(nl, done, arg);
 *	for each:
 *		msg = vsl_batch_msg(b, VSL_FAM_FLOW, OVS_FLOW_CMD_NEW, ...);
 *		nla_put(msg, ...);
 *		vsl_batch_commit(b, cookie);
 *	vsl_batch_flush(b);
 */

/**
 * typedef vsl_batch_done_cb - how one request of a batch ended
 * @cookie: what vsl_batch_commit() was given
 * @err: 0 or a negative errno: what the kernel answered
 * @extack: its words, "" where it gave none; lives only during the call
 * @arg: what vsl_batch_new() was given
 *
 * Called from within vsl_batch_flush() or vsl_batch_commit(), for every
 * request, in the order they were committed.  Must not use the batch.
 */
typedef void (*vsl_batch_done_cb)(uintptr_t cookie, int err,
				  const char *extack, void *arg);

/**
 * vsl_batch_new() - an empty batch on a request socket
 * @nl: stays the caller's, and outlives the batch
 * @done: may be NULL: then only vsl_batch_flush()'s return tells of errors
 * @arg: for @done
 *
 * Return: the batch, for use again and again; NULL without memory.
 */
struct vsl_batch *vsl_batch_new(struct vsl_nl *nl, vsl_batch_done_cb done,
				void *arg);

/** vsl_batch_free() - free; what was not flushed is not sent.  Takes NULL */
void vsl_batch_free(struct vsl_batch *batch);

/**
 * vsl_batch_msg() - start the batch's next request
 *
 * Parameters as for vsl_nl_msg().  Return: a message to put attributes in; it
 * stays the batch's and is good until vsl_batch_commit().  Starting another
 * without committing forgets the first.  Never NULL.
 */
struct nl_msg *vsl_batch_msg(struct vsl_batch *batch, enum vsl_family family,
			     int cmd, int flags, int dp_ifindex);

/**
 * vsl_batch_commit() - the started request is complete: queue it
 * @batch: the batch; where it is full, what was queued before is sent first
 * @cookie: comes back in the done callback
 */
void vsl_batch_commit(struct vsl_batch *batch, uintptr_t cookie);

/**
 * vsl_batch_flush() - send what is queued and collect how each ended
 * @batch: empty afterwards
 *
 * Return: 0 if the messages went out (each one's own end goes to the done
 * callback, whatever it is); a negative errno if the socket failed, and then
 * every request of the batch has ended with that error.
 */
int vsl_batch_flush(struct vsl_batch *batch);

/** vsl_batch_count() - requests queued and not yet sent */
unsigned int vsl_batch_count(const struct vsl_batch *batch);

#endif /* VSL_LIB_NL_H */
