/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A flow key (or its mask) as a struct, for programs that decide by it: netlink
 * attributes <-> struct vsl_key.  The other reader of keys is text.h, which goes
 * from attribute to text directly and so also shows what is unknown here.
 *
 * A mask is the same struct: bits that matter are set, and an attribute that is
 * not present is wild.
 */
#ifndef VSL_LIB_KEY_H
#define VSL_LIB_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ovs_abi.h"
#include "util.h"

struct nl_msg;

/* Tags below two are not parsed by any datapath. */
#define VSL_KEY_MAX_VLANS 2

/* VLAN TCI (host order): id, priority, and the bit that says "a tag is there". */
#define VSL_VLAN_VID 0x0fff
#define VSL_VLAN_PRESENT 0x1000
#define VSL_VLAN_PCP_SHIFT 13

/**
 * struct vsl_vlan - one VLAN tag
 * @tpid: Ethernet type that announces it, 0x8100 or 0x88a8; network order.
 *	In a mask all ones
 * @tci: network order; VSL_VLAN_PRESENT is set except in the key of a packet
 *	that was cut short within the tag
 */
struct vsl_vlan {
	uint16_t tpid;
	uint16_t tci;
};

/**
 * struct vsl_key - a key or mask, parsed
 * @present: bit OVS_KEY_ATTR_X is set where that attribute was (or is to be)
 *	there, in whichever ENCAP level; use vsl_key_has().  Of ETHERTYPE the
 *	bit speaks of the innermost, @eth_type; ENCAP and VLAN have no bit:
 *	see @n_vlans
 * @recirc_id: host order, as all metadata
 * @dp_hash: 0 for none
 * @priority: of the socket buffer
 * @skb_mark: of the socket buffer
 * @in_port: port number
 * @ct_state: OVS_CS_F_*
 * @ct_zone: connection tracking zone
 * @ct_mark: connection tracking mark
 * @ct_labels: connection tracking label, 16 bytes as on the wire
 * @eth: addresses
 * @n_vlans: tags, 0 to VSL_KEY_MAX_VLANS
 * @vlan: outermost first
 * @eth_type: after all tags, network order; absent for 802.2 frames
 * @ipv4: network order, as all headers
 * @ipv6: see above
 * @arp: see above (RARP too)
 * @tcp: see above
 * @tcp_flags: network order
 * @udp: see above
 * @sctp: see above
 * @icmp: see above
 * @icmpv6: see above
 * @nd: see above
 * @mpls: label stack entries, outermost first
 * @n_mpls: entries of @mpls
 * @n_unknown: attributes (tunnel, NSH, newer ones) that were there and are not
 *	kept: what vsl_key_put() writes then lacks them
 */
struct vsl_key {
	uint64_t present;
	uint32_t recirc_id;
	uint32_t dp_hash;
	uint32_t priority;
	uint32_t skb_mark;
	uint32_t in_port;
	uint32_t ct_state;
	uint16_t ct_zone;
	uint32_t ct_mark;
	struct ovs_key_ct_labels ct_labels;
	struct ovs_key_ethernet eth;
	unsigned int n_vlans;
	struct vsl_vlan vlan[VSL_KEY_MAX_VLANS];
	uint16_t eth_type;
	struct ovs_key_ipv4 ipv4;
	struct ovs_key_ipv6 ipv6;
	struct ovs_key_arp arp;
	struct ovs_key_tcp tcp;
	uint16_t tcp_flags;
	struct ovs_key_udp udp;
	struct ovs_key_sctp sctp;
	struct ovs_key_icmp icmp;
	struct ovs_key_icmpv6 icmpv6;
	struct ovs_key_nd nd;
	struct ovs_key_mpls mpls[3];
	unsigned int n_mpls;
	unsigned int n_unknown;
};

/** vsl_key_has() - whether OVS_KEY_ATTR_* @attr is present in @key */
static inline bool vsl_key_has(const struct vsl_key *key, int attr)
{
	return key->present & (1ull << attr);
}

/** vsl_key_add() - mark OVS_KEY_ATTR_* @attr as present in @key */
static inline void vsl_key_add(struct vsl_key *key, int attr)
{
	key->present |= 1ull << attr;
}

/**
 * vsl_key_from_attrs() - parse a key or mask
 * @key: filled on success, zero where nothing was present
 * @attrs: OVS_KEY_ATTR_* one after the other, e.g. vsl_upcall.key
 * @errmsg: on failure set to what is wrong, a constant string; may be NULL
 *
 * Checks lengths, doubles, and that ENCAP goes with VLAN; not whether the
 * headers belong to the types (that is the datapath's).
 *
 * Return: 0 or -EINVAL.
 */
int vsl_key_from_attrs(struct vsl_key *key, struct vsl_blob attrs,
		       const char **errmsg);

/**
 * vsl_key_put() - write a key or mask as attributes
 * @msg: from vsl_attrs_new(), or a message within an open nest
 * @key: attributes that are present are written, in the kernel's order; each
 *	tag as ETHERTYPE(tpid), VLAN(tci), ENCAP{ what follows }
 *
 * Return: 0; -EMSGSIZE where it does not fit.
 */
int vsl_key_put(struct nl_msg *msg, const struct vsl_key *key);

/**
 * vsl_key_mask_l2() - the mask of a learning switch for a packet's key
 * @mask: filled: exact on recirc_id, in_port, Ethernet addresses, all VLAN tags
 *	and the Ethernet type; wild in all else (L3, L4, priority, mark)
 * @key: of the packet, from vsl_key_from_attrs()
 *
 * The result is in the shape that datapaths take for this very key: nothing in
 * it that the key lacks (but the Ethernet type, which in a mask tells 802.2
 * frames from all others).
 */
void vsl_key_mask_l2(struct vsl_key *mask, const struct vsl_key *key);

/**
 * vsl_key_can_match() - can vsl_key_match() go by a mask?
 * @mask: of a rule, from vsl_key_from_attrs()
 *
 * Not by tunnels, connection tracking, MPLS, recirculation and what is unknown.
 *
 * Return: true if so.
 */
bool vsl_key_can_match(const struct vsl_key *mask);

/**
 * vsl_key_match() - does a packet have what a rule wants, and what shows it?
 * @key: of the packet
 * @want: key of the rule
 * @mask: mask of the rule
 * @seen: a mask that the packet's flow must have, from vsl_key_mask_l2() on: grows
 *	by what the answer depends on. For a yes that is all of @mask; for a no it
 *	is nothing where @seen shows it already, or else one bit in which the two
 *	differ. Where a header's being there is the point, that is what says so
 *
 * An Ethernet type is that of the frame: without a tag in @want, a tagged packet
 * has another one.
 *
 * Return: true if it has.
 */
bool vsl_key_match(const struct vsl_key *key, const struct vsl_key *want,
		   const struct vsl_key *mask, struct vsl_key *seen);

/**
 * vsl_key_digest() - one number for all keys that are alike under a mask
 * @key: of a packet
 * @seen: mask, from vsl_key_mask_l2() and vsl_key_match()
 * @secret: random number, so that nobody can make two kinds of packet look alike
 *
 * What vsl_key_mask_l2() has in it does not count.
 *
 * Return: the number; 0 where the mask has nothing else.
 */
uint64_t vsl_key_digest(const struct vsl_key *key, const struct vsl_key *seen,
			uint64_t secret);

#endif /* VSL_LIB_KEY_H */
