// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flow_store.c - flows in memory: see flow_store.h
 */
#include "flow_store.h"

#include <stdlib.h>
#include <utlist.h>

static struct flow_host *host_find(const struct flow_store *s, uint16_t vlan,
				   const uint8_t mac[6])
{
	struct flow_host like = { .key.vlan = vlan }, *h;

	memcpy(like.key.mac, mac, sizeof(like.key.mac));
	HASH_FIND(hh, s->hosts, &like.key, sizeof(like.key), h);
	return h;
}

static struct flow_host *host_get(struct flow_store *s, uint16_t vlan, const uint8_t mac[6])
{
	struct flow_host *h = host_find(s, vlan, mac);

	if (h)
		return h;
	h = calloc(1, sizeof(*h));
	if (!h)
		return NULL;
	h->key.vlan = vlan;
	memcpy(h->key.mac, mac, sizeof(h->key.mac));
	HASH_ADD(hh, s->hosts, key, sizeof(h->key), h);
	if (!h->hh.tbl) {
		free(h);
		return NULL;
	}
	return h;
}

static void host_put(struct flow_store *s, struct flow_host *h)
{
	if (h->sends || h->receives)
		return;
	HASH_DELETE(hh, s->hosts, h);
	free(h);
}

static struct flow **list_of(struct flow_store *s, const struct flow *flow)
{
	return flow_is_stale(s, flow) ? &s->stale : &s->fresh;
}

/**
 * flow_free() - free a flow that is in no store
 * @flow: the flow
 */
void flow_free(struct flow *flow)
{
	free(flow->actions);
	free(flow);
}

/**
 * flow_set_actions() - note what the kernel is told
 * @flow: the flow
 * @actions: copied
 *
 * Return: false for want of memory; nothing is changed then.
 */
bool flow_set_actions(struct flow *flow, struct vsl_blob actions)
{
	void *copy = malloc(actions.len + 1);

	if (!copy)
		return false;
	memcpy(copy, actions.data, actions.len);
	free(flow->actions);
	flow->actions = copy;
	flow->actions_len = actions.len;
	return true;
}

/**
 * flow_store_add() - make a flow and enter it everywhere
 * @s: the store, which has none of that frame
 * @frame: its frame
 * @vlan: of its hosts
 * @ufid: its name
 * @key: attributes; copied
 * @actions: likewise
 *
 * Return: a fresh one; NULL for want of memory.
 */
struct flow *flow_store_add(struct flow_store *s, const struct frame *frame, uint16_t vlan,
			    const uint8_t ufid[FLOWS_UFID_SIZE], struct vsl_blob key,
			    struct vsl_blob actions)
{
	struct flow *flow = calloc(1, sizeof(*flow) + key.len);

	if (!flow)
		return NULL;
	memcpy(flow->key, key.data, key.len);
	flow->key_len = key.len;
	flow->frame = *frame;
	memcpy(flow->ufid, ufid, FLOWS_UFID_SIZE);
	if (!flow_set_actions(flow, actions))
		goto err_actions;

	flow->src = host_get(s, vlan, frame->src);
	if (!flow->src)
		goto err_actions;
	DL_APPEND2(flow->src->sends, flow, src_prev, src_next);
	flow->dst = host_get(s, vlan, frame->dst);
	if (!flow->dst)
		goto err_src;
	DL_APPEND2(flow->dst->receives, flow, dst_prev, dst_next);

	HASH_ADD(hh_frame, s->by_frame, frame, sizeof(flow->frame), flow);
	if (!flow->hh_frame.tbl)
		goto err_dst;
	HASH_ADD(hh_ufid, s->by_ufid, ufid, sizeof(flow->ufid), flow);
	if (!flow->hh_ufid.tbl)
		goto err_frame;
	flow->decided = s->round;
	DL_APPEND(s->fresh, flow);
	return flow;

err_frame:
	HASH_DELETE(hh_frame, s->by_frame, flow);
err_dst:
	DL_DELETE2(flow->dst->receives, flow, dst_prev, dst_next);
	host_put(s, flow->dst);
err_src:
	DL_DELETE2(flow->src->sends, flow, src_prev, src_next);
	host_put(s, flow->src);
err_actions:
	flow_free(flow);
	return NULL;
}

/**
 * flow_store_remove() - take a flow out of the store
 * @s: the store
 * @flow: in it; the caller's to free from now on
 */
void flow_store_remove(struct flow_store *s, struct flow *flow)
{
	struct flow_host *src = flow->src, *dst = flow->dst;
	struct flow **list = list_of(s, flow);

	DL_DELETE(*list, flow);
	HASH_DELETE(hh_frame, s->by_frame, flow);
	HASH_DELETE(hh_ufid, s->by_ufid, flow);
	DL_DELETE2(src->sends, flow, src_prev, src_next);
	DL_DELETE2(dst->receives, flow, dst_prev, dst_next);
	flow->src = NULL;
	flow->dst = NULL;
	host_put(s, src);
	if (dst != src)
		host_put(s, dst);
}

/**
 * flow_store_by_frame() - find a flow by its frame
 * @s: the store
 * @frame: its frame
 *
 * Return: the flow or NULL.
 */
struct flow *flow_store_by_frame(const struct flow_store *s, const struct frame *frame)
{
	struct flow *flow;

	HASH_FIND(hh_frame, s->by_frame, frame, sizeof(*frame), flow);
	return flow;
}

/**
 * flow_store_by_ufid() - find a flow by its name
 * @s: the store
 * @ufid: its name
 *
 * Return: the flow or NULL.
 */
struct flow *flow_store_by_ufid(const struct flow_store *s,
				const uint8_t ufid[FLOWS_UFID_SIZE])
{
	struct flow *flow;

	HASH_FIND(hh_ufid, s->by_ufid, ufid, FLOWS_UFID_SIZE, flow);
	return flow;
}

/**
 * flow_store_count() - how many are in the store?
 * @s: the store
 *
 * Return: their number.
 */
size_t flow_store_count(const struct flow_store *s)
{
	return HASH_CNT(hh_frame, s->by_frame);
}

/**
 * flow_is_stale() - is a flow to be decided anew?
 * @s: the store
 * @flow: in it
 *
 * Return: true if so.
 */
bool flow_is_stale(const struct flow_store *s, const struct flow *flow)
{
	return flow->decided != s->round;
}

/* Before those that a change of ports has made stale, which may be very many. */
static void make_stale_first(struct flow_store *s, struct flow *flow)
{
	struct flow **list = list_of(s, flow);

	DL_DELETE(*list, flow);
	flow->decided = s->round - 1;
	DL_PREPEND(s->stale, flow);
}

/**
 * flow_make_stale() - have a flow decided anew, behind others
 * @s: the store
 * @flow: in it
 */
void flow_make_stale(struct flow_store *s, struct flow *flow)
{
	if (flow_is_stale(s, flow))
		return;
	DL_DELETE(s->fresh, flow);
	flow->decided = s->round - 1;
	DL_APPEND(s->stale, flow);
}

/**
 * flow_make_fresh() - a flow is being decided anew
 * @s: the store
 * @flow: in it
 */
void flow_make_fresh(struct flow_store *s, struct flow *flow)
{
	if (!flow_is_stale(s, flow))
		return;
	DL_DELETE(s->stale, flow);
	flow->decided = s->round;
	DL_APPEND(s->fresh, flow);
}

/**
 * flow_store_host_stale() - have a host's flows decided anew, before all others
 * @s: the store
 * @vlan: the host's VLAN
 * @mac: the host's address
 */
void flow_store_host_stale(struct flow_store *s, uint16_t vlan, const uint8_t mac[6])
{
	struct flow_host *h = host_find(s, vlan, mac);
	struct flow *flow;

	if (!h)
		return;
	DL_FOREACH2(h->sends, flow, src_next)
		make_stale_first(s, flow);
	DL_FOREACH2(h->receives, flow, dst_next)
		make_stale_first(s, flow);
}

/**
 * flow_store_all_stale() - have all flows decided anew
 * @s: the store
 */
void flow_store_all_stale(struct flow_store *s)
{
	s->round++;
	DL_CONCAT(s->stale, s->fresh);
	s->fresh = NULL;
}

/**
 * flow_seen() - a dump has shown a flow
 * @s: the store
 * @flow: in it
 * @dump: number of the dump; numbers grow
 */
void flow_seen(struct flow_store *s, struct flow *flow, uint64_t dump)
{
	flow->seen = dump;
	if (flow_is_stale(s, flow))
		return;
	DL_DELETE(s->fresh, flow);
	DL_APPEND(s->fresh, flow);
}

static int by_use(const struct flow *a, const struct flow *b)
{
	return a->used_ms < b->used_ms ? -1 : a->used_ms > b->used_ms;
}

/**
 * flow_store_sort_by_use() - have @by_frame go from the one hit longest ago to the last
 * @s: the store
 */
void flow_store_sort_by_use(struct flow_store *s)
{
	HASH_SRT(hh_frame, s->by_frame, by_use);
}
