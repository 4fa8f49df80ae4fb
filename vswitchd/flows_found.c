// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flows_found.c - flows that the datapath shows: at start, and whenever all are looked at
 */
#include "flows.h"

#include <errno.h>

#include "flows_private.h"
#include "lib/log.h"

/* Dumps may miss a flow while others come and go; after so many it is gone. */
#define MAX_MISSES 3

/**
 * flows_add_known() - enter a flow that the datapath has already
 * @f: the flows
 * @frame: the flow's frame
 * @known: its ufid, key, mask, actions and last use; copied
 * @now_ms: time
 *
 * Return: 0; -EINVAL if it stands for other packets than a flow of ours would,
 * -EEXIST if there is one of that frame, -ENOMEM.
 */
int flows_add_known(struct flows *f, const struct frame *frame,
		    const struct vsl_flow *known, uint64_t now_ms)
{
	struct bridge_decision d;
	struct frame of = *frame;
	struct flow *flow;

	bridge_decide(f->bridge, frame, known->key, &d);
	if (!frame_is_masked_by(known->key, known->mask, d.looked_at))
		return -EINVAL;
	of.looked_id = d.looked_id;
	if (flow_store_by_frame(&f->store, &of))
		return -EEXIST;
	flow = flows_new(f, &of, d.vlan, known->ufid, known->key, known->actions, now_ms);
	if (!flow)
		return -ENOMEM;
	flow->confirmed = true;
	flow->used_ms = known->has_used ? known->used_ms : 0;
	flow_make_stale(&f->store, flow);
	return 0;
}

/**
 * flows_learn_hosts() - fill the MAC table from the flows' sources
 * @f: the flows
 * @now_ms: time
 *
 * Of two flows that disagree on a host's port the one hit last is right.
 */
void flows_learn_hosts(struct flows *f, uint64_t now_ms)
{
	struct bridge_decision d;
	struct flow *flow;

	flow_store_sort_by_use(&f->store);
	for (flow = f->store.by_frame; flow; flow = flow->hh_frame.next) {
		bridge_classify(f->bridge, &flow->frame, &d);
		if (d.may_learn && !vsl_mac_is_multicast(flow->frame.src))
			mac_table_learn(f->macs, d.vlan, flow->frame.src,
					flow->frame.in_port,
					flow->used_ms ? flow->used_ms : now_ms);
	}
}

/**
 * flows_look() - a look at all flows begins
 * @f: the flows
 *
 * flows_saw() follows for each that the datapath has, then flows_looked(), then
 * flows_forget_unseen().
 */
void flows_look(struct flows *f)
{
	f->look++;
}

/**
 * flows_saw() - the datapath has this flow
 * @f: the flows
 * @seen: its ufid and last use; maybe no flow of ours
 * @now_ms: time
 *
 * If it is idle it is deleted by flows_revalidate(); if not, its source is alive.
 */
void flows_saw(struct flows *f, const struct vsl_flow *seen, uint64_t now_ms)
{
	struct flow *flow = NULL;
	uint64_t last;

	if (seen->ufid_len == FLOWS_UFID_SIZE)
		flow = flow_store_by_ufid(&f->store, seen->ufid);
	if (!flow)
		return;
	flow_seen(&f->store, flow, f->look);
	if (seen->has_used && seen->used_ms > flow->used_ms) {
		flow->used_ms = seen->used_ms;
		mac_table_touch(f->macs, flow->src->key.vlan, flow->frame.src,
				flow->frame.in_port, flow->used_ms);
	}
	last = flow->used_ms > flow->put_ms ? flow->used_ms : flow->put_ms;
	if (now_ms > last && now_ms - last >= flow_limit_idle(&f->limit, flows_count(f)))
		flows_doom(f, flow);
}

/**
 * flows_looked() - the look at all flows has ended
 * @f: the flows
 * @took_ns: time that was spent on it
 */
void flows_looked(struct flows *f, uint64_t took_ns)
{
	size_t before = f->limit.now;

	f->look_ns = took_ns;
	flow_limit_looked(&f->limit, flows_count(f), took_ns);
	if (f->limit.now < before)
		vsl_warn("a look at %zu flows took %llu ms: the limit is %zu flows now",
			 flows_count(f), (unsigned long long)took_ns / 1000000, f->limit.now);
}

/**
 * flows_looks() - how many looks at all flows have begun?
 * @f: the flows
 *
 * Return: their number.
 */
uint64_t flows_looks(const struct flows *f)
{
	return f->look;
}

/**
 * flows_look_ns() - what has the last look at all flows cost?
 * @f: the flows
 *
 * Return: nanoseconds.
 */
uint64_t flows_look_ns(const struct flows *f)
{
	return f->look_ns;
}

/**
 * flows_forget_unseen() - what looks keep missing was deleted by somebody else
 * @f: the flows
 *
 * Does a part of them; the rest is deleted by flows_revalidate().
 *
 * Return: true if there may be more.
 */
bool flows_forget_unseen(struct flows *f)
{
	struct flow *flow;
	int i;

	for (i = 0; i < FLOWS_PER_TURN; i++) {
		flow = f->store.fresh;
		if (!flow || f->look - flow->seen < MAX_MISSES)
			return false;
		flows_doom(f, flow);
	}
	return true;
}
