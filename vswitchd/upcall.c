// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * upcall.c - one turn of answering
 *
 *  1. upcalls_serve() receives a batch
 *  2. answer_miss() for each: learn the source, decide, put the flow and, behind
 *     it, the packet into the outbox
 *  3. flows that the learning has made stale join them, and all of it is sent
 *  4. the trace is told
 */
#include "upcall.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"

/*
 * How long a turn may take, and so about how long a port's first packet waits
 * behind others'. As many upcalls are taken as could be answered in this time on
 * the average of the last turns; more at a time are answered faster in sum.
 */
#define TURN_NS 2000000
#define MIN_TURN 8

struct answer {
	struct trace_event event;
	size_t actions_at;	/* the event's actions are kept in struct upcalls */
};

struct upcalls {
	struct upcalls_parts p;
	struct inbox *inbox;
	int dp_ifindex;
	uint64_t cost_ns;		/* of one upcall, a moving average */
	uint64_t start_ns;		/* of this turn, when it had received */
	bool traced;			/* somebody hears of this turn */
	struct vsl_nl_rx rx;
	struct answer answers[VSL_NL_RECV_MAX];
	struct nl_msg *actions;		/* of the packet in hand */
	struct vsl_str traced_actions;	/* of the turn's packets, one after the other */
};

/**
 * upcalls_create() - open the inbox that upcalls come to
 * @parts: copied
 * @dp_ifindex: of the datapath that is served
 *
 * Nothing comes until the datapath is told of upcalls_inbox().
 *
 * Return: to be given to upcalls_destroy(); NULL on failure.
 */
struct upcalls *upcalls_create(const struct upcalls_parts *parts, int dp_ifindex)
{
	struct upcalls *u = calloc(1, sizeof(*u));

	if (!u)
		return NULL;
	u->p = *parts;
	u->dp_ifindex = dp_ifindex;
	u->actions = vsl_attrs_new();
	u->inbox = inbox_create(parts->nl);
	if (!u->actions || !u->inbox)
		goto err;
	return u;

err:
	upcalls_destroy(u);
	return NULL;
}

/**
 * upcalls_destroy() - close the inbox: the datapath's misses are lost from now on
 * @u: or NULL
 */
void upcalls_destroy(struct upcalls *u)
{
	if (!u)
		return;
	inbox_destroy(u->inbox);
	nlmsg_free(u->actions);
	vsl_str_free(&u->traced_actions);
	free(u);
}

/**
 * upcalls_fd() - what to poll
 * @u: the upcalls
 *
 * Return: a descriptor, readable when upcalls_serve() has something to do.
 */
int upcalls_fd(const struct upcalls *u)
{
	return inbox_fd(u->inbox);
}

/**
 * upcalls_inbox() - where the datapath is to send upcalls
 * @u: the upcalls
 *
 * Return: the inbox; stays @u's.
 */
struct inbox *upcalls_inbox(struct upcalls *u)
{
	return u->inbox;
}

static void execute_done(void *ctx, int err, const char *extack)
{
	struct answer *a = ctx;

	(void)extack;
	a->event.execute_err = err;
}

static void execute(struct upcalls *u, const struct vsl_upcall *in, struct answer *a)
{
	struct vsl_execute out = {
		.dp_ifindex = u->dp_ifindex,
		.key = in->key,
		.packet = in->packet,
		.actions = vsl_blob_of_msg(u->actions),
		.has_hash = in->has_hash,
		.hash = in->hash,
		.mru = in->mru,
	};

	outbox_execute(u->p.outbox, &out, execute_done, a);
}

static void learn(struct upcalls *u, const struct frame *f, uint16_t vlan, uint64_t now_ms,
		  struct trace_event *e)
{
	memcpy(e->src, f->src, sizeof(e->src));
	if (vsl_mac_is_multicast(f->src))
		return;
	e->moved_from = mac_table_port(u->p.macs, vlan, f->src);
	e->news = mac_table_learn(u->p.macs, vlan, f->src, f->in_port, now_ms);
}

static void answer_miss(struct upcalls *u, const struct vsl_upcall *in,
			const struct frame *f, struct answer *a, uint64_t now_ms)
{
	struct trace_event *e = &a->event;
	struct bridge_decision d;

	bridge_classify(u->p.bridge, f, &d);
	if (d.may_learn)
		learn(u, f, d.vlan, now_ms, e);
	bridge_decide(u->p.bridge, f, in->key, &d);
	if (d.probe)
		u->p.probe_came(u->p.ctx, f->in_port, in->packet);
	/* looking at the clock is worth it only if somebody wants to know */
	if (u->traced)
		e->decided_ns = vsl_now_ns() - u->start_ns;
	e->verdict = d.verdict;
	e->why = d.why;
	e->vlan = d.vlan;

	vsl_attrs_reset(u->actions);
	if (flows_put_actions(u->actions, &d)) {
		e->verdict = BRIDGE_DROP;
		e->why = "more ports than a list of actions can hold";
		vsl_attrs_reset(u->actions);
		return;
	}
	e->actions = vsl_blob_of_msg(u->actions);
	a->actions_at = u->traced_actions.len;
	vsl_str_putn(&u->traced_actions, e->actions.data, e->actions.len);

	/* a flow would keep an unlearned source from coming up again */
	if (d.cacheable && e->news != MAC_TABLE_FULL)
		flows_put(u->p.flows, f, &d, in->key, e->actions, now_ms, &e->flow);
	if (e->actions.len)
		execute(u, in, a);
}

/* Returns false where the message is not one to be answered or traced. */
static bool answer(struct upcalls *u, const struct nlmsghdr *msg, struct answer *a,
		   uint64_t wall_ns, uint64_t now_ms)
{
	struct trace_event *e = &a->event;
	struct vsl_upcall in;
	struct frame f;

	memset(a, 0, sizeof(*a));
	if (vsl_nl_family_of(u->p.nl, msg) != VSL_FAM_PACKET || vsl_upcall_from_msg(&in, msg))
		goto malformed;
	/* a datapath that is gone, whose number another has now */
	if (in.dp_ifindex != u->dp_ifindex)
		return false;
	if (!frame_from_key(&f, in.key))
		goto malformed;

	e->port = bridge_port_name(u->p.bridge, f.in_port);
	if (!e->port && f.in_port != FRAME_NO_PORT && u->p.find_port(u->p.ctx, f.in_port))
		e->port = bridge_port_name(u->p.bridge, f.in_port);
	if (!e->port)
		e->port = "?";
	e->wall_ns = wall_ns;
	e->port_no = f.in_port;
	e->key = in.key;
	e->packet = in.packet;
	e->packet_len = in.len;
	e->number = in.birth.number;
	if (e->number && u->start_ns > in.birth.time)
		e->waited_ns = u->start_ns - in.birth.time;
	e->kind = in.cmd == OVS_PACKET_CMD_ACTION ? TRACE_ACTION : TRACE_MISS;
	/* the other kind is a copy: its packet went on by the flow */
	if (e->kind == TRACE_MISS)
		answer_miss(u, &in, &f, a, now_ms);
	return true;

malformed:
	if (!u->p.stats->malformed++)
		vsl_warn("an upcall could not be understood and was left out");
	return false;
}

static unsigned int turn_size(const struct upcalls *u)
{
	uint64_t n = u->cost_ns ? TURN_NS / u->cost_ns : VSL_NL_RECV_MAX;

	return n < MIN_TURN ? MIN_TURN : n > VSL_NL_RECV_MAX ? VSL_NL_RECV_MAX : n;
}

/* A turn of few says little: what comes once a turn would be counted to them. */
static void note_cost(struct upcalls *u, uint64_t turn_ns)
{
	if (u->rx.n < MIN_TURN)
		return;
	if (!u->cost_ns)
		u->cost_ns = turn_ns / u->rx.n;
	else
		u->cost_ns += (int64_t)(turn_ns / u->rx.n - u->cost_ns) / 8;
}

/**
 * upcalls_serve() - answer what has come, up to a batch
 * @u: the upcalls
 *
 * Return: 0, or a negative errno where a socket failed.
 */
int upcalls_serve(struct upcalls *u)
{
	uint64_t wall_ns, taken_ns, overflows;
	unsigned int i, n = 0;
	int err;

	err = inbox_receive(u->inbox, &u->rx, turn_size(u));
	if (err)
		return err;
	if (u->rx.lost) {
		overflows = ++u->p.stats->overflows;
		/* each power of two, so that a flood does not fill the log */
		if (!(overflows & (overflows - 1)))
			vsl_warn("upcalls came faster than they could be answered and some "
				 "were lost (%llu times so far)",
				 (unsigned long long)overflows);
	}
	if (!u->rx.n)
		return 0;

	u->start_ns = vsl_now_ns();
	u->traced = trace_is_wanted(u->p.trace);
	wall_ns = u->traced ? vsl_wall_ns() : 0;
	vsl_str_clear(&u->traced_actions);
	for (i = 0; i < u->rx.n; i++)
		n += answer(u, u->rx.msgs[i], &u->answers[n], wall_ns, u->start_ns / 1000000);
	flows_revalidate(u->p.flows);
	err = outbox_flush(u->p.outbox);
	taken_ns = vsl_now_ns() - u->start_ns;

	for (i = 0; i < n; i++) {
		struct trace_event *e = &u->answers[i].event;

		e->taken_ns = taken_ns;
		if (e->actions.len && !u->traced_actions.failed)
			e->actions.data = u->traced_actions.s + u->answers[i].actions_at;
		else
			e->actions.len = 0;
		stats_count(u->p.stats, e);
		trace_write(u->p.trace, e);
	}
	if (u->traced) {
		trace_flush(u->p.trace);
		taken_ns = vsl_now_ns() - u->start_ns;
	}
	note_cost(u, taken_ns);
	return err;
}
