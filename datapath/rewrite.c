// SPDX-License-Identifier: GPL-2.0-only
/*
 * Edits of a packet, each a call of action.c; see rewrite.h.
 *
 * Checksums are updated by what changes (RFC 1624), so that a packet that was
 * damaged on its way is not made to look sound.  What a checksum field holds
 * depends on the skb:
 *
 *   CHECKSUM_PARTIAL   where the skb says that its checksum starts: the sum of
 *                      the pseudo header alone, not inverted
 *   all else           the checksum as on the wire
 *
 * CHECKSUM_COMPLETE, the device's sum of all bytes, is given up by an edit of
 * the layers above Ethernet: who needs it adds them up anew.
 */
#include "rewrite.h"

#include <linux/crc32.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/sctp.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/dsfield.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/mpls.h>

#include "key.h"
#include "ovs_abi.h"

/**
 * struct l4 - where a packet's transport header is
 * @at: from the packet's data on; 0: it has none, or it is not in this fragment
 * @len: bytes from there to the end of the IP packet
 * @proto: IP protocol
 * @more: there are further fragments
 */
struct l4 {
	unsigned int at;
	unsigned int len;
	u8 proto;
	bool more;
};

/**
 * vsl_rewrite_push_vlan() - put a tag before those that are there
 * @skb: see rewrite.h
 * @vlan: the tag
 *
 * Context: any that may write to the skb; does not sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int vsl_rewrite_push_vlan(struct sk_buff *skb, const struct vsl_vlan *vlan)
{
	int l3 = skb_network_offset(skb);
	int err;

	/* the tag that was beside the data goes into the frame */
	if (skb_vlan_tag_present(skb))
		l3 += VLAN_HLEN;
	err = skb_vlan_push(skb, vlan->tpid,
			    ntohs(vlan->tci & ~VSL_VLAN_PRESENT));
	if (unlikely(err))
		return err;
	/* newer kernels have the network header begin at that tag; not so here */
	skb_set_network_header(skb, l3);
	skb_reset_mac_len(skb);
	return 0;
}

/**
 * vsl_rewrite_tag_inside() - have the tag beside the data, if any, in the frame
 * @skb: see rewrite.h; header offsets stay at what they are of
 *
 * Context: any that may write to the skb; does not sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int vsl_rewrite_tag_inside(struct sk_buff *skb)
{
	int err;

	if (likely(!skb_vlan_tag_present(skb)))
		return 0;
	err = __vlan_insert_tag(skb, skb->vlan_proto, skb_vlan_tag_get(skb));
	if (unlikely(err))
		return err;
	skb_postpush_rcsum(skb, skb->data + 2 * ETH_ALEN, VLAN_HLEN);
	__vlan_hwaccel_clear_tag(skb);
	return 0;
}

/**
 * vsl_rewrite_pop_vlan() - take the outermost tag off
 * @skb: see rewrite.h; a packet without a tag stays as it is
 *
 * Context: any that may write to the skb; does not sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int vsl_rewrite_pop_vlan(struct sk_buff *skb)
{
	return skb_vlan_pop(skb);
}

static void set_address(u8 *address, const u8 *value, const u8 *mask)
{
	int i;

	for (i = 0; i < ETH_ALEN; i++)
		address[i] = (address[i] & ~mask[i]) | value[i];
}

/**
 * vsl_rewrite_ethernet() - set MAC addresses
 * @skb: see rewrite.h
 * @value: see rewrite.h
 * @mask: see rewrite.h
 *
 * Context: any that may write to the skb; does not sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int vsl_rewrite_ethernet(struct sk_buff *skb,
			 const struct ovs_key_ethernet *value,
			 const struct ovs_key_ethernet *mask)
{
	struct ethhdr *eth = eth_hdr(skb);
	struct ethhdr new = *eth;
	int err;

	set_address(new.h_source, value->eth_src, mask->eth_src);
	set_address(new.h_dest, value->eth_dst, mask->eth_dst);
	if (!memcmp(&new, eth, 2 * ETH_ALEN))
		return 0;
	err = skb_ensure_writable(skb, ETH_HLEN);
	if (unlikely(err))
		return err;
	eth = eth_hdr(skb);
	skb_postpull_rcsum(skb, eth, 2 * ETH_ALEN);
	memcpy(eth, &new, 2 * ETH_ALEN);
	skb_postpush_rcsum(skb, eth, 2 * ETH_ALEN);
	return 0;
}

/* Before the first @len bytes are written to. */
static int begin_edit(struct sk_buff *skb, unsigned int len)
{
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;
	return skb_ensure_writable(skb, len);
}

/* A network header is there as a whole, and linear. */
static int pull_l3(struct sk_buff *skb, unsigned int len)
{
	len += skb_network_offset(skb);
	if (unlikely(len > skb->len))
		return -EINVAL;
	return pskb_may_pull(skb, len) ? 0 : -ENOMEM;
}

/* The IPv4 header is linear. */
static void find_l4_ipv4(const struct sk_buff *skb, struct l4 *l4)
{
	const struct iphdr *ip = ip_hdr(skb);
	unsigned int hlen = ip->ihl * 4;
	unsigned int len = ntohs(ip->tot_len);

	l4->at = 0;
	l4->proto = ip->protocol;
	if (hlen < sizeof(*ip) || (ip->frag_off & htons(IP_OFFSET)))
		return;
	l4->at = skb_network_offset(skb) + hlen;
	l4->len = len > hlen ? len - hlen : 0;
	l4->more = ip->frag_off & htons(IP_MF);
}

/* The IPv6 header is linear. */
static void find_l4_ipv6(const struct sk_buff *skb, struct l4 *l4)
{
	unsigned int l3 = skb_network_offset(skb);
	unsigned int end = l3 + sizeof(struct ipv6hdr) +
			   ntohs(ipv6_hdr(skb)->payload_len);
	int proto = ipv6_hdr(skb)->nexthdr;
	unsigned int at = l3 + sizeof(struct ipv6hdr);
	unsigned short frag_off = 0;
	int flags = 0;

	l4->at = 0;
	if (unlikely(ipv6_ext_hdr(proto))) {
		at = l3;	/* where it begins, then what it finds */
		proto = ipv6_find_hdr(skb, &at, -1, &frag_off, &flags);
		if (proto < 0 || frag_off)
			return;
	}
	l4->at = at;
	l4->len = end > at ? end - at : 0;
	l4->proto = proto;
	l4->more = flags & IP6_FH_F_FRAG;
}

/* The checksum at @l4 is still to be completed, by the device or in software. */
static bool is_partial(const struct sk_buff *skb, const struct l4 *l4)
{
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return false;
	if (skb_checksum_start_offset(skb) == l4->at)
		return true;
	/* that of a tunnel's outer header is, if its packets are yet to be cut */
	return skb_is_gso(skb) &&
	       (skb_shinfo(skb)->gso_type & SKB_GSO_UDP_TUNNEL_CSUM);
}

/*
 * Where the transport checksum is, from the packet's data on, made writable; 0:
 * there is none that would have to be updated; negative: no memory.
 */
static int find_check(struct sk_buff *skb, const struct l4 *l4)
{
	unsigned int at = l4->at;
	int err;

	if (!at)
		return 0;
	switch (l4->proto) {
	case IPPROTO_TCP:
		at += offsetof(struct tcphdr, check);
		break;
	case IPPROTO_UDP:
		at += offsetof(struct udphdr, check);
		break;
	case IPPROTO_ICMPV6:
		at += offsetof(struct icmp6hdr, icmp6_cksum);
		break;
	default:
		return 0;
	}
	if (at + sizeof(__sum16) > skb->len)
		return 0;
	err = skb_ensure_writable(skb, at + sizeof(__sum16));
	if (unlikely(err))
		return err;
	/* a UDP packet may do without */
	if (l4->proto == IPPROTO_UDP && !*(__sum16 *)(skb->data + at) &&
	    !is_partial(skb, l4))
		return 0;
	return at;
}

/*
 * Updates the transport checksum at @check, if any, for a change of the pseudo
 * header.
 */
static void replace_pseudo(struct sk_buff *skb, int check, const struct l4 *l4,
			   const __be32 *old, const __be32 *new, int words)
{
	__sum16 *sum = (__sum16 *)(skb->data + check);
	bool partial = is_partial(skb, l4);
	int i;

	if (!check)
		return;
	for (i = 0; i < words; i++) {
		__wsum change = csum_sub((__force __wsum)new[i],
					 (__force __wsum)old[i]);

		if (partial)
			*sum = ~csum_fold(csum_add(csum_unfold(*sum), change));
		else
			csum_replace4(sum, old[i], new[i]);
	}
	/* 0 would say that the sender has not computed one */
	if (l4->proto == IPPROTO_UDP && !*sum)
		*sum = CSUM_MANGLED_0;
}

/* What the packet was known by, it is no more. */
static void forget_identity(struct sk_buff *skb)
{
	skb_clear_hash(skb);
	nf_reset_ct(skb);
}

static int set_ipv4_addresses(struct sk_buff *skb, __be32 saddr, __be32 daddr)
{
	__be32 old[2] = { ip_hdr(skb)->saddr, ip_hdr(skb)->daddr };
	__be32 new[2] = { saddr, daddr };
	struct iphdr *ip;
	struct l4 l4;
	int check;

	find_l4_ipv4(skb, &l4);
	if (l4.proto == IPPROTO_ICMPV6)	/* no pseudo header but in IPv6 */
		l4.at = 0;
	check = find_check(skb, &l4);
	if (unlikely(check < 0))
		return check;
	replace_pseudo(skb, check, &l4, old, new, 2);
	ip = ip_hdr(skb);
	csum_replace4(&ip->check, old[0], new[0]);
	csum_replace4(&ip->check, old[1], new[1]);
	ip->saddr = saddr;
	ip->daddr = daddr;
	forget_identity(skb);
	return 0;
}

/**
 * vsl_rewrite_ipv4() - set addresses, TOS and TTL
 * @skb: see rewrite.h
 * @value: see rewrite.h; protocol and fragment are not looked at
 * @mask: likewise
 *
 * Context: any that may write to the skb; does not sleep.
 *
 * Return: 0; -EINVAL where the header is cut short; -ENOMEM.
 */
int vsl_rewrite_ipv4(struct sk_buff *skb, const struct ovs_key_ipv4 *value,
		     const struct ovs_key_ipv4 *mask)
{
	int err = pull_l3(skb, sizeof(struct iphdr));
	__be32 saddr, daddr;
	struct iphdr *ip;
	u8 tos, ttl;

	if (unlikely(err))
		return err;
	ip = ip_hdr(skb);
	saddr = (ip->saddr & ~mask->ipv4_src) | value->ipv4_src;
	daddr = (ip->daddr & ~mask->ipv4_dst) | value->ipv4_dst;
	tos = (ip->tos & ~mask->ipv4_tos) | value->ipv4_tos;
	ttl = (ip->ttl & ~mask->ipv4_ttl) | value->ipv4_ttl;
	if (saddr == ip->saddr && daddr == ip->daddr && tos == ip->tos &&
	    ttl == ip->ttl)
		return 0;

	err = begin_edit(skb, skb_network_offset(skb) + sizeof(*ip));
	if (unlikely(err))
		return err;
	ip = ip_hdr(skb);
	if (saddr != ip->saddr || daddr != ip->daddr) {
		err = set_ipv4_addresses(skb, saddr, daddr);
		if (unlikely(err))
			return err;
		ip = ip_hdr(skb);
	}
	if (tos != ip->tos)
		ipv4_change_dsfield(ip, 0, tos);
	if (ttl != ip->ttl) {
		csum_replace2(&ip->check, htons(ip->ttl << 8),
			      htons(ttl << 8));
		ip->ttl = ttl;
	}
	return 0;
}

/*
 * Whether the destination is a router on the way only: the transport checksum
 * covers the final one, which is in a routing header then (RFC 8200, 8.1).
 */
static bool is_routed(const struct sk_buff *skb)
{
	int flags = IP6_FH_F_SKIP_RH;
	unsigned int at = 0;

	return ipv6_find_hdr(skb, &at, NEXTHDR_ROUTING, NULL, &flags) ==
	       NEXTHDR_ROUTING;
}

static int set_ipv6_addresses(struct sk_buff *skb, const struct in6_addr *saddr,
			      const struct in6_addr *daddr)
{
	bool routed = is_routed(skb);
	struct ipv6hdr *ip;
	struct l4 l4;
	int check;

	find_l4_ipv6(skb, &l4);
	check = find_check(skb, &l4);
	if (unlikely(check < 0))
		return check;
	ip = ipv6_hdr(skb);
	replace_pseudo(skb, check, &l4, ip->saddr.s6_addr32, saddr->s6_addr32,
		       4);
	if (!routed)
		replace_pseudo(skb, check, &l4, ip->daddr.s6_addr32,
			       daddr->s6_addr32, 4);
	ip->saddr = *saddr;
	ip->daddr = *daddr;
	forget_identity(skb);
	return 0;
}

static void set_in6(struct in6_addr *address, const __be32 value[4],
		    const __be32 mask[4])
{
	int i;

	for (i = 0; i < 4; i++)
		address->s6_addr32[i] = (address->s6_addr32[i] & ~mask[i]) |
					value[i];
}

/* The first word: version, traffic class, flow label. */
static __be32 set_first_word(__be32 word, const struct ovs_key_ipv6 *value,
			     const struct ovs_key_ipv6 *mask)
{
	__be32 value_bits = htonl(value->ipv6_tclass << 20) |
			    value->ipv6_label;
	__be32 mask_bits = htonl(mask->ipv6_tclass << 20) |
			   (mask->ipv6_label &
			    IPV6_FLOWLABEL_MASK);

	return (word & ~mask_bits) | value_bits;
}

/**
 * vsl_rewrite_ipv6() - set addresses, flow label, traffic class and hop limit
 * @skb: see rewrite.h
 * @value: see rewrite.h; protocol and fragment are not looked at
 * @mask: likewise
 *
 * Context: any that may write to the skb; does not sleep.
 *
 * Return: 0; -EINVAL where the header is cut short; -ENOMEM.
 */
int vsl_rewrite_ipv6(struct sk_buff *skb, const struct ovs_key_ipv6 *value,
		     const struct ovs_key_ipv6 *mask)
{
	int err = pull_l3(skb, sizeof(struct ipv6hdr));
	struct ipv6hdr *ip, new;

	if (unlikely(err))
		return err;
	ip = ipv6_hdr(skb);
	new = *ip;
	set_in6(&new.saddr, value->ipv6_src, mask->ipv6_src);
	set_in6(&new.daddr, value->ipv6_dst, mask->ipv6_dst);
	*(__be32 *)&new = set_first_word(*(__be32 *)&new, value, mask);
	new.hop_limit = (new.hop_limit & ~mask->ipv6_hlimit) |
			value->ipv6_hlimit;
	if (!memcmp(ip, &new, sizeof(new)))
		return 0;

	err = begin_edit(skb, skb_network_offset(skb) + sizeof(*ip));
	if (unlikely(err))
		return err;
	ip = ipv6_hdr(skb);
	if (!ipv6_addr_equal(&ip->saddr, &new.saddr) ||
	    !ipv6_addr_equal(&ip->daddr, &new.daddr)) {
		err = set_ipv6_addresses(skb, &new.saddr, &new.daddr);
		if (unlikely(err))
			return err;
		ip = ipv6_hdr(skb);
	}
	*ip = new;
	return 0;
}

/*
 * Updates an SCTP checksum, a CRC32c over the whole packet, for a change of its
 * first four bytes.  A CRC is linear: that of the change and as many zeros as
 * there are bytes behind it is what the checksum changes by.
 */
static void replace_crc(struct sctphdr *sctp, const __be16 new[2],
			unsigned int len)
{
	static const u8 zeros[64];
	__be16 change[2] = { sctp->source ^ new[0], sctp->dest ^ new[1] };
	u32 crc = crc32c(0, change, sizeof(change));

	len -= sizeof(change);
	while (len) {
		unsigned int n = min_t(unsigned int, len, sizeof(zeros));

		crc = crc32c(crc, zeros, n);
		len -= n;
	}
	sctp->checksum ^= cpu_to_le32(crc);
}

static int set_ports(struct sk_buff *skb, const struct l4 *l4,
		     const __be16 new[2])
{
	int i, check = find_check(skb, l4);
	__sum16 *sum;
	__be16 *port;

	if (unlikely(check < 0))
		return check;
	port = (__be16 *)(skb->data + l4->at);
	if (check && !is_partial(skb, l4)) {
		sum = (__sum16 *)(skb->data + check);
		for (i = 0; i < 2; i++)
			csum_replace2(sum, port[i], new[i]);
		if (l4->proto == IPPROTO_UDP && !*sum)
			*sum = CSUM_MANGLED_0;
	}
	if (l4->proto == IPPROTO_SCTP && !is_partial(skb, l4))
		replace_crc((struct sctphdr *)port, new,
			    min(l4->len, skb->len - l4->at));
	port[0] = new[0];
	port[1] = new[1];
	forget_identity(skb);
	return 0;
}

/* The length of the header that the ports are in; 0: not one that has any. */
static unsigned int header_len(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return sizeof(struct tcphdr);
	case IPPROTO_UDP:
		return sizeof(struct udphdr);
	case IPPROTO_SCTP:
		return sizeof(struct sctphdr);
	}
	return 0;
}

/**
 * vsl_rewrite_ports() - set ports of TCP, UDP or SCTP
 * @skb: see rewrite.h; a fragment that does not have the ports stays as it is
 * @eth_type: of the packet, IPv4 or IPv6
 * @value: see rewrite.h; all three protocols' are alike
 * @mask: likewise
 *
 * Context: any that may write to the skb; does not sleep.
 *
 * Return: 0; -EINVAL where a header is cut short, or where the checksum cannot
 * be known: that of SCTP covers all fragments; -ENOMEM.
 */
int vsl_rewrite_ports(struct sk_buff *skb, __be16 eth_type,
		      const struct ovs_key_tcp *value,
		      const struct ovs_key_tcp *mask)
{
	bool ipv6 = eth_type == htons(ETH_P_IPV6);
	int err = pull_l3(skb, ipv6 ? sizeof(struct ipv6hdr) :
				      sizeof(struct iphdr));
	unsigned int len;
	__be16 new[2];
	__be16 *port;
	struct l4 l4;

	if (unlikely(err))
		return err;
	if (ipv6)
		find_l4_ipv6(skb, &l4);
	else
		find_l4_ipv4(skb, &l4);
	if (!l4.at)
		return 0;
	len = header_len(l4.proto);
	if (unlikely(!len || l4.at + len > skb->len))
		return -EINVAL;
	if (unlikely(!pskb_may_pull(skb, l4.at + len)))
		return -ENOMEM;
	port = (__be16 *)(skb->data + l4.at);
	new[0] = (port[0] & ~mask->tcp_src) | value->tcp_src;
	new[1] = (port[1] & ~mask->tcp_dst) | value->tcp_dst;
	if (new[0] == port[0] && new[1] == port[1])
		return 0;
	if (unlikely(l4.proto == IPPROTO_SCTP && (l4.more || l4.len < len)))
		return -EINVAL;
	err = begin_edit(skb, l4.at + len);
	if (unlikely(err))
		return err;
	return set_ports(skb, &l4, new);
}

/* What is changed of the Ethernet header, which is linear and writable. */
static void set_eth_word(struct sk_buff *skb, __be16 *word, u16 value)
{
	skb_postpull_rcsum(skb, word, sizeof(*word));
	*word = htons(value);
	skb_postpush_rcsum(skb, word, sizeof(*word));
}

/* The payload of the frame has become longer, by a label's length, or shorter. */
static void set_length(struct sk_buff *skb, int by)
{
	__be16 *length = &eth_hdr(skb)->h_proto;

	if (!eth_proto_is_802_3(*length))	/* no EtherType */
		set_eth_word(skb, length, ntohs(*length) + by);
}

/**
 * vsl_rewrite_push_mpls() - put a label on the packet
 * @skb: see rewrite.h
 * @lse: the label stack entry
 * @eth_type: ETH_P_MPLS_UC or _MC
 * @has_mac: the packet has an Ethernet header
 * @before_mac: the label comes before it, which then is part of the payload:
 *              the packet has none any more
 *
 * A SNAP header counts as a part of the Ethernet header, whose type it has.
 *
 * Context: any that may write to the skb; does not sleep.
 *
 * Return: 0; -ENOTSUPP for a packet in a tunnel that a device is still to cut
 * up; -ENOMEM.
 */
int vsl_rewrite_push_mpls(struct sk_buff *skb, __be32 lse, __be16 eth_type,
			  bool has_mac, bool before_mac)
{
	int err;

	if (!before_mac) {
		err = skb_mpls_push(skb, lse, eth_type, skb->mac_len, false);
		if (unlikely(err || !has_mac))
			return err;
		set_eth_word(skb, (__be16 *)skb_network_header(skb) - 1,
			     ntohs(eth_type));
		set_length(skb, MPLS_HLEN);
		return 0;
	}
	/* a tag beside the data belongs behind the label */
	err = vsl_rewrite_tag_inside(skb);
	if (unlikely(err))
		return err;
	return skb_mpls_push(skb, lse, eth_type, 0, false);
}

/**
 * vsl_rewrite_pop_mpls() - take the topmost label off
 * @skb: see rewrite.h; one without a label stays as it is
 * @eth_type: of what is below
 * @has_mac: the packet has an Ethernet header
 *
 * Context: any that may write to the skb; does not sleep.
 *
 * Return: 0; negative where it cannot be done.
 */
int vsl_rewrite_pop_mpls(struct sk_buff *skb, __be16 eth_type, bool has_mac)
{
	unsigned int len = skb->len;
	int err = skb_mpls_pop(skb, eth_type, skb->mac_len, has_mac);

	if (likely(!err && has_mac && skb->len < len))
		set_length(skb, -MPLS_HLEN);
	return err;
}

/**
 * vsl_rewrite_mpls() - set the topmost label
 * @skb: see rewrite.h
 * @value: see rewrite.h
 * @mask: see rewrite.h
 *
 * Context: any that may write to the skb; does not sleep.
 *
 * Return: 0; -EINVAL where there is no whole label; -ENOMEM.
 */
int vsl_rewrite_mpls(struct sk_buff *skb, const __be32 *value,
		     const __be32 *mask)
{
	int err = pull_l3(skb, sizeof(__be32));
	__be32 lse, old;

	if (unlikely(err))
		return err;
	old = *(__be32 *)skb_network_header(skb);
	lse = (old & ~*mask) | *value;
	return lse == old ? 0 : skb_mpls_update_lse(skb, lse);
}

/**
 * vsl_rewrite_push_mac() - put an Ethernet header before a packet without one
 * @skb: see rewrite.h
 * @addresses: its addresses; its type is skb->protocol
 *
 * Context: any that may write to the skb; does not sleep.
 *
 * Return: 0; negative where it cannot be done.
 */
int vsl_rewrite_push_mac(struct sk_buff *skb,
			 const struct ovs_key_ethernet *addresses)
{
	return skb_eth_push(skb, addresses->eth_dst, addresses->eth_src);
}

/**
 * vsl_rewrite_pop_mac() - take the Ethernet header off
 * @skb: see rewrite.h
 *
 * Context: any that may write to the skb; does not sleep.
 *
 * Return: 0; -EPROTO where a tag or an LLC header is behind it; -ENOMEM.
 */
int vsl_rewrite_pop_mac(struct sk_buff *skb)
{
	return skb_eth_pop(skb);
}

/**
 * vsl_rewrite_cut() - shorten a packet
 * @skb: see rewrite.h
 * @max_len: bytes that stay at most, a tag beside the data not counted
 *
 * Its checksums stay those of the whole packet, for who looks at its head only.
 *
 * Context: any that may write to the skb; does not sleep.
 *
 * Return: 0; negative where it cannot be done.
 */
int vsl_rewrite_cut(struct sk_buff *skb, u32 max_len)
{
	int err;

	if (skb->len <= max_len)
		return 0;
	/* what is left is not for a device to cut up, or to sum up; clones are */
	if (skb_is_gso(skb)) {
		err = skb_unclone(skb, GFP_ATOMIC);
		if (unlikely(err))
			return err;
		skb_gso_reset(skb);
	}
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		err = skb_csum_hwoffload_help(skb, 0);
		if (unlikely(err))
			return err;
	}
	return pskb_trim_rcsum(skb, max_len);
}
