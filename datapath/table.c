// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flow table; see table.h for what it promises.
 *
 * Growing without stopping readers: a flow has two list nodes, and a bucket
 * array uses one of them.  A writer links all flows into a new array by their
 * other nodes, publishes it, and has the old one freed after a grace period.
 * Until that has passed, readers may still walk the old array, so its nodes
 * must not be written: an array that fills again before then grows later, at
 * the next insert, and its chains are a little longer until then.
 */
#include "table.h"

#include <linux/jhash.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/refcount.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "flow.h"

#define BUCKETS_MIN	256
#define BUCKETS_MAX	BIT(24)

/* --- masks --- */

/**
 * vsl_mask_alloc() - a mask from its bits
 * @bits: as a key
 *
 * Not in a table yet: vsl_table_insert() exchanges it for an equal one that
 * the table has.  Context: sleeps.
 *
 * Return: with one reference, or NULL without memory.
 */
struct vsl_mask *vsl_mask_alloc(const struct vsl_key *bits)
{
	const u64 *words = vsl_key_words(bits);
	struct vsl_mask *mask;
	int i;

	mask = kzalloc(sizeof(*mask), GFP_KERNEL_ACCOUNT);
	if (!mask)
		return NULL;
	refcount_set(&mask->refs, 1);
	for (i = 0; i < VSL_KEY_WORDS; i++) {
		if (!words[i])
			continue;
		mask->word[mask->nr_words] = i;
		mask->bits[mask->nr_words++] = words[i];
	}
	mask->seed = get_random_u32();
	return mask;
}

/**
 * vsl_mask_put() - drop a reference
 * @mask: freed after a grace period if that was the last
 */
void vsl_mask_put(struct vsl_mask *mask)
{
	if (refcount_dec_and_test(&mask->refs))
		kfree_rcu(mask, rcu);
}

/**
 * vsl_mask_apply() - a key's bits that count
 * @mask: which
 * @key: whole
 * @masked: written: @mask->nr_words words
 */
void vsl_mask_apply(const struct vsl_mask *mask, const struct vsl_key *key,
		    u64 *masked)
{
	const u64 *words = vsl_key_words(key);
	int i;

	for (i = 0; i < mask->nr_words; i++)
		masked[i] = words[mask->word[i]] & mask->bits[i];
}

/**
 * vsl_mask_key() - a mask in the form of a key
 * @mask: of a flow, under RCU or its table's lock
 * @bits: written
 */
void vsl_mask_key(const struct vsl_mask *mask, struct vsl_key *bits)
{
	u64 *words = (u64 *)bits;
	int i;

	memset(bits, 0, sizeof(*bits));
	for (i = 0; i < mask->nr_words; i++)
		words[mask->word[i]] = mask->bits[i];
}

static bool masks_equal(const struct vsl_mask *a, const struct vsl_mask *b)
{
	return a->nr_words == b->nr_words &&
	       !memcmp(a->word, b->word, a->nr_words) &&
	       !memcmp(a->bits, b->bits, a->nr_words * sizeof(u64));
}

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
	return id_hash(((const struct vsl_flow *)flow)->id, seed);
}

static int ids_obj_cmpfn(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct vsl_flow_id *b = ((const struct vsl_flow *)obj)->id;
	const struct vsl_flow_id *a = arg->key;

	if (a->ufid_len != b->ufid_len)
		return 1;
	if (a->ufid_len)
		return memcmp(a->ufid, b->ufid, a->ufid_len);
	return memcmp(&a->key, &b->key, sizeof(a->key));
}

static const struct rhashtable_params ids_params = {
	.head_offset = offsetof(struct vsl_flow, by_id),
	.hashfn = ids_hashfn,
	.obj_hashfn = ids_obj_hashfn,
	.obj_cmpfn = ids_obj_cmpfn,
	.automatic_shrinking = true,
};

/* --- buckets --- */

static struct vsl_buckets *buckets_alloc(unsigned int count, unsigned int node,
					 u32 seed)
{
	struct vsl_buckets *buckets;

	buckets = kvzalloc(struct_size(buckets, head, count),
			   GFP_KERNEL_ACCOUNT);
	if (!buckets)
		return NULL;
	buckets->count = count;
	buckets->node = node;
	buckets->seed = seed;
	return buckets;
}

static u32 masked_hash(const struct vsl_buckets *buckets,
		       const struct vsl_mask *mask, const u64 *masked)
{
	return jhash2((const u32 *)masked, mask->nr_words * 2,
		      buckets->seed ^ mask->seed);
}

/* The seed never changes with the size, so a flow's hash stays as it is. */
static void buckets_link(struct vsl_buckets *buckets, struct vsl_flow *flow)
{
	hlist_add_head_rcu(&flow->node[buckets->node],
			   &buckets->head[flow->hash & (buckets->count - 1)]);
}

static struct vsl_buckets *buckets_locked(const struct vsl_table *table)
{
	return rcu_dereference_protected(table->buckets,
					 lockdep_is_held(&table->lock));
}

static struct vsl_mask_array *masks_locked(const struct vsl_table *table)
{
	return rcu_dereference_protected(table->masks,
					 lockdep_is_held(&table->lock));
}

/* Grows the bucket array if it is full.  Failing to is no error. */
static void buckets_grow(struct vsl_table *table)
{
	struct vsl_buckets *old = buckets_locked(table);
	struct vsl_buckets *new;
	struct vsl_flow *flow;
	unsigned long slot;

	if (table->count < old->count || old->count >= BUCKETS_MAX)
		return;
	if (table->resizes && !poll_state_synchronize_rcu(table->resize_done))
		return;
	new = buckets_alloc(old->count * 2, !old->node, old->seed);
	if (!new)
		return;
	xa_for_each(&table->slots, slot, flow)
		buckets_link(new, flow);
	rcu_assign_pointer(table->buckets, new);
	WRITE_ONCE(table->resizes, table->resizes + 1);
	table->resize_done = get_state_synchronize_rcu();
	kvfree_rcu(old, rcu);
}

/* --- the table's masks --- */

static struct vsl_mask_array *mask_array_alloc(unsigned int count)
{
	struct vsl_mask_array *array;

	array = kvzalloc(struct_size(array, mask, count), GFP_KERNEL_ACCOUNT);
	if (array)
		array->count = count;
	return array;
}

static struct vsl_mask *masks_find(const struct vsl_table *table,
				   const struct vsl_mask *mask)
{
	const struct vsl_mask_array *array = masks_locked(table);
	unsigned int i;

	for (i = 0; i < array->count; i++)
		if (masks_equal(array->mask[i], mask))
			return array->mask[i];
	return NULL;
}

static int masks_append(struct vsl_table *table, struct vsl_mask *mask)
{
	struct vsl_mask_array *old = masks_locked(table);
	struct vsl_mask_array *new = mask_array_alloc(old->count + 1);

	if (!new)
		return -ENOMEM;
	memcpy(new->mask, old->mask, old->count * sizeof(old->mask[0]));
	new->mask[old->count] = mask;
	rcu_assign_pointer(table->masks, new);
	kvfree_rcu(old, rcu);
	return 0;
}

/*
 * Takes a mask without flows out of the array.  Without memory it stays: it
 * costs lookups a little and is used again by the next flow that has it, which
 * is why the array holds a reference.
 */
static void masks_remove(struct vsl_table *table, struct vsl_mask *mask)
{
	struct vsl_mask_array *old = masks_locked(table);
	struct vsl_mask_array *new = mask_array_alloc(old->count - 1);
	unsigned int i, n = 0;

	if (!new)
		return;
	for (i = 0; i < old->count; i++)
		if (old->mask[i] != mask)
			new->mask[n++] = old->mask[i];
	rcu_assign_pointer(table->masks, new);
	kvfree_rcu(old, rcu);
	vsl_mask_put(mask);
}

/*
 * Gives @flow the table's own copy of its mask, adding it if there is none;
 * counts the flow.
 */
static int masks_intern(struct vsl_table *table, struct vsl_flow *flow)
{
	struct vsl_mask *own = masks_find(table, flow->mask);

	if (own) {
		refcount_inc(&own->refs);
		vsl_mask_put(flow->mask);
		flow->mask = own;
	} else {
		int err = masks_append(table, flow->mask);

		if (err)
			return err;
		refcount_inc(&flow->mask->refs);
	}
	flow->mask->flows++;
	return 0;
}

static void masks_release(struct vsl_table *table, struct vsl_flow *flow)
{
	if (!--flow->mask->flows)
		masks_remove(table, flow->mask);
}

/* --- the table --- */

/**
 * vsl_table_init() - make an empty table
 * @table: written
 *
 * Context: sleeps.  Return: 0 or -ENOMEM.
 */
int vsl_table_init(struct vsl_table *table)
{
	struct vsl_mask_array *masks = mask_array_alloc(0);
	struct vsl_buckets *buckets;
	int err = -ENOMEM;

	if (!masks)
		return err;
	buckets = buckets_alloc(BUCKETS_MIN, 0, get_random_u32());
	if (!buckets)
		goto err_free_masks;
	err = rhashtable_init(&table->ids, &ids_params);
	if (err)
		goto err_free_buckets;
	mutex_init(&table->lock);
	xa_init_flags(&table->slots, XA_FLAGS_ALLOC);
	RCU_INIT_POINTER(table->buckets, buckets);
	RCU_INIT_POINTER(table->masks, masks);
	table->count = 0;
	table->resizes = 0;
	return 0;

err_free_buckets:
	kvfree(buckets);
err_free_masks:
	kvfree(masks);
	return err;
}

/**
 * vsl_table_destroy() - free what vsl_table_init() made
 * @table: empty (vsl_table_flush()), no reader left and none to come
 *
 * Context: sleeps.
 */
void vsl_table_destroy(struct vsl_table *table)
{
	struct vsl_mask_array *masks = rcu_dereference_raw(table->masks);
	unsigned int i;

	/* masks that there was no memory to take out */
	for (i = 0; i < masks->count; i++)
		vsl_mask_put(masks->mask[i]);
	kvfree(masks);
	kvfree(rcu_dereference_raw(table->buckets));
	rhashtable_destroy(&table->ids);
	xa_destroy(&table->slots);
	mutex_destroy(&table->lock);
}

/**
 * vsl_table_lookup() - the flow that a packet belongs to
 * @table: of the packet's datapath
 * @key: of the packet
 * @masks_tried: increased by the number of masks looked at
 *
 * Context: RCU read section.
 *
 * Return: the flow, valid within the RCU section, or NULL.
 */
struct vsl_flow *vsl_table_lookup(const struct vsl_table *table,
				  const struct vsl_key *key,
				  unsigned int *masks_tried)
{
	const struct vsl_buckets *buckets = rcu_dereference(table->buckets);
	const struct vsl_mask_array *masks = rcu_dereference(table->masks);
	u64 masked[VSL_KEY_WORDS];
	unsigned int i;

	for (i = 0; i < masks->count; i++) {
		const struct vsl_mask *mask = masks->mask[i];
		size_t size = mask->nr_words * sizeof(u64);
		const struct hlist_head *head;
		struct vsl_flow *flow;
		u32 hash;

		++*masks_tried;
		vsl_mask_apply(mask, key, masked);
		hash = masked_hash(buckets, mask, masked);
		head = &buckets->head[hash & (buckets->count - 1)];
		hlist_for_each_entry_rcu(flow, head, node[buckets->node]) {
			if (flow->hash == hash && flow->mask == mask &&
			    !memcmp(flow->key, masked, size))
				return flow;
		}
	}
	return NULL;
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
	return xa_find(&table->slots, slot, ULONG_MAX, XA_PRESENT);
}

/**
 * vsl_table_insert() - let packets find a flow
 * @table: of the datapath
 * @flow: the table owns it from here on, unless this fails
 *
 * Context: @table's lock; sleeps.
 *
 * Return: 0; -EEXIST where a flow of that identity exists; -ENOMEM; -ENOSPC
 * when all slots are taken.
 */
int vsl_table_insert(struct vsl_table *table, struct vsl_flow *flow)
{
	struct vsl_buckets *buckets;
	int err;

	err = masks_intern(table, flow);
	if (err)
		return err;
	err = xa_alloc(&table->slots, &flow->slot, NULL, xa_limit_32b,
		       GFP_KERNEL_ACCOUNT);
	if (err) {
		err = err == -EBUSY ? -ENOSPC : err;
		goto err_release_mask;
	}
	err = rhashtable_lookup_insert_key(&table->ids, flow->id, &flow->by_id,
					   ids_params);
	if (err)
		goto err_erase_slot;

	buckets_grow(table);
	buckets = buckets_locked(table);
	flow->hash = masked_hash(buckets, flow->mask, flow->key);
	buckets_link(buckets, flow);
	/* the slot is reserved: storing into it allocates nothing */
	xa_store(&table->slots, flow->slot, flow, GFP_KERNEL_ACCOUNT);
	WRITE_ONCE(table->count, table->count + 1);
	return 0;

err_erase_slot:
	xa_erase(&table->slots, flow->slot);
err_release_mask:
	masks_release(table, flow);
	return err;
}

/**
 * vsl_table_remove() - take a flow out
 * @table: of the datapath
 * @flow: in it; the caller's afterwards, for vsl_flow_free_rcu()
 *
 * Context: @table's lock.
 */
void vsl_table_remove(struct vsl_table *table, struct vsl_flow *flow)
{
	struct vsl_buckets *buckets = buckets_locked(table);

	hlist_del_rcu(&flow->node[buckets->node]);
	rhashtable_remove_fast(&table->ids, &flow->by_id, ids_params);
	xa_erase(&table->slots, flow->slot);
	WRITE_ONCE(table->count, table->count - 1);
	masks_release(table, flow);
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

	xa_for_each(&table->slots, slot, flow) {
		vsl_table_remove(table, flow);
		vsl_flow_free_rcu(flow);
		cond_resched();
	}
}

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
	rcu_read_lock();
	figures->masks = rcu_dereference(table->masks)->count;
	rcu_read_unlock();
}

/**
 * vsl_table_figures() - how the table is doing
 * @table: of the datapath
 * @figures: written
 *
 * Walks all buckets.  Context: RCU read section.
 */
void vsl_table_figures(const struct vsl_table *table,
		       struct vsl_table_figures *figures)
{
	const struct vsl_buckets *buckets = rcu_dereference(table->buckets);
	unsigned int i;

	vsl_table_counts(table, figures);
	figures->buckets = buckets->count;
	figures->resizes = READ_ONCE(table->resizes);
	for (i = 0; i < buckets->count; i++) {
		const struct vsl_flow *flow;
		unsigned int n = 0;

		hlist_for_each_entry_rcu(flow, &buckets->head[i],
					 node[buckets->node])
			n++;
		figures->longest_chain = max(figures->longest_chain, n);
	}
}
