/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A flow: family PREFIX_flow <-> struct vsl_flow.  Key, mask and actions stay
 * netlink attributes here; key.h reads keys for programs, text.h reads and
 * writes all three for people.
 */
#ifndef VSL_LIB_FLOW_H
#define VSL_LIB_FLOW_H

#include "nl.h"

#define VSL_UFID_MAX 16

/**
 * struct vsl_flow - a flow as it stands in a message
 * @cmd: OVS_FLOW_CMD_* of the message it was read from
 * @dp_ifindex: its datapath
 * @key: OVS_KEY_ATTR_*; data NULL where absent (dumped without keys)
 * @mask: OVS_KEY_ATTR_*; data NULL where absent (then all of key is exact)
 * @actions: OVS_ACTION_ATTR_*; data NULL where absent; empty means drop
 * @ufid: unique flow id
 * @ufid_len: its length, 0 where it has none
 * @has_stats: @packets and @bytes are there (a flow never hit has none)
 * @packets: hits
 * @bytes: of them
 * @has_used: @used_ms is there
 * @used_ms: last hit, CLOCK_MONOTONIC (vsl_now_ms())
 * @tcp_flags: those seen, ORed
 *
 * The blobs point into the message that was read, or at what the caller set up
 * for writing; they are never freed here.
 */
struct vsl_flow {
	uint8_t cmd;
	int dp_ifindex;
	struct vsl_blob key;
	struct vsl_blob mask;
	struct vsl_blob actions;
	uint8_t ufid[VSL_UFID_MAX];
	uint8_t ufid_len;
	bool has_stats;
	uint64_t packets;
	uint64_t bytes;
	bool has_used;
	uint64_t used_ms;
	uint8_t tcp_flags;
};

/**
 * vsl_flow_from_msg() - read a flow out of a message
 * @flow: filled on success; its blobs point into @nlh
 * @nlh: of family VSL_FAM_FLOW
 *
 * Return: 0; -EINVAL where the message is not well-formed or the flow has
 * neither key nor ufid.
 */
int vsl_flow_from_msg(struct vsl_flow *flow, const struct nlmsghdr *nlh);

/**
 * vsl_flow_put_attrs() - write ufid, key, mask and actions, where present
 * @msg: from vsl_nl_msg() or vsl_batch_msg()
 * @flow: what to write; statistics are not written
 *
 * Return: 0; -EMSGSIZE where it does not fit.
 */
int vsl_flow_put_attrs(struct nl_msg *msg, const struct vsl_flow *flow);

/**
 * vsl_flow_new() - put a flow into the table
 * @nl: a request socket
 * @flow: key and actions needed
 * @create: fail with -EEXIST where it is there already; else its actions are
 *	replaced
 *
 * Return: 0 or a negative errno.
 */
int vsl_flow_new(struct vsl_nl *nl, const struct vsl_flow *flow, bool create);

/**
 * vsl_flow_set() - change a flow that is there
 * @nl: a request socket
 * @flow: ufid or key; actions to be set (then with key), or absent
 * @clear: zero its statistics
 *
 * Return: 0; -ENOENT where there is none; else a negative errno.
 */
int vsl_flow_set(struct vsl_nl *nl, const struct vsl_flow *flow, bool clear);

/**
 * vsl_flow_get() - look a flow up by ufid or key
 * @nl: a request socket
 * @id: dp_ifindex, and ufid or key; all else is ignored
 * @flow: filled on success
 * @hold: the message that @flow's blobs point into: nlmsg_free() it after use
 *
 * Return: 0; -ENOENT where there is none; else a negative errno.
 */
int vsl_flow_get(struct vsl_nl *nl, const struct vsl_flow *id,
		 struct vsl_flow *flow, struct nl_msg **hold);

/**
 * vsl_flow_del() - delete a flow by ufid or key
 * @nl: a request socket
 * @id: dp_ifindex, and ufid or key; all else is ignored
 *
 * Return: 0; -ENOENT where there is none; else a negative errno.
 */
int vsl_flow_del(struct vsl_nl *nl, const struct vsl_flow *id);

/** vsl_flow_flush() - delete all flows of a datapath */
int vsl_flow_flush(struct vsl_nl *nl, int dp_ifindex);

/** typedef vsl_flow_cb - one flow of a dump; non-zero ends the dump */
typedef int (*vsl_flow_cb)(const struct vsl_flow *flow, void *arg);

/**
 * vsl_flow_dump() - all flows of a datapath
 * @nl: a request socket
 * @dp_ifindex: of the datapath
 * @omit: OVS_UFID_F_OMIT_*: what is not wanted of flows that have a ufid
 * @cb: called for each; the flow's blobs live only during the call
 * @arg: for @cb
 *
 * Return: as vsl_nl_dump().
 */
int vsl_flow_dump(struct vsl_nl *nl, int dp_ifindex, uint32_t omit,
		  vsl_flow_cb cb, void *arg);

/**
 * struct vsl_flow_dump - a dump that is taken in pieces
 * @cb: called for each flow
 * @arg: for @cb
 */
struct vsl_flow_dump {
	vsl_flow_cb cb;
	void *arg;
};

/**
 * vsl_flow_dump_start() - vsl_flow_dump() in pieces, taken by vsl_nl_dump_more()
 * @nl: a socket that is used for nothing else until the dump has ended
 * @dp_ifindex: of the datapath
 * @omit: as for vsl_flow_dump()
 * @dump: whom to call; must live until the dump has ended
 *
 * Return: 0 or a negative errno.
 */
int vsl_flow_dump_start(struct vsl_nl *nl, int dp_ifindex, uint32_t omit,
			struct vsl_flow_dump *dump);

/**
 * vsl_flow_batch_new() - vsl_flow_new() as part of a batch
 *
 * Return: 0; -EMSGSIZE where the flow does not fit a message (then nothing is
 * queued and @cookie never comes back).
 */
int vsl_flow_batch_new(struct vsl_batch *batch, const struct vsl_flow *flow,
		       bool create, uintptr_t cookie);

/** vsl_flow_batch_del() - vsl_flow_del() as part of a batch */
int vsl_flow_batch_del(struct vsl_batch *batch, const struct vsl_flow *id,
		       uintptr_t cookie);

#endif /* VSL_LIB_FLOW_H */
