// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Byte runs, growing strings, MAC addresses, hex, clocks: see util.h.
 */
#include "util.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

/* One run of attributes can be no longer than what an attribute can hold. */
#define ATTRS_SIZE (64 * 1024)

struct vsl_blob vsl_blob_of_attr(const struct nlattr *nla)
{
	struct vsl_blob blob = { NULL, 0 };

	if (nla) {
		blob.data = nla_data(nla);
		blob.len = nla_len(nla);
	}
	return blob;
}

struct vsl_blob vsl_blob_of_msg(struct nl_msg *msg)
{
	struct vsl_blob blob = { NULL, 0 };

	if (msg) {
		blob.data = nlmsg_data(nlmsg_hdr(msg));
		blob.len = nlmsg_datalen(nlmsg_hdr(msg));
	}
	return blob;
}

struct nl_msg *vsl_attrs_new(void)
{
	return nlmsg_alloc_size(NLMSG_HDRLEN + ATTRS_SIZE);
}

void vsl_attrs_reset(struct nl_msg *msg)
{
	nlmsg_hdr(msg)->nlmsg_len = NLMSG_HDRLEN;
}

struct nlattr *vsl_nest_start(struct nl_msg *msg, int type)
{
	return nla_reserve(msg, type, 0);
}

void vsl_nest_end(struct nl_msg *msg, struct nlattr *nest)
{
	nest->nla_len = (char *)nlmsg_tail(nlmsg_hdr(msg)) - (char *)nest;
}

/* Once memory ran out nothing is put any more: @cap leaves no room. */
char *vsl_str_grow(struct vsl_str *str, size_t len)
{
	size_t cap = str->cap ? str->cap : 128;
	char *s;

	if (str->failed)
		return NULL;
	while (cap - str->len <= len)
		cap *= 2;
	s = realloc(str->s, cap);
	if (!s) {
		str->failed = true;
		str->cap = str->len;
		return NULL;
	}
	str->s = s;
	str->cap = cap;
	return vsl_str_extend(str, len);
}

void vsl_str_printf(struct vsl_str *str, const char *fmt, ...)
{
	va_list ap;
	char *at;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	at = n < 0 ? NULL : vsl_str_extend(str, n);
	if (!at)
		return;
	va_start(ap, fmt);
	vsnprintf(at, n + 1, fmt, ap);
	va_end(ap);
}

static const char digits[] = "0123456789abcdef";

void vsl_str_puthex(struct vsl_str *str, const void *data, size_t len)
{
	char *out = vsl_str_extend(str, 2 * len);
	const uint8_t *p = data;

	for (size_t i = 0; out && i < len; i++) {
		*out++ = digits[p[i] >> 4];
		*out++ = digits[p[i] & 15];
	}
}

void vsl_str_putmac(struct vsl_str *str, const uint8_t mac[6])
{
	char *out = vsl_str_extend(str, strlen("00:11:22:33:44:55"));

	for (int i = 0; out && i < 6; i++) {
		if (i)
			*out++ = ':';
		*out++ = digits[mac[i] >> 4];
		*out++ = digits[mac[i] & 15];
	}
}

void vsl_str_putu64(struct vsl_str *str, uint64_t value)
{
	char buf[20];
	size_t i = sizeof(buf);

	do {
		buf[--i] = '0' + value % 10;
		value /= 10;
	} while (value);
	vsl_str_putn(str, buf + i, sizeof(buf) - i);
}

void vsl_str_putx(struct vsl_str *str, uint32_t value, unsigned int min)
{
	char buf[10];
	size_t i = sizeof(buf);

	do {
		buf[--i] = digits[value & 15];
		value >>= 4;
	} while (value || sizeof(buf) - i < min);
	buf[--i] = 'x';
	buf[--i] = '0';
	vsl_str_putn(str, buf + i, sizeof(buf) - i);
}

/* Bytes of the character at @s, of which there are @len; 0 where it is none. */
static size_t utf8_len(const unsigned char *s, size_t len)
{
	static const struct {
		unsigned char mask, lead;
		uint32_t least;		/* what is less has a shorter form */
	} forms[] = {
		{ 0x80, 0x00, 0 }, { 0xe0, 0xc0, 0x80 }, { 0xf0, 0xe0, 0x800 },
		{ 0xf8, 0xf0, 0x10000 },
	};
	uint32_t value;
	size_t n, i;

	for (n = 0; n < VSL_ARRAY_SIZE(forms); n++)
		if ((s[0] & forms[n].mask) == forms[n].lead)
			break;
	if (n == VSL_ARRAY_SIZE(forms) || n >= len)
		return 0;
	value = s[0] & (unsigned char)~forms[n].mask;
	for (i = 1; i <= n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (s[i] & 0x3f);
	}
	if (value < forms[n].least || value > 0x10ffff ||
	    (value >= 0xd800 && value <= 0xdfff))
		return 0;
	return n + 1;
}

void vsl_str_pututf8(struct vsl_str *str, const char *text, size_t len)
{
	size_t good = 0, n;

	while (good < len) {
		n = utf8_len((const unsigned char *)text + good, len - good);
		good += n;
		if (n)
			continue;
		vsl_str_putn(str, text, good);
		vsl_str_putc(str, '?');
		text += good + 1;
		len -= good + 1;
		good = 0;
	}
	vsl_str_putn(str, text, good);
}

void vsl_str_clear(struct vsl_str *str)
{
	str->len = 0;
	str->failed = false;
	if (str->s)
		str->s[0] = '\0';
}

void vsl_str_free(struct vsl_str *str)
{
	free(str->s);
	*str = (struct vsl_str)VSL_STR_INIT;
}

const char *vsl_str_text(const struct vsl_str *str)
{
	return str->s ? str->s : "";
}

size_t vsl_mac_parse(const char *text, uint8_t mac[6])
{
	const char *p = text;
	uint8_t out[6];

	for (int i = 0; i < 6; i++) {
		int d;

		if (i && *p++ != ':')
			return 0;
		d = vsl_hex_digit(*p);
		if (d < 0)
			return 0;
		out[i] = d;
		p++;
		d = vsl_hex_digit(*p);
		if (d >= 0) {
			out[i] = out[i] << 4 | d;
			p++;
		}
	}
	memcpy(mac, out, 6);
	return p - text;
}

bool vsl_hex_parse(const char *text, size_t n, uint8_t *out)
{
	if (n % 2)
		return false;
	for (size_t i = 0; i < n; i += 2) {
		int hi = vsl_hex_digit(text[i]);
		int lo = hi < 0 ? -1 : vsl_hex_digit(text[i + 1]);

		if (lo < 0)
			return false;
		out[i / 2] = hi << 4 | lo;
	}
	return true;
}

bool vsl_u32_parse(const char *text, uint32_t max, uint32_t *value)
{
	unsigned long long v;
	char *end;
	int base = text[0] == '0' && (text[1] | 0x20) == 'x' ? 16 : 10;

	if (!isxdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	v = strtoull(text, &end, base);
	if (errno || *end || v > max)
		return false;
	*value = v;
	return true;
}

static uint64_t clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

uint64_t vsl_now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

uint64_t vsl_now_ms(void)
{
	return clock_ns(CLOCK_MONOTONIC) / 1000000;
}

uint64_t vsl_wall_ns(void)
{
	return clock_ns(CLOCK_REALTIME);
}

void vsl_str_puttime(struct vsl_str *str, uint64_t wall_ns)
{
	time_t t = wall_ns / 1000000000;
	struct tm tm;

	localtime_r(&t, &tm);
	vsl_str_printf(str, "%02d:%02d:%02d.%06u", tm.tm_hour, tm.tm_min,
		       tm.tm_sec, (unsigned int)(wall_ns % 1000000000 / 1000));
}
