// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which subtable of a partition a flow goes to; see partition.h.  Called by
 * table.c.
 *
 * A flow goes to the subtable that hashes most of its bits and can tell it from
 * the others there.  Where none does, one is made for it: by its whole fields,
 * so that prefixes of all lengths meet there; by its very mask, if such a one
 * was of no use.  What is left over goes to the first one's rest.
 */
#include "partition.h"

#include <linux/bitops.h>
#include <linux/slab.h>

#include "build.h"
#include "table.h"

/* What is the same for all of a partition need not be hashed. */
static void leave_out_type(const struct vsl_partition *partition, u64 *bits)
{
	if (partition->type)
		((u32 *)bits)[1] = 0;
}

static struct vsl_subtables *subtables_locked(struct vsl_partition *partition)
{
	return rcu_dereference_protected(partition->subtables, true);
}

static int count_bits(const struct vsl_subtable *sub)
{
	u64 bits[VSL_KEY_WORDS];
	int i, n = 0;

	vsl_shape_bits(&sub->shape, bits);
	for (i = 0; i < VSL_KEY_WORDS; i++)
		n += hweight64(bits[i]);
	return n;
}

/* The finest one that takes @mask and is not in @tried, or -1. */
static int choose(const struct vsl_subtables *subs,
		  const struct vsl_mask *mask, unsigned long tried)
{
	int best = -1, most = -1;
	unsigned int i;

	for (i = 0; subs && i < subs->count; i++) {
		const struct vsl_subtable *sub = vsl_entry_ptr(subs->at[i]);
		int n;

		if ((tried & BIT(i)) || !vsl_shape_within(&sub->shape, mask))
			continue;
		n = count_bits(sub);
		if (n > most) {
			most = n;
			best = i;
		}
	}
	return best;
}

static bool has_shape(const struct vsl_subtables *subs, const u64 *bits)
{
	u64 other[VSL_KEY_WORDS];
	unsigned int i;

	for (i = 0; subs && i < subs->count; i++) {
		const struct vsl_subtable *sub = vsl_entry_ptr(subs->at[i]);

		vsl_shape_bits(&sub->shape, other);
		if (!memcmp(other, bits, sizeof(other)))
			return true;
	}
	return false;
}

static struct vsl_subtables *subtables_alloc(unsigned int count)
{
	struct vsl_subtables *subs;

	subs = kmalloc(struct_size(subs, at, count), GFP_KERNEL_ACCOUNT);
	if (subs)
		subs->count = count;
	return subs;
}

/* A subtable of shape @bits, with @flow in it, after the others. */
static int add_subtable(struct vsl_partition *partition, const u64 *bits,
			struct vsl_flow *flow, struct vsl_table_events *events)
{
	struct vsl_subtables *new, *old = subtables_locked(partition);
	unsigned int n = old ? old->count : 0;
	struct vsl_subtable *sub;
	int err = -ENOMEM;

	new = subtables_alloc(n + 1);
	if (!new)
		return err;
	sub = vsl_subtable_new(bits);
	if (!sub)
		goto err_free_new;
	if (n)
		memcpy(new->at, old->at, n * sizeof(old->at[0]));
	new->at[n] = (unsigned long)sub | VSL_ENTRY_SUB;
	err = vsl_subtable_insert(&new->at[n], flow, events);
	if (err)
		goto err_free_sub;
	rcu_assign_pointer(partition->subtables, new);
	if (old)
		kfree_rcu(old, rcu);
	return 0;

err_free_sub:
	vsl_subtable_free(sub);
err_free_new:
	kfree(new);
	return err;
}

static int insert_new(struct vsl_partition *partition, struct vsl_flow *flow,
		      struct vsl_table_events *events)
{
	struct vsl_subtables *subs = subtables_locked(partition);
	u64 bits[VSL_KEY_WORDS];
	struct vsl_key exact;

	if (!subs || subs->count < VSL_SUBTABLES_MAX) {
		vsl_mask_relax(flow->mask, bits);
		leave_out_type(partition, bits);
		if (!has_shape(subs, bits))
			return add_subtable(partition, bits, flow, events);
		vsl_mask_key(flow->mask, &exact);
		memcpy(bits, &exact, sizeof(bits));
		leave_out_type(partition, bits);
		if (!has_shape(subs, bits))
			return add_subtable(partition, bits, flow, events);
	}
	return vsl_subtable_insert_rest(vsl_entry_ptr(subs->at[0]), flow);
}

/* What the cache is to hash; without memory it goes on as it was. */
static void update_used(struct vsl_partition *partition,
			const struct vsl_mask *mask, bool wanted)
{
	struct vsl_used *new, *old;
	u64 more = 0;
	int i;

	for (i = 0; i < mask->nr_words; i++) {
		u64 *bits = &partition->used_bits[mask->word[i]];

		more |= mask->bits[i] & ~*bits;
		*bits |= mask->bits[i];
	}
	old = rcu_dereference_protected(partition->used, true);
	if (old ? !more : !wanted)
		return;
	new = kmalloc(offsetof(struct vsl_used, shape) +
		      vsl_shape_size(partition->used_bits), GFP_KERNEL_ACCOUNT);
	if (!new)
		return;
	vsl_shape_init(&new->shape, partition->used_bits, NULL);
	rcu_assign_pointer(partition->used, new);
	if (old)
		kfree_rcu(old, rcu);
}

/**
 * vsl_partition_insert() - put a flow where lookups find it
 * @partition: of the flow's first word
 * @flow: not in it yet
 * @events: counts what had to be done for it
 *
 * Context: the table's lock; sleeps.
 *
 * Return: 0, or -ENOMEM with the partition as it was.
 */
int vsl_partition_insert(struct vsl_partition *partition,
			 struct vsl_flow *flow,
			 struct vsl_table_events *events)
{
	struct vsl_subtables *subs = subtables_locked(partition);
	unsigned int splits = events->splits;
	unsigned long tried = 0;
	int i, err = -EAGAIN;

	while (err == -EAGAIN) {
		i = choose(subs, flow->mask, tried);
		if (i < 0)
			break;
		err = vsl_subtable_insert(&subs->at[i], flow, events);
		tried |= BIT(i);
	}
	if (err == -EAGAIN)
		err = insert_new(partition, flow, events);
	if (err)
		return err;
	subs = subtables_locked(partition);
	update_used(partition, flow->mask,
		    subs->count > 1 || splits != events->splits);
	return 0;
}

/* Without memory an empty subtable stays, for the next flow of its shape. */
static void drop_subtable(struct vsl_partition *partition, unsigned int i)
{
	struct vsl_subtables *new, *old = subtables_locked(partition);
	struct vsl_subtable *sub = vsl_entry_ptr(old->at[i]);

	new = NULL;
	if (old->count > 1) {
		new = subtables_alloc(old->count - 1);
		if (!new)
			return;
		memcpy(new->at, old->at, i * sizeof(old->at[0]));
		memcpy(new->at + i, old->at + i + 1,
		       (old->count - 1 - i) * sizeof(old->at[0]));
	}
	rcu_assign_pointer(partition->subtables, new);
	kfree_rcu(old, rcu);
	vsl_subtable_free_rcu(sub);
}

/**
 * vsl_partition_remove() - take a flow out
 * @partition: that it is in
 * @flow: the caller's afterwards
 * @events: counts what was done about the room it left
 *
 * A partition left without a subtable is empty: the caller frees it.
 *
 * Context: the table's lock; sleeps.
 */
void vsl_partition_remove(struct vsl_partition *partition,
			  struct vsl_flow *flow,
			  struct vsl_table_events *events)
{
	struct vsl_subtables *subs = subtables_locked(partition);
	unsigned int i;

	for (i = 0; i < subs->count; i++) {
		struct vsl_subtable *sub;

		if (!vsl_subtable_remove(&subs->at[i], flow, events))
			continue;
		sub = vsl_entry_ptr(subs->at[i]);
		if (!sub->flows)
			drop_subtable(partition, i);
		return;
	}
	WARN_ON_ONCE(1);
}

/**
 * vsl_partition_clear() - free what a partition has besides itself
 * @partition: no reader has it, and none can get it
 */
void vsl_partition_clear(struct vsl_partition *partition)
{
	struct vsl_subtables *subs = subtables_locked(partition);
	unsigned int i;

	for (i = 0; subs && i < subs->count; i++)
		vsl_subtable_free(vsl_entry_ptr(subs->at[i]));
	kfree(subs);
	kfree(rcu_dereference_protected(partition->used, true));
}
