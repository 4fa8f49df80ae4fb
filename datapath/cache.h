/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cache: per CPU, the hash of a key to the slot of the flow that took it.
 * A hit is verified under that flow's own mask, so an entry that is stale, or
 * that shares its hash with another key, does no harm.
 */
#ifndef VSL_CACHE_H
#define VSL_CACHE_H

#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include "flow.h"
#include "mask.h"
#include "slots.h"
#include "subtable.h"

/* Entries a CPU; what user space may set is a power of two, or 0 for none. */
#define VSL_CACHE_DEFAULT	256
#define VSL_CACHE_MAX		4096

/**
 * struct vsl_cache - a table's
 * @last: number of entries less one
 * @entry: per CPU: hash of the key, number of the slot plus one (0: empty)
 * @rcu: frees it
 */
struct vsl_cache {
	u32 last;
	u64 __percpu *entry;
	struct rcu_head rcu;
};

int vsl_cache_new(u32 size, struct vsl_cache **cache);
void vsl_cache_free_rcu(struct vsl_cache *cache);

/* Under RCU, bottom halves off.  NULL: not in the cache. */
static inline struct vsl_flow *vsl_cache_find(const struct vsl_cache *cache,
					      const struct vsl_slots *slots,
					      u32 hash, const u64 *words)
{
	u64 entry = *this_cpu_ptr(&cache->entry[hash & cache->last]);
	struct vsl_flow *flow;

	if (!(u32)entry || entry >> 32 != hash)
		return NULL;
	flow = vsl_slots_flow(slots, (u32)entry - 1);
	return flow && vsl_flow_match(flow, words) ? flow : NULL;
}

/* Bottom halves off. */
static inline void vsl_cache_put(const struct vsl_cache *cache, u32 hash,
				 const struct vsl_flow *flow)
{
	*this_cpu_ptr(&cache->entry[hash & cache->last]) =
		(u64)hash << 32 | (vsl_flow_slot(flow) + 1);
}

#endif /* VSL_CACHE_H */
