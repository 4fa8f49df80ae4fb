/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A subtable: flows in hash buckets.
 *
 * It hashes what its shape says of the key, and takes every flow whose mask has
 * all bits of the shape, with more or not.  A bucket is one word, an entry:
 *
 *   0            nothing
 *   a flow
 *   a leaf       an array of flows, compared one after the other
 *   a subtable   of what would be too much for a leaf; its shape is what the
 *                masks of all its flows have in common
 *
 * So flows of many masks share a subtable, and a lookup takes one way down, of
 * at most VSL_DEPTH_MAX subtables with a leaf at the end, whatever their masks.
 *
 * Readers hold RCU.  What they walk is never rearranged: a larger array, other
 * secrets, another shape are made aside, of all the flows concerned, and then
 * put in place by writing the one entry that leads there.  A reader sees all of
 * the old or all of the new, so it never misses a flow that is being moved.
 * Only leaves change in place, and only by a flow coming or going.
 * Writers hold the table's lock.
 */
#ifndef VSL_SUBTABLE_H
#define VSL_SUBTABLE_H

#include <linux/rcupdate.h>
#include <linux/types.h>

#include "leaf.h"
#include "mask.h"

/* Subtables below one another. */
#define VSL_DEPTH_MAX	48

/**
 * struct vsl_subtable - flows in hash buckets
 * @bucket: entries, behind @shape, in the same allocation
 * @last: number of buckets, a power of two, less one
 * @depth: subtables above it
 * @rest: entry, a flow or a leaf: flows that do not have all bits of @shape but
 *        for which there was no better place
 * @used: buckets that are not empty; the table's lock
 * @flows: in it and below; the table's lock
 * @todo: list of subtables being built
 * @rcu: frees it
 * @shape: never changes
 */
struct vsl_subtable {
	unsigned long *bucket;
	u32 last;
	u32 depth;
	unsigned long rest;
	u32 used;
	u32 flows;
	union {
		struct vsl_subtable *todo;
		struct rcu_head rcu;
	};
	struct vsl_shape shape;
};

struct vsl_table_events;
struct vsl_table_figures;

struct vsl_subtable *vsl_subtable_new(const u64 *bits);
int vsl_subtable_insert(unsigned long *at, struct vsl_flow *flow,
			struct vsl_table_events *events);
int vsl_subtable_insert_rest(struct vsl_subtable *sub, struct vsl_flow *flow);
bool vsl_subtable_remove(unsigned long *at, struct vsl_flow *flow,
			 struct vsl_table_events *events);
void vsl_subtable_figures(const struct vsl_subtable *sub,
			  struct vsl_table_figures *figures);

/*
 * The flow that takes a packet, under RCU.  @tried is increased by the number
 * of subtables looked at.
 */
static __always_inline struct vsl_flow *
vsl_subtable_find(const struct vsl_subtable *sub, const u64 *words,
		  unsigned int *tried)
{
	for (;;) {
		u32 hash = vsl_shape_hash(&sub->shape, words);
		unsigned long rest = READ_ONCE(sub->rest);
		struct vsl_flow *flow;
		unsigned long entry;

		++*tried;
		entry = READ_ONCE(sub->bucket[hash & sub->last]);
		if (unlikely(rest)) {
			flow = vsl_rest_find(rest, words);
			if (flow)
				return flow;
		}
		if (!entry)
			return NULL;
		if (likely(vsl_entry_kind(entry) == VSL_ENTRY_FLOW)) {
			flow = vsl_entry_ptr(entry);
			return vsl_flow_match(flow, words) ? flow : NULL;
		}
		if (vsl_entry_kind(entry) == VSL_ENTRY_LEAF)
			return vsl_leaf_find(vsl_entry_ptr(entry), hash,
					     words);
		sub = vsl_entry_ptr(entry);
	}
}

#endif /* VSL_SUBTABLE_H */
