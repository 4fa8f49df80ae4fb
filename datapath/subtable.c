// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing subtables: flows come and go, buckets get too full; see subtable.h.
 * Called by partition.c.
 *
 * A leaf that is full says one of three things:
 *   its hashes differ     someone knows how to make keys that meet in a bucket,
 *                         for in a subtable that is not full too many never do
 *                         by themselves: it is rebuilt with other secrets
 *   its flows differ in bits that all of them have, but the shape has not
 *                         a subtable with these bits takes the leaf's place
 *   neither               the flow has to go to another subtable
 */
#include "subtable.h"

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "build.h"
#include "table.h"

/* Different hashes in one leaf that chance does not explain. */
#define HASHES_MAX	10

/* A subtable below another with no more flows is made a leaf again. */
#define COLLAPSE_MAX	4

/* Whether the hashes of a full leaf are too different for chance. */
static bool under_attack(const struct vsl_leaf *leaf)
{
	const u32 *hashes = vsl_leaf_hashes(leaf);
	unsigned int i, j, n = 0;

	for (i = 0; i < VSL_LEAF_MAX; i++) {
		for (j = 0; j < i && hashes[j] != hashes[i]; j++)
			;
		n += j == i;
	}
	return n > HASHES_MAX;
}

/* The leaf at @at, in a subtable of @depth, is full. */
static int overflow(unsigned long *at, unsigned int depth,
		    struct vsl_flow *flow)
{
	struct vsl_flow *flows[VSL_LEAF_MAX + 1];
	struct vsl_leaf *leaf = vsl_entry_ptr(*at);
	struct vsl_subtable *sub;

	if (leaf->size > VSL_LEAF_MAX)
		return -EAGAIN;		/* it was tried, or there was no way */
	memcpy(flows, leaf->flow, sizeof(leaf->flow[0]) * VSL_LEAF_MAX);
	flows[VSL_LEAF_MAX] = flow;
	sub = vsl_build_refined(flows, ARRAY_SIZE(flows), depth + 1);
	if (IS_ERR(sub))
		return PTR_ERR(sub);
	vsl_entry_publish(at, vsl_subtable_entry(sub));
	kvfree_rcu(leaf, rcu);
	return 0;
}

/*
 * Grows a subtable of which half the buckets are used: then half of the flows are
 * in leaves, which are a step more.  (How many flows there are says less: where
 * they have few different hashes, more buckets do not help.)  Failing to is no
 * error: leaves get longer.
 */
static void maybe_grow(unsigned long *at, struct vsl_table_events *events)
{
	struct vsl_subtable *sub = vsl_entry_ptr(*at);
	u64 buckets = sub->last + 1ULL;

	if (sub->used * 2ULL > buckets && buckets < VSL_BUCKETS_MAX &&
	    !vsl_build_again(at, buckets * 2, true, NULL))
		events->resizes++;
}

/**
 * vsl_subtable_insert() - put a flow where lookups find it
 * @at: the entry that the subtable is in; its shape is within the flow's mask
 * @flow: of no subtable yet
 * @events: counts what had to be done for it
 *
 * Context: the table's lock; sleeps.
 *
 * Return: 0; -EAGAIN where it cannot be told apart from too many others here;
 * -ENOMEM.  Where it fails, all is as it was.
 */
int vsl_subtable_insert(unsigned long *at, struct vsl_flow *flow,
			struct vsl_table_events *events)
{
	struct vsl_subtable *way[VSL_DEPTH_MAX + 1];
	struct vsl_subtable *sub;
	unsigned long *bucket;
	unsigned int n = 0;
	struct vsl_key key;
	u32 hash, other = 0;
	bool was_empty;
	int err;

	vsl_flow_key(flow, &key);
	for (;;) {
		sub = vsl_entry_ptr(*at);
		if (!vsl_shape_within(&sub->shape, flow->mask)) {
			err = vsl_build_wider(at, flow);
			events->splits += !err;
			goto out;
		}
		hash = vsl_shape_hash(&sub->shape, vsl_key_words(&key));
		bucket = &sub->bucket[hash & sub->last];
		if (vsl_entry_kind(*bucket) != VSL_ENTRY_SUB)
			break;
		way[n++] = sub;
		at = bucket;
	}
	if (*bucket && vsl_entry_kind(*bucket) == VSL_ENTRY_FLOW)
		other = vsl_subtable_hash(sub, vsl_entry_ptr(*bucket));
	was_empty = !*bucket;
	err = vsl_entry_add(bucket, flow, hash, other, VSL_LEAF_MAX, true);
	if (err == -ENOSPC && under_attack(vsl_entry_ptr(*bucket))) {
		err = vsl_build_again(at, sub->last + 1, false, flow);
		events->reseeds += !err;
		goto out;
	}
	if (err == -ENOSPC) {
		err = overflow(bucket, sub->depth, flow);
		events->splits += !err;
	}
	if (err)
		return err;
	sub->flows++;
	sub->used += was_empty;
	maybe_grow(at, events);
out:
	if (err)
		return err;
	while (n)
		way[--n]->flows++;
	return 0;
}

/**
 * vsl_subtable_insert_rest() - put a flow into a subtable all the same
 * @sub: any
 * @flow: of no subtable yet
 *
 * Context: the table's lock; sleeps.  Return: 0 or -ENOMEM.
 */
int vsl_subtable_insert_rest(struct vsl_subtable *sub, struct vsl_flow *flow)
{
	int err = vsl_entry_add(&sub->rest, flow, 0, 0, UINT_MAX, true);

	if (!err)
		sub->flows++;
	return err;
}

/* --- remove --- */

/* A subtable with few flows below another becomes a leaf, if memory allows. */
static void collapse(unsigned long *at, struct vsl_subtable *parent)
{
	struct vsl_subtable *sub = vsl_entry_ptr(*at);
	struct vsl_flows list;
	struct vsl_leaf *leaf;
	unsigned int i;

	leaf = vsl_leaf_alloc(COLLAPSE_MAX);
	if (!leaf)
		return;
	if (!vsl_flows_list(sub, NULL, &list)) {
		kvfree(leaf);
		return;
	}
	for (i = 0; i < list.n; i++)
		vsl_leaf_set(leaf, i, list.flow[i], vsl_subtable_hash(parent, list.flow[i]));
	kvfree(list.flow);
	vsl_entry_publish(at, vsl_leaf_entry(leaf));
	vsl_subtable_free_rcu(sub);
}

/* @way leads to the subtable that a flow has just been taken out of. */
static void shrink(unsigned long **ats, struct vsl_subtable **way,
		   unsigned int n, struct vsl_table_events *events)
{
	struct vsl_subtable *sub = way[n - 1];
	unsigned int i;

	for (i = 1; i < n; i++) {
		if (!way[i]->flows) {
			WRITE_ONCE(*ats[i], 0);
			way[i - 1]->used--;
			vsl_subtable_free_rcu(way[i]);
			return;
		}
		if (way[i]->flows <= COLLAPSE_MAX) {
			collapse(ats[i], way[i - 1]);
			return;
		}
	}
	if (sub->last >= VSL_BUCKETS_MIN * 4 && sub->used * 8ULL < sub->last &&
	    !vsl_build_again(ats[n - 1], (sub->last + 1) / 4, true, NULL))
		events->resizes++;
}

/**
 * vsl_subtable_remove() - take a flow out
 * @at: the entry that the subtable is in
 * @flow: in it or not
 * @events: counts what was done about the room it left
 *
 * Context: the table's lock; sleeps.  Return: whether it was in it.
 */
bool vsl_subtable_remove(unsigned long *at, struct vsl_flow *flow,
			 struct vsl_table_events *events)
{
	struct vsl_subtable *way[VSL_DEPTH_MAX + 1];
	unsigned long *ats[VSL_DEPTH_MAX + 1];
	struct vsl_subtable *sub = vsl_entry_ptr(*at);
	unsigned int n = 0, i;
	struct vsl_key key;

	if (vsl_entry_remove(&sub->rest, flow)) {
		sub->flows--;
		return true;
	}
	vsl_flow_key(flow, &key);
	for (;;) {
		unsigned long *bucket;
		u32 hash;

		sub = vsl_entry_ptr(*at);
		if (!vsl_shape_within(&sub->shape, flow->mask))
			return false;
		way[n] = sub;
		ats[n++] = at;
		hash = vsl_shape_hash(&sub->shape, vsl_key_words(&key));
		bucket = &sub->bucket[hash & sub->last];
		if (vsl_entry_kind(*bucket) != VSL_ENTRY_SUB) {
			if (!vsl_entry_remove(bucket, flow))
				return false;
			sub->used -= !*bucket;
			break;
		}
		at = bucket;
	}
	for (i = 0; i < n; i++)
		way[i]->flows--;
	shrink(ats, way, n, events);
	return true;
}

/**
 * vsl_subtable_new() - an empty subtable
 * @bits: a key's words: its shape
 *
 * Context: sleeps.  Return: the subtable or NULL without memory.
 */
struct vsl_subtable *vsl_subtable_new(const u64 *bits)
{
	return vsl_subtable_alloc(bits, VSL_BUCKETS_MIN, NULL, 0);
}

/* --- figures --- */

static void count_flow(struct vsl_flow *flow, void *arg)
{
	struct vsl_table_figures *figures = arg;

	figures->longest_chain = max(figures->longest_chain, 1U);
}

static void count_leaf(struct vsl_leaf *leaf, void *arg)
{
	struct vsl_table_figures *figures = arg;

	figures->longest_chain = max(figures->longest_chain, leaf->used);
	figures->bytes += vsl_leaf_size(leaf);
}

static void count_subtable(struct vsl_subtable *sub, void *arg)
{
	struct vsl_table_figures *figures = arg;

	figures->subtables++;
	figures->depth = max(figures->depth, sub->depth + 1);
	figures->buckets += sub->last + 1;
	figures->bytes += (void *)(sub->bucket + sub->last + 1) - (void *)sub;
}

/**
 * vsl_subtable_figures() - what is in a subtable and below it
 * @sub: the subtable
 * @figures: @subtables, @buckets and @bytes are added to, @depth and
 *           @longest_chain made larger
 *
 * Context: the table's lock; sleeps.
 */
void vsl_subtable_figures(const struct vsl_subtable *sub,
			  struct vsl_table_figures *figures)
{
	static const struct vsl_visitor v = {
		.flow = count_flow,
		.leaf = count_leaf,
		.subtable = count_subtable,
	};

	vsl_subtable_visit((struct vsl_subtable *)sub, &v, figures);
}
