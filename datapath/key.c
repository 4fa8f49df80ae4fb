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
static int pull(struct sk_buff *skb, unsigned int len)
{
	if (likely(len <= skb_headlen(skb)))
		return 1;
	if (len > skb->len)
		return 0;
	return pskb_may_pull(skb, len) ? 1 : -ENOMEM;
}

static void clear_l3(struct vsl_key *key)
{
	key->ip_proto = 0;
	key->ip_frag = 0;
	key->ip_tos = 0;
	key->ip_ttl = 0;
	memset(&key->ipv6, 0, sizeof(key->ipv6));
	key->ipv6_label = 0;
}

static void clear_nd(struct vsl_key *key)
{
	memset(&key->nd_target, 0, sizeof(key->nd_target));
	eth_zero_addr(key->sha);
	eth_zero_addr(key->tha);
}

/*
 * The tags.  A tag that is still in the frame, as from an internal port or
 * from user space, is moved to the skb's own field, where received ones
 * are already, so that everything after this knows one form.  The second
 * tag, if any, stays in the frame.  Sets *@type_at to where the frame's next
 * EtherType is.
 */
static int extract_vlans(struct vsl_key *key, struct sk_buff *skb,
			 unsigned int *type_at)
{
	__be16 type = *(__be16 *)(skb->data + 2 * ETH_ALEN);
	unsigned int at = 2 * ETH_ALEN;
	struct vlan_hdr *inner;
	int err;

	if (!skb_vlan_tag_present(skb) && eth_type_vlan(type)) {
		u16 tci;

		err = pull(skb, VLAN_ETH_HLEN);
		if (err <= 0)	/* a cut off tag: the EtherType says it all */
			goto out;
		err = __skb_vlan_pop(skb, &tci);
		if (err)
			return err;
		__vlan_hwaccel_put_tag(skb, type, tci);
		type = *(__be16 *)(skb->data + 2 * ETH_ALEN);
	}
	err = 1;
	if (!skb_vlan_tag_present(skb))
		goto out;
	key->vlan[0].tpid = skb->vlan_proto;
	key->vlan[0].tci = htons(skb_vlan_tag_get(skb)) | VSL_VLAN_PRESENT;

	if (!eth_type_vlan(type))
		goto out;
	err = pull(skb, at + sizeof(type) + sizeof(*inner));
	if (err <= 0)
		goto out;
	inner = (struct vlan_hdr *)(skb->data + at + sizeof(type));
	key->vlan[1].tpid = type;
	key->vlan[1].tci = inner->h_vlan_TCI | VSL_VLAN_PRESENT;
	at += sizeof(*inner);
out:
	*type_at = at;
	return min(err, 0);
}

/*
 * The EtherType at @at; where there is a length instead, that of the SNAP
 * header, else ETH_P_802_2.  Sets *@l3 to where the payload begins.
 */
static __be16 extract_type(struct sk_buff *skb, unsigned int at,
			   unsigned int *l3)
{
	__be16 type = *(__be16 *)(skb->data + at);
	const struct llc_snap *llc;

	*l3 = at + sizeof(type);
	if (likely(eth_proto_is_802_3(type)))
		return type;
	if (pull(skb, *l3 + sizeof(*llc)) <= 0)
		return htons(ETH_P_802_2);
	llc = (struct llc_snap *)(skb->data + *l3);
	if (llc->dsap != LLC_SAP_SNAP || llc->ssap != LLC_SAP_SNAP ||
	    llc->oui[0] || llc->oui[1] || llc->oui[2])
		return htons(ETH_P_802_2);
	*l3 += sizeof(*llc);
	return eth_proto_is_802_3(llc->ethertype) ? llc->ethertype :
						    htons(ETH_P_802_2);
}

static int extract_arp(struct vsl_key *key, struct sk_buff *skb,
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
static int extract_ports(struct vsl_key *key, struct sk_buff *skb,
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

static int extract_tcp(struct vsl_key *key, struct sk_buff *skb,
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
static int extract_icmp(struct vsl_key *key, struct sk_buff *skb,
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
static int extract_nd(struct vsl_key *key, struct sk_buff *skb,
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

static int extract_l4(struct vsl_key *key, struct sk_buff *skb,
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

static int extract_ipv4(struct vsl_key *key, struct sk_buff *skb,
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

static int extract_ipv6(struct vsl_key *key, struct sk_buff *skb,
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
		unsigned short frag_off = 0;
		int flags = 0;

		l4 = l3;	/* where it begins, then what it finds */
		nexthdr = ipv6_find_hdr(skb, &l4, -1, &frag_off, &flags);
		if (flags & IP6_FH_F_FRAG) {
			if (frag_off) {
				key->ip_frag = OVS_FRAG_TYPE_LATER;
				key->ip_proto = NEXTHDR_FRAGMENT;
				return 0;
			}
			key->ip_frag = OVS_FRAG_TYPE_FIRST;
		}
		if (nexthdr < 0) {
			key->ip_proto = NEXTHDR_NONE;
			return 0;
		}
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
static int extract_mpls(struct vsl_key *key, struct sk_buff *skb,
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

/* Ethernet header and tags.  Sets *@l3 to where the payload begins. */
static int extract_l2(struct vsl_key *key, struct sk_buff *skb,
		      unsigned int *l3)
{
	const struct ethhdr *eth;
	unsigned int type_at;
	int err;

	memset(key->vlan, 0, sizeof(key->vlan));
	err = extract_vlans(key, skb, &type_at);
	if (err)
		return err;
	key->eth_type = extract_type(skb, type_at, l3);
	eth = (struct ethhdr *)skb->data;
	ether_addr_copy(key->eth_src, eth->h_source);
	ether_addr_copy(key->eth_dst, eth->h_dest);
	skb->protocol = type_at == 2 * ETH_ALEN ? key->eth_type : eth->h_proto;
	return 0;
}

/*
 * A packet without an Ethernet header; its type is known from its device or from
 * the header that it had, which may have left an LLC header before the payload.
 */
static void extract_no_l2(struct vsl_key *key, struct sk_buff *skb,
			  unsigned int *l3)
{
	key->eth_type = skb->protocol;
	eth_zero_addr(key->eth_src);
	eth_zero_addr(key->eth_dst);
	*l3 = skb_network_offset(skb);
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
	unsigned int l3 = 0;
	int err;

	key->tp_src = 0;
	key->tp_dst = 0;
	key->tcp_flags = 0;
	clear_l3(key);
	clear_nd(key);

	skb_reset_mac_header(skb);
	if (likely(vsl_key_has_mac(key))) {
		err = extract_l2(key, skb, &l3);
		if (err)
			return err;
	} else {
		extract_no_l2(key, skb, &l3);
	}
	skb_set_network_header(skb, l3);
	skb_set_transport_header(skb, l3);
	skb_reset_mac_len(skb);

	err = 0;
	switch (key->eth_type) {
	case htons(ETH_P_IP):
		err = extract_ipv4(key, skb, l3);
		break;
	case htons(ETH_P_IPV6):
		err = extract_ipv6(key, skb, l3);
		break;
	case htons(ETH_P_ARP):
	case htons(ETH_P_RARP):
		err = extract_arp(key, skb, l3);
		break;
	case htons(ETH_P_MPLS_UC):
	case htons(ETH_P_MPLS_MC):
		err = extract_mpls(key, skb, l3);
		break;
	}
	return min(err, 0);
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
	key->unused0 = 0;
	key->priority = skb->priority;
	key->mark = skb->mark;
	key->dp_hash = 0;
	memset(key->unused1, 0, sizeof(key->unused1));
	vsl_key_set_mac(key, has_mac);
	return vsl_key_refresh(key, skb);
}
