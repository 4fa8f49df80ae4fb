// SPDX-License-Identifier: GPL-2.0-only
/*
 * OVS_KEY_ATTR_* to flow keys and masks, and back.  Called by nl_flow.c,
 * nl_packet.c and upcall.c.
 *
 * One table, @attr_rows, says for each attribute how long it is and which of
 * its bytes are which of a key's.  Reading a key, reading a mask and writing
 * either go by it.  What it cannot say is in few places: in_port (a u32 that
 * is a u16 here), EtherType with tags (an attribute nest), and which attributes
 * a kind of packet must have (@needs).  MPLS, of one to three labels, has
 * get_mpls() and put_mpls().
 *
 * A key with two tags, as attributes:
 *   ETHERNET ETHERTYPE(outer TPID) VLAN ENCAP {
 *     ETHERTYPE(inner TPID) VLAN ENCAP { ETHERTYPE IPV4 TCP TCP_FLAGS } }
 */
#include "nl_key.h"

#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/icmpv6.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/in.h>
#include <net/ndisc.h>
#include <net/netlink.h>

#include "key.h"
#include "ovs_abi.h"

/* The highest attribute of the ABI that can be in a key or a mask. */
#define ATTR_MAX	32
#define IPV6_EXTHDRS	32	/* OVS_KEY_ATTR_IPV6_EXTHDRS, Linux 5.18 */

/* A run of bytes that is in an attribute and in a key. */
struct field {
	u8 attr_at;
	u8 key_at;
	u8 size;
};

#define KEY_FIELD(_attr_at, _member)					\
	{								\
		.attr_at = (_attr_at),					\
		.key_at = offsetof(struct vsl_key, _member),		\
		.size = sizeof_field(struct vsl_key, _member),		\
	}

#define STRUCT_FIELD(_struct, _field, _member)				\
	KEY_FIELD(offsetof(struct _struct, _field), _member)

/* One byte, which a key has in the low half of a port's field. */
#define BYTE_OF_PORT(_struct, _field, _member)				\
	{								\
		.attr_at = offsetof(struct _struct, _field),		\
		.key_at = offsetof(struct vsl_key, _member) + 1,	\
		.size = 1,						\
	}

#define FIELDS_MAX	7

struct attr_row {
	const char *name;
	u8 len;
	struct field field[FIELDS_MAX + 1];	/* one of size 0 ends it */
};

static const struct attr_row attr_rows[ATTR_MAX + 1] = {
	[OVS_KEY_ATTR_RECIRC_ID] = { "recirc_id", sizeof(u32), {
		KEY_FIELD(0, recirc_id) } },
	[OVS_KEY_ATTR_DP_HASH] = { "dp_hash", sizeof(u32), {
		KEY_FIELD(0, dp_hash) } },
	[OVS_KEY_ATTR_PRIORITY] = { "skb_priority", sizeof(u32), {
		KEY_FIELD(0, priority) } },
	[OVS_KEY_ATTR_IN_PORT] = { "in_port", sizeof(u32) },
	[OVS_KEY_ATTR_SKB_MARK] = { "skb_mark", sizeof(u32), {
		KEY_FIELD(0, mark) } },
	[OVS_KEY_ATTR_ETHERNET] = { "eth", sizeof(struct ovs_key_ethernet), {
		STRUCT_FIELD(ovs_key_ethernet, eth_src, eth_src),
		STRUCT_FIELD(ovs_key_ethernet, eth_dst, eth_dst) } },
	[OVS_KEY_ATTR_ETHERTYPE] = { "eth_type", sizeof(__be16), {
		KEY_FIELD(0, eth_type) } },
	[OVS_KEY_ATTR_VLAN] = { "vlan", sizeof(__be16) },
	[OVS_KEY_ATTR_ENCAP] = { "encap", 0 },
	[OVS_KEY_ATTR_IPV4] = { "ipv4", sizeof(struct ovs_key_ipv4), {
		STRUCT_FIELD(ovs_key_ipv4, ipv4_src, ipv4.src),
		STRUCT_FIELD(ovs_key_ipv4, ipv4_dst, ipv4.dst),
		STRUCT_FIELD(ovs_key_ipv4, ipv4_proto, ip_proto),
		STRUCT_FIELD(ovs_key_ipv4, ipv4_tos, ip_tos),
		STRUCT_FIELD(ovs_key_ipv4, ipv4_ttl, ip_ttl),
		STRUCT_FIELD(ovs_key_ipv4, ipv4_frag, ip_frag) } },
	[OVS_KEY_ATTR_IPV6] = { "ipv6", sizeof(struct ovs_key_ipv6), {
		STRUCT_FIELD(ovs_key_ipv6, ipv6_src, ipv6.src),
		STRUCT_FIELD(ovs_key_ipv6, ipv6_dst, ipv6.dst),
		STRUCT_FIELD(ovs_key_ipv6, ipv6_label, ipv6_label),
		STRUCT_FIELD(ovs_key_ipv6, ipv6_proto, ip_proto),
		STRUCT_FIELD(ovs_key_ipv6, ipv6_tclass, ip_tos),
		STRUCT_FIELD(ovs_key_ipv6, ipv6_hlimit, ip_ttl),
		STRUCT_FIELD(ovs_key_ipv6, ipv6_frag, ip_frag) } },
	[OVS_KEY_ATTR_TCP] = { "tcp", sizeof(struct ovs_key_tcp), {
		STRUCT_FIELD(ovs_key_tcp, tcp_src, tp_src),
		STRUCT_FIELD(ovs_key_tcp, tcp_dst, tp_dst) } },
	[OVS_KEY_ATTR_TCP_FLAGS] = { "tcp_flags", sizeof(__be16), {
		KEY_FIELD(0, tcp_flags) } },
	[OVS_KEY_ATTR_UDP] = { "udp", sizeof(struct ovs_key_udp), {
		STRUCT_FIELD(ovs_key_udp, udp_src, tp_src),
		STRUCT_FIELD(ovs_key_udp, udp_dst, tp_dst) } },
	[OVS_KEY_ATTR_SCTP] = { "sctp", sizeof(struct ovs_key_sctp), {
		STRUCT_FIELD(ovs_key_sctp, sctp_src, tp_src),
		STRUCT_FIELD(ovs_key_sctp, sctp_dst, tp_dst) } },
	[OVS_KEY_ATTR_ICMP] = { "icmp", sizeof(struct ovs_key_icmp), {
		BYTE_OF_PORT(ovs_key_icmp, icmp_type, tp_src),
		BYTE_OF_PORT(ovs_key_icmp, icmp_code, tp_dst) } },
	[OVS_KEY_ATTR_ICMPV6] = { "icmpv6", sizeof(struct ovs_key_icmpv6), {
		BYTE_OF_PORT(ovs_key_icmpv6, icmpv6_type, tp_src),
		BYTE_OF_PORT(ovs_key_icmpv6, icmpv6_code, tp_dst) } },
	[OVS_KEY_ATTR_ARP] = { "arp", sizeof(struct ovs_key_arp), {
		STRUCT_FIELD(ovs_key_arp, arp_sip, ipv4.src),
		STRUCT_FIELD(ovs_key_arp, arp_tip, ipv4.dst),
		/* its high byte is zero: check_values() */
		KEY_FIELD(offsetof(struct ovs_key_arp, arp_op) + 1, ip_proto),
		STRUCT_FIELD(ovs_key_arp, arp_sha, sha),
		STRUCT_FIELD(ovs_key_arp, arp_tha, tha) } },
	[OVS_KEY_ATTR_ND] = { "nd", sizeof(struct ovs_key_nd), {
		STRUCT_FIELD(ovs_key_nd, nd_target, nd_target),
		STRUCT_FIELD(ovs_key_nd, nd_sll, sha),
		STRUCT_FIELD(ovs_key_nd, nd_tll, tha) } },
	/* known, of any length or read over: see parse_attrs() */
	[OVS_KEY_ATTR_MPLS] = { "mpls", 0 },
	[OVS_KEY_ATTR_TUNNEL] = { "tunnel", 0 },
	[IPV6_EXTHDRS] = { "ipv6_exthdrs", sizeof(u16) },
};

/* In the order that they are written, but for tags. */
static const u8 metadata_attrs[] = {
	OVS_KEY_ATTR_RECIRC_ID,
	OVS_KEY_ATTR_DP_HASH,
	OVS_KEY_ATTR_PRIORITY,
	OVS_KEY_ATTR_IN_PORT,
	OVS_KEY_ATTR_SKB_MARK,
};

/*
 * What a key must have, given what it has: rows that apply add up.  In masks
 * these and no other of the layers above Ethernet may be.
 */
struct need {
	__be16 eth_type;
	u8 ip_proto;		/* 0: whatever it is */
	u64 attrs;
};

static const struct need needs[] = {
	{ cpu_to_be16(ETH_P_ARP), 0, BIT_ULL(OVS_KEY_ATTR_ARP) },
	{ cpu_to_be16(ETH_P_RARP), 0, BIT_ULL(OVS_KEY_ATTR_ARP) },
	{ cpu_to_be16(ETH_P_MPLS_UC), 0, BIT_ULL(OVS_KEY_ATTR_MPLS) },
	{ cpu_to_be16(ETH_P_MPLS_MC), 0, BIT_ULL(OVS_KEY_ATTR_MPLS) },
	{ cpu_to_be16(ETH_P_IP), 0, BIT_ULL(OVS_KEY_ATTR_IPV4) },
	{ cpu_to_be16(ETH_P_IP), IPPROTO_TCP,
	  BIT_ULL(OVS_KEY_ATTR_TCP) | BIT_ULL(OVS_KEY_ATTR_TCP_FLAGS) },
	{ cpu_to_be16(ETH_P_IP), IPPROTO_UDP, BIT_ULL(OVS_KEY_ATTR_UDP) },
	{ cpu_to_be16(ETH_P_IP), IPPROTO_SCTP, BIT_ULL(OVS_KEY_ATTR_SCTP) },
	{ cpu_to_be16(ETH_P_IP), IPPROTO_ICMP, BIT_ULL(OVS_KEY_ATTR_ICMP) },
	{ cpu_to_be16(ETH_P_IPV6), 0, BIT_ULL(OVS_KEY_ATTR_IPV6) },
	{ cpu_to_be16(ETH_P_IPV6), IPPROTO_TCP,
	  BIT_ULL(OVS_KEY_ATTR_TCP) | BIT_ULL(OVS_KEY_ATTR_TCP_FLAGS) },
	{ cpu_to_be16(ETH_P_IPV6), IPPROTO_UDP, BIT_ULL(OVS_KEY_ATTR_UDP) },
	{ cpu_to_be16(ETH_P_IPV6), IPPROTO_SCTP, BIT_ULL(OVS_KEY_ATTR_SCTP) },
	{ cpu_to_be16(ETH_P_IPV6), IPPROTO_ICMPV6,
	  BIT_ULL(OVS_KEY_ATTR_ICMPV6) },
};

#define L4_ATTRS (BIT_ULL(OVS_KEY_ATTR_TCP) | BIT_ULL(OVS_KEY_ATTR_UDP) |  \
		  BIT_ULL(OVS_KEY_ATTR_SCTP) | BIT_ULL(OVS_KEY_ATTR_ICMP) | \
		  BIT_ULL(OVS_KEY_ATTR_ICMPV6) |			    \
		  BIT_ULL(OVS_KEY_ATTR_TCP_FLAGS))
#define UPPER_ATTRS (L4_ATTRS | BIT_ULL(OVS_KEY_ATTR_ND) |		\
		     BIT_ULL(OVS_KEY_ATTR_ARP) |			\
		     BIT_ULL(OVS_KEY_ATTR_MPLS) |			\
		     BIT_ULL(OVS_KEY_ATTR_IPV4) |			\
		     BIT_ULL(OVS_KEY_ATTR_IPV6))
#define TAG_ATTRS (BIT_ULL(OVS_KEY_ATTR_ETHERTYPE) |			\
		   BIT_ULL(OVS_KEY_ATTR_VLAN) | BIT_ULL(OVS_KEY_ATTR_ENCAP))

static bool is_nd(const struct vsl_key *key)
{
	return key->tp_src == htons(NDISC_NEIGHBOUR_SOLICITATION) ||
	       key->tp_src == htons(NDISC_NEIGHBOUR_ADVERTISEMENT);
}

/* The attributes above Ethernet that describe packets of this kind. */
static u64 upper_attrs(const struct vsl_key *key)
{
	bool has_l4 = key->ip_frag != OVS_FRAG_TYPE_LATER;
	u64 attrs = 0;
	int i;

	for (i = 0; i < ARRAY_SIZE(needs); i++) {
		if (needs[i].eth_type != key->eth_type)
			continue;
		if (!needs[i].ip_proto ||
		    (has_l4 && needs[i].ip_proto == key->ip_proto))
			attrs |= needs[i].attrs;
	}
	if ((attrs & BIT_ULL(OVS_KEY_ATTR_ICMPV6)) && is_nd(key))
		attrs |= BIT_ULL(OVS_KEY_ATTR_ND);
	return attrs;
}

/* --- reading --- */

/* Attributes of one key or mask, nests opened. */
struct parsed {
	const struct nlattr *attr[ATTR_MAX + 1];
	u64 present;
};

static bool has(const struct parsed *p, int type)
{
	return p->present & BIT_ULL(type);
}

static bool is_all_zero(const struct nlattr *attr)
{
	return !memchr_inv(nla_data(attr), 0, nla_len(attr));
}

/*
 * Adds the attributes of one nest to @p.  Strict, since what is not understood
 * would not be matched.  In a mask, one without a bit set is as good as absent.
 */
static int parse_attrs(const struct nlattr *nest, bool is_mask,
		       struct parsed *p, struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	nla_for_each_nested(attr, nest, rem) {
		int type = nla_type(attr);

		if (type > ATTR_MAX || !attr_rows[type].name) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "key attribute not known here");
			return -EINVAL;
		}
		if (attr_rows[type].len &&
		    nla_len(attr) != attr_rows[type].len) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "key attribute of the wrong length");
			return -EINVAL;
		}
		if (has(p, type)) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "key attribute given twice");
			return -EINVAL;
		}
		if (is_mask && type != OVS_KEY_ATTR_ENCAP && is_all_zero(attr))
			continue;
		p->attr[type] = attr;
		p->present |= BIT_ULL(type);
	}
	if (rem) {
		NL_SET_ERR_MSG_ATTR(extack, nest,
				    "bytes left over after the key attributes");
		return -EINVAL;
	}
	return 0;
}

/* As many label stack entries as the attribute has. */
static int get_mpls(const struct parsed *p, struct vsl_key *key,
		    struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = p->attr[OVS_KEY_ATTR_MPLS];
	unsigned int len;

	if (!has(p, OVS_KEY_ATTR_MPLS))
		return 0;
	len = nla_len(attr);
	if (!len || len > sizeof(key->mpls.lse) || len % sizeof(__be32)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "mpls: one to three label stack entries");
		return -EINVAL;
	}
	memcpy(key->mpls.lse, nla_data(attr), len);
	key->mpls.present = GENMASK(len / sizeof(__be32) - 1, 0);
	return 0;
}

/* Copies what a table row says from an attribute. */
static void get_row(struct vsl_key *key, int type, const struct nlattr *attr)
{
	const struct field *field;

	for (field = attr_rows[type].field; field->size; field++)
		memcpy((u8 *)key + field->key_at,
		       (const u8 *)nla_data(attr) + field->attr_at,
		       field->size);
}

/* All attributes that a row describes in full. */
static void get_rows(struct vsl_key *key, const struct parsed *p)
{
	int type;

	for (type = 0; type <= ATTR_MAX; type++)
		if (has(p, type))
			get_row(key, type, p->attr[type]);
}

static int get_in_port(const struct parsed *p, struct vsl_key *key,
		       struct netlink_ext_ack *extack)
{
	u32 port_no;

	key->in_port = VSL_PORT_NONE;
	if (!has(p, OVS_KEY_ATTR_IN_PORT))
		return 0;
	port_no = nla_get_u32(p->attr[OVS_KEY_ATTR_IN_PORT]);
	if (port_no >= VSL_PORT_NONE) {
		NL_SET_ERR_MSG_ATTR(extack, p->attr[OVS_KEY_ATTR_IN_PORT],
				    "in_port: port numbers end at 65534");
		return -EINVAL;
	}
	key->in_port = port_no;
	return 0;
}

/*
 * One level of tags of a key: ETHERTYPE(TPID), VLAN and ENCAP become @vlan, and
 * the attributes in ENCAP take their place in @p.
 */
static int get_tag(struct parsed *p, struct vsl_vlan *vlan,
		   struct netlink_ext_ack *extack)
{
	const struct nlattr *encap = p->attr[OVS_KEY_ATTR_ENCAP];

	if (!has(p, OVS_KEY_ATTR_VLAN) || !has(p, OVS_KEY_ATTR_ENCAP)) {
		NL_SET_ERR_MSG_ATTR(extack, p->attr[OVS_KEY_ATTR_ETHERTYPE],
				    "eth_type of a tag needs vlan and encap");
		return -EINVAL;
	}
	vlan->tpid = nla_get_be16(p->attr[OVS_KEY_ATTR_ETHERTYPE]);
	vlan->tci = nla_get_be16(p->attr[OVS_KEY_ATTR_VLAN]);
	if (!(vlan->tci & VSL_VLAN_PRESENT)) {
		/* a frame that ends within its tag */
		if (vlan->tci || nla_len(encap)) {
			NL_SET_ERR_MSG_ATTR(extack,
					    p->attr[OVS_KEY_ATTR_VLAN],
					    "vlan: the TCI needs bit 0x1000 (CFI) set");
			return -EINVAL;
		}
		p->present &= ~(BIT_ULL(OVS_KEY_ATTR_VLAN) |
				BIT_ULL(OVS_KEY_ATTR_ENCAP));
		vlan->tpid = 0;
		return 0;
	}
	p->present &= ~TAG_ATTRS;
	return parse_attrs(encap, false, p, extack);
}

/* Whether the attributes now are those of a tagged frame. */
static bool at_tag(const struct parsed *p)
{
	return has(p, OVS_KEY_ATTR_ETHERNET) &&
	       has(p, OVS_KEY_ATTR_ETHERTYPE) &&
	       eth_type_vlan(nla_get_be16(p->attr[OVS_KEY_ATTR_ETHERTYPE]));
}

static int get_tags(struct parsed *p, struct vsl_key *key,
		    struct netlink_ext_ack *extack)
{
	int level, err;

	for (level = 0; level < VSL_KEY_VLANS && at_tag(p); level++) {
		err = get_tag(p, &key->vlan[level], extack);
		if (err)
			return err;
		if (!key->vlan[level].tci)
			break;
	}
	if (has(p, OVS_KEY_ATTR_VLAN) || has(p, OVS_KEY_ATTR_ENCAP)) {
		NL_SET_ERR_MSG(extack,
			       "vlan and encap need eth and an eth_type of 0x8100 or 0x88a8, at most two levels");
		return -EINVAL;
	}
	return 0;
}

/* Values that no packet's key can have. */
static int check_values(const struct parsed *p, const struct vsl_key *key,
			struct netlink_ext_ack *extack)
{
	const struct ovs_key_arp *arp;

	if (has(p, OVS_KEY_ATTR_ETHERTYPE) && !eth_proto_is_802_3(key->eth_type)) {
		NL_SET_ERR_MSG_ATTR(extack, p->attr[OVS_KEY_ATTR_ETHERTYPE],
				    "eth_type is at least 0x0600; leave it out for 802.2 frames");
		return -EINVAL;
	}
	if (has(p, OVS_KEY_ATTR_ARP)) {
		arp = nla_data(p->attr[OVS_KEY_ATTR_ARP]);
		if (arp->arp_op & htons(0xff00)) {
			NL_SET_ERR_MSG_ATTR(extack, p->attr[OVS_KEY_ATTR_ARP],
					    "arp: op is at most 255");
			return -EINVAL;
		}
	}
	if (key->ip_frag > OVS_FRAG_TYPE_MAX) {
		NL_SET_ERR_MSG(extack, "frag is 0 (no), 1 (first) or 2 (later)");
		return -EINVAL;
	}
	if (key->ipv6_label & htonl(0xfff00000)) {
		NL_SET_ERR_MSG_ATTR(extack, p->attr[OVS_KEY_ATTR_IPV6],
				    "ipv6: a flow label has 20 bits");
		return -EINVAL;
	}
	return 0;
}

/* Everything that this kind of packet has, and nothing that it cannot have. */
static int check_complete(const struct parsed *p, const struct vsl_key *key,
			  struct netlink_ext_ack *extack)
{
	u64 expected = upper_attrs(key);

	if (expected & ~p->present) {
		NL_SET_ERR_MSG(extack,
			       "key lacks an attribute that its eth_type, IP protocol or ICMPv6 type calls for");
		return -EINVAL;
	}
	if (p->present & UPPER_ATTRS & ~expected) {
		NL_SET_ERR_MSG(extack,
			       "key has an attribute that does not go with its eth_type or IP protocol");
		return -EINVAL;
	}
	return 0;
}

static int get_key(const struct nlattr *attr, struct parsed *p,
		   struct vsl_key *key, struct netlink_ext_ack *extack)
{
	int err;

	memset(key, 0, sizeof(*key));
	err = parse_attrs(attr, false, p, extack);
	if (err)
		return err;
	if (has(p, OVS_KEY_ATTR_TUNNEL)) {
		NL_SET_ERR_MSG_ATTR(extack, p->attr[OVS_KEY_ATTR_TUNNEL],
				    "tunnel keys are not supported");
		return -EINVAL;
	}
	if (!has(p, OVS_KEY_ATTR_ETHERNET)) {
		if (!has(p, OVS_KEY_ATTR_ETHERTYPE)) {
			NL_SET_ERR_MSG(extack,
				       "key lacks eth, or an eth_type of packets without it");
			return -EINVAL;
		}
		vsl_key_set_mac(key, false);
	}
	err = get_in_port(p, key, extack);
	if (err)
		return err;
	err = get_tags(p, key, extack);
	if (err)
		return err;
	key->eth_type = htons(ETH_P_802_2);
	get_rows(key, p);
	err = get_mpls(p, key, extack);
	if (err)
		return err;
	err = check_values(p, key, extack);
	if (err)
		return err;
	return check_complete(p, key, extack);
}

/*
 * A flow without a mask: exact in what its key names, in the tags, and in the
 * EtherType, which a key names by leaving it out, too.
 */
static void exact_mask(const struct parsed *key_attrs,
		       const struct vsl_key *key, struct vsl_key *mask)
{
	const struct field *field;
	int type;

	memset(mask, 0, sizeof(*mask));
	for (type = 0; type <= ATTR_MAX; type++) {
		if (!has(key_attrs, type))
			continue;
		for (field = attr_rows[type].field; field->size; field++)
			memset((u8 *)mask + field->key_at, 0xff, field->size);
	}
	if (has(key_attrs, OVS_KEY_ATTR_MPLS)) {
		memset(mask->mpls.lse, 0xff,
		       nla_len(key_attrs->attr[OVS_KEY_ATTR_MPLS]));
		mask->mpls.present = key->mpls.present;
	}
	mask->in_port = has(key_attrs, OVS_KEY_ATTR_IN_PORT) ? U16_MAX : 0;
	mask->eth_type = htons(U16_MAX);
	memset(mask->vlan, 0xff, sizeof(mask->vlan));
}

/*
 * The tags of a mask.  They have the key's shape or are left out, which means
 * exact.  Opens the nests of @p.
 */
static int get_mask_tags(struct parsed *p, const struct vsl_key *key,
			 struct vsl_key *mask, struct netlink_ext_ack *extack)
{
	int level, err;

	memset(mask->vlan, 0xff, sizeof(mask->vlan));
	for (level = 0; level < VSL_KEY_VLANS; level++) {
		const struct nlattr *encap = p->attr[OVS_KEY_ATTR_ENCAP];
		struct vsl_vlan *vlan = &mask->vlan[level];

		if (!key->vlan[level].tci || !has(p, OVS_KEY_ATTR_ENCAP))
			break;
		if (!has(p, OVS_KEY_ATTR_ETHERTYPE) ||
		    nla_get_be16(p->attr[OVS_KEY_ATTR_ETHERTYPE]) !=
		    htons(U16_MAX)) {
			NL_SET_ERR_MSG_ATTR(extack, encap,
					    "mask: a tag's eth_type has to be exact (0xffff)");
			return -EINVAL;
		}
		/* ovs-vswitchd asks for the inner of two tags, any, by all 0 */
		vlan->tci = VSL_VLAN_PRESENT;
		if (has(p, OVS_KEY_ATTR_VLAN))
			vlan->tci = nla_get_be16(p->attr[OVS_KEY_ATTR_VLAN]);
		if (!(vlan->tci & VSL_VLAN_PRESENT)) {
			NL_SET_ERR_MSG_ATTR(extack, encap,
					    "mask: a tag's vlan needs bit 0x1000 (CFI) set");
			return -EINVAL;
		}
		p->present &= ~TAG_ATTRS;
		err = parse_attrs(encap, true, p, extack);
		if (err)
			return err;
	}
	if (has(p, OVS_KEY_ATTR_VLAN) || has(p, OVS_KEY_ATTR_ENCAP)) {
		NL_SET_ERR_MSG(extack,
			       "mask: vlan and encap only as in the key, both or none");
		return -EINVAL;
	}
	return 0;
}

#define LEN_ANY		U8_MAX

/*
 * No packet has a tunnel, but every mask of Open vSwitch has the attributes of
 * one: they have to be well-formed, no more.
 */
static int check_tunnel_mask(const struct nlattr *tunnel,
			     struct netlink_ext_ack *extack)
{
	static const u8 lens[] = {
		[OVS_TUNNEL_KEY_ATTR_ID] = sizeof(u64),
		[OVS_TUNNEL_KEY_ATTR_IPV4_SRC] = sizeof(u32),
		[OVS_TUNNEL_KEY_ATTR_IPV4_DST] = sizeof(u32),
		[OVS_TUNNEL_KEY_ATTR_TOS] = sizeof(u8),
		[OVS_TUNNEL_KEY_ATTR_TTL] = sizeof(u8),
		[OVS_TUNNEL_KEY_ATTR_GENEVE_OPTS] = LEN_ANY,
		[OVS_TUNNEL_KEY_ATTR_TP_SRC] = sizeof(u16),
		[OVS_TUNNEL_KEY_ATTR_TP_DST] = sizeof(u16),
		[OVS_TUNNEL_KEY_ATTR_VXLAN_OPTS] = LEN_ANY,
		[OVS_TUNNEL_KEY_ATTR_IPV6_SRC] = sizeof(struct in6_addr),
		[OVS_TUNNEL_KEY_ATTR_IPV6_DST] = sizeof(struct in6_addr),
		[OVS_TUNNEL_KEY_ATTR_ERSPAN_OPTS] = LEN_ANY,
		/* the others are flags */
		[OVS_TUNNEL_KEY_ATTR_IPV4_INFO_BRIDGE] = 0,
	};
	const struct nlattr *attr;
	int rem;

	nla_for_each_nested(attr, tunnel, rem) {
		int type = nla_type(attr);

		if (type >= ARRAY_SIZE(lens) ||
		    (lens[type] != LEN_ANY && lens[type] != nla_len(attr))) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "mask: tunnel attribute unknown or of the wrong length");
			return -EINVAL;
		}
	}
	if (!rem)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, tunnel,
			    "mask: bytes left over behind the tunnel attributes");
	return -EINVAL;
}

/*
 * No bit may be looked at that packets of this flow need not have: the layers
 * above are there only if those below are matched exactly.
 */
static int check_mask(const struct parsed *p, const struct parsed *key_attrs,
		      const struct vsl_key *key, const struct vsl_key *mask,
		      struct netlink_ext_ack *extack)
{
	u64 always = BIT_ULL(OVS_KEY_ATTR_IN_PORT) |
		     BIT_ULL(OVS_KEY_ATTR_ETHERTYPE) |
		     BIT_ULL(OVS_KEY_ATTR_TUNNEL);

	if (p->present & ~(key_attrs->present | always)) {
		NL_SET_ERR_MSG(extack,
			       "mask has an attribute that the key does not have");
		return -EINVAL;
	}
	if ((p->present & UPPER_ATTRS) && mask->eth_type != htons(U16_MAX)) {
		NL_SET_ERR_MSG(extack,
			       "mask of a layer above Ethernet needs an exact eth_type");
		return -EINVAL;
	}
	if ((p->present & L4_ATTRS) && mask->ip_proto != U8_MAX) {
		NL_SET_ERR_MSG(extack,
			       "mask of ports, flags or ICMP needs an exact IP protocol");
		return -EINVAL;
	}
	if (has(p, OVS_KEY_ATTR_ND) && mask->tp_src != htons(U8_MAX)) {
		NL_SET_ERR_MSG(extack,
			       "mask of nd needs an exact ICMPv6 type");
		return -EINVAL;
	}
	return 0;
}

static int get_mask(const struct nlattr *attr, const struct parsed *key_attrs,
		    const struct vsl_key *key, struct vsl_key *mask,
		    struct netlink_ext_ack *extack)
{
	struct parsed p = {};
	int err;

	memset(mask, 0, sizeof(*mask));
	err = parse_attrs(attr, true, &p, extack);
	if (!err && has(&p, OVS_KEY_ATTR_TUNNEL))
		err = check_tunnel_mask(p.attr[OVS_KEY_ATTR_TUNNEL], extack);
	if (err)
		return err;
	err = get_mask_tags(&p, key, mask, extack);
	if (err)
		return err;
	get_rows(mask, &p);
	err = get_mpls(&p, mask, extack);
	if (err)
		return err;
	/* these two are matched as a whole or not at all */
	if (has(&p, OVS_KEY_ATTR_IN_PORT))
		mask->in_port = U16_MAX;
	if (mask->eth_type)
		mask->eth_type = htons(U16_MAX);
	return check_mask(&p, key_attrs, key, mask, extack);
}

/**
 * vsl_nl_key_get() - a flow's key and mask from attributes
 * @key_attr: OVS_FLOW_ATTR_KEY
 * @mask_attr: OVS_FLOW_ATTR_MASK; NULL: exact match
 * @key: written, unmasked
 * @mask: written; NULL: only the key is wanted
 * @extack: what is wrong
 *
 * Context: any.  Return: 0 or -EINVAL.
 */
int vsl_nl_key_get(const struct nlattr *key_attr,
		   const struct nlattr *mask_attr, struct vsl_key *key,
		   struct vsl_key *mask, struct netlink_ext_ack *extack)
{
	struct parsed p = {};
	int err;

	err = get_key(key_attr, &p, key, extack);
	if (err || !mask)
		return err;
	if (!mask_attr) {
		exact_mask(&p, key, mask);
		return 0;
	}
	return get_mask(mask_attr, &p, key, mask, extack);
}

/**
 * vsl_nl_key_get_metadata() - what a packet from user space does not carry
 * @key_attr: OVS_PACKET_ATTR_KEY: of a whole key only the metadata is read
 * @key: recirc_id, dp_hash, priority, in_port, mark are written; eth_type too,
 *       and whether there is an Ethernet header: packets without one have an
 *       EtherType here and no eth
 * @extack: what is wrong
 *
 * Context: any.  Return: 0 or -EINVAL.
 */
int vsl_nl_key_get_metadata(const struct nlattr *key_attr, struct vsl_key *key,
			    struct netlink_ext_ack *extack)
{
	struct parsed p = {};
	bool has_mac;
	int i, err;

	err = parse_attrs(key_attr, false, &p, extack);
	if (err)
		return err;
	key->recirc_id = 0;
	key->dp_hash = 0;
	key->priority = 0;
	key->mark = 0;
	for (i = 0; i < ARRAY_SIZE(metadata_attrs); i++)
		if (has(&p, metadata_attrs[i]))
			get_row(key, metadata_attrs[i],
				p.attr[metadata_attrs[i]]);
	key->eth_type = 0;
	if (has(&p, OVS_KEY_ATTR_ETHERTYPE))
		get_row(key, OVS_KEY_ATTR_ETHERTYPE,
			p.attr[OVS_KEY_ATTR_ETHERTYPE]);
	/* an EtherType alone says that there is no Ethernet header */
	has_mac = has(&p, OVS_KEY_ATTR_ETHERNET) ||
		  !has(&p, OVS_KEY_ATTR_ETHERTYPE);
	vsl_key_set_mac(key, has_mac);
	return get_in_port(&p, key, extack);
}

/* --- writing --- */

/*
 * Attributes are written one behind the other at a cursor, *@at: there is room,
 * vsl_nl_key_put() has seen to it.  The payload is zero, padding included.
 */
static void *put_attr(u8 **at, int type, unsigned int len)
{
	struct nlattr *attr = (struct nlattr *)*at;
	u32 *word = (u32 *)*at, *end;

	*at += nla_total_size(len);
	for (end = (u32 *)*at; word < end; word++)
		*word = 0;
	attr->nla_type = type;
	attr->nla_len = nla_attr_size(len);
	return nla_data(attr);
}

static void put_u32(u8 **at, int type, u32 value)
{
	*(u32 *)put_attr(at, type, sizeof(value)) = value;
}

static void put_be16(u8 **at, int type, __be16 value)
{
	*(__be16 *)put_attr(at, type, sizeof(value)) = value;
}

/* Most fields have one of few sizes, for which no call is needed. */
static void copy_field(u8 *to, const u8 *from, unsigned int size)
{
	switch (size) {
	case 1:
		*to = *from;
		break;
	case 2:
		memcpy(to, from, 2);
		break;
	case 4:
		memcpy(to, from, 4);
		break;
	case ETH_ALEN:
		memcpy(to, from, ETH_ALEN);
		break;
	default:
		memcpy(to, from, size);
	}
}

/* One attribute of @out. */
static void put_row(u8 **at, int type, const struct vsl_key *out)
{
	const struct attr_row *row = &attr_rows[type];
	u8 *payload = put_attr(at, type, row->len);
	const struct field *field;

	for (field = row->field; field->size; field++)
		copy_field(payload + field->attr_at,
			   (const u8 *)out + field->key_at, field->size);
}

/* As many labels as the key has. */
static void put_mpls(u8 **at, const struct vsl_key *key,
		     const struct vsl_key *out)
{
	unsigned int len = hweight32(key->mpls.present) * sizeof(__be32);

	memcpy(put_attr(at, OVS_KEY_ATTR_MPLS, len), out->mpls.lse, len);
}

/*
 * A mask's in_port is all of a u32 that is a u16 in struct vsl_key.  The half
 * that no port number uses is always exact.
 */
static void put_in_port(u8 **at, const struct vsl_key *key,
			const struct vsl_key *mask)
{
	if (mask)
		put_u32(at, OVS_KEY_ATTR_IN_PORT,
			mask->in_port ? U32_MAX : 0xffff0000);
	else if (key->in_port != VSL_PORT_NONE)
		put_u32(at, OVS_KEY_ATTR_IN_PORT, key->in_port);
}

static void put_metadata(u8 **at, const struct vsl_key *key,
			 const struct vsl_key *mask)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(metadata_attrs); i++) {
		if (metadata_attrs[i] == OVS_KEY_ATTR_IN_PORT)
			put_in_port(at, key, mask);
		else
			put_row(at, metadata_attrs[i], mask ? mask : key);
	}
}

/*
 * EtherType and above, in the innermost nest.  An 802.2 frame has no EtherType
 * to show in a key; its mask says whether that counts.  Without the Ethernet
 * header that it had, the type says so.
 */
static void put_upper(u8 **at, const struct vsl_key *key,
		      const struct vsl_key *mask)
{
	const struct vsl_key *out = mask ? mask : key;
	u64 attrs;

	if (key->eth_type == htons(ETH_P_802_2) && !mask &&
	    vsl_key_has_mac(key))
		return;
	put_row(at, OVS_KEY_ATTR_ETHERTYPE, out);
	for (attrs = upper_attrs(key); attrs; attrs &= attrs - 1) {
		int type = __ffs64(attrs);

		if (type == OVS_KEY_ATTR_MPLS)
			put_mpls(at, key, out);
		else
			put_row(at, type, out);
	}
}

static void end_nest(u8 *at, struct nlattr *nest)
{
	nest->nla_len = at - (u8 *)nest;
}

/* The tags, outermost first, each a nest within the one before. */
static void put_tagged(u8 **at, const struct vsl_key *key,
		       const struct vsl_key *mask)
{
	struct nlattr *encap[VSL_KEY_VLANS];
	int level;

	for (level = 0; level < VSL_KEY_VLANS && key->vlan[level].tci;
	     level++) {
		const struct vsl_vlan *vlan = &(mask ? mask : key)->vlan[level];

		put_be16(at, OVS_KEY_ATTR_ETHERTYPE, vlan->tpid);
		put_be16(at, OVS_KEY_ATTR_VLAN, vlan->tci);
		encap[level] = (struct nlattr *)*at;
		put_attr(at, OVS_KEY_ATTR_ENCAP, 0);
	}
	if (level < VSL_KEY_VLANS && vsl_key_has_mac(key) &&
	    eth_type_vlan(key->eth_type)) {
		/* a frame that ends within its tag: an empty nest says so */
		put_row(at, OVS_KEY_ATTR_ETHERTYPE, mask ? mask : key);
		put_be16(at, OVS_KEY_ATTR_VLAN, 0);
		put_attr(at, OVS_KEY_ATTR_ENCAP, 0);
	} else {
		put_upper(at, key, mask);
	}
	while (level--)
		end_nest(*at, encap[level]);
}

/**
 * vsl_nl_key_put() - a key or a mask as a nested attribute
 * @msg: to add it to; it needs room for the longest key
 * @type: of the nest
 * @key: says which attributes there are
 * @mask: its bits are written instead of the key's; NULL: the key's
 *
 * Equal keys make equal bytes: user space hashes them to name flows.
 *
 * Context: any.  Return: 0, or -EMSGSIZE with @msg as it was.
 */
int vsl_nl_key_put(struct sk_buff *msg, int type, const struct vsl_key *key,
		   const struct vsl_key *mask)
{
	u8 *start = skb_tail_pointer(msg), *at = start;

	if (unlikely(skb_tailroom(msg) < nla_total_size(vsl_nl_key_size())))
		return -EMSGSIZE;
	put_attr(&at, type, 0);
	put_metadata(&at, key, mask);
	if (vsl_key_has_mac(key))
		put_row(&at, OVS_KEY_ATTR_ETHERNET, mask ? mask : key);
	put_tagged(&at, key, mask);
	end_nest(at, (struct nlattr *)start);
	skb_put(msg, at - start);
	return 0;
}

/**
 * vsl_nl_key_size() - room that vsl_nl_key_put() needs at most
 *
 * Return: bytes of payload of the nest.
 */
size_t vsl_nl_key_size(void)
{
	size_t tag = 2 * nla_total_size(sizeof(__be16)) + nla_total_size(0);

	return ARRAY_SIZE(metadata_attrs) * nla_total_size(sizeof(u32)) +
	       nla_total_size(sizeof(struct ovs_key_ethernet)) +
	       VSL_KEY_VLANS * tag + tag +
	       nla_total_size(sizeof(struct ovs_key_ipv6)) +
	       nla_total_size(sizeof(struct ovs_key_tcp)) +
	       nla_total_size(sizeof(__be16)) +
	       nla_total_size(sizeof(struct ovs_key_nd));
}
