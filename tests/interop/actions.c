// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What packets.c has done to the frames, see actions.h: every action, those that
 * change a header for each of its fields, unmasked and masked.  The lists are
 * the same for every frame but for SET, which keeps what the key has in those
 * fields that nobody can set.
 */
#include "actions.h"

#include <arpa/inet.h>
#include <string.h>

#include <netlink/attr.h>

#include "ovs_abi.h"

static uint32_t portid;

void actions_set_portid(uint32_t id)
{
	portid = id;
}

/* Without NLA_F_NESTED, as Open vSwitch does it. */
static struct nlattr *nest_start(struct nl_msg *msg, int type)
{
	struct nlattr *nest = nla_nest_start(msg, type);

	nest->nla_type = type;
	return nest;
}

static void output(struct nl_msg *msg)
{
	nla_put_u32(msg, OVS_ACTION_ATTR_OUTPUT, PORT_OUT);
}

static void push_vlan(struct nl_msg *msg, uint16_t tpid, uint16_t tci)
{
	struct ovs_action_push_vlan push = { htons(tpid), htons(tci | 0x1000) };

	nla_put(msg, OVS_ACTION_ATTR_PUSH_VLAN, sizeof(push), &push);
}

static void pop_vlan(struct nl_msg *msg)
{
	nla_put(msg, OVS_ACTION_ATTR_POP_VLAN, 0, NULL);
}

static void userspace(struct nl_msg *msg)
{
	struct nlattr *nest = nest_start(msg, OVS_ACTION_ATTR_USERSPACE);

	nla_put_u32(msg, OVS_USERSPACE_ATTR_PID, portid);
	nla_put(msg, OVS_USERSPACE_ATTR_USERDATA, 5, "abcde");
	nla_put_flag(msg, OVS_USERSPACE_ATTR_ACTIONS);
	nla_nest_end(msg, nest);
}

/* The attribute in the key, whatever tags are around it; NULL if not there. */
static const struct nlattr *find(struct vsl_blob key, int type)
{
	const struct nlattr *attr, *inner;
	int rem;

	nla_for_each_attr(attr, (struct nlattr *)key.data, (int)key.len, rem) {
		if (nla_type(attr) == type)
			return attr;
		if (nla_type(attr) == OVS_KEY_ATTR_ENCAP) {
			inner = find(vsl_blob_of_attr(attr), type);
			if (inner)
				return inner;
		}
	}
	return NULL;
}

static void put_set(struct nl_msg *msg, int type, const void *value, size_t len)
{
	struct nlattr *nest = nest_start(msg, OVS_ACTION_ATTR_SET);

	nla_put(msg, type, len, value);
	nla_nest_end(msg, nest);
}

/* The value's bits outside of the mask are cleared. */
static void put_masked(struct nl_msg *msg, int type, const void *value,
		       const void *mask, size_t len)
{
	struct nlattr *nest = nest_start(msg, OVS_ACTION_ATTR_SET_MASKED);
	uint8_t both[2 * sizeof(struct ovs_key_ipv6)];
	size_t i;

	for (i = 0; i < len; i++) {
		both[len + i] = ((const uint8_t *)mask)[i];
		both[i] = ((const uint8_t *)value)[i] & both[len + i];
	}
	nla_put(msg, type, 2 * len, both);
	nla_nest_end(msg, nest);
}

/* ---- stage 1 ---- */

enum { S1_OUTPUT, S1_DROP, S1_TWICE, S1_PUSH, S1_PUSH_AD, S1_PUSH_TWO,
       S1_PUSH_POP, S1_POP, S1_POP_TWO, S1_POP_PUSH, S1_USER, S1_PUSH_USER,
       S1_POP_USER, S1_USER_OUTPUT, S1_OUTPUT_POP_OUTPUT };

static bool put_stage1(struct nl_msg *msg, struct vsl_blob key, int n)
{
	(void)key;
	switch (n) {
	case S1_DROP:
		return true;
	case S1_TWICE:
		output(msg);
		break;
	case S1_PUSH:
		push_vlan(msg, 0x8100, 0x6009);
		break;
	case S1_PUSH_AD:
		push_vlan(msg, 0x88a8, 0x0ffe);
		break;
	case S1_PUSH_TWO:
		push_vlan(msg, 0x8100, 0x6009);
		push_vlan(msg, 0x88a8, 0x0ffe);
		break;
	case S1_PUSH_POP:
		push_vlan(msg, 0x8100, 0x6009);
		pop_vlan(msg);
		break;
	case S1_POP:
		pop_vlan(msg);
		break;
	case S1_POP_TWO:
		pop_vlan(msg);
		pop_vlan(msg);
		break;
	case S1_POP_PUSH:
		pop_vlan(msg);
		push_vlan(msg, 0x8100, 0x6009);
		break;
	case S1_USER:
		userspace(msg);
		return true;
	case S1_PUSH_USER:
		push_vlan(msg, 0x8100, 0x6009);
		userspace(msg);
		return true;
	case S1_POP_USER:
		pop_vlan(msg);
		userspace(msg);
		return true;
	case S1_USER_OUTPUT:
		userspace(msg);
		break;
	case S1_OUTPUT_POP_OUTPUT:
		output(msg);
		pop_vlan(msg);
		break;
	}
	output(msg);
	return true;
}

/* ---- stage 2 ---- */

enum { ETH_ALL, ETH_SRC, ETH_BITS };

static bool put_eth(struct nl_msg *msg, struct vsl_blob key, int n)
{
	struct ovs_key_ethernet eth, mask = { { 0 }, { 0 } };

	if (!find(key, OVS_KEY_ATTR_ETHERNET))
		return false;
	memset(&eth, 0x26, sizeof(eth));
	if (n == ETH_SRC)
		memset(mask.eth_src, 0xff, sizeof(mask.eth_src));
	if (n == ETH_BITS)
		memset(&mask, 0x0f, sizeof(mask));
	if (n == ETH_ALL)
		put_set(msg, OVS_KEY_ATTR_ETHERNET, &eth, sizeof(eth));
	else
		put_masked(msg, OVS_KEY_ATTR_ETHERNET, &eth, &mask, sizeof(eth));
	output(msg);
	return true;
}

enum { IP4_ALL, IP4_SRC, IP4_DST, IP4_TOS, IP4_TTL, IP4_DST_BITS, IP4_TTL_0 };

static bool put_ipv4(struct nl_msg *msg, struct vsl_blob key, int n)
{
	const struct nlattr *attr = find(key, OVS_KEY_ATTR_IPV4);
	struct ovs_key_ipv4 ip, mask = { 0 };

	if (!attr)
		return false;
	memcpy(&ip, nla_data(attr), sizeof(ip));
	ip.ipv4_src = htonl(0xc0a80101);
	ip.ipv4_dst = htonl(0xc0a80202);
	ip.ipv4_tos = 0x2d;
	ip.ipv4_ttl = n == IP4_TTL_0 ? 0 : 0x3f;
	switch (n) {
	case IP4_ALL:
		put_set(msg, OVS_KEY_ATTR_IPV4, &ip, sizeof(ip));
		output(msg);
		return true;
	case IP4_SRC:
		mask.ipv4_src = htonl(0xffffffff);
		break;
	case IP4_DST:
		mask.ipv4_dst = htonl(0xffffffff);
		break;
	case IP4_DST_BITS:
		mask.ipv4_dst = htonl(0x00ff00f0);
		break;
	case IP4_TOS:
		mask.ipv4_tos = 0xfc;
		break;
	default:
		mask.ipv4_ttl = 0xff;
	}
	put_masked(msg, OVS_KEY_ATTR_IPV4, &ip, &mask, sizeof(ip));
	output(msg);
	return true;
}

enum { IP6_ALL, IP6_SRC, IP6_DST, IP6_LABEL, IP6_TCLASS, IP6_HLIMIT };

static bool put_ipv6(struct nl_msg *msg, struct vsl_blob key, int n)
{
	const struct nlattr *attr = find(key, OVS_KEY_ATTR_IPV6);
	struct ovs_key_ipv6 ip, mask = { { 0 }, { 0 }, 0, 0, 0, 0, 0 };

	if (!attr)
		return false;
	memcpy(&ip, nla_data(attr), sizeof(ip));
	memset(ip.ipv6_src, 0xa1, sizeof(ip.ipv6_src));
	memset(ip.ipv6_dst, 0xb2, sizeof(ip.ipv6_dst));
	ip.ipv6_label = htonl(0x0abcd);
	ip.ipv6_tclass = 0x2d;
	ip.ipv6_hlimit = 0x3f;
	switch (n) {
	case IP6_ALL:
		put_set(msg, OVS_KEY_ATTR_IPV6, &ip, sizeof(ip));
		output(msg);
		return true;
	case IP6_SRC:
		memset(mask.ipv6_src, 0xff, sizeof(mask.ipv6_src));
		break;
	case IP6_DST:
		memset(mask.ipv6_dst, 0xff, sizeof(mask.ipv6_dst));
		break;
	case IP6_LABEL:
		mask.ipv6_label = htonl(0x000ff);
		break;
	case IP6_TCLASS:
		mask.ipv6_tclass = 0xfc;
		break;
	default:
		mask.ipv6_hlimit = 0xff;
	}
	put_masked(msg, OVS_KEY_ATTR_IPV6, &ip, &mask, sizeof(ip));
	output(msg);
	return true;
}

enum { L4_BOTH, L4_SRC, L4_BITS };

/* TCP, UDP and SCTP: two ports each, and one way to set them. */
static bool put_ports(struct nl_msg *msg, struct vsl_blob key, int n)
{
	static const int types[] = { OVS_KEY_ATTR_TCP, OVS_KEY_ATTR_UDP,
				     OVS_KEY_ATTR_SCTP };
	struct ovs_key_tcp ports = { htons(0x2b2b), htons(0x3c3c) };
	struct ovs_key_tcp mask = { htons(0xffff), 0 };
	size_t i;

	if (n == L4_BITS)
		mask = (struct ovs_key_tcp){ htons(0x0f0f), htons(0x00ff) };
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (!find(key, types[i]))
			continue;
		if (n == L4_BOTH)
			put_set(msg, types[i], &ports, sizeof(ports));
		else
			put_masked(msg, types[i], &ports, &mask, sizeof(ports));
		output(msg);
		return true;
	}
	return false;
}

/* Addresses, ports and a tag, one after the other, as a router would. */
static bool put_route(struct nl_msg *msg, struct vsl_blob key, int n)
{
	struct nl_msg *rest = vsl_attrs_new();
	struct vsl_blob blob;
	bool any;

	(void)n;
	any = put_ipv4(rest, key, IP4_ALL) || put_ipv6(rest, key, IP6_ALL);
	if (any) {
		put_eth(rest, key, ETH_ALL);
		put_ports(rest, key, L4_BOTH);
		push_vlan(rest, 0x8100, 9);
		output(rest);
		userspace(rest);
	}
	blob = vsl_blob_of_msg(rest);
	nlmsg_append(msg, (void *)blob.data, blob.len, NLMSG_ALIGNTO);
	nlmsg_free(rest);
	return any;
}

/* What cannot be set, in a flow that has it. */
static bool put_refused(struct nl_msg *msg, struct vsl_blob key, int type)
{
	const struct nlattr *attr = find(key, type);

	if (!attr)
		return false;
	put_set(msg, type, nla_data(attr), nla_len(attr));
	output(msg);
	return true;
}

enum { S2_TRUNC_60, S2_TRUNC_14, S2_TRUNC_BIG, S2_TRUNC_USER, S2_TRUNC_ONCE,
       S2_CLONE, S2_CLONE_EMPTY, S2_SAMPLE, S2_SAMPLE_NEVER, S2_SAMPLE_LAST,
       S2_RECIRC, S2_PUSH_RECIRC, S2_POP_RECIRC, S2_META_USER, S2_CT_CLEAR,
       S2_CLONE_TRUNC, S2_META_RECIRC, S2_NESTED, S2_TRUNC_TRUNC, S2_TRUNC_PUSH,
       S2_TRUNC_POP, S2_TRUNC_14_USER, S2_TRUNC_PUSH_USER, S2_TRUNC_RECIRC };

static void put_sample(struct nl_msg *msg, uint32_t probability)
{
	struct nlattr *sample = nest_start(msg, OVS_ACTION_ATTR_SAMPLE);
	struct nlattr *list;

	nla_put_u32(msg, OVS_SAMPLE_ATTR_PROBABILITY, probability);
	list = nest_start(msg, OVS_SAMPLE_ATTR_ACTIONS);
	push_vlan(msg, 0x8100, 0x6009);
	output(msg);
	nla_nest_end(msg, list);
	nla_nest_end(msg, sample);
}

static void put_meta(struct nl_msg *msg)
{
	uint32_t n = 0x1234;

	put_set(msg, OVS_KEY_ATTR_PRIORITY, &n, sizeof(n));
	n = 0x5678;
	put_set(msg, OVS_KEY_ATTR_SKB_MARK, &n, sizeof(n));
}

static void trunc_to(struct nl_msg *msg, uint32_t len)
{
	nla_put_u32(msg, OVS_ACTION_ATTR_TRUNC, len);
}

static void put_clone(struct nl_msg *msg, int n)
{
	struct nlattr *clone = nest_start(msg, OVS_ACTION_ATTR_CLONE);

	if (n == S2_NESTED)
		put_clone(msg, S2_CLONE);
	if (n != S2_CLONE_EMPTY) {
		push_vlan(msg, 0x8100, 0x6009);
		output(msg);
		nla_nest_end(msg, clone);
	} else {
		nla_nest_end_keep_empty(msg, clone);
	}
}

static bool put_stage2(struct nl_msg *msg, struct vsl_blob key, int n)
{
	(void)key;
	switch (n) {
	case S2_TRUNC_60:
		trunc_to(msg, 60);
		break;
	case S2_TRUNC_14:
		trunc_to(msg, 14);
		break;
	case S2_TRUNC_BIG:
		trunc_to(msg, 60000);
		break;
	case S2_TRUNC_USER:
		trunc_to(msg, 40);
		userspace(msg);
		break;
	case S2_TRUNC_14_USER:
		trunc_to(msg, 14);
		userspace(msg);
		break;
	case S2_TRUNC_TRUNC:
		trunc_to(msg, 30);
		trunc_to(msg, 50);
		break;
	case S2_TRUNC_PUSH:
		trunc_to(msg, 50);
		push_vlan(msg, 0x8100, 0x6009);
		push_vlan(msg, 0x88a8, 0x0ffe);
		break;
	case S2_TRUNC_POP:
		trunc_to(msg, 50);
		pop_vlan(msg);
		break;
	case S2_TRUNC_PUSH_USER:
		trunc_to(msg, 40);
		push_vlan(msg, 0x8100, 0x6009);
		userspace(msg);
		break;
	case S2_TRUNC_RECIRC:
		trunc_to(msg, 40);
		nla_put_u32(msg, OVS_ACTION_ATTR_RECIRC, 7);
		break;
	case S2_TRUNC_ONCE:
		trunc_to(msg, 50);
		output(msg);
		break;
	case S2_CLONE:
	case S2_CLONE_EMPTY:
	case S2_NESTED:
		put_clone(msg, n);
		break;
	case S2_CLONE_TRUNC:
		trunc_to(msg, 50);
		put_clone(msg, n);
		break;
	case S2_SAMPLE:
		put_sample(msg, UINT32_MAX);
		break;
	case S2_SAMPLE_NEVER:
		put_sample(msg, 0);
		break;
	case S2_SAMPLE_LAST:
		put_sample(msg, UINT32_MAX);
		return true;
	case S2_PUSH_RECIRC:
		push_vlan(msg, 0x8100, 0x6009);
		nla_put_u32(msg, OVS_ACTION_ATTR_RECIRC, 7);
		return true;
	case S2_POP_RECIRC:
		pop_vlan(msg);
		nla_put_u32(msg, OVS_ACTION_ATTR_RECIRC, 7);
		return true;
	case S2_META_RECIRC:
		put_meta(msg);
		nla_put_u32(msg, OVS_ACTION_ATTR_RECIRC, 8);
		break;
	case S2_RECIRC:
		nla_put_u32(msg, OVS_ACTION_ATTR_RECIRC, 7);
		return true;
	case S2_META_USER:
		put_meta(msg);
		userspace(msg);
		break;
	case S2_CT_CLEAR:
		nla_put(msg, OVS_ACTION_ATTR_CT_CLEAR, 0, NULL);
		break;
	}
	output(msg);
	return true;
}

/* ---- stage 3 ---- */

enum { S3_PUSH_MPLS, S3_PUSH_TWO, S3_PUSH_USER, S3_POP_IP4, S3_POP_IP6,
       S3_POP_MPLS, S3_POP_RECIRC, S3_ADD_L2, S3_ADD_L3, S3_SET, S3_SET_MASKED,
       S3_CHECK_100, S3_CHECK_BIG, S3_METER, S3_POP_ETH, S3_POP_PUSH_ETH,
       S3_PUSH_VLAN_MPLS, S3_PUSH_RECIRC, S3_PUSH_SET, S3_POP_ETH_SET,
       S3_PUSH_USER_POP };

static void push_mpls(struct nl_msg *msg, uint32_t lse)
{
	struct ovs_action_push_mpls push;

	/* its padding comes back in upcalls */
	memset(&push, 0, sizeof(push));
	push.mpls_lse = htonl(lse);
	push.mpls_ethertype = htons(0x8847);
	nla_put(msg, OVS_ACTION_ATTR_PUSH_MPLS, sizeof(push), &push);
}

static void add_mpls(struct nl_msg *msg, uint16_t flags)
{
	struct ovs_action_add_mpls add = {
		htonl(0x00055140), htons(0x8847), flags };

	nla_put(msg, OVS_ACTION_ATTR_ADD_MPLS, sizeof(add), &add);
}

static void pop_mpls(struct nl_msg *msg, uint16_t type)
{
	nla_put_u16(msg, OVS_ACTION_ATTR_POP_MPLS, htons(type));
}

static void check_pkt_len(struct nl_msg *msg, uint16_t len)
{
	struct nlattr *check = nest_start(msg, OVS_ACTION_ATTR_CHECK_PKT_LEN);
	struct nlattr *list;

	nla_put_u16(msg, OVS_CHECK_PKT_LEN_ATTR_PKT_LEN, len);
	list = nest_start(msg, OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_GREATER);
	push_vlan(msg, 0x8100, 9);
	output(msg);
	nla_nest_end(msg, list);
	list = nest_start(msg, OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_LESS_EQUAL);
	output(msg);
	nla_nest_end(msg, list);
	nla_nest_end(msg, check);
}

static bool put_stage3(struct nl_msg *msg, struct vsl_blob key, int n)
{
	struct ovs_action_push_eth eth;
	uint32_t lse = htonl(0x0007713f), mask = htonl(0x000ff000);

	switch (n) {
	case S3_PUSH_MPLS:
		push_mpls(msg, 0x00011140);
		break;
	case S3_PUSH_TWO:
		push_mpls(msg, 0x00011140);
		push_mpls(msg, 0x00022040);
		break;
	case S3_PUSH_USER:
		push_mpls(msg, 0x00011140);
		userspace(msg);
		break;
	case S3_PUSH_RECIRC:
		push_mpls(msg, 0x00011140);
		nla_put_u32(msg, OVS_ACTION_ATTR_RECIRC, 7);
		return true;
	case S3_PUSH_SET:
		push_mpls(msg, 0x00011140);
		put_set(msg, OVS_KEY_ATTR_MPLS, &lse, sizeof(lse));
		break;
	case S3_PUSH_USER_POP:
		push_mpls(msg, 0x00011140);
		userspace(msg);
		pop_mpls(msg, 0x0800);
		break;
	case S3_POP_ETH_SET:
		nla_put(msg, OVS_ACTION_ATTR_POP_ETH, 0, NULL);
		if (!put_ipv4(msg, key, IP4_ALL) && !put_ipv6(msg, key, IP6_ALL))
			return false;
		userspace(msg);
		break;
	case S3_PUSH_VLAN_MPLS:
		push_vlan(msg, 0x8100, 9);
		push_mpls(msg, 0x00011140);
		break;
	case S3_POP_IP4:
		pop_mpls(msg, 0x0800);
		break;
	case S3_POP_IP6:
		pop_mpls(msg, 0x86dd);
		break;
	case S3_POP_MPLS:
		pop_mpls(msg, 0x8847);
		break;
	case S3_POP_RECIRC:
		pop_mpls(msg, 0x0800);
		nla_put_u32(msg, OVS_ACTION_ATTR_RECIRC, 7);
		return true;
	case S3_ADD_L2:
		add_mpls(msg, 0);
		break;
	case S3_ADD_L3:
		add_mpls(msg, 1);
		break;
	case S3_SET:
	case S3_SET_MASKED:
		if (!find(key, OVS_KEY_ATTR_MPLS))
			return false;
		if (n == S3_SET)
			put_set(msg, OVS_KEY_ATTR_MPLS, &lse, sizeof(lse));
		else
			put_masked(msg, OVS_KEY_ATTR_MPLS, &lse, &mask,
				   sizeof(lse));
		break;
	case S3_CHECK_100:
		check_pkt_len(msg, 100);
		break;
	case S3_CHECK_BIG:
		check_pkt_len(msg, 60000);
		break;
	case S3_METER:
		nla_put_u32(msg, OVS_ACTION_ATTR_METER, 4711);
		break;
	case S3_POP_ETH:
		nla_put(msg, OVS_ACTION_ATTR_POP_ETH, 0, NULL);
		userspace(msg);
		break;
	case S3_POP_PUSH_ETH:
		memset(&eth, 0x26, sizeof(eth));
		nla_put(msg, OVS_ACTION_ATTR_POP_ETH, 0, NULL);
		nla_put(msg, OVS_ACTION_ATTR_PUSH_ETH, sizeof(eth), &eth);
		break;
	}
	output(msg);
	return true;
}

const struct action_row action_rows[] = {
	{ "output", 1, true, put_stage1, S1_OUTPUT },
	{ "drop", 1, false, put_stage1, S1_DROP },
	{ "twice", 1, false, put_stage1, S1_TWICE },
	{ "push_vlan", 1, true, put_stage1, S1_PUSH },
	{ "push_vlan-88a8", 1, false, put_stage1, S1_PUSH_AD },
	{ "push_vlan-two", 1, false, put_stage1, S1_PUSH_TWO },
	{ "push_vlan-pop", 1, false, put_stage1, S1_PUSH_POP },
	{ "pop_vlan", 1, true, put_stage1, S1_POP },
	{ "pop_vlan-two", 1, false, put_stage1, S1_POP_TWO },
	{ "pop_vlan-push", 1, false, put_stage1, S1_POP_PUSH },
	{ "userspace", 1, true, put_stage1, S1_USER },
	{ "push_vlan-userspace", 1, false, put_stage1, S1_PUSH_USER },
	{ "pop_vlan-userspace", 1, false, put_stage1, S1_POP_USER },
	{ "userspace-output", 1, false, put_stage1, S1_USER_OUTPUT },
	{ "output-pop-output", 1, false, put_stage1, S1_OUTPUT_POP_OUTPUT },

	{ "set-eth", 2, true, put_eth, ETH_ALL },
	{ "set-eth-src", 2, false, put_eth, ETH_SRC },
	{ "set-eth-bits", 2, false, put_eth, ETH_BITS },
	{ "set-ipv4", 2, true, put_ipv4, IP4_ALL },
	{ "set-ipv4-src", 2, false, put_ipv4, IP4_SRC },
	{ "set-ipv4-dst", 2, false, put_ipv4, IP4_DST },
	{ "set-ipv4-tos", 2, false, put_ipv4, IP4_TOS },
	{ "set-ipv4-ttl", 2, false, put_ipv4, IP4_TTL },
	{ "set-ipv4-ttl-0", 2, false, put_ipv4, IP4_TTL_0 },
	{ "set-ipv4-dst-bits", 2, false, put_ipv4, IP4_DST_BITS },
	{ "set-ipv6", 2, true, put_ipv6, IP6_ALL },
	{ "set-ipv6-src", 2, false, put_ipv6, IP6_SRC },
	{ "set-ipv6-dst", 2, false, put_ipv6, IP6_DST },
	{ "set-ipv6-label", 2, false, put_ipv6, IP6_LABEL },
	{ "set-ipv6-tclass", 2, false, put_ipv6, IP6_TCLASS },
	{ "set-ipv6-hlimit", 2, false, put_ipv6, IP6_HLIMIT },
	{ "set-ports", 2, true, put_ports, L4_BOTH },
	{ "set-ports-src", 2, false, put_ports, L4_SRC },
	{ "set-ports-bits", 2, false, put_ports, L4_BITS },
	{ "set-all", 2, false, put_route, 0 },
	{ "set-arp", 2, false, put_refused, OVS_KEY_ATTR_ARP },
	{ "set-icmp", 2, false, put_refused, OVS_KEY_ATTR_ICMP },
	{ "set-icmpv6", 2, false, put_refused, OVS_KEY_ATTR_ICMPV6 },
	{ "set-nd", 2, false, put_refused, OVS_KEY_ATTR_ND },
	{ "set-eth_type", 2, false, put_refused, OVS_KEY_ATTR_ETHERTYPE },
	{ "set-vlan", 2, false, put_refused, OVS_KEY_ATTR_VLAN },
	{ "trunc-60", 2, false, put_stage2, S2_TRUNC_60 },
	{ "trunc-14", 2, false, put_stage2, S2_TRUNC_14 },
	{ "trunc-big", 2, false, put_stage2, S2_TRUNC_BIG },
	{ "trunc-userspace", 2, false, put_stage2, S2_TRUNC_USER },
	{ "trunc-once", 2, false, put_stage2, S2_TRUNC_ONCE },
	{ "trunc-trunc", 2, false, put_stage2, S2_TRUNC_TRUNC },
	{ "trunc-push_vlan", 2, false, put_stage2, S2_TRUNC_PUSH },
	{ "trunc-pop_vlan", 2, false, put_stage2, S2_TRUNC_POP },
	{ "trunc-14-userspace", 2, false, put_stage2, S2_TRUNC_14_USER },
	{ "trunc-push_vlan-userspace", 2, false, put_stage2,
	  S2_TRUNC_PUSH_USER },
	{ "trunc-recirc", 2, false, put_stage2, S2_TRUNC_RECIRC },
	{ "clone", 2, false, put_stage2, S2_CLONE },
	{ "clone-empty", 2, false, put_stage2, S2_CLONE_EMPTY },
	{ "clone-clone", 2, false, put_stage2, S2_NESTED },
	{ "trunc-clone", 2, false, put_stage2, S2_CLONE_TRUNC },
	{ "sample", 2, false, put_stage2, S2_SAMPLE },
	{ "sample-never", 2, false, put_stage2, S2_SAMPLE_NEVER },
	{ "sample-last", 2, false, put_stage2, S2_SAMPLE_LAST },
	{ "recirc", 2, true, put_stage2, S2_RECIRC },
	{ "push_vlan-recirc", 2, false, put_stage2, S2_PUSH_RECIRC },
	{ "pop_vlan-recirc", 2, false, put_stage2, S2_POP_RECIRC },
	{ "set-meta-userspace", 2, false, put_stage2, S2_META_USER },
	{ "set-meta-recirc", 2, false, put_stage2, S2_META_RECIRC },
	{ "ct_clear", 2, false, put_stage2, S2_CT_CLEAR },

	{ "push_mpls", 3, false, put_stage3, S3_PUSH_MPLS },
	{ "push_mpls-two", 3, false, put_stage3, S3_PUSH_TWO },
	{ "push_mpls-userspace", 3, false, put_stage3, S3_PUSH_USER },
	{ "push_mpls-recirc", 3, false, put_stage3, S3_PUSH_RECIRC },
	{ "push_mpls-set", 3, false, put_stage3, S3_PUSH_SET },
	{ "push_mpls-userspace-pop", 3, false, put_stage3, S3_PUSH_USER_POP },
	{ "push_vlan-push_mpls", 3, false, put_stage3, S3_PUSH_VLAN_MPLS },
	{ "pop_mpls-ip4", 3, false, put_stage3, S3_POP_IP4 },
	{ "pop_mpls-ip6", 3, false, put_stage3, S3_POP_IP6 },
	{ "pop_mpls-mpls", 3, false, put_stage3, S3_POP_MPLS },
	{ "pop_mpls-recirc", 3, false, put_stage3, S3_POP_RECIRC },
	{ "add_mpls-l2", 3, false, put_stage3, S3_ADD_L2 },
	{ "add_mpls-l3", 3, false, put_stage3, S3_ADD_L3 },
	{ "set-mpls", 3, false, put_stage3, S3_SET },
	{ "set-mpls-bits", 3, false, put_stage3, S3_SET_MASKED },
	{ "check_pkt_len-100", 3, false, put_stage3, S3_CHECK_100 },
	{ "check_pkt_len-big", 3, false, put_stage3, S3_CHECK_BIG },
	{ "meter-unknown", 3, false, put_stage3, S3_METER },
	{ "pop_eth-userspace", 3, false, put_stage3, S3_POP_ETH },
	{ "pop_eth-push_eth", 3, false, put_stage3, S3_POP_PUSH_ETH },
	{ "pop_eth-set", 3, false, put_stage3, S3_POP_ETH_SET },
};

const int action_rows_count = sizeof(action_rows) / sizeof(action_rows[0]);
