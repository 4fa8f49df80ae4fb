/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A packet on its way to user space, with its key.
 */
#ifndef VSL_UPCALL_H
#define VSL_UPCALL_H

#include <linux/types.h>

struct nlattr;
struct sk_buff;
struct vsl_actions;
struct vsl_datapath;
struct vsl_key;

/**
 * struct vsl_upcall - why, and what goes along
 * @cmd: OVS_PACKET_CMD_MISS or OVS_PACKET_CMD_ACTION
 * @portid: ACTION: the socket, where the datapath has none for this CPU.
 *          MISS: not looked at, the port that the packet came by has it
 * @max_len: bytes of the packet to send at most; 0: all
 * @userdata: sent back as it is, or NULL
 * @actions: shown in the message, or NULL
 */
struct vsl_upcall {
	u8 cmd;
	u32 portid;
	u32 max_len;
	const struct nlattr *userdata;
	const struct vsl_actions *actions;
};

void vsl_upcall(struct vsl_datapath *dp, struct sk_buff *skb,
		const struct vsl_key *key, const struct vsl_upcall *upcall);

#endif /* VSL_UPCALL_H */
