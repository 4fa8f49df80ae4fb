// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mac_room.c - the MAC table's bounds, and who has to go where one is reached
 */
#include "mac_private.h"

/** mac_make_room() - the port that holds most gives up what was silent longest there */
void mac_make_room(struct mac_table *t)
{
	struct mac_port *p, *tmp, *fullest = NULL;

	HASH_ITER(hh, t->ports, p, tmp) {
		if (!fullest || p->count > fullest->count)
			fullest = p;
	}
	/* where all that there is are fixed ones there is no room to be made */
	if (fullest && fullest->by_use)
		mac_forget(t, fullest->by_use);
}

/* The port that holds most of a VLAN gives up what was silent longest there. */
static void make_vlan_room(struct mac_table *t, uint16_t vlan)
{
	struct mac_share *s, *fullest = NULL;
	struct mac_port *p, *tmp;

	HASH_ITER(hh, t->ports, p, tmp) {
		s = mac_share_find(t, p->no, vlan);
		if (s && (!fullest || s->count > fullest->count))
			fullest = s;
	}
	if (fullest)
		mac_forget(t, fullest->by_use);
}

/** mac_make_room_for() - for one more learned address of @vlan on a port */
void mac_make_room_for(struct mac_table *t, uint16_t vlan, uint32_t port)
{
	struct mac_port *p;

	HASH_FIND(hh, t->ports, &port, sizeof(port), p);
	if (p && p->limit && p->count >= p->limit)
		mac_forget(t, p->by_use);
	if (t->per_vlan && t->vlan_count[vlan] >= t->per_vlan)
		make_vlan_room(t, vlan);
}

/**
 * mac_table_set_limits() - how much may be in the table, and for how long
 * @t: the table
 * @max: entries, at least 1
 * @per_vlan: learned entries of one VLAN, 0 for no limit
 * @age_ms: as for mac_table_create()
 *
 * What is too much goes at once.
 */
void mac_table_set_limits(struct mac_table *t, size_t max, size_t per_vlan, uint64_t age_ms)
{
	size_t before;
	int vlan;

	t->max = max;
	t->per_vlan = per_vlan;
	t->age_ms = age_ms;
	for (vlan = 0; per_vlan && vlan < MAC_TABLE_VLANS; vlan++) {
		while (t->vlan_count[vlan] > per_vlan)
			make_vlan_room(t, vlan);
	}
	while (HASH_COUNT(t->entries) > max) {
		before = HASH_COUNT(t->entries);
		mac_make_room(t);
		/* fixed ones stay */
		if (HASH_COUNT(t->entries) == before)
			break;
	}
}

/**
 * mac_table_set_port_limit() - how many hosts may be learned on a port
 * @t: the table
 * @port: number of the port
 * @limit: their number, 0 for no limit of the port's own
 *
 * What is too much goes at once. The limit outlives the port's entries: who takes
 * the port away sets it to 0.
 *
 * Return: false for want of memory.
 */
bool mac_table_set_port_limit(struct mac_table *t, uint32_t port, size_t limit)
{
	struct mac_port *p;

	HASH_FIND(hh, t->ports, &port, sizeof(port), p);
	if (!p && !limit)
		return true;
	p = mac_port_get(t, port);
	if (!p)
		return false;
	p->limit = limit;
	while (limit && p->count > limit)
		mac_forget(t, p->by_use);
	mac_port_put(t, p);
	return true;
}
