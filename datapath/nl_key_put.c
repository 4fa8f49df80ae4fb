// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flow keys and masks to OVS_KEY_ATTR_*: see nl_key.c.  Called by nl_flow.c and
 * upcall.c.
 */
#include "nl_key.h"

#include <linux/bitops.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <net/netlink.h>

#include "key.h"
#include "nl_key_rows.h"
#include "ovs_abi.h"

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
	const struct vsl_key_row *row = &vsl_key_rows[type];
	u8 *payload = put_attr(at, type, row->len);
	const struct vsl_key_field *field;

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

	for (i = 0; i < VSL_KEY_METADATA; i++) {
		if (vsl_key_metadata[i] == OVS_KEY_ATTR_IN_PORT)
			put_in_port(at, key, mask);
		else
			put_row(at, vsl_key_metadata[i], mask ? mask : key);
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
	for (attrs = vsl_key_upper_attrs(key); attrs; attrs &= attrs - 1) {
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

	return VSL_KEY_METADATA * nla_total_size(sizeof(u32)) +
	       nla_total_size(sizeof(struct ovs_key_ethernet)) +
	       VSL_KEY_VLANS * tag + tag +
	       nla_total_size(sizeof(struct ovs_key_ipv6)) +
	       nla_total_size(sizeof(struct ovs_key_tcp)) +
	       nla_total_size(sizeof(__be16)) +
	       nla_total_size(sizeof(struct ovs_key_nd));
}
