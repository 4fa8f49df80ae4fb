// SPDX-License-Identifier: GPL-2.0-or-later
/* What is odd about a made-up flow, see remark.h. */
#include "remark.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

#include <netlink/attr.h>

#include "ovs_abi.h"

#define BIT(type)	(1ULL << (type))
#define UPPER	(BIT(OVS_KEY_ATTR_ARP) | BIT(OVS_KEY_ATTR_IPV4) |	\
		 BIT(OVS_KEY_ATTR_IPV6) | BIT(OVS_KEY_ATTR_TCP) |	\
		 BIT(OVS_KEY_ATTR_TCP_FLAGS) | BIT(OVS_KEY_ATTR_UDP) |	\
		 BIT(OVS_KEY_ATTR_SCTP) | BIT(OVS_KEY_ATTR_ICMP) |	\
		 BIT(OVS_KEY_ATTR_ICMPV6) | BIT(OVS_KEY_ATTR_ND) |	\
		 BIT(OVS_KEY_ATTR_MPLS))

/* What all levels of tags together have. */
struct summary {
	uint64_t attrs;
	uint16_t type;		/* innermost; 0: none */
	uint8_t proto, frag;
	bool empty_encap;
};

static void summarise(struct vsl_blob nest, struct summary *s)
{
	const struct nlattr *attr, *encap = NULL;
	int rem;

	s->type = 0;
	nla_for_each_attr(attr, (struct nlattr *)nest.data, (int)nest.len,
			  rem) {
		const uint8_t *data = nla_data(attr);
		int type = nla_type(attr), len = nla_len(attr);

		if (type < 64)
			s->attrs |= BIT(type);
		if (type == OVS_KEY_ATTR_ETHERTYPE && len == 2)
			s->type = data[0] << 8 | data[1];
		if (type == OVS_KEY_ATTR_IPV4 && len == 12) {
			s->proto = data[8];
			s->frag = data[11];
		}
		if (type == OVS_KEY_ATTR_IPV6 && len == 40) {
			s->proto = data[36];
			s->frag = data[39];
		}
		if (type == OVS_KEY_ATTR_ENCAP)
			encap = attr;
	}
	if (!encap)
		return;
	if (!nla_len(encap))
		s->empty_encap = true;
	if (s->type == ETH_P_8021Q || s->type == ETH_P_8021AD)
		summarise(vsl_blob_of_attr(encap), s);
}

/* Here a level has its ENCAP whatever its EtherType is. */
static void summarise_mask(struct vsl_blob nest, struct summary *s)
{
	const struct nlattr *attr;
	int rem;

	nla_for_each_attr(attr, (struct nlattr *)nest.data, (int)nest.len,
			  rem) {
		if (nla_type(attr) != OVS_KEY_ATTR_ENCAP)
			continue;
		if (!nla_len(attr))
			s->empty_encap = true;
		summarise_mask(vsl_blob_of_attr(attr), s);
	}
}

static uint64_t expected_l4(const struct summary *s)
{
	if (s->frag == OVS_FRAG_TYPE_LATER)
		return 0;
	switch (s->proto) {
	case IPPROTO_TCP:
		return BIT(OVS_KEY_ATTR_TCP) | BIT(OVS_KEY_ATTR_TCP_FLAGS);
	case IPPROTO_UDP:
		return BIT(OVS_KEY_ATTR_UDP);
	case IPPROTO_SCTP:
		return BIT(OVS_KEY_ATTR_SCTP);
	case IPPROTO_ICMP:
		return s->type == ETH_P_IP ? BIT(OVS_KEY_ATTR_ICMP) : 0;
	case IPPROTO_ICMPV6:
		return s->type == ETH_P_IPV6 ? BIT(OVS_KEY_ATTR_ICMPV6) |
					       BIT(OVS_KEY_ATTR_ND) : 0;
	default:
		return 0;
	}
}

static uint64_t expected(const struct summary *s)
{
	switch (s->type) {
	case ETH_P_ARP:
	case ETH_P_RARP:
		return BIT(OVS_KEY_ATTR_ARP);
	case ETH_P_IP:
		return BIT(OVS_KEY_ATTR_IPV4) | expected_l4(s);
	case ETH_P_IPV6:
		return BIT(OVS_KEY_ATTR_IPV6) | expected_l4(s);
	case ETH_P_MPLS_UC:
	case ETH_P_MPLS_MC:
		return BIT(OVS_KEY_ATTR_MPLS);
	default:
		return 0;
	}
}

static bool is_zero(const struct nlattr *attr)
{
	const char *p = nla_data(attr);
	int i;

	for (i = 0; i < nla_len(attr); i++)
		if (p[i])
			return false;
	return true;
}

/* An attribute of a mask that is all zero is as good as none. */
static bool encap_alone(struct vsl_blob mask)
{
	const struct nlattr *attr, *encap = NULL;
	bool vlan = false, type = false;
	int rem;

	nla_for_each_attr(attr, (struct nlattr *)mask.data, (int)mask.len,
			  rem) {
		if (nla_type(attr) == OVS_KEY_ATTR_ENCAP)
			encap = attr;
		if (nla_type(attr) == OVS_KEY_ATTR_VLAN)
			vlan = !is_zero(attr);
		if (nla_type(attr) == OVS_KEY_ATTR_ETHERTYPE)
			type = !is_zero(attr);
	}
	return encap && (!vlan || !type ||
			 encap_alone(vsl_blob_of_attr(encap)));
}

void remark_print(FILE *out, struct vsl_blob key, struct vsl_blob mask)
{
	struct summary s = { 0 }, m = { 0 };

	summarise(key, &s);
	if (mask.data)
		summarise_mask(mask, &m);
	if (!(s.attrs & BIT(OVS_KEY_ATTR_ETHERNET)))
		fputs(" no-eth", out);
	if (s.attrs & UPPER & ~expected(&s))
		fputs(" extra", out);
	if (s.empty_encap || m.empty_encap)
		fputs(" empty-encap", out);
	if (!s.type && !mask.data)
		fputs(" no-type", out);
	if (mask.data && encap_alone(mask))
		fputs(" untagged-encap", out);
}
