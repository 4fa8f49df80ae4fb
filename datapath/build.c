// SPDX-License-Identifier: GPL-2.0-only
/*
 * Building subtables of flows that may all be in use: see subtable.h.  Called by
 * subtable.c.
 *
 * A new subtable is made aside, with all that has to be below it, and put in the
 * place of the old one, or of a leaf, by one write.
 */
#include "build.h"

#include <linux/err.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "flow.h"
#include "memory.h"

/**
 * vsl_subtable_alloc() - an empty subtable
 * @bits: a key's words: its shape
 * @buckets: a power of two
 * @secrets: a shape of the same bits to take the secrets of; NULL: new ones
 * @depth: subtables above it
 *
 * Return: the subtable or NULL without memory.
 */
struct vsl_subtable *vsl_subtable_alloc(const u64 *bits, unsigned int buckets,
					const struct vsl_shape *secrets,
					unsigned int depth)
{
	size_t size = offsetof(struct vsl_subtable, shape) +
		      vsl_shape_size(bits);
	struct vsl_subtable *sub;

	size = ALIGN(size, sizeof(long));
	sub = kvzalloc(size + buckets * sizeof(sub->bucket[0]), VSL_GFP);
	if (!sub)
		return NULL;
	sub->bucket = (void *)sub + size;
	sub->last = buckets - 1;
	sub->depth = depth;
	vsl_shape_init(&sub->shape, bits, secrets);
	return sub;
}

static void visit_leaf(struct vsl_leaf *leaf, const struct vsl_visitor *v,
		       void *arg)
{
	unsigned int i;

	for (i = 0; i < leaf->size && v->flow; i++)
		if (leaf->flow[i])
			v->flow(leaf->flow[i], arg);
	if (v->leaf)
		v->leaf(leaf, arg);
}

static void visit_entry(unsigned long entry, const struct vsl_visitor *v,
			void *arg)
{
	if (!entry)
		return;
	if (vsl_entry_kind(entry) == VSL_ENTRY_LEAF)
		visit_leaf(vsl_entry_ptr(entry), v, arg);
	else if (v->flow)
		v->flow(vsl_entry_ptr(entry), arg);
}

/**
 * vsl_subtable_visit() - walk a subtable and all below it
 * @sub: where to begin
 * @v: called for each flow, each leaf, each subtable, in this order where one
 *     is in the other: a visitor may free what it is called for
 * @arg: for it
 */
void vsl_subtable_visit(struct vsl_subtable *sub, const struct vsl_visitor *v,
			void *arg)
{
	struct {
		struct vsl_subtable *sub;
		u32 next;
	} way[VSL_DEPTH_MAX + 1];
	int n = 0;

	way[0].sub = sub;
	way[0].next = 0;
	visit_entry(sub->rest, v, arg);
	while (n >= 0) {
		unsigned long entry;

		sub = way[n].sub;
		if (way[n].next > sub->last) {
			if (v->subtable)
				v->subtable(sub, arg);
			n--;
			continue;
		}
		if (!(way[n].next & 0xfff))
			cond_resched();
		entry = sub->bucket[way[n].next++];
		if (vsl_entry_kind(entry) != VSL_ENTRY_SUB) {
			visit_entry(entry, v, arg);
			continue;
		}
		n++;
		way[n].sub = vsl_entry_ptr(entry);
		way[n].next = 0;
	}
}

static void free_leaf(struct vsl_leaf *leaf, void *arg)
{
	kvfree(leaf);
}

static void free_subtable(struct vsl_subtable *sub, void *arg)
{
	kvfree(sub);
}

/**
 * vsl_subtable_free() - free a subtable that no reader has seen, or can see
 * @sub: with all that is below it; the flows stay
 */
void vsl_subtable_free(struct vsl_subtable *sub)
{
	static const struct vsl_visitor v = {
		.leaf = free_leaf,
		.subtable = free_subtable,
	};

	vsl_subtable_visit(sub, &v, NULL);
}

static void free_leaf_rcu(struct vsl_leaf *leaf, void *arg)
{
	kvfree_rcu(leaf, rcu);
}

static void free_subtable_rcu(struct vsl_subtable *sub, void *arg)
{
	kvfree_rcu(sub, rcu);
}

/**
 * vsl_subtable_free_rcu() - free a subtable once all readers have let go of it
 * @sub: no longer reachable; with all that is below it; the flows stay
 */
void vsl_subtable_free_rcu(struct vsl_subtable *sub)
{
	static const struct vsl_visitor v = {
		.leaf = free_leaf_rcu,
		.subtable = free_subtable_rcu,
	};

	vsl_subtable_visit(sub, &v, NULL);
}

/**
 * vsl_subtable_hash() - hash of a flow's key
 * @sub: the subtable, which says what is hashed and how
 * @flow: any
 *
 * Return: the hash.
 */
u32 vsl_subtable_hash(const struct vsl_subtable *sub,
		      const struct vsl_flow *flow)
{
	struct vsl_key key;

	vsl_flow_key(flow, &key);
	return vsl_shape_hash(&sub->shape, vsl_key_words(&key));
}

/* Into a subtable that no reader sees yet. */
static int build_add(struct vsl_subtable *sub, struct vsl_flow *flow)
{
	unsigned long *at;
	u32 hash, other = 0;
	int err;

	if (!vsl_shape_within(&sub->shape, flow->mask)) {
		err = vsl_entry_add(&sub->rest, flow, 0, 0, UINT_MAX, false);
		goto out;
	}
	hash = vsl_subtable_hash(sub, flow);
	at = &sub->bucket[hash & sub->last];
	if (*at && vsl_entry_kind(*at) == VSL_ENTRY_FLOW)
		other = vsl_subtable_hash(sub, vsl_entry_ptr(*at));
	sub->used += !*at;
	err = vsl_entry_add(at, flow, hash, other, UINT_MAX, false);
out:
	if (!err)
		sub->flows++;
	return err;
}

/*
 * What all of the flows' masks have in common, in those words in which the
 * flows then differ.  Whether there is any such word.
 */
static bool common_bits(struct vsl_flow **flows, unsigned int n, u64 *bits)
{
	u64 differ[VSL_KEY_WORDS] = {}, any = 0;
	struct vsl_key first, key;
	unsigned int i, w;

	memset(bits, 0xff, VSL_KEY_WORDS * sizeof(*bits));
	for (i = 0; i < n; i++) {
		vsl_mask_key(flows[i]->mask, &key);
		for (w = 0; w < VSL_KEY_WORDS; w++)
			bits[w] &= vsl_key_words(&key)[w];
	}
	vsl_flow_key(flows[0], &first);
	for (i = 1; i < n; i++) {
		vsl_flow_key(flows[i], &key);
		for (w = 0; w < VSL_KEY_WORDS; w++)
			differ[w] |= vsl_key_words(&first)[w] ^
				     vsl_key_words(&key)[w];
	}
	for (w = 0; w < VSL_KEY_WORDS; w++) {
		if (!(differ[w] & bits[w]))
			bits[w] = 0;
		any |= bits[w];
	}
	return any;
}

/* Buckets for so many flows that may not have as many hashes. */
static unsigned int buckets_for(const struct vsl_subtable *sub,
				struct vsl_flow **flows, unsigned int n)
{
	unsigned int size = roundup_pow_of_two(n) * 2;
	unsigned int i, different = 0;
	unsigned long *seen;

	seen = kvcalloc(BITS_TO_LONGS(size), sizeof(long), VSL_GFP);
	if (!seen)
		return VSL_BUCKETS_MIN;
	for (i = 0; i < n; i++)
		different += !__test_and_set_bit(vsl_subtable_hash(sub, flows[i]) &
						 (size - 1), seen);
	kvfree(seen);
	return clamp_t(unsigned int, roundup_pow_of_two(different + 1),
		       VSL_BUCKETS_MIN, VSL_BUCKETS_MAX);
}

/*
 * A subtable of the flows of a leaf, by what these have in common.  NULL where
 * that does not tell them apart; an error pointer without memory.
 */
static struct vsl_subtable *refine(struct vsl_flow **flows, unsigned int n,
				   unsigned int depth)
{
	struct vsl_subtable *probe, *sub;
	u64 bits[VSL_KEY_WORDS];
	unsigned int i, buckets;

	if (depth > VSL_DEPTH_MAX || !common_bits(flows, n, bits))
		return NULL;
	probe = vsl_subtable_alloc(bits, VSL_BUCKETS_MIN, NULL, depth);
	if (!probe)
		return ERR_PTR(-ENOMEM);
	buckets = buckets_for(probe, flows, n);
	sub = vsl_subtable_alloc(bits, buckets, &probe->shape, depth);
	kvfree(probe);
	if (!sub)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < n; i++) {
		if (build_add(sub, flows[i])) {
			vsl_subtable_free(sub);
			return ERR_PTR(-ENOMEM);
		}
	}
	return sub;
}

/* Refines the leaves of a subtable being built; the new ones go on @todo. */
static int build_refine(struct vsl_subtable *sub, struct vsl_subtable **todo)
{
	unsigned int i;

	for (i = 0; i <= sub->last; i++) {
		unsigned long entry = sub->bucket[i];
		struct vsl_subtable *below;
		struct vsl_leaf *leaf;

		if (vsl_entry_kind(entry) != VSL_ENTRY_LEAF)
			continue;
		leaf = vsl_entry_ptr(entry);
		if (leaf->used <= VSL_LEAF_MAX)
			continue;
		below = refine(leaf->flow, leaf->used, sub->depth + 1);
		if (IS_ERR(below))
			return PTR_ERR(below);
		if (!below)
			continue;
		sub->bucket[i] = vsl_subtable_entry(below);
		kvfree(leaf);
		below->todo = *todo;
		*todo = below;
	}
	return 0;
}

/* Finishes @sub, which has its flows.  Frees it without memory. */
static struct vsl_subtable *build_below(struct vsl_subtable *sub)
{
	struct vsl_subtable *todo = sub;

	sub->todo = NULL;
	while (todo) {
		struct vsl_subtable *next = todo;

		todo = next->todo;
		cond_resched();
		if (build_refine(next, &todo)) {
			vsl_subtable_free(sub);
			return NULL;
		}
	}
	return sub;
}

static struct vsl_subtable *build(const u64 *bits, unsigned int buckets,
				  const struct vsl_shape *secrets,
				  unsigned int depth, struct vsl_flow **flows,
				  unsigned int n)
{
	struct vsl_subtable *sub = vsl_subtable_alloc(bits, buckets, secrets,
						  depth);
	unsigned int i;

	if (!sub)
		return NULL;
	for (i = 0; i < n; i++) {
		if (build_add(sub, flows[i])) {
			vsl_subtable_free(sub);
			return NULL;
		}
		if (!(i & 0xfff))
			cond_resched();
	}
	return build_below(sub);
}

/**
 * vsl_build_refined() - a subtable by what flows have in common
 * @flows: the flows
 * @n: how many
 * @depth: subtables above it
 *
 * Return: the subtable, for no reader yet; an error pointer: -EAGAIN where the
 * flows cannot be told apart by what all of them have; -ENOMEM.
 */
struct vsl_subtable *vsl_build_refined(struct vsl_flow **flows, unsigned int n,
				       unsigned int depth)
{
	struct vsl_subtable *sub = refine(flows, n, depth);

	if (IS_ERR(sub))
		return sub;
	if (!sub)
		return ERR_PTR(-EAGAIN);
	sub = build_below(sub);
	return sub ? sub : ERR_PTR(-ENOMEM);
}

static void list_flow(struct vsl_flow *flow, void *arg)
{
	struct vsl_flows *list = arg;

	list->flow[list->n++] = flow;
}

/**
 * vsl_flows_list() - list flows
 * @sub: all of this subtable and below it
 * @more: one more, or NULL
 * @list: written
 *
 * Return: whether there was memory.
 */
bool vsl_flows_list(struct vsl_subtable *sub, struct vsl_flow *more,
		    struct vsl_flows *list)
{
	static const struct vsl_visitor v = { .flow = list_flow };

	list->n = 0;
	list->flow = kvmalloc_array(sub->flows + 1, sizeof(list->flow[0]),
				    VSL_GFP);
	if (!list->flow)
		return false;
	vsl_subtable_visit(sub, &v, list);
	if (more)
		list->flow[list->n++] = more;
	return true;
}

/**
 * vsl_build_again() - another size or other secrets for a subtable
 * @at: where its entry is; a new one of the same shape takes its place
 * @buckets: of the new one
 * @same_secrets: or else new ones
 * @more: a flow to put into it with the others, or NULL
 *
 * Return: 0, or -ENOMEM with all as it was.
 */
int vsl_build_again(unsigned long *at, unsigned int buckets, bool same_secrets,
		    struct vsl_flow *more)
{
	struct vsl_subtable *new, *old = vsl_entry_ptr(*at);
	u64 bits[VSL_KEY_WORDS];
	struct vsl_flows list;

	if (!vsl_flows_list(old, more, &list))
		return -ENOMEM;
	vsl_shape_bits(&old->shape, bits);
	new = build(bits, buckets, same_secrets ? &old->shape : NULL,
		    old->depth, list.flow, list.n);
	kvfree(list.flow);
	if (!new)
		return -ENOMEM;
	vsl_entry_publish(at, vsl_subtable_entry(new));
	vsl_subtable_free_rcu(old);
	return 0;
}

/**
 * vsl_build_wider() - a shape that takes one more flow
 * @at: where a subtable below another has its entry; a new one takes its place
 * @flow: does not have all bits of the old one's shape
 *
 * Return: 0; -EAGAIN where there is none that tells the flows apart; -ENOMEM.
 * Where it fails, all is as it was.
 */
int vsl_build_wider(unsigned long *at, struct vsl_flow *flow)
{
	struct vsl_subtable *new, *old = vsl_entry_ptr(*at);
	struct vsl_flows list;

	if (!vsl_flows_list(old, flow, &list))
		return -ENOMEM;
	new = vsl_build_refined(list.flow, list.n, old->depth);
	kvfree(list.flow);
	if (IS_ERR(new))
		return PTR_ERR(new);
	vsl_entry_publish(at, vsl_subtable_entry(new));
	vsl_subtable_free_rcu(old);
	return 0;
}

