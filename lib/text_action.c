// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lists of actions <-> text, and the actions that hold such lists.  Called by
 * text.c; the other actions are text_leaf.c's.
 */
#include "text_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

static void put_list(struct vsl_str *str, struct vsl_blob actions,
		     const struct vsl_text_ports *ports, int depth);
static int parse_list(struct vsl_lex *lex, struct nl_msg *msg, int depth);

static int put_attr(struct nl_msg *msg, int type, size_t len, const void *data)
{
	return nla_put(msg, type, len, data) < 0 ? -EMSGSIZE : 0;
}

/* clone(LIST) */
static bool put_clone(struct vsl_str *str, const struct nlattr *nla,
		      const struct vsl_text_ports *ports, int depth)
{
	if (depth >= VSL_MAX_ACTION_DEPTH)
		return false;
	put_list(str, vsl_blob_of_attr(nla), ports, depth + 1);
	return true;
}

/* LIST and its closing parenthesis as attribute @type. */
static int parse_nested_list(struct vsl_lex *lex, struct nl_msg *msg, int type,
			     int depth)
{
	struct nlattr *nest;
	int err;

	if (depth >= VSL_MAX_ACTION_DEPTH)
		return vsl_lex_error(lex, lex->p,
				     "actions within actions within actions...: at most %d deep",
				     VSL_MAX_ACTION_DEPTH);
	nest = vsl_nest_start(msg, type);
	if (!nest)
		return -EMSGSIZE;
	err = parse_list(lex, msg, depth + 1);
	if (err)
		return err;
	vsl_nest_end(msg, nest);
	return vsl_lex_expect(lex, ')', "the actions");
}

static int parse_clone(struct vsl_lex *lex, struct nl_msg *msg, int depth)
{
	return parse_nested_list(lex, msg, OVS_ACTION_ATTR_CLONE, depth);
}

static uint32_t probability(double percent)
{
	return percent / 100 * UINT32_MAX + 0.5;
}

/* As few digits as give the same number back, but at least one: "50.0%". */
static void put_percent(struct vsl_str *str, uint32_t p)
{
	double percent = 100.0 * p / UINT32_MAX;
	char buf[32];

	for (int digits = 1; digits <= 12; digits++) {
		snprintf(buf, sizeof(buf), "%.*f", digits, percent);
		if (probability(strtod(buf, NULL)) == p)
			break;
	}
	vsl_str_puts(str, buf);
	vsl_str_putc(str, '%');
}

/* sample(sample=50.0%,actions(LIST)) */
static bool put_sample(struct vsl_str *str, const struct nlattr *nla,
		       const struct vsl_text_ports *ports, int depth)
{
	struct nlattr *tb[OVS_SAMPLE_ATTR_MAX + 1];
	const struct nlattr *p;

	if (depth >= VSL_MAX_ACTION_DEPTH ||
	    nla_parse_nested(tb, OVS_SAMPLE_ATTR_MAX, (struct nlattr *)nla,
			     NULL) < 0)
		return false;
	p = tb[OVS_SAMPLE_ATTR_PROBABILITY];
	if (!p || nla_len(p) != 4 || !tb[OVS_SAMPLE_ATTR_ACTIONS])
		return false;
	vsl_str_puts(str, "sample=");
	put_percent(str, nla_get_u32(p));
	vsl_str_puts(str, ",actions(");
	put_list(str, vsl_blob_of_attr(tb[OVS_SAMPLE_ATTR_ACTIONS]), ports,
		 depth + 1);
	vsl_str_putc(str, ')');
	return true;
}

static int parse_percent(struct vsl_lex *lex, uint32_t *p)
{
	double percent;
	char *end;

	percent = strtod(lex->p, &end);
	if (*lex->p < '0' || *lex->p > '9' || *end != '%' || percent > 100)
		return vsl_lex_error(lex, lex->p,
				     "expected 0%% to 100%% for sample, found %s",
				     vsl_lex_quote(lex->p));
	lex->p = end + 1;
	*p = probability(percent);
	return 0;
}

static int parse_sample(struct vsl_lex *lex, struct nl_msg *msg, int depth)
{
	struct nlattr *nest;
	uint32_t p;
	int err;

	vsl_lex_blanks(lex);
	if (!vsl_lex_is(lex->p, "sample"))
		return vsl_lex_error(lex, lex->p,
				     "expected sample(sample=N%%,actions(...)), found %s",
				     vsl_lex_quote(lex->p));
	lex->p += strlen("sample");
	if (vsl_lex_expect(lex, '=', "sample") || parse_percent(lex, &p) ||
	    vsl_lex_expect(lex, ',', "sample=N%"))
		return -EINVAL;
	vsl_lex_blanks(lex);
	if (!vsl_lex_is(lex->p, "actions"))
		return vsl_lex_error(lex, lex->p,
				     "expected actions(...) in sample(...), found %s",
				     vsl_lex_quote(lex->p));
	lex->p += strlen("actions");
	if (vsl_lex_expect(lex, '(', "actions"))
		return -EINVAL;
	nest = vsl_nest_start(msg, OVS_ACTION_ATTR_SAMPLE);
	if (!nest || put_attr(msg, OVS_SAMPLE_ATTR_PROBABILITY, 4, &p))
		return -EMSGSIZE;
	err = parse_nested_list(lex, msg, OVS_SAMPLE_ATTR_ACTIONS, depth);
	if (err)
		return err;
	vsl_nest_end(msg, nest);
	return vsl_lex_expect(lex, ')', "sample(...");
}

/* check_pkt_len(size=100,gt(LIST),le(LIST)) */
static bool put_check_pkt_len(struct vsl_str *str, const struct nlattr *nla,
			      const struct vsl_text_ports *ports, int depth)
{
	struct nlattr *tb[OVS_CHECK_PKT_LEN_ATTR_MAX + 1];
	const struct nlattr *len, *gt, *le;

	if (depth >= VSL_MAX_ACTION_DEPTH ||
	    nla_parse_nested(tb, OVS_CHECK_PKT_LEN_ATTR_MAX,
			     (struct nlattr *)nla, NULL) < 0)
		return false;
	len = tb[OVS_CHECK_PKT_LEN_ATTR_PKT_LEN];
	gt = tb[OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_GREATER];
	le = tb[OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_LESS_EQUAL];
	if (!len || nla_len(len) != 2 || !gt || !le)
		return false;
	vsl_str_printf(str, "size=%u,gt(", nla_get_u16(len));
	put_list(str, vsl_blob_of_attr(gt), ports, depth + 1);
	vsl_str_puts(str, "),le(");
	put_list(str, vsl_blob_of_attr(le), ports, depth + 1);
	vsl_str_putc(str, ')');
	return true;
}

static int parse_branch(struct vsl_lex *lex, struct nl_msg *msg,
			const char *word, int type, int depth)
{
	if (vsl_lex_expect(lex, ',', "check_pkt_len(..."))
		return -EINVAL;
	vsl_lex_blanks(lex);
	if (!vsl_lex_is(lex->p, word))
		return vsl_lex_error(lex, lex->p,
				     "expected %s(...) in check_pkt_len(...), found %s",
				     word, vsl_lex_quote(lex->p));
	lex->p += strlen(word);
	if (vsl_lex_expect(lex, '(', word))
		return -EINVAL;
	return parse_nested_list(lex, msg, type, depth);
}

static int parse_check_pkt_len(struct vsl_lex *lex, struct nl_msg *msg,
			       int depth)
{
	struct nlattr *nest;
	uint16_t size;
	uint64_t v;
	int err;

	vsl_lex_blanks(lex);
	if (!vsl_lex_is(lex->p, "size"))
		return vsl_lex_error(lex, lex->p,
				     "expected check_pkt_len(size=N,gt(...),le(...)), found %s",
				     vsl_lex_quote(lex->p));
	lex->p += strlen("size");
	if (vsl_lex_expect(lex, '=', "size") ||
	    vsl_lex_number(lex, UINT16_MAX, "size", &v))
		return -EINVAL;
	size = v;
	nest = vsl_nest_start(msg, OVS_ACTION_ATTR_CHECK_PKT_LEN);
	if (!nest || put_attr(msg, OVS_CHECK_PKT_LEN_ATTR_PKT_LEN, 2, &size))
		return -EMSGSIZE;
	err = parse_branch(lex, msg, "gt",
			   OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_GREATER, depth);
	if (!err)
		err = parse_branch(lex, msg, "le",
				   OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_LESS_EQUAL,
				   depth);
	if (err)
		return err;
	vsl_nest_end(msg, nest);
	return vsl_lex_expect(lex, ')', "check_pkt_len(...");
}

static const struct vsl_action_row rows[] = {
	{ "sample", OVS_ACTION_ATTR_SAMPLE, -1, put_sample, parse_sample },
	{ "clone", OVS_ACTION_ATTR_CLONE, -1, put_clone, parse_clone },
	{ "check_pkt_len", OVS_ACTION_ATTR_CHECK_PKT_LEN, -1,
	  put_check_pkt_len, parse_check_pkt_len },
};

/* Row @i of both tables, NULL behind the last. */
static const struct vsl_action_row *row_at(unsigned int i)
{
	if (i < vsl_n_action_leaves)
		return &vsl_action_leaves[i];
	i -= vsl_n_action_leaves;
	return i < VSL_ARRAY_SIZE(rows) ? &rows[i] : NULL;
}

static const struct vsl_action_row *row_by_attr(int attr)
{
	const struct vsl_action_row *row;

	for (unsigned int i = 0; (row = row_at(i)); i++)
		if (row->attr == attr)
			break;
	return row;
}

static const struct vsl_action_row *row_by_name(const char *p)
{
	const struct vsl_action_row *row;

	for (unsigned int i = 0; (row = row_at(i)); i++)
		if (row->name && vsl_lex_is(p, row->name))
			break;
	return row;
}

static void put_unknown(struct vsl_str *str, const struct nlattr *nla,
			bool bad)
{
	vsl_str_printf(str, "action%d(%s", nla_type(nla), bad ? "bad:" : "");
	vsl_str_puthex(str, nla_data(nla), nla_len(nla));
	vsl_str_putc(str, ')');
}

static void put_action(struct vsl_str *str, const struct nlattr *nla,
		       const struct vsl_text_ports *ports, int depth)
{
	const struct vsl_action_row *row = row_by_attr(nla_type(nla));
	size_t start = str->len;

	if (!row || (row->len >= 0 && row->len != nla_len(nla))) {
		put_unknown(str, nla, row);
		return;
	}
	if (!row->name) {
		row->put(str, nla, ports, depth);
		return;
	}
	vsl_str_puts(str, row->name);
	if (!row->put)
		return;
	vsl_str_putc(str, '(');
	if (row->put(str, nla, ports, depth)) {
		vsl_str_putc(str, ')');
		return;
	}
	/* Not what the row expects: take the half-written words back. */
	if (str->s && start <= str->len) {
		str->len = start;
		str->s[start] = '\0';
	}
	put_unknown(str, nla, true);
}

static void put_list(struct vsl_str *str, struct vsl_blob actions,
		     const struct vsl_text_ports *ports, int depth)
{
	const struct nlattr *nla = actions.data;
	const char *sep = "";
	int rem = actions.len;

	if (!nla || !rem) {
		vsl_str_puts(str, "drop");
		return;
	}
	for (; nla_ok(nla, rem); nla = nla_next(nla, &rem)) {
		vsl_str_puts(str, sep);
		put_action(str, nla, ports, depth);
		sep = ",";
	}
	if (rem > 0) {
		vsl_str_printf(str, "%saction(bad:", sep);
		vsl_str_puthex(str, nla, rem);
		vsl_str_putc(str, ')');
	}
}

void vsl_text_put_actions(struct vsl_str *str, struct vsl_blob actions,
			  const struct vsl_text_ports *ports)
{
	put_list(str, actions, ports, 0);
}

static int parse_output(struct vsl_lex *lex, struct nl_msg *msg)
{
	uint32_t port_no;

	if (vsl_lex_port(lex, &port_no))
		return -EINVAL;
	return put_attr(msg, OVS_ACTION_ATTR_OUTPUT, 4, &port_no);
}

/* Whether the word at @p can be a port here. */
static bool is_port(struct vsl_lex *lex, const char *p)
{
	struct vsl_text_error unused;
	struct vsl_lex probe = *lex;
	uint32_t port_no;

	if (*p >= '0' && *p <= '9')
		return true;
	probe.p = p;
	probe.err = &unused;
	return !vsl_lex_port(&probe, &port_no);
}

static int parse_action(struct vsl_lex *lex, struct nl_msg *msg, int depth)
{
	const struct vsl_action_row *row = row_by_name(lex->p);

	if (!row && is_port(lex, lex->p))
		return parse_output(lex, msg);
	if (!row)
		return vsl_lex_error(lex, lex->p,
				     "%s is neither an action nor a port: expected e.g. 2, drop, push_vlan(...), pop_vlan, set(...), userspace(...)",
				     vsl_lex_quote(lex->p));
	lex->p += strlen(row->name);
	if (!row->parse)
		return put_attr(msg, row->attr, 0, NULL);
	if (vsl_lex_expect(lex, '(', row->name))
		return -EINVAL;
	return row->parse(lex, msg, depth);
}

/* Take actions up to the end of the text, or up to a ")" within an action. */
static int parse_list(struct vsl_lex *lex, struct nl_msg *msg, int depth)
{
	const char *drop = NULL;
	unsigned int n = 0;

	for (;;) {
		vsl_lex_separators(lex);
		if (!*lex->p || (*lex->p == ')' && depth))
			break;
		n++;
		if (vsl_lex_is(lex->p, "drop")) {
			drop = lex->p;
			lex->p += strlen("drop");
		} else {
			int err = parse_action(lex, msg, depth);

			if (err)
				return err;
		}
		if (drop && n > 1)
			return vsl_lex_error(lex, drop,
					     "\"drop\" goes with no other action: it is the empty list");
		if (*lex->p && !strchr(" \t\r\n,)", *lex->p))
			return vsl_lex_error(lex, lex->p,
					     "expected \",\" between actions, found %s",
					     vsl_lex_quote(lex->p));
	}
	return 0;
}

int vsl_text_parse_actions(const char *text,
			   const struct vsl_text_ports *ports,
			   struct nl_msg *actions, struct vsl_text_error *err)
{
	struct vsl_lex lex = { text, text, ports, err };

	return parse_list(&lex, actions, 0);
}
