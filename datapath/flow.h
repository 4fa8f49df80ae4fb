/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A flow: a masked key, the actions for packets that match it, how it is named
 * by user space, and its counters.
 *
 * Life: vsl_flow_alloc() by nl_flow.c, outside any lock; vsl_table_insert();
 * found by readers under RCU from then on; vsl_table_remove(); then
 * vsl_flow_free_rcu().  What changes after the insert: @actions (written under
 * the table's lock, read under RCU), the counters (any CPU).
 */
#ifndef VSL_FLOW_H
#define VSL_FLOW_H

#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/rhashtable-types.h>
#include <linux/skbuff.h>
#include <linux/types.h>

#include "key.h"
#include "slots.h"

struct nlattr;
struct sk_buff;
struct vsl_actions;
struct vsl_chunk;
struct vsl_mask;

#define VSL_UFID_MAX	16

/**
 * struct vsl_flow_id - what user space calls a flow
 * @ufid_len: bytes of @ufid, 1 to VSL_UFID_MAX; 0: the flow is named by @key
 * @ufid: zero beyond @ufid_len
 * @key: the key as user space gave it, before masking
 */
struct vsl_flow_id {
	u8 ufid_len;
	union {
		u8 ufid[VSL_UFID_MAX];
		struct vsl_key key;
	};
};

/* The sum over all CPUs. */
struct vsl_flow_totals {
	u64 packets;
	u64 bytes;
	unsigned long used;		/* jiffies; 0: never */
	__be16 tcp_flags;
};

/*
 * Counters that any CPU may write, for when one has no memory for its own, less
 * what all had counted when they were cleared.
 */
struct vsl_flow_shared {
	atomic64_t packets;
	atomic64_t bytes;
	u32 used;			/* lower half of jiffies; 0: never */
	__be16 tcp_flags;
};

/* No CPU has taken a flow's own counters yet. */
#define VSL_FLOW_UNOWNED	(-1)

/**
 * struct vsl_flow - one entry of the flow table
 * @stats: counters of the CPU that is its @owner
 * @shared: counters beside those of the CPUs
 * @by_id: link in the table's index of names
 * @mask: shared with other flows, a counted reference
 * @actions: RCU; replaced as a whole
 * @chunk: where its slot is; NULL before it is put into a table
 * @owner: the CPU that counted the first packet, for good; or VSL_FLOW_UNOWNED
 * @place: of its slot in @chunk
 * @ufid_len: as in struct vsl_flow_id
 * @differs: where @ufid_len is 0: words of the unmasked key that differ from
 *           those of the masked one
 * @rcu: frees it
 * @key: the words that @mask has bits in, masked, one after the other; then
 *       the UFID, or the words of the unmasked key that differ
 *
 * Of many flows each packet's is far away: what a packet needs of it is in one
 * place, counters too, which for any other CPU are elsewhere (slots.h).  What the
 * owner writes has a cache line of its own, so that the others keep theirs.
 */
struct vsl_flow {
	struct vsl_flow_stats stats;
	struct vsl_flow_shared shared;
	struct rhash_head by_id;
	/* 64 bytes so far: from here on what all CPUs read */
	struct vsl_mask *mask;
	struct vsl_actions __rcu *actions;
	struct vsl_chunk *chunk;
	int owner;
	u8 place;
	u8 ufid_len;
	u16 differs;
	struct rcu_head rcu;
	u64 key[];
};

/* The flow's number for as long as it is in the table, see slots.h. */
static inline u32 vsl_flow_slot(const struct vsl_flow *flow)
{
	return flow->chunk->base + flow->place;
}

struct vsl_flow *vsl_flow_alloc(const struct vsl_key *key,
				struct vsl_mask *mask,
				const struct vsl_flow_id *id,
				struct vsl_actions *actions);
void vsl_flow_free(struct vsl_flow *flow);
void vsl_flow_free_rcu(struct vsl_flow *flow);
void vsl_flow_key(const struct vsl_flow *flow, struct vsl_key *key);
const void *vsl_flow_ufid(const struct vsl_flow *flow);
void vsl_flow_unmask(const struct vsl_flow *flow, struct vsl_key *key);
void vsl_flow_id(const struct vsl_flow *flow, struct vsl_flow_id *id);
size_t vsl_flow_size(const struct vsl_flow *flow);
struct vsl_flow_stats *vsl_flow_other_stats(struct vsl_flow *flow, int cpu);
void vsl_flow_count_shared(struct vsl_flow *flow, unsigned int len,
			   unsigned long now, __be16 tcp_flags);
void vsl_flow_totals(const struct vsl_flow *flow,
		     struct vsl_flow_totals *totals);
void vsl_flow_clear(struct vsl_flow *flow);

/**
 * vsl_flow_count() - count a packet that hit
 * @flow: under RCU
 * @skb: before the actions change it; GSO counts as one packet
 * @tcp_flags: of it
 *
 * Context: bottom halves off.
 */
static __always_inline void vsl_flow_count(struct vsl_flow *flow,
					   const struct sk_buff *skb,
					   __be16 tcp_flags)
{
	struct vsl_flow_stats *stats = &flow->stats;
	int cpu = smp_processor_id();
	/* jiffies is 0 for one tick in its life, which would read as 'never' */
	unsigned long now = jiffies ?: 1;
	unsigned int len = skb->len;

	if (skb_vlan_tag_present(skb))
		len += VLAN_HLEN;
	if (unlikely(READ_ONCE(flow->owner) != cpu)) {
		stats = vsl_flow_other_stats(flow, cpu);
		if (unlikely(!stats)) {
			vsl_flow_count_shared(flow, len, now, tcp_flags);
			return;
		}
	}
	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(&stats->packets);
	u64_stats_add(&stats->bytes, len);
	u64_stats_update_end(&stats->sync);
	if (stats->used != now)
		WRITE_ONCE(stats->used, now);
	if (unlikely(tcp_flags & ~stats->tcp_flags))
		WRITE_ONCE(stats->tcp_flags, stats->tcp_flags | tcp_flags);
}

#endif /* VSL_FLOW_H */
