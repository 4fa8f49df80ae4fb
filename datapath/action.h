/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What to do with a packet: a list made from netlink attributes once
 * (nl_action.c, which is the only place that checks them), run for each packet
 * here.
 *
 * Lists within lists (sample, clone, check_pkt_len) lie flat in the same array:
 * a step that has any is followed by them, and its @nested says how many steps
 * that are, so that skipping them is an addition.
 *
 *   clone(2,3),4   CLONE nested=2 | OUTPUT 2 | OUTPUT 3 | OUTPUT 4
 */
#ifndef VSL_ACTION_H
#define VSL_ACTION_H

#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/rhashtable-types.h>
#include <linux/types.h>

#include "key.h"

struct nlattr;
struct ovs_key_ethernet;
struct sk_buff;
struct vsl_actions;
struct vsl_datapath;

enum vsl_action_op {
	VSL_ACTION_OUTPUT,
	VSL_ACTION_USERSPACE,
	VSL_ACTION_PUSH_VLAN,
	VSL_ACTION_POP_VLAN,
	VSL_ACTION_SET_PRIORITY,
	VSL_ACTION_SET_MARK,
	VSL_ACTION_SET_ETHERNET,
	VSL_ACTION_SET_IPV4,
	VSL_ACTION_SET_IPV6,
	VSL_ACTION_SET_PORTS_IPV4,
	VSL_ACTION_SET_PORTS_IPV6,
	VSL_ACTION_SET_MPLS,
	VSL_ACTION_PUSH_MPLS,
	VSL_ACTION_POP_MPLS,
	VSL_ACTION_PUSH_ETH,
	VSL_ACTION_POP_ETH,
	VSL_ACTION_HASH,
	VSL_ACTION_HASH_SYMMETRIC,
	VSL_ACTION_RECIRC,
	VSL_ACTION_TRUNC,
	VSL_ACTION_CLONE,
	VSL_ACTION_SAMPLE,
	VSL_ACTION_CHECK_LEN,
	VSL_ACTION_METER,
	VSL_ACTION_NONE,
	VSL_ACTION_DROP,
};

/**
 * struct vsl_action - one step
 * @op: which of the union holds; NONE does nothing
 * @nested: steps behind this one that only this one runs
 * @port_no: OUTPUT: below VSL_PORT_NONE; the port need not exist
 * @user: USERSPACE
 * @user.portid: socket to send to where the datapath does not choose it
 * @user.all_actions: the upcall is to show the whole list
 * @user.userdata: returned as it is; points into vsl_actions.attrs, or NULL
 * @vlan: PUSH_VLAN
 * @set: SET_*
 * @set.value: the OVS_KEY_ATTR_* payload; no bit outside @set.mask, but for
 *             fields that cannot be set
 * @set.mask: likewise: which bits to set
 * @push_mpls: PUSH_MPLS
 * @push_mpls.lse: the label stack entry
 * @push_mpls.eth_type: one of the two of MPLS
 * @push_mpls.before_mac: the label comes before the Ethernet header
 * @pop_mpls: POP_MPLS: EtherType of what is below
 * @push_eth: PUSH_ETH: points into vsl_actions.attrs
 * @check: CHECK_LEN
 * @check.len: longest packet that is not greater
 * @check.greater: how many of @nested are for packets that are; the others
 *                 follow them
 * @meter_id: METER; it need not exist
 * @basis: HASH, HASH_SYMMETRIC
 * @recirc_id: RECIRC
 * @max_len: TRUNC
 * @probability: SAMPLE: out of U32_MAX
 */
struct vsl_action {
	enum vsl_action_op op;
	u32 nested;
	union {
		u16 port_no;
		struct {
			u32 portid;
			bool all_actions;
			const struct nlattr *userdata;
		} user;
		struct vsl_vlan vlan;
		struct {
			const void *value;
			const void *mask;
		} set;
		struct {
			__be32 lse;
			__be16 eth_type;
			bool before_mac;
		} push_mpls;
		__be16 pop_mpls;
		const struct ovs_key_ethernet *push_eth;
		struct {
			u32 greater;
			u16 len;
		} check;
		u32 meter_id;
		u32 basis;
		u32 recirc_id;
		u32 max_len;
		u32 probability;
	};
};

/**
 * struct vsl_actions - a list of actions; never changes once made
 * @rcu: frees it
 * @by_content: link among the lists that flows share
 * @refs: flows that have it, or its maker
 * @is_shared: @by_content is in use
 * @count: of @step
 * @only_output: where the one step is an OUTPUT, its port; or VSL_PORT_NONE
 * @attrs_len: bytes at @attrs
 * @attrs: the list as user space gave it, for dumps and upcalls; lies behind
 *         @step, in the same allocation
 * @step: run in order
 */
struct vsl_actions {
	struct rcu_head rcu;
	struct rhash_head by_content;
	refcount_t refs;
	bool is_shared;
	unsigned int count;
	u16 only_output;
	unsigned int attrs_len;
	const void *attrs;
	struct vsl_action step[];
};

int vsl_actions_init(void);
void vsl_actions_exit(void);
struct vsl_actions *vsl_actions_share(struct vsl_actions *actions);
void vsl_actions_free(struct vsl_actions *actions);
int vsl_actions_run(struct vsl_datapath *dp, struct sk_buff *skb,
		    struct vsl_key *key, const struct vsl_actions *actions,
		    u32 max_len);

#endif /* VSL_ACTION_H */
