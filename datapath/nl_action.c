// SPDX-License-Identifier: GPL-2.0-only
/*
 * OVS_ACTION_ATTR_* to an action list (action.h).  Called by nl_flow.c and
 * nl_packet.c.  What gets through here can be run without a further check, but
 * for whether a packet has an Ethernet header: see get_nested().
 *
 * A table, @action_rows, has a function for each action; what set can set is
 * nl_set.c's.  Whether an action is possible depends on what the packet is at
 * that place of the list: struct list follows it.
 */
#include "nl_action.h"

#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/if_vlan.h>
#include <linux/slab.h>
#include <net/mpls.h>
#include <net/netlink.h>

#include "action.h"
#include "memory.h"
#include "nl_set.h"
#include "ovs_abi.h"

/* A list of this many bytes fits any message that user space can receive. */
#define ATTRS_MAX	(32 * 1024)

/* More than a list could pop. */
#define LABELS_ANY	ATTRS_MAX

/**
 * struct list - a list being read, at one of its actions
 * @key: what is known of the packets at the list's beginning
 * @eth_type: what they are at this place; 0: not known any more
 * @has_mac: they have an Ethernet header
 * @tagged: they have a VLAN tag
 * @labels: MPLS labels that they have, as far as that is known: LABELS_ANY if
 *          the flow says nothing of any
 * @depth: lists that this one is in
 * @extack: what is wrong
 */
struct list {
	const struct vsl_key *key;
	__be16 eth_type;
	bool has_mac;
	bool tagged;
	unsigned int labels;
	unsigned int depth;
	struct netlink_ext_ack *extack;
};

/*
 * An action.  @step is filled in; steps that belong to it are taken from *@free
 * on.  @last: no action follows in its list.
 */
typedef int get_action_fn(struct list *list, const struct nlattr *attr,
			  bool last, struct vsl_action *step,
			  struct vsl_action **free);

static int get_nested(const struct list *outer, const struct nlattr *attr,
		      struct vsl_action **free);

static int bad(const struct list *list, const struct nlattr *attr,
	       const char *why)
{
	if (list->extack) {
		list->extack->_msg = why;
		NL_SET_BAD_ATTR(list->extack, attr);
	}
	return -EINVAL;
}

static int get_output(struct list *list, const struct nlattr *attr, bool last,
		      struct vsl_action *step, struct vsl_action **free)
{
	u32 port_no = nla_get_u32(attr);

	if (port_no >= VSL_PORT_NONE)
		return bad(list, attr, "output: port numbers end at 65534");
	step->op = VSL_ACTION_OUTPUT;
	step->port_no = port_no;
	return 0;
}

static int get_userspace(struct list *list, const struct nlattr *attr,
			 bool last, struct vsl_action *step,
			 struct vsl_action **free)
{
	static const struct nla_policy policy[OVS_USERSPACE_ATTR_MAX + 1] = {
		[OVS_USERSPACE_ATTR_PID] = { .type = NLA_U32 },
		[OVS_USERSPACE_ATTR_USERDATA] = { .type = NLA_UNSPEC },
		[OVS_USERSPACE_ATTR_EGRESS_TUN_PORT] = { .type = NLA_U32 },
		/* whatever it holds */
		[OVS_USERSPACE_ATTR_ACTIONS] = { .type = NLA_UNSPEC },
	};
	struct nlattr *a[OVS_USERSPACE_ATTR_MAX + 1];
	int err;

	err = nla_parse_nested_deprecated(a, OVS_USERSPACE_ATTR_MAX, attr,
					  policy, list->extack);
	if (err)
		return err;
	if (!a[OVS_USERSPACE_ATTR_PID] ||
	    !nla_get_u32(a[OVS_USERSPACE_ATTR_PID]))
		return bad(list, attr, "userspace: pid is missing or 0");
	step->op = VSL_ACTION_USERSPACE;
	step->user.portid = nla_get_u32(a[OVS_USERSPACE_ATTR_PID]);
	step->user.userdata = a[OVS_USERSPACE_ATTR_USERDATA];
	step->user.all_actions = a[OVS_USERSPACE_ATTR_ACTIONS];
	return 0;
}

static int get_push_vlan(struct list *list, const struct nlattr *attr,
			 bool last, struct vsl_action *step,
			 struct vsl_action **free)
{
	const struct ovs_action_push_vlan *push = nla_data(attr);

	if (!list->has_mac)
		return bad(list, attr,
			   "push_vlan: the packet has no Ethernet header");
	if (!eth_type_vlan(push->vlan_tpid))
		return bad(list, attr, "push_vlan: tpid is 0x8100 or 0x88a8");
	if (!(push->vlan_tci & VSL_VLAN_PRESENT))
		return bad(list, attr,
			   "push_vlan: the TCI needs bit 0x1000 (CFI) set");
	step->op = VSL_ACTION_PUSH_VLAN;
	step->vlan.tpid = push->vlan_tpid;
	step->vlan.tci = push->vlan_tci;
	list->tagged = true;
	return 0;
}

static int get_pop_vlan(struct list *list, const struct nlattr *attr, bool last,
			struct vsl_action *step, struct vsl_action **free)
{
	if (!list->has_mac)
		return bad(list, attr,
			   "pop_vlan: the packet has no Ethernet header");
	step->op = VSL_ACTION_POP_VLAN;
	list->tagged = false;
	return 0;
}

/*
 * A label goes between the Ethernet header and what is known to come right
 * behind it: a tag would be taken for a part of the labelled packet.
 */
static bool can_be_labelled(const struct list *list)
{
	if (list->tagged)
		return false;
	switch (list->eth_type) {
	case htons(ETH_P_IP):
	case htons(ETH_P_IPV6):
	case htons(ETH_P_ARP):
	case htons(ETH_P_RARP):
		return true;
	}
	return eth_p_mpls(list->eth_type);
}

static int get_push_mpls(struct list *list, const struct nlattr *attr,
			 bool last, struct vsl_action *step,
			 struct vsl_action **free)
{
	const struct ovs_action_push_mpls *push = nla_data(attr);

	if (!eth_p_mpls(push->mpls_ethertype))
		return bad(list, attr,
			   "push_mpls: eth_type is 0x8847 or 0x8848");
	if (!can_be_labelled(list))
		return bad(list, attr,
			   "push_mpls: only onto IP, ARP or MPLS without a VLAN tag");
	step->op = VSL_ACTION_PUSH_MPLS;
	step->push_mpls.lse = push->mpls_lse;
	step->push_mpls.eth_type = push->mpls_ethertype;
	list->eth_type = push->mpls_ethertype;
	list->labels++;
	return 0;
}

static int get_add_mpls(struct list *list, const struct nlattr *attr, bool last,
			struct vsl_action *step, struct vsl_action **free)
{
	const struct ovs_action_add_mpls *add = nla_data(attr);

	if (!eth_p_mpls(add->mpls_ethertype))
		return bad(list, attr, "add_mpls: eth_type is 0x8847 or 0x8848");
	if (add->tun_flags & OVS_MPLS_L3_TUNNEL_FLAG_MASK) {
		if (!can_be_labelled(list))
			return bad(list, attr,
				   "add_mpls: behind the Ethernet header only onto IP, ARP or MPLS without a VLAN tag");
		list->labels++;
	} else if (list->has_mac) {
		step->push_mpls.before_mac = true;
		list->has_mac = false;
		/* a tag stays in the way of push_mpls, though behind the label */
		list->labels = 1;
	} else {
		list->labels++;
	}
	step->op = VSL_ACTION_PUSH_MPLS;
	step->push_mpls.lse = add->mpls_lse;
	step->push_mpls.eth_type = add->mpls_ethertype;
	list->eth_type = add->mpls_ethertype;
	return 0;
}

static int get_pop_mpls(struct list *list, const struct nlattr *attr, bool last,
			struct vsl_action *step, struct vsl_action **free)
{
	__be16 eth_type = nla_get_be16(attr);

	if (list->tagged || !eth_p_mpls(list->eth_type))
		return bad(list, attr,
			   "pop_mpls: only of MPLS without a VLAN tag");
	if (eth_type == htons(ETH_P_TEB)) {
		if (list->has_mac)
			return bad(list, attr,
				   "pop_mpls: eth_type 0x6558 is for packets without an Ethernet header");
		list->has_mac = true;
	}
	step->op = VSL_ACTION_POP_MPLS;
	step->pop_mpls = eth_type;
	/* what is below the labels that are known, the packet may not have */
	if (list->labels)
		list->labels--;
	list->eth_type = list->labels && eth_p_mpls(eth_type) ? eth_type : 0;
	return 0;
}

static int get_push_eth(struct list *list, const struct nlattr *attr, bool last,
			struct vsl_action *step, struct vsl_action **free)
{
	const struct ovs_action_push_eth *push = nla_data(attr);

	if (list->has_mac)
		return bad(list, attr,
			   "push_eth: the packet has an Ethernet header");
	step->op = VSL_ACTION_PUSH_ETH;
	step->push_eth = &push->addresses;
	list->has_mac = true;
	return 0;
}

static int get_pop_eth(struct list *list, const struct nlattr *attr, bool last,
		       struct vsl_action *step, struct vsl_action **free)
{
	if (!list->has_mac || list->tagged)
		return bad(list, attr,
			   "pop_eth: only of a packet that has an Ethernet header and no VLAN tag");
	step->op = VSL_ACTION_POP_ETH;
	list->has_mac = false;
	return 0;
}

static int get_meter(struct list *list, const struct nlattr *attr, bool last,
		     struct vsl_action *step, struct vsl_action **free)
{
	step->op = VSL_ACTION_METER;
	step->meter_id = nla_get_u32(attr);
	return 0;
}

static int get_recirc(struct list *list, const struct nlattr *attr, bool last,
		      struct vsl_action *step, struct vsl_action **free)
{
	step->op = VSL_ACTION_RECIRC;
	step->recirc_id = nla_get_u32(attr);
	return 0;
}

static int get_hash(struct list *list, const struct nlattr *attr, bool last,
		    struct vsl_action *step, struct vsl_action **free)
{
	const struct ovs_action_hash *hash = nla_data(attr);

	switch (hash->hash_alg) {
	case OVS_HASH_ALG_L4:
		step->op = VSL_ACTION_HASH;
		break;
	case VSL_OVS_HASH_ALG_SYM_L4:
		step->op = VSL_ACTION_HASH_SYMMETRIC;
		break;
	default:
		return bad(list, attr, "hash: the algorithms are 0 (L4) and 1 (symmetric L4)");
	}
	step->basis = hash->hash_basis;
	return 0;
}

static int get_trunc(struct list *list, const struct nlattr *attr, bool last,
		     struct vsl_action *step, struct vsl_action **free)
{
	const struct ovs_action_trunc *trunc = nla_data(attr);

	if (trunc->max_len < ETH_HLEN)
		return bad(list, attr, "trunc: at least 14 bytes stay");
	step->op = VSL_ACTION_TRUNC;
	step->max_len = trunc->max_len;
	return 0;
}

static int get_clone(struct list *list, const struct nlattr *attr, bool last,
		     struct vsl_action *step, struct vsl_action **free)
{
	step->op = VSL_ACTION_CLONE;
	return get_nested(list, attr, free);
}

/*
 * The attributes of a sample, one of a kind, by number; flag bits cleared as in
 * get_list().
 */
static int parse_sample(const struct list *list, const struct nlattr *attr,
			const struct nlattr *a[OVS_SAMPLE_ATTR_MAX + 1])
{
	const int max = OVS_SAMPLE_ATTR_MAX;
	struct nlattr *one;
	int rem;

	memset(a, 0, sizeof(*a) * (max + 1));
	nla_for_each_nested(one, attr, rem) {
		int type = nla_type(one);

		if (!type || type > max)
			return bad(list, one, "attribute not known here");
		if (a[type])
			return bad(list, one, "attribute given twice");
		one->nla_type = type;
		a[type] = one;
	}
	return rem ? bad(list, attr, "bytes left over behind the attributes") :
		     0;
}

static int get_sample(struct list *list, const struct nlattr *attr, bool last,
		      struct vsl_action *step, struct vsl_action **free)
{
	const struct nlattr *a[OVS_SAMPLE_ATTR_MAX + 1];
	const struct nlattr *probability;
	int err = parse_sample(list, attr, a);

	if (err)
		return err;
	probability = a[OVS_SAMPLE_ATTR_PROBABILITY];
	if (!probability || nla_len(probability) != sizeof(u32))
		return bad(list, attr, "sample: needs a probability, a u32");
	if (!a[OVS_SAMPLE_ATTR_ACTIONS])
		return bad(list, attr, "sample: needs actions");
	step->op = VSL_ACTION_SAMPLE;
	step->probability = nla_get_u32(probability);
	return get_nested(list, a[OVS_SAMPLE_ATTR_ACTIONS], free);
}

static int get_check_pkt_len(struct list *list, const struct nlattr *attr,
			     bool last, struct vsl_action *step,
			     struct vsl_action **free)
{
	static const struct nla_policy policy[OVS_CHECK_PKT_LEN_ATTR_MAX + 1] = {
		[OVS_CHECK_PKT_LEN_ATTR_PKT_LEN] = { .type = NLA_U16 },
		[OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_GREATER] = {
			.type = NLA_NESTED },
		[OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_LESS_EQUAL] = {
			.type = NLA_NESTED },
	};
	struct nlattr *a[OVS_CHECK_PKT_LEN_ATTR_MAX + 1];
	struct nlattr *len, *greater, *less;
	int err;

	err = nla_parse_deprecated_strict(a, OVS_CHECK_PKT_LEN_ATTR_MAX,
					  nla_data(attr), nla_len(attr),
					  policy, list->extack);
	if (err)
		return err;
	len = a[OVS_CHECK_PKT_LEN_ATTR_PKT_LEN];
	greater = a[OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_GREATER];
	less = a[OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_LESS_EQUAL];
	if (!len || !nla_get_u16(len))
		return bad(list, attr,
			   "check_pkt_len: needs a length, a u16 that is not 0");
	if (!greater || !less)
		return bad(list, attr,
			   "check_pkt_len: needs actions for both cases");
	len->nla_type = OVS_CHECK_PKT_LEN_ATTR_PKT_LEN;
	greater->nla_type = OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_GREATER;
	less->nla_type = OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_LESS_EQUAL;
	step->op = VSL_ACTION_CHECK_LEN;
	step->check.len = nla_get_u16(len);
	err = get_nested(list, greater, free);
	if (err)
		return err;
	step->check.greater = *free - (step + 1);
	return get_nested(list, less, free);
}

static int get_any_set(struct list *list, const struct nlattr *attr,
		       bool is_masked, struct vsl_action *step)
{
	struct vsl_nl_set set = {
		.attr = attr,
		.is_masked = is_masked,
		.key = list->key,
		.eth_type = list->eth_type,
		.has_mac = list->has_mac,
		.extack = list->extack,
	};

	return vsl_nl_set_get(&set, step);
}

static int get_set(struct list *list, const struct nlattr *attr, bool last,
		   struct vsl_action *step, struct vsl_action **free)
{
	return get_any_set(list, attr, false, step);
}

static int get_set_masked(struct list *list, const struct nlattr *attr,
			  bool last, struct vsl_action *step,
			  struct vsl_action **free)
{
	return get_any_set(list, attr, true, step);
}

/* There is no connection tracking here whose result could be cleared. */
static int get_ct_clear(struct list *list, const struct nlattr *attr, bool last,
			struct vsl_action *step, struct vsl_action **free)
{
	step->op = VSL_ACTION_NONE;
	return 0;
}

/* The reason is for statistics of user space; here a drop is a drop. */
static int get_drop(struct list *list, const struct nlattr *attr, bool last,
		    struct vsl_action *step, struct vsl_action **free)
{
	if (!last)
		return bad(list, attr, "drop: no action can come after it");
	step->op = VSL_ACTION_DROP;
	return 0;
}

/* --- lists --- */

#define LEN_ANY		U16_MAX

static const struct action_row {
	get_action_fn *get;
	u16 len;
} action_rows[] = {
	[OVS_ACTION_ATTR_OUTPUT] = { get_output, sizeof(u32) },
	[OVS_ACTION_ATTR_USERSPACE] = { get_userspace, LEN_ANY },
	[OVS_ACTION_ATTR_SET] = { get_set, LEN_ANY },
	[OVS_ACTION_ATTR_PUSH_VLAN] = {
		get_push_vlan, sizeof(struct ovs_action_push_vlan) },
	[OVS_ACTION_ATTR_POP_VLAN] = { get_pop_vlan, 0 },
	[OVS_ACTION_ATTR_SAMPLE] = { get_sample, LEN_ANY },
	[OVS_ACTION_ATTR_RECIRC] = { get_recirc, sizeof(u32) },
	[OVS_ACTION_ATTR_HASH] = { get_hash, sizeof(struct ovs_action_hash) },
	[OVS_ACTION_ATTR_PUSH_MPLS] = {
		get_push_mpls, sizeof(struct ovs_action_push_mpls) },
	[OVS_ACTION_ATTR_POP_MPLS] = { get_pop_mpls, sizeof(__be16) },
	[OVS_ACTION_ATTR_SET_MASKED] = { get_set_masked, LEN_ANY },
	[OVS_ACTION_ATTR_TRUNC] = {
		get_trunc, sizeof(struct ovs_action_trunc) },
	[OVS_ACTION_ATTR_PUSH_ETH] = {
		get_push_eth, sizeof(struct ovs_action_push_eth) },
	[OVS_ACTION_ATTR_POP_ETH] = { get_pop_eth, 0 },
	[OVS_ACTION_ATTR_CT_CLEAR] = { get_ct_clear, 0 },
	[OVS_ACTION_ATTR_METER] = { get_meter, sizeof(u32) },
	[OVS_ACTION_ATTR_CLONE] = { get_clone, LEN_ANY },
	[OVS_ACTION_ATTR_CHECK_PKT_LEN] = { get_check_pkt_len, LEN_ANY },
	[OVS_ACTION_ATTR_ADD_MPLS] = {
		get_add_mpls, sizeof(struct ovs_action_add_mpls) },
	[VSL_OVS_ACTION_ATTR_DROP] = { get_drop, sizeof(u32) },
};

static int get_action(struct list *list, const struct nlattr *attr, bool last,
		      struct vsl_action *step, struct vsl_action **free)
{
	int type = nla_type(attr);
	const struct action_row *row;
	int err;

	if (type >= ARRAY_SIZE(action_rows) || !action_rows[type].get)
		return bad(list, attr, "action not known here");
	row = &action_rows[type];
	if (row->len != LEN_ANY && nla_len(attr) != row->len)
		return bad(list, attr, "action of the wrong length");
	err = row->get(list, attr, last, step, free);
	if (!err)
		step->nested = *free - (step + 1);
	return err;
}

/*
 * The actions of one list and of all lists in it, from *@free on.  Flag bits of
 * their types, which say nothing here, are cleared: in dumps nobody meets them.
 */
static int get_list(struct list *list, const struct nlattr *attr,
		    struct vsl_action **free)
{
	struct nlattr *a;
	int rem, err;

	nla_for_each_nested(a, attr, rem) {
		bool last = rem - nla_total_size(nla_len(a)) <= 0;
		struct vsl_action *step = (*free)++;

		a->nla_type = nla_type(a);
		err = get_action(list, a, last, step, free);
		if (err)
			return err;
	}
	return rem ? bad(list, attr, "bytes left over after the actions") : 0;
}

/*
 * A list within @outer: what it does to the packet, it does to a copy.  For
 * whether there is an Ethernet header it has to go by the flow's key, as if
 * nothing had been done before: so does every Open vSwitch kernel.  action.c sees
 * to it that no header is edited that is not there.
 */
static int get_nested(const struct list *outer, const struct nlattr *attr,
		      struct vsl_action **free)
{
	struct list list = *outer;

	list.has_mac = vsl_key_has_mac(list.key);
	if (++list.depth > VSL_MAX_ACTION_DEPTH) {
		NL_SET_ERR_MSG_ATTR(list.extack, attr,
				    "actions within actions within actions...: too deep");
		return -EOVERFLOW;
	}
	return get_list(&list, attr, free);
}

/* The lists of check_pkt_len. */
#define BRANCHES (BIT(OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_GREATER) |	\
		  BIT(OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_LESS_EQUAL))

static unsigned int count_actions(const struct nlattr *attr,
				  unsigned int depth);

/* The same for an action that has lists as attributes: bit n of @lists. */
static unsigned int count_branches(const struct nlattr *attr, u32 lists,
				   unsigned int depth)
{
	const struct nlattr *a;
	unsigned int n = 0;
	int rem;

	nla_for_each_nested(a, attr, rem)
		if (nla_type(a) < 32 && (lists & BIT(nla_type(a))))
			n += count_actions(a, depth);
	return n;
}

/*
 * How many actions @attr holds, with those of the lists in it down to where
 * get_nested() ends; an upper bound where get_list() will refuse it.
 */
static unsigned int count_actions(const struct nlattr *attr, unsigned int depth)
{
	const struct nlattr *a;
	unsigned int n = 0;
	int rem;

	if (depth > VSL_MAX_ACTION_DEPTH)
		return 0;
	nla_for_each_nested(a, attr, rem) {
		n++;
		if (nla_type(a) == OVS_ACTION_ATTR_CLONE)
			n += count_actions(a, depth + 1);
		else if (nla_type(a) == OVS_ACTION_ATTR_SAMPLE)
			n += count_branches(a, BIT(OVS_SAMPLE_ATTR_ACTIONS),
					    depth + 1);
		else if (nla_type(a) == OVS_ACTION_ATTR_CHECK_PKT_LEN)
			n += count_branches(a, BRANCHES, depth + 1);
	}
	return n;
}

/**
 * vsl_nl_actions_get() - an action list from attributes
 * @attr: OVS_FLOW_ATTR_ACTIONS or OVS_PACKET_ATTR_ACTIONS; copied
 * @key: what is known of the packets that it will be run on: the key of a flow,
 *       masked, or of the one packet
 * @extack: what is wrong
 *
 * Context: sleeps.
 *
 * Return: the list, to be freed by vsl_actions_free(); an error pointer:
 * EINVAL, EOVERFLOW for lists that nest too deep, EMSGSIZE for too long a list,
 * ENOMEM.
 */
struct vsl_actions *vsl_nl_actions_get(const struct nlattr *attr,
				       const struct vsl_key *key,
				       struct netlink_ext_ack *extack)
{
	struct list list = {
		.key = key,
		.eth_type = key->eth_type,
		.has_mac = vsl_key_has_mac(key),
		.tagged = key->vlan[0].tci,
		.extack = extack,
	};
	unsigned int count = count_actions(attr, 0);
	struct vsl_actions *actions;
	struct vsl_action *free;
	struct nlattr *copy;
	int err;

	if (eth_p_mpls(key->eth_type))
		list.labels = hweight32(key->mpls.present) ?: LABELS_ANY;
	if (nla_len(attr) > ATTRS_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "more than 32 KiB of actions");
		return ERR_PTR(-EMSGSIZE);
	}
	actions = kvzalloc(struct_size(actions, step, count) +
			   nla_total_size(nla_len(attr)), VSL_GFP);
	if (!actions) {
		NL_SET_ERR_MSG(extack, "no memory for the actions");
		return ERR_PTR(-ENOMEM);
	}
	refcount_set(&actions->refs, 1);
	copy = (struct nlattr *)(actions->step + count);
	memcpy(copy, attr, nla_attr_size(nla_len(attr)));
	actions->attrs = nla_data(copy);
	actions->attrs_len = nla_len(copy);

	free = actions->step;
	err = get_list(&list, copy, &free);
	if (err)
		goto err_free;
	actions->count = free - actions->step;
	actions->only_output = VSL_PORT_NONE;
	if (actions->count == 1 && actions->step[0].op == VSL_ACTION_OUTPUT)
		actions->only_output = actions->step[0].port_no;
	return actions;

err_free:
	/* extack may point into the copy: the sender's own is the same */
	if (extack && extack->bad_attr)
		extack->bad_attr = (void *)attr +
				   ((void *)extack->bad_attr - (void *)copy);
	vsl_actions_free(actions);
	return ERR_PTR(err);
}
