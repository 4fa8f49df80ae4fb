// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flows.c - the flows that this daemon has in the datapath
 *
 * flow_store.c knows which there are; here the kernel is asked for them. Requests are
 * answered later, at the flush; until then a flow counts as what it was asked to be,
 * and one that is deleted is out of the store but stays in memory until its last
 * answer came.
 */
#include "flows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <utlist.h>

#include "flows_private.h"
#include "lib/log.h"

/*
 * An upcall for a flow that is there means that its packet was on its way when
 * the flow was put, unless that is longer ago than this: then somebody deleted
 * the flow, and it is put again.
 */
#define RACE_MS 50

static struct vsl_blob blob(const void *data, size_t len)
{
	return (struct vsl_blob){ data, len };
}

static bool ufid_new(struct flows *f, uint8_t ufid[FLOWS_UFID_SIZE])
{
	if (f->random_left < FLOWS_UFID_SIZE) {
		if (getrandom(f->random, sizeof(f->random), 0) != sizeof(f->random))
			return false;
		f->random_left = sizeof(f->random);
	}
	f->random_left -= FLOWS_UFID_SIZE;
	memcpy(ufid, f->random + f->random_left, FLOWS_UFID_SIZE);
	return true;
}

/* Takes a flow out of the store; its memory goes when nothing is pending. */
static void flow_forget(struct flows *f, struct flow *flow)
{
	if (flow->dead)
		return;
	flow_store_remove(&f->store, flow);
	flow->dead = true;
	if (!flow->pending)
		flow_free(flow);
}

/**
 * flows_new() - enter a flow
 * @f: the flows, which have none of that frame
 * @frame: its frame
 * @vlan: of its hosts
 * @ufid: its name
 * @key: attributes; copied, as its actions
 * @actions: likewise
 * @now_ms: time
 *
 * Return: the flow; NULL for want of memory.
 */
struct flow *flows_new(struct flows *f, const struct frame *frame, uint16_t vlan,
		       const uint8_t ufid[FLOWS_UFID_SIZE], struct vsl_blob key,
		       struct vsl_blob actions, uint64_t now_ms)
{
	struct flow *flow = flow_store_add(&f->store, frame, vlan, ufid, key, actions);

	if (!flow)
		return NULL;
	flow->owner = f;
	flow->put_ms = now_ms;
	flow->seen = f->look;
	return flow;
}

/**
 * flows_doom() - have a flow deleted by flows_revalidate()
 * @f: the flows
 * @flow: one of them
 */
void flows_doom(struct flows *f, struct flow *flow)
{
	flow->doomed = true;
	if (!flow->dead)
		flow_make_stale(&f->store, flow);
}

static void flow_answered(struct flow *flow)
{
	flow->pending--;
	if (flow->dead && !flow->pending)
		flow_free(flow);
}

/* Each power of two: a kernel that refuses everything must not fill the log. */
static void refused(struct flows *f, const char *what, int err, const char *extack)
{
	/* no datapath, no flows: that is for datapath.c to say */
	if (err == -ENODEV)
		return;
	f->n_refused++;
	if (f->n_refused & (f->n_refused - 1))
		return;
	vsl_warn("%s: %s%s%s (%llu requests refused so far)", what,
		 vsl_nl_strerror(NULL, err), *extack ? ": " : "", extack,
		 (unsigned long long)f->n_refused);
}

static void put_done(void *ctx, int err, const char *extack)
{
	struct flow *flow = ctx;
	struct flows_answer *answer = flow->answer;

	flow->answer = NULL;
	if (err && err != -EEXIST)
		refused(flow->owner, "flow put", err, extack);
	if (answer) {
		answer->err = err;
		answer->result = err == -EEXIST ? FLOWS_EXISTS :
				 err ? FLOWS_FAILED : FLOWS_PUT;
	}
	if (!err) {
		flow->confirmed = true;
	} else if (err == -ENOBUFS) {
		/* the kernel's answer was lost, and the flow may well be there */
		flows_doom(flow->owner, flow);
	} else if (!flow->confirmed) {
		/* another's flow stands for the same packets, or there is none */
		flow_forget(flow->owner, flow);
	}
	flow_answered(flow);
}

static void set_done(void *ctx, int err, const char *extack)
{
	struct flow *flow = ctx;

	/* not there: somebody deleted it */
	if (err && err != -ENOENT)
		refused(flow->owner, "flow change", err, extack);
	if (err) {
		flows_doom(flow->owner, flow);
	}
	flow_answered(flow);
}

static void del_done(void *ctx, int err, const char *extack)
{
	struct flow *flow = ctx;

	if (!err || err == -ENOENT || err == -ENODEV) {
		flow_answered(flow);
		return;
	}
	/* it may still be there; the request stays pending */
	refused(flow->owner, "flow delete", err, extack);
	LL_PREPEND(flow->owner->undeleted, flow);
}

static void send_delete(struct flows *f, struct flow *flow)
{
	struct vsl_flow id = { .dp_ifindex = f->dp_ifindex, .ufid_len = FLOWS_UFID_SIZE };

	memcpy(id.ufid, flow->ufid, FLOWS_UFID_SIZE);
	outbox_flow_del(f->outbox, &id, del_done, flow);
}

static void flow_del(struct flows *f, struct flow *flow)
{
	flow->pending++;
	flow_forget(f, flow);
	send_delete(f, flow);
}

/**
 * flows_delete_again() - try once more what could not be deleted
 * @f: the flows
 *
 * Such a flow would do what it was told for as long as packets come, whatever has
 * changed since.
 */
void flows_delete_again(struct flows *f)
{
	struct flow *flow;
	int i;

	for (i = 0; f->undeleted && i < FLOWS_PER_TURN; i++) {
		flow = f->undeleted;
		LL_DELETE(f->undeleted, flow);
		send_delete(f, flow);
	}
}

/*
 * Of flows that rules do not look further into, those with as many tags have the same
 * mask: it is made for the first of them.
 */
static bool make_mask(struct flows *f, const struct frame *frame, struct vsl_blob key,
		      const struct vsl_key *looked_at)
{
	int tags = looked_at ? -1 : !!frame->tag[0].tci + !!frame->tag[1].tci;

	if (tags >= 0 && tags == f->mask_tags)
		return true;
	vsl_attrs_reset(f->mask);
	f->mask_tags = -1;
	if (frame_put_mask(f->mask, key, looked_at))
		return false;
	f->mask_tags = tags;
	return true;
}

/* Sends the flow as it now is: a new one, or one whose actions are others. */
static bool flow_send(struct flows *f, struct flow *flow, const struct bridge_decision *d,
		      bool new)
{
	struct vsl_flow out = {
		.dp_ifindex = f->dp_ifindex,
		.key = blob(flow->key, flow->key_len),
		.actions = blob(flow->actions, flow->actions_len),
		.ufid_len = FLOWS_UFID_SIZE,
	};

	if (!make_mask(f, &flow->frame, out.key, d->looked_at))
		return false;
	out.mask = vsl_blob_of_msg(f->mask);
	memcpy(out.ufid, flow->ufid, FLOWS_UFID_SIZE);
	flow->pending++;
	if (new)
		outbox_flow_put(f->outbox, &out, put_done, flow);
	else
		outbox_flow_set(f->outbox, &out, set_done, flow);
	return true;
}

/**
 * flows_create() - no flows yet
 * @bridge: who decides; borrowed, as all that follow, and must live longer
 * @macs: where hosts are
 * @outbox: where requests go
 * @dp_ifindex: of the datapath
 * @idle_ms: see flows_set_limits()
 * @max: likewise
 *
 * Return: the flows, to be given to flows_destroy(); NULL for want of memory.
 */
struct flows *flows_create(struct bridge *bridge, struct mac_table *macs,
			   struct outbox *outbox, int dp_ifindex, uint64_t idle_ms,
			   size_t max)
{
	struct flows *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->bridge = bridge;
	f->macs = macs;
	f->outbox = outbox;
	f->dp_ifindex = dp_ifindex;
	f->mask_tags = -1;
	flows_set_limits(f, idle_ms, max);
	f->mask = vsl_attrs_new();
	f->actions = vsl_attrs_new();
	if (!f->mask || !f->actions) {
		flows_destroy(f);
		return NULL;
	}
	return f;
}

/**
 * flows_set_limits() - how many flows there may be, and for how long
 * @f: the flows
 * @idle_ms: those without a packet for so long are deleted, milliseconds; sooner
 *	where room is short
 * @max: more are not put; those that there are stay. Fewer where this machine
 *	cannot look after so many
 */
void flows_set_limits(struct flows *f, uint64_t idle_ms, size_t max)
{
	flow_limit_set(&f->limit, max, idle_ms);
}

/**
 * flows_limit() - how many flows may there be now?
 * @f: the flows
 *
 * Return: their number.
 */
size_t flows_limit(const struct flows *f)
{
	return f->limit.now;
}

/**
 * flows_destroy() - forget all flows; the kernel keeps them
 * @f: the flows, or NULL; the outbox must have been flushed
 */
void flows_destroy(struct flows *f)
{
	struct flow *flow;

	if (!f)
		return;
	while (f->store.by_frame)
		flow_forget(f, f->store.by_frame);
	while (f->undeleted) {
		flow = f->undeleted;
		f->undeleted = flow->next;
		flow_free(flow);
	}
	nlmsg_free(f->mask);
	nlmsg_free(f->actions);
	free(f);
}

/**
 * flows_put_actions() - write a decision as actions
 * @msg: where their attributes are put; nothing for a drop
 * @d: the decision
 *
 * Return: 0; -EMSGSIZE where they do not fit.
 */
int flows_put_actions(struct nl_msg *msg, const struct bridge_decision *d)
{
	const struct bridge_step *s;
	struct ovs_action_push_vlan push;
	int err = 0;

	for (s = d->steps; !err && s < d->steps + d->n_steps; s++) {
		switch (s->type) {
		case BRIDGE_STEP_OUTPUT:
			err = nla_put_u32(msg, OVS_ACTION_ATTR_OUTPUT, s->port);
			break;
		case BRIDGE_STEP_POP_VLAN:
			err = nla_put_flag(msg, OVS_ACTION_ATTR_POP_VLAN);
			break;
		case BRIDGE_STEP_PUSH_VLAN:
			push.vlan_tpid = htons(s->tpid);
			push.vlan_tci = htons(s->tci);
			err = nla_put(msg, OVS_ACTION_ATTR_PUSH_VLAN, sizeof(push), &push);
			break;
		case BRIDGE_STEP_METER:
			err = nla_put_u32(msg, OVS_ACTION_ATTR_METER, s->port);
			break;
		case BRIDGE_STEP_ACTIONS:
			err = nlmsg_append(msg, (void *)s->actions.data, s->actions.len,
					   NLMSG_ALIGNTO);
			break;
		}
	}
	return err ? -EMSGSIZE : 0;
}

/**
 * flows_put() - have the kernel do by itself what was decided on a packet
 * @f: the flows
 * @frame: the packet's frame
 * @d: the decision, one that is cacheable
 * @key: the packet's key; copied
 * @actions: the decision as actions; copied
 * @now_ms: time
 * @answer: filled in, at the latest when the outbox is flushed; must live till then
 */
void flows_put(struct flows *f, const struct frame *frame,
	       const struct bridge_decision *d, struct vsl_blob key,
	       struct vsl_blob actions, uint64_t now_ms, struct flows_answer *answer)
{
	uint8_t ufid[FLOWS_UFID_SIZE];
	struct frame of = *frame;
	struct flow *flow;

	*answer = (struct flows_answer){ .result = FLOWS_NONE };
	of.looked_id = d->looked_id;
	flow = flow_store_by_frame(&f->store, &of);
	if (flow) {
		answer->result = FLOWS_EXISTS;
		if (flow->pending || now_ms - flow->put_ms < RACE_MS)
			return;
		flow->put_ms = now_ms;
		flow->answer = answer;
		/* its actions are decided anew where they are stale */
		if (!flow_send(f, flow, d, true))
			flow->answer = NULL;
		return;
	}

	if (flows_count(f) >= f->limit.now) {
		if (!f->full_said)
			vsl_warn("%zu flows: no more are put until some are idle", flows_count(f));
		f->full_said = true;
		return;
	}
	f->full_said = false;

	answer->result = FLOWS_FAILED;
	answer->err = -ENOMEM;
	if (!ufid_new(f, ufid))
		return;
	flow = flows_new(f, &of, d->vlan, ufid, key, actions, now_ms);
	if (!flow)
		return;
	flow->answer = answer;
	if (!flow_send(f, flow, d, true)) {
		answer->err = -EINVAL;
		flow_forget(f, flow);
	}
}

/**
 * flows_host_changed() - the MAC table says something else of a host
 * @f: the flows
 * @vlan: the host's VLAN
 * @mac: the host's address
 *
 * Its flows are decided anew by the next flows_revalidate().
 */
void flows_host_changed(struct flows *f, uint16_t vlan, const uint8_t mac[6])
{
	flow_store_host_stale(&f->store, vlan, mac);
}

/**
 * flows_ports_changed() - ports came or left
 * @f: the flows
 *
 * All flows are decided anew by the next flows_revalidate().
 */
void flows_ports_changed(struct flows *f)
{
	flow_store_all_stale(&f->store);
}

/* Would the packets of this flow be learned from, and is their host elsewhere now? */
static bool source_moved(const struct flows *f, const struct flow *flow,
			 const struct bridge_decision *d)
{
	const struct frame *frame = &flow->frame;

	return d->may_learn && !vsl_mac_is_multicast(frame->src) &&
	       mac_table_port(f->macs, d->vlan, frame->src) != frame->in_port;
}

static void revalidate(struct flows *f, struct flow *flow)
{
	struct bridge_decision d;
	struct vsl_blob actions;

	bridge_decide(f->bridge, &flow->frame, blob(flow->key, flow->key_len), &d);
	/* without its flow the next packet comes up, and its source is learned */
	if (flow->doomed || !d.cacheable || d.looked_id != flow->frame.looked_id ||
	    d.vlan != flow->src->key.vlan || source_moved(f, flow, &d)) {
		flow_del(f, flow);
		return;
	}

	vsl_attrs_reset(f->actions);
	if (flows_put_actions(f->actions, &d)) {
		flow_del(f, flow);
		return;
	}
	actions = vsl_blob_of_msg(f->actions);
	if (actions.len == flow->actions_len &&
	    !memcmp(actions.data, flow->actions, actions.len))
		return;

	if (!flow_set_actions(flow, actions)) {
		flow_del(f, flow);
		return;
	}
	/* in place, so that no packet finds the flow missing */
	if (!flow_send(f, flow, &d, false))
		flow_del(f, flow);
}

/**
 * flows_revalidate() - put right the flows that changes have made stale
 * @f: the flows
 *
 * Does a part of them, so that upcalls need not wait for all: the caller comes
 * back for the rest.
 *
 * Return: true if there is a rest.
 */
bool flows_revalidate(struct flows *f)
{
	struct flow *flow;
	int i;

	for (i = 0; f->store.stale && i < FLOWS_PER_TURN; i++) {
		flow = f->store.stale;
		flow_make_fresh(&f->store, flow);
		revalidate(f, flow);
	}
	return flows_stale(f);
}

/**
 * flows_stale() - is there something to do for flows_revalidate()?
 * @f: the flows
 *
 * Return: true if so.
 */
bool flows_stale(const struct flows *f)
{
	return f->store.stale;
}

/**
 * flows_count() - flows known to be in the datapath
 * @f: the flows
 *
 * Return: their number, those made by hand left out.
 */
size_t flows_count(const struct flows *f)
{
	return flow_store_count(&f->store);
}
