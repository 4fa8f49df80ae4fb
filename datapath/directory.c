// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing the directory; see directory.h.  Called by table.c.
 */
#include "directory.h"

#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "memory.h"

#define PLACES_MIN	16

/* Where a partition was.  No flow is in it: to find it is to find nothing. */
static struct vsl_partition gone;

static struct vsl_places *places_locked(const struct vsl_directory *dir)
{
	return rcu_dereference_protected(dir->places, true);
}

static struct vsl_places *places_alloc(unsigned int size)
{
	struct vsl_places *places;

	places = kvzalloc(struct_size(places, at, size), VSL_GFP);
	if (!places)
		return NULL;
	places->secret = get_random_u64() | 1;
	places->last = size - 1;
	places->shift = 64 - ilog2(size);
	return places;
}

/* There is a free one: see room_for_one(). */
static void put(struct vsl_places *places, struct vsl_partition *partition)
{
	u32 i = partition->type * places->secret >> places->shift;
	struct vsl_partition **at;

	while (*(at = &places->at[i & places->last]) && *at != &gone)
		i++;
	places->used += !*at;
	/* complete before readers get it */
	smp_store_release(at, partition);
}

/* Another array for the same partitions, which has room for one more. */
static int rebuild(struct vsl_directory *dir)
{
	struct vsl_places *new, *old = places_locked(dir);
	unsigned int size, i;

	size = roundup_pow_of_two(dir->count + 1) * 2;
	new = places_alloc(max_t(unsigned int, size, PLACES_MIN));
	if (!new)
		return -ENOMEM;
	for (i = 0; i <= old->last; i++)
		if (old->at[i] && old->at[i] != &gone)
			put(new, old->at[i]);
	rcu_assign_pointer(dir->places, new);
	kvfree_rcu(old, rcu);
	return 0;
}

static int room_for_one(struct vsl_directory *dir)
{
	const struct vsl_places *places = places_locked(dir);

	/* a quarter is always empty, so that searches end, and soon */
	return (places->used + 1) * 4 <= (places->last + 1) * 3 ? 0 : rebuild(dir);
}

/**
 * vsl_directory_init() - make an empty directory
 * @dir: written
 *
 * Context: sleeps.  Return: 0 or -ENOMEM.
 */
int vsl_directory_init(struct vsl_directory *dir)
{
	struct vsl_places *places = places_alloc(PLACES_MIN);

	if (!places)
		return -ENOMEM;
	RCU_INIT_POINTER(dir->places, places);
	dir->count = 0;
	return 0;
}

/**
 * vsl_directory_destroy() - free it
 * @dir: without readers; its partitions stay the caller's
 */
void vsl_directory_destroy(struct vsl_directory *dir)
{
	kvfree(rcu_dereference_raw(dir->places));
}

/**
 * vsl_directory_add() - let readers find a partition
 * @dir: of the table
 * @partition: of a type that is not there yet
 *
 * Context: the table's lock; sleeps.  Return: 0 or -ENOMEM.
 */
int vsl_directory_add(struct vsl_directory *dir,
		      struct vsl_partition *partition)
{
	int err = room_for_one(dir);

	if (err)
		return err;
	put(places_locked(dir), partition);
	dir->count++;
	return 0;
}

/**
 * vsl_directory_remove() - the reverse of vsl_directory_add()
 * @dir: of the table
 * @partition: in it; readers may still have it
 *
 * Context: the table's lock; sleeps.
 */
void vsl_directory_remove(struct vsl_directory *dir,
			  struct vsl_partition *partition)
{
	struct vsl_places *places = places_locked(dir);
	u32 i = partition->type * places->secret >> places->shift;

	while (places->at[i & places->last] != partition)
		i++;
	WRITE_ONCE(places->at[i & places->last], &gone);
	dir->count--;
	/* without memory it stays as large as it is */
	if (places->last >= PLACES_MIN && dir->count * 8 <= places->last)
		rebuild(dir);
}

/**
 * vsl_directory_next() - walk all partitions
 * @dir: of the table
 * @place: cursor, 0 to begin with
 *
 * Context: the table's lock, or no readers.  Return: the next one or NULL.
 */
struct vsl_partition *vsl_directory_next(const struct vsl_directory *dir,
					 unsigned int *place)
{
	const struct vsl_places *places = places_locked(dir);

	while (*place <= places->last) {
		struct vsl_partition *partition = places->at[(*place)++];

		if (partition && partition != &gone)
			return partition;
	}
	return NULL;
}

/**
 * vsl_directory_size() - bytes of it
 * @dir: of the table
 *
 * Context: the table's lock.  Return: that many.
 */
size_t vsl_directory_size(const struct vsl_directory *dir)
{
	return struct_size(places_locked(dir), at, places_locked(dir)->last + 1);
}
