// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bridge_decide.c - the forwarding decision
 *
 * A frame's way through this file:
 *  1. bridge_classify(): which VLAN is it in, and does its port carry that VLAN?
 *  2. bridge_decide(): is there a rule for it, or else who is to get it, by the
 *     MAC table
 *  3. emit(): the same in steps, tags put right for each port
 */
#include "bridge_private.h"

#include <linux/if_ether.h>

#include "lib/attr.h"
#include "ovs_abi.h"
#include "rules.h"

/* How a frame of a VLAN looks on the wire. */
enum form {
	FORM_UNTAGGED,
	FORM_TAGGED,
	FORM_PRIORITY,		/* a tag with VID 0: a priority, but no VLAN */
};

static const uint8_t stp_group[5] = { 0x01, 0x80, 0xc2, 0x00, 0x00 };

/**
 * bridge_vlans_have() - does a port carry a VLAN?
 * @v: what the port carries
 * @vlan: the VLAN, 0 for frames without one
 *
 * Return: true if so.
 */
bool bridge_vlans_have(const struct bridge_vlans *v, uint16_t vlan)
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

/* Do the VLAN's frames have its tag on this port's wire? */
static bool is_tagged(const struct bridge_port *p, uint16_t vlan)
{
	const struct bridge_vlans *v = &p->config.vlans;

	return vlan && v->mode != BRIDGE_PORT_ACCESS && vlan != v->native;
}

/* May frames of the VLAN leave by this port? */
static bool may_send(const struct bridge_port *p, uint16_t vlan)
{
	return !p->shut && !p->config.mirror_to && bridge_vlans_have(&p->config.vlans, vlan);
}

static enum form frame_form(const struct frame *f)
{
	if (!(f->tag[0].tci & VSL_VLAN_PRESENT))
		return FORM_UNTAGGED;
	return f->tag[0].tci & VSL_VLAN_VID ? FORM_TAGGED : FORM_PRIORITY;
}

/* 802.1Q's addresses that no bridge forwards: spanning tree, LACP, LLDP, ... */
static bool is_link_local(const uint8_t mac[6])
{
	return !memcmp(mac, stp_group, sizeof(stp_group)) && mac[5] < 0x10;
}

static bool is_probe(const struct bridge *b, const struct frame *f)
{
	static const uint8_t none[6];

	return f->eth_type == BRIDGE_PROBE_TYPE && !memcmp(f->src, b->probe, 6) &&
	       memcmp(b->probe, none, 6);
}

/* Is @p one of those that are to get the frame? @only: see emit(). */
static bool gets(const struct bridge_port *p, const struct frame *f, uint16_t vlan,
		 uint32_t only)
{
	if (only != MAC_TABLE_NO_PORT)
		return p->no == only;
	return p->no != f->in_port && may_send(p, vlan);
}

/* Where gets() can be true at all: one port, or all of them. */
static const struct bridge_port *first(const struct bridge *b, uint32_t only)
{
	return only != MAC_TABLE_NO_PORT ? bridge_find(b, only) : b->ports;
}

static const struct bridge_port *next(const struct bridge_port *p, uint32_t only)
{
	return only != MAC_TABLE_NO_PORT ? NULL : p->hh.next;
}

static size_t put(struct bridge *b, size_t n, struct bridge_step step)
{
	b->steps[n] = step;
	return n + 1;
}

/* Appends the outputs to those ports that want the frame with or without a tag. */
static size_t emit_outputs(struct bridge *b, const struct frame *f, uint16_t vlan,
			   uint32_t only, bool tagged, size_t n)
{
	const struct bridge_port *p;

	for (p = first(b, only); p; p = next(p, only)) {
		if (gets(p, f, vlan, only) && is_tagged(p, vlan) == tagged)
			n = put(b, n, (struct bridge_step){
				.type = BRIDGE_STEP_OUTPUT, .port = p->no,
			});
	}
	return n;
}

/*
 * Appends, behind @start others, the steps for a frame of @vlan to one port, or to
 * all others when @only is MAC_TABLE_NO_PORT. Ports that take the frame as it came
 * are served first, so that a tag is changed at most once each way, whatever the
 * number of ports. Returns @start where no port is to get it.
 */
static size_t emit(struct bridge *b, const struct frame *f, uint16_t vlan, uint32_t only,
		   size_t start)
{
	enum form form = frame_form(f);
	size_t n = start, mark, bare;

	/* VLAN 0 has no tag of its own, so a mere priority stays as it came */
	if (!vlan)
		return emit_outputs(b, f, vlan, only, false, n);

	if (form == FORM_TAGGED) {
		n = emit_outputs(b, f, vlan, only, true, n);
		mark = n;
		n = put(b, n, (struct bridge_step){ .type = BRIDGE_STEP_POP_VLAN });
		n = emit_outputs(b, f, vlan, only, false, n);
		return n == mark + 1 ? mark : n;
	}

	if (form == FORM_PRIORITY)
		n = put(b, n, (struct bridge_step){ .type = BRIDGE_STEP_POP_VLAN });
	bare = n;
	n = emit_outputs(b, f, vlan, only, false, n);
	mark = n;
	n = put(b, n, (struct bridge_step){
		.type = BRIDGE_STEP_PUSH_VLAN,
		.tpid = ETH_P_8021Q,
		.tci = (f->tag[0].tci & FRAME_TCI_PCP) | VSL_VLAN_PRESENT | vlan,
	});
	n = emit_outputs(b, f, vlan, only, true, n);
	if (n == mark + 1)
		n = mark;
	return n == bare ? start : n;
}

/* Appends a copy for each of those mirrors, of the frame as it came in. */
static size_t emit_mirrors(struct bridge *b, const struct frame *f, uint32_t mirrors, size_t n)
{
	const struct bridge_port *p;

	if (!mirrors)
		return n;
	for (p = b->ports; p; p = p->hh.next) {
		if (p->config.mirror_to & mirrors && !p->shut && p->no != f->in_port)
			n = put(b, n, (struct bridge_step){
				.type = BRIDGE_STEP_OUTPUT, .port = p->no,
			});
	}
	return n;
}

/* The mirrors of the ports that are to get a frame. */
static uint32_t mirrors_out(const struct bridge *b, const struct frame *f, uint16_t vlan,
			    uint32_t only)
{
	const struct bridge_port *p;
	uint32_t mirrors = 0;

	for (p = first(b, only); p; p = next(p, only)) {
		if (gets(p, f, vlan, only))
			mirrors |= p->config.mirror_out;
	}
	return mirrors;
}

static void drop(struct bridge_decision *d, const char *why)
{
	d->verdict = BRIDGE_DROP;
	d->why = why;
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
	const struct bridge_port *p = bridge_find(b, f->in_port);
	uint16_t vid = f->tag[0].tci & VSL_VLAN_VID;
	const struct bridge_vlans *v;
	uint32_t home;

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
	if (p->shut) {
		drop(d, "the port is shut, because it is part of a loop");
		return;
	}
	if (p->config.mirror_to) {
		drop(d, "the port is where a mirror sends to");
		return;
	}
	if (is_probe(b, f)) {
		/* each one is to come up */
		d->cacheable = false;
		d->probe = true;
		drop(d, "this switch's own probe came back: there is a loop");
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
	v = &p->config.vlans;
	if (v->mode == BRIDGE_PORT_ACCESS && frame_form(f) == FORM_TAGGED) {
		drop(d, "tagged frame on an access port");
		return;
	}
	if (v->mode == BRIDGE_PORT_ACCESS)
		vid = v->access;
	else if (v->mode == BRIDGE_PORT_TRUNK && !vid && v->native)
		vid = v->native;
	if (!bridge_vlans_have(v, vid)) {
		drop(d, vid ? "VLAN is not one of this trunk's" :
			      "untagged frame on a trunk port");
		return;
	}
	d->vlan = vid;
	if (is_link_local(f->dst)) {
		drop(d, "link-local group address, never forwarded");
		return;
	}
	home = mac_table_fixed_port(b->macs, vid, f->src);
	if (home != MAC_TABLE_NO_PORT && home != f->in_port) {
		drop(d, "the source is a fixed host of another port");
		return;
	}
	d->may_learn = true;
}

/* The one port that is to get a frame, or MAC_TABLE_NO_PORT for all. */
static uint32_t destination(const struct bridge *b, const struct frame *f, uint16_t vlan)
{
	const struct bridge_port *p;
	uint32_t to;

	if (vsl_mac_is_multicast(f->dst))
		return MAC_TABLE_NO_PORT;
	to = mac_table_port(b->macs, vlan, f->dst);
	p = to == MAC_TABLE_NO_PORT ? NULL : bridge_find(b, to);
	/* a host learned before its port ceased to carry the VLAN is not known */
	return p && may_send(p, vlan) ? to : MAC_TABLE_NO_PORT;
}

static bool branches_are_open(const struct bridge *b, struct vsl_blob nest, uint32_t lists,
			      uint32_t *mirrors);

/*
 * Adds the mirrors of all ports that a rule's actions send to, at any depth. Returns
 * false where one of those ports is shut.
 */
static bool outputs_are_open(const struct bridge *b, struct vsl_blob actions, uint32_t *mirrors)
{
	static const uint32_t either_length = 1u << OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_GREATER |
					      1u << OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_LESS_EQUAL;
	const struct nlattr *nla = actions.data;
	const struct bridge_port *p;
	struct vsl_blob nest;
	int rem = actions.len;
	bool open = true;
	uint32_t no;

	for (; vsl_attr_ok(nla, rem); nla = vsl_attr_next(nla, &rem)) {
		nest = vsl_blob_of_attr(nla);
		switch (vsl_attr_type(nla)) {
		case OVS_ACTION_ATTR_OUTPUT:
			memcpy(&no, nest.data, sizeof(no));
			p = bridge_find(b, no);
			*mirrors |= p ? p->config.mirror_out : 0;
			open &= !p || !p->shut;
			break;
		case OVS_ACTION_ATTR_CLONE:
			open &= outputs_are_open(b, nest, mirrors);
			break;
		case OVS_ACTION_ATTR_SAMPLE:
			open &= branches_are_open(b, nest, 1u << OVS_SAMPLE_ATTR_ACTIONS, mirrors);
			break;
		case OVS_ACTION_ATTR_CHECK_PKT_LEN:
			open &= branches_are_open(b, nest, either_length, mirrors);
			break;
		}
	}
	return open;
}

/* The same of an action that has lists of actions among its attributes: @lists, a bit each. */
static bool branches_are_open(const struct bridge *b, struct vsl_blob nest, uint32_t lists,
			      uint32_t *mirrors)
{
	const struct nlattr *nla = nest.data;
	int rem = nest.len;
	bool open = true;

	for (; vsl_attr_ok(nla, rem); nla = vsl_attr_next(nla, &rem)) {
		if (lists >> vsl_attr_type(nla) & 1)
			open &= outputs_are_open(b, vsl_blob_of_attr(nla), mirrors);
	}
	return open;
}

/* What a rule says; false where none has more to say than "as usual". */
static bool decide_by_rule(struct bridge *b, const struct frame *f, struct vsl_blob key,
			   uint32_t mirrors, struct bridge_decision *d)
{
	uint32_t out = 0;
	struct rules_verdict v;

	if (!b->rules)
		return false;
	if (b->rules_stale)
		bridge_resolve_rules(b);
	rules_ask(b->rules, key, &v);
	d->looked_at = v.looked_at;
	d->looked_id = v.looked_id;
	if (v.type == RULES_NORMAL)
		return false;

	d->why = v.why;
	d->verdict = BRIDGE_DROP;
	if (v.type == RULES_ACTIONS && outputs_are_open(b, v.actions, &out)) {
		d->verdict = BRIDGE_RULE;
		mirrors |= out;
	}
	d->n_steps = emit_mirrors(b, f, mirrors, 0);
	if (d->verdict == BRIDGE_RULE) {
		d->n_steps = put(b, d->n_steps, (struct bridge_step){
			.type = BRIDGE_STEP_ACTIONS, .actions = v.actions,
		});
	}
	return true;
}

/**
 * bridge_decide() - what is to be done with a frame
 * @b: the switch
 * @f: the frame
 * @key: the key that @f was read from, for rules
 * @d: filled in
 *
 * Nothing is learned by it: asked again with nothing changed, it says the same.
 */
void bridge_decide(struct bridge *b, const struct frame *f, struct vsl_blob key,
		   struct bridge_decision *d)
{
	const struct bridge_port *in;
	size_t mark, n;
	uint32_t to;

	bridge_classify(b, f, d);
	if (!d->may_learn)
		return;
	d->steps = b->steps;
	in = bridge_find(b, f->in_port);
	if (decide_by_rule(b, f, key, in->config.mirror_in, d))
		return;

	to = destination(b, f, d->vlan);
	if (to == f->in_port) {
		d->n_steps = emit_mirrors(b, f, in->config.mirror_in, 0);
		drop(d, "destination is behind the port it came by");
		return;
	}

	d->verdict = to == MAC_TABLE_NO_PORT ? BRIDGE_FLOOD : BRIDGE_FORWARD;
	d->n_steps = emit_mirrors(b, f, in->config.mirror_in |
				  mirrors_out(b, f, d->vlan, to), 0);
	mark = d->n_steps;
	if (in->config.metered && d->verdict == BRIDGE_FLOOD)
		d->n_steps = put(b, d->n_steps, (struct bridge_step){
			.type = BRIDGE_STEP_METER, .port = in->no,
		});
	n = emit(b, f, d->vlan, to, d->n_steps);
	if (n == d->n_steps) {
		n = mark;
		drop(d, "no other port in its VLAN");
	}
	d->n_steps = n;
}
