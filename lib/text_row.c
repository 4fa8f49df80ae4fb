// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The key attributes in text, one row each: its name and its fields.  Called by
 * text_key.c for flows and by text_action.c for set(...).
 */
#include "text_private.h"

#include <errno.h>
#include <string.h>

#include "key.h"

static const char *const frag_words[] = { "no", "first", "later" };
static const char *const tcp_words[] = {
	"fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr", "ns",
};
static const char *const ct_words[] = {
	"new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat",
};

#define AT(type, member) offsetof(type, member), sizeof(((type *)0)->member)
#define DEC(name, type, member) \
	{ name, VSL_FIELD_DEC, AT(type, member), true, 0, NULL, 0 }
#define HEX(name, type, member) \
	{ name, VSL_FIELD_HEX, AT(type, member), true, 0, NULL, 0 }
#define BYTES(name, kind, type, member) \
	{ name, VSL_FIELD_##kind, AT(type, member), false, 0, NULL, 0 }
#define WORDS(how, w) .kind = VSL_FIELD_##how, .words = w, \
	.n_words = VSL_ARRAY_SIZE(w)

static const struct vsl_field hex_u32[] = {
	{ .kind = VSL_FIELD_HEX, .size = 4 },
};
static const struct vsl_field hex_u16[] = {
	{ .kind = VSL_FIELD_HEX, .size = 2 },
};
static const struct vsl_field in_port[] = {
	{ .kind = VSL_FIELD_PORT, .size = 4 },
};
static const struct vsl_field eth_type[] = {
	{ .kind = VSL_FIELD_HEX4, .size = 2, .be = true },
};
static const struct vsl_field ct_state[] = {
	{ WORDS(FLAGS, ct_words), .size = 4 },
};
static const struct vsl_field ct_label[] = {
	{ .kind = VSL_FIELD_U128, .size = 16 },
};
static const struct vsl_field eth[] = {
	BYTES("src", MAC, struct ovs_key_ethernet, eth_src),
	BYTES("dst", MAC, struct ovs_key_ethernet, eth_dst),
};
static const struct vsl_field vlan[] = {
	{ .name = "vid", .size = 2, .be = true, .bits = VSL_VLAN_VID },
	{ .name = "pcp", .size = 2, .be = true, .bits = 0xe000 },
	{ .name = "cfi", .size = 2, .be = true, .bits = VSL_VLAN_PRESENT },
};
static const struct vsl_field ipv4[] = {
	BYTES("src", IP4, struct ovs_key_ipv4, ipv4_src),
	BYTES("dst", IP4, struct ovs_key_ipv4, ipv4_dst),
	DEC("proto", struct ovs_key_ipv4, ipv4_proto),
	HEX("tos", struct ovs_key_ipv4, ipv4_tos),
	DEC("ttl", struct ovs_key_ipv4, ipv4_ttl),
	{ "frag", WORDS(NAMED, frag_words), .size = 1,
	  .offset = offsetof(struct ovs_key_ipv4, ipv4_frag) },
};
static const struct vsl_field ipv6[] = {
	BYTES("src", IP6, struct ovs_key_ipv6, ipv6_src),
	BYTES("dst", IP6, struct ovs_key_ipv6, ipv6_dst),
	{ .name = "label", .kind = VSL_FIELD_HEX, .be = true, .size = 4,
	  .offset = offsetof(struct ovs_key_ipv6, ipv6_label),
	  .bits = 0xfffff },
	DEC("proto", struct ovs_key_ipv6, ipv6_proto),
	HEX("tclass", struct ovs_key_ipv6, ipv6_tclass),
	DEC("hlimit", struct ovs_key_ipv6, ipv6_hlimit),
	{ "frag", WORDS(NAMED, frag_words), .size = 1,
	  .offset = offsetof(struct ovs_key_ipv6, ipv6_frag) },
};
static const struct vsl_field tcp[] = {	/* UDP and SCTP are laid out alike */
	DEC("src", struct ovs_key_tcp, tcp_src),
	DEC("dst", struct ovs_key_tcp, tcp_dst),
};
static const struct vsl_field tcp_flags[] = {
	{ WORDS(FLAGS, tcp_words), .size = 2, .be = true, .bits = 0xfff },
};
static const struct vsl_field icmp[] = {	/* ICMPv6 is laid out alike */
	DEC("type", struct ovs_key_icmp, icmp_type),
	DEC("code", struct ovs_key_icmp, icmp_code),
};
static const struct vsl_field arp[] = {
	BYTES("sip", IP4, struct ovs_key_arp, arp_sip),
	BYTES("tip", IP4, struct ovs_key_arp, arp_tip),
	DEC("op", struct ovs_key_arp, arp_op),
	BYTES("sha", MAC, struct ovs_key_arp, arp_sha),
	BYTES("tha", MAC, struct ovs_key_arp, arp_tha),
};
static const struct vsl_field nd[] = {
	BYTES("target", IP6, struct ovs_key_nd, nd_target),
	BYTES("sll", MAC, struct ovs_key_nd, nd_sll),
	BYTES("tll", MAC, struct ovs_key_nd, nd_tll),
};
static const struct vsl_field mpls[] = {
	{ .name = "label", .size = 4, .be = true, .bits = 0xfffff000 },
	{ .name = "tc", .size = 4, .be = true, .bits = 0xe00 },
	{ .name = "ttl", .size = 4, .be = true, .bits = 0xff },
	{ .name = "bos", .size = 4, .be = true, .bits = 0x100 },
};
static const struct vsl_field ct_tuple4[] = {
	BYTES("src", IP4, struct ovs_key_ct_tuple_ipv4, ipv4_src),
	BYTES("dst", IP4, struct ovs_key_ct_tuple_ipv4, ipv4_dst),
	DEC("proto", struct ovs_key_ct_tuple_ipv4, ipv4_proto),
	DEC("tp_src", struct ovs_key_ct_tuple_ipv4, src_port),
	DEC("tp_dst", struct ovs_key_ct_tuple_ipv4, dst_port),
};
static const struct vsl_field ct_tuple6[] = {
	BYTES("src", IP6, struct ovs_key_ct_tuple_ipv6, ipv6_src),
	BYTES("dst", IP6, struct ovs_key_ct_tuple_ipv6, ipv6_dst),
	DEC("proto", struct ovs_key_ct_tuple_ipv6, ipv6_proto),
	DEC("tp_src", struct ovs_key_ct_tuple_ipv6, src_port),
	DEC("tp_dst", struct ovs_key_ct_tuple_ipv6, dst_port),
};

#define ROW(name, attr, len, fields) \
	[OVS_KEY_ATTR_##attr] = \
	{ name, OVS_KEY_ATTR_##attr, len, fields, VSL_ARRAY_SIZE(fields) }

static const struct vsl_key_row rows[OVS_KEY_ATTR_MAX + 1] = {
	ROW("recirc_id", RECIRC_ID, 4, hex_u32),
	ROW("dp_hash", DP_HASH, 4, hex_u32),
	ROW("skb_priority", PRIORITY, 4, hex_u32),
	ROW("in_port", IN_PORT, 4, in_port),
	ROW("skb_mark", SKB_MARK, 4, hex_u32),
	ROW("ct_state", CT_STATE, 4, ct_state),
	ROW("ct_zone", CT_ZONE, 2, hex_u16),
	ROW("ct_mark", CT_MARK, 4, hex_u32),
	ROW("ct_label", CT_LABELS, 16, ct_label),
	ROW("ct_tuple4", CT_ORIG_TUPLE_IPV4,
	    sizeof(struct ovs_key_ct_tuple_ipv4), ct_tuple4),
	ROW("ct_tuple6", CT_ORIG_TUPLE_IPV6,
	    sizeof(struct ovs_key_ct_tuple_ipv6), ct_tuple6),
	ROW("eth", ETHERNET, sizeof(struct ovs_key_ethernet), eth),
	ROW("vlan", VLAN, 2, vlan),
	ROW("eth_type", ETHERTYPE, 2, eth_type),
	ROW("ipv4", IPV4, sizeof(struct ovs_key_ipv4), ipv4),
	ROW("ipv6", IPV6, sizeof(struct ovs_key_ipv6), ipv6),
	ROW("arp", ARP, sizeof(struct ovs_key_arp), arp),
	ROW("mpls", MPLS, 4, mpls),
	ROW("tcp", TCP, 4, tcp),
	ROW("tcp_flags", TCP_FLAGS, 2, tcp_flags),
	ROW("udp", UDP, 4, tcp),
	ROW("sctp", SCTP, 4, tcp),
	ROW("icmp", ICMP, 2, icmp),
	ROW("icmpv6", ICMPV6, 2, icmp),
	ROW("nd", ND, sizeof(struct ovs_key_nd), nd),
	ROW("ipv6_exthdrs", IPV6_EXTHDRS, 2, hex_u16),
};

const struct vsl_key_row *vsl_key_row_by_attr(int attr)
{
	if ((unsigned int)attr > OVS_KEY_ATTR_MAX || !rows[attr].name)
		return NULL;
	return &rows[attr];
}

const struct vsl_key_row *vsl_key_row_by_name(const char *p)
{
	size_t n = vsl_lex_word(p);

	for (size_t i = 0; i < VSL_ARRAY_SIZE(rows); i++)
		if (rows[i].name && vsl_lex_same(p, n, rows[i].name))
			return &rows[i];
	return NULL;
}

bool vsl_key_row_is_exact(const struct vsl_key_row *row, const void *mask)
{
	for (unsigned int i = 0; i < row->n_fields; i++)
		if (!vsl_field_is_exact(&row->fields[i], mask))
			return false;
	return true;
}

/* The CFI bit says "here is a tag"; it is worth words only where it does not. */
static void put_vlan(struct vsl_str *str, const void *data, const void *mask)
{
	const struct vsl_field *cfi = &vlan[2];
	bool tagged = vsl_field_get(cfi, data) &&
		      (!mask || !vsl_field_is_wild(cfi, mask));

	vsl_fields_put(str, vlan, tagged ? 2 : 3, data, mask, NULL);
}

/* Several label stack entries are numbered: "lse0=0x100,lse1=..." */
static void put_mpls_stack(struct vsl_str *str, const uint8_t *data,
			   const uint8_t *mask, size_t len)
{
	static const struct vsl_field lse = {
		.kind = VSL_FIELD_HEX, .size = 4, .be = true,
	};

	for (size_t at = 0; at + 4 <= len; at += 4) {
		vsl_str_printf(str, "%slse%zu=", at ? "," : "", at / 4);
		vsl_field_put(str, &lse, data + at, mask ? mask + at : NULL,
			      NULL);
	}
}

void vsl_key_row_put(struct vsl_str *str, const struct vsl_key_row *row,
		     const void *data, const void *mask, size_t len,
		     const struct vsl_text_ports *ports)
{
	vsl_str_puts(str, row->name);
	vsl_str_putc(str, '(');
	if (row->attr == OVS_KEY_ATTR_VLAN)
		put_vlan(str, data, mask);
	else if (row->attr == OVS_KEY_ATTR_MPLS && len > 4)
		put_mpls_stack(str, data, mask, len);
	else if (row->fields[0].name)
		vsl_fields_put(str, row->fields, row->n_fields, data, mask,
			       ports);
	else
		vsl_field_put(str, row->fields, data, mask, ports);
	vsl_str_putc(str, ')');
}

static int parse_mpls_stack(struct vsl_lex *lex, uint8_t *data, uint8_t *mask,
			    size_t *len)
{
	static const struct vsl_field lses[] = {
		{ "lse0", VSL_FIELD_HEX, 0, 4, true, 0, NULL, 0 },
		{ "lse1", VSL_FIELD_HEX, 4, 4, true, 0, NULL, 0 },
		{ "lse2", VSL_FIELD_HEX, 8, 4, true, 0, NULL, 0 },
	};
	uint32_t given;

	if (vsl_fields_parse(lex, "mpls", lses, VSL_ARRAY_SIZE(lses), data,
			     mask, &given))
		return -EINVAL;
	*len = given & 4 ? 12 : given & 2 ? 8 : 4;
	return 0;
}

int vsl_key_row_parse(struct vsl_lex *lex, const struct vsl_key_row *row,
		      void *data, void *mask, size_t *len)
{
	uint32_t given = 0;

	*len = row->len;
	if (vsl_lex_expect(lex, '(', row->name))
		return -EINVAL;
	if (row->attr == OVS_KEY_ATTR_MPLS && !strncmp(lex->p, "lse", 3))
		return parse_mpls_stack(lex, data, mask, len);
	if (vsl_fields_parse(lex, row->name, row->fields, row->n_fields, data,
			     mask, &given))
		return -EINVAL;
	if (row->attr == OVS_KEY_ATTR_VLAN && !(given & 4)) {
		vsl_field_set(&vlan[2], data, 1);
		vsl_field_set(&vlan[2], mask, 1);
	}
	return 0;
}
