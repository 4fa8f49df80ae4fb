// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Made-up action lists, see generate_action.h.
 *
 * Not made: CT, PUSH_NSH, POP_NSH, DEC_TTL and SET of a tunnel, which the module
 * does not have, and DROP, which Linux 6.1 does not have.
 */
#include "generate_action.h"

#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <string.h>

#include "attr_tree.h"
#include "ovs_abi.h"

#define DEPTH_MAX	3

static void add_list(struct node *list, const struct node *key, int stage,
		     int depth);

static void add_output(struct node *list)
{
	tree_u32(list, OVS_ACTION_ATTR_OUTPUT,
		 chance(95) ? rnd(8) : 65530 + rnd(10));
}

static void add_userspace(struct node *list)
{
	struct node *user = tree_nest(list, OVS_ACTION_ATTR_USERSPACE);
	uint8_t data[NODE_DATA_MAX];

	if (chance(95))
		tree_u32(user, OVS_USERSPACE_ATTR_PID, chance(95) ? 77 : 0);
	if (chance(50)) {
		rnd_fill(data, sizeof(data));
		tree_add(user, OVS_USERSPACE_ATTR_USERDATA, data,
			 rnd(sizeof(data)));
	}
	if (chance(20))
		tree_u32(user, OVS_USERSPACE_ATTR_EGRESS_TUN_PORT, rnd(9));
	if (chance(30))
		tree_add(user, OVS_USERSPACE_ATTR_ACTIONS, NULL, 0);
}

static void add_push_vlan(struct node *list)
{
	static const uint16_t tpids[] = { 0x8100, 0x8100, 0x88a8, 0x9100 };
	uint16_t tpid = tpids[rnd(chance(90) ? 3 : 4)];
	uint16_t tci = rnd(0x10000) | (chance(95) ? 0x1000 : 0);
	uint8_t push[4] = { tpid >> 8, tpid, tci >> 8, tci };

	tree_add(list, OVS_ACTION_ATTR_PUSH_VLAN, push, sizeof(push));
}

/* ---- stage 2 ---- */

/* Something that the key has, with its tags open. */
static const struct node *settable(const struct node *key)
{
	const struct node *encap = tree_find(key, OVS_KEY_ATTR_ENCAP), *kid;
	int n = 0;

	if (encap && chance(70))
		return settable(encap);
	for (kid = key->kids; kid; kid = kid->next)
		n += !kid->nest;
	if (!n)
		return NULL;
	n = rnd(n);
	for (kid = key->kids; kid; kid = kid->next)
		if (!kid->nest && !n--)
			return kid;
	return NULL;
}

/* A value of the same kind; what cannot be set stays as it is, mostly. */
static void new_value(const struct node *from, uint8_t *data)
{
	const struct ovs_key_ipv4 *ip = (const void *)from->data;
	const struct ovs_key_ipv6 *ip6 = (const void *)from->data;

	rnd_fill(data, from->len);
	if (from->type == OVS_KEY_ATTR_IPV4 && from->len == sizeof(*ip) &&
	    chance(90)) {
		data[8] = ip->ipv4_proto;
		data[11] = ip->ipv4_frag;
	}
	if (from->type == OVS_KEY_ATTR_IPV6 && from->len == sizeof(*ip6) &&
	    chance(90)) {
		data[32] = 0;
		data[33] &= 0x0f;
		data[36] = ip6->ipv6_proto;
		data[39] = ip6->ipv6_frag;
	}
}

static void add_set(struct node *list, const struct node *key, bool masked)
{
	const struct node *from = settable(key);
	uint8_t data[NODE_DATA_MAX];
	struct node *set;
	int i, len;

	set = tree_nest(list, masked ? OVS_ACTION_ATTR_SET_MASKED :
				       OVS_ACTION_ATTR_SET);
	if (!from || from->len > NODE_DATA_MAX / 2)
		return;
	len = from->len;
	if (from->type == OVS_KEY_ATTR_MPLS && chance(90) && len > 4)
		len = 4;
	new_value(from, data);
	if (masked) {
		rnd_fill(data + len, len);
		if (chance(50))
			memset(data + len, 0xff, len);
		if (from->type == OVS_KEY_ATTR_IPV4 && chance(90))
			data[len + 8] = data[len + 11] = 0;
		if (from->type == OVS_KEY_ATTR_IPV6 && chance(90)) {
			data[len + 32] = 0;
			data[len + 33] &= 0x0f;
			data[len + 36] = data[len + 39] = 0;
		}
		for (i = 0; i < len; i++)
			if (chance(99))
				data[i] &= data[len + i];
		len *= 2;
	}
	tree_add(set, from->type, data, len);
	if (chance(3))
		tree_add(set, from->type, data, len);
}

static void add_sample(struct node *list, const struct node *key, int stage,
		       int depth)
{
	struct node *sample = tree_nest(list, OVS_ACTION_ATTR_SAMPLE);
	bool first = chance(50);

	if (first && chance(95))
		tree_u32(sample, OVS_SAMPLE_ATTR_PROBABILITY, rnd(-1));
	if (chance(95))
		add_list(tree_nest(sample, OVS_SAMPLE_ATTR_ACTIONS), key, stage,
			 depth + 1);
	if (!first)
		tree_u32(sample, OVS_SAMPLE_ATTR_PROBABILITY,
			 chance(50) ? UINT32_MAX : 0);
}

/* As deep as the kernel goes, and a step further. */
static void add_deep(struct node *list)
{
	int depth = 8 + rnd(12);
	bool clones = chance(50);

	while (depth--) {
		if (clones) {
			list = tree_nest(list, OVS_ACTION_ATTR_CLONE);
			continue;
		}
		list = tree_nest(list, OVS_ACTION_ATTR_SAMPLE);
		tree_u32(list, OVS_SAMPLE_ATTR_PROBABILITY, UINT32_MAX);
		list = tree_nest(list, OVS_SAMPLE_ATTR_ACTIONS);
	}
	add_output(list);
}

static void add_stage2(struct node *list, const struct node *key, int stage,
		       int depth)
{
	uint32_t hash[2] = { chance(90) ? 0 : rnd(4), rnd(-1) };

	switch (rnd(11)) {
	case 0 ... 2:
		add_set(list, key, false);
		break;
	case 3 ... 4:
		add_set(list, key, true);
		break;
	case 5:
		if (depth < DEPTH_MAX)
			add_sample(list, key, stage, depth);
		break;
	case 6:
		if (depth < DEPTH_MAX)
			add_list(tree_nest(list, OVS_ACTION_ATTR_CLONE), key,
				 stage, depth + 1);
		break;
	case 7:
		tree_u32(list, OVS_ACTION_ATTR_RECIRC, rnd(4));
		break;
	case 8:
		tree_add(list, OVS_ACTION_ATTR_HASH, hash, sizeof(hash));
		break;
	case 9:
		tree_u32(list, OVS_ACTION_ATTR_TRUNC,
			 chance(80) ? 14 + rnd(2000) : rnd(15));
		break;
	default:
		if (chance(20) && !depth)
			add_deep(list);
		else
			tree_add(list, OVS_ACTION_ATTR_CT_CLEAR, NULL, 0);
	}
}

/* ---- stage 3 ---- */

static void put_be16(uint8_t *at, uint16_t n)
{
	at[0] = n >> 8;
	at[1] = n;
}

static uint16_t some_type(void)
{
	static const uint16_t types[] = {
		ETH_P_MPLS_UC, ETH_P_MPLS_UC, ETH_P_MPLS_MC, ETH_P_IP,
		ETH_P_IPV6, ETH_P_TEB, ETH_P_8021Q, 0,
	};

	return types[rnd(chance(70) ? 3 : sizeof(types) / sizeof(types[0]))];
}

static void add_mpls_action(struct node *list)
{
	uint8_t data[12];

	rnd_fill(data, sizeof(data));
	put_be16(data + 4, some_type());
	switch (rnd(3)) {
	case 0:
		memset(data + 6, 0, 2);
		tree_add(list, OVS_ACTION_ATTR_PUSH_MPLS, data, 8);
		break;
	case 1:
		/* a struct with two flag bytes and padding up to its end */
		data[6] = 0;
		data[7] = 0;
		data[chance(50) ? 6 : 7] = rnd(3);
		tree_add(list, OVS_ACTION_ATTR_ADD_MPLS, data, 8);
		break;
	default:
		put_be16(data, some_type());
		tree_add(list, OVS_ACTION_ATTR_POP_MPLS, data, 2);
	}
}

static void add_check_pkt_len(struct node *list, const struct node *key,
			      int stage, int depth)
{
	struct node *check = tree_nest(list, OVS_ACTION_ATTR_CHECK_PKT_LEN);

	if (chance(95))
		tree_u16(check, OVS_CHECK_PKT_LEN_ATTR_PKT_LEN,
			 chance(90) ? rnd(2000) : 0);
	if (chance(95))
		add_list(tree_nest(check,
				   OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_GREATER),
			 key, stage, depth + 1);
	if (chance(95))
		add_list(tree_nest(check,
				   OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_LESS_EQUAL),
			 key, stage, depth + 1);
}

static void add_stage3(struct node *list, const struct node *key, int stage,
		       int depth)
{
	uint8_t addresses[12];

	switch (rnd(6)) {
	case 0 ... 1:
		add_mpls_action(list);
		break;
	case 2:
		if (depth < DEPTH_MAX)
			add_check_pkt_len(list, key, stage, depth);
		break;
	case 3:
		tree_u32(list, OVS_ACTION_ATTR_METER, rnd(-1));
		break;
	case 4:
		rnd_fill(addresses, sizeof(addresses));
		tree_add(list, OVS_ACTION_ATTR_PUSH_ETH, addresses,
			 sizeof(addresses));
		break;
	default:
		tree_add(list, OVS_ACTION_ATTR_POP_ETH, NULL, 0);
	}
}

/* ---- lists ---- */

static void add_one(struct node *list, const struct node *key, int stage,
		    int depth)
{
	int which = rnd(stage);

	if (which == 2) {
		add_stage3(list, key, stage, depth);
		return;
	}
	if (which == 1) {
		add_stage2(list, key, stage, depth);
		return;
	}
	switch (rnd(5)) {
	case 0:
	case 1:
		add_output(list);
		break;
	case 2:
		add_userspace(list);
		break;
	case 3:
		add_push_vlan(list);
		break;
	default:
		tree_add(list, OVS_ACTION_ATTR_POP_VLAN, NULL, 0);
	}
}

static void add_list(struct node *list, const struct node *key, int stage,
		     int depth)
{
	int n = rnd(depth ? 3 : 5);

	while (n--)
		add_one(list, key, stage, depth);
}

static void change(struct node *list)
{
	static const uint8_t unknown[] = { 0, 30, 60, 255 };
	struct node *node = tree_pick(list);
	uint8_t data[16] = { 0 };

	if (!node || chance(15)) {
		tree_add(list, unknown[rnd(sizeof(unknown))], data, rnd(16));
		return;
	}
	switch (rnd(5)) {
	case 0:
		tree_remove(list, node);
		break;
	case 1:
		tree_add(list, node->type, node->data, node->len);
		break;
	case 2:
		if (node->nest)
			node->stray = 1 + rnd(3);
		else
			node->len = rnd(2) ? node->len + 1 + rnd(4) :
				    rnd(node->len + 1);
		break;
	case 3:
		if (node->len)
			node->data[rnd(node->len)] ^= 1 << rnd(8);
		break;
	default:
		node->type |= rnd(2) ? NLA_F_NESTED : NLA_F_NET_BYTEORDER;
	}
}

struct node *gen_actions(const struct node *key, enum gen_kind kind, int stage)
{
	struct node *list = tree_nest(NULL, 0);
	int n;

	add_list(list, key, stage, 0);
	if (kind != GEN_VALID && chance(60))
		for (n = 1 + rnd(2); n; n--)
			change(list);
	return list;
}
