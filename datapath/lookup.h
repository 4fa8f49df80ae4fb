/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The readers' side of the flow table, inlined as a whole into receive.c: half of
 * what a lookup of a few words takes would be calls.
 */
#ifndef VSL_LOOKUP_H
#define VSL_LOOKUP_H

#include "cache.h"
#include "directory.h"
#include "table.h"

/* How a lookup went, for statistics. */
struct vsl_lookup {
	unsigned int tried;	/* subtables */
	bool cached;		/* found by the cache */
};

struct vsl_flow *vsl_table_find_rest(const struct vsl_table *table,
				     const u64 *words, unsigned int *tried);

static __always_inline struct vsl_flow *
vsl_table_find_in(const struct vsl_table *table,
		  const struct vsl_partition *partition, const u64 *words,
		  unsigned int *tried)
{
	struct vsl_flow *flow = NULL;

	if (likely(partition))
		flow = vsl_partition_find(partition, words, tried);
	return likely(flow) ? flow : vsl_table_find_rest(table, words, tried);
}

/*
 * By the cache, where that is of use.  Not inlined: where it is, the table is
 * such that a call does not matter.
 */
struct vsl_flow *vsl_table_find_cached(const struct vsl_table *table,
				       const struct vsl_partition *partition,
				       const struct vsl_used *used,
				       const u64 *words,
				       struct vsl_lookup *lookup);

/**
 * vsl_table_receive() - the flow that a packet belongs to
 * @table: of the packet's datapath
 * @key: of the packet
 * @lookup: zeroed; written
 *
 * Context: RCU read section, bottom halves off.
 *
 * Return: the flow, valid within the RCU section, or NULL.
 */
static __always_inline struct vsl_flow *
vsl_table_receive(const struct vsl_table *table, const struct vsl_key *key,
		  struct vsl_lookup *lookup)
{
	const u64 *words = vsl_key_words(key);
	const struct vsl_partition *partition;
	const struct vsl_used *used;

	partition = vsl_directory_find(&table->directory,
				       vsl_partition_type(words));
	used = partition ? rcu_dereference(partition->used) : NULL;
	if (used)
		return vsl_table_find_cached(table, partition, used, words,
					     lookup);
	return vsl_table_find_in(table, partition, words, &lookup->tried);
}

#endif /* VSL_LOOKUP_H */
