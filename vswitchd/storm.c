// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * storm.c - a meter for each port with a storm limit, and word of what it drops
 */
#include "hash.h"

#include <errno.h>
#include <stdlib.h>
#include <uthash.h>

#include "lib/log.h"
#include "lib/meter.h"
#include "storm.h"

struct storm_port {
	uint32_t no;
	char name[IF_NAMESIZE];
	uint32_t limit, burst;
	uint64_t dropped;		/* at the last look */
	uint64_t before;		/* the storm that is going on */
	bool raging;
	UT_hash_handle hh;
};

struct storm {
	struct vsl_nl *nl;		/* own: ports join in the middle of a dump */
	int dp_ifindex;
	struct storm_port *ports;
};

/**
 * storm_create() - no limits yet
 * @nl: a socket to the module's families; only copied from
 * @dp_ifindex: of the datapath
 *
 * Return: to be given to storm_destroy(); NULL on failure.
 */
struct storm *storm_create(const struct vsl_nl *nl, int dp_ifindex)
{
	struct storm *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->dp_ifindex = dp_ifindex;
	if (vsl_nl_clone(nl, &s->nl)) {
		free(s);
		return NULL;
	}
	return s;
}

/**
 * storm_destroy() - free; the kernel's meters stay, as the flows do
 * @s: or NULL
 */
void storm_destroy(struct storm *s)
{
	struct storm_port *p, *tmp;

	if (!s)
		return;
	HASH_ITER(hh, s->ports, p, tmp) {
		HASH_DELETE(hh, s->ports, p);
		free(p);
	}
	vsl_nl_close(s->nl);
	free(s);
}

static void forget(struct storm *s, struct storm_port *p)
{
	int err = vsl_meter_del(s->nl, s->dp_ifindex, p->no);

	if (err && err != -ENODEV)
		vsl_warn("port %s: cannot lift its storm limit: %s", p->name,
			 vsl_nl_strerror(s->nl, err));
	HASH_DELETE(hh, s->ports, p);
	free(p);
}

static struct storm_port *add_port(struct storm *s, uint32_t no)
{
	struct storm_port *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->no = no;
	HASH_ADD(hh, s->ports, no, sizeof(p->no), p);
	if (p->hh.tbl)
		return p;
	free(p);
	return NULL;
}

/**
 * storm_set_port() - a port came, left, or has another limit
 * @s: the limits
 * @no: the port's number
 * @c: its configuration; NULL for a port that has none, or left
 *
 * Where the kernel refuses, that is logged and the port has no limit.
 */
void storm_set_port(struct storm *s, uint32_t no, const struct config_port *c)
{
	struct vsl_meter meter = { .id = no };
	struct storm_port *p;
	int err;

	HASH_FIND(hh, s->ports, &no, sizeof(no), p);
	if (!c || !c->storm_limit) {
		if (p)
			forget(s, p);
		return;
	}
	if (p && p->limit == c->storm_limit && p->burst == c->storm_burst)
		return;
	if (!p) {
		p = add_port(s, no);
		if (!p) {
			vsl_warn("no memory for the storm limit of port %s", c->name);
			return;
		}
	}
	memcpy(p->name, c->name, sizeof(p->name));
	p->limit = c->storm_limit;
	p->burst = c->storm_burst;
	/* a new meter counts from zero */
	p->dropped = 0;
	p->before = 0;
	p->raging = false;

	meter.rate = p->limit;
	/* the bucket's size: said, for openvswitch.ko's is empty where it is not */
	meter.burst = p->limit + p->burst;
	err = vsl_meter_set(s->nl, s->dp_ifindex, &meter);
	if (!err)
		return;
	vsl_warn("port %s has no storm limit: %s", p->name, vsl_nl_strerror(s->nl, err));
	HASH_DELETE(hh, s->ports, p);
	free(p);
}

/**
 * storm_check() - say which ports have reached their limit
 * @s: the limits
 *
 * To be called every second: a line when a storm begins, one when it is over.
 */
void storm_check(struct storm *s)
{
	struct storm_port *p, *tmp;
	uint64_t dropped;

	HASH_ITER(hh, s->ports, p, tmp) {
		if (vsl_meter_dropped(s->nl, s->dp_ifindex, p->no, &dropped))
			continue;
		if (dropped > p->dropped && !p->raging) {
			p->raging = true;
			p->before = p->dropped;
			vsl_warn("port %s floods more than %u packets a second: what is beyond "
				 "is dropped", p->name, p->limit);
		} else if (dropped == p->dropped && p->raging) {
			p->raging = false;
			vsl_info("port %s floods no more than it may again; %llu packets were "
				 "dropped", p->name,
				 (unsigned long long)(dropped - p->before));
		}
		p->dropped = dropped;
	}
}
