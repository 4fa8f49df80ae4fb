// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mac_table.c - the table of learned addresses
 *
 * An entry is found two ways: by (VLAN, address) in one hash table, and by its
 * port in that port's list, which is kept in the order of last use. Ageing and
 * making room then look at the heads of the lists only.
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

struct mac_entry {
	struct mac_key key;
	struct mac_port *port;
	uint64_t used_ms;
	struct mac_entry *prev, *next;	/* port->by_use, longest silent first */
	UT_hash_handle hh;
};

/* Exists while an entry is on it. */
struct mac_port {
	uint32_t no;
	size_t count;
	struct mac_entry *by_use;
	UT_hash_handle hh;
};

struct mac_table {
	struct mac_entry *entries;
	struct mac_port *ports;
	size_t max;
	uint64_t age_ms;
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
	if (p->count)
		return;
	HASH_DELETE(hh, t->ports, p);
	free(p);
}

static void link_to_port(struct mac_entry *e, struct mac_port *p)
{
	e->port = p;
	p->count++;
	DL_APPEND(p->by_use, e);
}

static void unlink_from_port(struct mac_table *t, struct mac_entry *e)
{
	struct mac_port *p = e->port;

	DL_DELETE(p->by_use, e);
	p->count--;
	port_put(t, p);
}

/* A use that was told of late may be older than one that is known. */
static void refresh(struct mac_entry *e, uint64_t now_ms)
{
	if (now_ms <= e->used_ms)
		return;
	e->used_ms = now_ms;
	DL_DELETE(e->port->by_use, e);
	DL_APPEND(e->port->by_use, e);
}

static void forget(struct mac_table *t, struct mac_entry *e)
{
	struct mac_key key = e->key;
	uint32_t from = e->port->no;

	HASH_DELETE(hh, t->entries, e);
	unlink_from_port(t, e);
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
	if (fullest)
		forget(t, fullest->by_use);
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
	if (!t)
		return;
	t->changed = NULL;
	while (t->entries)
		forget(t, t->entries);
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
 * Return: what was news about it; never MAC_TABLE_FULL for a known address.
 */
enum mac_table_news mac_table_learn(struct mac_table *t, uint16_t vlan,
				    const uint8_t mac[6], uint32_t port,
				    uint64_t now_ms)
{
	struct mac_entry *e = find(t, vlan, mac);
	struct mac_port *p;
	uint32_t from;

	if (e && e->port->no == port) {
		refresh(e, now_ms);
		return MAC_TABLE_KNOWN;
	}

	if (e) {
		p = port_get(t, port);
		if (!p)
			return MAC_TABLE_KNOWN;
		from = e->port->no;
		unlink_from_port(t, e);
		link_to_port(e, p);
		e->used_ms = now_ms;
		if (t->changed)
			t->changed(t->ctx, vlan, mac, from, port);
		return MAC_TABLE_MOVED;
	}

	if (HASH_COUNT(t->entries) >= t->max)
		make_room(t);
	e = calloc(1, sizeof(*e));
	if (!e)
		return MAC_TABLE_FULL;
	p = port_get(t, port);
	if (!p) {
		free(e);
		return MAC_TABLE_FULL;
	}
	e->key = mac_key(vlan, mac);
	e->used_ms = now_ms;
	HASH_ADD(hh, t->entries, key, sizeof(e->key), e);
	if (!e->hh.tbl) {
		port_put(t, p);
		free(e);
		return MAC_TABLE_FULL;
	}
	link_to_port(e, p);
	if (t->changed)
		t->changed(t->ctx, vlan, mac, MAC_TABLE_NO_PORT, port);
	return MAC_TABLE_LEARNED;
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
	size_t n = 0;
	bool last;

	HASH_ITER(hh, t->ports, p, tmp) {
		/* forgetting a port's last entry frees the port as well */
		do {
			if (p->by_use->used_ms + t->age_ms > now_ms)
				break;
			last = p->count == 1;
			forget(t, p->by_use);
			n++;
		} while (!last);
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
	size_t n, i;

	HASH_FIND(hh, t->ports, &port, sizeof(port), p);
	if (!p)
		return 0;
	n = p->count;
	for (i = 0; i < n; i++)
		forget(t, p->by_use);
	return n;
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
