/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Slots: a number for each flow, from when it is put into the table until a
 * grace period after it is taken out, which is
 *   - the cursor of a dump: whatever happens to the hash tables meanwhile, a
 *     flow that lives through the dump is shown once;
 *   - the cache's handle: it may be stale, it never points nowhere;
 *   - the index of counters.  The CPU that counts a flow's first packet counts
 *     in the flow; another one gets a page of them for a chunk of slots when it
 *     counts the first packet there.
 */
#ifndef VSL_SLOTS_H
#define VSL_SLOTS_H

#include <linux/bitmap.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/u64_stats_sync.h>

struct vsl_flow;

/* One CPU's counters of a flow; written by it alone, with bottom halves off. */
struct vsl_flow_stats {
	u64_stats_t packets;
	u64_stats_t bytes;
	unsigned long used;		/* jiffies of the last packet; 0: none */
	__be16 tcp_flags;		/* of all its packets, or-ed */
	struct u64_stats_sync sync;
};

/* Counters of this many flows fill a page. */
#define VSL_CHUNK	(4096 / 32)

/**
 * struct vsl_chunk - VSL_CHUNK slots
 * @slots: that it is one of
 * @base: number of its first slot
 * @taken: slots of a flow, or of one that may still have readers; the lock
 * @with_room: link among the chunks that have a free slot; the lock
 * @rcu: frees it
 * @flow: RCU; NULL where there is none
 * @stats: by CPU: a page of counters, NULL before the first packet there;
 *         written by that CPU with bottom halves off
 */
struct vsl_chunk {
	struct vsl_slots *slots;
	u32 base;
	DECLARE_BITMAP(taken, VSL_CHUNK);
	struct list_head with_room;
	struct rcu_head rcu;
	struct vsl_flow *flow[VSL_CHUNK];
	struct vsl_flow_stats *stats[];
};

/* Chunks by number; replaced as a whole when it grows. */
struct vsl_chunks {
	struct rcu_head rcu;
	u32 count;
	struct vsl_chunk *chunk[];
};

/**
 * struct vsl_slots - all slots of a table
 * @chunks: RCU; written under @lock
 * @with_room: chunks that have a free slot
 * @pages: of counters, of all CPUs
 * @nr_chunks: chunks there are
 * @memcg: of who made the table: it pays for the counters, whoever's packets
 *         have them made
 * @lock: of all this; innermost, bottom halves off
 */
struct vsl_slots {
	struct vsl_chunks __rcu *chunks;
	struct list_head with_room;
	atomic_t pages;
	unsigned int nr_chunks;
	struct mem_cgroup *memcg;
	spinlock_t lock;	/* of the above */
};

int vsl_slots_init(struct vsl_slots *slots);
void vsl_slots_destroy(struct vsl_slots *slots);
int vsl_slots_take(struct vsl_slots *slots, struct vsl_flow *flow);
void vsl_slots_show(struct vsl_flow *flow);
void vsl_slots_hide(struct vsl_flow *flow);
void vsl_slots_release(struct vsl_flow *flow);
struct vsl_flow *vsl_slots_next(const struct vsl_slots *slots,
				unsigned long *slot);
struct vsl_flow_stats *vsl_slots_new_stats(struct vsl_chunk *chunk,
					   unsigned int place);

/* The flow of a number, under RCU; NULL where there is none. */
static inline struct vsl_flow *vsl_slots_flow(const struct vsl_slots *slots,
					      u32 slot)
{
	const struct vsl_chunks *chunks = rcu_dereference(slots->chunks);
	const struct vsl_chunk *chunk;

	if (unlikely(slot / VSL_CHUNK >= chunks->count))
		return NULL;
	chunk = READ_ONCE(chunks->chunk[slot / VSL_CHUNK]);
	return likely(chunk) ? READ_ONCE(chunk->flow[slot % VSL_CHUNK]) : NULL;
}

/*
 * This CPU's counters, bottom halves off; NULL where there is no memory for
 * them.
 */
static inline struct vsl_flow_stats *vsl_slots_stats(struct vsl_chunk *chunk,
						     unsigned int place)
{
	struct vsl_flow_stats *page = chunk->stats[smp_processor_id()];

	if (unlikely(!page))
		return vsl_slots_new_stats(chunk, place);
	return &page[place];
}

#endif /* VSL_SLOTS_H */
