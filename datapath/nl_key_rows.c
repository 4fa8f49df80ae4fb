// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables of nl_key_rows.h.
 */
#include "nl_key_rows.h"

#include <linux/bits.h>
#include <linux/icmpv6.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <net/ndisc.h>

#include "key.h"
#include "ovs_abi.h"

#define IPV6_EXTHDRS	32	/* OVS_KEY_ATTR_IPV6_EXTHDRS, Linux 5.18 */

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

const struct vsl_key_row vsl_key_rows[VSL_KEY_ATTR_MAX + 1] = {
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

const u8 vsl_key_metadata[VSL_KEY_METADATA] = {
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

static bool is_nd(const struct vsl_key *key)
{
	return key->tp_src == htons(NDISC_NEIGHBOUR_SOLICITATION) ||
	       key->tp_src == htons(NDISC_NEIGHBOUR_ADVERTISEMENT);
}

/**
 * vsl_key_upper_attrs() - the attributes above Ethernet of a kind of packet
 * @key: of such a packet, or of a flow of such packets
 *
 * Return: bit n for attribute n.
 */
u64 vsl_key_upper_attrs(const struct vsl_key *key)
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
