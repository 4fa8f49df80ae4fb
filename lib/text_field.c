// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One value within a struct <-> text: see text_private.h.  The rows of text_key.c
 * and text_action.c are made of these.
 */
#include "text_private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static uint32_t load(const struct vsl_field *field, const void *data)
{
	const uint8_t *p = (const uint8_t *)data + field->offset;
	uint16_t v16;
	uint32_t v32;

	switch (field->size) {
	case 1:
		return *p;
	case 2:
		memcpy(&v16, p, 2);
		return field->be ? ntohs(v16) : v16;
	default:
		memcpy(&v32, p, 4);
		return field->be ? ntohl(v32) : v32;
	}
}

static void store(const struct vsl_field *field, void *data, uint32_t value)
{
	uint8_t *p = (uint8_t *)data + field->offset;
	uint16_t v16 = field->be ? htons(value) : value;
	uint32_t v32 = field->be ? htonl(value) : value;

	switch (field->size) {
	case 1:
		*p = value;
		break;
	case 2:
		memcpy(p, &v16, 2);
		break;
	default:
		memcpy(p, &v32, 4);
	}
}

static bool is_integer(const struct vsl_field *field)
{
	switch (field->kind) {
	case VSL_FIELD_MAC:
	case VSL_FIELD_IP4:
	case VSL_FIELD_IP6:
	case VSL_FIELD_U128:
		return false;
	default:
		return true;
	}
}

static uint32_t field_bits(const struct vsl_field *field)
{
	if (field->bits)
		return field->bits;
	return field->size == 4 ? UINT32_MAX : (1u << 8 * field->size) - 1;
}

/* The greatest value, and the mask of an exact one, shifted down. */
static uint32_t field_max(const struct vsl_field *field)
{
	uint32_t bits = field_bits(field);

	return bits >> __builtin_ctz(bits);
}

uint32_t vsl_field_get(const struct vsl_field *field, const void *data)
{
	uint32_t bits = field_bits(field);

	return (load(field, data) & bits) >> __builtin_ctz(bits);
}

void vsl_field_set(const struct vsl_field *field, void *data, uint32_t value)
{
	uint32_t bits = field_bits(field);

	store(field, data, (load(field, data) & ~bits) |
			   (value << __builtin_ctz(bits) & bits));
}

static bool all_bytes_are(const struct vsl_field *field, const void *data,
			  uint8_t byte)
{
	const uint8_t *p = (const uint8_t *)data + field->offset;

	for (unsigned int i = 0; i < field->size; i++)
		if (p[i] != byte)
			return false;
	return true;
}

bool vsl_field_is_wild(const struct vsl_field *field, const void *mask)
{
	if (is_integer(field))
		return !(load(field, mask) & field_bits(field));
	return all_bytes_are(field, mask, 0);
}

bool vsl_field_is_exact(const struct vsl_field *field, const void *mask)
{
	if (is_integer(field))
		return vsl_field_get(field, mask) == field_max(field);
	return all_bytes_are(field, mask, 0xff);
}

void vsl_field_set_exact(const struct vsl_field *field, void *mask)
{
	if (is_integer(field))
		vsl_field_set(field, mask, field_max(field));
	else
		memset((uint8_t *)mask + field->offset, 0xff, field->size);
}

static const char *word_of(const struct vsl_field *field, uint32_t value)
{
	return value < field->n_words ? field->words[value] : NULL;
}

/* Whether every bit of @value has a name. */
static bool flags_named(const struct vsl_field *field, uint32_t value)
{
	for (unsigned int bit = 0; bit < 32; bit++)
		if (value & (1u << bit) && !word_of(field, bit))
			return false;
	return true;
}

/* "syn|ack" where the mask is exact, "+syn-ack" where it is not. */
static bool put_flags(struct vsl_str *str, const struct vsl_field *field,
		      uint32_t value, uint32_t mask)
{
	bool exact = mask == field_max(field);
	const char *sep = "";

	if (!flags_named(field, exact ? value : mask))
		return false;
	if (!mask)
		vsl_str_puts(str, "0/0");
	if (exact && !value)
		vsl_str_putc(str, '0');
	for (unsigned int bit = 0; bit < 32; bit++) {
		bool set = value & (1u << bit);

		if (!(mask & (1u << bit)) || (exact && !set))
			continue;
		if (exact)
			vsl_str_puts(str, sep);
		else
			vsl_str_putc(str, set ? '+' : '-');
		vsl_str_puts(str, word_of(field, bit));
		sep = "|";
	}
	return true;
}

static void put_integer(struct vsl_str *str, const struct vsl_field *field,
			const void *data, const void *mask,
			const struct vsl_text_ports *ports)
{
	uint32_t v = vsl_field_get(field, data);
	uint32_t m = mask ? vsl_field_get(field, mask) : field_max(field);
	bool exact = m == field_max(field);
	const char *word = NULL;

	if (field->kind == VSL_FIELD_FLAGS && put_flags(str, field, v, m))
		return;
	if (field->kind == VSL_FIELD_NAMED)
		word = word_of(field, v);
	else if (field->kind == VSL_FIELD_PORT && ports && ports->name && exact)
		word = ports->name(v, ports->arg);

	if (word)
		vsl_str_puts(str, word);
	else if (field->kind == VSL_FIELD_HEX4)
		vsl_str_putx(str, v, 4);
	else if (v && (field->kind == VSL_FIELD_HEX ||
		       field->kind == VSL_FIELD_FLAGS))
		vsl_str_putx(str, v, 1);
	else
		vsl_str_putu64(str, v);

	if (exact)
		return;
	vsl_str_putc(str, '/');
	vsl_str_putx(str, m, field->kind == VSL_FIELD_HEX4 ? 4 : 1);
}

/* OVS holds labels as two host-order u64, the lower first: so byte 0 is lowest
 * or highest as the host has it.
 */
static unsigned int u128_byte(unsigned int i)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return i;
#else
	return 15 - i;
#endif
}

static void put_u128(struct vsl_str *str, const uint8_t *p)
{
	int i = 15;

	while (i > 0 && !p[u128_byte(i)])
		i--;
	vsl_str_putx(str, p[u128_byte(i)], 1);
	while (i-- > 0)
		vsl_str_puthex(str, &p[u128_byte(i)], 1);
}

static void put_ip4(struct vsl_str *str, const uint8_t *p)
{
	for (int i = 0; i < 4; i++) {
		if (i)
			vsl_str_putc(str, '.');
		vsl_str_putu64(str, p[i]);
	}
}

static void put_bytes(struct vsl_str *str, const struct vsl_field *field,
		      const void *data)
{
	const uint8_t *p = (const uint8_t *)data + field->offset;
	char buf[INET6_ADDRSTRLEN];

	switch (field->kind) {
	case VSL_FIELD_MAC:
		vsl_str_putmac(str, p);
		break;
	case VSL_FIELD_IP4:
		put_ip4(str, p);
		break;
	case VSL_FIELD_IP6:
		inet_ntop(AF_INET6, p, buf, sizeof(buf));
		vsl_str_puts(str, buf);
		break;
	default:
		put_u128(str, p);
	}
}

void vsl_field_put(struct vsl_str *str, const struct vsl_field *field,
		   const void *data, const void *mask,
		   const struct vsl_text_ports *ports)
{
	if (is_integer(field)) {
		put_integer(str, field, data, mask, ports);
		return;
	}
	put_bytes(str, field, data);
	if (mask && !vsl_field_is_exact(field, mask)) {
		vsl_str_putc(str, '/');
		put_bytes(str, field, mask);
	}
}

void vsl_fields_put(struct vsl_str *str, const struct vsl_field *fields,
		    unsigned int n, const void *data, const void *mask,
		    const struct vsl_text_ports *ports)
{
	bool first = true;

	for (unsigned int i = 0; i < n; i++) {
		const struct vsl_field *field = &fields[i];

		if (mask && vsl_field_is_wild(field, mask))
			continue;
		if (!first)
			vsl_str_putc(str, ',');
		first = false;
		if (field->name) {
			vsl_str_puts(str, field->name);
			vsl_str_putc(str, '=');
		}
		vsl_field_put(str, field, data, mask, ports);
	}
}

static const char *kind_example(const struct vsl_field *field)
{
	switch (field->kind) {
	case VSL_FIELD_MAC:
		return "a MAC address like 00:11:22:33:44:55";
	case VSL_FIELD_IP4:
		return "an IPv4 address like 10.0.0.1";
	case VSL_FIELD_IP6:
		return "an IPv6 address like fe80::1";
	default:
		return "a hex number like 0x1";
	}
}

static bool parse_u128(const char *word, size_t n, uint8_t *out)
{
	uint8_t bytes[16];
	char digits[33];

	if (n < 3 || n > 34 || word[0] != '0' || (word[1] | 0x20) != 'x')
		return false;
	memset(digits, '0', 32);
	memcpy(digits + 32 - (n - 2), word + 2, n - 2);
	if (!vsl_hex_parse(digits, 32, bytes))
		return false;
	for (unsigned int i = 0; i < 16; i++)
		out[u128_byte(15 - i)] = bytes[i];
	return true;
}

static bool parse_bytes(const struct vsl_field *field, const char *word,
			size_t n, uint8_t *out)
{
	char buf[64];

	if (field->kind == VSL_FIELD_MAC)
		return vsl_mac_parse(word, out) == n && n;
	if (n >= sizeof(buf))
		return false;
	memcpy(buf, word, n);
	buf[n] = '\0';
	switch (field->kind) {
	case VSL_FIELD_IP4:
		return inet_pton(AF_INET, buf, out) == 1;
	case VSL_FIELD_IP6:
		return inet_pton(AF_INET6, buf, out) == 1;
	default:
		return parse_u128(word, n, out);
	}
}

/* "/24" as a mask of IP addresses. */
static bool parse_prefix_len(const struct vsl_field *field, const char *word,
			     size_t n, uint8_t *out)
{
	uint32_t bits = 0;

	if (field->kind != VSL_FIELD_IP4 && field->kind != VSL_FIELD_IP6)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (word[i] < '0' || word[i] > '9')
			return false;
		bits = bits * 10 + word[i] - '0';
		if (bits > 8u * field->size)
			return false;
	}
	if (!n)
		return false;
	memset(out, 0, field->size);
	for (uint32_t i = 0; i < bits; i++)
		out[i / 8] |= 0x80 >> i % 8;
	return true;
}

static int parse_bytes_field(struct vsl_lex *lex,
			     const struct vsl_field *field, void *data,
			     void *mask)
{
	uint8_t *d = (uint8_t *)data + field->offset;
	uint8_t *m = (uint8_t *)mask + field->offset;
	size_t n = vsl_lex_word(lex->p);

	if (!parse_bytes(field, lex->p, n, d))
		return vsl_lex_error(lex, lex->p, "expected %s, found %s",
				     kind_example(field),
				     vsl_lex_quote(lex->p));
	lex->p += n;
	vsl_field_set_exact(field, mask);
	if (*lex->p != '/')
		return 0;
	lex->p++;
	n = vsl_lex_word(lex->p);
	if (!parse_prefix_len(field, lex->p, n, m) &&
	    !parse_bytes(field, lex->p, n, m))
		return vsl_lex_error(lex, lex->p,
				     "expected a mask after \"/\", %s, found %s",
				     kind_example(field),
				     vsl_lex_quote(lex->p));
	lex->p += n;
	return 0;
}

/* The index of the word of @n characters at @p; -1 if it is not one. */
static int find_word(const struct vsl_field *field, const char *p, size_t n)
{
	for (int i = 0; i < field->n_words; i++)
		if (field->words[i] && vsl_lex_same(p, n, field->words[i]))
			return i;
	return -1;
}

static int unknown_word(struct vsl_lex *lex, const struct vsl_field *field,
			const char *at, size_t n)
{
	char list[128] = "";

	for (unsigned int i = 0; i < field->n_words; i++) {
		size_t len = strlen(list);

		if (field->words[i])
			snprintf(list + len, sizeof(list) - len, "%s%s",
				 *list ? ", " : "", field->words[i]);
	}
	return vsl_lex_error(lex, at, "\"%.*s\" is none of: %s",
			     n < 40 ? (int)n : 40, at, list);
}

/* "syn|ack": exact; "+syn-ack": a mask of those named. */
static int parse_flags(struct vsl_lex *lex, const struct vsl_field *field,
		       uint32_t *value, uint32_t *mask)
{
	bool masked = *lex->p == '+' || *lex->p == '-';

	*value = 0;
	*mask = masked ? 0 : field_max(field);
	for (;;) {
		char sign = *lex->p;
		size_t n;
		int bit;

		if (masked)
			lex->p++;
		n = strcspn(lex->p, "+-|,)/ \t");
		bit = find_word(field, lex->p, n);
		if (bit < 0)
			return unknown_word(lex, field, lex->p, n);
		lex->p += n;
		if (sign != '-')
			*value |= 1u << bit;
		if (masked)
			*mask |= 1u << bit;
		if (masked && (*lex->p == '+' || *lex->p == '-'))
			continue;
		if (!masked && *lex->p == '|') {
			lex->p++;
			continue;
		}
		return 0;
	}
}

static int parse_integer_value(struct vsl_lex *lex,
			       const struct vsl_field *field, uint32_t *value)
{
	const char *what = field->name ? field->name : "the value";
	size_t n = vsl_lex_word(lex->p);
	uint64_t v;
	int i;

	if (field->kind == VSL_FIELD_PORT)
		return vsl_lex_port(lex, value);
	if (field->kind == VSL_FIELD_NAMED &&
	    (*lex->p < '0' || *lex->p > '9')) {
		i = find_word(field, lex->p, n);
		if (i < 0)
			return unknown_word(lex, field, lex->p, n);
		lex->p += n;
		*value = i;
		return 0;
	}
	if (vsl_lex_number(lex, field_max(field), what, &v))
		return -EINVAL;
	*value = v;
	return 0;
}

static int parse_integer_field(struct vsl_lex *lex,
			       const struct vsl_field *field, void *data,
			       void *mask)
{
	uint32_t value, m = field_max(field);
	uint64_t v;

	if (field->kind == VSL_FIELD_FLAGS &&
	    (*lex->p < '0' || *lex->p > '9')) {
		if (parse_flags(lex, field, &value, &m))
			return -EINVAL;
	} else {
		if (parse_integer_value(lex, field, &value))
			return -EINVAL;
		if (*lex->p == '/') {
			lex->p++;
			if (vsl_lex_number(lex, m, "a mask", &v))
				return -EINVAL;
			m = v;
		}
	}
	vsl_field_set(field, data, value);
	vsl_field_set(field, mask, m);
	return 0;
}

int vsl_field_parse(struct vsl_lex *lex, const struct vsl_field *field,
		    void *data, void *mask)
{
	if (is_integer(field))
		return parse_integer_field(lex, field, data, mask);
	return parse_bytes_field(lex, field, data, mask);
}

static int unknown_field(struct vsl_lex *lex, const char *what,
			 const struct vsl_field *fields, unsigned int n)
{
	char list[128] = "";

	for (unsigned int i = 0; i < n; i++) {
		size_t len = strlen(list);

		snprintf(list + len, sizeof(list) - len, "%s%s",
			 i ? ", " : "", fields[i].name);
	}
	return vsl_lex_error(lex, lex->p,
			     "%s is no field of %s(...): expected one of %s",
			     vsl_lex_quote(lex->p), what, list);
}

/* Take "name=" and find its field. */
static int parse_name(struct vsl_lex *lex, const char *what,
		      const struct vsl_field *fields, unsigned int n,
		      unsigned int *which)
{
	size_t len = vsl_lex_word(lex->p);
	unsigned int i;

	for (i = 0; i < n && !vsl_lex_same(lex->p, len, fields[i].name); i++)
		;
	if (i == n)
		return unknown_field(lex, what, fields, n);
	lex->p += len;
	*which = i;
	return vsl_lex_expect(lex, '=', fields[i].name);
}

int vsl_fields_parse(struct vsl_lex *lex, const char *what,
		     const struct vsl_field *fields, unsigned int n,
		     void *data, void *mask, uint32_t *given)
{
	uint32_t seen = 0;
	unsigned int i = 0;

	if (!fields[0].name) {
		vsl_lex_blanks(lex);
		if (vsl_field_parse(lex, fields, data, mask))
			return -EINVAL;
		return vsl_lex_expect(lex, ')', what);
	}
	for (;;) {
		const char *at;

		vsl_lex_separators(lex);
		if (*lex->p == ')')
			break;
		if (!*lex->p)
			return vsl_lex_error(lex, lex->p,
					     "\")\" is missing: %s(...) does not end",
					     what);
		at = lex->p;
		if (parse_name(lex, what, fields, n, &i))
			return -EINVAL;
		if (seen & (1u << i))
			return vsl_lex_error(lex, at,
					     "%s stands twice in %s(...)",
					     fields[i].name, what);
		seen |= 1u << i;
		vsl_lex_blanks(lex);
		if (vsl_field_parse(lex, &fields[i], data, mask))
			return -EINVAL;
		vsl_lex_blanks(lex);
		if (*lex->p != ',' && *lex->p != ')')
			return vsl_lex_error(lex, lex->p,
					     "expected \",\" or \")\" after %s=..., found %s",
					     fields[i].name,
					     vsl_lex_quote(lex->p));
	}
	lex->p++;
	if (given)
		*given = seen;
	return 0;
}
