// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flow_limit.c - how many flows this machine can look after: see flow_limit.h
 */
#include "flow_limit.h"

/* What a full table leaves of the time that a flow may be idle: one part in so many. */
#define HURRY 10

/**
 * flow_limit_set() - the configuration says
 * @l: the limit; all zeros before the first call
 * @max: so many flows
 * @idle_ms: and so long without a packet
 */
void flow_limit_set(struct flow_limit *l, size_t max, uint64_t idle_ms)
{
	/* what the machine has shown it can do stays known */
	if (!l->now || l->now == l->max || l->now > max)
		l->now = max;
	l->max = max;
	l->idle_ms = idle_ms;
}

/**
 * flow_limit_looked() - all flows were looked at
 * @l: the limit
 * @flows: so many there were
 * @took_ns: so long it took
 */
void flow_limit_looked(struct flow_limit *l, size_t flows, uint64_t took_ns)
{
	size_t least = l->max < FLOW_LIMIT_MIN ? l->max : FLOW_LIMIT_MIN;
	size_t can, next = l->now;

	/* few flows say little of how long many take */
	if (flows < least / 2 || !took_ns)
		return;
	can = (unsigned __int128)flows * FLOW_LIMIT_LOOK_NS / took_ns;
	if (took_ns > FLOW_LIMIT_LOOK_NS)
		/* half the way: this once may have been an accident */
		next = flows + can > l->now ? (flows + can) / 2 : l->now / 2;
	else if (flows >= l->now / 2)
		next = can - can / 4 < 2 * l->now ? can - can / 4 : 2 * l->now;

	if (took_ns > FLOW_LIMIT_LOOK_NS ? next > l->now : next < l->now)
		return;
	l->now = next < least ? least : next > l->max ? l->max : next;
}

/**
 * flow_limit_idle() - how long may a flow be without a packet?
 * @l: the limit
 * @flows: so many there are
 *
 * Return: milliseconds: all of the configuration's up to half of the limit, a tenth
 * of it where the limit is reached.
 */
uint64_t flow_limit_idle(const struct flow_limit *l, size_t flows)
{
	size_t half = l->now / 2, over;

	if (flows <= half)
		return l->idle_ms;
	over = flows < l->now ? flows - half : l->now - half;
	return l->idle_ms - l->idle_ms * (HURRY - 1) / HURRY * over / (l->now - half);
}
