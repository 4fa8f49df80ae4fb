/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A flow: a masked key, the actions for packets that match it, how it is named
 * by user space, and its counters.
 *
 * Life: vsl_flow_alloc() by nl_flow.c, outside any lock; vsl_table_insert();
 * found by readers under RCU from then on; vsl_table_remove(); then
 * vsl_flow_free_rcu().  What changes after the insert: @actions (written under
 * the table's lock, read under RCU), @stats (any CPU), @cleared (the lock).
 */
#ifndef VSL_FLOW_H
#define VSL_FLOW_H

#include <linux/list.h>
#include <linux/percpu.h>
#include <linux/rhashtable-types.h>
#include <linux/types.h>
#include <linux/u64_stats_sync.h>

#include "key.h"

struct nlattr;
struct sk_buff;
struct vsl_actions;
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

/* One CPU's share; written by that CPU alone, with bottom halves off. */
struct vsl_flow_stats {
	u64_stats_t packets;
	u64_stats_t bytes;
	unsigned long used;		/* jiffies of the last packet; 0: none */
	__be16 tcp_flags;		/* of all its packets, or-ed */
	struct u64_stats_sync sync;
};

/* The sum over all CPUs. */
struct vsl_flow_totals {
	u64 packets;
	u64 bytes;
	unsigned long used;		/* jiffies; 0: never */
	__be16 tcp_flags;
};

/**
 * struct vsl_flow - one entry of the flow table
 * @node: links in hash buckets; which of the two the readers follow is the
 *        bucket array's business (table.c)
 * @hash: of the masked key
 * @slot: the flow's number for as long as it is in the table
 * @mask: shared with other flows, a counted reference
 * @actions: RCU; replaced as a whole
 * @stats: per CPU
 * @cleared: totals at the time of the last CLEAR, not counted since
 * @by_id: link in the table's index of @id
 * @id: points behind @key, into the same allocation
 * @rcu: frees it
 * @key: the words that @mask has bits in, masked, one after the other
 */
struct vsl_flow {
	struct hlist_node node[2];
	u32 hash;
	u32 slot;
	struct vsl_mask *mask;
	struct vsl_actions __rcu *actions;
	struct vsl_flow_stats __percpu *stats;
	struct {
		u64 packets;
		u64 bytes;
	} cleared;
	struct rhash_head by_id;
	struct vsl_flow_id *id;
	struct rcu_head rcu;
	u64 key[];
};

struct vsl_flow *vsl_flow_alloc(const struct vsl_key *key,
				struct vsl_mask *mask,
				const struct vsl_flow_id *id,
				struct vsl_actions *actions);
void vsl_flow_free(struct vsl_flow *flow);
void vsl_flow_free_rcu(struct vsl_flow *flow);
void vsl_flow_key(const struct vsl_flow *flow, struct vsl_key *key);
void vsl_flow_count(struct vsl_flow *flow, const struct sk_buff *skb,
		    const struct vsl_key *key);
void vsl_flow_totals(const struct vsl_flow *flow,
		     struct vsl_flow_totals *totals);
void vsl_flow_clear(struct vsl_flow *flow);

#endif /* VSL_FLOW_H */
