/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * loops.h - a port that is part of a loop is shut for a time
 *
 * Two signs of a loop: a probe that was sent out by a port comes in by one, or a
 * host's address moves to and fro between two ports faster than a host can. The
 * port is shut in the switch, not on the wire: nothing from it is taken, nothing
 * sent to it. When the time is over it is let in again, and if the loop is still
 * there, the next probe says so.
 */
#ifndef VSWITCHD_LOOPS_H
#define VSWITCHD_LOOPS_H

#include "bridge.h"
#include "config.h"
#include "flows.h"
#include "mac_table.h"
#include "outbox.h"

/**
 * struct loops_parts - what loop protection works with; all borrowed
 * @bridge: whose ports are shut
 * @macs: forgets who was behind them
 * @flows: are told
 * @outbox: sends probes
 * @dp_ifindex: of the datapath
 */
struct loops_parts {
	struct bridge *bridge;
	struct mac_table *macs;
	struct flows *flows;
	struct outbox *outbox;
	int dp_ifindex;
};

struct loops;

struct loops *loops_create(const struct loops_parts *parts);
void loops_destroy(struct loops *l);
void loops_configure(struct loops *l, const struct config_loops *c);
void loops_port_left(struct loops *l, uint32_t no);

void loops_probe_came(struct loops *l, uint32_t port, struct vsl_blob packet);
void loops_host_moved(struct loops *l, uint16_t vlan, const uint8_t mac[6], uint32_t from,
		      uint32_t to);
void loops_act(struct loops *l);
void loops_tick(struct loops *l, uint64_t now_ms);

#endif
