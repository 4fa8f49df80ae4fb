/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mac_table.h - which port a host is behind, per VLAN
 *
 * Filled by upcall.c from the source addresses of packets, and at start by
 * flows.c from the flows that an earlier run left; asked by bridge.c. Bounded: the
 * table as a whole, each VLAN, and each port. Where a bound is reached, the entry
 * goes that was silent longest on the port that holds most of what is bounded, so
 * a port that makes up addresses pushes out its own first.
 *
 * Time is handed in (milliseconds of any clock that does not jump back), so
 * that a test can let five minutes pass. One thread only.
 */
#ifndef VSWITCHD_MAC_TABLE_H
#define VSWITCHD_MAC_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The port number that stands for "none". */
#define MAC_TABLE_NO_PORT UINT32_MAX
/* For mac_table_flush(): of any VLAN. */
#define MAC_TABLE_ANY_VLAN (-1)
#define MAC_TABLE_VLANS 4096

enum mac_table_news {
	MAC_TABLE_KNOWN,	/* was on this port already; its age starts anew */
	MAC_TABLE_LEARNED,	/* was not in the table */
	MAC_TABLE_MOVED,	/* was on another port */
	MAC_TABLE_FULL,		/* not learned: no memory for it */
};

struct mac_table;

/**
 * typedef mac_table_changed_fn - told of every change of an address's port
 * @ctx: as given to mac_table_create()
 * @vlan: VLAN of the address, 0 to 4095
 * @mac: the address
 * @from: port it was on, MAC_TABLE_NO_PORT when it is new
 * @to: port it is on now, MAC_TABLE_NO_PORT when it was forgotten
 *
 * Called with the table already changed. Must not change the table.
 */
typedef void mac_table_changed_fn(void *ctx, uint16_t vlan, const uint8_t mac[6],
				  uint32_t from, uint32_t to);

/**
 * struct mac_table_entry - an entry, as mac_table_each() shows it
 * @vlan: VLAN, 0 for none
 * @mac: the host's address
 * @port: the port that it is behind
 * @used_ms: when it was last heard
 * @fixed: by mac_table_fix()
 */
struct mac_table_entry {
	uint16_t vlan;
	uint8_t mac[6];
	uint32_t port;
	uint64_t used_ms;
	bool fixed;
};

/** typedef mac_table_each_fn - told of an entry; must not change the table */
typedef void mac_table_each_fn(void *ctx, const struct mac_table_entry *e);

struct mac_table *mac_table_create(size_t max, uint64_t age_ms,
				   mac_table_changed_fn *changed, void *ctx);
void mac_table_destroy(struct mac_table *t);
void mac_table_set_limits(struct mac_table *t, size_t max, size_t per_vlan, uint64_t age_ms);
bool mac_table_set_port_limit(struct mac_table *t, uint32_t port, size_t limit);

enum mac_table_news mac_table_learn(struct mac_table *t, uint16_t vlan,
				    const uint8_t mac[6], uint32_t port,
				    uint64_t now_ms);
uint32_t mac_table_fixed_port(const struct mac_table *t, uint16_t vlan,
			      const uint8_t mac[6]);
uint32_t mac_table_port(const struct mac_table *t, uint16_t vlan,
			const uint8_t mac[6]);
void mac_table_touch(struct mac_table *t, uint16_t vlan, const uint8_t mac[6],
		     uint32_t port, uint64_t now_ms);
size_t mac_table_age(struct mac_table *t, uint64_t now_ms, size_t max);
size_t mac_table_forget_port(struct mac_table *t, uint32_t port);
bool mac_table_fix(struct mac_table *t, uint16_t vlan, const uint8_t mac[6], uint32_t port,
		   uint64_t now_ms);
bool mac_table_forget(struct mac_table *t, uint16_t vlan, const uint8_t mac[6]);
size_t mac_table_flush(struct mac_table *t, int vlan, uint32_t port);
void mac_table_each(const struct mac_table *t, mac_table_each_fn *fn, void *ctx);
size_t mac_table_count(const struct mac_table *t);

#endif
