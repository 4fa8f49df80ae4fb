// SPDX-License-Identifier: GPL-2.0-only
/*
 * OVS_ACTION_ATTR_SET and _SET_MASKED to a step of an action list: one table,
 * @set_rows, says what can be set, in which packets, to what.  Called by
 * nl_action.c.
 */
#include "nl_set.h"

#include <linux/errno.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <net/mpls.h>
#include <net/netlink.h>

#include "action.h"
#include "ovs_abi.h"

static int bad(const struct vsl_nl_set *set, const char *why)
{
	if (set->extack) {
		set->extack->_msg = why;
		NL_SET_BAD_ATTR(set->extack, set->attr);
	}
	return -EINVAL;
}

/* Whether the packet is surely IP with protocol @proto. */
static bool is_ip_with(const struct vsl_nl_set *set, u8 proto)
{
	return (set->eth_type == htons(ETH_P_IP) ||
		set->eth_type == htons(ETH_P_IPV6)) &&
	       set->key->ip_proto == proto;
}

/*
 * Checks of what is set to what.  @mask is all ones for SET, so that one check
 * serves both.
 */
typedef int check_set_fn(const struct vsl_nl_set *set, const void *value,
			 const void *mask);

static int check_set_ethernet(const struct vsl_nl_set *set, const void *value,
			      const void *mask)
{
	return set->has_mac ? 0 :
	       bad(set, "set: eth of a packet without an Ethernet header");
}

static int check_set_mpls(const struct vsl_nl_set *set, const void *value,
			  const void *mask)
{
	return eth_p_mpls(set->eth_type) ? 0 :
	       bad(set, "set: mpls of a packet that may have no label");
}

static int check_set_ipv4(const struct vsl_nl_set *set, const void *value,
			  const void *mask)
{
	const struct ovs_key_ipv4 *v = value, *m = mask;

	if (set->eth_type != htons(ETH_P_IP))
		return bad(set, "set: ipv4 of a packet that may have none");
	if (set->is_masked ? m->ipv4_proto || m->ipv4_frag :
			v->ipv4_proto != set->key->ip_proto ||
			v->ipv4_frag != set->key->ip_frag)
		return bad(set, "set: ipv4 proto and frag stay as they are");
	return 0;
}

static int check_set_ipv6(const struct vsl_nl_set *set, const void *value,
			  const void *mask)
{
	const struct ovs_key_ipv6 *v = value, *m = mask;

	if (set->eth_type != htons(ETH_P_IPV6))
		return bad(set, "set: ipv6 of a packet that may have none");
	if (set->is_masked ? m->ipv6_proto || m->ipv6_frag :
			v->ipv6_proto != set->key->ip_proto ||
			v->ipv6_frag != set->key->ip_frag)
		return bad(set, "set: ipv6 proto and frag stay as they are");
	if ((set->is_masked ? m : v)->ipv6_label & htonl(0xfff00000))
		return bad(set, "set: an ipv6 flow label has 20 bits");
	return 0;
}

static int check_set_tcp(const struct vsl_nl_set *set, const void *value,
			 const void *mask)
{
	return is_ip_with(set, IPPROTO_TCP) ? 0 :
	       bad(set, "set: tcp of a packet that may have none: match on proto=6");
}

static int check_set_udp(const struct vsl_nl_set *set, const void *value,
			 const void *mask)
{
	return is_ip_with(set, IPPROTO_UDP) ? 0 :
	       bad(set, "set: udp of a packet that may have none: match on proto=17");
}

static int check_set_sctp(const struct vsl_nl_set *set, const void *value,
			  const void *mask)
{
	return is_ip_with(set, IPPROTO_SCTP) ? 0 :
	       bad(set, "set: sctp of a packet that may have none: match on proto=132");
}

static const struct set_row {
	u8 len;			/* of the value; 0: cannot be set */
	enum vsl_action_op op;
	enum vsl_action_op op_ipv6;	/* 0: the same */
	check_set_fn *check;	/* NULL: any value, any packet */
} set_rows[] = {
	[OVS_KEY_ATTR_PRIORITY] = { sizeof(u32), VSL_ACTION_SET_PRIORITY },
	[OVS_KEY_ATTR_SKB_MARK] = { sizeof(u32), VSL_ACTION_SET_MARK },
	[OVS_KEY_ATTR_ETHERNET] = {
		sizeof(struct ovs_key_ethernet), VSL_ACTION_SET_ETHERNET, 0,
		check_set_ethernet },
	[OVS_KEY_ATTR_IPV4] = {
		sizeof(struct ovs_key_ipv4), VSL_ACTION_SET_IPV4, 0,
		check_set_ipv4 },
	[OVS_KEY_ATTR_IPV6] = {
		sizeof(struct ovs_key_ipv6), VSL_ACTION_SET_IPV6, 0,
		check_set_ipv6 },
	[OVS_KEY_ATTR_TCP] = {
		sizeof(struct ovs_key_tcp), VSL_ACTION_SET_PORTS_IPV4,
		VSL_ACTION_SET_PORTS_IPV6, check_set_tcp },
	[OVS_KEY_ATTR_UDP] = {
		sizeof(struct ovs_key_udp), VSL_ACTION_SET_PORTS_IPV4,
		VSL_ACTION_SET_PORTS_IPV6, check_set_udp },
	[OVS_KEY_ATTR_SCTP] = {
		sizeof(struct ovs_key_sctp), VSL_ACTION_SET_PORTS_IPV4,
		VSL_ACTION_SET_PORTS_IPV6, check_set_sctp },
	[OVS_KEY_ATTR_MPLS] = {
		sizeof(struct ovs_key_mpls), VSL_ACTION_SET_MPLS, 0,
		check_set_mpls },
};

/* The mask of a set without one; as long as the longest value. */
static const u32 all_ones[sizeof(struct ovs_key_ipv6) / sizeof(u32)] = {
	[0 ... sizeof(struct ovs_key_ipv6) / sizeof(u32) - 1] = U32_MAX,
};

static bool is_within(const u8 *value, const u8 *mask, unsigned int len)
{
	while (len--)
		if (*value++ & ~*mask++)
			return false;
	return true;
}

/**
 * vsl_nl_set_get() - what to set to what
 * @set: where and in what packet
 * @step: written, but for its @nested
 *
 * Context: any.
 *
 * Return: 0 or -EINVAL.
 */
int vsl_nl_set_get(const struct vsl_nl_set *set, struct vsl_action *step)
{
	struct nlattr *field = nla_data(set->attr);
	const struct set_row *row;
	const void *value, *mask;
	int type;

	if (!nla_ok(field, nla_len(set->attr)) ||
	    nla_total_size(nla_len(field)) != nla_len(set->attr))
		return bad(set, "set: sets one field, no more and no less");
	type = nla_type(field);
	if (!set->is_masked)	/* as an action's type is shown, see get_list() */
		field->nla_type = type;
	if (type >= ARRAY_SIZE(set_rows) || !set_rows[type].len)
		return bad(set, "set: not a field that can be set");
	row = &set_rows[type];
	if (nla_len(field) != row->len * (set->is_masked ? 2 : 1))
		return bad(set, "set: value of the wrong length");
	value = nla_data(field);
	mask = set->is_masked ? value + row->len : all_ones;
	if (!is_within(value, mask, row->len))
		return bad(set, "set: value has bits that the mask has not");
	step->op = row->op;
	if (row->op_ipv6 && set->eth_type == htons(ETH_P_IPV6))
		step->op = row->op_ipv6;
	step->set.value = value;
	step->set.mask = mask;
	return row->check ? row->check(set, value, mask) : 0;
}
