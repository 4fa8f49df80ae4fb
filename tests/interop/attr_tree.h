/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attributes as a tree, so that they can be changed before they are written, and
 * a source of numbers that depends on a seed alone.  For generate*.c.
 */
#ifndef VSL_INTEROP_ATTR_TREE_H
#define VSL_INTEROP_ATTR_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <netlink/msg.h>

#define NODE_DATA_MAX	96

/**
 * struct node - an attribute, or a list's head (type 0)
 * @next: in the same nest
 * @kids: of a nest, else NULL
 * @type: with flag bits
 * @nest: has @kids and no @data
 * @stray: bytes to write after the kids, which are no attribute
 * @len: of @data
 * @data: payload
 */
struct node {
	struct node *next, *kids;
	uint16_t type;
	bool nest;
	uint8_t stray;
	uint8_t len;
	uint8_t data[NODE_DATA_MAX] __attribute__((aligned(4)));
};

/** rnd_seed() - start over; tree_reset() - all nodes are free again */
void rnd_seed(uint64_t seed);
void tree_reset(void);

/** rnd() - a number below @n; chance() - true in @percent of cases */
uint32_t rnd(uint32_t n);
bool chance(uint32_t percent);

/** rnd_fill() - random bytes */
void rnd_fill(void *data, size_t len);

/** tree_add() - an attribute at the end of @nest */
struct node *tree_add(struct node *nest, int type, const void *data,
		      size_t len);

/** tree_u8() and so on - one with a number, in host order */
struct node *tree_u8(struct node *nest, int type, uint8_t n);
struct node *tree_u16(struct node *nest, int type, uint16_t n);
struct node *tree_u32(struct node *nest, int type, uint32_t n);

/** tree_be16() - one in network order */
struct node *tree_be16(struct node *nest, int type, uint16_t n);

/** tree_nest() - a nest at the end of @nest; with NULL a new list's head */
struct node *tree_nest(struct node *nest, int type);

/** tree_copy() - @nest and all in it; a head of its own */
struct node *tree_copy(const struct node *nest);

/** tree_find() - the first of this type in @nest, or NULL */
struct node *tree_find(const struct node *nest, int type);

/** tree_pick() - any node below @nest, at any depth; NULL if it is empty */
struct node *tree_pick(struct node *nest);

/** tree_remove() - take @node out, from whatever depth below @nest */
void tree_remove(struct node *nest, const struct node *node);

/** tree_write() - what is in @nest as attributes */
void tree_write(struct nl_msg *msg, const struct node *nest);

#endif /* VSL_INTEROP_ATTR_TREE_H */
