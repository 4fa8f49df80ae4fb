/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The flow key: all that a flow can match of a packet, in 15 words of 8 bytes.
 *
 * The words are ordered by how often masks use them.  Two protocols share a
 * field where no packet can have both: ARP keeps its opcode in ip_proto, its
 * IPv4 addresses in ipv4, its hardware addresses in sha and tha, which
 * neighbour discovery uses for its link-layer options; ICMP and ICMPv6 keep
 * type and code in tp_src and tp_dst; MPLS has its labels where IP has addresses.
 * All in the byte order of the wire.
 *
 * key.c knows nothing of netlink (nl_key*.c do), takes no lock, allocates
 * nothing but what the skb helpers do to make headers linear.
 */
#ifndef VSL_KEY_H
#define VSL_KEY_H

#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/in6.h>
#include <linux/string.h>
#include <linux/types.h>

struct sk_buff;

/* in_port of a packet that came from no port (packet execute without one). */
#define VSL_PORT_NONE		U16_MAX

/*
 * A tag's TCI bears this bit in keys and actions, so that a tag with VID 0 and
 * PCP 0 differs from no tag.  It is where the wire has DEI, which is not kept.
 */
#define VSL_VLAN_PRESENT	cpu_to_be16(VLAN_CFI_MASK)

/* Outer and inner tag; a third one is the frame's eth_type. */
#define VSL_KEY_VLANS		2

/*
 * The outer tag's TPID of a packet that has no Ethernet header at all.  Masks
 * are always exact there, so such packets never match flows of those that have.
 */
#define VSL_TPID_NO_MAC		cpu_to_be16(1)

/* Label stack entries, from the top, that a key has. */
#define VSL_KEY_LABELS		3

struct vsl_vlan {
	__be16 tpid;
	__be16 tci;		/* with VSL_VLAN_PRESENT; 0: no tag */
};

/**
 * struct vsl_key - what a packet is looked up by; also a mask of such keys
 * @recirc_id: 0 for a packet just received
 * @in_port: number of the port it came by, or VSL_PORT_NONE
 * @eth_type: innermost EtherType; ETH_P_802_2 for a frame that has none
 * @eth_src: source MAC address
 * @ip_proto: IP protocol (IPv6: of the last header); ARP: the opcode
 * @ip_frag: enum ovs_frag_type
 * @eth_dst: destination MAC address
 * @ip_tos: TOS or traffic class, DSCP and ECN
 * @ip_ttl: TTL or hop limit
 * @vlan: the tags, outermost first; or VSL_TPID_NO_MAC
 * @tp_src: TCP, UDP, SCTP source port; ICMP type in the low byte
 * @tp_dst: TCP, UDP, SCTP destination port; ICMP code in the low byte
 * @tcp_flags: the 12 bits below the data offset
 * @unused0: zero
 * @ipv4: addresses of IPv4, ARP, RARP
 * @ipv6: addresses of IPv6
 * @mpls: label stack entries, topmost first
 * @mpls.present: bit n: there is lse[n]
 * @ipv6_label: the 20 bits of the flow label
 * @priority: skb->priority
 * @mark: skb->mark
 * @dp_hash: result of a hash action; 0: none
 * @nd_target: target address of a neighbour solicitation or advertisement
 * @sha: ARP sender's hardware address; ND source link-layer address
 * @tha: ARP target's hardware address; ND target link-layer address
 * @unused1: zero
 */
struct vsl_key {
	/* word 0 */
	u32 recirc_id;
	u16 in_port;
	__be16 eth_type;
	/* words 1 and 2 */
	u8 eth_src[ETH_ALEN];
	u8 ip_proto;
	u8 ip_frag;
	u8 eth_dst[ETH_ALEN];
	u8 ip_tos;
	u8 ip_ttl;
	/* word 3 */
	struct vsl_vlan vlan[VSL_KEY_VLANS];
	/* word 4 */
	__be16 tp_src;
	__be16 tp_dst;
	__be16 tcp_flags;
	__be16 unused0;
	/* words 5 to 8 */
	union {
		struct {
			__be32 src;
			__be32 dst;
		} ipv4;
		struct {
			struct in6_addr src;
			struct in6_addr dst;
		} ipv6;
		struct {
			__be32 lse[VSL_KEY_LABELS];
			u32 present;
		} mpls;
	};
	/* words 9 and 10 */
	__be32 ipv6_label;
	u32 priority;
	u32 mark;
	u32 dp_hash;
	/* words 11 to 14 */
	struct in6_addr nd_target;
	u8 sha[ETH_ALEN];
	u8 tha[ETH_ALEN];
	u8 unused1[4];
} __aligned(8);

#define VSL_KEY_WORDS		(sizeof(struct vsl_key) / sizeof(u64))

/* A key as words, for masking, hashing and comparing. */
static inline const u64 *vsl_key_words(const struct vsl_key *key)
{
	return (const u64 *)key;
}

/* Whether the packet begins with an Ethernet header. */
static inline bool vsl_key_has_mac(const struct vsl_key *key)
{
	return key->vlan[0].tpid != VSL_TPID_NO_MAC;
}

/* To be followed by a vsl_key_refresh(). */
static inline void vsl_key_set_mac(struct vsl_key *key, bool has_mac)
{
	memset(key->vlan, 0, sizeof(key->vlan));
	if (!has_mac)
		key->vlan[0].tpid = VSL_TPID_NO_MAC;
}

int vsl_key_extract(struct vsl_key *key, struct sk_buff *skb, u16 in_port,
		    bool has_mac);
int vsl_key_refresh(struct vsl_key *key, struct sk_buff *skb);

#endif /* VSL_KEY_H */
