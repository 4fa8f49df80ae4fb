// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packet to flow key.  Called by receive.c for each packet that comes in, by
 * nl_packet.c for those that user space sends, by action.c after an edit.
 *
 * A malformed header is no reason to drop: it yields a key without the fields
 * of that header, so that user space can decide what to do with such packets.
 * Only lack of memory is an error.
 *
 * Formats: Ethernet IEEE 802.3, tags 802.1Q, SNAP RFC 1042, ARP RFC 826, IPv4
 * RFC 791, IPv6 RFC 8200, TCP RFC 9293, UDP RFC 768, SCTP RFC 9260, ICMP RFC
 * 792, ICMPv6 RFC 4443, neighbour discovery RFC 4861, MPLS RFC 3032.
 */
#include "key.h"

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_arp.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/mpls.h>
#include <linux/sctp.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/dsfield.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "ovs_abi.h"

/* 802.2 LLC with SNAP, RFC 1042. */
struct llc_snap {
	u8 dsap;
	u8 ssap;
	u8 ctrl;
	u8 oui[3];
	__be16 ethertype;
} __packed;

#define LLC_SAP_SNAP	0xaa

/* Where a frame has its outermost EtherType or TPID. */
#define TYPE_AT		(2 * ETH_ALEN)

/* ARP for IPv4 over Ethernet, RFC 826. */
struct arp_ipv4 {
	__be16 hrd;
	__be16 pro;
	u8 hln;
	u8 pln;
	__be16 op;
	u8 sha[ETH_ALEN];
	__be32 sip;
	u8 tha[ETH_ALEN];
	__be32 tip;
} __packed;

/*
 * Makes the first @len bytes of @skb linear.  Returns 1 if they are, 0 if the
 * packet has fewer, -ENOMEM.  May move the packet's head: pointers into it
 * have to be taken anew.
 */
static noinline int pull_more(struct sk_buff *skb, unsigned int len)
{
	if (len > skb->len)
		return 0;
	return pskb_may_pull(skb, len) ? 1 : -ENOMEM;
}

static __always_inline int pull(struct sk_buff *skb, unsigned int len)
{
	return likely(len <= skb_headlen(skb)) ? 1 : pull_more(skb, len);
}

static __always_inline void clear_l3(struct vsl_key *key)
{
	key->ip_proto = 0;
	key->ip_frag = 0;
	key->ip_tos = 0;
	key->ip_ttl = 0;
	memset(&key->ipv6, 0, sizeof(key->ipv6));
	key->ipv6_label = 0;
}

static __always_inline void clear_nd(struct vsl_key *key)
{
	/* all that comes after it is of ARP and neighbour discovery, too */
	memset_startat(key, 0, nd_target);
}

static __be16 outer_type(const struct sk_buff *skb)
{
	return *(__be16 *)(skb->data + TYPE_AT);
}

/*
 * A tag that is still in the frame, as from an internal port or from user space,
 * is moved to the skb's own field, where received ones are already, so that
 * everything after this knows one form.  Returns 1 if it was, 0 if it is cut
 * off (the EtherType says it all), or -ENOMEM.
 */
static noinline int take_tag(struct sk_buff *skb)
{
	__be16 tpid = outer_type(skb);
	u16 tci;
	int err;

	err = pull(skb, VLAN_ETH_HLEN);
	if (err <= 0)
		return err;
	err = __skb_vlan_pop(skb, &tci);
	if (err)
		return err;
	__vlan_hwaccel_put_tag(skb, tpid, tci);
	return 1;
}

/* The tags of a frame that has one outside.  The inner one stays in the frame. */
static noinline int extract_tags(struct vsl_key *key, struct sk_buff *skb)
{
	__be16 type = outer_type(skb);
	const struct vlan_hdr *inner;
	int err;

	key->vlan[0].tpid = skb->vlan_proto;
	key->vlan[0].tci = htons(skb_vlan_tag_get(skb)) | VSL_VLAN_PRESENT;

	if (!eth_type_vlan(type))
		return TYPE_AT;
	err = pull(skb, TYPE_AT + sizeof(type) + sizeof(*inner));
	if (err <= 0)
		return err ? err : TYPE_AT;
	inner = (struct vlan_hdr *)(skb->data + TYPE_AT + sizeof(type));
	key->vlan[1].tpid = type;
	key->vlan[1].tci = inner->h_vlan_TCI | VSL_VLAN_PRESENT;
	return TYPE_AT + sizeof(*inner);
}

/* Returns where the EtherType behind the tags is, or -ENOMEM. */
static __always_inline int extract_vlans(struct vsl_key *key,
					 struct sk_buff *skb)
{
	if (likely(!skb_vlan_tag_present(skb))) {
		int err;

		if (likely(!eth_type_vlan(outer_type(skb))))
			return TYPE_AT;
		err = take_tag(skb);
		if (err <= 0)
			return err ? err : TYPE_AT;
	}
	return extract_tags(key, skb);
}

/*
 * A frame that has a length in place of its EtherType: that of the SNAP header
 * at @llc_at, or ETH_P_802_2.  Returns where the payload begins.
 */
static noinline int extract_snap(struct vsl_key *key, struct sk_buff *skb,
				 unsigned int llc_at)
{
	const struct llc_snap *llc;

	key->eth_type = htons(ETH_P_802_2);
	if (pull(skb, llc_at + sizeof(*llc)) <= 0)
		return llc_at;
	llc = (struct llc_snap *)(skb->data + llc_at);
	if (llc->dsap != LLC_SAP_SNAP || llc->ssap != LLC_SAP_SNAP ||
	    llc->oui[0] || llc->oui[1] || llc->oui[2])
		return llc_at;
	if (eth_proto_is_802_3(llc->ethertype))
		key->eth_type = llc->ethertype;
	return llc_at + sizeof(*llc);
}

static noinline int extract_arp(struct vsl_key *key, struct sk_buff *skb,
				unsigned int l3)
{
	const struct arp_ipv4 *arp;
	int err = pull(skb, l3 + sizeof(*arp));

	if (err <= 0)
		return err;
	arp = (struct arp_ipv4 *)(skb->data + l3);
	if (arp->hrd != htons(ARPHRD_ETHER) || arp->pro != htons(ETH_P_IP) ||
	    arp->hln != ETH_ALEN || arp->pln != sizeof(arp->sip))
		return 0;
	/* Larger opcodes are in no use and would not fit the field. */
	if (ntohs(arp->op) <= U8_MAX)
		key->ip_proto = ntohs(arp->op);
	key->ipv4.src = arp->sip;
	key->ipv4.dst = arp->tip;
	ether_addr_copy(key->sha, arp->sha);
	ether_addr_copy(key->tha, arp->tha);
	return 0;
}

/* Ports, where the whole of a header of @len bytes is there. */
static __always_inline int extract_ports(struct vsl_key *key, struct sk_buff *skb,
					 unsigned int l4, unsigned int len)
{
	const __be16 *port;
	int err = pull(skb, l4 + len);

	if (err <= 0)
		return err;
	port = (__be16 *)(skb->data + l4);
	key->tp_src = port[0];
	key->tp_dst = port[1];
	return 1;
}

static __always_inline int extract_tcp(struct vsl_key *key, struct sk_buff *skb,
				       unsigned int l4)
{
	const struct tcphdr *tcp;
	int err = extract_ports(key, skb, l4, sizeof(*tcp));

	if (err <= 0)
		return err;
	tcp = (struct tcphdr *)(skb->data + l4);
	/* options that are cut off, or a length that cannot be: no header */
	if (tcp->doff * 4 < sizeof(*tcp) || l4 + tcp->doff * 4 > skb->len) {
		key->tp_src = 0;
		key->tp_dst = 0;
		return 0;
	}
	key->tcp_flags = *((__be16 *)tcp + 6) & htons(0x0fff);
	return 1;
}

/* ICMP and ICMPv6: type and code are the first two bytes of both. */
static noinline int extract_icmp(struct vsl_key *key, struct sk_buff *skb,
				 unsigned int l4, unsigned int len)
{
	int err = pull(skb, l4 + len);

	if (err <= 0)
		return err;
	key->tp_src = htons(skb->data[l4]);
	key->tp_dst = htons(skb->data[l4 + 1]);
	return 1;
}

/*
 * Target and link-layer addresses of a neighbour solicitation or
 * advertisement.  An address given twice leaves nothing that could be
 * trusted: all three stay zero.
 */
static noinline int extract_nd(struct vsl_key *key, struct sk_buff *skb,
			       unsigned int l4)
{
	unsigned int left = skb->len - l4;
	const struct nd_msg *nd;
	const u8 *opt;
	int err;

	if (left < sizeof(*nd))
		return 0;
	err = pull(skb, skb->len);
	if (err <= 0)
		return err;
	nd = (struct nd_msg *)(skb->data + l4);
	key->nd_target = nd->target;
	opt = nd->opt;
	left -= sizeof(*nd);
	while (left >= 8) {
		unsigned int len = opt[1] * 8;
		u8 *addr = NULL;

		if (!len || len > left)
			break;
		if (opt[0] == ND_OPT_SOURCE_LL_ADDR && len == 8)
			addr = key->sha;
		else if (opt[0] == ND_OPT_TARGET_LL_ADDR && len == 8)
			addr = key->tha;
		if (addr) {
			if (!is_zero_ether_addr(addr)) {
				clear_nd(key);
				break;
			}
			ether_addr_copy(addr, opt + 2);
		}
		opt += len;
		left -= len;
	}
	return 0;
}

static __always_inline int extract_l4(struct vsl_key *key, struct sk_buff *skb,
				      unsigned int l4)
{
	int err;

	switch (key->ip_proto) {
	case IPPROTO_TCP:
		return extract_tcp(key, skb, l4);
	case IPPROTO_UDP:
		return extract_ports(key, skb, l4, sizeof(struct udphdr));
	case IPPROTO_SCTP:
		return extract_ports(key, skb, l4, sizeof(struct sctphdr));
	case IPPROTO_ICMP:
		if (key->eth_type != htons(ETH_P_IP))
			return 0;
		return extract_icmp(key, skb, l4, sizeof(struct icmphdr));
	case IPPROTO_ICMPV6:
		if (key->eth_type != htons(ETH_P_IPV6))
			return 0;
		err = extract_icmp(key, skb, l4, sizeof(struct icmp6hdr));
		if (err <= 0)
			return err;
		if (!key->tp_dst &&
		    (key->tp_src == htons(NDISC_NEIGHBOUR_SOLICITATION) ||
		     key->tp_src == htons(NDISC_NEIGHBOUR_ADVERTISEMENT)))
			return extract_nd(key, skb, l4);
		return 0;
	}
	return 0;
}

/* A datagram that the sender's device is to cut: the first piece's key. */
static bool is_ufo(const struct sk_buff *skb)
{
	return skb_is_gso(skb) && (skb_shinfo(skb)->gso_type & SKB_GSO_UDP);
}

static __always_inline int extract_ipv4(struct vsl_key *key, struct sk_buff *skb,
					unsigned int l3)
{
	const struct iphdr *ip;
	unsigned int hlen;
	int err = pull(skb, l3 + sizeof(*ip));

	if (err <= 0)
		return err;
	ip = (struct iphdr *)(skb->data + l3);
	hlen = ip->ihl * 4;
	if (hlen < sizeof(*ip))
		return 0;
	if (unlikely(hlen > sizeof(*ip))) {
		err = pull(skb, l3 + hlen);
		if (err <= 0)
			return err;
		ip = (struct iphdr *)(skb->data + l3);
	}
	skb_set_transport_header(skb, l3 + hlen);

	key->ipv4.src = ip->saddr;
	key->ipv4.dst = ip->daddr;
	key->ip_proto = ip->protocol;
	key->ip_tos = ip->tos;
	key->ip_ttl = ip->ttl;
	if (ip->frag_off & htons(IP_OFFSET)) {
		key->ip_frag = OVS_FRAG_TYPE_LATER;
		return 0;
	}
	if ((ip->frag_off & htons(IP_MF)) || is_ufo(skb))
		key->ip_frag = OVS_FRAG_TYPE_FIRST;
	return extract_l4(key, skb, l3 + hlen);
}

/*
 * Sets ip_proto to what comes after the extension headers, and ip_frag.  Returns
 * where that is; 0: there is no more to be had from this packet.
 */
static noinline unsigned int skip_extensions(struct vsl_key *key,
					     struct sk_buff *skb,
					     unsigned int l3)
{
	unsigned int l4 = l3;	/* where it begins, then what it finds */
	unsigned short frag_off = 0;
	int flags = 0, nexthdr;

	nexthdr = ipv6_find_hdr(skb, &l4, -1, &frag_off, &flags);
	if (flags & IP6_FH_F_FRAG) {
		if (frag_off) {
			key->ip_frag = OVS_FRAG_TYPE_LATER;
			key->ip_proto = NEXTHDR_FRAGMENT;
			return 0;
		}
		key->ip_frag = OVS_FRAG_TYPE_FIRST;
	}
	key->ip_proto = nexthdr < 0 ? NEXTHDR_NONE : nexthdr;
	return nexthdr < 0 ? 0 : l4;
}

static __always_inline int extract_ipv6(struct vsl_key *key, struct sk_buff *skb,
					unsigned int l3)
{
	unsigned int l4 = l3 + sizeof(struct ipv6hdr);
	const struct ipv6hdr *ip;
	int nexthdr;
	int err = pull(skb, l4);

	if (err <= 0)
		return err;
	ip = (struct ipv6hdr *)(skb->data + l3);
	key->ipv6.src = ip->saddr;
	key->ipv6.dst = ip->daddr;
	key->ip_tos = ipv6_get_dsfield(ip);
	key->ip_ttl = ip->hop_limit;
	key->ipv6_label = *(__be32 *)ip & htonl(IPV6_FLOWINFO_FLOWLABEL);
	nexthdr = ip->nexthdr;

	if (unlikely(ipv6_ext_hdr(nexthdr))) {
		l4 = skip_extensions(key, skb, l3);
		if (!l4)
			return 0;
		nexthdr = key->ip_proto;
	}
	if (is_ufo(skb))
		key->ip_frag = OVS_FRAG_TYPE_FIRST;
	key->ip_proto = nexthdr;
	skb_set_transport_header(skb, l4);
	return extract_l4(key, skb, l4);
}

/*
 * Entries of the label stack down to its bottom or to the last that a key has.
 * What is below the whole stack is the inner packet, of which devices that cut
 * packets up want to know.
 */
static noinline int extract_mpls(struct vsl_key *key, struct sk_buff *skb,
				 unsigned int l3)
{
	unsigned int n = 0;
	__be32 lse = 0;
	int err;

	while (!(lse & htonl(MPLS_LS_S_MASK))) {
		err = pull(skb, l3 + (n + 1) * sizeof(lse));
		if (err <= 0)
			return err;
		lse = *(__be32 *)(skb->data + l3 + n * sizeof(lse));
		if (n < VSL_KEY_LABELS) {
			key->mpls.lse[n] = lse;
			key->mpls.present |= BIT(n);
		}
		n++;
	}
	skb_set_inner_network_header(skb, l3 + n * sizeof(lse));
	return 0;
}

/* Ethernet header and tags.  Returns where the payload begins, or -ENOMEM. */
static __always_inline int extract_l2(struct vsl_key *key, struct sk_buff *skb)
{
	const struct ethhdr *eth;
	int l3, type_at;

	memset(key->vlan, 0, sizeof(key->vlan));
	type_at = extract_vlans(key, skb);
	if (unlikely(type_at < 0))
		return type_at;
	key->eth_type = *(__be16 *)(skb->data + type_at);
	l3 = type_at + sizeof(key->eth_type);
	if (unlikely(!eth_proto_is_802_3(key->eth_type)))
		l3 = extract_snap(key, skb, l3);
	eth = (struct ethhdr *)skb->data;
	ether_addr_copy(key->eth_src, eth->h_source);
	ether_addr_copy(key->eth_dst, eth->h_dest);
	skb->protocol = likely(type_at == TYPE_AT) ? key->eth_type :
						     eth->h_proto;
	return l3;
}

/*
 * A packet without an Ethernet header; its type is known from its device or from
 * the header that it had, which may have left an LLC header before the payload.
 */
static int extract_no_l2(struct vsl_key *key, const struct sk_buff *skb)
{
	key->eth_type = skb->protocol;
	eth_zero_addr(key->eth_src);
	eth_zero_addr(key->eth_dst);
	return skb_network_offset(skb);
}

/* The packet's own fields: see vsl_key_refresh(). */
static __always_inline int extract(struct vsl_key *key, struct sk_buff *skb,
				   bool has_mac)
{
	int err = 0, l3 = 0;

	key->tp_src = 0;
	key->tp_dst = 0;
	key->tcp_flags = 0;
	key->unused0 = 0;
	clear_l3(key);
	clear_nd(key);

	skb_reset_mac_header(skb);
	if (likely(has_mac)) {
		l3 = extract_l2(key, skb);
		if (unlikely(l3 < 0))
			return l3;
	} else {
		l3 = extract_no_l2(key, skb);
	}
	skb_set_network_header(skb, l3);
	skb_set_transport_header(skb, l3);
	skb->mac_len = l3;

	if (likely(key->eth_type == htons(ETH_P_IP)))
		err = extract_ipv4(key, skb, l3);
	else if (likely(key->eth_type == htons(ETH_P_IPV6)))
		err = extract_ipv6(key, skb, l3);
	else if (key->eth_type == htons(ETH_P_ARP) ||
		 key->eth_type == htons(ETH_P_RARP))
		err = extract_arp(key, skb, l3);
	else if (key->eth_type == htons(ETH_P_MPLS_UC) ||
		 key->eth_type == htons(ETH_P_MPLS_MC))
		err = extract_mpls(key, skb, l3);
	return min(err, 0);
}

/**
 * vsl_key_refresh() - take the packet's own fields of a key anew
 * @key: metadata (in_port, recirc_id, priority, mark, dp_hash) is kept, and so
 *       is whether the packet has an Ethernet header
 * @skb: data at the Ethernet header, of which all 14 bytes are linear; or, where
 *       it has none, with network header and skb->protocol set; not shared
 *
 * Sets the skb's header offsets, mac_len and protocol as well.  Context: any
 * that may write to the skb; does not sleep.  The skb stays the caller's.
 *
 * Return: 0, or -ENOMEM with the key in no defined state.
 */
int vsl_key_refresh(struct vsl_key *key, struct sk_buff *skb)
{
	return extract(key, skb, vsl_key_has_mac(key));
}

/**
 * vsl_key_extract() - the key of a packet that has just come in
 * @key: all of it is written
 * @skb: as for vsl_key_refresh()
 * @in_port: the port's number, or VSL_PORT_NONE
 * @has_mac: it begins with an Ethernet header
 *
 * Context: softirq, or process context with bottom halves off.  The skb stays
 * the caller's.
 *
 * Return: 0, or -ENOMEM.
 */
int vsl_key_extract(struct vsl_key *key, struct sk_buff *skb, u16 in_port,
		    bool has_mac)
{
	key->recirc_id = 0;
	key->in_port = in_port;
	key->priority = skb->priority;
	key->mark = skb->mark;
	key->dp_hash = 0;
	vsl_key_set_mac(key, has_mac);
	return extract(key, skb, has_mac);
}
