// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stats.c - an upcall, counted
 */
#include "stats.h"

#include <stddef.h>

static void count_time(struct stats *s, uint64_t ns)
{
	static const unsigned int bounds_us[] = STATS_TIMES;
	size_t i;

	_Static_assert(VSL_ARRAY_SIZE(bounds_us) + 1 == STATS_N_TIMES, "and one for the rest");
	for (i = 0; i < VSL_ARRAY_SIZE(bounds_us); i++) {
		if (ns <= 1000ULL * bounds_us[i])
			break;
	}
	s->times[i]++;
	s->time_ns += ns;
}

/**
 * stats_count() - count an upcall that has been answered
 * @s: the figures
 * @e: the upcall
 */
void stats_count(struct stats *s, const struct trace_event *e)
{
	if (e->kind == TRACE_ACTION) {
		s->copies++;
		return;
	}
	s->misses++;
	s->dropped += e->verdict == BRIDGE_DROP;
	s->forwarded += e->verdict == BRIDGE_FORWARD;
	s->flooded += e->verdict == BRIDGE_FLOOD;
	s->by_rule += e->verdict == BRIDGE_RULE;
	s->flows_put += e->flow.result == FLOWS_PUT;
	s->flows_existing += e->flow.result == FLOWS_EXISTS;
	s->flows_failed += e->flow.result == FLOWS_FAILED;
	s->not_sent += e->execute_err != 0;
	s->learned += e->news == MAC_TABLE_LEARNED;
	s->moved += e->news == MAC_TABLE_MOVED;
	s->not_learned += e->news == MAC_TABLE_FULL;
	count_time(s, e->taken_ns);
}
