/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The directory: from in_port and eth_type to the partition of their flows.
 *
 * An array, open addressing, half of it empty.  A partition that goes leaves a
 * mark, so that readers on their way to the next one do not stop; when marks
 * and partitions get too many, the array is made anew and replaced as a whole.
 * Where a key lies depends on a secret: nobody can choose EtherTypes that meet.
 *
 * Readers hold RCU, writers the table's lock.
 */
#ifndef VSL_DIRECTORY_H
#define VSL_DIRECTORY_H

#include <linux/rcupdate.h>
#include <linux/types.h>

#include "partition.h"

/**
 * struct vsl_places - the array
 * @rcu: frees it
 * @secret: odd; what types are multiplied with
 * @last: number of places, a power of two, less one
 * @shift: from the product to a place
 * @used: places that are not NULL; the table's lock
 * @at: NULL, a partition, or the mark of one that has gone
 */
struct vsl_places {
	struct rcu_head rcu;
	u64 secret;
	u32 last;
	u32 shift;
	u32 used;
	struct vsl_partition *at[];
};

/**
 * struct vsl_directory - a table's partitions but for the one of all the rest
 * @places: RCU; written under the table's lock; never NULL
 * @count: partitions; the table's lock
 */
struct vsl_directory {
	struct vsl_places __rcu *places;
	unsigned int count;
};

int vsl_directory_init(struct vsl_directory *dir);
void vsl_directory_destroy(struct vsl_directory *dir);
int vsl_directory_add(struct vsl_directory *dir,
		      struct vsl_partition *partition);
void vsl_directory_remove(struct vsl_directory *dir,
			  struct vsl_partition *partition);
struct vsl_partition *vsl_directory_next(const struct vsl_directory *dir,
					 unsigned int *place);
size_t vsl_directory_size(const struct vsl_directory *dir);

/* The partition of a type, under RCU or the table's lock; NULL: there is none. */
static inline struct vsl_partition *
vsl_directory_find(const struct vsl_directory *dir, u32 type)
{
	const struct vsl_places *places = rcu_dereference_check(dir->places, true);
	struct vsl_partition *partition;
	u32 i = type * places->secret >> places->shift;

	/* ends: some place is NULL */
	for (;; i++) {
		/* complete before it can be found: an address dependency */
		partition = READ_ONCE(places->at[i & places->last]);
		if (!partition || likely(partition->type == type))
			return partition;
	}
}

#endif /* VSL_DIRECTORY_H */
