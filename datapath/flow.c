// SPDX-License-Identifier: GPL-2.0-only
/*
 * One flow's life and its counters; see flow.h.
 */
#include "flow.h"

#include <linux/jiffies.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "action.h"
#include "table.h"

/* How much of @id a flow has to keep. */
static size_t id_size(const struct vsl_flow_id *id)
{
	return id->ufid_len ? offsetofend(struct vsl_flow_id, ufid) :
			      sizeof(*id);
}

/**
 * vsl_flow_alloc() - make a flow that is not in a table yet
 * @key: unmasked
 * @mask: the flow takes over the caller's reference
 * @id: copied
 * @actions: the flow takes them over
 *
 * Context: sleeps.
 *
 * Return: the flow, to be freed by vsl_flow_free() or put into a table; NULL
 * without memory, with @mask and @actions still the caller's.
 */
struct vsl_flow *vsl_flow_alloc(const struct vsl_key *key,
				struct vsl_mask *mask,
				const struct vsl_flow_id *id,
				struct vsl_actions *actions)
{
	size_t key_size = mask->nr_words * sizeof(u64);
	struct vsl_flow *flow;
	int cpu;

	flow = kzalloc(sizeof(*flow) + key_size + id_size(id),
		       GFP_KERNEL_ACCOUNT);
	if (!flow)
		return NULL;
	flow->stats = alloc_percpu_gfp(struct vsl_flow_stats,
				       GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!flow->stats) {
		kfree(flow);
		return NULL;
	}
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(flow->stats, cpu)->sync);
	vsl_mask_apply(mask, key, flow->key);
	flow->id = (void *)flow->key + key_size;
	memcpy(flow->id, id, id_size(id));
	flow->mask = mask;
	RCU_INIT_POINTER(flow->actions, actions);
	return flow;
}

/**
 * vsl_flow_free() - free a flow that no reader can hold
 * @flow: not in a table, and never was or a grace period ago
 *
 * Context: any but hard interrupts; does not sleep.
 */
void vsl_flow_free(struct vsl_flow *flow)
{
	vsl_actions_free(rcu_dereference_raw(flow->actions));
	vsl_mask_put(flow->mask);
	free_percpu(flow->stats);
	kfree(flow);
}

static void flow_free_cb(struct rcu_head *rcu)
{
	vsl_flow_free(container_of(rcu, struct vsl_flow, rcu));
}

/**
 * vsl_flow_free_rcu() - free a flow once all readers have let go of it
 * @flow: no longer in a table
 */
void vsl_flow_free_rcu(struct vsl_flow *flow)
{
	call_rcu(&flow->rcu, flow_free_cb);
}

/**
 * vsl_flow_key() - the flow's key as a whole
 * @flow: of a table, under RCU or the table's lock
 * @key: written: the masked key, zero where the mask has no bit
 */
void vsl_flow_key(const struct vsl_flow *flow, struct vsl_key *key)
{
	const struct vsl_mask *mask = flow->mask;
	u64 *words = (u64 *)key;
	int i;

	memset(key, 0, sizeof(*key));
	for (i = 0; i < mask->nr_words; i++)
		words[mask->word[i]] = flow->key[i];
}

/**
 * vsl_flow_count() - count a packet that hit
 * @flow: under RCU
 * @skb: before the actions change it; GSO counts as one packet
 * @key: its key
 *
 * Context: bottom halves off.
 */
void vsl_flow_count(struct vsl_flow *flow, const struct sk_buff *skb,
		    const struct vsl_key *key)
{
	struct vsl_flow_stats *stats = this_cpu_ptr(flow->stats);
	/* jiffies is 0 for one tick in its life, which would read as 'never' */
	unsigned long now = jiffies ?: 1;
	unsigned int len = skb->len;

	if (skb_vlan_tag_present(skb))
		len += VLAN_HLEN;
	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(&stats->packets);
	u64_stats_add(&stats->bytes, len);
	u64_stats_update_end(&stats->sync);
	if (stats->used != now)
		WRITE_ONCE(stats->used, now);
	if (key->tcp_flags & ~stats->tcp_flags)
		WRITE_ONCE(stats->tcp_flags,
			   stats->tcp_flags | key->tcp_flags);
}

static void sum_counters(const struct vsl_flow *flow, u64 *packets, u64 *bytes)
{
	int cpu;

	*packets = 0;
	*bytes = 0;
	for_each_possible_cpu(cpu) {
		const struct vsl_flow_stats *stats;
		unsigned int start;
		u64 p, b;

		stats = per_cpu_ptr(flow->stats, cpu);
		do {
			start = u64_stats_fetch_begin(&stats->sync);
			p = u64_stats_read(&stats->packets);
			b = u64_stats_read(&stats->bytes);
		} while (u64_stats_fetch_retry(&stats->sync, start));
		*packets += p;
		*bytes += b;
	}
}

/**
 * vsl_flow_totals() - the counters since the flow was made or cleared
 * @flow: under RCU or the table's lock
 * @totals: written
 */
void vsl_flow_totals(const struct vsl_flow *flow,
		     struct vsl_flow_totals *totals)
{
	int cpu;

	sum_counters(flow, &totals->packets, &totals->bytes);
	totals->packets -= READ_ONCE(flow->cleared.packets);
	totals->bytes -= READ_ONCE(flow->cleared.bytes);
	totals->used = 0;
	totals->tcp_flags = 0;
	for_each_possible_cpu(cpu) {
		const struct vsl_flow_stats *stats;
		unsigned long used;

		stats = per_cpu_ptr(flow->stats, cpu);
		used = READ_ONCE(stats->used);
		if (used && (!totals->used || time_after(used, totals->used)))
			totals->used = used;
		totals->tcp_flags |= READ_ONCE(stats->tcp_flags);
	}
}

/**
 * vsl_flow_clear() - start the counters from zero
 * @flow: under the table's lock
 *
 * The CPUs' own counters go on, since only they may write them: what they had
 * reached is remembered.  A packet counted at this very moment is on one side
 * or the other.
 */
void vsl_flow_clear(struct vsl_flow *flow)
{
	u64 packets, bytes;
	int cpu;

	sum_counters(flow, &packets, &bytes);
	WRITE_ONCE(flow->cleared.packets, packets);
	WRITE_ONCE(flow->cleared.bytes, bytes);
	for_each_possible_cpu(cpu) {
		struct vsl_flow_stats *stats = per_cpu_ptr(flow->stats, cpu);

		WRITE_ONCE(stats->used, 0);
		WRITE_ONCE(stats->tcp_flags, 0);
	}
}
