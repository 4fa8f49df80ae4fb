/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The flow table.  docs/classifier.md tells why it is made so.
 *
 *   directory.h   in_port and eth_type to partition
 *   partition.h   the flows of one in_port and eth_type
 *   subtable.h    in each, flows in hash buckets, whatever their masks
 *   cache.h       in front of these, where there is more than one to look at
 *   slots.h       a number for each flow: cache, counters, dumps
 *   mask.h        masks and hashes
 *
 * User space sees to it that flows do not overlap; where they do, one whose
 * mask has all of in_port and eth_type is preferred to one whose mask has not,
 * and else it is not said which of them takes a packet.
 *
 * Readers (lookup.h, vsl_table_lookup) hold RCU and no lock, never
 * wait, and find every flow that is in the table, whatever is being moved.
 * Writers hold the table's lock.
 */
#ifndef VSL_TABLE_H
#define VSL_TABLE_H

#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable-types.h>
#include <linux/types.h>

#include "key.h"
#include "directory.h"
#include "partition.h"
#include "slots.h"

struct vsl_cache;
struct vsl_flow;
struct vsl_flow_id;

/* Things done to the table's subtables since it was made. */
struct vsl_table_events {
	unsigned int resizes;
	unsigned int reseeds;
	unsigned int splits;
};

/**
 * struct vsl_table - a datapath's flows
 * @lock: writers', and of what flow.h says; sleeps; innermost of ours
 * @directory: partitions by in_port and eth_type
 * @rest: flows whose masks do not have all of these
 * @cache: RCU, written under @lock; NULL: off
 * @slots: see slots.h
 * @ids: struct vsl_flow_id to flow
 * @masks: struct vsl_mask by its bits
 * @count: flows
 * @max_flows: as many as there may be; 0: any number
 * @max_masks: likewise
 * @flow_bytes: of them
 * @events: see above; @lock
 */
struct vsl_table {
	struct mutex lock;	/* writers' */
	struct vsl_directory directory;
	struct vsl_partition rest;
	struct vsl_cache __rcu *cache;
	struct vsl_slots slots;
	struct rhashtable ids;
	struct rhashtable masks;
	unsigned int count;
	unsigned int max_flows;
	unsigned int max_masks;
	u64 flow_bytes;
	struct vsl_table_events events;
};

/* What vswitch_lite's INFO tells of a table. */
struct vsl_table_figures {
	unsigned int flows;
	unsigned int masks;
	unsigned int partitions;
	unsigned int subtables;
	unsigned int depth;
	unsigned int buckets;
	unsigned int longest_chain;
	struct vsl_table_events events;
	u64 bytes;
};

int vsl_table_init(struct vsl_table *table);
void vsl_table_destroy(struct vsl_table *table);
struct vsl_flow *vsl_table_lookup(const struct vsl_table *table,
				  const struct vsl_key *key);
struct vsl_flow *vsl_table_by_id(struct vsl_table *table,
				 const struct vsl_flow_id *id);
struct vsl_flow *vsl_table_next(struct vsl_table *table, unsigned long *slot);
int vsl_table_insert(struct vsl_table *table, struct vsl_flow *flow);
void vsl_table_remove(struct vsl_table *table, struct vsl_flow *flow);
void vsl_table_flush(struct vsl_table *table);
int vsl_table_set_cache(struct vsl_table *table, u32 size);
u32 vsl_table_cache_size(const struct vsl_table *table);
void vsl_table_counts(const struct vsl_table *table,
		      struct vsl_table_figures *figures);
void vsl_table_figures(struct vsl_table *table,
		       struct vsl_table_figures *figures);

#endif /* VSL_TABLE_H */
