/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets between kernel and user space: family PREFIX_packet.  Up come misses
 * and packets sent by a userspace action (struct vsl_upcall), down go packets to
 * be acted on (struct vsl_execute).
 */
#ifndef VSL_LIB_PACKET_H
#define VSL_LIB_PACKET_H

#include "nl.h"
#include "vswitch_lite.h"

/**
 * struct vsl_upcall - a packet the kernel asks about
 * @cmd: OVS_PACKET_CMD_MISS or OVS_PACKET_CMD_ACTION
 * @dp_ifindex: the datapath it came from
 * @key: OVS_KEY_ATTR_* of the packet, complete and unmasked: good as a flow's
 *	key byte for byte
 * @packet: from the Ethernet header on
 * @userdata: what the userspace action carried; data NULL where none
 * @actions: the flow's actions, where the action asked for them; else data NULL
 * @len: of the packet before truncation; packet.len where it was not truncated
 * @has_hash: @hash is there
 * @hash: to be given back in vsl_execute
 * @mru: largest fragment of a reassembled packet, 0 where it is none
 * @birth: number and time of its making; number 0 where the module does not tell:
 *	see vsl_module_upcall_times()
 *
 * All blobs point into the message.
 */
struct vsl_upcall {
	uint8_t cmd;
	int dp_ifindex;
	struct vsl_blob key;
	struct vsl_blob packet;
	struct vsl_blob userdata;
	struct vsl_blob actions;
	uint32_t len;
	bool has_hash;
	uint64_t hash;
	uint16_t mru;
	struct vsl_birth birth;
};

/**
 * vsl_upcall_from_msg() - read an upcall out of a message
 * @upcall: filled on success; its blobs point into @nlh
 * @nlh: of family VSL_FAM_PACKET
 *
 * Return: 0; -EINVAL where the message is not well-formed, is of another
 * command, lacks key or packet, or the packet is shorter than 14 bytes.
 */
int vsl_upcall_from_msg(struct vsl_upcall *upcall, const struct nlmsghdr *nlh);

/**
 * struct vsl_execute - a packet to be acted on by the kernel
 * @dp_ifindex: of the datapath
 * @key: OVS_KEY_ATTR_*; the kernel takes only metadata of it (in_port,
 *	priority, ...), so an upcall's whole key will do
 * @packet: from the Ethernet header on
 * @actions: OVS_ACTION_ATTR_*
 * @has_hash: @hash is to be sent
 * @hash: from the upcall
 * @mru: from the upcall, 0 for none
 */
struct vsl_execute {
	int dp_ifindex;
	struct vsl_blob key;
	struct vsl_blob packet;
	struct vsl_blob actions;
	bool has_hash;
	uint64_t hash;
	uint16_t mru;
};

/**
 * vsl_packet_execute() - have a packet acted on
 * @nl: a request socket
 * @execute: the packet and what to do with it
 *
 * Return: 0 or a negative errno.  Output to a port that is not there is no
 * error.
 */
int vsl_packet_execute(struct vsl_nl *nl, const struct vsl_execute *execute);

/**
 * vsl_packet_batch_execute() - vsl_packet_execute() as part of a batch
 *
 * Return: 0; -EMSGSIZE where the packet does not fit a message (then nothing is
 * queued and @cookie never comes back).
 */
int vsl_packet_batch_execute(struct vsl_batch *batch,
			     const struct vsl_execute *execute,
			     uintptr_t cookie);

#endif /* VSL_LIB_PACKET_H */
