// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mistakes in requests: see request.h.  Attributes are found as a parser would
 * find them, at any depth, and then one of them is cut, moved, renamed or given
 * another value; lengths of the nests around it are mostly put right, so that
 * the mistake is found by whoever reads that nest and by nobody before.
 */
#include <linux/genetlink.h>
#include <string.h>

#include "request.h"
#include "tests/interop/attr_tree.h"

#define FOUND_MAX	128
#define DEPTH_MAX	8

/* An attribute and those that it is in, as offsets into the message. */
struct found {
	uint16_t at;
	uint8_t depth;
	uint16_t around[DEPTH_MAX];
};

static struct found found[FOUND_MAX];
static int n_found;

static struct nlattr *attr_at(struct nlmsghdr *h, int at)
{
	return (struct nlattr *)((char *)h + at);
}

/* Everything that could be a list of attributes is taken for one. */
static void find(struct nlmsghdr *h, int at, int end, const struct found *nest)
{
	int from = n_found;

	while (at + NLA_HDRLEN <= end && n_found < FOUND_MAX) {
		struct nlattr *a = attr_at(h, at);
		struct found *f = &found[n_found];

		if (a->nla_len < NLA_HDRLEN || at + a->nla_len > end)
			break;
		memset(f, 0, sizeof(*f));
		f->at = at;
		if (nest) {
			*f = *nest;
			f->around[f->depth++] = nest->at;
			f->at = at;
		}
		n_found++;
		if (a->nla_len >= 2 * NLA_HDRLEN && f->depth < DEPTH_MAX)
			find(h, at + NLA_HDRLEN, at + a->nla_len, f);
		at += NLA_ALIGN(a->nla_len);
	}
	/* it was no list */
	if (nest && at != NLA_ALIGN(end))
		n_found = from;
}

static const struct found *pick(struct nlmsghdr *h, int first)
{
	n_found = 0;
	find(h, first, h->nlmsg_len, NULL);
	return n_found ? &found[rnd(n_found)] : NULL;
}

/* The message, and the nests, are longer by @by from @f on. */
static void grow(struct nlmsghdr *h, const struct found *f, int by)
{
	int i;

	h->nlmsg_len += by;
	if (chance(10))
		return;
	for (i = 0; i < f->depth; i++)
		attr_at(h, f->around[i])->nla_len += by;
}

static uint32_t odd_number(void)
{
	static const uint32_t odd[] = {
		0, 1, 2, 3, 14, 15, 16, 17, 31, 255, 256, 1000, 4095, 4096,
		0x7fff, 0x8000, 0xfffe, 0xffff, 0x10000, 0x7fffffff,
		0x80000000, 0xfffffffe, 0xffffffff,
	};

	return chance(60) ? odd[rnd(sizeof(odd) / sizeof(odd[0]))] : rnd(-1);
}

static void change_value(struct nlattr *a)
{
	uint8_t *data = (uint8_t *)a + NLA_HDRLEN;
	int len = a->nla_len - NLA_HDRLEN;
	uint32_t number = odd_number();

	if (len <= 0)
		return;
	if (len >= 4 && chance(50)) {
		memcpy(data + 4 * rnd(len / 4), &number, 4);
		return;
	}
	if (chance(50))
		data[rnd(len)] ^= 1 << rnd(8);
	else
		data[rnd(len)] = number;
}

static void change_header(struct nlmsghdr *h)
{
	struct genlmsghdr *g = (void *)((char *)h + NLMSG_HDRLEN);
	uint32_t number = odd_number();

	switch (rnd(4)) {
	case 0:
		g->cmd = chance(80) ? rnd(8) : rnd(256);
		break;
	case 1:
		g->version = rnd(256);
		break;
	case 2:
		h->nlmsg_flags ^= 1 << rnd(16);
		break;
	default:	/* dp_ifindex */
		memcpy((char *)g + GENL_HDRLEN, &number, sizeof(number));
	}
}

/* Takes the attribute out, or puts it in once more. */
static void move(struct nlmsghdr *h, const struct found *f, bool twice)
{
	char *at = (char *)h + f->at, *end = (char *)h + h->nlmsg_len;
	int len = NLA_ALIGN(attr_at(h, f->at)->nla_len);

	if (at + len > end)
		return;
	if (twice) {
		if (h->nlmsg_len + len > 60000)
			return;
		memmove(at + len, at, end - at);
	} else {
		memmove(at, at + len, end - at - len);
		len = -len;
	}
	grow(h, f, len);
}

void fuzz_mutate(struct nl_msg *msg, int first)
{
	struct nlmsghdr *h = nlmsg_hdr(msg);
	const struct found *f = pick(h, first);
	struct nlattr *a;

	if (!f || chance(10)) {
		change_header(h);
		return;
	}
	a = attr_at(h, f->at);
	switch (rnd(8)) {
	case 0:
		a->nla_type = chance(80) ? rnd(40) : rnd(0x10000);
		break;
	case 1:
		a->nla_len = chance(70) ? a->nla_len + rnd(9) - 4 :
			     rnd(0x10000);
		break;
	case 2:
		if (chance(20))
			h->nlmsg_len = f->at + rnd(h->nlmsg_len - f->at + 1);
		else
			a->nla_type ^= rnd(2) ? NLA_F_NESTED :
						NLA_F_NET_BYTEORDER;
		break;
	case 3:
		move(h, f, false);
		break;
	case 4:
		move(h, f, true);
		break;
	case 5:
		rnd_fill((char *)a + NLA_HDRLEN, a->nla_len - NLA_HDRLEN);
		break;
	default:
		change_value(a);
	}
}
