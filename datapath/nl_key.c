// SPDX-License-Identifier: GPL-2.0-only
/*
 * OVS_KEY_ATTR_* to flow keys and masks; nl_key_put.c writes them.  Called by
 * nl_flow.c and nl_packet.c.
 *
 * One table, vsl_key_rows, says for each attribute how long it is and which of
 * its bytes are which of a key's.  Reading a key, reading a mask and writing
 * either go by it.  What it cannot say is in few places: in_port (a u32 that
 * is a u16 here), EtherType with tags (an attribute nest), and which attributes
 * a kind of packet must have (nl_key_rows.c).  MPLS, of one to three labels, has
 * get_mpls() and put_mpls().
 *
 * A key with two tags, as attributes:
 *   ETHERNET ETHERTYPE(outer TPID) VLAN ENCAP {
 *     ETHERTYPE(inner TPID) VLAN ENCAP { ETHERTYPE IPV4 TCP TCP_FLAGS } }
 */
#include "nl_key.h"

#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <net/netlink.h>

#include "key.h"
#include "nl_key_rows.h"
#include "ovs_abi.h"

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

/* Attributes of one key or mask, nests opened. */
struct parsed {
	const struct nlattr *attr[VSL_KEY_ATTR_MAX + 1];
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

		if (type > VSL_KEY_ATTR_MAX || !vsl_key_rows[type].name) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "key attribute not known here");
			return -EINVAL;
		}
		if (vsl_key_rows[type].len &&
		    nla_len(attr) != vsl_key_rows[type].len) {
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
	const struct vsl_key_field *field;

	for (field = vsl_key_rows[type].field; field->size; field++)
		memcpy((u8 *)key + field->key_at,
		       (const u8 *)nla_data(attr) + field->attr_at,
		       field->size);
}

/* All attributes that a row describes in full. */
static void get_rows(struct vsl_key *key, const struct parsed *p)
{
	int type;

	for (type = 0; type <= VSL_KEY_ATTR_MAX; type++)
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
	u64 expected = vsl_key_upper_attrs(key);

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
	const struct vsl_key_field *field;
	int type;

	memset(mask, 0, sizeof(*mask));
	for (type = 0; type <= VSL_KEY_ATTR_MAX; type++) {
		if (!has(key_attrs, type))
			continue;
		for (field = vsl_key_rows[type].field; field->size; field++)
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
	for (i = 0; i < VSL_KEY_METADATA; i++)
		if (has(&p, vsl_key_metadata[i]))
			get_row(key, vsl_key_metadata[i],
				p.attr[vsl_key_metadata[i]]);
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
