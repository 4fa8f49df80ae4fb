// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flows.c - the flows that this daemon has in the datapath
 *
 * A flow is found by its frame (upcalls), by its ufid (dumps) and by its two
 * hosts (changes of the MAC table). Requests are answered later, at the flush;
 * until then a flow counts as what it was asked to be, and one that is deleted
 * is out of all tables but stays in memory until its last answer came.
 */
#include "hash.h"

#include <errno.h>
#include <stdlib.h>
#include <uthash.h>
#include <utlist.h>

#include "flows.h"
#include "lib/log.h"

/*
 * An upcall for a flow that is there means that its packet was on its way when
 * the flow was put, unless that is longer ago than this: then somebody deleted
 * the flow, and it is put again.
 */
#define RACE_MS 50

/* Dumps may miss a flow while others come and go; after so many it is gone. */
#define MAX_MISSES 3

/* Flows that flows_revalidate() looks at before it lets upcalls be answered. */
#define MAX_PER_TURN 128

struct flow;

/* One end of flows. Exists while a flow has it. 8 bytes of key, no padding. */
struct host {
	struct {
		uint8_t mac[6];
		uint16_t vlan;
	} key;
	struct flow *sends, *receives;
	UT_hash_handle hh;
};

struct flow {
	struct frame frame;
	uint8_t ufid[FLOWS_UFID_SIZE];
	UT_hash_handle hh_frame, hh_ufid;
	struct host *src, *dst;
	struct flow *src_prev, *src_next, *dst_prev, *dst_next;
	struct flow *stale_prev, *stale_next;
	struct flows *owner;
	struct flows_answer *answer;	/* of the put that is under way, or NULL */
	uint64_t put_ms;		/* put, or found at start */
	uint64_t used_ms;		/* last packet that the kernel told of */
	unsigned int pending;		/* requests not answered yet */
	unsigned int misses;		/* dumps since it was seen */
	bool stale;			/* on the list of those to be decided anew */
	bool confirmed;			/* the kernel has it, or had it once */
	bool doomed;			/* to be deleted, whatever is decided */
	bool dead;			/* out of the tables, waits for @pending */
	void *actions;
	size_t actions_len;
	size_t key_len;
	uint8_t key[];			/* as in the upcall that made it */
};

struct flows {
	struct bridge *bridge;
	struct mac_table *macs;
	struct outbox *outbox;
	int dp_ifindex;
	uint64_t idle_ms;
	size_t max;			/* more are not put; packets are still sent on */
	struct flow *by_frame, *by_ufid, *stale;
	struct host *hosts;
	struct nl_msg *mask, *actions;	/* for building one at a time */
	uint8_t random[256];		/* the next ufids */
	size_t random_left;
	bool full_said;
	uint64_t n_refused;
};

static void revalidate(struct flows *f, struct flow *flow);

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

static struct host *host_find(const struct flows *f, uint16_t vlan, const uint8_t mac[6])
{
	struct host like = { .key.vlan = vlan }, *h;

	memcpy(like.key.mac, mac, sizeof(like.key.mac));
	HASH_FIND(hh, f->hosts, &like.key, sizeof(like.key), h);
	return h;
}

static struct host *host_get(struct flows *f, uint16_t vlan, const uint8_t mac[6])
{
	struct host *h = host_find(f, vlan, mac);

	if (h)
		return h;
	h = calloc(1, sizeof(*h));
	if (!h)
		return NULL;
	h->key.vlan = vlan;
	memcpy(h->key.mac, mac, sizeof(h->key.mac));
	HASH_ADD(hh, f->hosts, key, sizeof(h->key), h);
	if (!h->hh.tbl) {
		free(h);
		return NULL;
	}
	return h;
}

static void host_put(struct flows *f, struct host *h)
{
	if (!h || h->sends || h->receives)
		return;
	HASH_DELETE(hh, f->hosts, h);
	free(h);
}

static void unmark_stale(struct flows *f, struct flow *flow)
{
	if (!flow->stale)
		return;
	flow->stale = false;
	DL_DELETE2(f->stale, flow, stale_prev, stale_next);
}

static void mark_stale(struct flows *f, struct flow *flow)
{
	if (flow->stale || flow->dead)
		return;
	flow->stale = true;
	DL_APPEND2(f->stale, flow, stale_prev, stale_next);
}

/* Before those that a change of ports has made stale, which may be very many. */
static void mark_stale_first(struct flows *f, struct flow *flow)
{
	unmark_stale(f, flow);
	flow->stale = true;
	DL_PREPEND2(f->stale, flow, stale_prev, stale_next);
}

static void flow_free(struct flow *flow)
{
	free(flow->actions);
	free(flow);
}

/* Makes a flow and enters it everywhere; NULL for want of memory. */
static struct flow *flow_new(struct flows *f, const struct frame *frame, uint16_t vlan,
			     const uint8_t ufid[FLOWS_UFID_SIZE], struct vsl_blob key,
			     struct vsl_blob actions, uint64_t now_ms)
{
	struct flow *flow = calloc(1, sizeof(*flow) + key.len);

	if (!flow)
		return NULL;
	flow->actions = malloc(actions.len + 1);
	if (!flow->actions)
		goto err_actions;
	memcpy(flow->actions, actions.data, actions.len);
	flow->actions_len = actions.len;
	memcpy(flow->key, key.data, key.len);
	flow->key_len = key.len;
	flow->frame = *frame;
	memcpy(flow->ufid, ufid, FLOWS_UFID_SIZE);
	flow->owner = f;
	flow->put_ms = now_ms;

	flow->src = host_get(f, vlan, frame->src);
	if (!flow->src)
		goto err_actions;
	DL_APPEND2(flow->src->sends, flow, src_prev, src_next);
	flow->dst = host_get(f, vlan, frame->dst);
	if (!flow->dst)
		goto err_src;
	DL_APPEND2(flow->dst->receives, flow, dst_prev, dst_next);

	HASH_ADD(hh_frame, f->by_frame, frame, sizeof(flow->frame), flow);
	if (!flow->hh_frame.tbl)
		goto err_dst;
	HASH_ADD(hh_ufid, f->by_ufid, ufid, sizeof(flow->ufid), flow);
	if (!flow->hh_ufid.tbl)
		goto err_frame;
	return flow;

err_frame:
	HASH_DELETE(hh_frame, f->by_frame, flow);
err_dst:
	DL_DELETE2(flow->dst->receives, flow, dst_prev, dst_next);
	host_put(f, flow->dst);
err_src:
	DL_DELETE2(flow->src->sends, flow, src_prev, src_next);
	host_put(f, flow->src);
err_actions:
	flow_free(flow);
	return NULL;
}

/* Takes a flow out of the tables; its memory goes when nothing is pending. */
static void flow_forget(struct flows *f, struct flow *flow)
{
	struct host *src = flow->src, *dst = flow->dst;

	if (flow->dead)
		return;
	unmark_stale(f, flow);
	HASH_DELETE(hh_frame, f->by_frame, flow);
	HASH_DELETE(hh_ufid, f->by_ufid, flow);
	DL_DELETE2(src->sends, flow, src_prev, src_next);
	DL_DELETE2(dst->receives, flow, dst_prev, dst_next);
	host_put(f, src);
	if (dst != src)
		host_put(f, dst);
	flow->dead = true;
	if (!flow->pending)
		flow_free(flow);
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
		flow->doomed = true;
		mark_stale(flow->owner, flow);
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
		flow->doomed = true;
		mark_stale(flow->owner, flow);
	}
	flow_answered(flow);
}

static void del_done(void *ctx, int err, const char *extack)
{
	struct flow *flow = ctx;

	if (err && err != -ENOENT)
		refused(flow->owner, "flow delete", err, extack);
	flow_answered(flow);
}

static void flow_del(struct flows *f, struct flow *flow)
{
	struct vsl_flow id = { .dp_ifindex = f->dp_ifindex, .ufid_len = FLOWS_UFID_SIZE };

	memcpy(id.ufid, flow->ufid, FLOWS_UFID_SIZE);
	flow->pending++;
	flow_forget(f, flow);
	outbox_flow_del(f->outbox, &id, del_done, flow);
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

	vsl_attrs_reset(f->mask);
	if (frame_put_mask(f->mask, out.key, d->looked_at))
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
 * @idle_ms: those without a packet for so long are deleted, milliseconds
 * @max: more are not put; those that there are stay
 */
void flows_set_limits(struct flows *f, uint64_t idle_ms, size_t max)
{
	f->idle_ms = idle_ms;
	f->max = max;
}

/**
 * flows_destroy() - forget all flows; the kernel keeps them
 * @f: the flows, or NULL; the outbox must have been flushed
 */
void flows_destroy(struct flows *f)
{
	struct flow *flow, *tmp;

	if (!f)
		return;
	HASH_ITER(hh_frame, f->by_frame, flow, tmp)
		flow_forget(f, flow);
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
	struct flow *flow;

	struct frame of = *frame;

	*answer = (struct flows_answer){ .result = FLOWS_NONE };
	of.looked_id = d->looked_id;
	HASH_FIND(hh_frame, f->by_frame, &of, sizeof(of), flow);
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

	if (HASH_CNT(hh_frame, f->by_frame) >= f->max) {
		if (!f->full_said)
			vsl_warn("%zu flows: no more are put until some are idle", f->max);
		f->full_said = true;
		return;
	}
	f->full_said = false;

	answer->result = FLOWS_FAILED;
	answer->err = -ENOMEM;
	if (!ufid_new(f, ufid))
		return;
	flow = flow_new(f, &of, d->vlan, ufid, key, actions, now_ms);
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
	struct host *h = host_find(f, vlan, mac);
	struct flow *flow;

	if (!h)
		return;
	DL_FOREACH2(h->sends, flow, src_next)
		mark_stale_first(f, flow);
	DL_FOREACH2(h->receives, flow, dst_next)
		mark_stale_first(f, flow);
}

/**
 * flows_ports_changed() - ports came or left
 * @f: the flows
 *
 * All flows are decided anew by the next flows_revalidate().
 */
void flows_ports_changed(struct flows *f)
{
	struct flow *flow, *tmp;

	HASH_ITER(hh_frame, f->by_frame, flow, tmp)
		mark_stale(f, flow);
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

	for (i = 0; f->stale && i < MAX_PER_TURN; i++) {
		flow = f->stale;
		unmark_stale(f, flow);
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
	return f->stale;
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
	void *copy;

	bridge_decide(f->bridge, &flow->frame, blob(flow->key, flow->key_len), &d);
	/* without its flow the next packet comes up, and its source is learned */
	if (flow->doomed || !d.cacheable || d.looked_id != flow->frame.looked_id || d.vlan != flow->src->key.vlan ||
	    source_moved(f, flow, &d)) {
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

	copy = malloc(actions.len + 1);
	if (!copy) {
		flow_del(f, flow);
		return;
	}
	memcpy(copy, actions.data, actions.len);
	free(flow->actions);
	flow->actions = copy;
	flow->actions_len = actions.len;
	/* in place, so that no packet finds the flow missing */
	if (!flow_send(f, flow, &d, false))
		flow_del(f, flow);
}

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
	HASH_FIND(hh_frame, f->by_frame, &of, sizeof(of), flow);
	if (flow)
		return -EEXIST;
	flow = flow_new(f, &of, d.vlan, known->ufid, known->key, known->actions, now_ms);
	if (!flow)
		return -ENOMEM;
	flow->confirmed = true;
	flow->used_ms = known->has_used ? known->used_ms : 0;
	mark_stale(f, flow);
	return 0;
}

static int by_use(const struct flow *a, const struct flow *b)
{
	return a->used_ms < b->used_ms ? -1 : a->used_ms > b->used_ms;
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
	struct flow *flow, *tmp;

	HASH_SRT(hh_frame, f->by_frame, by_use);
	HASH_ITER(hh_frame, f->by_frame, flow, tmp) {
		bridge_classify(f->bridge, &flow->frame, &d);
		if (d.may_learn && !vsl_mac_is_multicast(flow->frame.src))
			mac_table_learn(f->macs, d.vlan, flow->frame.src,
					flow->frame.in_port,
					flow->used_ms ? flow->used_ms : now_ms);
	}
}

struct ageing {
	struct flows *f;
	uint64_t now_ms;
};

static int age_seen(const struct vsl_flow *in, void *arg)
{
	struct ageing *a = arg;
	struct flows *f = a->f;
	struct flow *flow = NULL;

	if (in->ufid_len == FLOWS_UFID_SIZE)
		HASH_FIND(hh_ufid, f->by_ufid, in->ufid, FLOWS_UFID_SIZE, flow);
	if (!flow)
		return 0;
	flow->misses = 0;
	if (in->has_used && in->used_ms > flow->used_ms) {
		flow->used_ms = in->used_ms;
		mac_table_touch(f->macs, flow->src->key.vlan, flow->frame.src,
				flow->frame.in_port, flow->used_ms);
	}
	return 0;
}

/**
 * flows_age() - look at all flows' last use, mark those that are idle
 * @f: the flows; the outbox must be flushed
 * @nl: a request socket
 * @now_ms: time
 *
 * What is marked is deleted by flows_revalidate(), and so is what dumps keep
 * missing: somebody else deleted it.
 *
 * Return: 0 or a negative errno.
 */
int flows_age(struct flows *f, struct vsl_nl *nl, uint64_t now_ms)
{
	struct ageing a = { .f = f, .now_ms = now_ms };
	struct flow *flow, *tmp;
	uint64_t last;
	int err;

	if (!f->by_frame)
		return 0;
	HASH_ITER(hh_frame, f->by_frame, flow, tmp)
		flow->misses++;

	err = vsl_flow_dump(nl, f->dp_ifindex,
			    OVS_UFID_F_OMIT_KEY | OVS_UFID_F_OMIT_MASK |
			    OVS_UFID_F_OMIT_ACTIONS, age_seen, &a);
	if (err && err != -EAGAIN)
		return err;

	HASH_ITER(hh_frame, f->by_frame, flow, tmp) {
		last = flow->used_ms > flow->put_ms ? flow->used_ms : flow->put_ms;
		if (flow->misses >= MAX_MISSES ||
		    (now_ms > last && now_ms - last >= f->idle_ms)) {
			flow->doomed = true;
			mark_stale(f, flow);
		}
	}
	return 0;
}

/**
 * flows_count() - flows known to be in the datapath
 * @f: the flows
 *
 * Return: their number, those made by hand left out.
 */
size_t flows_count(const struct flows *f)
{
	return HASH_CNT(hh_frame, f->by_frame);
}
