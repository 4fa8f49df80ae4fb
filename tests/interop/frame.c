// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Frames out of a line of text, see corpus.h.  Layers stand in the order of the
 * wire, arguments are hexadecimal and have defaults:
 *
 *   eth                      the addresses; what follows gives the type
 *   type(T)                  a type that no layer here has
 *   tag(TPID,TCI)            length   802.3: how much follows
 *   llc(BYTES)               snap(OUI)
 *   arp(OP,HTYPE,PLEN) rarp(OP)
 *   ip4(tos= ttl= frag= opt= ihl= tot= proto= ver= csum=)  opt: words of options
 *   ip6(tc= fl= hl= next= plen= ver=)
 *   hop dst rt(SEGMENTS-LEFT) frag(WORD) ah ext(N)      IPv6 extension headers
 *   tcp(flags= doff= opt= csum=) udp(len= csum=) sctp icmp(TYPE,CODE)
 *   icmp6(TYPE,CODE) nd(TYPE,OPTION...)   option: 1 or 2, 0 for one without length
 *   mpls(LABEL,BOTTOM)       pay(N)       N bytes
 *   partial                  the checksum of the last header is still to be made
 *   gso(TYPE,SIZE)           a virtio_net_hdr's gso_type and gso_size
 *
 * Lengths and checksums are right where an argument does not say otherwise.
 */
#include "corpus.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARGS_MAX	10
#define NONE		(-1L)

/* What says which layer comes next, and in what numbers. */
enum next { NEXT_NONE, NEXT_TYPE, NEXT_PROTO };

struct build {
	struct frame *f;
	enum next next;
	size_t next_at;
	size_t length_at;		/* of an 802.3 length; 0: none */
	size_t ip_at;			/* 0: none */
	bool ip6;
	size_t l4_at, l4_csum_at;	/* 0: none, or not to be touched */
	uint8_t l4_proto;
	long tot, plen, csum4;
	int n_args;
	struct {
		char name[8];		/* "" where there is none */
		long value;
	} args[ARGS_MAX];
};

static void put(struct build *b, const void *data, size_t len)
{
	if (b->f->len + len > FRAME_MAX) {
		fprintf(stderr, "frame: too long\n");
		exit(2);
	}
	memcpy(b->f->data + b->f->len, data, len);
	b->f->len += len;
}

static void put8(struct build *b, uint8_t n)
{
	put(b, &n, 1);
}

static void put16(struct build *b, uint16_t n)
{
	n = htons(n);
	put(b, &n, 2);
}

static void put32(struct build *b, uint32_t n)
{
	n = htonl(n);
	put(b, &n, 4);
}

static void set16(struct build *b, size_t at, uint16_t n)
{
	b->f->data[at] = n >> 8;
	b->f->data[at + 1] = n;
}

/* Bytes that are not zero and not all the same. */
static void put_pattern(struct build *b, size_t n)
{
	while (n--)
		put8(b, b->f->len * 7 + 1);
}

static long arg(const struct build *b, int i, long otherwise)
{
	return i < b->n_args && !b->args[i].name[0] ? b->args[i].value :
						       otherwise;
}

static long named(const struct build *b, const char *name, long otherwise)
{
	int i;

	for (i = 0; i < b->n_args; i++)
		if (!strcmp(b->args[i].name, name))
			return b->args[i].value;
	return otherwise;
}

/* This layer begins: the one before is told what it is. */
static void begin(struct build *b, int type, int proto)
{
	struct frame *f = b->f;

	if (b->next == NEXT_TYPE && type)
		set16(b, b->next_at, type);
	else if (b->next == NEXT_PROTO)
		f->data[b->next_at] = proto;
	b->next = NEXT_NONE;
	if (f->n_bounds < FRAME_BOUNDS && f->len)
		f->bounds[f->n_bounds++] = f->len;
}

static void expect(struct build *b, enum next next, size_t at)
{
	b->next = next;
	b->next_at = at;
}

static void put_next_type(struct build *b)
{
	expect(b, NEXT_TYPE, b->f->len);
	put16(b, 0);
}

/* ---- layers ---- */

static void add_eth(struct build *b)
{
	static const uint8_t addresses[12] = {
		0x02, 0, 0, 0, 0, 0x0b, 0x02, 0, 0, 0, 0, 0x0a };

	put(b, addresses, sizeof(addresses));
	put_next_type(b);
}

static void add_type(struct build *b)
{
	begin(b, arg(b, 0, 0x1234), 0);
}

static void add_length(struct build *b)
{
	b->length_at = b->f->len - 2;
	b->next = NEXT_NONE;
}

static void add_llc(struct build *b)
{
	int i;

	begin(b, 0, 0);
	for (i = 0; i < b->n_args; i++)
		put8(b, b->args[i].value);
}

static void add_snap(struct build *b)
{
	begin(b, 0, 0);
	put16(b, 0xaaaa);
	put8(b, 3);
	put8(b, arg(b, 0, 0) >> 16);
	put16(b, arg(b, 0, 0));
	put_next_type(b);
}

static void add_tag(struct build *b)
{
	begin(b, arg(b, 0, 0x8100), 0);
	put16(b, arg(b, 1, 5));
	put_next_type(b);
}

static void put_arp(struct build *b, int type)
{
	begin(b, type, 0);
	put16(b, arg(b, 1, 1));
	put16(b, 0x0800);
	put8(b, 6);
	put8(b, arg(b, 2, 4));
	put16(b, arg(b, 0, 1));
	put_pattern(b, 20);
}

static void add_arp(struct build *b)
{
	put_arp(b, 0x0806);
}

static void add_rarp(struct build *b)
{
	put_arp(b, 0x8035);
}

static void add_ip4(struct build *b)
{
	long opt = named(b, "opt", 0), proto = named(b, "proto", NONE);

	begin(b, 0x0800, 4);
	b->ip_at = b->f->len;
	b->ip6 = false;
	b->tot = named(b, "tot", NONE);
	b->csum4 = named(b, "csum", NONE);
	put8(b, named(b, "ver", 4) << 4 | named(b, "ihl", 5 + opt));
	put8(b, named(b, "tos", 0));
	put16(b, 0);
	put16(b, 0x1d1d);
	put16(b, named(b, "frag", 0));
	put8(b, named(b, "ttl", 0x40));
	put8(b, proto == NONE ? 0 : proto);
	if (proto == NONE)
		expect(b, NEXT_PROTO, b->f->len - 1);
	put16(b, 0);
	put32(b, 0x0a000001);
	put32(b, 0x0a000002);
	while (opt--)
		put32(b, 0x01010101);	/* no operation */
}

static void add_ip6(struct build *b)
{
	static const uint8_t from[16] = { 0xfd, [15] = 1 };
	static const uint8_t to[16] = { 0xfd, [15] = 2 };
	long next = named(b, "next", NONE);

	begin(b, 0x86dd, 41);
	b->ip_at = b->f->len;
	b->ip6 = true;
	b->plen = named(b, "plen", NONE);
	put32(b, named(b, "ver", 6) << 28 | named(b, "tc", 0) << 20 |
		 named(b, "fl", 0));
	put16(b, 0);
	put8(b, next == NONE ? 59 : next);
	if (next == NONE)
		expect(b, NEXT_PROTO, b->f->len - 1);
	put8(b, named(b, "hl", 0x40));
	put(b, from, 16);
	put(b, to, 16);
}

/* An extension header's first two bytes: what comes next, and its length. */
static void begin_ext(struct build *b, int proto, int length)
{
	begin(b, 0, proto);
	expect(b, NEXT_PROTO, b->f->len);
	put8(b, 59);
	put8(b, length);
}

static void put_options(struct build *b, int proto)
{
	begin_ext(b, proto, 0);
	put32(b, 0x01040000);	/* PadN */
	put16(b, 0);
}

static void add_hop(struct build *b)
{
	put_options(b, 0);
}

static void add_dst(struct build *b)
{
	put_options(b, 60);
}

static void add_ext(struct build *b)
{
	put_options(b, arg(b, 0, 135));
}

static void add_rt(struct build *b)
{
	begin_ext(b, 43, 2);
	put8(b, 0);
	put8(b, arg(b, 0, 1));
	put32(b, 0);
	put_pattern(b, 16);
}

static void add_frag(struct build *b)
{
	begin_ext(b, 44, 0);
	put16(b, arg(b, 0, 0));
	put32(b, 0x12345678);
}

static void add_ah(struct build *b)
{
	begin_ext(b, 51, 4);
	put16(b, 0);
	put_pattern(b, 20);
}

static void begin_l4(struct build *b, int proto, int csum_offset)
{
	begin(b, 0, proto);
	b->l4_at = b->f->len;
	b->l4_proto = proto;
	b->l4_csum_at = csum_offset ? b->f->len + csum_offset : 0;
}

static void add_tcp(struct build *b)
{
	long opt = named(b, "opt", 0);

	begin_l4(b, IPPROTO_TCP, 16);
	put16(b, 0x1001);
	put16(b, 0x0050);
	put32(b, 0x11111111);
	put32(b, 0x22222222);
	put16(b, named(b, "doff", 5 + opt) << 12 | named(b, "flags", 0x10));
	put16(b, 0x2000);
	put32(b, 0);
	while (opt--)
		put32(b, 0x01010101);
}

static void add_udp(struct build *b)
{
	begin_l4(b, IPPROTO_UDP, 6);
	put16(b, 0x1002);
	put16(b, 0x1003);
	put16(b, named(b, "len", 0));
	put16(b, 0);
	if (named(b, "csum", NONE) == 0)
		b->l4_csum_at = 0;
}

static void add_sctp(struct build *b)
{
	begin_l4(b, IPPROTO_SCTP, 0);
	put16(b, 0x1004);
	put16(b, 0x1005);
	put32(b, 0x33333333);
	put32(b, 0x44444444);	/* its CRC: nobody looks */
}

static void add_icmp(struct build *b)
{
	begin_l4(b, IPPROTO_ICMP, 2);
	put8(b, arg(b, 0, 8));
	put8(b, arg(b, 1, 0));
	put16(b, 0);
	put32(b, 0x00010002);
}

static void put_icmp6(struct build *b, int type, int code)
{
	begin_l4(b, IPPROTO_ICMPV6, 2);
	put8(b, type);
	put8(b, code);
	put16(b, 0);
	put32(b, 0);
}

static void add_icmp6(struct build *b)
{
	put_icmp6(b, arg(b, 0, 128), arg(b, 1, 0));
}

static void add_nd(struct build *b)
{
	static const uint8_t target[16] = { 0xfe, 0x80, [15] = 3 };
	int i;

	put_icmp6(b, arg(b, 0, 0x87), 0);
	put(b, target, 16);
	for (i = 1; i < b->n_args; i++) {
		b->f->bounds[b->f->n_bounds++] = b->f->len;
		put8(b, b->args[i].value ? b->args[i].value : 1);
		put8(b, b->args[i].value ? 1 : 0);
		put_pattern(b, 6);
	}
}

static void add_mpls(struct build *b)
{
	begin(b, 0x8847, 137);
	put32(b, arg(b, 0, 0x10) << 12 | arg(b, 1, 1) << 8 | 0x40);
}

static void add_pay(struct build *b)
{
	begin(b, 0, 59);
	put_pattern(b, arg(b, 0, 0x10));
}

/* ---- lengths and checksums ---- */

static uint32_t sum(const uint8_t *p, size_t len)
{
	uint32_t total = 0;
	size_t i;

	for (i = 0; i < len; i++)
		total += i % 2 ? p[i] : p[i] << 8;
	return total;
}

static uint16_t fold(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return total;
}

static uint32_t pseudo(const struct build *b)
{
	const uint8_t *ip = b->f->data + b->ip_at;
	uint32_t len = b->f->len - b->l4_at;

	if (b->l4_proto == IPPROTO_ICMP)
		return 0;
	return len + b->l4_proto +
	       (b->ip6 ? sum(ip + 8, 32) : sum(ip + 12, 8));
}

static void finish_ip4(struct build *b)
{
	uint8_t *ip = b->f->data + b->ip_at;
	size_t header = 4 * (ip[0] & 15);

	set16(b, b->ip_at + 2, b->tot == NONE ? (long)(b->f->len - b->ip_at) :
						b->tot);
	if (b->csum4 != NONE)
		set16(b, b->ip_at + 10, b->csum4);
	else
		set16(b, b->ip_at + 10, ~fold(sum(ip, header)));
}

static void finish(struct build *b, bool partial)
{
	struct frame *f = b->f;
	uint16_t csum;

	if (b->l4_at && b->l4_proto == IPPROTO_UDP &&
	    !f->data[b->l4_at + 4] && !f->data[b->l4_at + 5])
		set16(b, b->l4_at + 4, f->len - b->l4_at);
	if (b->length_at)
		set16(b, b->length_at, f->len - b->length_at - 2);
	if (b->ip_at && b->ip6)
		set16(b, b->ip_at + 4, b->plen == NONE ?
		      (long)(f->len - b->ip_at - 40) : b->plen);
	if (b->ip_at && !b->ip6)
		finish_ip4(b);
	if (!b->l4_csum_at)
		return;
	if (partial) {
		f->vnet.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		f->vnet.csum_start = b->l4_at;
		f->vnet.csum_offset = b->l4_csum_at - b->l4_at;
		f->vnet.hdr_len = b->l4_at + 20;
		set16(b, b->l4_csum_at, fold(pseudo(b)));
		return;
	}
	csum = ~fold(pseudo(b) + sum(f->data + b->l4_at, f->len - b->l4_at));
	if (!csum && b->l4_proto == IPPROTO_UDP)
		csum = 0xffff;
	set16(b, b->l4_csum_at, csum);
}

/* ---- the language ---- */

static const struct {
	const char *name;
	void (*add)(struct build *b);
} layer_table[] = {
	{ "eth", add_eth }, { "type", add_type }, { "length", add_length },
	{ "llc", add_llc }, { "snap", add_snap }, { "tag", add_tag },
	{ "arp", add_arp }, { "rarp", add_rarp }, { "ip4", add_ip4 },
	{ "ip6", add_ip6 }, { "hop", add_hop }, { "dst", add_dst },
	{ "rt", add_rt }, { "frag", add_frag }, { "ah", add_ah },
	{ "ext", add_ext }, { "tcp", add_tcp }, { "udp", add_udp },
	{ "sctp", add_sctp }, { "icmp", add_icmp }, { "icmp6", add_icmp6 },
	{ "nd", add_nd }, { "mpls", add_mpls }, { "pay", add_pay },
};

static void bad(const char *layers, const char *at)
{
	fprintf(stderr, "frame: \"%s\": cannot make sense of \"%s\"\n", layers,
		at);
	exit(2);
}

/* "name" or "name(a,b=c,...)" at @s; returns what follows. */
static const char *parse_layer(struct build *b, const char *s, char *name,
			       size_t size, const char *layers)
{
	size_t n = strcspn(s, " (");
	char *end;

	if (!n || n >= size)
		bad(layers, s);
	memcpy(name, s, n);
	name[n] = '\0';
	s += n;
	b->n_args = 0;
	if (*s != '(')
		return s;
	do {
		size_t word = strcspn(++s, "=,)");

		if (b->n_args == ARGS_MAX)
			bad(layers, s);
		b->args[b->n_args].name[0] = '\0';
		if (s[word] == '=') {
			snprintf(b->args[b->n_args].name,
				 sizeof(b->args[0].name), "%.*s", (int)word, s);
			s += word + 1;
		}
		b->args[b->n_args++].value = strtol(s, &end, 16);
		if (end == s)
			bad(layers, s);
		s = end;
	} while (*s == ',');
	if (*s != ')')
		bad(layers, s);
	return s + 1;
}

static void add_layer(struct build *b, const char *name, const char *layers)
{
	size_t i;

	for (i = 0; i < sizeof(layer_table) / sizeof(layer_table[0]); i++) {
		if (!strcmp(layer_table[i].name, name)) {
			layer_table[i].add(b);
			return;
		}
	}
	bad(layers, name);
}

void frame_build(struct frame *frame, const char *layers)
{
	struct build b = { .f = frame };
	bool partial = false;
	const char *s = layers;
	char name[16];

	memset(frame, 0, sizeof(*frame));
	while (*s) {
		s += strspn(s, " ");
		s = parse_layer(&b, s, name, sizeof(name), layers);
		if (!strcmp(name, "partial")) {
			partial = true;
		} else if (!strcmp(name, "gso")) {
			partial = true;
			frame->vnet.gso_type = arg(&b, 0, 0);
			frame->vnet.gso_size = arg(&b, 1, 0);
		} else {
			add_layer(&b, name, layers);
		}
	}
	finish(&b, partial);
}
