/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A partition: the flows of one in_port and eth_type, which nearly every mask
 * has whole; one more holds those whose masks do not.  It has a few subtables
 * side by side, which a lookup tries in turn.
 */
#ifndef VSL_PARTITION_H
#define VSL_PARTITION_H

#include <linux/rcupdate.h>
#include <linux/types.h>

#include "subtable.h"

/*
 * Subtables side by side.  A flow that none of so many takes is put into the
 * first one's rest.
 */
#define VSL_SUBTABLES_MAX	32

/* Subtables side by side, oldest first; replaced as a whole. */
struct vsl_subtables {
	struct rcu_head rcu;
	unsigned int count;
	unsigned long at[];		/* entries, each a subtable */
};

/* What the cache hashes of a packet's key; replaced as a whole. */
struct vsl_used {
	struct rcu_head rcu;
	struct vsl_shape shape;
};

/**
 * struct vsl_partition - flows of one in_port and eth_type
 * @type: both of them, see vsl_partition_type(); 0: flows of any
 * @subtables: RCU; written under the table's lock; NULL in an empty one
 * @used: RCU: @used_bits, for the cache's hash; NULL while one subtable is all
 *        there is and the cache is of no use
 * @used_bits: all bits that a mask in here has, or has had; the table's lock
 * @rcu: frees it
 */
struct vsl_partition {
	u32 type;
	struct vsl_subtables __rcu *subtables;
	struct vsl_used __rcu *used;
	u64 used_bits[VSL_KEY_WORDS];
	struct rcu_head rcu;
};

/* in_port and eth_type of a key, or of a mask: the other half is recirc_id. */
static inline u32 vsl_partition_type(const u64 *words)
{
	return ((const u32 *)words)[1];
}

int vsl_partition_insert(struct vsl_partition *partition,
			 struct vsl_flow *flow,
			 struct vsl_table_events *events);
void vsl_partition_remove(struct vsl_partition *partition,
			  struct vsl_flow *flow,
			  struct vsl_table_events *events);
void vsl_partition_clear(struct vsl_partition *partition);

/* The flow that takes a packet, under RCU, or NULL. */
static __always_inline struct vsl_flow *
vsl_partition_find(const struct vsl_partition *partition, const u64 *words,
		   unsigned int *tried)
{
	const struct vsl_subtables *subs = rcu_dereference(partition->subtables);
	struct vsl_flow *flow;
	unsigned int i;

	if (unlikely(!subs))
		return NULL;
	for (i = 0; i < subs->count; i++) {
		flow = vsl_subtable_find(vsl_entry_ptr(READ_ONCE(subs->at[i])),
					 words, tried);
		if (flow)
			return flow;
	}
	return NULL;
}

#endif /* VSL_PARTITION_H */
