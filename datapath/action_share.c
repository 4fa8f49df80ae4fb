// SPDX-License-Identifier: GPL-2.0-only
/*
 * Equal action lists of flows are one: most flows of a switch do one of a few
 * things.  Called by nl_flow.c for lists that flows are to have; action.c frees.
 */
#include <linux/jhash.h>
#include <linux/mm.h>
#include <linux/rhashtable.h>

#include "action.h"

static struct rhashtable shared;	/* lists, by what they consist of */

static u32 hashfn(const void *data, u32 len, u32 seed)
{
	const struct vsl_actions *actions = data;

	return jhash(actions->attrs, actions->attrs_len, seed);
}

/*
 * The attributes say all of a list, but for what the key of the flow that it
 * was checked for decides: which operation an attribute means, and whether a
 * label comes before the Ethernet header or there is none.
 */
static bool same_step(const struct vsl_action *a, const struct vsl_action *b)
{
	return a->op == b->op && a->nested == b->nested &&
	       (a->op != VSL_ACTION_PUSH_MPLS ||
		a->push_mpls.before_mac == b->push_mpls.before_mac);
}

static int cmpfn(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct vsl_actions *a = arg->key, *b = obj;
	unsigned int i;

	if (a->attrs_len != b->attrs_len || a->count != b->count ||
	    memcmp(a->attrs, b->attrs, a->attrs_len))
		return 1;
	for (i = 0; i < a->count; i++)
		if (!same_step(&a->step[i], &b->step[i]))
			return 1;
	return 0;
}

static const struct rhashtable_params params = {
	.head_offset = offsetof(struct vsl_actions, by_content),
	.hashfn = hashfn,
	.obj_hashfn = hashfn,
	.obj_cmpfn = cmpfn,
	.automatic_shrinking = true,
};

/**
 * vsl_actions_share() - the one list for all flows that do the same
 * @actions: taken over
 *
 * Context: process context, no lock.
 *
 * Return: @actions, or an equal list, to be freed as one's own.  Never fails:
 * without memory there are equal lists.
 */
struct vsl_actions *vsl_actions_share(struct vsl_actions *actions)
{
	struct vsl_actions *other;

	rcu_read_lock();
	other = rhashtable_lookup(&shared, actions, params);
	if (other && !refcount_inc_not_zero(&other->refs))
		other = NULL;
	rcu_read_unlock();
	if (other) {
		kvfree(actions);
		return other;
	}
	/* fails where another is just coming or going: then it stays alone */
	actions->is_shared =
		!rhashtable_lookup_insert_key(&shared, actions,
					      &actions->by_content, params);
	return actions;
}

/**
 * vsl_actions_free() - let go of a list
 * @actions: may be NULL; freed a grace period after the last of its flows did
 *
 * Context: any but hard interrupts.
 */
void vsl_actions_free(struct vsl_actions *actions)
{
	if (!actions || !refcount_dec_and_test(&actions->refs))
		return;
	if (actions->is_shared)
		rhashtable_remove_fast(&shared, &actions->by_content, params);
	kvfree_rcu(actions, rcu);
}

/**
 * vsl_actions_init() - at module load
 *
 * Return: 0 or -ENOMEM.
 */
int vsl_actions_init(void)
{
	return rhashtable_init(&shared, &params);
}

/**
 * vsl_actions_exit() - at module unload, when no flow is left
 */
void vsl_actions_exit(void)
{
	rhashtable_destroy(&shared);
}
