// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flow table; see table.h for what it promises.  Called by receive.c for
 * packets and by nl_*.c for user space.
 */
#include "table.h"

#include <linux/jhash.h>
#include <linux/mm.h>
#include <linux/rhashtable.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "flow.h"
#include "lookup.h"

/* --- the index by identity --- */

static u32 id_hash(const struct vsl_flow_id *id, u32 seed)
{
	if (id->ufid_len)
		return jhash(id->ufid, id->ufid_len, seed);
	return jhash2((const u32 *)&id->key, sizeof(id->key) / sizeof(u32),
		      seed);
}

static u32 ids_hashfn(const void *id, u32 len, u32 seed)
{
	return id_hash(id, seed);
}

static u32 ids_obj_hashfn(const void *flow, u32 len, u32 seed)
{
	struct vsl_flow_id id;

	vsl_flow_id(flow, &id);
	return id_hash(&id, seed);
}

static int ids_obj_cmpfn(struct rhashtable_compare_arg *arg, const void *flow)
{
	const struct vsl_flow_id *a = arg->key;
	struct vsl_flow_id b;

	vsl_flow_id(flow, &b);
	if (a->ufid_len != b.ufid_len)
		return 1;
	if (a->ufid_len)
		return memcmp(a->ufid, b.ufid, a->ufid_len);
	return memcmp(&a->key, &b.key, sizeof(a->key));
}

static const struct rhashtable_params ids_params = {
	.head_offset = offsetof(struct vsl_flow, by_id),
	.hashfn = ids_hashfn,
	.obj_hashfn = ids_obj_hashfn,
	.obj_cmpfn = ids_obj_cmpfn,
	.automatic_shrinking = true,
};

/* --- partitions --- */

/* That of the partition for @flow; 0: it is of several. */
static u32 flow_type(const struct vsl_flow *flow)
{
	const struct vsl_mask *mask = flow->mask;

	if (!mask->nr_words || mask->word[0] ||
	    vsl_partition_type(mask->bits) != U32_MAX)
		return 0;
	return vsl_partition_type(flow->key);
}

/* The partition for @flow, made if it is not there yet; an error pointer. */
static struct vsl_partition *get_partition(struct vsl_table *table,
					   const struct vsl_flow *flow)
{
	struct vsl_partition *partition;
	int err;

	if (!flow_type(flow))
		return &table->rest;
	partition = vsl_directory_find(&table->directory, flow_type(flow));
	if (partition)
		return partition;
	partition = kzalloc(sizeof(*partition), GFP_KERNEL_ACCOUNT);
	if (!partition)
		return ERR_PTR(-ENOMEM);
	partition->type = flow_type(flow);
	err = vsl_directory_add(&table->directory, partition);
	if (!err)
		return partition;
	kfree(partition);
	return ERR_PTR(err);
}

/* Frees @partition if it is empty. */
static void put_partition(struct vsl_table *table,
			  struct vsl_partition *partition)
{
	struct vsl_used *used;

	if (rcu_access_pointer(partition->subtables))
		return;
	used = rcu_dereference_protected(partition->used,
					 lockdep_is_held(&table->lock));
	rcu_assign_pointer(partition->used, NULL);
	memset(partition->used_bits, 0, sizeof(partition->used_bits));
	if (used)
		kfree_rcu(used, rcu);
	if (partition == &table->rest)
		return;
	vsl_directory_remove(&table->directory, partition);
	kfree_rcu(partition, rcu);
}

/* --- lookup --- */

/**
 * vsl_table_find_rest() - a lookup among the flows of no one partition
 * @table: of the packet's datapath
 * @words: the packet's key
 * @tried: increased by the subtables looked at
 *
 * Context: RCU read section.
 *
 * Return: the flow, valid within the RCU section, or NULL.
 */
struct vsl_flow *vsl_table_find_rest(const struct vsl_table *table,
				     const u64 *words, unsigned int *tried)
{
	return vsl_partition_find(&table->rest, words, tried);
}

/**
 * vsl_table_find_cached() - a lookup that asks the cache first
 * @table: of the packet's datapath
 * @partition: of the packet's type
 * @used: of @partition
 * @words: the packet's key
 * @lookup: zeroed; written
 *
 * Context: RCU read section, bottom halves off.
 *
 * Return: the flow, valid within the RCU section, or NULL.
 */
struct vsl_flow *vsl_table_find_cached(const struct vsl_table *table,
				       const struct vsl_partition *partition,
				       const struct vsl_used *used,
				       const u64 *words,
				       struct vsl_lookup *lookup)
{
	const struct vsl_cache *cache = rcu_dereference(table->cache);
	struct vsl_flow *flow;
	u32 hash;

	if (!cache)
		return vsl_table_find_in(table, partition, words,
					 &lookup->tried);
	hash = vsl_shape_hash(&used->shape, words);
	flow = vsl_cache_find(cache, &table->slots, hash, words);
	if (flow) {
		lookup->cached = true;
		lookup->tried++;
		return flow;
	}
	flow = vsl_table_find_in(table, partition, words, &lookup->tried);
	if (flow)
		vsl_cache_put(cache, hash, flow);
	return flow;
}

/**
 * vsl_table_lookup() - the flow that takes packets with a key
 * @table: of the datapath
 * @key: which
 *
 * Context: RCU read section.
 *
 * Return: the flow, valid within the RCU section, or NULL.
 */
struct vsl_flow *vsl_table_lookup(const struct vsl_table *table,
				  const struct vsl_key *key)
{
	const u64 *words = vsl_key_words(key);
	const struct vsl_partition *partition;
	unsigned int tried = 0;

	partition = vsl_directory_find(&table->directory,
				       vsl_partition_type(words));
	return vsl_table_find_in(table, partition, words, &tried);
}

/**
 * vsl_table_by_id() - the flow that user space calls so
 * @table: of the datapath
 * @id: what it calls it
 *
 * Context: RCU read section or @table's lock, for as long as the result
 * is used.  Return: the flow or NULL.
 */
struct vsl_flow *vsl_table_by_id(struct vsl_table *table,
				 const struct vsl_flow_id *id)
{
	return rhashtable_lookup_fast(&table->ids, id, ids_params);
}

/**
 * vsl_table_next() - walk all flows
 * @table: of the datapath
 * @slot: cursor, 0 to begin with; set to the flow's slot
 *
 * A walk that goes on from @slot + 1 each time shows every flow that is in the
 * table from its begin to its end once, whatever happens to the table
 * meanwhile.  Context: RCU read section.
 *
 * Return: the flow with the lowest slot from *@slot on, or NULL.
 */
struct vsl_flow *vsl_table_next(struct vsl_table *table, unsigned long *slot)
{
	return vsl_slots_next(&table->slots, slot);
}

/* --- insert and remove --- */

/**
 * vsl_table_insert() - let packets find a flow
 * @table: of the datapath
 * @flow: the table owns it from here on, unless this fails
 *
 * Context: @table's lock; sleeps.
 *
 * Return: 0; -EEXIST where a flow of that identity exists; -ENOMEM; -ENOSPC
 * when there are as many flows or masks as there may be.
 */
int vsl_table_insert(struct vsl_table *table, struct vsl_flow *flow)
{
	struct vsl_partition *partition;
	struct vsl_flow_id id;
	struct vsl_mask *mask;
	int err;

	if (table->max_flows && table->count >= table->max_flows)
		return -ENOSPC;
	mask = vsl_masks_intern(&table->masks, flow->mask);
	if (IS_ERR(mask))
		return PTR_ERR(mask);
	flow->mask = mask;
	/* the mask is among them */
	err = -ENOSPC;
	if (table->max_masks &&
	    atomic_read(&table->masks.nelems) > table->max_masks)
		goto err_release_mask;
	err = vsl_slots_take(&table->slots, flow);
	if (err)
		goto err_release_mask;
	vsl_flow_id(flow, &id);
	err = rhashtable_lookup_insert_key(&table->ids, &id, &flow->by_id,
					   ids_params);
	if (err)
		goto err_release_slot;
	partition = get_partition(table, flow);
	if (IS_ERR(partition)) {
		err = PTR_ERR(partition);
		goto err_remove_id;
	}
	err = vsl_partition_insert(partition, flow, &table->events);
	if (err)
		goto err_put_partition;
	vsl_slots_show(flow);
	WRITE_ONCE(table->count, table->count + 1);
	table->flow_bytes += vsl_flow_size(flow);
	return 0;

err_put_partition:
	put_partition(table, partition);
err_remove_id:
	/* found there for a moment by readers of other requests: none use it */
	rhashtable_remove_fast(&table->ids, &flow->by_id, ids_params);
err_release_slot:
	vsl_slots_release(flow);
	flow->chunk = NULL;
err_release_mask:
	vsl_masks_release(&table->masks, flow->mask);
	return err;
}

/**
 * vsl_table_remove() - take a flow out
 * @table: of the datapath
 * @flow: in it; the caller's afterwards, for vsl_flow_free_rcu()
 *
 * Context: @table's lock; sleeps.
 */
void vsl_table_remove(struct vsl_table *table, struct vsl_flow *flow)
{
	struct vsl_partition *partition = get_partition(table, flow);

	vsl_partition_remove(partition, flow, &table->events);
	put_partition(table, partition);
	vsl_slots_hide(flow);
	rhashtable_remove_fast(&table->ids, &flow->by_id, ids_params);
	WRITE_ONCE(table->count, table->count - 1);
	table->flow_bytes -= vsl_flow_size(flow);
	vsl_masks_release(&table->masks, flow->mask);
}

/*
 * The lock keeps the flow, but not the chunk of slots that is looked at: its
 * last flow may be one that was removed a grace period ago.
 */
static struct vsl_flow *next_flow(struct vsl_table *table, unsigned long *slot)
{
	struct vsl_flow *flow;

	rcu_read_lock();
	flow = vsl_slots_next(&table->slots, slot);
	rcu_read_unlock();
	return flow;
}

/**
 * vsl_table_flush() - remove and free all flows
 * @table: of the datapath
 *
 * Context: @table's lock; sleeps.
 */
void vsl_table_flush(struct vsl_table *table)
{
	struct vsl_flow *flow;
	unsigned long slot;

	for (slot = 0; (flow = next_flow(table, &slot)); slot++) {
		vsl_table_remove(table, flow);
		vsl_flow_free_rcu(flow);
		cond_resched();
	}
}

/* --- life --- */

/**
 * vsl_table_init() - make an empty table
 * @table: zeroed; written
 *
 * Context: sleeps.  Return: 0 or -ENOMEM.
 */
int vsl_table_init(struct vsl_table *table)
{
	struct vsl_cache *cache;
	int err;

	err = vsl_directory_init(&table->directory);
	if (err)
		return err;
	err = rhashtable_init(&table->ids, &ids_params);
	if (err)
		goto err_directory;
	err = vsl_masks_init(&table->masks);
	if (err)
		goto err_ids;
	err = vsl_slots_init(&table->slots);
	if (err)
		goto err_masks;
	err = vsl_cache_new(VSL_CACHE_DEFAULT, &cache);
	if (err)
		goto err_slots;
	RCU_INIT_POINTER(table->cache, cache);
	mutex_init(&table->lock);
	return 0;

err_slots:
	vsl_slots_destroy(&table->slots);
err_masks:
	rhashtable_destroy(&table->masks);
err_ids:
	rhashtable_destroy(&table->ids);
err_directory:
	vsl_directory_destroy(&table->directory);
	return err;
}

/**
 * vsl_table_destroy() - free what vsl_table_init() made
 * @table: empty (vsl_table_flush()), no reader left and none to come
 *
 * Context: sleeps; after an rcu_barrier() since the flush, for the flows'
 * callbacks give back their slots.
 */
void vsl_table_destroy(struct vsl_table *table)
{
	struct vsl_partition *partition;
	unsigned int place = 0;

	vsl_partition_clear(&table->rest);
	/* empty ones that there was no memory to take apart */
	while ((partition = vsl_directory_next(&table->directory, &place))) {
		vsl_partition_clear(partition);
		kfree(partition);
	}
	vsl_directory_destroy(&table->directory);
	rhashtable_destroy(&table->ids);
	rhashtable_destroy(&table->masks);
	vsl_cache_free_rcu(rcu_dereference_raw(table->cache));
	vsl_slots_destroy(&table->slots);
	mutex_destroy(&table->lock);
}

/**
 * vsl_table_set_cache() - how large the cache is
 * @table: of the datapath
 * @size: entries a CPU: a power of two up to VSL_CACHE_MAX, or 0 for none
 *
 * Context: takes @table's lock; sleeps.
 *
 * Return: 0 or -ENOMEM, with nothing changed.
 */
int vsl_table_set_cache(struct vsl_table *table, u32 size)
{
	struct vsl_cache *new;
	int err;

	if (size == vsl_table_cache_size(table))
		return 0;
	err = vsl_cache_new(size, &new);
	if (err)
		return err;
	mutex_lock(&table->lock);
	new = rcu_replace_pointer(table->cache, new,
				  lockdep_is_held(&table->lock));
	mutex_unlock(&table->lock);
	vsl_cache_free_rcu(new);
	return 0;
}

/**
 * vsl_table_cache_size() - how large the cache is
 * @table: of the datapath
 *
 * Context: any.  Return: entries a CPU; 0: it is off.
 */
u32 vsl_table_cache_size(const struct vsl_table *table)
{
	const struct vsl_cache *cache;
	u32 size;

	rcu_read_lock();
	cache = rcu_dereference(table->cache);
	size = cache ? cache->last + 1 : 0;
	rcu_read_unlock();
	return size;
}

/* --- figures --- */

/**
 * vsl_table_counts() - how many flows and masks there are
 * @table: of the datapath
 * @figures: these two are written, the others are zeroed
 *
 * Context: any.
 */
void vsl_table_counts(const struct vsl_table *table,
		      struct vsl_table_figures *figures)
{
	memset(figures, 0, sizeof(*figures));
	figures->flows = READ_ONCE(table->count);
	figures->masks = atomic_read(&table->masks.nelems);
}

static void count_partition(struct vsl_partition *partition,
			    struct vsl_table_figures *figures)
{
	const struct vsl_subtables *subs;
	unsigned int i;

	subs = rcu_dereference_protected(partition->subtables, true);
	figures->bytes += sizeof(*partition);
	figures->partitions += !!subs;
	for (i = 0; subs && i < subs->count; i++)
		vsl_subtable_figures(vsl_entry_ptr(subs->at[i]), figures);
}

/**
 * vsl_table_figures() - how the table is doing
 * @table: of the datapath
 * @figures: written
 *
 * Looks at all buckets.  Context: takes @table's lock; sleeps.
 */
void vsl_table_figures(struct vsl_table *table,
		       struct vsl_table_figures *figures)
{
	struct vsl_partition *partition;
	unsigned int place = 0;

	vsl_table_counts(table, figures);
	mutex_lock(&table->lock);
	count_partition(&table->rest, figures);
	while ((partition = vsl_directory_next(&table->directory, &place)))
		count_partition(partition, figures);
	figures->events = table->events;
	figures->bytes += table->flow_bytes +
			  vsl_directory_size(&table->directory) +
			  (u64)figures->masks * sizeof(struct vsl_mask) +
			  READ_ONCE(table->slots.nr_chunks) *
			  struct_size_t(struct vsl_chunk, stats, nr_cpu_ids) +
			  atomic_read(&table->slots.pages) * PAGE_SIZE +
			  (u64)num_possible_cpus() * sizeof(u64) *
			  vsl_table_cache_size(table);
	mutex_unlock(&table->lock);
}
