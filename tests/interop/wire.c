// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Attributes as text, see wire.h.  Nothing is interpreted: what the kernel sent
 * is written in full, so that a comparison of texts is one of bytes.
 */
#include "wire.h"

#include <stdlib.h>
#include <string.h>

#include <netlink/attr.h>

#include "ovs_abi.h"

#define ATTRS_MAX	256
#define HEX_MAX		256	/* more is cut, and its sum written */

struct name {
	const char *name;
	enum wire_set inside;
};

static const struct name key_names[] = {
	[OVS_KEY_ATTR_ENCAP] = { "encap", WIRE_KEY },
	[OVS_KEY_ATTR_PRIORITY] = { "priority", 0 },
	[OVS_KEY_ATTR_IN_PORT] = { "in_port", 0 },
	[OVS_KEY_ATTR_ETHERNET] = { "eth", 0 },
	[OVS_KEY_ATTR_VLAN] = { "vlan", 0 },
	[OVS_KEY_ATTR_ETHERTYPE] = { "eth_type", 0 },
	[OVS_KEY_ATTR_IPV4] = { "ipv4", 0 },
	[OVS_KEY_ATTR_IPV6] = { "ipv6", 0 },
	[OVS_KEY_ATTR_TCP] = { "tcp", 0 },
	[OVS_KEY_ATTR_UDP] = { "udp", 0 },
	[OVS_KEY_ATTR_ICMP] = { "icmp", 0 },
	[OVS_KEY_ATTR_ICMPV6] = { "icmpv6", 0 },
	[OVS_KEY_ATTR_ARP] = { "arp", 0 },
	[OVS_KEY_ATTR_ND] = { "nd", 0 },
	[OVS_KEY_ATTR_SKB_MARK] = { "mark", 0 },
	[OVS_KEY_ATTR_TUNNEL] = { "tunnel", WIRE_TUNNEL },
	[OVS_KEY_ATTR_SCTP] = { "sctp", 0 },
	[OVS_KEY_ATTR_TCP_FLAGS] = { "tcp_flags", 0 },
	[OVS_KEY_ATTR_DP_HASH] = { "dp_hash", 0 },
	[OVS_KEY_ATTR_RECIRC_ID] = { "recirc_id", 0 },
	[OVS_KEY_ATTR_MPLS] = { "mpls", 0 },
	[OVS_KEY_ATTR_CT_STATE] = { "ct_state", 0 },
	[OVS_KEY_ATTR_CT_ZONE] = { "ct_zone", 0 },
	[OVS_KEY_ATTR_CT_MARK] = { "ct_mark", 0 },
	[OVS_KEY_ATTR_CT_LABELS] = { "ct_labels", 0 },
	[OVS_KEY_ATTR_CT_ORIG_TUPLE_IPV4] = { "ct_tuple4", 0 },
	[OVS_KEY_ATTR_CT_ORIG_TUPLE_IPV6] = { "ct_tuple6", 0 },
	[OVS_KEY_ATTR_NSH] = { "nsh", 0 },
	[32] = { "ipv6_exthdrs", 0 },
};

static const struct name action_names[] = {
	[OVS_ACTION_ATTR_OUTPUT] = { "output", 0 },
	[OVS_ACTION_ATTR_USERSPACE] = { "userspace", WIRE_USERSPACE },
	[OVS_ACTION_ATTR_SET] = { "set", WIRE_KEY },
	[OVS_ACTION_ATTR_PUSH_VLAN] = { "push_vlan", 0 },
	[OVS_ACTION_ATTR_POP_VLAN] = { "pop_vlan", 0 },
	[OVS_ACTION_ATTR_SAMPLE] = { "sample", WIRE_SAMPLE },
	[OVS_ACTION_ATTR_RECIRC] = { "recirc", 0 },
	[OVS_ACTION_ATTR_HASH] = { "hash", 0 },
	[OVS_ACTION_ATTR_PUSH_MPLS] = { "push_mpls", 0 },
	[OVS_ACTION_ATTR_POP_MPLS] = { "pop_mpls", 0 },
	[OVS_ACTION_ATTR_SET_MASKED] = { "set_masked", WIRE_KEY },
	[OVS_ACTION_ATTR_CT] = { "ct", 0 },
	[OVS_ACTION_ATTR_TRUNC] = { "trunc", 0 },
	[OVS_ACTION_ATTR_PUSH_ETH] = { "push_eth", 0 },
	[OVS_ACTION_ATTR_POP_ETH] = { "pop_eth", 0 },
	[OVS_ACTION_ATTR_CT_CLEAR] = { "ct_clear", 0 },
	[OVS_ACTION_ATTR_PUSH_NSH] = { "push_nsh", 0 },
	[OVS_ACTION_ATTR_POP_NSH] = { "pop_nsh", 0 },
	[OVS_ACTION_ATTR_METER] = { "meter", 0 },
	[OVS_ACTION_ATTR_CLONE] = { "clone", WIRE_ACTION },
	[OVS_ACTION_ATTR_CHECK_PKT_LEN] = { "check_pkt_len",
					    WIRE_CHECK_PKT_LEN },
	[OVS_ACTION_ATTR_ADD_MPLS] = { "add_mpls", 0 },
	[23] = { "dec_ttl", 0 },
	[VSL_OVS_ACTION_ATTR_DROP] = { "drop", 0 },
};

static const struct name userspace_names[] = {
	[OVS_USERSPACE_ATTR_PID] = { "pid", 0 },
	[OVS_USERSPACE_ATTR_USERDATA] = { "userdata", 0 },
	[OVS_USERSPACE_ATTR_EGRESS_TUN_PORT] = { "egress_tun_port", 0 },
	[OVS_USERSPACE_ATTR_ACTIONS] = { "actions", 0 },
};

static const struct name sample_names[] = {
	[OVS_SAMPLE_ATTR_PROBABILITY] = { "probability", 0 },
	[OVS_SAMPLE_ATTR_ACTIONS] = { "actions", WIRE_ACTION },
};

static const struct name check_pkt_len_names[] = {
	[OVS_CHECK_PKT_LEN_ATTR_PKT_LEN] = { "pkt_len", 0 },
	[OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_GREATER] = { "gt", WIRE_ACTION },
	[OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_LESS_EQUAL] = { "le", WIRE_ACTION },
};

static const struct name no_names[1];

#define SET(names)	{ names, sizeof(names) / sizeof((names)[0]) }

static const struct {
	const struct name *names;
	int count;
} sets[] = {
	[WIRE_LEAF] = SET(no_names),
	[WIRE_KEY] = SET(key_names),
	[WIRE_ACTION] = SET(action_names),
	[WIRE_USERSPACE] = SET(userspace_names),
	[WIRE_SAMPLE] = SET(sample_names),
	[WIRE_CHECK_PKT_LEN] = SET(check_pkt_len_names),
	[WIRE_TUNNEL] = SET(no_names),
};

void wire_print_hex(FILE *out, struct vsl_blob bytes)
{
	const unsigned char *p = bytes.data;
	size_t i, n = bytes.len > HEX_MAX ? HEX_MAX : bytes.len;
	unsigned long long sum = 14695981039346656037ULL;	/* FNV-1a */

	for (i = 0; i < n; i++)
		fprintf(out, "%02x", p[i]);
	if (n == bytes.len)
		return;
	for (i = 0; i < bytes.len; i++)
		sum = (sum ^ p[i]) * 1099511628211ULL;
	fprintf(out, "...(%zu bytes, sum %016llx)", bytes.len, sum);
}

/* The attributes of a run; -1 where it is none: a length is wrong. */
static int split(struct vsl_blob run, const struct nlattr **list)
{
	const char *p = run.data, *end = p + run.len;
	int n = 0;

	while (p < end) {
		const struct nlattr *a = (const struct nlattr *)p;

		if (end - p < NLA_HDRLEN || a->nla_len < NLA_HDRLEN ||
		    a->nla_len > end - p || n == ATTRS_MAX)
			return -1;
		list[n++] = a;
		p += NLA_ALIGN(a->nla_len);
	}
	return n;
}

static int by_type(const void *a, const void *b)
{
	const struct nlattr *x = *(const struct nlattr *const *)a;
	const struct nlattr *y = *(const struct nlattr *const *)b;

	if (nla_type(x) != nla_type(y))
		return nla_type(x) - nla_type(y);
	return x < y ? -1 : x > y;
}

static void print_one(FILE *out, enum wire_set set, const struct nlattr *a,
		      bool sorted)
{
	struct vsl_blob payload = { (const char *)a + NLA_HDRLEN,
				    a->nla_len - NLA_HDRLEN };
	enum wire_set inside = WIRE_LEAF;
	int type = nla_type(a);

	if (type < sets[set].count && sets[set].names[type].name) {
		fputs(sets[set].names[type].name, out);
		inside = sets[set].names[type].inside;
	} else {
		fprintf(out, "a%d", type);
	}
	if (a->nla_type & ~NLA_TYPE_MASK)
		fprintf(out, "!%x", a->nla_type >> 14);
	if (inside != WIRE_LEAF) {
		/* whose parts may come in any order */
		if (inside == WIRE_SAMPLE || inside == WIRE_CHECK_PKT_LEN)
			sorted = true;
		else if (inside == WIRE_ACTION)
			sorted = false;
		fputc('{', out);
		wire_print(out, inside, payload, sorted);
		fputc('}', out);
	} else if (payload.len) {
		fputc('=', out);
		wire_print_hex(out, payload);
	}
}

void wire_print(FILE *out, enum wire_set set, struct vsl_blob attrs,
		bool sorted)
{
	const struct nlattr *list[ATTRS_MAX];
	int n = split(attrs, list), i;

	if (n < 0) {
		fputs("bytes=", out);
		wire_print_hex(out, attrs);
		return;
	}
	if (sorted)
		qsort(list, n, sizeof(list[0]), by_type);
	for (i = 0; i < n; i++) {
		if (i)
			fputc(',', out);
		print_one(out, set, list[i], sorted);
	}
}

const char *wire_error(int err)
{
	const char *name = strerrorname_np(err < 0 ? -err : err);

	return err ? name ? name : "E?" : "ok";
}
