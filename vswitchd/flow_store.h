/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flow_store.h - flows in memory, and the ways to find them
 *
 * A flow is found by its frame (upcalls), by its ufid (dumps) and by its two hosts
 * (changes of the MAC table). It is fresh or stale: stale ones are to be decided anew.
 * That all become stale at once costs no more than that one does. Of fresh flows
 * those come first that dumps have not shown for longest.
 *
 * What the kernel is asked for is flows.c's; what belongs to that is marked so.
 */
#ifndef VSWITCHD_FLOW_STORE_H
#define VSWITCHD_FLOW_STORE_H

#include "hash.h"

#include <uthash.h>

#include "flows.h"

struct flow;

/**
 * struct flow_host - one end of flows; exists while a flow has it
 * @key: 8 bytes, without padding
 * @sends: flows from it
 * @receives: flows to it
 * @hh: by @key
 */
struct flow_host {
	struct {
		uint8_t mac[6];
		uint16_t vlan;
	} key;
	struct flow *sends, *receives;
	UT_hash_handle hh;
};

/**
 * struct flow - a flow
 * @frame: what all of its packets have in common
 * @ufid: its name in the kernel
 * @src: where its packets come from
 * @dst: where they go
 * @decided: round of the store in which it became fresh; not the store's: stale
 * @put_ms: put, or found at start
 * @used_ms: last packet that the kernel told of
 * @seen: number of the last dump that showed it; flow_seen() sets it
 * @actions: what the kernel was told; owned
 * @actions_len: their length
 * @key_len: of @key
 * @owner: flows.c's, as all up to @dead
 * @answer: of the put that is under way, or NULL
 * @pending: requests not answered yet
 * @confirmed: the kernel has it, or had it once
 * @doomed: to be deleted, whatever is decided
 * @dead: out of the store, waits for @pending
 * @key: attributes, as in the upcall that made it
 */
struct flow {
	struct frame frame;
	uint8_t ufid[FLOWS_UFID_SIZE];
	UT_hash_handle hh_frame, hh_ufid;
	struct flow_host *src, *dst;
	struct flow *src_prev, *src_next, *dst_prev, *dst_next;
	struct flow *prev, *next;	/* among the fresh, or the stale */
	uint64_t decided;
	uint64_t put_ms, used_ms;
	uint64_t seen;
	void *actions;
	size_t actions_len, key_len;
	struct flows *owner;
	struct flows_answer *answer;
	unsigned int pending;
	bool confirmed, doomed, dead;
	uint8_t key[];
};

/**
 * struct flow_store - all of them
 * @by_frame: the table
 * @by_ufid: likewise
 * @hosts: likewise
 * @fresh: longest not seen first
 * @stale: next one first
 * @round: grows by one when all become stale
 */
struct flow_store {
	struct flow *by_frame, *by_ufid;
	struct flow_host *hosts;
	struct flow *fresh, *stale;
	uint64_t round;
};

struct flow *flow_store_add(struct flow_store *s, const struct frame *frame, uint16_t vlan,
			    const uint8_t ufid[FLOWS_UFID_SIZE], struct vsl_blob key,
			    struct vsl_blob actions);
void flow_store_remove(struct flow_store *s, struct flow *flow);
void flow_free(struct flow *flow);
bool flow_set_actions(struct flow *flow, struct vsl_blob actions);

struct flow *flow_store_by_frame(const struct flow_store *s, const struct frame *frame);
struct flow *flow_store_by_ufid(const struct flow_store *s,
				const uint8_t ufid[FLOWS_UFID_SIZE]);
size_t flow_store_count(const struct flow_store *s);

bool flow_is_stale(const struct flow_store *s, const struct flow *flow);
void flow_make_stale(struct flow_store *s, struct flow *flow);
void flow_make_fresh(struct flow_store *s, struct flow *flow);
void flow_store_host_stale(struct flow_store *s, uint16_t vlan, const uint8_t mac[6]);
void flow_store_all_stale(struct flow_store *s);

void flow_seen(struct flow_store *s, struct flow *flow, uint64_t dump);
void flow_store_sort_by_use(struct flow_store *s);

#endif
