/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ageing.h - forgetting what is silent, a little at a time
 *
 * A look at everything goes:
 *  1. the kernel tells of each flow its last use: idle ones are deleted, and hosts
 *     whose flows are used are alive
 *  2. flows that it keeps not telling of are forgotten
 *  3. so are hosts that are silent
 * Each step is done in pieces of a few hundred; upcalls are answered in between.
 * How long a look takes says how many flows there may be (flow_limit.h).
 */
#ifndef VSWITCHD_AGEING_H
#define VSWITCHD_AGEING_H

#include "flows.h"
#include "mac_table.h"

struct ageing;

struct ageing *ageing_create(const struct vsl_nl *nl, int dp_ifindex, struct flows *flows,
			     struct mac_table *macs);
void ageing_destroy(struct ageing *a);
int ageing_tick(struct ageing *a);
int ageing_go_on(struct ageing *a);
bool ageing_is_busy(const struct ageing *a);

#endif
