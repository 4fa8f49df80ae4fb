// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries and leaves; see leaf.h.  Called by build.c and subtable.c.
 */
#include "leaf.h"

#include <linux/mm.h>
#include <linux/slab.h>

#include "memory.h"

/**
 * vsl_leaf_alloc() - an empty leaf
 * @size: places
 *
 * Context: sleeps.  Return: the leaf or NULL without memory.
 */
struct vsl_leaf *vsl_leaf_alloc(u32 size)
{
	struct vsl_leaf *leaf;

	leaf = kvzalloc(struct_size(leaf, flow, size) + size * sizeof(u32),
			VSL_GFP);
	if (leaf)
		leaf->size = size;
	return leaf;
}

/**
 * vsl_leaf_size() - bytes of a leaf
 * @leaf: the leaf
 *
 * Return: that many.
 */
size_t vsl_leaf_size(const struct vsl_leaf *leaf)
{
	return struct_size(leaf, flow, leaf->size) + leaf->size * sizeof(u32);
}

/**
 * vsl_leaf_set() - a flow into a place that is empty
 * @leaf: may have readers
 * @i: the place
 * @flow: the flow
 * @hash: of it in the subtable that the leaf is in
 */
void vsl_leaf_set(struct vsl_leaf *leaf, unsigned int i,
		  struct vsl_flow *flow, u32 hash)
{
	WRITE_ONCE(vsl_leaf_hashes(leaf)[i], hash);
	/* the flow as a whole, and its hash, before readers get it */
	smp_store_release(&leaf->flow[i], flow);
	leaf->used++;
}

/* A copy with room for more; the old one is still where it was. */
static struct vsl_leaf *leaf_grow(const struct vsl_leaf *old)
{
	struct vsl_leaf *leaf = vsl_leaf_alloc(old->size * 2);
	unsigned int i;

	if (!leaf)
		return NULL;
	for (i = 0; i < old->size; i++)
		vsl_leaf_set(leaf, i, old->flow[i], vsl_leaf_hashes(old)[i]);
	return leaf;
}

static void entry_free_leaf(struct vsl_leaf *leaf, bool readers)
{
	if (readers)
		kvfree_rcu(leaf, rcu);
	else
		kvfree(leaf);
}

/**
 * vsl_entry_add() - add a flow to an entry
 * @at: where the entry is; no subtable
 * @flow: the flow
 * @hash: of it in the subtable that the entry is of
 * @other: likewise of the flow that may be there alone
 * @limit: how large a leaf may get
 * @readers: there are some
 *
 * Context: the table's lock; sleeps.
 *
 * Return: 0; -ENOSPC where a leaf is as large as it may be; -ENOMEM.
 */
int vsl_entry_add(unsigned long *at, struct vsl_flow *flow, u32 hash,
		  u32 other, unsigned int limit, bool readers)
{
	unsigned long entry = *at;
	struct vsl_leaf *leaf, *old = NULL;
	unsigned int i;

	if (!entry) {
		vsl_entry_publish(at, vsl_flow_entry(flow));
		return 0;
	}
	if (vsl_entry_kind(entry) == VSL_ENTRY_FLOW) {
		leaf = vsl_leaf_alloc(2);
		if (!leaf)
			return -ENOMEM;
		vsl_leaf_set(leaf, 0, vsl_entry_ptr(entry), other);
		vsl_leaf_set(leaf, 1, flow, hash);
		vsl_entry_publish(at, vsl_leaf_entry(leaf));
		return 0;
	}
	leaf = vsl_entry_ptr(entry);
	if (leaf->used == leaf->size) {
		if (leaf->size >= limit)
			return -ENOSPC;
		old = leaf;
		leaf = leaf_grow(old);
		if (!leaf)
			return -ENOMEM;
	}
	for (i = old ? old->size : 0; leaf->flow[i]; i++)
		;
	vsl_leaf_set(leaf, i, flow, hash);
	if (old) {
		vsl_entry_publish(at, vsl_leaf_entry(leaf));
		entry_free_leaf(old, readers);
	}
	return 0;
}

/**
 * vsl_entry_remove() - take a flow out of an entry
 * @at: where the entry is; no subtable
 * @flow: in it or not
 *
 * Context: the table's lock.  Return: whether it was in it.
 */
bool vsl_entry_remove(unsigned long *at, const struct vsl_flow *flow)
{
	struct vsl_leaf *leaf;
	unsigned int i;

	if (!*at)
		return false;
	if (vsl_entry_kind(*at) == VSL_ENTRY_FLOW) {
		if (vsl_entry_ptr(*at) != flow)
			return false;
		WRITE_ONCE(*at, 0);
		return true;
	}
	leaf = vsl_entry_ptr(*at);
	for (i = 0; i < leaf->size; i++) {
		if (leaf->flow[i] != flow)
			continue;
		WRITE_ONCE(leaf->flow[i], NULL);
		if (!--leaf->used) {
			WRITE_ONCE(*at, 0);
			kvfree_rcu(leaf, rcu);
		}
		return true;
	}
	return false;
}

/**
 * vsl_leaf_find() - the flow of a leaf that takes a packet
 * @leaf: under RCU
 * @hash: of the packet's key in the subtable that the leaf is in
 * @words: the key
 *
 * Return: the flow or NULL.
 */
struct vsl_flow *vsl_leaf_find(const struct vsl_leaf *leaf, u32 hash,
			       const u64 *words)
{
	const u32 *hashes = vsl_leaf_hashes(leaf);
	unsigned int i, n = leaf->size;

	for (i = 0; i < n; i++) {
		struct vsl_flow *flow;

		/*
		 * Written before the flow is, read before it: it may be that of
		 * a flow which has gone, or is about to come, but never a wrong
		 * one of a flow that stays.
		 */
		if (READ_ONCE(hashes[i]) != hash)
			continue;
		flow = READ_ONCE(leaf->flow[i]);
		if (flow && vsl_flow_match(flow, words))
			return flow;
	}
	return NULL;
}

/**
 * vsl_rest_find() - the flow of a subtable's rest that takes a packet
 * @entry: the rest, under RCU; not empty
 * @words: the packet's key
 *
 * Return: the flow or NULL.
 */
struct vsl_flow *vsl_rest_find(unsigned long entry, const u64 *words)
{
	struct vsl_flow *flow;

	if (vsl_entry_kind(entry) == VSL_ENTRY_LEAF)
		return vsl_leaf_find(vsl_entry_ptr(entry), 0, words);
	flow = vsl_entry_ptr(entry);
	return vsl_flow_match(flow, words) ? flow : NULL;
}
