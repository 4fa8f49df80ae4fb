// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole flows <-> text: ufid, key, statistics, actions, and lines of flow files.
 * See text.h.  vslctl calls this; keys are text_key.c's, actions text_action.c's.
 */
#include "text_private.h"

#include <errno.h>
#include <string.h>

void vsl_text_put_ufid(struct vsl_str *str, const uint8_t *ufid, size_t len)
{
	static const uint8_t groups[] = { 4, 2, 2, 2, 6 };

	vsl_str_puts(str, "ufid:");
	if (len != 16) {
		vsl_str_puthex(str, ufid, len);
		return;
	}
	for (size_t i = 0; i < VSL_ARRAY_SIZE(groups); i++) {
		if (i)
			vsl_str_putc(str, '-');
		vsl_str_puthex(str, ufid, groups[i]);
		ufid += groups[i];
	}
}

size_t vsl_text_parse_ufid(const char *text, uint8_t ufid[VSL_UFID_MAX],
			   uint8_t *ufid_len)
{
	const char *p = text + strlen("ufid:");
	char digits[2 * VSL_UFID_MAX];
	size_t n = 0;

	if (strncmp(text, "ufid:", strlen("ufid:")))
		return 0;
	for (; *p && !strchr(" \t\r\n,", *p); p++) {
		if (*p == '-')
			continue;
		if (n == sizeof(digits))
			return 0;
		digits[n++] = *p;
	}
	if (!n || !vsl_hex_parse(digits, n, ufid))
		return 0;
	*ufid_len = n / 2;
	return p - text;
}

void vsl_text_put_tcp_flags(struct vsl_str *str, uint8_t flags)
{
	static const struct {
		uint8_t bit;
		char c;
	} letters[] = {
		{ 0x02, 'S' }, { 0x01, 'F' }, { 0x08, 'P' }, { 0x04, 'R' },
		{ 0x20, 'U' }, { 0x10, '.' }, { 0x40, 'E' }, { 0x80, 'C' },
	};

	for (size_t i = 0; i < VSL_ARRAY_SIZE(letters); i++)
		if (flags & letters[i].bit)
			vsl_str_putc(str, letters[i].c);
}

static void put_used(struct vsl_str *str, const struct vsl_flow *flow)
{
	uint64_t now, ms;

	if (!flow->has_used || !flow->used_ms) {
		vsl_str_puts(str, ", used:never");
		return;
	}
	now = vsl_now_ms();
	ms = now > flow->used_ms ? now - flow->used_ms : 0;
	vsl_str_printf(str, ", used:%llu.%03us",
		       (unsigned long long)(ms / 1000),
		       (unsigned int)(ms % 1000));
}

void vsl_text_put_flow(struct vsl_str *str, const struct vsl_flow *flow,
		       const struct vsl_text_ports *ports)
{
	if (flow->key.data)
		vsl_text_put_key(str, flow->key, flow->mask, ports);
	else
		vsl_text_put_ufid(str, flow->ufid, flow->ufid_len);
	vsl_str_puts(str, ", packets:");
	vsl_str_putu64(str, flow->packets);
	vsl_str_puts(str, ", bytes:");
	vsl_str_putu64(str, flow->bytes);
	put_used(str, flow);
	if (flow->tcp_flags) {
		vsl_str_puts(str, ", flags:");
		vsl_text_put_tcp_flags(str, flow->tcp_flags);
	}
	vsl_str_puts(str, ", actions:");
	vsl_text_put_actions(str, flow->actions, ports);
}

int vsl_text_parse_flow(const char *text, const struct vsl_text_ports *ports,
			struct nl_msg *key, struct nl_msg *mask, uint8_t *ufid,
			uint8_t *ufid_len, struct vsl_text_error *err)
{
	struct vsl_lex lex = { text, text, ports, err };

	if (ufid_len)
		*ufid_len = 0;
	vsl_lex_blanks(&lex);
	if (ufid && !strncmp(lex.p, "ufid:", strlen("ufid:"))) {
		size_t n = vsl_text_parse_ufid(lex.p, ufid, ufid_len);

		if (!n)
			return vsl_lex_error(&lex, lex.p,
					     "%s is no flow id: expected ufid: and a UUID, or up to 32 hex digits",
					     vsl_lex_quote(lex.p));
		lex.p += n;
	}
	return vsl_lex_key(&lex, key, mask);
}

static bool is_separator(char c)
{
	return vsl_lex_is_blank(c) || c == ',';
}

/* The end of the item at @p: a blank or comma outside of parentheses. */
static char *item_end(char *p)
{
	int depth = 0;

	for (; *p; p++) {
		if (*p == '(')
			depth++;
		else if (*p == ')')
			depth--;
		else if (depth <= 0 && is_separator(*p))
			break;
	}
	return p;
}

/* What dump-flows prints between key and actions. */
static bool is_statistic(const char *p)
{
	static const char *const words[] = {
		"packets:", "bytes:", "used:", "flags:", "dp:", "offloaded:",
	};

	for (size_t i = 0; i < VSL_ARRAY_SIZE(words); i++)
		if (!strncmp(p, words[i], strlen(words[i])))
			return true;
	return false;
}

static void cut_comment(char *line)
{
	char *p = line;

	for (; (p = strchr(p, '#')); p++) {
		if (p > line && !is_separator(p[-1]))
			continue;
		*p = '\0';
		return;
	}
}

/* Skip blanks and commas; whether there was a comma. */
static bool skip_separators(char **p)
{
	bool comma = false;

	for (; is_separator(**p); (*p)++)
		comma |= **p == ',';
	return comma;
}

int vsl_text_split_line(char *line, char **flow, char **actions,
			struct vsl_text_error *err)
{
	struct vsl_lex lex = { line, line, NULL, err };
	char *p = line, *end = NULL;

	*flow = NULL;
	*actions = NULL;
	cut_comment(line);
	skip_separators(&p);
	if (!*p)
		return 0;
	*flow = p;
	for (;;) {
		char *item_stop = item_end(p);
		bool comma;

		p = item_stop;
		comma = skip_separators(&p);
		if (!*p)
			return vsl_lex_error(&lex, *flow,
					     "no actions behind the flow: expected \"FLOW ACTIONS\" or \"FLOW, actions:ACTIONS\"");
		if (!strncmp(p, "actions:", strlen("actions:"))) {
			*actions = p + strlen("actions:");
			break;
		}
		if (is_statistic(p)) {
			if (!end)
				end = item_stop;
			continue;
		}
		if (end)
			return vsl_lex_error(&lex, p,
					     "unknown word %s between flow and actions",
					     vsl_lex_quote(p));
		if (!comma) {
			*actions = p;
			end = item_stop;
			break;
		}
		if (strncmp(p, "ufid:", strlen("ufid:")) &&
		    memchr(p, ':', strcspn(p, "(, \t")))
			return vsl_lex_error(&lex, p,
					     "unknown word %s behind the flow: expected \"actions:\"",
					     vsl_lex_quote(p));
	}
	if (!end) {
		/* The key ends where "actions:" begins. */
		end = *actions - strlen("actions:");
		while (end > *flow && is_separator(end[-1]))
			end--;
	}
	*end = '\0';
	return 0;
}
