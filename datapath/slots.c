// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slots; see slots.h.  Called by table.c and flow.c.
 */
#include "slots.h"

#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/memcontrol.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "flow.h"
#include "memory.h"

static_assert(sizeof(struct vsl_flow_stats) * VSL_CHUNK <= PAGE_SIZE);

#define CHUNKS_MIN	8

static struct vsl_chunks *chunks_alloc(u32 count)
{
	struct vsl_chunks *chunks;

	chunks = kvzalloc(struct_size(chunks, chunk, count), VSL_GFP);
	if (chunks)
		chunks->count = count;
	return chunks;
}

/**
 * vsl_slots_init() - no slot taken
 * @slots: written
 *
 * Context: sleeps.  Return: 0 or -ENOMEM.
 */
int vsl_slots_init(struct vsl_slots *slots)
{
	struct vsl_chunks *chunks = chunks_alloc(CHUNKS_MIN);

	if (!chunks)
		return -ENOMEM;
	RCU_INIT_POINTER(slots->chunks, chunks);
	INIT_LIST_HEAD(&slots->with_room);
	atomic_set(&slots->pages, 0);
	slots->nr_chunks = 0;
	slots->memcg = get_mem_cgroup_from_mm(current->mm);
	spin_lock_init(&slots->lock);
	return 0;
}

static void chunk_free_stats(struct vsl_chunk *chunk)
{
	int cpu;

	for (cpu = 0; cpu < nr_cpu_ids; cpu++) {
		if (!chunk->stats[cpu])
			continue;
		free_page((unsigned long)chunk->stats[cpu]);
		atomic_dec(&chunk->slots->pages);
	}
}

/**
 * vsl_slots_destroy() - free all
 * @slots: no flow has one
 */
void vsl_slots_destroy(struct vsl_slots *slots)
{
	kvfree(rcu_dereference_raw(slots->chunks));
	mem_cgroup_put(slots->memcg);
}

static struct vsl_chunks *chunks_locked(struct vsl_slots *slots)
{
	return rcu_dereference_protected(slots->chunks,
					 lockdep_is_held(&slots->lock));
}

/* Room for twice the chunks. */
static int grow(struct vsl_slots *slots)
{
	struct vsl_chunks *old = rcu_dereference_raw(slots->chunks);
	struct vsl_chunks *new;

	if (old->count > U32_MAX / VSL_CHUNK / 2)
		return -ENOSPC;
	new = chunks_alloc(old->count * 2);
	if (!new)
		return -ENOMEM;
	/* chunks may go meanwhile, under the lock */
	spin_lock_bh(&slots->lock);
	memcpy(new->chunk, old->chunk, old->count * sizeof(old->chunk[0]));
	rcu_assign_pointer(slots->chunks, new);
	spin_unlock_bh(&slots->lock);
	kvfree_rcu(old, rcu);
	return 0;
}

/* One more chunk.  Only writers of the table add any, under its lock. */
static int add_chunk(struct vsl_slots *slots)
{
	struct vsl_chunks *chunks = rcu_dereference_raw(slots->chunks);
	struct vsl_chunk *chunk;
	u32 i = 0;
	int err;

	if (slots->nr_chunks >= chunks->count) {
		err = grow(slots);
		if (err)
			return err;
		chunks = rcu_dereference_raw(slots->chunks);
	}
	chunk = kvzalloc(struct_size(chunk, stats, nr_cpu_ids), VSL_GFP);
	if (!chunk)
		return -ENOMEM;
	chunk->slots = slots;
	spin_lock_bh(&slots->lock);
	/* most often they are all there up to the last */
	if (!chunks->chunk[slots->nr_chunks])
		i = slots->nr_chunks;
	while (chunks->chunk[i])
		i++;
	chunk->base = i * VSL_CHUNK;
	list_add(&chunk->with_room, &slots->with_room);
	/* complete before readers get it */
	smp_store_release(&chunks->chunk[i], chunk);
	slots->nr_chunks++;
	spin_unlock_bh(&slots->lock);
	return 0;
}

/**
 * vsl_slots_take() - a slot for a flow
 * @slots: of its table
 * @flow: its @chunk and @place are written
 *
 * The flow is not seen there before vsl_slots_show().  Context: the table's
 * lock; sleeps.
 *
 * Return: 0, -ENOMEM, or -ENOSPC where all numbers are taken.
 */
int vsl_slots_take(struct vsl_slots *slots, struct vsl_flow *flow)
{
	struct vsl_chunk *chunk;
	unsigned long i;
	int err;

	spin_lock_bh(&slots->lock);
	while (list_empty(&slots->with_room)) {
		spin_unlock_bh(&slots->lock);
		err = add_chunk(slots);
		if (err)
			return err;
		spin_lock_bh(&slots->lock);
	}
	chunk = list_first_entry(&slots->with_room, struct vsl_chunk,
				 with_room);
	i = find_first_zero_bit(chunk->taken, VSL_CHUNK);
	__set_bit(i, chunk->taken);
	if (bitmap_full(chunk->taken, VSL_CHUNK))
		list_del_init(&chunk->with_room);
	spin_unlock_bh(&slots->lock);
	flow->chunk = chunk;
	flow->place = i;
	return 0;
}

/**
 * vsl_slots_show() - let readers find a flow by its number
 * @flow: has a slot
 */
void vsl_slots_show(struct vsl_flow *flow)
{
	/* complete before readers get it */
	smp_store_release(&flow->chunk->flow[flow->place], flow);
}

/**
 * vsl_slots_hide() - the reverse of vsl_slots_show()
 * @flow: readers may still have it
 */
void vsl_slots_hide(struct vsl_flow *flow)
{
	WRITE_ONCE(flow->chunk->flow[flow->place], NULL);
}

/**
 * vsl_slots_release() - give a slot back
 * @flow: of no table, without readers; without a slot nothing is done
 *
 * The slot's counters start from zero for the next flow: nobody counts there.
 *
 * Context: any but hard interrupts.
 */
void vsl_slots_release(struct vsl_flow *flow)
{
	struct vsl_chunk *chunk = flow->chunk;
	struct vsl_slots *slots;
	struct vsl_chunks *chunks;
	unsigned int i = flow->place;
	int cpu;

	if (!chunk)
		return;
	slots = chunk->slots;
	for (cpu = 0; cpu < nr_cpu_ids; cpu++) {
		struct vsl_flow_stats *page = READ_ONCE(chunk->stats[cpu]);

		if (page)
			memset(&page[i], 0, sizeof(page[i]));
	}
	spin_lock_bh(&slots->lock);
	__clear_bit(i, chunk->taken);
	if (list_empty(&chunk->with_room))
		list_add_tail(&chunk->with_room, &slots->with_room);
	if (!bitmap_empty(chunk->taken, VSL_CHUNK)) {
		spin_unlock_bh(&slots->lock);
		return;
	}
	list_del(&chunk->with_room);
	chunks = chunks_locked(slots);
	WRITE_ONCE(chunks->chunk[chunk->base / VSL_CHUNK], NULL);
	slots->nr_chunks--;
	spin_unlock_bh(&slots->lock);
	chunk_free_stats(chunk);
	/* the cache and dumps may be looking for a flow in it */
	kvfree_rcu(chunk, rcu);
}

/**
 * vsl_slots_next() - walk all flows
 * @slots: of a table
 * @slot: cursor, 0 to begin with; set to the flow's slot
 *
 * Context: RCU read section.
 *
 * Return: the flow with the lowest slot from *@slot on, valid within the RCU
 * section or as long as the table's lock is held; or NULL.
 */
struct vsl_flow *vsl_slots_next(const struct vsl_slots *slots,
				unsigned long *slot)
{
	const struct vsl_chunks *chunks = rcu_dereference_raw(slots->chunks);
	unsigned long i = *slot / VSL_CHUNK, j = *slot % VSL_CHUNK;

	for (; i < chunks->count; i++, j = 0) {
		const struct vsl_chunk *chunk = READ_ONCE(chunks->chunk[i]);

		for (; chunk && j < VSL_CHUNK; j++) {
			struct vsl_flow *flow = READ_ONCE(chunk->flow[j]);

			if (flow) {
				*slot = i * VSL_CHUNK + j;
				return flow;
			}
		}
	}
	return NULL;
}

/**
 * vsl_slots_new_stats() - a CPU's first packet in a chunk
 * @chunk: of the flow
 * @place: of the flow in @chunk
 *
 * Context: bottom halves off.
 *
 * Return: this CPU's counters of the flow, or NULL without memory.
 */
struct vsl_flow_stats *vsl_slots_new_stats(struct vsl_chunk *chunk,
					   unsigned int place)
{
	struct vsl_flow_stats *page;
	struct mem_cgroup *other;
	int i;

	/* not atomic: that would go beyond the group's limit, and there is another way */
	other = set_active_memcg(chunk->slots->memcg);
	page = (void *)get_zeroed_page(GFP_NOWAIT | __GFP_NOWARN |
				       __GFP_ACCOUNT);
	set_active_memcg(other);
	if (!page)
		return NULL;
	for (i = 0; i < VSL_CHUNK; i++)
		u64_stats_init(&page[i].sync);
	atomic_inc(&chunk->slots->pages);
	/* zeroed before other CPUs add it up */
	smp_store_release(&chunk->stats[smp_processor_id()], page);
	return &page[place];
}
