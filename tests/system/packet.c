// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Frames out and in, with checksums of this file's own making, so that what the
 * kernel did to them is judged by nobody who had a hand in it.
 *
 *   packet send DEVICE FRAME...     send each once
 *   packet watch DEVICE COUNT SECS  print what arrives, a line a frame, until
 *                                   COUNT have or SECS are over (then exit 1)
 *   packet tun DEVICE COUNT SECS FRAME...
 *                                   be what is behind a tun device: send the
 *                                   frames (which are to be l3), then watch
 *   packet show FRAME...            print them, unsent
 *
 * FRAME is KIND[,OPTION]..., KIND one of arp udp4 tcp4 sctp4 icmp4 udp6 tcp6
 * sctp6 icmp6 mpls (one label, then udp4), OPTION one of
 *   vlan=ID        a tag; may be given twice, outermost first
 *   len=N          bytes of payload (32)
 *   nosum          UDP checksum 0: none
 *   badsum         a wrong transport checksum
 *   sum0           payload chosen so that the transport checksum comes out as 0
 *   opts           IPv4 options, or an IPv6 hop-by-hop header
 *   rh             an IPv6 routing header with one segment left
 *   first, later   that fragment of a datagram of 2*len bytes
 *   cut=N          only the first N bytes of it
 *   pad=N          padded with 0xee to N bytes
 *   labels=N       that many MPLS labels (1)
 *   from=N         source MAC address 02:00:00:00:01:N, N up to 255
 *   l3             without an Ethernet header
 * Addresses: 02:00:00:00:00:01 to :02, 10.0.0.1 to .2, fd00::1 to ::2, ports
 * 1000 to 2000, TTL 64.
 *
 * What `watch` prints of a checksum: ok, bad, none (UDP 0), or for a fragment
 * "part"; the later fragment is joined with the first one that came before it
 * and gives the verdict on both.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>

#define FRAME_MAX	70000

enum { TCP = 6, UDP = 17, ICMP = 1, ICMP6 = 58, SCTP = 132 };

static uint16_t get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static void put16(uint8_t *p, uint16_t v)
{
	p[0] = v >> 8;
	p[1] = v;
}

/* ---- sums ---- */

/* RFC 1071: 16-bit words in ones' complement, an odd byte being the high one. */
static uint32_t add(uint32_t sum, const uint8_t *p, size_t len)
{
	for (; len > 1; p += 2, len -= 2)
		sum += get16(p);
	if (len)
		sum += p[0] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* CRC32c, bit by bit: polynomial 0x1edc6f41, reflected (RFC 9260, appendix A). */
static uint32_t crc32c(const uint8_t *p, size_t len)
{
	uint32_t crc = ~0u;

	while (len--) {
		crc ^= *p++;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return ~crc;
}

struct pseudo {
	uint8_t src[16];
	uint8_t dst[16];
	int size;		/* of an address; 0: no pseudo header */
};

static uint32_t pseudo_sum(const struct pseudo *ps, uint8_t proto, size_t len)
{
	uint32_t sum = add(0, ps->src, ps->size);

	sum = add(sum, ps->dst, ps->size);
	if (ps->size)
		sum += proto + (len >> 16) + (len & 0xffff);
	return add(sum, NULL, 0);
}

static int check_at(uint8_t proto)
{
	switch (proto) {
	case TCP:
		return 16;
	case UDP:
		return 6;
	case ICMP:
	case ICMP6:
		return 2;
	case SCTP:
		return 8;
	}
	return -1;
}

/* Of a whole transport packet: "ok", "bad", "none", or "-" for no checksum. */
static const char *verdict(const struct pseudo *ps, uint8_t proto,
			   const uint8_t *p, size_t len)
{
	static uint8_t copy[FRAME_MAX];
	struct pseudo no_pseudo = {};
	int at = check_at(proto);
	uint32_t crc;

	if (at < 0 || len < (size_t)at + (proto == SCTP ? 4 : 2))
		return "-";
	if (proto == SCTP) {
		memcpy(copy, p, len);
		memset(copy + at, 0, 4);
		crc = crc32c(copy, len);
		/* least significant byte first */
		return p[at] == (crc & 0xff) && p[at + 1] == (crc >> 8 & 0xff) &&
		       p[at + 2] == (crc >> 16 & 0xff) &&
		       p[at + 3] == crc >> 24 ? "ok" : "bad";
	}
	if (proto == UDP && !get16(p + at))
		return "none";
	if (proto == ICMP)
		ps = &no_pseudo;
	return add(pseudo_sum(ps, proto, len), p, len) == 0xffff ? "ok" : "bad";
}

/* ---- printing what came ---- */

/* The first fragment that was seen last. */
static struct {
	uint8_t data[FRAME_MAX];
	size_t len;
} first_fragment;

static void print_ports(const char *name, const uint8_t *p, size_t len)
{
	printf(" %s", name);
	if (len >= 4)
		printf(" %u>%u", get16(p), get16(p + 2));
}

static void print_l4(const struct pseudo *ps, uint8_t proto, const uint8_t *p,
		     size_t len, unsigned int offset, bool more)
{
	static uint8_t whole[2 * FRAME_MAX];

	if (offset) {
		printf(" later %u", offset);
		if (!more && first_fragment.len == offset) {
			memcpy(whole, first_fragment.data, offset);
			memcpy(whole + offset, p, len);
			printf(" whole sum %s",
			       verdict(ps, proto, whole, offset + len));
		}
		return;
	}
	switch (proto) {
	case TCP:
		print_ports("tcp", p, len);
		break;
	case UDP:
		print_ports("udp", p, len);
		break;
	case SCTP:
		print_ports("sctp", p, len);
		break;
	case ICMP:
	case ICMP6:
		printf(" icmp");
		break;
	default:
		printf(" proto %u", proto);
		return;
	}
	if (more) {
		memcpy(first_fragment.data, p, len);
		first_fragment.len = len;
		printf(" first sum part");
		return;
	}
	printf(" sum %s", verdict(ps, proto, p, len));
}

static void print_ip4(const uint8_t *p, size_t len)
{
	char src[INET_ADDRSTRLEN], dst[INET_ADDRSTRLEN];
	struct pseudo ps = { .size = 4 };
	size_t hlen = (p[0] & 15) * 4, total;
	unsigned int frag;

	if (len < 20 || hlen < 20 || hlen > len) {
		printf(" ip cut");
		return;
	}
	total = get16(p + 2);
	inet_ntop(AF_INET, p + 12, src, sizeof(src));
	inet_ntop(AF_INET, p + 16, dst, sizeof(dst));
	printf(" ip %s>%s tos %u ttl %u sum %s", src, dst, p[1], p[8],
	       add(0, p, hlen) == 0xffff ? "ok" : "bad");
	if (total < hlen || total > len) {
		printf(" cut");
		return;
	}
	memcpy(ps.src, p + 12, 4);
	memcpy(ps.dst, p + 16, 4);
	frag = get16(p + 6);
	print_l4(&ps, p[9], p + hlen, total - hlen, (frag & 0x1fff) * 8,
		 frag & 0x2000);
}

static void print_ip6(const uint8_t *p, size_t len)
{
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN];
	unsigned int offset = 0;
	struct pseudo ps = { .size = 16 };
	size_t end, at = 40;
	bool more = false;
	uint8_t proto;

	if (len < 40) {
		printf(" ip6 cut");
		return;
	}
	end = 40 + get16(p + 4);
	inet_ntop(AF_INET6, p + 8, src, sizeof(src));
	inet_ntop(AF_INET6, p + 24, dst, sizeof(dst));
	printf(" ip6 %s>%s tclass %u label 0x%x hlimit %u", src, dst,
	       get16(p) >> 4 & 0xff, get32(p) & 0xfffff, p[7]);
	if (end > len) {
		printf(" cut");
		return;
	}
	memcpy(ps.src, p + 8, 16);
	memcpy(ps.dst, p + 24, 16);
	proto = p[6];
	while ((proto == 0 || proto == 43 || proto == 44) && at + 8 <= end) {
		if (proto == 43 && p[at + 3]) {
			/* the last address is where it goes in the end */
			memcpy(ps.dst, p + at + p[at + 1] * 8 - 8, 16);
			printf(" rh");
		}
		if (proto == 44) {
			offset = get16(p + at + 2) & 0xfff8;
			more = p[at + 3] & 1;
		}
		proto = p[at];
		at += p[at + 1] * (proto == 44 ? 0 : 8) + 8;
	}
	if (at <= end)
		print_l4(&ps, proto, p + at, end - at, offset, more);
}

static void print_mac(const uint8_t *p)
{
	printf("%02x:%02x:%02x:%02x:%02x:%02x", p[0], p[1], p[2], p[3], p[4],
	       p[5]);
}

static void print_payload(uint16_t type, const uint8_t *p, size_t len)
{
	bool bos = false;

	if (type == 0x8847 || type == 0x8848) {
		while (len >= 4 && !bos) {
			uint32_t lse = get32(p);

			bos = lse >> 8 & 1;
			printf(" mpls%s %u/%u/%u/%u",
			       type == 0x8848 ? "mc" : "", lse >> 12,
			       lse >> 9 & 7, bos, lse & 0xff);
			p += 4;
			len -= 4;
		}
		type = len && p[0] >> 4 == 4 ? 0x0800 :
		       len && p[0] >> 4 == 6 ? 0x86dd : 0;
	}
	if (type == 0x0800 && len)
		print_ip4(p, len);
	else if (type == 0x86dd && len)
		print_ip6(p, len);
	else if (type)
		printf(" type 0x%04x", type);
}

/* @tag: as the kernel keeps one beside the frame, TPID and TCI; 0: none. */
static void print_frame(const uint8_t *p, size_t len, uint32_t tag)
{
	size_t total = len + (tag ? 4 : 0);
	uint16_t type;

	if (len < 14) {
		printf("short len %zu\n", len);
		return;
	}
	print_mac(p + 6);
	printf(">");
	print_mac(p);
	if (tag)
		printf(" vlan 0x%04x %u/%u", tag >> 16, tag & 0xfff,
		       tag >> 13 & 7);
	type = get16(p + 12);
	p += 14;
	len -= 14;
	while ((type == 0x8100 || type == 0x88a8) && len >= 4) {
		printf(" vlan 0x%04x %u/%u", type, get16(p) & 0xfff,
		       get16(p) >> 13);
		type = get16(p + 2);
		p += 4;
		len -= 4;
	}
	print_payload(type, p, len);
	printf(" len %zu\n", total);
	fflush(stdout);
}

/* ---- making frames ---- */

struct frame {
	uint8_t data[FRAME_MAX];
	size_t len;
};

struct options {
	const char *kind;
	unsigned int tags[2], n_tags, len, cut, pad, labels, from;
	bool nosum, badsum, sum0, opts, rh, first, later, l3;
};

static void append(struct frame *f, const void *p, size_t len)
{
	memcpy(f->data + f->len, p, len);
	f->len += len;
}

static void append16(struct frame *f, uint16_t v)
{
	put16(f->data + f->len, v);
	f->len += 2;
}

static uint8_t proto_of(const struct options *o)
{
	if (!strncmp(o->kind, "tcp", 3))
		return TCP;
	if (!strncmp(o->kind, "sctp", 4))
		return SCTP;
	if (!strcmp(o->kind, "icmp4"))
		return ICMP;
	if (!strcmp(o->kind, "icmp6"))
		return ICMP6;
	return UDP;
}

/* Header and payload of the transport, whole, with the checksum. */
static size_t make_l4(uint8_t *p, const struct options *o,
		      const struct pseudo *ps)
{
	static const size_t hlens[] = {
		[TCP] = 20, [UDP] = 8, [ICMP] = 8, [ICMP6] = 8, [SCTP] = 12 };
	uint8_t proto = proto_of(o);
	struct pseudo none = {};
	size_t hlen = hlens[proto];
	size_t len = hlen + o->len * (o->first || o->later ? 2 : 1);
	int at = check_at(proto);
	uint32_t sum;

	memset(p, 0, hlen);
	for (size_t i = hlen; i < len; i++)
		p[i] = i * 7 + 1;
	if (proto == ICMP || proto == ICMP6) {
		p[0] = proto == ICMP ? 8 : 128;
	} else {
		put16(p, 1000);
		put16(p + 2, 2000);
	}
	if (proto == TCP) {
		p[12] = 5 << 4;
		p[13] = 0x10;
	}
	if (proto == UDP)
		put16(p + 4, len);
	if (proto == SCTP) {
		uint32_t crc = crc32c(p, len);

		for (int i = 0; i < 4; i++)
			p[at + i] = crc >> 8 * i;
	} else if (!o->nosum) {
		if (o->sum0)
			/* the complement of the rest makes it all ones */
			put16(p + hlen, 0);
		sum = add(pseudo_sum(proto == ICMP ? &none : ps, proto, len),
			  p, len);
		if (o->sum0) {
			put16(p + hlen, ~sum);
			sum = 0xffff;
		}
		put16(p + at, ~sum);
		if (proto == UDP && sum == 0xffff)
			put16(p + at, 0xffff);
	}
	if (o->badsum)
		p[at] ^= 0x55;
	return len;
}

/* Adds the transport, or the piece of it that the options ask for. */
static void add_l4(struct frame *f, const struct options *o,
		   const struct pseudo *ps)
{
	static uint8_t l4[2 * FRAME_MAX];
	size_t len = make_l4(l4, o, ps), first = (len / 2 + 7) & ~7u;

	if (o->first)
		append(f, l4, first);
	else if (o->later)
		append(f, l4 + first, len - first);
	else
		append(f, l4, len);
}

/* The offset of the later fragment. */
static uint16_t later_offset(const struct options *o)
{
	static uint8_t l4[2 * FRAME_MAX];
	struct pseudo ps = {};

	return (make_l4(l4, o, &ps) / 2 + 7) & ~7u;
}

static void make_ip4(struct frame *f, const struct options *o)
{
	uint8_t ip[24] = { 0x45, 0, 0, 0, 0x12, 0x34, 0, 0, 64, 0, 0, 0,
			   10, 0, 0, 1, 10, 0, 0, 2, 1, 1, 1, 0 };
	size_t at = f->len, hlen = o->opts ? 24 : 20;
	struct pseudo ps = { .size = 4 };

	memcpy(ps.src, ip + 12, 4);
	memcpy(ps.dst, ip + 16, 4);
	ip[0] = 0x40 | hlen / 4;
	ip[9] = proto_of(o);
	if (o->first)
		put16(ip + 6, 0x2000);
	if (o->later)
		put16(ip + 6, later_offset(o) / 8);
	append(f, ip, hlen);
	add_l4(f, o, &ps);
	put16(f->data + at + 2, f->len - at);
	put16(f->data + at + 10, ~add(0, f->data + at, hlen));
}

static void make_ip6(struct frame *f, const struct options *o)
{
	uint8_t ip[40] = { 0x60, 0, 0, 0, 0, 0, 0, 64,
			   [8] = 0xfd, [23] = 1, [24] = 0xfd, [39] = 2 };
	static const uint8_t hop[8] = { 0, 0, 1, 4, 0, 0, 0, 0 };
	/* type 0, one segment left: fd00::9, the final destination */
	uint8_t rh[24] = { 0, 2, 0, 1, 0, 0, 0, 0, [8] = 0xfd, [23] = 9 };
	uint8_t frag[8] = { 0, 0, 0, 0, 1, 2, 3, 4 };
	size_t at = f->len, next = at + 6;
	struct pseudo ps = { .size = 16 };

	memcpy(ps.src, ip + 8, 16);
	memcpy(ps.dst, o->rh ? rh + 8 : ip + 24, 16);
	append(f, ip, sizeof(ip));
	if (o->opts) {
		f->data[next] = 0;
		next = f->len;
		append(f, hop, sizeof(hop));
	}
	if (o->rh) {
		f->data[next] = 43;
		next = f->len;
		append(f, rh, sizeof(rh));
	}
	if (o->first || o->later) {
		f->data[next] = 44;
		next = f->len;
		if (o->first)
			frag[3] = 1;
		else
			put16(frag + 2, later_offset(o));
		append(f, frag, sizeof(frag));
	}
	f->data[next] = proto_of(o);
	add_l4(f, o, &ps);
	put16(f->data + at + 4, f->len - at - 40);
}

static void make_arp(struct frame *f)
{
	static const uint8_t arp[28] = {
		0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1,
		0, 0, 0, 0, 0, 0, 10, 0, 0, 2 };

	append(f, arp, sizeof(arp));
}

static void usage(const char *why)
{
	fprintf(stderr, "packet: %s\n", why);
	exit(2);
}

static void parse(char *text, struct options *o)
{
	*o = (struct options){ .len = 32, .cut = FRAME_MAX, .labels = 1 };
	o->kind = strtok(text, ",");
	for (char *word; (word = strtok(NULL, ",")); ) {
		unsigned int *number = NULL;
		char *value = strchr(word, '=');

		if (value)
			*value++ = '\0';
		if (!strcmp(word, "vlan") && o->n_tags < 2)
			number = &o->tags[o->n_tags++];
		else if (!strcmp(word, "len"))
			number = &o->len;
		else if (!strcmp(word, "cut"))
			number = &o->cut;
		else if (!strcmp(word, "pad"))
			number = &o->pad;
		else if (!strcmp(word, "labels"))
			number = &o->labels;
		else if (!strcmp(word, "from"))
			number = &o->from;
		else if (!strcmp(word, "nosum"))
			o->nosum = true;
		else if (!strcmp(word, "badsum"))
			o->badsum = true;
		else if (!strcmp(word, "sum0"))
			o->sum0 = true;
		else if (!strcmp(word, "opts"))
			o->opts = true;
		else if (!strcmp(word, "rh"))
			o->rh = true;
		else if (!strcmp(word, "first"))
			o->first = true;
		else if (!strcmp(word, "later"))
			o->later = true;
		else if (!strcmp(word, "l3"))
			o->l3 = true;
		else
			usage(word);
		if (!number != !value)
			usage(word);
		if (number)
			*number = strtoul(value, NULL, 0);
		if (number && *number > 60000)
			usage(word);
	}
}

static void make(struct frame *f, const struct options *o)
{
	uint8_t macs[12] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1 };
	bool v6 = o->kind[strlen(o->kind) - 1] == '6';
	bool arp = !strcmp(o->kind, "arp"), mpls = !strcmp(o->kind, "mpls");

	f->len = 0;
	if (o->from) {
		macs[10] = 1;
		macs[11] = o->from;
	}
	if (!o->l3) {
		append(f, macs, sizeof(macs));
		for (unsigned int i = 0; i < o->n_tags; i++) {
			append16(f, i + 1 < o->n_tags ? 0x88a8 : 0x8100);
			append16(f, o->tags[i]);
		}
		append16(f, arp ? 0x0806 : mpls ? 0x8847 :
			    v6 ? 0x86dd : 0x0800);
	}
	for (unsigned int i = 0; mpls && i < o->labels; i++) {
		/* labels 100, 101, ...; TTL 64 */
		uint32_t lse = htonl((100 + i) << 12 | 64 |
				     (i + 1 == o->labels) << 8);

		append(f, &lse, 4);
	}
	if (arp)
		make_arp(f);
	else if (v6)
		make_ip6(f, o);
	else
		make_ip4(f, o);
	if (f->len > o->cut)
		f->len = o->cut;
	while (f->len < o->pad)
		f->data[f->len++] = 0xee;
}

/* ---- the wire ---- */

static int open_device(const char *device, int type, struct sockaddr_ll *addr)
{
	int one = 1, fd = socket(AF_PACKET, type, 0);

	*addr = (struct sockaddr_ll){
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(device),
	};
	if (fd < 0 || !addr->sll_ifindex ||
	    bind(fd, (struct sockaddr *)addr, sizeof(*addr)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &one, sizeof(one))) {
		fprintf(stderr, "packet: %s: %s\n", device, strerror(errno));
		exit(1);
	}
	return fd;
}

/* The tag that the kernel took off the frame, or 0. */
static uint32_t tag_of(struct msghdr *msg)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c;
	     c = CMSG_NXTHDR(msg, c)) {
		struct tpacket_auxdata aux;

		if (c->cmsg_level != SOL_PACKET ||
		    c->cmsg_type != PACKET_AUXDATA)
			continue;
		memcpy(&aux, CMSG_DATA(c), sizeof(aux));
		if (aux.tp_status & TP_STATUS_VLAN_VALID)
			return (uint32_t)aux.tp_vlan_tpid << 16 |
			       aux.tp_vlan_tci;
	}
	return 0;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static int watch(const char *device, unsigned int count, unsigned int secs)
{
	static uint8_t data[FRAME_MAX];
	struct sockaddr_ll addr, from;
	int fd = open_device(device, SOCK_RAW, &addr);
	int64_t end = now_ms() + secs * 1000LL;

	fprintf(stderr, "listening on %s\n", device);
	while (count) {
		char control[256];
		struct iovec iov = { data, sizeof(data) };
		struct msghdr msg = {
			.msg_name = &from, .msg_namelen = sizeof(from),
			.msg_iov = &iov, .msg_iovlen = 1,
			.msg_control = control,
			.msg_controllen = sizeof(control),
		};
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int64_t left = end - now_ms();
		ssize_t len;

		if (left <= 0 || poll(&p, 1, left) <= 0)
			return 1;
		len = recvmsg(fd, &msg, 0);
		if (len < 0 || from.sll_pkttype == PACKET_OUTGOING)
			continue;
		print_frame(data, len, tag_of(&msg));
		count--;
	}
	return 0;
}

static int tun(const char *device, unsigned int count, unsigned int secs,
	       char **frames)
{
	int fd = open("/dev/net/tun", O_RDWR);
	struct ifreq ifr = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int64_t end = now_ms() + secs * 1000LL;
	static uint8_t data[FRAME_MAX];
	struct options o;
	struct frame f;

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", device);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr)) {
		fprintf(stderr, "packet: %s: %s\n", device, strerror(errno));
		return 1;
	}
	for (; *frames; frames++) {
		parse(*frames, &o);
		make(&f, &o);
		if (write(fd, f.data, f.len) != (ssize_t)f.len) {
			fprintf(stderr, "packet: send: %s\n", strerror(errno));
			return 1;
		}
	}
	fprintf(stderr, "listening on %s\n", device);
	while (count) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int64_t left = end - now_ms();
		ssize_t len;

		if (left <= 0 || poll(&p, 1, left) <= 0)
			return 1;
		len = read(fd, data, sizeof(data));
		if (len < 1)
			continue;
		printf("l3");
		print_payload(data[0] >> 4 == 4 ? 0x0800 :
			      data[0] >> 4 == 6 ? 0x86dd : 0, data, len);
		printf(" len %zd\n", len);
		fflush(stdout);
		count--;
	}
	return 0;
}

int main(int argc, char **argv)
{
	bool send = argc > 3 && !strcmp(argv[1], "send");
	bool show = argc > 2 && !strcmp(argv[1], "show");
	struct sockaddr_ll addr;
	struct options o;
	struct frame f;
	int fd = -1;

	/* the check value that catalogues of CRCs give */
	if (crc32c((const uint8_t *)"123456789", 9) != 0xe3069283)
		usage("this program's CRC32c is wrong");
	if (argc == 5 && !strcmp(argv[1], "watch"))
		return watch(argv[2], atoi(argv[3]), atoi(argv[4]));
	if (argc > 4 && !strcmp(argv[1], "tun"))
		return tun(argv[2], atoi(argv[3]), atoi(argv[4]), argv + 5);
	if (!send && !show)
		usage("send DEVICE FRAME... | watch DEVICE COUNT SECS | tun DEVICE COUNT SECS FRAME... | show FRAME...");
	if (send)
		fd = open_device(argv[2], SOCK_RAW, &addr);
	for (int i = send ? 3 : 2; i < argc; i++) {
		parse(argv[i], &o);
		make(&f, &o);
		if (show)
			print_frame(f.data, f.len, 0);
		else if (write(fd, f.data, f.len) != (ssize_t)f.len) {
			fprintf(stderr, "packet: send: %s\n", strerror(errno));
			return 1;
		}
	}
	return 0;
}
