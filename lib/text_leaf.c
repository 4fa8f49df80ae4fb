// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Actions that hold no other actions <-> text: one row each, with its printer and
 * its parser.  text_action.c walks them.
 */
#include "text_private.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "key.h"

static int put_attr(struct nl_msg *msg, int type, size_t len, const void *data)
{
	return nla_put(msg, type, len, data) < 0 ? -EMSGSIZE : 0;
}

static uint32_t get_u32(const struct nlattr *nla)
{
	uint32_t v;

	memcpy(&v, nla_data(nla), sizeof(v));
	return v;
}

static void put_port(struct vsl_str *str, uint32_t port_no,
		     const struct vsl_text_ports *ports)
{
	const char *name = NULL;

	if (ports && ports->name)
		name = ports->name(port_no, ports->arg);
	if (name)
		vsl_str_puts(str, name);
	else
		vsl_str_putu64(str, port_no);
}

static bool put_output(struct vsl_str *str, const struct nlattr *nla,
		       const struct vsl_text_ports *ports, int depth)
{
	(void)depth;
	put_port(str, get_u32(nla), ports);
	return true;
}

/* recirc, trunc, meter: a number. */
static bool put_number(struct vsl_str *str, const struct nlattr *nla,
		       const struct vsl_text_ports *ports, int depth)
{
	(void)ports;
	(void)depth;
	vsl_str_putu64(str, get_u32(nla));
	return true;
}

static int parse_number(struct vsl_lex *lex, struct nl_msg *msg, int attr,
			const char *what)
{
	uint64_t v;
	uint32_t v32;

	vsl_lex_blanks(lex);
	if (vsl_lex_number(lex, UINT32_MAX, what, &v) ||
	    vsl_lex_expect(lex, ')', what))
		return -EINVAL;
	v32 = v;
	return put_attr(msg, attr, sizeof(v32), &v32);
}

static int parse_recirc(struct vsl_lex *lex, struct nl_msg *msg, int depth)
{
	(void)depth;
	return parse_number(lex, msg, OVS_ACTION_ATTR_RECIRC, "recirc");
}

static int parse_trunc(struct vsl_lex *lex, struct nl_msg *msg, int depth)
{
	(void)depth;
	return parse_number(lex, msg, OVS_ACTION_ATTR_TRUNC, "trunc");
}

static int parse_meter(struct vsl_lex *lex, struct nl_msg *msg, int depth)
{
	(void)depth;
	return parse_number(lex, msg, OVS_ACTION_ATTR_METER, "meter");
}

/* userspace(pid=1,userdata(0102),actions,tunnel_out_port=3) */
static bool put_userspace(struct vsl_str *str, const struct nlattr *nla,
			  const struct vsl_text_ports *ports, int depth)
{
	struct nlattr *tb[OVS_USERSPACE_ATTR_MAX + 1];
	const struct nlattr *a;

	(void)depth;
	if (nla_parse_nested(tb, OVS_USERSPACE_ATTR_MAX, (struct nlattr *)nla,
			     NULL) < 0)
		return false;
	a = tb[OVS_USERSPACE_ATTR_PID];
	if (!a || nla_len(a) != 4)
		return false;
	vsl_str_printf(str, "pid=%u", get_u32(a));
	a = tb[OVS_USERSPACE_ATTR_USERDATA];
	if (a) {
		vsl_str_puts(str, ",userdata(");
		vsl_str_puthex(str, nla_data(a), nla_len(a));
		vsl_str_putc(str, ')');
	}
	if (tb[OVS_USERSPACE_ATTR_ACTIONS])
		vsl_str_puts(str, ",actions");
	a = tb[OVS_USERSPACE_ATTR_EGRESS_TUN_PORT];
	if (a && nla_len(a) == 4) {
		vsl_str_puts(str, ",tunnel_out_port=");
		put_port(str, get_u32(a), ports);
	}
	return true;
}

static int parse_userdata(struct vsl_lex *lex, struct nl_msg *msg)
{
	struct nlattr *nla;
	size_t n;

	if (vsl_lex_expect(lex, '(', "userdata"))
		return -EINVAL;
	n = vsl_lex_word(lex->p);
	nla = nla_reserve(msg, OVS_USERSPACE_ATTR_USERDATA, n / 2);
	if (!nla)
		return -EMSGSIZE;
	if (!vsl_hex_parse(lex->p, n, nla_data(nla)))
		return vsl_lex_error(lex, lex->p,
				     "expected pairs of hex digits in userdata(...), found %s",
				     vsl_lex_quote(lex->p));
	lex->p += n;
	return vsl_lex_expect(lex, ')', "userdata(...");
}

static int parse_userspace_part(struct vsl_lex *lex, struct nl_msg *msg,
				bool *pid)
{
	uint64_t v;
	uint32_t v32;

	if (vsl_lex_is(lex->p, "pid")) {
		lex->p += strlen("pid");
		if (vsl_lex_expect(lex, '=', "pid") ||
		    vsl_lex_number(lex, UINT32_MAX, "pid", &v))
			return -EINVAL;
		*pid = true;
		v32 = v;
		return put_attr(msg, OVS_USERSPACE_ATTR_PID, 4, &v32);
	}
	if (vsl_lex_is(lex->p, "userdata")) {
		lex->p += strlen("userdata");
		return parse_userdata(lex, msg);
	}
	if (vsl_lex_is(lex->p, "actions")) {
		lex->p += strlen("actions");
		return put_attr(msg, OVS_USERSPACE_ATTR_ACTIONS, 0, NULL);
	}
	if (vsl_lex_is(lex->p, "tunnel_out_port")) {
		lex->p += strlen("tunnel_out_port");
		if (vsl_lex_expect(lex, '=', "tunnel_out_port") ||
		    vsl_lex_port(lex, &v32))
			return -EINVAL;
		return put_attr(msg, OVS_USERSPACE_ATTR_EGRESS_TUN_PORT, 4,
				&v32);
	}
	return vsl_lex_error(lex, lex->p,
			     "%s is no part of userspace(...): expected pid=, userdata(...), actions or tunnel_out_port=",
			     vsl_lex_quote(lex->p));
}

static int parse_userspace(struct vsl_lex *lex, struct nl_msg *msg, int depth)
{
	const char *at = lex->p;
	struct nlattr *nest;
	bool pid = false;

	(void)depth;
	nest = vsl_nest_start(msg, OVS_ACTION_ATTR_USERSPACE);
	if (!nest)
		return -EMSGSIZE;
	for (;;) {
		int err;

		vsl_lex_separators(lex);
		if (*lex->p == ')')
			break;
		err = parse_userspace_part(lex, msg, &pid);
		if (err)
			return err;
	}
	if (!pid)
		return vsl_lex_error(lex, at,
				     "userspace(...) needs pid=, the netlink port that gets the packet");
	lex->p++;
	vsl_nest_end(msg, nest);
	return 0;
}

/* set(ipv4(ttl=3)): exact in all fields is SET, else SET_MASKED. */
static bool put_set(struct vsl_str *str, const struct nlattr *nla,
		    const struct vsl_text_ports *ports, int depth)
{
	bool masked = nla_type(nla) == OVS_ACTION_ATTR_SET_MASKED;
	const struct nlattr *a = nla_data(nla);
	const struct vsl_key_row *row;
	size_t len;

	(void)depth;
	if (!nla_ok(a, nla_len(nla)) ||
	    (int)NLA_ALIGN(a->nla_len) != nla_len(nla))
		return false;
	len = nla_len(a);
	if (masked && len % 2)
		return false;
	if (masked)
		len /= 2;
	row = vsl_key_row_by_attr(nla_type(a));
	if (!row || len != row->len)
		return false;
	vsl_key_row_put(str, row, nla_data(a),
			masked ? (const char *)nla_data(a) + len : NULL, len,
			ports);
	return true;
}

static int parse_set(struct vsl_lex *lex, struct nl_msg *msg, int depth)
{
	uint8_t data[2 * VSL_KEY_PAYLOAD_MAX] = { 0 };
	uint8_t mask[VSL_KEY_PAYLOAD_MAX] = { 0 };
	const struct vsl_key_row *row;
	struct nlattr *nest;
	bool exact;
	size_t len;

	(void)depth;
	vsl_lex_blanks(lex);
	row = vsl_key_row_by_name(lex->p);
	if (!row)
		return vsl_lex_error(lex, lex->p,
				     "%s cannot be set: expected e.g. set(eth(...)), set(ipv4(...)), set(tcp(...)), set(skb_mark(...))",
				     vsl_lex_quote(lex->p));
	lex->p += strlen(row->name);
	if (vsl_key_row_parse(lex, row, data, mask, &len) ||
	    vsl_lex_expect(lex, ')', "set(...(...)"))
		return -EINVAL;
	exact = vsl_key_row_is_exact(row, mask);
	if (!exact) {
		/* The kernel refuses bits outside of the mask. */
		for (size_t i = 0; i < len; i++)
			data[i] &= mask[i];
		memcpy(data + len, mask, len);
		len *= 2;
	}
	nest = vsl_nest_start(msg, exact ? OVS_ACTION_ATTR_SET :
					   OVS_ACTION_ATTR_SET_MASKED);
	if (!nest || put_attr(msg, row->attr, len, data))
		return -EMSGSIZE;
	vsl_nest_end(msg, nest);
	return 0;
}

#define PART(name_, kind_, type, member, bits_) \
	{ .name = name_, .kind = VSL_FIELD_##kind_, .be = true, .bits = bits_, \
	  .offset = offsetof(type, member), \
	  .size = sizeof(((type *)0)->member) }

/* push_vlan(vid=10,pcp=0), push_vlan(tpid=0x88a8,vid=10,pcp=0) */
static const struct vsl_field push_vlan[] = {
	PART("tpid", HEX4, struct ovs_action_push_vlan, vlan_tpid, 0),
	PART("vid", DEC, struct ovs_action_push_vlan, vlan_tci, VSL_VLAN_VID),
	PART("pcp", DEC, struct ovs_action_push_vlan, vlan_tci, 0xe000),
	PART("cfi", DEC, struct ovs_action_push_vlan, vlan_tci,
	     VSL_VLAN_PRESENT),
};

static bool put_push_vlan(struct vsl_str *str, const struct nlattr *nla,
			  const struct vsl_text_ports *ports, int depth)
{
	const void *data = nla_data(nla);
	bool tpid = vsl_field_get(&push_vlan[0], data) != ETH_P_8021Q;

	(void)depth;
	vsl_fields_put(str, push_vlan + !tpid, 2 + tpid, data, NULL, ports);
	if (!vsl_field_get(&push_vlan[3], data))
		vsl_str_puts(str, ",cfi=0");
	return true;
}

static int parse_push_vlan(struct vsl_lex *lex, struct nl_msg *msg, int depth)
{
	struct ovs_action_push_vlan vlan = { 0 }, mask = { 0 };
	const char *at = lex->p;
	uint32_t given;

	(void)depth;
	vsl_field_set(&push_vlan[0], &vlan, ETH_P_8021Q);
	vsl_field_set(&push_vlan[3], &vlan, 1);
	if (vsl_fields_parse(lex, "push_vlan", push_vlan,
			     VSL_ARRAY_SIZE(push_vlan), &vlan, &mask, &given))
		return -EINVAL;
	if (!(given & 2))
		return vsl_lex_error(lex, at, "push_vlan(...) needs vid=");
	return put_attr(msg, OVS_ACTION_ATTR_PUSH_VLAN, sizeof(vlan), &vlan);
}

/* push_mpls(label=10,tc=0,ttl=64,bos=1,eth_type=0x8847) */
static const struct vsl_field push_mpls[] = {
	PART("label", DEC, struct ovs_action_push_mpls, mpls_lse, 0xfffff000),
	PART("tc", DEC, struct ovs_action_push_mpls, mpls_lse, 0xe00),
	PART("ttl", DEC, struct ovs_action_push_mpls, mpls_lse, 0xff),
	PART("bos", DEC, struct ovs_action_push_mpls, mpls_lse, 0x100),
	PART("eth_type", HEX4, struct ovs_action_push_mpls, mpls_ethertype, 0),
};

static bool put_push_mpls(struct vsl_str *str, const struct nlattr *nla,
			  const struct vsl_text_ports *ports, int depth)
{
	(void)depth;
	vsl_fields_put(str, push_mpls, VSL_ARRAY_SIZE(push_mpls),
		       nla_data(nla), NULL, ports);
	return true;
}

static int parse_push_mpls(struct vsl_lex *lex, struct nl_msg *msg, int depth)
{
	struct ovs_action_push_mpls mpls = { 0 }, mask = { 0 };
	const char *at = lex->p;
	uint32_t given;

	(void)depth;
	if (vsl_fields_parse(lex, "push_mpls", push_mpls,
			     VSL_ARRAY_SIZE(push_mpls), &mpls, &mask, &given))
		return -EINVAL;
	if (!(given & 1) || !(given & 16))
		return vsl_lex_error(lex, at,
				     "push_mpls(...) needs label= and eth_type=");
	return put_attr(msg, OVS_ACTION_ATTR_PUSH_MPLS, sizeof(mpls), &mpls);
}

/* As push_mpls(...), and flags=1: behind the Ethernet header, not before it. */
static const struct vsl_field add_mpls[] = {
	PART("label", DEC, struct ovs_action_add_mpls, mpls_lse, 0xfffff000),
	PART("tc", DEC, struct ovs_action_add_mpls, mpls_lse, 0xe00),
	PART("ttl", DEC, struct ovs_action_add_mpls, mpls_lse, 0xff),
	PART("bos", DEC, struct ovs_action_add_mpls, mpls_lse, 0x100),
	PART("eth_type", HEX4, struct ovs_action_add_mpls, mpls_ethertype, 0),
	{ .name = "flags", .kind = VSL_FIELD_DEC,
	  .offset = offsetof(struct ovs_action_add_mpls, tun_flags),
	  .size = sizeof(((struct ovs_action_add_mpls *)0)->tun_flags) },
};

static bool put_add_mpls(struct vsl_str *str, const struct nlattr *nla,
			 const struct vsl_text_ports *ports, int depth)
{
	(void)depth;
	vsl_fields_put(str, add_mpls, VSL_ARRAY_SIZE(add_mpls), nla_data(nla),
		       NULL, ports);
	return true;
}

static int parse_add_mpls(struct vsl_lex *lex, struct nl_msg *msg, int depth)
{
	struct ovs_action_add_mpls mpls = { 0 }, mask = { 0 };
	const char *at = lex->p;
	uint32_t given;

	(void)depth;
	if (vsl_fields_parse(lex, "add_mpls", add_mpls,
			     VSL_ARRAY_SIZE(add_mpls), &mpls, &mask, &given))
		return -EINVAL;
	if (!(given & 1) || !(given & 16))
		return vsl_lex_error(lex, at,
				     "add_mpls(...) needs label= and eth_type=");
	return put_attr(msg, OVS_ACTION_ATTR_ADD_MPLS, sizeof(mpls), &mpls);
}

static const struct vsl_field pop_mpls[] = {
	{ .name = "eth_type", .kind = VSL_FIELD_HEX4, .size = 2, .be = true },
};

static bool put_pop_mpls(struct vsl_str *str, const struct nlattr *nla,
			 const struct vsl_text_ports *ports, int depth)
{
	(void)depth;
	vsl_fields_put(str, pop_mpls, 1, nla_data(nla), NULL, ports);
	return true;
}

static int parse_pop_mpls(struct vsl_lex *lex, struct nl_msg *msg, int depth)
{
	uint16_t type = 0, mask = 0;
	const char *at = lex->p;

	(void)depth;
	if (vsl_fields_parse(lex, "pop_mpls", pop_mpls, 1, &type, &mask, NULL))
		return -EINVAL;
	if (!mask)
		return vsl_lex_error(lex, at,
				     "pop_mpls(...) needs eth_type=, the type of what is below");
	return put_attr(msg, OVS_ACTION_ATTR_POP_MPLS, sizeof(type), &type);
}

static const struct vsl_field push_eth[] = {
	PART("src", MAC, struct ovs_action_push_eth, addresses.eth_src, 0),
	PART("dst", MAC, struct ovs_action_push_eth, addresses.eth_dst, 0),
};

static bool put_push_eth(struct vsl_str *str, const struct nlattr *nla,
			 const struct vsl_text_ports *ports, int depth)
{
	(void)depth;
	vsl_fields_put(str, push_eth, 2, nla_data(nla), NULL, ports);
	return true;
}

static int parse_push_eth(struct vsl_lex *lex, struct nl_msg *msg, int depth)
{
	struct ovs_action_push_eth push, mask;
	const char *at = lex->p;
	uint32_t given;

	(void)depth;
	memset(&push, 0, sizeof(push));
	memset(&mask, 0, sizeof(mask));
	if (vsl_fields_parse(lex, "push_eth", push_eth, 2, &push, &mask,
			     &given))
		return -EINVAL;
	if (given != 3)
		return vsl_lex_error(lex, at,
				     "push_eth(...) needs src= and dst=");
	return put_attr(msg, OVS_ACTION_ATTR_PUSH_ETH, sizeof(push), &push);
}

/* hash(l4(0)), hash(sym_l4(0)); the number is where the hash starts from. */
static const char *const hash_words[] = { "l4", "sym_l4" };

static bool put_hash(struct vsl_str *str, const struct nlattr *nla,
		     const struct vsl_text_ports *ports, int depth)
{
	struct ovs_action_hash hash;

	(void)ports;
	(void)depth;
	memcpy(&hash, nla_data(nla), sizeof(hash));
	if (hash.hash_alg >= VSL_ARRAY_SIZE(hash_words))
		return false;
	vsl_str_printf(str, "%s(%u)", hash_words[hash.hash_alg],
		       hash.hash_basis);
	return true;
}

static int parse_hash(struct vsl_lex *lex, struct nl_msg *msg, int depth)
{
	struct ovs_action_hash hash = { 0 };
	uint64_t v;

	(void)depth;
	vsl_lex_blanks(lex);
	while (hash.hash_alg < VSL_ARRAY_SIZE(hash_words) &&
	       !vsl_lex_is(lex->p, hash_words[hash.hash_alg]))
		hash.hash_alg++;
	if (hash.hash_alg == VSL_ARRAY_SIZE(hash_words))
		return vsl_lex_error(lex, lex->p,
				     "%s is no hash: expected l4(...) or sym_l4(...)",
				     vsl_lex_quote(lex->p));
	lex->p += strlen(hash_words[hash.hash_alg]);
	if (vsl_lex_expect(lex, '(', "hash(...") ||
	    vsl_lex_number(lex, UINT32_MAX, "hash", &v) ||
	    vsl_lex_expect(lex, ')', "hash(...(...") ||
	    vsl_lex_expect(lex, ')', "hash(...(...)"))
		return -EINVAL;
	hash.hash_basis = v;
	return put_attr(msg, OVS_ACTION_ATTR_HASH, sizeof(hash), &hash);
}

const struct vsl_action_row vsl_action_leaves[] = {
	{ NULL, OVS_ACTION_ATTR_OUTPUT, 4, put_output, NULL },
	{ "userspace", OVS_ACTION_ATTR_USERSPACE, -1, put_userspace,
	  parse_userspace },
	{ "push_vlan", OVS_ACTION_ATTR_PUSH_VLAN,
	  sizeof(struct ovs_action_push_vlan), put_push_vlan,
	  parse_push_vlan },
	{ "pop_vlan", OVS_ACTION_ATTR_POP_VLAN, 0, NULL, NULL },
	{ "set", OVS_ACTION_ATTR_SET, -1, put_set, parse_set },
	{ "set", OVS_ACTION_ATTR_SET_MASKED, -1, put_set, parse_set },
	{ "recirc", OVS_ACTION_ATTR_RECIRC, 4, put_number, parse_recirc },
	{ "trunc", OVS_ACTION_ATTR_TRUNC, 4, put_number, parse_trunc },
	{ "meter", OVS_ACTION_ATTR_METER, 4, put_number, parse_meter },
	{ "hash", OVS_ACTION_ATTR_HASH, sizeof(struct ovs_action_hash),
	  put_hash, parse_hash },
	{ "push_mpls", OVS_ACTION_ATTR_PUSH_MPLS,
	  sizeof(struct ovs_action_push_mpls), put_push_mpls,
	  parse_push_mpls },
	{ "add_mpls", OVS_ACTION_ATTR_ADD_MPLS,
	  sizeof(struct ovs_action_add_mpls), put_add_mpls, parse_add_mpls },
	{ "pop_mpls", OVS_ACTION_ATTR_POP_MPLS, 2, put_pop_mpls,
	  parse_pop_mpls },
	{ "push_eth", OVS_ACTION_ATTR_PUSH_ETH,
	  sizeof(struct ovs_action_push_eth), put_push_eth, parse_push_eth },
	{ "pop_eth", OVS_ACTION_ATTR_POP_ETH, 0, NULL, NULL },
	{ "ct_clear", OVS_ACTION_ATTR_CT_CLEAR, 0, NULL, NULL },
};

const unsigned int vsl_n_action_leaves = VSL_ARRAY_SIZE(vsl_action_leaves);
