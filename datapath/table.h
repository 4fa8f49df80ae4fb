/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The flow table: masked flows in hash buckets, found under RCU.
 *
 * A flow is in one bucket array, whichever its mask.  A lookup tries each mask
 * that flows of the table have: it masks the packet's key, hashes that, walks
 * the bucket.  User space sees to it that flows with different masks do not
 * overlap; where they do, the older mask wins.
 *
 * Readers (vsl_table_lookup) hold RCU and no lock, never wait, and find every
 * flow that is in the table, also while the bucket array grows.  Writers hold
 * the table's lock.  Beside the buckets, a flow is indexed by what user space
 * calls it (@ids) and by its slot number, the cursor of dumps (@slots).
 */
#ifndef VSL_TABLE_H
#define VSL_TABLE_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/rhashtable-types.h>
#include <linux/types.h>
#include <linux/xarray.h>

#include "key.h"

struct vsl_flow;
struct vsl_flow_id;

/**
 * struct vsl_mask - which bits of a key count
 * @refs: flows that have it, and vsl_mask_alloc()'s caller until it gives it on
 * @flows: flows in the table that have it; the table's lock
 * @rcu: frees it
 * @seed: mixed into the hash, so that masks spread over the buckets
 * @nr_words: words of a key with a bit in this mask
 * @word: their numbers, ascending
 * @bits: the bits of these words
 */
struct vsl_mask {
	refcount_t refs;
	unsigned int flows;
	struct rcu_head rcu;
	u32 seed;
	u8 nr_words;
	u8 word[VSL_KEY_WORDS];
	u64 bits[VSL_KEY_WORDS];
};

/* The masks in use, oldest first; replaced as a whole. */
struct vsl_mask_array {
	struct rcu_head rcu;
	unsigned int count;
	struct vsl_mask *mask[];
};

/* The bucket array; replaced as a whole when it grows. */
struct vsl_buckets {
	struct rcu_head rcu;
	unsigned int count;		/* a power of two */
	unsigned int node;		/* which vsl_flow.node links them */
	u32 seed;
	struct hlist_head head[];
};

/**
 * struct vsl_table - a datapath's flows
 * @lock: writers', and of what flow.h says; sleeps; innermost of ours
 * @buckets: RCU, written under @lock
 * @masks: likewise
 * @ids: struct vsl_flow_id to flow
 * @slots: slot number to flow; read under RCU
 * @count: flows
 * @resizes: times that the bucket array grew
 * @resize_done: RCU's cookie of the last time: only after that grace period
 *               may the flows' other node be written again
 */
struct vsl_table {
	struct mutex lock;	/* writers' */
	struct vsl_buckets __rcu *buckets;
	struct vsl_mask_array __rcu *masks;
	struct rhashtable ids;
	struct xarray slots;
	unsigned int count;
	unsigned int resizes;
	unsigned long resize_done;
};

/* What vswitch_lite's INFO tells of a table. */
struct vsl_table_figures {
	unsigned int flows;
	unsigned int masks;
	unsigned int buckets;
	unsigned int longest_chain;
	unsigned int resizes;
};

struct vsl_mask *vsl_mask_alloc(const struct vsl_key *bits);
void vsl_mask_put(struct vsl_mask *mask);
void vsl_mask_apply(const struct vsl_mask *mask, const struct vsl_key *key,
		    u64 *masked);
void vsl_mask_key(const struct vsl_mask *mask, struct vsl_key *bits);

int vsl_table_init(struct vsl_table *table);
void vsl_table_destroy(struct vsl_table *table);
struct vsl_flow *vsl_table_lookup(const struct vsl_table *table,
				  const struct vsl_key *key,
				  unsigned int *masks_tried);
struct vsl_flow *vsl_table_by_id(struct vsl_table *table,
				 const struct vsl_flow_id *id);
struct vsl_flow *vsl_table_next(struct vsl_table *table, unsigned long *slot);
int vsl_table_insert(struct vsl_table *table, struct vsl_flow *flow);
void vsl_table_remove(struct vsl_table *table, struct vsl_flow *flow);
void vsl_table_flush(struct vsl_table *table);
void vsl_table_counts(const struct vsl_table *table,
		      struct vsl_table_figures *figures);
void vsl_table_figures(const struct vsl_table *table,
		       struct vsl_table_figures *figures);

#endif /* VSL_TABLE_H */
