/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bridge_private.h - what bridge.c (ports) and bridge_decide.c (frames) share
 */
#ifndef VSWITCHD_BRIDGE_PRIVATE_H
#define VSWITCHD_BRIDGE_PRIVATE_H

#include "hash.h"

#include <uthash.h>

#include "bridge.h"

struct bridge_port {
	uint32_t no;
	char name[IF_NAMESIZE];
	struct bridge_port_config config;
	bool shut;			/* by loop protection: nothing in, nothing out */
	UT_hash_handle hh;
};

struct bridge {
	struct bridge_port *ports;	/* iterates in the order of their numbers */
	struct mac_table *macs;		/* borrowed */
	struct rules *rules;		/* borrowed, or NULL */
	bool rules_stale;		/* ports came or left: resolve them before they are asked */
	uint8_t probe[6];		/* source of this switch's loop probes, or zeros */
	struct bridge_step *steps;	/* the last decision's */
	size_t max_steps;		/* room in it: see bridge_port_add() */
};

struct bridge_port *bridge_find(const struct bridge *b, uint32_t no);
void bridge_resolve_rules(struct bridge *b);

#endif
