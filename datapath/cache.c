// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making and freeing caches; see cache.h.  Called by table.c.
 */
#include "cache.h"

#include <linux/slab.h>

/**
 * vsl_cache_new() - an empty cache
 * @size: entries a CPU: a power of two up to VSL_CACHE_MAX, or 0
 * @cache: set; to NULL for @size 0
 *
 * Context: sleeps.  Return: 0 or -ENOMEM.
 */
int vsl_cache_new(u32 size, struct vsl_cache **cache)
{
	*cache = NULL;
	if (!size)
		return 0;
	*cache = kmalloc(sizeof(**cache), GFP_KERNEL_ACCOUNT);
	if (!*cache)
		return -ENOMEM;
	(*cache)->last = size - 1;
	(*cache)->entry = __alloc_percpu_gfp(size * sizeof(u64), sizeof(u64),
					     GFP_KERNEL_ACCOUNT);
	if ((*cache)->entry)
		return 0;
	kfree(*cache);
	return -ENOMEM;
}

static void cache_free_cb(struct rcu_head *rcu)
{
	struct vsl_cache *cache = container_of(rcu, struct vsl_cache, rcu);

	free_percpu(cache->entry);
	kfree(cache);
}

/**
 * vsl_cache_free_rcu() - free a cache once all readers have let go of it
 * @cache: no longer reachable; may be NULL
 */
void vsl_cache_free_rcu(struct vsl_cache *cache)
{
	if (cache)
		call_rcu(&cache->rcu, cache_free_cb);
}
