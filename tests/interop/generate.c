// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Made-up keys and masks, see generate.h; generate_action.c makes the actions.
 *
 * First a key as a packet could have it, and a mask of its shape; then, to be
 * near-valid, one or two changes in either.  Attributes of tunnels, connection
 * tracking and NSH are left out (but for the mask of a tunnel, which every
 * client sends): the module does not have them, and answers EINVAL.
 */
#include "generate.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <string.h>

#include "attr_tree.h"
#include "generate_action.h"
#include "lib/util.h"
#include "ovs_abi.h"

#define CFI	0x1000

static const uint8_t known[] = {
	OVS_KEY_ATTR_ENCAP, OVS_KEY_ATTR_PRIORITY, OVS_KEY_ATTR_IN_PORT,
	OVS_KEY_ATTR_ETHERNET, OVS_KEY_ATTR_VLAN, OVS_KEY_ATTR_ETHERTYPE,
	OVS_KEY_ATTR_IPV4, OVS_KEY_ATTR_IPV6, OVS_KEY_ATTR_TCP,
	OVS_KEY_ATTR_UDP, OVS_KEY_ATTR_ICMP, OVS_KEY_ATTR_ICMPV6,
	OVS_KEY_ATTR_ARP, OVS_KEY_ATTR_ND, OVS_KEY_ATTR_SKB_MARK,
	OVS_KEY_ATTR_SCTP, OVS_KEY_ATTR_TCP_FLAGS, OVS_KEY_ATTR_DP_HASH,
	OVS_KEY_ATTR_RECIRC_ID,
	/* of stage 3 */
	OVS_KEY_ATTR_MPLS,
	/* refused by everybody: for user space alone, or of no meaning yet */
	0, 29, 30, 31, 40, 200,
};

/* Lengths that are right, so that a type is what is wrong. */
static int length_of(int type)
{
	switch (type) {
	case OVS_KEY_ATTR_ETHERNET:
		return 12;
	case OVS_KEY_ATTR_VLAN:
	case OVS_KEY_ATTR_ETHERTYPE:
	case OVS_KEY_ATTR_TCP_FLAGS:
	case OVS_KEY_ATTR_ICMP:
	case OVS_KEY_ATTR_ICMPV6:
		return 2;
	case OVS_KEY_ATTR_IPV4:
		return sizeof(struct ovs_key_ipv4);
	case OVS_KEY_ATTR_IPV6:
		return sizeof(struct ovs_key_ipv6);
	case OVS_KEY_ATTR_ARP:
		return sizeof(struct ovs_key_arp);
	case OVS_KEY_ATTR_ND:
		return sizeof(struct ovs_key_nd);
	default:
		return 4;
	}
}

static void add_random(struct node *nest, int type)
{
	uint8_t data[NODE_DATA_MAX];
	int len = length_of(type);

	if (chance(50))
		memset(data, chance(50) ? 0xff : 0, len);
	else
		rnd_fill(data, len);
	tree_add(nest, type, data, len);
}

/* ---- keys ---- */

static void add_metadata(struct node *key)
{
	if (chance(50))
		tree_u32(key, OVS_KEY_ATTR_RECIRC_ID, rnd(3));
	if (chance(50))
		tree_u32(key, OVS_KEY_ATTR_DP_HASH, rnd(2) ? rnd(-1) : 0);
	if (chance(50))
		tree_u32(key, OVS_KEY_ATTR_PRIORITY, rnd(2) ? rnd(-1) : 0);
	if (chance(90))
		tree_u32(key, OVS_KEY_ATTR_IN_PORT,
			 chance(95) ? rnd(9) : 65530 + rnd(10));
	if (chance(50))
		tree_u32(key, OVS_KEY_ATTR_SKB_MARK, rnd(2) ? rnd(-1) : 0);
}

static void add_ports(struct node *key, int type)
{
	tree_u32(key, type, rnd(-1));
}

static void add_icmp(struct node *key, int type, uint8_t icmp_type)
{
	uint8_t icmp[2] = { icmp_type, chance(80) ? 0 : rnd(4) };

	tree_add(key, type, icmp, sizeof(icmp));
	if (type == OVS_KEY_ATTR_ICMPV6 && !icmp[1] &&
	    (icmp_type == 135 || icmp_type == 136))
		add_random(key, OVS_KEY_ATTR_ND);
}

static void add_l4(struct node *key, uint8_t proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		add_ports(key, OVS_KEY_ATTR_TCP);
		tree_be16(key, OVS_KEY_ATTR_TCP_FLAGS, rnd(0x1000));
		break;
	case IPPROTO_UDP:
		add_ports(key, OVS_KEY_ATTR_UDP);
		break;
	case IPPROTO_SCTP:
		add_ports(key, OVS_KEY_ATTR_SCTP);
		break;
	}
}

static uint8_t some_proto(int icmp)
{
	const uint8_t protos[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP, icmp,
				   icmp, 0, 47, 255 };

	return protos[rnd(sizeof(protos))];
}

static uint8_t some_frag(void)
{
	return chance(70) ? OVS_FRAG_TYPE_NONE :
	       chance(80) ? rnd(3) : rnd(6);
}

static void add_ipv4(struct node *key)
{
	struct ovs_key_ipv4 ip;

	rnd_fill(&ip, sizeof(ip));
	ip.ipv4_proto = some_proto(IPPROTO_ICMP);
	ip.ipv4_frag = some_frag();
	tree_add(key, OVS_KEY_ATTR_IPV4, &ip, sizeof(ip));
	if (ip.ipv4_frag == OVS_FRAG_TYPE_LATER)
		return;
	add_l4(key, ip.ipv4_proto);
	if (ip.ipv4_proto == IPPROTO_ICMP)
		add_icmp(key, OVS_KEY_ATTR_ICMP, rnd(16));
}

static void add_ipv6(struct node *key)
{
	struct ovs_key_ipv6 ip;

	rnd_fill(&ip, sizeof(ip));
	ip.ipv6_label = htonl(chance(95) ? rnd(1 << 20) : rnd(-1));
	ip.ipv6_proto = some_proto(IPPROTO_ICMPV6);
	ip.ipv6_frag = some_frag();
	tree_add(key, OVS_KEY_ATTR_IPV6, &ip, sizeof(ip));
	if (ip.ipv6_frag == OVS_FRAG_TYPE_LATER)
		return;
	add_l4(key, ip.ipv6_proto);
	if (ip.ipv6_proto == IPPROTO_ICMPV6)
		add_icmp(key, OVS_KEY_ATTR_ICMPV6, 128 + rnd(10));
}

static void add_arp(struct node *key)
{
	struct ovs_key_arp arp;

	rnd_fill(&arp, sizeof(arp));
	arp.arp_op = htons(chance(90) ? rnd(4) : rnd(0x200));
	/* two bytes of padding */
	memset((char *)&arp + 22, 0, sizeof(arp) - 22);
	tree_add(key, OVS_KEY_ATTR_ARP, &arp, sizeof(arp));
}

static void add_mpls(struct node *key)
{
	uint8_t lse[12];
	int depth = 1 + rnd(3);

	rnd_fill(lse, sizeof(lse));
	tree_add(key, OVS_KEY_ATTR_MPLS, lse, 4 * depth);
}

/* Everything from the EtherType on. */
static void add_upper(struct node *key, int stage)
{
	switch (rnd(stage < GEN_STAGE_MAX ? 10 : 11)) {
	case 0:
		break;
	case 1:
		tree_be16(key, OVS_KEY_ATTR_ETHERTYPE,
			  chance(80) ? 0x600 + rnd(0xf9ff) : rnd(0x800));
		break;
	case 2:
		tree_be16(key, OVS_KEY_ATTR_ETHERTYPE,
			  chance(70) ? ETH_P_ARP : ETH_P_RARP);
		add_arp(key);
		break;
	case 3 ... 5:
		tree_be16(key, OVS_KEY_ATTR_ETHERTYPE, ETH_P_IP);
		add_ipv4(key);
		break;
	case 10:
		tree_be16(key, OVS_KEY_ATTR_ETHERTYPE,
			  chance(80) ? ETH_P_MPLS_UC : ETH_P_MPLS_MC);
		add_mpls(key);
		break;
	default:
		tree_be16(key, OVS_KEY_ATTR_ETHERTYPE, ETH_P_IPV6);
		add_ipv6(key);
	}
}

static void add_tagged(struct node *key, int tags, int stage)
{
	struct node *encap;

	if (!tags) {
		add_upper(key, stage);
		return;
	}
	tree_be16(key, OVS_KEY_ATTR_ETHERTYPE,
		  chance(70) ? ETH_P_8021Q : ETH_P_8021AD);
	if (chance(4)) {	/* cut off within the tag */
		tree_be16(key, OVS_KEY_ATTR_VLAN, 0);
		tree_nest(key, OVS_KEY_ATTR_ENCAP);
		return;
	}
	tree_be16(key, OVS_KEY_ATTR_VLAN,
		  chance(97) ? rnd(0x10000) | CFI : rnd(0x10000) & ~CFI);
	encap = tree_nest(key, OVS_KEY_ATTR_ENCAP);
	add_tagged(encap, tags - 1, stage);
}

static struct node *make_key(int stage)
{
	struct node *key = tree_nest(NULL, 0);
	int tags = chance(60) ? 0 : chance(60) ? 1 : chance(90) ? 2 : 3;

	add_metadata(key);
	if (chance(97) || stage < GEN_STAGE_MAX)
		add_random(key, OVS_KEY_ATTR_ETHERNET);
	add_tagged(key, tags, stage);
	return key;
}

/* ---- masks ---- */

static void mask_bytes(uint8_t *data, size_t len)
{
	size_t i, full = len ? rnd(len + 1) : 0;

	switch (rnd(5)) {
	case 0:
	case 1:
		memset(data, 0xff, len);
		break;
	case 2:
		memset(data, 0, len);
		break;
	case 3:		/* some leading ones */
		memset(data, 0, len);
		memset(data, 0xff, full);
		break;
	default:	/* whole fields, more or less */
		for (i = 0; i < len; i++)
			data[i] = chance(50) ? 0xff : chance(80) ? 0 : rnd(256);
	}
}

/* What a field of a mask cannot be, if it is to be accepted. */
static void bound_mask(struct node *node)
{
	struct ovs_key_ipv4 *ip = (void *)node->data;
	struct ovs_key_ipv6 *ip6 = (void *)node->data;

	switch (node->type) {
	case OVS_KEY_ATTR_IPV4:
		if (chance(80))
			ip->ipv4_proto = 0xff;
		break;
	case OVS_KEY_ATTR_IPV6:
		if (chance(97))
			ip6->ipv6_label &= htonl(0xfffff);
		if (chance(80))
			ip6->ipv6_proto = 0xff;
		break;
	case OVS_KEY_ATTR_ICMPV6:
		if (chance(80))
			node->data[0] = node->data[1] = 0xff;
		break;
	case OVS_KEY_ATTR_ETHERTYPE:
		if (chance(97))
			memset(node->data, 0xff, 2);
		break;
	case OVS_KEY_ATTR_VLAN:
		if (chance(97))
			node->data[0] |= CFI >> 8;
		break;
	case OVS_KEY_ATTR_IN_PORT:
		if (chance(90))
			memset(node->data, 0xff, 4);
		break;
	case OVS_KEY_ATTR_ARP:
		if (chance(90))
			memset(node->data + 22, 0, 2);
		break;
	case OVS_KEY_ATTR_TCP_FLAGS:
		if (chance(50))
			node->data[0] &= 0x0f;
		break;
	}
}

static void to_mask(struct node *nest)
{
	struct node *kid, *next;

	for (kid = nest->kids; kid; kid = next) {
		next = kid->next;
		if (kid->nest) {
			to_mask(kid);
			continue;
		}
		if (chance(8)) {
			tree_remove(nest, kid);
			continue;
		}
		mask_bytes(kid->data, kid->len);
		bound_mask(kid);
	}
}

static struct node *make_mask(const struct node *key)
{
	struct node *mask = tree_copy(key), *tunnel;

	to_mask(mask);
	if (chance(15)) {
		tunnel = tree_nest(mask, OVS_KEY_ATTR_TUNNEL);
		tree_u8(tunnel, OVS_TUNNEL_KEY_ATTR_TTL, chance(50) ? 255 : 0);
	}
	return mask;
}

/* ---- mistakes ---- */

static void change(struct node *list)
{
	struct node *node = tree_pick(list), *nest = list;

	if (!node || chance(12)) {
		add_random(node && node->nest ? node : list,
			   known[rnd(sizeof(known))]);
		return;
	}
	switch (rnd(9)) {
	case 0:
	case 1:
		tree_remove(list, node);
		break;
	case 2:
		tree_add(nest, node->type, node->data, node->len);
		break;
	case 3:
		if (!node->nest)
			node->len = rnd(2) ? node->len + 1 + rnd(8) :
				    rnd(node->len + 1);
		break;
	case 4:
		node->type = known[rnd(sizeof(known))];
		break;
	case 5:
		if (node->len)
			node->data[rnd(node->len)] ^= 1 << rnd(8);
		break;
	case 6:
		memset(node->data, rnd(2) ? 0xff : 0, node->len);
		break;
	case 7:
		if (node->nest)
			node->stray = 1 + rnd(3);
		else
			rnd_fill(node->data, node->len);
		break;
	default:	/* a flag that old kernels do not know: no mistake */
		node->type |= rnd(2) ? NLA_F_NESTED : NLA_F_NET_BYTEORDER;
	}
}

static void add_soup(struct node *list, int depth)
{
	int n = rnd(10);

	while (n--) {
		int type = known[rnd(sizeof(known))];

		if (type == OVS_KEY_ATTR_ENCAP && depth < 3)
			add_soup(tree_nest(list, type), depth + 1);
		else
			add_random(list, type);
	}
}

static void write_list(struct nl_msg **msg, const struct node *list)
{
	if (*msg)
		vsl_attrs_reset(*msg);
	else
		*msg = vsl_attrs_new();
	tree_write(*msg, list);
}

void gen_make(struct gen *gen, uint64_t seed, int stage)
{
	struct node *key, *mask;
	int n;

	tree_reset();
	rnd_seed(seed);
	gen->kind = chance(50) ? GEN_VALID : chance(75) ? GEN_NEAR : GEN_RANDOM;
	if (gen->kind == GEN_RANDOM) {
		key = tree_nest(NULL, 0);
		add_soup(key, 0);
	} else {
		key = make_key(stage);
	}
	mask = make_mask(key);
	gen->has_mask = chance(75);
	for (n = gen->kind == GEN_NEAR ? 1 + rnd(2) : 0; n; n--)
		change(chance(50) && gen->has_mask ? mask : key);
	write_list(&gen->key, key);
	write_list(&gen->mask, mask);
	write_list(&gen->actions, gen_actions(key, gen->kind, stage));
	write_list(&gen->other_actions, gen_actions(key, gen->kind, stage));
}
