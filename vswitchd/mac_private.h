/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mac_private.h - what mac_table.c (what is asked and told), mac_entry.c (how it is kept)
 * and mac_room.c (how much of it) share
 *
 * An entry is found two ways: by (VLAN, address) in one hash table, and by its
 * port in that port's list, which is kept in the order of last use. Ageing and
 * making room then look at the heads of the lists only. Fixed entries are in a
 * list of their own, so neither meets them. The learned ones are a second time in
 * the list of their port and VLAN, for a VLAN's room.
 */
#ifndef VSWITCHD_MAC_PRIVATE_H
#define VSWITCHD_MAC_PRIVATE_H

#include "hash.h"

#include <uthash.h>

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

struct mac_key mac_key(uint16_t vlan, const uint8_t mac[6]);
struct mac_entry *mac_find(const struct mac_table *t, uint16_t vlan, const uint8_t mac[6]);
struct mac_port *mac_port_get(struct mac_table *t, uint32_t no);
void mac_port_put(struct mac_table *t, struct mac_port *p);
struct mac_share *mac_share_find(const struct mac_table *t, uint32_t port, uint16_t vlan);
struct mac_share *mac_share_get(struct mac_table *t, uint32_t port, uint16_t vlan);
void mac_share_put(struct mac_table *t, struct mac_share *s);
void mac_link(struct mac_table *t, struct mac_entry *e, struct mac_port *p, struct mac_share *s);
void mac_unlink(struct mac_table *t, struct mac_entry *e);
void mac_refresh(struct mac_entry *e, uint64_t now_ms);
void mac_forget(struct mac_table *t, struct mac_entry *e);

void mac_make_room(struct mac_table *t);
void mac_make_room_for(struct mac_table *t, uint16_t vlan, uint32_t port);

#endif
