/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Building subtables, for subtable.c and partition.c.  All of it under the
 * table's lock; all of it may sleep.
 */
#ifndef VSL_BUILD_H
#define VSL_BUILD_H

#include <linux/bits.h>

#include "subtable.h"

#define VSL_BUCKETS_MIN		4
#define VSL_BUCKETS_MAX		BIT(24)

/* What to call on a walk; each may be NULL. */
struct vsl_visitor {
	void (*flow)(struct vsl_flow *flow, void *arg);
	void (*leaf)(struct vsl_leaf *leaf, void *arg);
	void (*subtable)(struct vsl_subtable *sub, void *arg);
};

/* A list of flows; @flow is the caller's, for kvfree(). */
struct vsl_flows {
	struct vsl_flow **flow;
	unsigned int n;
};

struct vsl_subtable *vsl_subtable_alloc(const u64 *bits, unsigned int buckets,
					const struct vsl_shape *secrets,
					unsigned int depth);
void vsl_subtable_free(struct vsl_subtable *sub);
void vsl_subtable_free_rcu(struct vsl_subtable *sub);
void vsl_subtable_visit(struct vsl_subtable *sub, const struct vsl_visitor *v,
			void *arg);
u32 vsl_subtable_hash(const struct vsl_subtable *sub,
		      const struct vsl_flow *flow);
bool vsl_flows_list(struct vsl_subtable *sub, struct vsl_flow *more,
		    struct vsl_flows *list);
struct vsl_subtable *vsl_build_refined(struct vsl_flow **flows, unsigned int n,
				       unsigned int depth);
int vsl_build_again(unsigned long *at, unsigned int buckets, bool same_secrets,
		    struct vsl_flow *more);
int vsl_build_wider(unsigned long *at, struct vsl_flow *flow);

#endif /* VSL_BUILD_H */
