/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flow_limit.h - how many flows this machine can look after
 *
 * Each flow costs time whenever all are looked at. Where that takes longer than is
 * good, fewer flows may be there; where it is quick, more may, up to what the
 * configuration says. And the fewer flows there is room for, the sooner an idle one
 * goes, so that room is left for those that packets come for.
 */
#ifndef VSWITCHD_FLOW_LIMIT_H
#define VSWITCHD_FLOW_LIMIT_H

#include <stddef.h>
#include <stdint.h>

/* A look at all flows is to take no longer than this. */
#define FLOW_LIMIT_LOOK_NS	500000000ULL
/* Fewer than these the configuration alone can ask for. */
#define FLOW_LIMIT_MIN		1000

/**
 * struct flow_limit - what may be there now
 * @max: by the configuration
 * @now: by what the machine can do; at most @max
 * @idle_ms: silence after which a flow goes, where there is room
 */
struct flow_limit {
	size_t max, now;
	uint64_t idle_ms;
};

void flow_limit_set(struct flow_limit *l, size_t max, uint64_t idle_ms);
void flow_limit_looked(struct flow_limit *l, size_t flows, uint64_t took_ns);
uint64_t flow_limit_idle(const struct flow_limit *l, size_t flows);

#endif
