// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Words, numbers and errors of the flow syntax: see text_private.h.
 */
#include "text_private.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
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

const bool vsl_lex_ends[256] = {
	['\0'] = true, [' '] = true, ['\t'] = true, ['\r'] = true, ['\n'] = true,
	[','] = true, ['('] = true, [')'] = true, ['='] = true, ['/'] = true,
};

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

/*
 * The @n characters at @p as a number, decimal or 0x hex; false if they are
 * none.  One that does not fit is UINT64_MAX.
 */
static bool read_number(const char *p, size_t n, uint64_t *value)
{
	bool hex = n > 2 && p[0] == '0' && (p[1] | 0x20) == 'x';
	unsigned int base = hex ? 16 : 10;
	uint64_t v = 0;

	for (size_t i = hex ? 2 : 0; i < n; i++) {
		unsigned int digit = vsl_hex_digit(p[i]);

		if (digit >= base)
			return false;
		if (__builtin_mul_overflow(v, base, &v) ||
		    __builtin_add_overflow(v, digit, &v))
			v = UINT64_MAX;
	}
	*value = v;
	return n;
}

int vsl_lex_number(struct vsl_lex *lex, uint64_t max, const char *what,
		   uint64_t *value)
{
	size_t n = vsl_lex_word(lex->p);

	if (!isdigit((unsigned char)*lex->p))
		return vsl_lex_error(lex, lex->p,
				     "expected a number for %s, found %s",
				     what, vsl_lex_quote(lex->p));
	if (!read_number(lex->p, n, value))
		return vsl_lex_error(lex, lex->p,
				     "%s is no number (for %s)",
				     vsl_lex_quote(lex->p), what);
	if (*value > max)
		return vsl_lex_error(lex, lex->p,
				     "%s is too large for %s: at most %llu",
				     vsl_lex_quote(lex->p), what,
				     (unsigned long long)max);
	lex->p += n;
	return 0;
}

int vsl_lex_port(struct vsl_lex *lex, uint32_t *port_no)
{
	const struct vsl_text_ports *ports = lex->ports;
	size_t n = vsl_lex_word(lex->p);
	char name[64];
	uint64_t v;

	if (read_number(lex->p, n, &v)) {
		if (vsl_lex_number(lex, VSL_PORT_LIMIT - 1, "a port", &v))
			return -EINVAL;
		*port_no = v;
		return 0;
	}
	if (!n || !ports || !ports->number)
		return vsl_lex_error(lex, lex->p,
				     "expected a port number, found %s",
				     vsl_lex_quote(lex->p));
	if (n < sizeof(name)) {
		memcpy(name, lex->p, n);
		name[n] = '\0';
		if (ports->number(name, port_no, ports->arg)) {
			lex->p += n;
			return 0;
		}
	}
	return vsl_lex_error(lex, lex->p,
			     "the datapath has no port called %s",
			     vsl_lex_quote(lex->p));
}
