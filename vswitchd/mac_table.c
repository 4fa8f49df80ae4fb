// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mac_table.c - the table of learned addresses: what is asked and told
 */
#include "mac_private.h"

#include <stdlib.h>
#include <utlist.h>

/* Enters an address that is not there; NULL for want of memory. */
static struct mac_entry *enter(struct mac_table *t, uint16_t vlan, const uint8_t mac[6],
			       uint32_t port, bool fixed, uint64_t now_ms)
{
	struct mac_share *s = NULL;
	struct mac_entry *e;
	struct mac_port *p;

	if (!fixed)
		mac_make_room_for(t, vlan, port);
	if (HASH_COUNT(t->entries) >= t->max)
		mac_make_room(t);
	if (HASH_COUNT(t->entries) >= t->max)
		return NULL;
	e = calloc(1, sizeof(*e));
	if (!e)
		return NULL;
	p = mac_port_get(t, port);
	if (!p)
		goto err_port;
	if (!fixed) {
		s = mac_share_get(t, port, vlan);
		if (!s)
			goto err_share;
	}
	e->key = mac_key(vlan, mac);
	e->used_ms = now_ms;
	e->fixed = fixed;
	t->any_fixed |= fixed;
	HASH_ADD(hh, t->entries, key, sizeof(e->key), e);
	if (!e->hh.tbl)
		goto err_entry;
	mac_link(t, e, p, s);
	return e;

err_entry:
	if (s)
		mac_share_put(t, s);
err_share:
	mac_port_put(t, p);
err_port:
	free(e);
	return NULL;
}

/* Puts an entry on another port, or makes it a fixed one. */
static bool move(struct mac_table *t, struct mac_entry *e, uint32_t port, bool fixed,
		 uint64_t now_ms)
{
	struct mac_port *old = e->port, *p = mac_port_get(t, port);
	struct mac_share *s = NULL;
	uint32_t from = old->no;

	if (!p)
		return false;
	/* a full port gives up another for it, not the one that comes */
	if (!fixed && p != old && p->limit && p->count >= p->limit)
		mac_forget(t, p->by_use);
	if (!fixed) {
		s = mac_share_get(t, port, e->key.vlan);
		if (!s) {
			mac_port_put(t, p);
			return false;
		}
	}
	mac_unlink(t, e);
	e->fixed = fixed;
	t->any_fixed |= fixed;
	mac_link(t, e, p, s);
	mac_port_put(t, old);
	e->used_ms = now_ms;
	if (t->changed && from != port)
		t->changed(t->ctx, e->key.vlan, e->key.mac, from, port);
	return true;
}

/**
 * mac_table_create() - an empty table
 * @max: entries it may hold, at least 1
 * @age_ms: silence after which mac_table_age() forgets an address, milliseconds
 * @changed: told of every change, may be NULL
 * @ctx: handed to @changed
 *
 * Return: the table, to be given to mac_table_destroy(), or NULL for want of memory.
 */
struct mac_table *mac_table_create(size_t max, uint64_t age_ms,
				   mac_table_changed_fn *changed, void *ctx)
{
	struct mac_table *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->max = max;
	t->age_ms = age_ms;
	t->changed = changed;
	t->ctx = ctx;
	return t;
}

/**
 * mac_table_destroy() - free a table and all in it, telling nobody
 * @t: the table, or NULL
 */
void mac_table_destroy(struct mac_table *t)
{
	struct mac_port *p, *tmp;

	if (!t)
		return;
	t->changed = NULL;
	while (t->entries)
		mac_forget(t, t->entries);
	HASH_ITER(hh, t->ports, p, tmp) {
		HASH_DELETE(hh, t->ports, p);
		free(p);
	}
	free(t);
}

/**
 * mac_table_learn() - note that a host was heard on a port
 * @t: the table
 * @vlan: VLAN of the frame, 0 for none
 * @mac: its source address; group addresses are the caller's to keep out
 * @port: the port it came in by
 * @now_ms: time
 *
 * A fixed address stays where it is.
 *
 * Return: what was news about it; never MAC_TABLE_FULL for a known address.
 */
enum mac_table_news mac_table_learn(struct mac_table *t, uint16_t vlan,
				    const uint8_t mac[6], uint32_t port,
				    uint64_t now_ms)
{
	struct mac_entry *e = mac_find(t, vlan, mac);

	if (e && (e->fixed || e->port->no == port)) {
		if (e->port->no == port)
			mac_refresh(e, now_ms);
		return MAC_TABLE_KNOWN;
	}
	if (e)
		return move(t, e, port, false, now_ms) ? MAC_TABLE_MOVED : MAC_TABLE_KNOWN;

	if (!enter(t, vlan, mac, port, false, now_ms))
		return MAC_TABLE_FULL;
	if (t->changed)
		t->changed(t->ctx, vlan, mac, MAC_TABLE_NO_PORT, port);
	return MAC_TABLE_LEARNED;
}

/**
 * mac_table_fix() - say which port a host is behind, for good
 * @t: the table
 * @vlan: VLAN, 0 for none
 * @mac: the host's address; group addresses are the caller's to keep out
 * @port: the port
 * @now_ms: time
 *
 * The entry neither ages nor moves nor makes room; it goes with its port, by
 * mac_table_forget(), or by being fixed elsewhere.
 *
 * Return: false where there is no room.
 */
bool mac_table_fix(struct mac_table *t, uint16_t vlan, const uint8_t mac[6], uint32_t port,
		   uint64_t now_ms)
{
	struct mac_entry *e = mac_find(t, vlan, mac);

	if (e)
		return move(t, e, port, true, now_ms);
	if (!enter(t, vlan, mac, port, true, now_ms))
		return false;
	if (t->changed)
		t->changed(t->ctx, vlan, mac, MAC_TABLE_NO_PORT, port);
	return true;
}

/**
 * mac_table_port() - the port that a host is behind
 * @t: the table
 * @vlan: VLAN, 0 for none
 * @mac: the host's address
 *
 * Return: the port's number, or MAC_TABLE_NO_PORT when the host is not known.
 */
uint32_t mac_table_port(const struct mac_table *t, uint16_t vlan,
			const uint8_t mac[6])
{
	const struct mac_entry *e = mac_find(t, vlan, mac);

	return e ? e->port->no : MAC_TABLE_NO_PORT;
}

/**
 * mac_table_fixed_port() - the port that a host must be behind
 * @t: the table
 * @vlan: VLAN, 0 for none
 * @mac: the host's address
 *
 * Return: the port's number, or MAC_TABLE_NO_PORT for a host that may be anywhere.
 */
uint32_t mac_table_fixed_port(const struct mac_table *t, uint16_t vlan, const uint8_t mac[6])
{
	const struct mac_entry *e = t->any_fixed ? mac_find(t, vlan, mac) : NULL;

	return e && e->fixed ? e->port->no : MAC_TABLE_NO_PORT;
}

/**
 * mac_table_touch() - the kernel forwarded traffic from a host: keep it alive
 * @t: the table
 * @vlan: VLAN, 0 for none
 * @mac: the host's address
 * @port: the port whose flow was hit; a host known on another port is left alone
 * @now_ms: time
 */
void mac_table_touch(struct mac_table *t, uint16_t vlan, const uint8_t mac[6],
		     uint32_t port, uint64_t now_ms)
{
	struct mac_entry *e = mac_find(t, vlan, mac);

	if (e && e->port->no == port)
		mac_refresh(e, now_ms);
}

/**
 * mac_table_age() - forget hosts that were silent too long
 * @t: the table
 * @now_ms: time
 * @max: so many at most
 *
 * Return: how many were forgotten; where that is @max there may be more.
 */
size_t mac_table_age(struct mac_table *t, uint64_t now_ms, size_t max)
{
	struct mac_port *p, *tmp;
	size_t left, n = 0;

	HASH_ITER(hh, t->ports, p, tmp) {
		/* forgetting a port's last entry frees the port as well */
		for (left = p->count; left && n < max; left--) {
			if (p->by_use->used_ms + t->age_ms > now_ms)
				break;
			mac_forget(t, p->by_use);
			n++;
		}
	}
	return n;
}

/**
 * mac_table_forget_port() - forget all hosts behind a port
 * @t: the table
 * @port: number of the port
 *
 * Return: how many were forgotten.
 */
size_t mac_table_forget_port(struct mac_table *t, uint32_t port)
{
	struct mac_port *p;
	struct mac_entry *e;
	size_t n, i, fixed;

	HASH_FIND(hh, t->ports, &port, sizeof(port), p);
	if (!p)
		return 0;
	DL_COUNT(p->fixed, e, fixed);
	n = p->count;
	for (i = 0; i < n + fixed; i++)
		mac_forget(t, p->by_use ? p->by_use : p->fixed);
	return n + fixed;
}

/**
 * mac_table_forget() - forget one host, a fixed one as well
 * @t: the table
 * @vlan: VLAN, 0 for none
 * @mac: the host's address
 *
 * Return: whether it was known.
 */
bool mac_table_forget(struct mac_table *t, uint16_t vlan, const uint8_t mac[6])
{
	struct mac_entry *e = mac_find(t, vlan, mac);

	if (e)
		mac_forget(t, e);
	return e;
}

/**
 * mac_table_flush() - forget what was learned; fixed hosts stay
 * @t: the table
 * @vlan: of this VLAN alone, or MAC_TABLE_ANY_VLAN
 * @port: behind this port alone, or MAC_TABLE_NO_PORT for all
 *
 * Return: how many were forgotten.
 */
size_t mac_table_flush(struct mac_table *t, int vlan, uint32_t port)
{
	struct mac_entry *e, *tmp;
	size_t n = 0;

	HASH_ITER(hh, t->entries, e, tmp) {
		if (e->fixed || (vlan != MAC_TABLE_ANY_VLAN && e->key.vlan != vlan) ||
		    (port != MAC_TABLE_NO_PORT && e->port->no != port))
			continue;
		mac_forget(t, e);
		n++;
	}
	return n;
}

/**
 * mac_table_each() - look at all entries, in no order
 * @t: the table, not to be changed meanwhile
 * @fn: told of each
 * @ctx: handed to @fn
 */
void mac_table_each(const struct mac_table *t, mac_table_each_fn *fn, void *ctx)
{
	const struct mac_entry *e;

	for (e = t->entries; e; e = e->hh.next) {
		struct mac_table_entry entry = {
			.vlan = e->key.vlan,
			.port = e->port->no,
			.used_ms = e->used_ms,
			.fixed = e->fixed,
		};

		memcpy(entry.mac, e->key.mac, sizeof(entry.mac));
		fn(ctx, &entry);
	}
}

/**
 * mac_table_count() - entries in a table
 * @t: the table
 *
 * Return: their number.
 */
size_t mac_table_count(const struct mac_table *t)
{
	return HASH_COUNT(t->entries);
}
