// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bridge.c - the switch's ports
 */
#include "bridge_private.h"

#include <stdio.h>
#include <stdlib.h>

#include "rules.h"

/* Steps of a decision beside one per port: a pop, a push, a meter, the mirrors'. */
#define OTHER_STEPS (3 + BRIDGE_MIRRORS)

/**
 * bridge_find() - a port by its number
 * @b: the bridge
 * @no: any number
 *
 * Return: the port, valid until it is removed, or NULL.
 */
struct bridge_port *bridge_find(const struct bridge *b, uint32_t no)
{
	struct bridge_port *p;

	HASH_FIND(hh, b->ports, &no, sizeof(no), p);
	return p;
}

static int by_number(const struct bridge_port *a, const struct bridge_port *b)
{
	return a->no < b->no ? -1 : a->no > b->no;
}

/* Rules name ports, whose numbers change as they come and go. */
static bool number_of(const char *name, uint32_t *port_no, void *arg)
{
	const struct bridge *b = arg;
	const struct bridge_port *p;

	for (p = b->ports; p; p = p->hh.next) {
		if (!strcmp(p->name, name)) {
			*port_no = p->no;
			return true;
		}
	}
	return false;
}

/**
 * bridge_resolve_rules() - find the ports that rules name
 * @b: the switch, with rules
 *
 * Once for all the ports that come and go between two decisions.
 */
void bridge_resolve_rules(struct bridge *b)
{
	const struct vsl_text_ports ports = { .number = number_of, .arg = b };

	rules_resolve(b->rules, &ports);
	b->rules_stale = false;
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
 * @config: what it is to be; NULL for a port that carries everything
 *
 * The caller sees to it that flows are decided anew.
 *
 * Return: false for want of memory, with nothing changed.
 */
bool bridge_port_add(struct bridge *b, uint32_t no, const char *name,
		     const struct bridge_port_config *config)
{
	struct bridge_port *p = bridge_find(b, no);
	size_t need = HASH_COUNT(b->ports) + 1 + OTHER_STEPS;
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
	/* it may be the very name that the port has */
	if (name != p->name)
		snprintf(p->name, sizeof(p->name), "%s", name);
	if (config)
		p->config = *config;
	else
		memset(&p->config, 0, sizeof(p->config));
	b->rules_stale = true;
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
	struct bridge_port *p = bridge_find(b, no);

	if (!p)
		return false;
	HASH_DELETE(hh, b->ports, p);
	free(p);
	b->rules_stale = true;
	return true;
}

/**
 * bridge_port_shut() - keep a port out of switching for a time, or let it in again
 * @b: the switch
 * @no: the port's number
 * @shut: which of the two
 *
 * The MAC table and the flows are the caller's to put right.
 *
 * Return: true if that changed something.
 */
bool bridge_port_shut(struct bridge *b, uint32_t no, bool shut)
{
	struct bridge_port *p = bridge_find(b, no);

	if (!p || p->shut == shut)
		return false;
	p->shut = shut;
	return true;
}

/**
 * bridge_port_is_shut() - is a port kept out of switching?
 * @b: the switch
 * @no: the port's number
 *
 * Return: true if so.
 */
bool bridge_port_is_shut(const struct bridge *b, uint32_t no)
{
	const struct bridge_port *p = bridge_find(b, no);

	return p && p->shut;
}

/**
 * bridge_port_is_outlet() - is a port where a mirror sends to, and nothing else?
 * @b: the switch
 * @no: the port's number
 *
 * Return: true if so.
 */
bool bridge_port_is_outlet(const struct bridge *b, uint32_t no)
{
	const struct bridge_port *p = bridge_find(b, no);

	return p && p->config.mirror_to;
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
	const struct bridge_port *p = bridge_find(b, no);

	return p ? &p->config.vlans : NULL;
}

/**
 * bridge_set_rules() - decide by rules from now on
 * @b: the switch
 * @rules: borrowed, must live until others are set; NULL for none
 *
 * The caller sees to it that flows are decided anew.
 */
void bridge_set_rules(struct bridge *b, struct rules *rules)
{
	b->rules = rules;
	b->rules_stale = true;
}

/**
 * bridge_set_probe() - know this switch's own loop probes
 * @b: the switch
 * @mac: their source address
 */
void bridge_set_probe(struct bridge *b, const uint8_t mac[6])
{
	memcpy(b->probe, mac, sizeof(b->probe));
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
	const struct bridge_port *p = bridge_find(b, no);

	return p ? p->name : NULL;
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
