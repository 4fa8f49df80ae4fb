// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mac_table.c - the table of learned addresses
 *
 * An entry is found two ways: by (VLAN, address) in one hash table, and by its
 * port in that port's list, which is kept in the order of last use. Ageing and
 * making room then look at the heads of the lists only. Fixed entries are in a
 * list of their own, so neither meets them. The learned ones are a second time in
 * the list of their port and VLAN, for a VLAN's room.
 */
#include "hash.h"

#include <stdlib.h>
#include <uthash.h>
#include <utlist.h>

#include "mac_table.h"

/* 8 bytes without padding: hashed and compared as they lie. */
struct mac_key {
	uint8_t mac[6];
	uint16_t vlan;
};

struct mac_port;
struct mac_share;

struct mac_entry {
	struct mac_key key;
	struct mac_port *port;
	struct mac_share *share;	/* NULL for a fixed one */
	uint64_t used_ms;
	bool fixed;
	struct mac_entry *prev, *next;	/* port->by_use, longest silent first, or ->fixed */
	struct mac_entry *share_prev, *share_next;	/* share->by_use, likewise */
	UT_hash_handle hh;
};

/* Exists while an entry is on it, or it has a limit. */
struct mac_port {
	uint32_t no;
	size_t count;			/* of by_use */
	size_t limit;			/* for count, 0 for none */
	struct mac_entry *by_use;
	struct mac_entry *fixed;
	UT_hash_handle hh;
};

/* What a port has of a VLAN. Exists while an entry is in it. No padding in the key. */
struct mac_share {
	struct {
		uint32_t port;
		uint32_t vlan;
	} key;
	size_t count;
	struct mac_entry *by_use;
	UT_hash_handle hh;
};

struct mac_table {
	struct mac_entry *entries;
	struct mac_port *ports;
	struct mac_share *shares;
	size_t max;
	size_t per_vlan;		/* learned ones, 0 for no limit */
	size_t vlan_count[MAC_TABLE_VLANS];
	uint64_t age_ms;
	bool any_fixed;			/* was there ever one? */
	mac_table_changed_fn *changed;
	void *ctx;
};

static struct mac_key mac_key(uint16_t vlan, const uint8_t mac[6])
{
	struct mac_key key = { .vlan = vlan };

	memcpy(key.mac, mac, sizeof(key.mac));
	return key;
}

static struct mac_entry *find(const struct mac_table *t, uint16_t vlan,
			      const uint8_t mac[6])
{
	struct mac_key key = mac_key(vlan, mac);
	struct mac_entry *e;

	HASH_FIND(hh, t->entries, &key, sizeof(key), e);
	return e;
}

static struct mac_port *port_get(struct mac_table *t, uint32_t no)
{
	struct mac_port *p;

	HASH_FIND(hh, t->ports, &no, sizeof(no), p);
	if (p)
		return p;
	p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;
	p->no = no;
	HASH_ADD(hh, t->ports, no, sizeof(p->no), p);
	if (!p->hh.tbl) {
		free(p);
		return NULL;
	}
	return p;
}

static void port_put(struct mac_table *t, struct mac_port *p)
{
	if (p->by_use || p->fixed || p->limit)
		return;
	HASH_DELETE(hh, t->ports, p);
	free(p);
}

static struct mac_share *share_find(const struct mac_table *t, uint32_t port, uint16_t vlan)
{
	struct mac_share like = { .key = { port, vlan } }, *s;

	HASH_FIND(hh, t->shares, &like.key, sizeof(like.key), s);
	return s;
}

static struct mac_share *share_get(struct mac_table *t, uint32_t port, uint16_t vlan)
{
	struct mac_share *s = share_find(t, port, vlan);

	if (s)
		return s;
	s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	s->key.port = port;
	s->key.vlan = vlan;
	HASH_ADD(hh, t->shares, key, sizeof(s->key), s);
	if (!s->hh.tbl) {
		free(s);
		return NULL;
	}
	return s;
}

static void share_put(struct mac_table *t, struct mac_share *s)
{
	if (s->by_use)
		return;
	HASH_DELETE(hh, t->shares, s);
	free(s);
}

/* @s: NULL for a fixed entry */
static void link_to_port(struct mac_table *t, struct mac_entry *e, struct mac_port *p,
			 struct mac_share *s)
{
	e->port = p;
	e->share = s;
	if (e->fixed) {
		DL_APPEND(p->fixed, e);
		return;
	}
	p->count++;
	DL_APPEND(p->by_use, e);
	s->count++;
	DL_APPEND2(s->by_use, e, share_prev, share_next);
	t->vlan_count[e->key.vlan]++;
}

/* The port may be left without entries: port_put() it. */
static void unlink_from_port(struct mac_table *t, struct mac_entry *e)
{
	struct mac_port *p = e->port;
	struct mac_share *s = e->share;

	if (e->fixed) {
		DL_DELETE(p->fixed, e);
		return;
	}
	DL_DELETE(p->by_use, e);
	p->count--;
	DL_DELETE2(s->by_use, e, share_prev, share_next);
	s->count--;
	share_put(t, s);
	t->vlan_count[e->key.vlan]--;
}

/* A use that was told of late may be older than one that is known. */
static void refresh(struct mac_entry *e, uint64_t now_ms)
{
	if (now_ms <= e->used_ms)
		return;
	e->used_ms = now_ms;
	if (e->fixed)
		return;
	DL_DELETE(e->port->by_use, e);
	DL_APPEND(e->port->by_use, e);
	DL_DELETE2(e->share->by_use, e, share_prev, share_next);
	DL_APPEND2(e->share->by_use, e, share_prev, share_next);
}

static void forget(struct mac_table *t, struct mac_entry *e)
{
	struct mac_key key = e->key;
	struct mac_port *p = e->port;
	uint32_t from = p->no;

	HASH_DELETE(hh, t->entries, e);
	unlink_from_port(t, e);
	port_put(t, p);
	free(e);
	if (t->changed)
		t->changed(t->ctx, key.vlan, key.mac, from, MAC_TABLE_NO_PORT);
}

static void make_room(struct mac_table *t)
{
	struct mac_port *p, *tmp, *fullest = NULL;

	HASH_ITER(hh, t->ports, p, tmp) {
		if (!fullest || p->count > fullest->count)
			fullest = p;
	}
	/* where all that there is are fixed ones there is no room to be made */
	if (fullest && fullest->by_use)
		forget(t, fullest->by_use);
}

/* The port that holds most of a VLAN gives up what was silent longest there. */
static void make_vlan_room(struct mac_table *t, uint16_t vlan)
{
	struct mac_share *s, *fullest = NULL;
	struct mac_port *p, *tmp;

	HASH_ITER(hh, t->ports, p, tmp) {
		s = share_find(t, p->no, vlan);
		if (s && (!fullest || s->count > fullest->count))
			fullest = s;
	}
	if (fullest)
		forget(t, fullest->by_use);
}

/* Room for one more learned address of @vlan on a port. */
static void make_room_for(struct mac_table *t, uint16_t vlan, uint32_t port)
{
	struct mac_port *p;

	HASH_FIND(hh, t->ports, &port, sizeof(port), p);
	if (p && p->limit && p->count >= p->limit)
		forget(t, p->by_use);
	if (t->per_vlan && t->vlan_count[vlan] >= t->per_vlan)
		make_vlan_room(t, vlan);
}

/* Enters an address that is not there; NULL for want of memory. */
static struct mac_entry *enter(struct mac_table *t, uint16_t vlan, const uint8_t mac[6],
			       uint32_t port, bool fixed, uint64_t now_ms)
{
	struct mac_share *s = NULL;
	struct mac_entry *e;
	struct mac_port *p;

	if (!fixed)
		make_room_for(t, vlan, port);
	if (HASH_COUNT(t->entries) >= t->max)
		make_room(t);
	if (HASH_COUNT(t->entries) >= t->max)
		return NULL;
	e = calloc(1, sizeof(*e));
	if (!e)
		return NULL;
	p = port_get(t, port);
	if (!p)
		goto err_port;
	if (!fixed) {
		s = share_get(t, port, vlan);
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
	link_to_port(t, e, p, s);
	return e;

err_entry:
	if (s)
		share_put(t, s);
err_share:
	port_put(t, p);
err_port:
	free(e);
	return NULL;
}

/* Puts an entry on another port, or makes it a fixed one. */
static bool move(struct mac_table *t, struct mac_entry *e, uint32_t port, bool fixed,
		 uint64_t now_ms)
{
	struct mac_port *old = e->port, *p = port_get(t, port);
	struct mac_share *s = NULL;
	uint32_t from = old->no;

	if (!p)
		return false;
	/* a full port gives up another for it, not the one that comes */
	if (!fixed && p != old && p->limit && p->count >= p->limit)
		forget(t, p->by_use);
	if (!fixed) {
		s = share_get(t, port, e->key.vlan);
		if (!s) {
			port_put(t, p);
			return false;
		}
	}
	unlink_from_port(t, e);
	e->fixed = fixed;
	t->any_fixed |= fixed;
	link_to_port(t, e, p, s);
	port_put(t, old);
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
		make_room(t);
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
	p = port_get(t, port);
	if (!p)
		return false;
	p->limit = limit;
	while (limit && p->count > limit)
		forget(t, p->by_use);
	port_put(t, p);
	return true;
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
		forget(t, t->entries);
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
	struct mac_entry *e = find(t, vlan, mac);

	if (e && (e->fixed || e->port->no == port)) {
		if (e->port->no == port)
			refresh(e, now_ms);
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
	struct mac_entry *e = find(t, vlan, mac);

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
	const struct mac_entry *e = find(t, vlan, mac);

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
	const struct mac_entry *e = t->any_fixed ? find(t, vlan, mac) : NULL;

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
	struct mac_entry *e = find(t, vlan, mac);

	if (e && e->port->no == port)
		refresh(e, now_ms);
}

/**
 * mac_table_age() - forget the hosts that were silent too long
 * @t: the table
 * @now_ms: time
 *
 * Return: how many were forgotten.
 */
size_t mac_table_age(struct mac_table *t, uint64_t now_ms)
{
	struct mac_port *p, *tmp;
	size_t left, n = 0;

	HASH_ITER(hh, t->ports, p, tmp) {
		/* forgetting a port's last entry frees the port as well */
		for (left = p->count; left; left--) {
			if (p->by_use->used_ms + t->age_ms > now_ms)
				break;
			forget(t, p->by_use);
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
		forget(t, p->by_use ? p->by_use : p->fixed);
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
	struct mac_entry *e = find(t, vlan, mac);

	if (e)
		forget(t, e);
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
		forget(t, e);
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
