// SPDX-License-Identifier: GPL-2.0-or-later
/* Kinds of packets, see shapes.h. */
#include "shapes.h"

#include <linux/if_ether.h>
#include <netinet/in.h>
#include <string.h>

#include "lib/util.h"
#include "ovs_abi.h"
#include "tests/interop/attr_tree.h"
#include "tests/interop/generate_action.h"

/* Tags (outermost first), then an EtherType and what of it has to be exact. */
static const struct {
	uint16_t tags[2];
	uint16_t type;		/* 0: 802.2 */
	uint8_t proto;		/* of IP; 0: any */
	uint8_t labels;		/* of MPLS */
} shapes[] = {
	{ .type = ETH_P_IP },
	{ .type = ETH_P_IP, .proto = IPPROTO_TCP },
	{ .type = ETH_P_IP, .proto = IPPROTO_UDP },
	{ .type = ETH_P_IP, .proto = IPPROTO_SCTP },
	{ .type = ETH_P_IP, .proto = IPPROTO_ICMP },
	{ .type = ETH_P_IPV6 },
	{ .type = ETH_P_IPV6, .proto = IPPROTO_TCP },
	{ .type = ETH_P_IPV6, .proto = IPPROTO_UDP },
	{ .type = ETH_P_IPV6, .proto = IPPROTO_SCTP },
	{ .type = ETH_P_ARP },
	{ .type = ETH_P_RARP },
	{ .type = ETH_P_MPLS_UC, .labels = 1 },
	{ .type = ETH_P_MPLS_MC, .labels = 1 },
	{ .type = 0 },
	{ .type = 0x1234 },
	{ .tags = { ETH_P_8021Q }, .type = ETH_P_IP },
	{ .tags = { ETH_P_8021Q }, .type = ETH_P_IPV6 },
	{ .tags = { ETH_P_8021Q }, .type = ETH_P_ARP },
	{ .tags = { ETH_P_8021AD }, .type = ETH_P_IP },
	{ .tags = { ETH_P_8021AD, ETH_P_8021Q }, .type = ETH_P_IP },
	{ .tags = { ETH_P_8021Q, ETH_P_8021Q }, .type = ETH_P_IPV6 },
};

const int shapes_count = VSL_ARRAY_SIZE(shapes);

/* An attribute of @len zero bytes in the key, likewise in the mask. */
static void add_any(struct node *key, struct node *mask, int type, int len)
{
	static const uint8_t zero[NODE_DATA_MAX];

	tree_add(key, type, zero, len);
	tree_add(mask, type, zero, len);
}

static void add_l4(struct node *key, struct node *mask, int proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		add_any(key, mask, OVS_KEY_ATTR_TCP, 4);
		add_any(key, mask, OVS_KEY_ATTR_TCP_FLAGS, 2);
		break;
	case IPPROTO_UDP:
		add_any(key, mask, OVS_KEY_ATTR_UDP, 4);
		break;
	case IPPROTO_SCTP:
		add_any(key, mask, OVS_KEY_ATTR_SCTP, 4);
		break;
	case IPPROTO_ICMP:
		add_any(key, mask, OVS_KEY_ATTR_ICMP, 2);
		break;
	}
}

static void add_ip(struct node *key, struct node *mask, int type, int proto)
{
	struct ovs_key_ipv4 ip = { .ipv4_proto = proto };
	struct ovs_key_ipv6 ip6 = { .ipv6_proto = proto };
	int exact = proto ? 0xff : 0;

	if (type == ETH_P_IP) {
		tree_add(key, OVS_KEY_ATTR_IPV4, &ip, sizeof(ip));
		ip.ipv4_proto = exact;
		tree_add(mask, OVS_KEY_ATTR_IPV4, &ip, sizeof(ip));
	} else {
		tree_add(key, OVS_KEY_ATTR_IPV6, &ip6, sizeof(ip6));
		ip6.ipv6_proto = exact;
		tree_add(mask, OVS_KEY_ATTR_IPV6, &ip6, sizeof(ip6));
	}
	add_l4(key, mask, proto);
}

static void add_type(struct node *key, struct node *mask, int type)
{
	tree_be16(key, OVS_KEY_ATTR_ETHERTYPE, type);
	tree_be16(mask, OVS_KEY_ATTR_ETHERTYPE, 0xffff);
}

static void add_upper(struct node *key, struct node *mask, int shape)
{
	int type = shapes[shape].type;

	if (type)
		add_type(key, mask, type);
	if (type == ETH_P_IP || type == ETH_P_IPV6)
		add_ip(key, mask, type, shapes[shape].proto);
	if (type == ETH_P_ARP || type == ETH_P_RARP)
		add_any(key, mask, OVS_KEY_ATTR_ARP,
			sizeof(struct ovs_key_arp));
	if (shapes[shape].labels)
		add_any(key, mask, OVS_KEY_ATTR_MPLS, 4);
}

static void write_list(struct nl_msg **msg, struct vsl_blob *blob,
		       const struct node *list)
{
	if (*msg)
		vsl_attrs_reset(*msg);
	else
		*msg = vsl_attrs_new();
	tree_write(*msg, list);
	*blob = vsl_blob_of_msg(*msg);
}

void shape_flow(struct vsl_flow *flow, int in_port, int recirc_id, int shape,
		uint64_t seed)
{
	static struct nl_msg *key_msg, *mask_msg, *actions_msg;
	struct node *key, *mask, *k, *m;
	int i;

	tree_reset();
	rnd_seed(seed);
	key = tree_nest(NULL, 0);
	mask = tree_nest(NULL, 0);
	tree_u32(key, OVS_KEY_ATTR_IN_PORT, in_port);
	tree_u32(mask, OVS_KEY_ATTR_IN_PORT, -1);
	tree_u32(key, OVS_KEY_ATTR_RECIRC_ID, recirc_id);
	tree_u32(mask, OVS_KEY_ATTR_RECIRC_ID, -1);
	add_any(key, mask, OVS_KEY_ATTR_ETHERNET, 2 * ETH_ALEN);
	k = key;
	m = mask;
	for (i = 0; i < 2 && shapes[shape].tags[i]; i++) {
		add_type(k, m, shapes[shape].tags[i]);
		tree_be16(k, OVS_KEY_ATTR_VLAN, 0x1000);
		tree_be16(m, OVS_KEY_ATTR_VLAN, 0x1000);
		k = tree_nest(k, OVS_KEY_ATTR_ENCAP);
		m = tree_nest(m, OVS_KEY_ATTR_ENCAP);
	}
	add_upper(k, m, shape);
	write_list(&key_msg, &flow->key, key);
	write_list(&mask_msg, &flow->mask, mask);
	write_list(&actions_msg, &flow->actions,
		   gen_actions(key, GEN_VALID, GEN_STAGE_MAX));
}
