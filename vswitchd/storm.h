/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * storm.h - no port floods more than it may
 *
 * What a port floods (broadcast, multicast, hosts that are not known) passes a
 * meter in the kernel, so that packets count whether they have a flow or not. The
 * meter has the port's number; bridge_decide() puts it in front of the outputs.
 */
#ifndef VSWITCHD_STORM_H
#define VSWITCHD_STORM_H

#include "config.h"
#include "lib/nl.h"

struct storm;

struct storm *storm_create(const struct vsl_nl *nl, int dp_ifindex);
void storm_destroy(struct storm *s);
void storm_set_port(struct storm *s, uint32_t no, const struct config_port *c);
void storm_check(struct storm *s);

#endif
