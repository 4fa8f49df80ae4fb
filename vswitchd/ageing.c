// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ageing.c - forgetting what is silent: see ageing.h
 */
#include "ageing.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/flow.h"

/* Of the time, at most one part in so many goes into looks. */
#define SHARE 10

/* Hosts that are forgotten before upcalls are answered again. */
#define HOSTS_PER_TURN 512

struct ageing {
	struct vsl_nl *nl;		/* of its own: a dump holds it for many turns */
	int dp_ifindex;
	struct flows *flows;
	struct mac_table *macs;
	enum {
		IDLE,
		FLOWS,			/* a dump is under way */
		UNSEEN,			/* flows that it did not show */
		HOSTS,
	} step;
	struct vsl_flow_dump dump;
	uint64_t now_ms;		/* when the piece in hand began */
	uint64_t spent_ns;		/* on this look so far */
	uint64_t next_ns;		/* no look before */
};

static int saw(const struct vsl_flow *flow, void *arg)
{
	struct ageing *a = arg;

	flows_saw(a->flows, flow, a->now_ms);
	return 0;
}

/**
 * ageing_create() - nothing is done yet
 * @nl: a socket to the module's families; only copied from
 * @dp_ifindex: of the datapath
 * @flows: its flows; borrowed, as @macs
 * @macs: its hosts
 *
 * Return: to be given to ageing_destroy(); NULL for want of memory or a socket.
 */
struct ageing *ageing_create(const struct vsl_nl *nl, int dp_ifindex, struct flows *flows,
			     struct mac_table *macs)
{
	struct ageing *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	if (vsl_nl_clone(nl, &a->nl)) {
		free(a);
		return NULL;
	}
	a->dp_ifindex = dp_ifindex;
	a->flows = flows;
	a->macs = macs;
	a->dump = (struct vsl_flow_dump){ saw, a };
	return a;
}

/**
 * ageing_destroy() - free; a look under way is given up
 * @a: or NULL
 */
void ageing_destroy(struct ageing *a)
{
	if (!a)
		return;
	vsl_nl_close(a->nl);
	free(a);
}

/**
 * ageing_tick() - time has passed: begin a look, if one is due
 * @a: ageing
 *
 * Return: 0 or a negative errno.
 */
int ageing_tick(struct ageing *a)
{
	uint64_t now_ns = vsl_now_ns();
	int err;

	if (a->step != IDLE || now_ns < a->next_ns)
		return 0;
	a->spent_ns = 0;
	a->step = HOSTS;
	flows_delete_again(a->flows);
	if (!flows_count(a->flows))
		return 0;
	flows_look(a->flows);
	err = vsl_flow_dump_start(a->nl, a->dp_ifindex,
				  OVS_UFID_F_OMIT_KEY | OVS_UFID_F_OMIT_MASK |
				  OVS_UFID_F_OMIT_ACTIONS, &a->dump);
	/* not without their flows' use: traffic keeps a host alive */
	a->step = err ? IDLE : FLOWS;
	return err;
}

/* The piece of the step in hand; returns as ageing_go_on(). */
static int one_piece(struct ageing *a)
{
	int err;

	switch (a->step) {
	case FLOWS:
		err = vsl_nl_dump_more(a->nl);
		if (err == 1)
			return 0;
		a->step = IDLE;
		/* flows came and went meanwhile, and some were not shown: this once */
		if (err && err != -EAGAIN)
			return err;
		a->step = UNSEEN;
		return 0;
	case UNSEEN:
		if (!flows_forget_unseen(a->flows))
			a->step = HOSTS;
		return 0;
	case HOSTS:
		if (mac_table_age(a->macs, a->now_ms, HOSTS_PER_TURN) < HOSTS_PER_TURN)
			a->step = IDLE;
		return 0;
	case IDLE:
		break;
	}
	return 0;
}

/**
 * ageing_go_on() - do a piece of the look that is under way, if one is
 * @a: ageing
 *
 * What is to go is stale or out of the MAC table afterwards.
 *
 * Return: 0 or a negative errno, with which the look has ended.
 */
int ageing_go_on(struct ageing *a)
{
	uint64_t start_ns = vsl_now_ns();
	int err;

	if (a->step == IDLE)
		return 0;
	a->now_ms = start_ns / 1000000;
	err = one_piece(a);
	a->spent_ns += vsl_now_ns() - start_ns;
	if (a->step == IDLE) {
		a->next_ns = start_ns + SHARE * a->spent_ns;
		if (!err)
			flows_looked(a->flows, a->spent_ns);
	}
	return err;
}

/**
 * ageing_is_busy() - is there something to do for ageing_go_on()?
 * @a: ageing
 *
 * Return: true if so.
 */
bool ageing_is_busy(const struct ageing *a)
{
	return a->step != IDLE;
}
