// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * struct vsl_key <-> OVS_KEY_ATTR_*: see key.h.
 */
#include "key_private.h"

#include <errno.h>
#include <string.h>

#include <linux/if_ether.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "attr.h"

const struct vsl_key_place vsl_key_places[OVS_KEY_ATTR_MAX + 1] = {
#define PLACE(attr, member) \
	[OVS_KEY_ATTR_##attr] = { offsetof(struct vsl_key, member), \
				  sizeof(((struct vsl_key *)0)->member) }
	PLACE(RECIRC_ID, recirc_id),
	PLACE(DP_HASH, dp_hash),
	PLACE(PRIORITY, priority),
	PLACE(IN_PORT, in_port),
	PLACE(SKB_MARK, skb_mark),
	PLACE(CT_STATE, ct_state),
	PLACE(CT_ZONE, ct_zone),
	PLACE(CT_MARK, ct_mark),
	PLACE(CT_LABELS, ct_labels),
	PLACE(ETHERNET, eth),
	PLACE(ETHERTYPE, eth_type),
	PLACE(IPV4, ipv4),
	PLACE(IPV6, ipv6),
	PLACE(ARP, arp),
	PLACE(TCP, tcp),
	PLACE(TCP_FLAGS, tcp_flags),
	PLACE(UDP, udp),
	PLACE(SCTP, sctp),
	PLACE(ICMP, icmp),
	PLACE(ICMPV6, icmpv6),
	PLACE(ND, nd),
#undef PLACE
};

/* The order in which the kernel writes them. */
static const uint8_t metadata_order[] = {
	OVS_KEY_ATTR_RECIRC_ID, OVS_KEY_ATTR_DP_HASH, OVS_KEY_ATTR_PRIORITY,
	OVS_KEY_ATTR_IN_PORT, OVS_KEY_ATTR_SKB_MARK, OVS_KEY_ATTR_CT_STATE,
	OVS_KEY_ATTR_CT_ZONE, OVS_KEY_ATTR_CT_MARK, OVS_KEY_ATTR_CT_LABELS,
	OVS_KEY_ATTR_ETHERNET,
};

static const uint8_t header_order[] = {
	OVS_KEY_ATTR_ETHERTYPE, OVS_KEY_ATTR_IPV4, OVS_KEY_ATTR_IPV6,
	OVS_KEY_ATTR_ARP, OVS_KEY_ATTR_MPLS, OVS_KEY_ATTR_TCP,
	OVS_KEY_ATTR_TCP_FLAGS, OVS_KEY_ATTR_UDP, OVS_KEY_ATTR_SCTP,
	OVS_KEY_ATTR_ICMP, OVS_KEY_ATTR_ICMPV6, OVS_KEY_ATTR_ND,
};

/* What one ENCAP level holds. */
struct level {
	uint64_t seen;
	const struct nlattr *encap;
	const struct nlattr *vlan;
};

static const char *take_mpls(struct vsl_key *key, const struct nlattr *nla)
{
	size_t n = nla_len(nla) / sizeof(key->mpls[0]);

	if (nla_len(nla) % sizeof(key->mpls[0]) || !n ||
	    n > VSL_ARRAY_SIZE(key->mpls))
		return "MPLS attribute of a wrong length";
	memcpy(key->mpls, nla_data(nla), nla_len(nla));
	key->n_mpls = n;
	vsl_key_add(key, OVS_KEY_ATTR_MPLS);
	return NULL;
}

static const char *take_attr(struct vsl_key *key, struct level *level,
			     const struct nlattr *nla)
{
	int type = nla_type(nla);

	if (type > OVS_KEY_ATTR_MAX) {
		key->n_unknown++;
		return NULL;
	}
	if (level->seen & (1ull << type))
		return "the same attribute twice";
	level->seen |= 1ull << type;

	if (type == OVS_KEY_ATTR_ENCAP) {
		level->encap = nla;
		return NULL;
	}
	if (type == OVS_KEY_ATTR_VLAN) {
		if (nla_len(nla) != sizeof(uint16_t))
			return "VLAN attribute of a wrong length";
		level->vlan = nla;
		return NULL;
	}
	if (type == OVS_KEY_ATTR_MPLS)
		return take_mpls(key, nla);
	if (!vsl_key_places[type].len) {
		key->n_unknown++;
		return NULL;
	}
	if (nla_len(nla) != vsl_key_places[type].len)
		return "an attribute of a wrong length";
	memcpy((char *)key + vsl_key_places[type].offset, nla_data(nla),
	       vsl_key_places[type].len);
	vsl_key_add(key, type);
	return NULL;
}

/*
 * This level is a tag: its ETHERTYPE is the tag's TPID, and the packet's own
 * type, if any, is in ENCAP.
 */
static const char *take_tag(struct vsl_key *key, const struct level *level)
{
	struct vsl_vlan *vlan = &key->vlan[key->n_vlans];

	if (!level->vlan)
		return "ENCAP without VLAN";
	if (!level->encap)
		return "VLAN without ENCAP";
	if (!(level->seen & (1ull << OVS_KEY_ATTR_ETHERTYPE)))
		return "VLAN without ETHERTYPE";
	if (key->n_vlans == VSL_KEY_MAX_VLANS)
		return "more than two VLAN tags";
	vlan->tpid = key->eth_type;
	memcpy(&vlan->tci, nla_data(level->vlan), sizeof(vlan->tci));
	key->n_vlans++;
	key->eth_type = 0;
	key->present &= ~(1ull << OVS_KEY_ATTR_ETHERTYPE);
	return NULL;
}

static const char *take_level(struct vsl_key *key, struct vsl_blob *attrs)
{
	const struct nlattr *nla = attrs->data;
	struct level level = { 0 };
	int rem = attrs->len;
	const char *bad;

	for (; nla_ok(nla, rem); nla = nla_next(nla, &rem)) {
		bad = take_attr(key, &level, nla);
		if (bad)
			return bad;
	}
	if (rem > 0)
		return "bytes left over behind the last attribute";

	*attrs = (struct vsl_blob){ NULL, 0 };
	if (level.vlan || level.encap) {
		bad = take_tag(key, &level);
		if (bad)
			return bad;
		*attrs = vsl_blob_of_attr(level.encap);
	}
	return NULL;
}

int vsl_key_from_attrs(struct vsl_key *key, struct vsl_blob attrs,
		       const char **errmsg)
{
	const char *bad = NULL;

	memset(key, 0, sizeof(*key));
	while (attrs.data && !bad)
		bad = take_level(key, &attrs);
	if (!bad)
		return 0;
	if (errmsg)
		*errmsg = bad;
	return -EINVAL;
}

static int put_listed(struct nl_msg *msg, const struct vsl_key *key,
		      const uint8_t *order, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int type = order[i];
		const void *data = (const char *)key + vsl_key_places[type].offset;
		size_t len = vsl_key_places[type].len;

		if (!vsl_key_has(key, type))
			continue;
		if (type == OVS_KEY_ATTR_MPLS) {
			data = key->mpls;
			len = key->n_mpls * sizeof(key->mpls[0]);
		}
		if (vsl_attr_put(msg, type, data, len))
			return -EMSGSIZE;
	}
	return 0;
}

int vsl_key_put(struct nl_msg *msg, const struct vsl_key *key)
{
	struct nlattr *nest[VSL_KEY_MAX_VLANS];
	unsigned int i;

	if (put_listed(msg, key, metadata_order,
		       VSL_ARRAY_SIZE(metadata_order)))
		return -EMSGSIZE;
	for (i = 0; i < key->n_vlans; i++) {
		const struct vsl_vlan *vlan = &key->vlan[i];

		if (nla_put(msg, OVS_KEY_ATTR_ETHERTYPE, sizeof(vlan->tpid),
			    &vlan->tpid) < 0 ||
		    nla_put(msg, OVS_KEY_ATTR_VLAN, sizeof(vlan->tci),
			    &vlan->tci) < 0)
			return -EMSGSIZE;
		nest[i] = vsl_nest_start(msg, OVS_KEY_ATTR_ENCAP);
		if (!nest[i])
			return -EMSGSIZE;
	}
	if (put_listed(msg, key, header_order, VSL_ARRAY_SIZE(header_order)))
		return -EMSGSIZE;
	while (i > 0)
		vsl_nest_end(msg, nest[--i]);
	return 0;
}

void vsl_key_mask_l2(struct vsl_key *mask, const struct vsl_key *key)
{
	static const uint8_t exact[] = {
		OVS_KEY_ATTR_RECIRC_ID, OVS_KEY_ATTR_IN_PORT,
		OVS_KEY_ATTR_ETHERNET,
	};

	memset(mask, 0, sizeof(*mask));
	for (size_t i = 0; i < VSL_ARRAY_SIZE(exact); i++) {
		int type = exact[i];

		if (!vsl_key_has(key, type))
			continue;
		vsl_key_add(mask, type);
		memset((char *)mask + vsl_key_places[type].offset, 0xff,
		       vsl_key_places[type].len);
	}
	/* A tag that a packet was cut short in cannot be written in a mask: all
	 * masks of tags have the bit that it lacks.  Without a mask it is exact.
	 */
	mask->n_vlans = key->n_vlans;
	if (key->n_vlans && !key->vlan[key->n_vlans - 1].tci)
		mask->n_vlans--;
	for (unsigned int i = 0; i < mask->n_vlans; i++)
		mask->vlan[i] = (struct vsl_vlan){ 0xffff, 0xffff };
	/* A type that is missing says "802.2", which is exact too. */
	vsl_key_add(mask, OVS_KEY_ATTR_ETHERTYPE);
	mask->eth_type = 0xffff;
}
