/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * datapath.h - the kernel's datapath and its ports, kept in step with the bridge
 *
 * At start, start.c has it made or taken over and its ports joined; from then on
 * it follows what others do to it: ports that come and go join and leave the
 * bridge, and upcalls that another program sent elsewhere are brought back.
 */
#ifndef VSWITCHD_DATAPATH_H
#define VSWITCHD_DATAPATH_H

#include "config.h"
#include "flows.h"
#include "inbox.h"
#include "lib/nl.h"
#include "loops.h"
#include "mac_table.h"
#include "storm.h"

/**
 * struct datapath_parts - what the datapath's ports are part of; all borrowed
 * @bridge: gets and loses ports
 * @macs: forgets who was behind a port that left
 * @flows: are told that ports changed
 * @storm: limits what ports flood
 * @loops: shuts ports that are part of a loop
 */
struct datapath_parts {
	struct bridge *bridge;
	struct mac_table *macs;
	struct flows *flows;
	struct storm *storm;
	struct loops *loops;
};

struct datapath;

struct datapath *datapath_open(struct vsl_nl *nl, const struct config *c);
void datapath_close(struct datapath *dp);
void datapath_undo(struct datapath *dp);
int datapath_ifindex(const struct datapath *dp);

bool datapath_join_ports(struct datapath *dp, const struct datapath_parts *parts);
bool datapath_find_port(struct datapath *dp, uint32_t port_no);
bool datapath_set_upcalls(struct datapath *dp, struct inbox *inbox);

void datapath_link_changed(struct datapath *dp, const char *name, bool running);
void datapath_reconfigure(struct datapath *dp, const struct config *old, char *error,
			  size_t error_size);

int datapath_fd(const struct datapath *dp);
int datapath_follow(struct datapath *dp);
int datapath_check(struct datapath *dp);

#endif
