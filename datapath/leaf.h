/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a bucket holds, in one word, an entry:
 *
 *   0            nothing
 *   a flow
 *   a leaf       an array of flows, compared one after the other
 *   a subtable   see subtable.h
 *
 * Readers hold RCU, writers the table's lock.
 */
#ifndef VSL_LEAF_H
#define VSL_LEAF_H

#include <linux/prefetch.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include "flow.h"
#include "mask.h"

struct vsl_subtable;

/*
 * Flows in a leaf before something is done about it; a power of two.  With 16 an
 * attacker's packet would look at half as many subtables more.
 */
#define VSL_LEAF_MAX	32

#define VSL_ENTRY_FLOW	0UL
#define VSL_ENTRY_LEAF	1UL
#define VSL_ENTRY_SUB	2UL
#define VSL_ENTRY_KIND	3UL

/**
 * struct vsl_leaf - flows of one bucket
 * @rcu: frees it
 * @size: places in @flow
 * @used: of them not NULL; the table's lock
 * @flow: RCU; NULL where there is none.  Behind it the hash of each
 */
struct vsl_leaf {
	struct rcu_head rcu;
	u32 size;
	u32 used;
	struct vsl_flow *flow[];
};

struct vsl_leaf *vsl_leaf_alloc(u32 size);
void vsl_leaf_set(struct vsl_leaf *leaf, unsigned int i,
		  struct vsl_flow *flow, u32 hash);
size_t vsl_leaf_size(const struct vsl_leaf *leaf);
int vsl_entry_add(unsigned long *at, struct vsl_flow *flow, u32 hash,
		  u32 other, unsigned int limit, bool readers);
bool vsl_entry_remove(unsigned long *at, const struct vsl_flow *flow);
struct vsl_flow *vsl_leaf_find(const struct vsl_leaf *leaf, u32 hash,
			       const u64 *words);
struct vsl_flow *vsl_rest_find(unsigned long entry, const u64 *words);

static inline unsigned long vsl_entry_kind(unsigned long entry)
{
	return entry & VSL_ENTRY_KIND;
}

static inline void *vsl_entry_ptr(unsigned long entry)
{
	return (void *)(entry & ~VSL_ENTRY_KIND);
}

static inline u32 *vsl_leaf_hashes(const struct vsl_leaf *leaf)
{
	return (u32 *)(leaf->flow + leaf->size);
}

static __always_inline bool vsl_flow_match(const struct vsl_flow *flow,
					   const u64 *words)
{
	/*
	 * The key's end is compared first, and is a cache line further than the
	 * mask, which has to be there before that is known.
	 */
	prefetch(&flow->key[2]);
	return vsl_mask_match(flow->mask, flow->key, words);
}

static inline unsigned long vsl_leaf_entry(struct vsl_leaf *leaf)
{
	return (unsigned long)leaf | VSL_ENTRY_LEAF;
}

static inline unsigned long vsl_flow_entry(struct vsl_flow *flow)
{
	return (unsigned long)flow | VSL_ENTRY_FLOW;
}

static inline unsigned long vsl_subtable_entry(struct vsl_subtable *sub)
{
	return (unsigned long)sub | VSL_ENTRY_SUB;
}

/* Lets readers find what an entry is to lead to. */
static inline void vsl_entry_publish(unsigned long *at, unsigned long entry)
{
	/* what it leads to is complete before it can be found */
	smp_store_release(at, entry);
}

#endif /* VSL_LEAF_H */
