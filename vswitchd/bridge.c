// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bridge.c - the forwarding decision
 *
 * A frame's way through this file:
 *  1. bridge_classify(): which VLAN is it in, and does its port carry that VLAN?
 *  2. bridge_decide(): who is to get it, by the MAC table
 *  3. emit(): the same in steps, tags put right for each port
 */
#include "hash.h"

#include <stdio.h>
#include <stdlib.h>
#include <linux/if_ether.h>
#include <uthash.h>

#include "bridge.h"

struct bridge_port {
	uint32_t no;
	char name[IF_NAMESIZE];
	struct bridge_vlans vlans;
	UT_hash_handle hh;
};

struct bridge {
	struct bridge_port *ports;	/* iterates in the order of their numbers */
	struct mac_table *macs;		/* borrowed */
	struct bridge_step *steps;	/* the last decision's */
	size_t max_steps;		/* room in it: a step a port and the tags' */
};

/* How a frame of a VLAN looks on the wire. */
enum form {
	FORM_UNTAGGED,
	FORM_TAGGED,
	FORM_PRIORITY,		/* a tag with VID 0: a priority, but no VLAN */
};

/* Steps that a decision needs beside one per port: a pop and a push. */
#define TAG_STEPS 2

static const uint8_t stp_group[5] = { 0x01, 0x80, 0xc2, 0x00, 0x00 };

static struct bridge_port *find(const struct bridge *b, uint32_t no)
{
	struct bridge_port *p;

	HASH_FIND(hh, b->ports, &no, sizeof(no), p);
	return p;
}

static int by_number(const struct bridge_port *a, const struct bridge_port *b)
{
	return a->no < b->no ? -1 : a->no > b->no;
}

static bool has_vlan(const struct bridge_vlans *v, uint16_t vlan)
{
	switch (v->mode) {
	case BRIDGE_PORT_PLAIN:
		return true;
	case BRIDGE_PORT_ACCESS:
		return vlan == v->access;
	case BRIDGE_PORT_TRUNK:
		return v->trunk[vlan / 64] >> (vlan % 64) & 1;
	}
	return false;
}

static enum form frame_form(const struct frame *f)
{
	if (!(f->tag[0].tci & VSL_VLAN_PRESENT))
		return FORM_UNTAGGED;
	return f->tag[0].tci & VSL_VLAN_VID ? FORM_TAGGED : FORM_PRIORITY;
}

static bool is_group(const uint8_t mac[6])
{
	return mac[0] & 1;
}

/* 802.1Q's addresses that no bridge forwards: spanning tree, LACP, LLDP, ... */
static bool is_link_local(const uint8_t mac[6])
{
	return !memcmp(mac, stp_group, sizeof(stp_group)) && mac[5] < 0x10;
}

/**
 * bridge_create() - a switch without ports
 * @macs: the MAC table it asks; borrowed, must live longer
 *
 * Return: the switch, to be given to bridge_destroy(), or NULL for want of memory.
 */
struct bridge *bridge_create(struct mac_table *macs)
{
	struct bridge *b = calloc(1, sizeof(*b));

	if (b)
		b->macs = macs;
	return b;
}

/**
 * bridge_destroy() - free a switch and its ports
 * @b: the switch, or NULL
 */
void bridge_destroy(struct bridge *b)
{
	struct bridge_port *p, *tmp;

	if (!b)
		return;
	HASH_ITER(hh, b->ports, p, tmp) {
		HASH_DELETE(hh, b->ports, p);
		free(p);
	}
	free(b->steps);
	free(b);
}

/**
 * bridge_port_add() - add a port, or change what a port of that number is
 * @b: the switch
 * @no: the port's number in the datapath
 * @name: its name, cut to what an interface name can be
 * @vlans: what it carries; NULL for everything
 *
 * The caller sees to it that flows are decided anew.
 *
 * Return: false for want of memory, with nothing changed.
 */
bool bridge_port_add(struct bridge *b, uint32_t no, const char *name,
		     const struct bridge_vlans *vlans)
{
	struct bridge_port *p = find(b, no);
	size_t need = HASH_COUNT(b->ports) + 1 + TAG_STEPS;
	struct bridge_step *steps;

	if (need > b->max_steps) {
		steps = realloc(b->steps, 2 * need * sizeof(*steps));
		if (!steps)
			return false;
		b->steps = steps;
		b->max_steps = 2 * need;
	}

	if (!p) {
		p = calloc(1, sizeof(*p));
		if (!p)
			return false;
		p->no = no;
		HASH_ADD_INORDER(hh, b->ports, no, sizeof(p->no), p, by_number);
		if (!p->hh.tbl) {
			free(p);
			return false;
		}
	}
	snprintf(p->name, sizeof(p->name), "%s", name);
	if (vlans)
		p->vlans = *vlans;
	else
		memset(&p->vlans, 0, sizeof(p->vlans));
	return true;
}

/**
 * bridge_port_remove() - a port left
 * @b: the switch
 * @no: its number
 *
 * The MAC table and the flows are the caller's to put right.
 *
 * Return: false if there was no such port.
 */
bool bridge_port_remove(struct bridge *b, uint32_t no)
{
	struct bridge_port *p = find(b, no);

	if (!p)
		return false;
	HASH_DELETE(hh, b->ports, p);
	free(p);
	return true;
}

/**
 * bridge_port_name() - the name of a port
 * @b: the switch
 * @no: the port's number
 *
 * Return: the name, which lives as long as the port; NULL if there is none.
 */
const char *bridge_port_name(const struct bridge *b, uint32_t no)
{
	const struct bridge_port *p = find(b, no);

	return p ? p->name : NULL;
}

/**
 * bridge_port_vlans() - what a port carries
 * @b: the switch
 * @no: the port's number
 *
 * Return: its VLANs, which live as long as the port; NULL if there is none.
 */
const struct bridge_vlans *bridge_port_vlans(const struct bridge *b, uint32_t no)
{
	const struct bridge_port *p = find(b, no);

	return p ? &p->vlans : NULL;
}

/**
 * bridge_port_count() - number of ports
 * @b: the switch
 *
 * Return: how many there are, the local one included.
 */
size_t bridge_port_count(const struct bridge *b)
{
	return HASH_COUNT(b->ports);
}

/**
 * bridge_port_each() - call a function for every port, in the order of numbers
 * @b: the switch
 * @fn: the function; must not add a port, may remove the one it is called for
 * @ctx: handed to @fn
 */
void bridge_port_each(const struct bridge *b,
		      void (*fn)(void *ctx, uint32_t no, const char *name), void *ctx)
{
	struct bridge_port *p, *tmp;

	HASH_ITER(hh, b->ports, p, tmp)
		fn(ctx, p->no, p->name);
}

/* Appends the outputs to those ports that want the frame with or without a tag. */
static size_t emit_outputs(struct bridge *b, const struct frame *f, uint16_t vlan,
			   uint32_t only, bool tagged, size_t n)
{
	const struct bridge_port *p;

	if (only != MAC_TABLE_NO_PORT) {
		p = find(b, only);
		if (p && (vlan && p->vlans.mode != BRIDGE_PORT_ACCESS) == tagged)
			b->steps[n++] = (struct bridge_step){
				.type = BRIDGE_STEP_OUTPUT, .port = only,
			};
		return n;
	}

	for (p = b->ports; p; p = p->hh.next) {
		if (p->no == f->in_port || !has_vlan(&p->vlans, vlan))
			continue;
		if ((vlan && p->vlans.mode != BRIDGE_PORT_ACCESS) != tagged)
			continue;
		b->steps[n++] = (struct bridge_step){
			.type = BRIDGE_STEP_OUTPUT, .port = p->no,
		};
	}
	return n;
}

/*
 * Writes the steps for a frame of @vlan to one port, or to all others when @only
 * is MAC_TABLE_NO_PORT. Ports that take the frame as it came are served first, so
 * that a tag is changed at most once each way, whatever the number of ports.
 */
static size_t emit(struct bridge *b, const struct frame *f, uint16_t vlan, uint32_t only)
{
	enum form form = frame_form(f);
	size_t n, mark, first;

	/* VLAN 0 has no tag of its own, so a mere priority stays as it came */
	if (!vlan)
		return emit_outputs(b, f, vlan, only, false, 0);

	if (form == FORM_TAGGED) {
		n = emit_outputs(b, f, vlan, only, true, 0);
		mark = n;
		b->steps[n++] = (struct bridge_step){ .type = BRIDGE_STEP_POP_VLAN };
		n = emit_outputs(b, f, vlan, only, false, n);
		return n == mark + 1 ? mark : n;
	}

	n = 0;
	if (form == FORM_PRIORITY)
		b->steps[n++] = (struct bridge_step){ .type = BRIDGE_STEP_POP_VLAN };
	first = n;
	n = emit_outputs(b, f, vlan, only, false, n);
	mark = n;
	b->steps[n++] = (struct bridge_step){
		.type = BRIDGE_STEP_PUSH_VLAN,
		.tpid = ETH_P_8021Q,
		.tci = (f->tag[0].tci & FRAME_TCI_PCP) | VSL_VLAN_PRESENT | vlan,
	};
	n = emit_outputs(b, f, vlan, only, true, n);
	if (n == mark + 1)
		n = mark;
	return n == first ? 0 : n;
}

static void drop(struct bridge_decision *d, const char *why)
{
	d->verdict = BRIDGE_DROP;
	d->why = why;
	d->n_steps = 0;
}

/**
 * bridge_classify() - what VLAN a frame is in, and whether it may come in at all
 * @b: the switch
 * @f: the frame
 * @d: filled in; a drop with its reason if the frame may not come in
 *
 * To be asked before the source address is learned: @d->may_learn says if it may be.
 */
void bridge_classify(const struct bridge *b, const struct frame *f,
		     struct bridge_decision *d)
{
	const struct bridge_port *p = find(b, f->in_port);
	uint16_t vid = f->tag[0].tci & VSL_VLAN_VID;

	*d = (struct bridge_decision){
		.verdict = BRIDGE_FLOOD,
		.cacheable = !f->flags,
	};

	if (!p) {
		/* a flow would outlive our not knowing the port */
		d->cacheable = false;
		drop(d, "the port is not one of this switch");
		return;
	}
	if (f->flags & FRAME_CUT_OUTER_TAG) {
		drop(d, "VLAN tag cut short");
		return;
	}
	if (vid == BRIDGE_VLANS - 1) {
		drop(d, "VLAN 4095 is reserved");
		return;
	}
	if (p->vlans.mode == BRIDGE_PORT_ACCESS) {
		if (frame_form(f) == FORM_TAGGED) {
			drop(d, "tagged frame on an access port");
			return;
		}
		vid = p->vlans.access;
	} else if (!has_vlan(&p->vlans, vid)) {
		drop(d, vid ? "VLAN is not one of this trunk's" :
			      "untagged frame on a trunk port");
		return;
	}
	d->vlan = vid;
	if (is_link_local(f->dst)) {
		drop(d, "link-local group address, never forwarded");
		return;
	}
	d->may_learn = true;
}

/**
 * bridge_decide() - what is to be done with a frame
 * @b: the switch
 * @f: the frame
 * @d: filled in
 *
 * Nothing is learned by it: asked again with nothing changed, it says the same.
 */
void bridge_decide(struct bridge *b, const struct frame *f, struct bridge_decision *d)
{
	uint32_t to = MAC_TABLE_NO_PORT;
	const struct bridge_port *p;

	bridge_classify(b, f, d);
	if (!d->may_learn)
		return;

	if (!is_group(f->dst))
		to = mac_table_port(b->macs, d->vlan, f->dst);
	if (to == f->in_port) {
		drop(d, "destination is behind the port it came by");
		return;
	}
	if (to != MAC_TABLE_NO_PORT) {
		p = find(b, to);
		/* a host learned before its port ceased to carry the VLAN */
		if (!p || !has_vlan(&p->vlans, d->vlan))
			to = MAC_TABLE_NO_PORT;
	}

	d->verdict = to == MAC_TABLE_NO_PORT ? BRIDGE_FLOOD : BRIDGE_FORWARD;
	d->n_steps = emit(b, f, d->vlan, to);
	d->steps = b->steps;
	if (!d->n_steps)
		drop(d, "no other port in its VLAN");
}
