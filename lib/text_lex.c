// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Words, numbers and errors of the flow syntax: see text_private.h.
 */
#include "text_private.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "port.h"

int vsl_lex_error(struct vsl_lex *lex, const char *at, const char *fmt, ...)
{
	va_list ap;

	lex->err->pos = at - lex->start;
	va_start(ap, fmt);
	vsnprintf(lex->err->msg, sizeof(lex->err->msg), fmt, ap);
	va_end(ap);
	return -EINVAL;
}

size_t vsl_lex_word(const char *p)
{
	return strcspn(p, " \t\r\n,()=/");
}

const char *vsl_lex_quote(const char *p)
{
	static char buf[48];
	size_t n = vsl_lex_word(p);

	if (!*p)
		return "the end";
	if (!n)
		n = 1;
	if (n > 40)
		snprintf(buf, sizeof(buf), "\"%.37s...\"", p);
	else
		snprintf(buf, sizeof(buf), "\"%.*s\"", (int)n, p);
	return buf;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void vsl_lex_blanks(struct vsl_lex *lex)
{
	while (is_blank(*lex->p))
		lex->p++;
}

void vsl_lex_separators(struct vsl_lex *lex)
{
	while (is_blank(*lex->p) || *lex->p == ',')
		lex->p++;
}

bool vsl_lex_is(const char *p, const char *word)
{
	size_t n = strlen(word);

	return !strncmp(p, word, n) && vsl_lex_word(p) == n;
}

int vsl_lex_expect(struct vsl_lex *lex, char c, const char *after)
{
	vsl_lex_blanks(lex);
	if (*lex->p != c)
		return vsl_lex_error(lex, lex->p,
				     "expected \"%c\" after %s, found %s", c,
				     after, vsl_lex_quote(lex->p));
	lex->p++;
	return 0;
}

int vsl_lex_number(struct vsl_lex *lex, uint64_t max, const char *what,
		   uint64_t *value)
{
	size_t n = vsl_lex_word(lex->p);
	int base = lex->p[0] == '0' && (lex->p[1] | 0x20) == 'x' ? 16 : 10;
	unsigned long long v;
	char *end;

	if (!isdigit((unsigned char)*lex->p))
		return vsl_lex_error(lex, lex->p,
				     "expected a number for %s, found %s",
				     what, vsl_lex_quote(lex->p));
	errno = 0;
	v = strtoull(lex->p, &end, base);
	if (end != lex->p + n)
		return vsl_lex_error(lex, lex->p,
				     "%s is no number (for %s)",
				     vsl_lex_quote(lex->p), what);
	if (errno || v > max)
		return vsl_lex_error(lex, lex->p,
				     "%s is too large for %s: at most %llu",
				     vsl_lex_quote(lex->p), what,
				     (unsigned long long)max);
	lex->p = end;
	*value = v;
	return 0;
}

int vsl_lex_port(struct vsl_lex *lex, uint32_t *port_no)
{
	const struct vsl_text_ports *ports = lex->ports;
	size_t n = vsl_lex_word(lex->p);
	char name[64];
	uint64_t v;

	if (n < sizeof(name)) {
		memcpy(name, lex->p, n);
		name[n] = '\0';
		if (vsl_u32_parse(name, UINT32_MAX, port_no)) {
			if (vsl_lex_number(lex, VSL_PORT_LIMIT - 1, "a port",
					   &v))
				return -EINVAL;
			return 0;
		}
		if (n && ports && ports->number &&
		    ports->number(name, port_no, ports->arg)) {
			lex->p += n;
			return 0;
		}
	}
	if (!n || !ports || !ports->number)
		return vsl_lex_error(lex, lex->p,
				     "expected a port number, found %s",
				     vsl_lex_quote(lex->p));
	return vsl_lex_error(lex, lex->p,
			     "the datapath has no port called %s",
			     vsl_lex_quote(lex->p));
}
