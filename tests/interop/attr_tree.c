// SPDX-License-Identifier: GPL-2.0-or-later
/* Attributes as a tree, see attr_tree.h. */
#include "attr_tree.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/attr.h>

#define NODES_MAX	512

static struct node nodes[NODES_MAX];
static int n_nodes;
static uint64_t state;

/* splitmix64: any seed is a good one */
static uint64_t rnd64(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

void rnd_seed(uint64_t seed)
{
	state = seed;
	/* not the next seed's row, one further on */
	state = rnd64();
}

uint32_t rnd(uint32_t n)
{
	return (rnd64() >> 32) * n >> 32;
}

bool chance(uint32_t percent)
{
	return rnd(100) < percent;
}

void rnd_fill(void *data, size_t len)
{
	uint8_t *p = data;

	while (len--)
		*p++ = rnd(256);
}

void tree_reset(void)
{
	n_nodes = 0;
}

static struct node *new_node(int type)
{
	struct node *node;

	if (n_nodes == NODES_MAX) {
		fprintf(stderr, "attr_tree: a tree too large\n");
		exit(2);
	}
	node = &nodes[n_nodes++];
	memset(node, 0, sizeof(*node));
	node->type = type;
	return node;
}

static void append(struct node *nest, struct node *node)
{
	struct node **at = &nest->kids;

	while (*at)
		at = &(*at)->next;
	*at = node;
}

struct node *tree_add(struct node *nest, int type, const void *data, size_t len)
{
	struct node *node = new_node(type);

	node->len = len;
	memcpy(node->data, data, len);
	append(nest, node);
	return node;
}

struct node *tree_u8(struct node *nest, int type, uint8_t n)
{
	return tree_add(nest, type, &n, sizeof(n));
}

struct node *tree_u16(struct node *nest, int type, uint16_t n)
{
	return tree_add(nest, type, &n, sizeof(n));
}

struct node *tree_u32(struct node *nest, int type, uint32_t n)
{
	return tree_add(nest, type, &n, sizeof(n));
}

struct node *tree_be16(struct node *nest, int type, uint16_t n)
{
	return tree_u16(nest, type, htons(n));
}

struct node *tree_nest(struct node *nest, int type)
{
	struct node *node = new_node(type);

	node->nest = true;
	if (nest)
		append(nest, node);
	return node;
}

struct node *tree_copy(const struct node *nest)
{
	struct node *copy = new_node(nest->type);
	const struct node *kid;

	*copy = *nest;
	copy->next = NULL;
	copy->kids = NULL;
	for (kid = nest->kids; kid; kid = kid->next)
		append(copy, tree_copy(kid));
	return copy;
}

struct node *tree_find(const struct node *nest, int type)
{
	struct node *kid;

	for (kid = nest->kids; kid; kid = kid->next)
		if (kid->type == type)
			return kid;
	return NULL;
}

static int count(const struct node *nest)
{
	const struct node *kid;
	int n = 0;

	for (kid = nest->kids; kid; kid = kid->next)
		n += 1 + count(kid);
	return n;
}

static struct node *nth(struct node *nest, int *n)
{
	struct node *kid, *found;

	for (kid = nest->kids; kid; kid = kid->next) {
		if (!(*n)--)
			return kid;
		found = nth(kid, n);
		if (found)
			return found;
	}
	return NULL;
}

struct node *tree_pick(struct node *nest)
{
	int n = count(nest);

	if (!n)
		return NULL;
	n = rnd(n);
	return nth(nest, &n);
}

void tree_remove(struct node *nest, const struct node *node)
{
	struct node **at;

	for (at = &nest->kids; *at; at = &(*at)->next) {
		if (*at == node) {
			*at = node->next;
			return;
		}
		tree_remove(*at, node);
	}
}

void tree_write(struct nl_msg *msg, const struct node *nest)
{
	static const char zeros[4];
	const struct node *kid;
	struct nlattr *attr;

	for (kid = nest->kids; kid; kid = kid->next) {
		attr = nlmsg_tail(nlmsg_hdr(msg));
		nla_put(msg, kid->type, kid->len, kid->data);
		if (!kid->nest)
			continue;
		tree_write(msg, kid);
		if (kid->stray)
			nlmsg_append(msg, (void *)zeros, kid->stray,
				     NLMSG_ALIGNTO);
		/* up to the last stray byte, not its padding */
		attr->nla_len = (char *)nlmsg_tail(nlmsg_hdr(msg)) -
				(char *)attr -
				(kid->stray ? NLA_ALIGNTO - kid->stray : 0);
	}
}
