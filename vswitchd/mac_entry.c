// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mac_entry.c - the MAC table's entries, and the lists that they are on
 */
#include "mac_private.h"

#include <stdlib.h>
#include <utlist.h>

/** mac_key() - an address of a VLAN, as tables have it */
struct mac_key mac_key(uint16_t vlan, const uint8_t mac[6])
{
	struct mac_key key = { .vlan = vlan };

	memcpy(key.mac, mac, sizeof(key.mac));
	return key;
}

/** mac_find() - an address of a VLAN; NULL where it is not known */
struct mac_entry *mac_find(const struct mac_table *t, uint16_t vlan, const uint8_t mac[6])
{
	struct mac_key key = mac_key(vlan, mac);
	struct mac_entry *e;

	HASH_FIND(hh, t->entries, &key, sizeof(key), e);
	return e;
}

/** mac_port_get() - a port, made if need be; NULL for want of memory */
struct mac_port *mac_port_get(struct mac_table *t, uint32_t no)
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

/** mac_port_put() - free a port that nothing is on any more */
void mac_port_put(struct mac_table *t, struct mac_port *p)
{
	if (p->by_use || p->fixed || p->limit)
		return;
	HASH_DELETE(hh, t->ports, p);
	free(p);
}

/** mac_share_find() - what a port has of a VLAN; NULL for nothing */
struct mac_share *mac_share_find(const struct mac_table *t, uint32_t port, uint16_t vlan)
{
	struct mac_share like = { .key = { port, vlan } }, *s;

	HASH_FIND(hh, t->shares, &like.key, sizeof(like.key), s);
	return s;
}

/** mac_share_get() - likewise, made if need be; NULL for want of memory */
struct mac_share *mac_share_get(struct mac_table *t, uint32_t port, uint16_t vlan)
{
	struct mac_share *s = mac_share_find(t, port, vlan);

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

/** mac_share_put() - free what has no entries any more */
void mac_share_put(struct mac_table *t, struct mac_share *s)
{
	if (s->by_use)
		return;
	HASH_DELETE(hh, t->shares, s);
	free(s);
}

/** mac_link() - put an entry on the lists of @p and @s; @s is NULL for a fixed one */
void mac_link(struct mac_table *t, struct mac_entry *e, struct mac_port *p, struct mac_share *s)
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

/** mac_unlink() - take it off; the port may be left without entries: mac_port_put() it */
void mac_unlink(struct mac_table *t, struct mac_entry *e)
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
	mac_share_put(t, s);
	t->vlan_count[e->key.vlan]--;
}

/** mac_refresh() - note a use; told of late it may be older than one that is known */
void mac_refresh(struct mac_entry *e, uint64_t now_ms)
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

/** mac_forget() - free an entry, and its port if that was the last of it */
void mac_forget(struct mac_table *t, struct mac_entry *e)
{
	struct mac_key key = e->key;
	struct mac_port *p = e->port;
	uint32_t from = p->no;

	HASH_DELETE(hh, t->entries, e);
	mac_unlink(t, e);
	mac_port_put(t, p);
	free(e);
	if (t->changed)
		t->changed(t->ctx, key.vlan, key.mac, from, MAC_TABLE_NO_PORT);
}
