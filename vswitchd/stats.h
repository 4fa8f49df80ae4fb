/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stats.h - what the daemon has done so far, in figures that only grow
 *
 * Counted by upcall.c per upcall, shown by methods.c and metrics.c.
 */
#ifndef VSWITCHD_STATS_H
#define VSWITCHD_STATS_H

#include <stdint.h>

#include "trace.h"

/* Upper bounds of times, microseconds; longer ones are in the last place. */
#define STATS_TIMES { 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000 }
#define STATS_N_TIMES 12

/**
 * struct stats - figures since the start
 * @misses: packets without a flow, answered
 * @copies: packets that a flow sent a copy of
 * @malformed: messages that were no upcalls
 * @overflows: times that upcalls were lost, for want of room in the socket
 * @flows_put: flows made
 * @flows_existing: flows that another packet had made already
 * @flows_failed: flows that the kernel refused
 * @dropped: misses whose decision was to drop
 * @forwarded: likewise, to forward to one port
 * @flooded: likewise, to flood
 * @by_rule: likewise, to do what a rule says
 * @not_sent: packets that the kernel refused to send on
 * @learned: hosts heard for the first time
 * @moved: hosts that changed ports
 * @not_learned: hosts that there was no room for
 * @times: misses by the time from receipt to answer, see STATS_TIMES
 * @time_ns: all of these times together
 */
struct stats {
	uint64_t misses, copies, malformed, overflows;
	uint64_t flows_put, flows_existing, flows_failed;
	uint64_t dropped, forwarded, flooded, by_rule, not_sent;
	uint64_t learned, moved, not_learned;
	uint64_t times[STATS_N_TIMES];
	uint64_t time_ns;
};

void stats_count(struct stats *s, const struct trace_event *e);

#endif
