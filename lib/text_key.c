// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Keys and masks <-> text: walks nested attributes one way and a list of words
 * the other, with text_row.c's rows for each.  Called by text.c.
 */
#include "text_private.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "attr.h"

/* Nests in a key: two tags.  What is deeper is not looked into. */
#define MAX_DEPTH 2

#define ETHERTYPE_MIN 0x0600
#define ICMPV6_NS 135
#define ICMPV6_NA 136

#define BIT(attr) (1ull << OVS_KEY_ATTR_##attr)

/*
 * One nesting level of a key: its attributes by type.
 */
struct level {
	const struct nlattr *attr[OVS_KEY_ATTR_MAX + 1];
};

static void index_level(struct level *level, struct vsl_blob blob)
{
	const struct nlattr *nla = blob.data;
	int rem = blob.len;

	memset(level, 0, sizeof(*level));
	if (!nla)
		return;
	for (; vsl_attr_ok(nla, rem); nla = vsl_attr_next(nla, &rem))
		if (vsl_attr_type(nla) <= OVS_KEY_ATTR_MAX)
			level->attr[vsl_attr_type(nla)] = nla;
}

static bool len_fits(const struct vsl_key_row *row, size_t len)
{
	if (row->attr == OVS_KEY_ATTR_MPLS)
		return len && len % 4 == 0 && len <= VSL_KEY_PAYLOAD_MAX;
	return len == row->len;
}

/*
 * Bytes @offset of attribute @type where it is of the right length, else NULL.
 */
static const uint8_t *payload(const struct level *level, int type,
			      size_t offset)
{
	const struct nlattr *nla = level->attr[type];

	if (!nla || !len_fits(vsl_key_row_by_attr(type), vsl_attr_len(nla)))
		return NULL;
	return (const uint8_t *)vsl_attr_data(nla) + offset;
}

/* A byte of the key under its mask; 0 where either is not there.  A level
 * without a mask (@mask NULL) is exact.
 */
static uint8_t masked_byte(const struct level *key, const struct level *mask,
			   int type, size_t offset)
{
	const uint8_t *k = payload(key, type, offset);
	const uint8_t *m = mask ? payload(mask, type, offset) : NULL;

	if (!k || (mask && !m))
		return 0;
	return m ? *k & *m : *k;
}

/* The Ethernet type, host order; any mask but 0 makes it exact. */
static unsigned int level_eth_type(const struct level *key,
				   const struct level *mask)
{
	const uint8_t *k = payload(key, OVS_KEY_ATTR_ETHERTYPE, 0);
	const uint8_t *m = mask ? payload(mask, OVS_KEY_ATTR_ETHERTYPE, 0) :
				  NULL;

	if (!k || (mask && (!m || !(m[0] | m[1]))))
		return 0;
	return k[0] << 8 | k[1];
}

static uint64_t required_l4(const struct level *key, const struct level *mask,
			    uint8_t proto)
{
	uint8_t type;

	switch (proto) {
	case IPPROTO_TCP:
		return BIT(TCP) | BIT(TCP_FLAGS);
	case IPPROTO_UDP:
		return BIT(UDP);
	case IPPROTO_SCTP:
		return BIT(SCTP);
	case IPPROTO_ICMP:
		return BIT(ICMP);
	case IPPROTO_ICMPV6:
		type = masked_byte(key, mask, OVS_KEY_ATTR_ICMPV6, 0);
		if (type == ICMPV6_NS || type == ICMPV6_NA)
			return BIT(ICMPV6) | BIT(ND);
		return BIT(ICMPV6);
	default:
		return 0;
	}
}

/*
 * The attributes that datapaths want in a key that matches this much, even where
 * nothing of them matters: the headers that go with the type and protocol.  The
 * printer shows these though they are wild (so that ovs-dpctl, too, reads the
 * text back), and the parser adds them where they were left out.
 */
static uint64_t required(const struct level *key, const struct level *mask)
{
	uint8_t proto, frag;
	uint64_t need;

	switch (level_eth_type(key, mask)) {
	case ETH_P_ARP:
	case ETH_P_RARP:
		return BIT(ARP);
	case ETH_P_MPLS_UC:
	case ETH_P_MPLS_MC:
		return BIT(MPLS);
	case ETH_P_IP:
		need = BIT(IPV4);
		proto = masked_byte(key, mask, OVS_KEY_ATTR_IPV4,
				    offsetof(struct ovs_key_ipv4, ipv4_proto));
		frag = masked_byte(key, mask, OVS_KEY_ATTR_IPV4,
				   offsetof(struct ovs_key_ipv4, ipv4_frag));
		if (proto == IPPROTO_ICMPV6)
			return need;
		break;
	case ETH_P_IPV6:
		need = BIT(IPV6);
		proto = masked_byte(key, mask, OVS_KEY_ATTR_IPV6,
				    offsetof(struct ovs_key_ipv6, ipv6_proto));
		frag = masked_byte(key, mask, OVS_KEY_ATTR_IPV6,
				   offsetof(struct ovs_key_ipv6, ipv6_frag));
		if (proto == IPPROTO_ICMP)
			return need;
		break;
	default:
		return 0;
	}
	if (frag != OVS_FRAG_TYPE_LATER)
		need |= required_l4(key, mask, proto);
	return need;
}

static bool is_zero(const struct nlattr *nla)
{
	const uint8_t *p = vsl_attr_data(nla);

	for (int i = 0; i < vsl_attr_len(nla); i++)
		if (p[i])
			return false;
	return true;
}

static bool is_wild(const struct nlattr *mask)
{
	return !mask || is_zero(mask);
}

static void put_unknown(struct vsl_str *str, const struct nlattr *key,
			const struct nlattr *mask, bool bad)
{
	vsl_str_printf(str, "key%d(%s", vsl_attr_type(key), bad ? "bad:" : "");
	vsl_str_puthex(str, vsl_attr_data(key), vsl_attr_len(key));
	if (mask) {
		vsl_str_putc(str, '/');
		vsl_str_puthex(str, vsl_attr_data(mask), vsl_attr_len(mask));
	}
	vsl_str_putc(str, ')');
}

static void put_known(struct vsl_str *str, const struct vsl_key_row *row,
		      const struct nlattr *key, const struct nlattr *mask,
		      bool masked, const struct vsl_text_ports *ports)
{
	static const uint8_t wild[VSL_KEY_PAYLOAD_MAX];
	const void *m = NULL;
	size_t len = vsl_attr_len(key);

	/* A wild label stack is dumped as no bytes at all. */
	if (row->attr == OVS_KEY_ATTR_MPLS && mask && !vsl_attr_len(mask))
		mask = NULL;
	if (!len_fits(row, len) || (mask && (size_t)vsl_attr_len(mask) != len)) {
		put_unknown(str, key, mask, true);
		return;
	}
	if (mask)
		m = vsl_attr_data(mask);
	else if (masked)
		m = wild;
	/* Any mask but 0 makes these two exact, whatever bits it has; and tags
	 * are exact even without one, as is a tag that was cut short.
	 */
	if (m && !is_wild(mask) &&
	    (row->attr == OVS_KEY_ATTR_ETHERTYPE ||
	     row->attr == OVS_KEY_ATTR_IN_PORT))
		m = NULL;
	if (row->attr == OVS_KEY_ATTR_VLAN && (!mask || is_zero(key)))
		m = NULL;
	vsl_key_row_put(str, row, vsl_attr_data(key), m, len, ports);
}

static bool worth_printing(const struct nlattr *key, const struct nlattr *mask,
			   uint64_t need)
{
	switch (vsl_attr_type(key)) {
	case OVS_KEY_ATTR_ETHERNET:
	case OVS_KEY_ATTR_VLAN:
	case OVS_KEY_ATTR_ENCAP:
		return true;
	default:
		if (vsl_attr_type(key) < 64 && need & (1ull << vsl_attr_type(key)))
			return true;
		return !is_wild(mask);
	}
}

static void put_level(struct vsl_str *str, struct vsl_blob key,
		      struct vsl_blob mask, const struct vsl_text_ports *ports,
		      int depth);

static void put_attr(struct vsl_str *str, const struct nlattr *key,
		     const struct nlattr *mask, bool masked,
		     const struct vsl_text_ports *ports, int depth)
{
	const struct vsl_key_row *row = vsl_key_row_by_attr(vsl_attr_type(key));

	if (vsl_attr_type(key) == OVS_KEY_ATTR_ENCAP && depth < MAX_DEPTH) {
		struct vsl_blob inner_mask = vsl_blob_of_attr(mask);

		if (masked && !mask)	/* wild, which is not "no mask" */
			inner_mask.data = vsl_attr_data(key);
		vsl_str_puts(str, "encap(");
		put_level(str, vsl_blob_of_attr(key), inner_mask, ports,
			  depth + 1);
		vsl_str_putc(str, ')');
	} else if (row) {
		put_known(str, row, key, mask, masked, ports);
	} else {
		put_unknown(str, key, mask, false);
	}
}

/* A key without Ethernet type is an 802.2 frame's, if the mask says that the
 * type matters.
 */
static bool is_8022(const struct level *key, const struct level *mask)
{
	return !key->attr[OVS_KEY_ATTR_ETHERTYPE] &&
	       !is_wild(mask->attr[OVS_KEY_ATTR_ETHERTYPE]);
}

static void put_level(struct vsl_str *str, struct vsl_blob key,
		      struct vsl_blob mask, const struct vsl_text_ports *ports,
		      int depth)
{
	const struct nlattr *nla = key.data;
	struct level keys, masks;
	size_t start = str->len;
	bool masked = mask.data;
	int rem = key.len;
	uint64_t need;

	index_level(&keys, key);
	index_level(&masks, mask);
	need = required(&keys, masked ? &masks : NULL);

	for (; nla && vsl_attr_ok(nla, rem); nla = vsl_attr_next(nla, &rem)) {
		const struct nlattr *m = NULL;

		if (vsl_attr_type(nla) <= OVS_KEY_ATTR_MAX)
			m = masks.attr[vsl_attr_type(nla)];
		if (masked && !worth_printing(nla, m, need))
			continue;
		if (str->len > start)
			vsl_str_putc(str, ',');
		put_attr(str, nla, m, masked, ports, depth);
	}
	if (masked && is_8022(&keys, &masks))
		vsl_str_puts(str, str->len > start ? ",eth_type(0/0xffff)" :
						     "eth_type(0/0xffff)");
	if (rem > 0) {
		vsl_str_puts(str, str->len > start ? ",key(bad:" : "key(bad:");
		vsl_str_puthex(str, nla, rem);
		vsl_str_putc(str, ')');
	}
}

void vsl_text_put_key(struct vsl_str *str, struct vsl_blob key,
		      struct vsl_blob mask, const struct vsl_text_ports *ports)
{
	put_level(str, key, mask, ports, 0);
}

/* Put an attribute where there is a buffer for it. */
static int put(struct nl_msg *msg, int type, size_t len, const void *data)
{
	if (msg && nla_put(msg, type, len, data) < 0)
		return -EMSGSIZE;
	return 0;
}

/*
 * eth_type(0/0xffff), the way 802.2 frames are written, and eth_type(0/0), any
 * frame at all, are no attribute in the key.
 */
static int put_eth_type(struct vsl_lex *lex, const char *at,
			const uint8_t data[2], const uint8_t mask[2],
			struct nl_msg *key_msg, struct nl_msg *mask_msg)
{
	unsigned int type = data[0] << 8 | data[1];
	unsigned int m = mask[0] << 8 | mask[1];

	if (!type && m && (m != 0xffff || at[strcspn(at, "/)")] != '/'))
		return vsl_lex_error(lex, at,
				     "0 is no Ethernet type; eth_type(0/0xffff) stands for 802.2 frames");
	if (type && type < ETHERTYPE_MIN)
		return vsl_lex_error(lex, at,
				     "0x%04x is no Ethernet type: they start at 0x0600",
				     type);
	if ((type && put(key_msg, OVS_KEY_ATTR_ETHERTYPE, 2, data)) ||
	    (m && put(mask_msg, OVS_KEY_ATTR_ETHERTYPE, 2, mask)))
		return -EMSGSIZE;
	return 0;
}

static int parse_level(struct vsl_lex *lex, struct nl_msg *key,
		       struct nl_msg *mask, int depth);

static int parse_encap(struct vsl_lex *lex, struct nl_msg *key,
		       struct nl_msg *mask, int depth)
{
	struct nlattr *key_nest, *mask_nest = NULL;
	const uint16_t wild = 0;
	int err;

	if (depth == MAX_DEPTH)
		return vsl_lex_error(lex, lex->p,
				     "encap(...) within encap(encap(...)): at most two VLAN tags are looked at");
	lex->p += strlen("encap");
	if (vsl_lex_expect(lex, '(', "encap"))
		return -EINVAL;
	key_nest = vsl_nest_start(key, OVS_KEY_ATTR_ENCAP);
	if (mask)
		mask_nest = vsl_nest_start(mask, OVS_KEY_ATTR_ENCAP);
	if (!key_nest || (mask && !mask_nest))
		return -EMSGSIZE;
	err = parse_level(lex, key, mask, depth + 1);
	if (err)
		return err;
	/* Kernels overlook a mask's ENCAP with nothing in it, and then refuse
	 * the VLAN next to it: put an attribute in that says nothing.
	 */
	if (mask && (void *)nlmsg_tail(nlmsg_hdr(mask)) == vsl_attr_data(mask_nest) &&
	    put(mask, OVS_KEY_ATTR_ETHERTYPE, sizeof(wild), &wild))
		return -EMSGSIZE;
	vsl_nest_end(key, key_nest);
	if (mask)
		vsl_nest_end(mask, mask_nest);
	return vsl_lex_expect(lex, ')', "encap(...");
}

static int unknown_attr(struct vsl_lex *lex)
{
	if (vsl_lex_is(lex->p, "tunnel"))
		return vsl_lex_error(lex, lex->p,
				     "\"tunnel\": tunnel keys cannot be written as text");
	return vsl_lex_error(lex, lex->p,
			     "%s is no key attribute: expected e.g. in_port(...), eth(...), eth_type(...), vlan(...), ipv4(...), arp(...), tcp(...)",
			     vsl_lex_quote(lex->p));
}

/*
 * Take an attribute.  @cut is set for a tag that its packet was cut short in: it
 * cannot be written in a mask, and is exact without one.
 */
static int parse_attr(struct vsl_lex *lex, const struct vsl_key_row *row,
		      struct nl_msg *key, struct nl_msg *mask, bool *cut)
{
	uint8_t data[VSL_KEY_PAYLOAD_MAX] = { 0 };
	uint8_t bits[VSL_KEY_PAYLOAD_MAX] = { 0 };
	const char *at = lex->p;
	size_t len;

	lex->p += strlen(row->name);
	if (vsl_key_row_parse(lex, row, data, bits, &len))
		return -EINVAL;
	if (row->attr == OVS_KEY_ATTR_ETHERTYPE)
		return put_eth_type(lex, at, data, bits, key, mask);
	if (row->attr == OVS_KEY_ATTR_VLAN && !data[0] && !data[1]) {
		*cut = true;
		mask = NULL;
	}
	if (put(key, row->attr, len, data) || put(mask, row->attr, len, bits))
		return -EMSGSIZE;
	return 0;
}

/* A tag is announced by the type in front, and what is in it follows in encap. */
static int check_vlan(struct vsl_lex *lex, const char *at, uint64_t seen,
		      const struct level *key, int depth)
{
	unsigned int type = level_eth_type(key, NULL);
	bool tpid = type == ETH_P_8021Q || type == ETH_P_8021AD;

	if (seen & BIT(VLAN) && !(seen & BIT(ENCAP)))
		return vsl_lex_error(lex, at,
				     "vlan(...) without encap(...): what follows the tag belongs in encap(...), e.g. eth_type(0x8100),vlan(vid=10),encap(eth_type(0x0800))");
	if (seen & BIT(ENCAP) && !(seen & BIT(VLAN)))
		return vsl_lex_error(lex, at,
				     "encap(...) without vlan(...)");
	if (seen & BIT(VLAN) && !tpid)
		return vsl_lex_error(lex, at,
				     "vlan(...) needs eth_type(0x8100) or eth_type(0x88a8) in front of it");
	if (tpid && !(seen & BIT(VLAN)) && depth < MAX_DEPTH)
		return vsl_lex_error(lex, at,
				     "eth_type(0x%04x) needs vlan(...) and encap(...)",
				     type);
	return 0;
}

static int add_required(struct nl_msg *key, const struct level *level)
{
	static const uint8_t zero[VSL_KEY_PAYLOAD_MAX];
	uint64_t need = required(level, NULL);

	for (int type = 0; need >> type; type++)
		if (need & (1ull << type) && !level->attr[type] &&
		    put(key, type, vsl_key_row_by_attr(type)->len, zero))
			return -EMSGSIZE;
	return 0;
}

/* Take attributes up to the end of the text, or up to a ")" within encap. */
static int parse_level(struct vsl_lex *lex, struct nl_msg *key,
		       struct nl_msg *mask, int depth)
{
	size_t start = nlmsg_datalen(nlmsg_hdr(key));
	struct vsl_blob built;
	const char *at = lex->p;
	struct level level;
	uint64_t seen = 0;
	bool cut = false;
	int err;

	for (;;) {
		const struct vsl_key_row *row;
		int attr = OVS_KEY_ATTR_ENCAP;

		vsl_lex_separators(lex);
		if (!*lex->p || (*lex->p == ')' && depth))
			break;
		row = vsl_key_row_by_name(lex->p);
		if (row)
			attr = row->attr;
		else if (!vsl_lex_is(lex->p, "encap"))
			return unknown_attr(lex);
		if (seen & (1ull << attr))
			return vsl_lex_error(lex, lex->p,
					     "%s(...) stands twice",
					     row ? row->name : "encap");
		seen |= 1ull << attr;
		err = row ? parse_attr(lex, row, key, mask, &cut) :
			    parse_encap(lex, key, cut ? NULL : mask, depth);
		if (err)
			return err;
	}
	built = vsl_blob_of_msg(key);
	built.data = (const char *)built.data + start;
	built.len -= start;
	index_level(&level, built);
	if (!depth && seen && !(seen & (BIT(ETHERNET) | BIT(ETHERTYPE))))
		return vsl_lex_error(lex, at,
				     "eth(...) is missing; eth() stands for any addresses");
	err = check_vlan(lex, at, seen, &level, depth);
	return err ? err : add_required(key, &level);
}

int vsl_lex_key(struct vsl_lex *lex, struct nl_msg *key, struct nl_msg *mask)
{
	return parse_level(lex, key, mask, 0);
}
