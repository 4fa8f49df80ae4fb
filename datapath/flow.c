// SPDX-License-Identifier: GPL-2.0-only
/*
 * One flow's life and its counters; see flow.h.
 */
#include "flow.h"

#include <linux/bitops.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "action.h"
#include "mask.h"
#include "slots.h"

/* Words of the unmasked key that differ from the masked one's, as bits. */
static u16 differing(const struct vsl_key *key, const struct vsl_mask *mask)
{
	const u64 *words = vsl_key_words(key);
	struct vsl_key bits;
	u16 differs = 0;
	int i;

	vsl_mask_key(mask, &bits);
	for (i = 0; i < VSL_KEY_WORDS; i++)
		if (words[i] & ~vsl_key_words(&bits)[i])
			differs |= BIT(i);
	return differs;
}

static unsigned int id_words(u8 ufid_len, u16 differs)
{
	return ufid_len ? VSL_UFID_MAX / sizeof(u64) : hweight16(differs);
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
	u16 differs = id->ufid_len ? 0 : differing(&id->key, mask);
	unsigned int words = mask->nr_words + id_words(id->ufid_len, differs);
	struct vsl_flow *flow;
	u64 *own;
	int i;

	flow = kzalloc(struct_size(flow, key, words), GFP_KERNEL_ACCOUNT);
	if (!flow)
		return NULL;
	vsl_mask_apply(mask, key, flow->key);
	own = flow->key + mask->nr_words;
	if (id->ufid_len)
		memcpy(own, id->ufid, VSL_UFID_MAX);
	for (i = 0; i < VSL_KEY_WORDS; i++)
		if (differs & BIT(i))
			*own++ = vsl_key_words(&id->key)[i];
	flow->ufid_len = id->ufid_len;
	flow->differs = differs;
	flow->mask = mask;
	flow->owner = VSL_FLOW_UNOWNED;
	u64_stats_init(&flow->stats.sync);
	RCU_INIT_POINTER(flow->actions, actions);
	return flow;
}

/**
 * vsl_flow_size() - bytes of memory that a flow takes by itself
 * @flow: any
 *
 * Return: without its mask and its actions, which it may share.
 */
size_t vsl_flow_size(const struct vsl_flow *flow)
{
	return struct_size(flow, key, flow->mask->nr_words +
				      id_words(flow->ufid_len, flow->differs));
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
	vsl_slots_release(flow);
	vsl_mask_put(flow->mask);
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

/* What stands behind the masked key. */
static const u64 *own_words(const struct vsl_flow *flow)
{
	return flow->key + flow->mask->nr_words;
}

/**
 * vsl_flow_ufid() - the name that user space gave it
 * @flow: of a table, under RCU or the table's lock
 *
 * Return: VSL_UFID_MAX bytes; of no use where it has none.
 */
const void *vsl_flow_ufid(const struct vsl_flow *flow)
{
	return own_words(flow);
}

/**
 * vsl_flow_unmask() - the key as user space gave it
 * @flow: of a table, under RCU or the table's lock
 * @key: from vsl_flow_key(); a flow that has a UFID leaves it as it is
 */
void vsl_flow_unmask(const struct vsl_flow *flow, struct vsl_key *key)
{
	const u64 *own = own_words(flow);
	unsigned long differs = flow->differs;

	for (; differs; differs &= differs - 1)
		((u64 *)key)[__ffs(differs)] = *own++;
}

/**
 * vsl_flow_id() - what user space calls the flow
 * @flow: of a table, under RCU or the table's lock
 * @id: written
 */
void vsl_flow_id(const struct vsl_flow *flow, struct vsl_flow_id *id)
{
	id->ufid_len = flow->ufid_len;
	if (id->ufid_len) {
		memcpy(id->ufid, vsl_flow_ufid(flow), VSL_UFID_MAX);
		return;
	}
	vsl_flow_key(flow, &id->key);
	vsl_flow_unmask(flow, &id->key);
}

/**
 * vsl_flow_other_stats() - a CPU's counters of a flow that is not its own
 * @flow: under RCU
 * @cpu: this one
 *
 * A flow's first packet makes it the CPU's own.  Context: bottom halves off.
 *
 * Return: the counters, or NULL where there is no memory for them.
 */
struct vsl_flow_stats *vsl_flow_other_stats(struct vsl_flow *flow, int cpu)
{
	if (READ_ONCE(flow->owner) == VSL_FLOW_UNOWNED &&
	    cmpxchg(&flow->owner, VSL_FLOW_UNOWNED, cpu) == VSL_FLOW_UNOWNED)
		return &flow->stats;
	return vsl_slots_stats(flow->chunk, flow->place);
}

/**
 * vsl_flow_count_shared() - count where this CPU has no counters of its own
 * @flow: under RCU
 * @len: of the packet
 * @now: jiffies, or 1
 * @tcp_flags: of the packet
 *
 * There was no memory for them: no packet is lost for that.
 */
void vsl_flow_count_shared(struct vsl_flow *flow, unsigned int len,
			   unsigned long now, __be16 tcp_flags)
{
	struct vsl_flow_shared *shared = &flow->shared;

	atomic64_inc(&shared->packets);
	atomic64_add(len, &shared->bytes);
	WRITE_ONCE(shared->used, (u32)now ?: 1);
	/* two CPUs at once: flags of one may wait for its next packet */
	if (tcp_flags & ~shared->tcp_flags)
		WRITE_ONCE(shared->tcp_flags, shared->tcp_flags | tcp_flags);
}

/* What the next CPU from *@cpu on has counted in a page; NULL: none has. */
static struct vsl_flow_stats *next_stats(const struct vsl_flow *flow,
					 unsigned int *cpu)
{
	struct vsl_flow_stats *page;

	while (*cpu < nr_cpu_ids) {
		/* an address dependency on what vsl_slots_new_stats() has set up */
		page = READ_ONCE(flow->chunk->stats[(*cpu)++]);
		if (page)
			return &page[flow->place];
	}
	return NULL;
}

/* The owner's counters first, then those of CPUs that do not own the flow. */
#define for_each_stats(stats, flow, cpu)				\
	for ((stats) = &(flow)->stats, (cpu) = 0; (stats);		\
	     (stats) = next_stats(flow, &(cpu)))

static void sum_counters(const struct vsl_flow *flow, u64 *packets, u64 *bytes)
{
	const struct vsl_flow_stats *stats;
	unsigned int cpu, start;
	u64 p, b;

	*packets = atomic64_read(&flow->shared.packets);
	*bytes = atomic64_read(&flow->shared.bytes);
	for_each_stats(stats, flow, cpu) {
		do {
			start = u64_stats_fetch_begin(&stats->sync);
			p = u64_stats_read(&stats->packets);
			b = u64_stats_read(&stats->bytes);
		} while (u64_stats_fetch_retry(&stats->sync, start));
		*packets += p;
		*bytes += b;
	}
}

/* Jiffies of the last packet counted there; 0: none. */
static unsigned long shared_used(const struct vsl_flow_shared *shared)
{
	u32 used = READ_ONCE(shared->used);
	unsigned long now = jiffies;	/* after @used: not before it */

	return used ? now - ((u32)now - used) : 0;
}

static void see_used(struct vsl_flow_totals *totals, unsigned long used,
		     __be16 tcp_flags)
{
	if (used && (!totals->used || time_after(used, totals->used)))
		totals->used = used;
	totals->tcp_flags |= tcp_flags;
}

/**
 * vsl_flow_totals() - the counters since the flow was made or cleared
 * @flow: of a table or just taken out, under RCU or the table's lock
 * @totals: written
 */
void vsl_flow_totals(const struct vsl_flow *flow,
		     struct vsl_flow_totals *totals)
{
	const struct vsl_flow_stats *stats;
	unsigned int cpu;

	sum_counters(flow, &totals->packets, &totals->bytes);
	totals->used = 0;
	totals->tcp_flags = 0;
	see_used(totals, shared_used(&flow->shared),
		 READ_ONCE(flow->shared.tcp_flags));
	for_each_stats(stats, flow, cpu)
		see_used(totals, READ_ONCE(stats->used),
			 READ_ONCE(stats->tcp_flags));
}

/**
 * vsl_flow_clear() - start the counters from zero
 * @flow: under the table's lock
 *
 * The CPUs' own counters go on, since only they may write them: what they had
 * reached is taken off those that all may write.  A packet counted at this very
 * moment is on one side or the other.
 */
void vsl_flow_clear(struct vsl_flow *flow)
{
	struct vsl_flow_stats *stats;
	u64 packets, bytes;
	unsigned int cpu;

	sum_counters(flow, &packets, &bytes);
	atomic64_sub(packets, &flow->shared.packets);
	atomic64_sub(bytes, &flow->shared.bytes);
	WRITE_ONCE(flow->shared.used, 0);
	WRITE_ONCE(flow->shared.tcp_flags, 0);
	for_each_stats(stats, flow, cpu) {
		WRITE_ONCE(stats->used, 0);
		WRITE_ONCE(stats->tcp_flags, 0);
	}
}
