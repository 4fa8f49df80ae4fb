/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small things that everything in user space shares: a run of bytes
 * (struct vsl_blob), a growing string (struct vsl_str), MAC addresses, hex,
 * and the two clocks.  Needs nothing else of lib/.  Not thread-safe, like all
 * of lib/: one object belongs to one thread.
 */
#ifndef VSL_LIB_UTIL_H
#define VSL_LIB_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct nl_msg;
struct nlattr;

#define VSL_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/**
 * struct vsl_blob - bytes that belong to somebody else
 * @data: first byte, or NULL where the thing is absent (not: empty)
 * @len: number of bytes
 *
 * Most blobs here are runs of netlink attributes (the payload of a nested
 * attribute) that point into a received message and die with it.
 */
struct vsl_blob {
	const void *data;
	size_t len;
};

/**
 * vsl_blob_of_attr() - the payload of @nla
 * @nla: an attribute, or NULL
 *
 * Return: the payload; the absent blob for NULL.  Points into the attribute.
 */
struct vsl_blob vsl_blob_of_attr(const struct nlattr *nla);

/**
 * vsl_blob_of_msg() - the attributes that were put into @msg
 * @msg: from vsl_attrs_new(), or NULL
 *
 * Return: what stands after the message's netlink header; the absent blob for
 * NULL.  Points into @msg: gone with it, and moved by nothing (libnl messages
 * do not grow).
 */
struct vsl_blob vsl_blob_of_msg(struct nl_msg *msg);

/**
 * vsl_attrs_new() - an empty buffer for netlink attributes
 *
 * libnl builds attributes into messages only, so a run of attributes is built
 * in a message whose header nobody looks at.
 *
 * Return: a message to fill by nla_put*() and to read by vsl_blob_of_msg(),
 * with room for 64 KiB; NULL without memory.  Free with nlmsg_free().
 */
struct nl_msg *vsl_attrs_new(void);

/**
 * vsl_attrs_reset() - empty @msg for its next use
 * @msg: from vsl_attrs_new()
 */
void vsl_attrs_reset(struct nl_msg *msg);

/**
 * vsl_nest_start() - open a nested attribute
 * @msg: any message
 * @type: of the attribute
 *
 * Unlike libnl's nla_nest_start() this sets no NLA_F_NESTED, and unlike its
 * nla_nest_end() an empty nest stays: both as Open vSwitch writes them.
 *
 * Return: for vsl_nest_end(); NULL where there is no room.
 */
struct nlattr *vsl_nest_start(struct nl_msg *msg, int type);

/** vsl_nest_end() - close the nest @nest: all that was put since is in it */
void vsl_nest_end(struct nl_msg *msg, struct nlattr *nest);

/**
 * struct vsl_str - a string that grows
 * @s: always NUL-terminated once anything was put; NULL before
 * @len: without the NUL
 * @cap: bytes that may be used
 * @failed: memory ran out somewhere; what was put since is missing
 *
 * Start from VSL_STR_INIT; vsl_str_clear() keeps the memory for the next use.
 */
struct vsl_str {
	char *s;
	size_t len;
	size_t cap;
	bool failed;
};

#define VSL_STR_INIT { NULL, 0, 0, false }

/** vsl_str_grow() - vsl_str_extend() where that needs memory */
char *vsl_str_grow(struct vsl_str *str, size_t len);

/**
 * vsl_str_extend() - append @len bytes for the caller to write
 *
 * Return: where they are; NULL without memory.
 */
static inline char *vsl_str_extend(struct vsl_str *str, size_t len)
{
	char *at;

	if (str->cap - str->len <= len)
		return vsl_str_grow(str, len);
	at = str->s + str->len;
	str->len += len;
	at[len] = '\0';
	return at;
}

/** vsl_str_putn() - append @len bytes */
static inline void vsl_str_putn(struct vsl_str *str, const char *text,
				size_t len)
{
	char *at = vsl_str_extend(str, len);

	if (at)
		memcpy(at, text, len);
}

/**
 * vsl_str_pututf8() - append @len bytes, each that is no part of UTF-8 as "?"
 *
 * For JSON: a network device may be called by any bytes.
 */
void vsl_str_pututf8(struct vsl_str *str, const char *text, size_t len);

/** vsl_str_putc() - append one character */
static inline void vsl_str_putc(struct vsl_str *str, char c)
{
	vsl_str_putn(str, &c, 1);
}

/** vsl_str_puts() - append @text, a NUL-terminated string */
static inline void vsl_str_puts(struct vsl_str *str, const char *text)
{
	vsl_str_putn(str, text, strlen(text));
}

/** vsl_str_printf() - append formatted text */
void vsl_str_printf(struct vsl_str *str, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** vsl_str_puthex() - append bytes as lower-case hex digits, two a byte */
void vsl_str_puthex(struct vsl_str *str, const void *data, size_t len);

/** vsl_str_putmac() - append a MAC address as "00:11:22:33:44:55" */
void vsl_str_putmac(struct vsl_str *str, const uint8_t mac[6]);

/** vsl_str_putu64() - append @value in decimal */
void vsl_str_putu64(struct vsl_str *str, uint64_t value);

/** vsl_str_putx() - append "0x" and @value in hex, of at least @digits digits */
void vsl_str_putx(struct vsl_str *str, uint32_t value, unsigned int digits);

/** vsl_str_clear() - make @str empty, keep its memory */
void vsl_str_clear(struct vsl_str *str);

/** vsl_str_free() - give the memory back; @str is then as after VSL_STR_INIT */
void vsl_str_free(struct vsl_str *str);

/** vsl_str_text() - the string; "" where nothing was put */
const char *vsl_str_text(const struct vsl_str *str);

/**
 * vsl_mac_parse() - read "00:11:22:33:44:55" from the start of @text
 * @text: one or two hex digits for each of six bytes, colons between
 * @mac: filled only on success
 *
 * Return: the number of characters read, 0 if @text does not start so.
 */
size_t vsl_mac_parse(const char *text, uint8_t mac[6]);

/** vsl_plural() - what a word of @n things ends with */
static inline const char *vsl_plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/** vsl_mac_is_multicast() - group bit set (broadcast included) */
static inline bool vsl_mac_is_multicast(const uint8_t mac[6])
{
	return mac[0] & 1;
}

/** vsl_hex_digit() - the value of hex digit @c; -1 where it is none */
static inline int vsl_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/**
 * vsl_hex_parse() - read hex digits, two a byte
 * @text: digits
 * @n: number of characters of @text to read, even
 * @out: room for @n / 2 bytes
 *
 * Return: false if @n is odd or a character is no hex digit.
 */
bool vsl_hex_parse(const char *text, size_t n, uint8_t *out);

/**
 * vsl_u32_parse() - a whole word as a number, decimal or 0x hex
 * @text: nothing but the number may stand there
 * @max: the greatest value taken
 * @value: filled only on success
 *
 * Return: false if @text is no number or is more than @max.
 */
bool vsl_u32_parse(const char *text, uint32_t max, uint32_t *value);

/** vsl_now_ns() - CLOCK_MONOTONIC in nanoseconds (the clock of flows' "used") */
uint64_t vsl_now_ns(void);

/** vsl_now_ms() - CLOCK_MONOTONIC in milliseconds */
uint64_t vsl_now_ms(void);

/** vsl_wall_ns() - CLOCK_REALTIME, nanoseconds since 1970 */
uint64_t vsl_wall_ns(void);

/** vsl_str_puttime() - append @wall_ns as local time, "12:00:01.123456" */
void vsl_str_puttime(struct vsl_str *str, uint64_t wall_ns);

#endif /* VSL_LIB_UTIL_H */
