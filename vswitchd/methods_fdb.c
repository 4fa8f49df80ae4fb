// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * methods_fdb.c - the MAC table: shown in pages, flushed, given fixed entries
 */
#include <string.h>

#include "methods.h"
#include "vswitchd.h"

/* VLAN and address as one number: pages are in its order. */
static uint64_t place(uint16_t vlan, const uint8_t mac[6])
{
	uint64_t n = vlan;
	int i;

	for (i = 0; i < 6; i++)
		n = n << 8 | mac[i];
	return n;
}

static bool read_mac(struct rpc_call *call, const char *text, uint8_t mac[6])
{
	if (vsl_mac_parse(text, mac) == strlen(text))
		return true;
	rpc_fail(call, VSL_RPC_INVALID_PARAMS,
		 "that is not a MAC address: six bytes in hex, as in 02:00:00:00:00:01");
	return false;
}

/* A host's address; group addresses have no port. */
static bool read_host(struct rpc_call *call, uint8_t mac[6])
{
	if (!read_mac(call, rpc_string(call, "mac"), mac))
		return false;
	if (!vsl_mac_is_multicast(mac))
		return true;
	rpc_fail(call, VSL_RPC_INVALID_PARAMS,
		 "that is a group address: it is not behind one port");
	return false;
}

static bool read_vlan(struct rpc_call *call, int *vlan, int otherwise)
{
	uint32_t n = rpc_number(call, "vlan", UINT32_MAX);

	*vlan = n == UINT32_MAX ? otherwise : (int)n;
	if (n == UINT32_MAX || n <= BRIDGE_VLANS - 2)
		return true;
	rpc_fail(call, VSL_RPC_INVALID_PARAMS, "a VLAN is a number from 1 to %d, or 0 for "
		 "frames without a tag", BRIDGE_VLANS - 2);
	return false;
}

struct named {
	const char *name;
	uint32_t no;
};

static void match_name(void *ctx, uint32_t no, const char *name)
{
	struct named *n = ctx;

	if (!strcmp(name, n->name))
		n->no = no;
}

static bool read_port(struct rpc_call *call, uint32_t *port)
{
	struct named n = { rpc_string(call, "port"), MAC_TABLE_NO_PORT };

	*port = MAC_TABLE_NO_PORT;
	if (!n.name)
		return true;
	bridge_port_each(call->v->bridge, match_name, &n);
	*port = n.no;
	if (n.no != MAC_TABLE_NO_PORT)
		return true;
	rpc_fail(call, VSL_RPC_REFUSED, "there is no port of that name; 'vslctl ports' lists "
		 "those there are");
	return false;
}

/*
 * The first entries behind a place: a heap whose top is the last of them, so that
 * a page of a table of any size costs one look at each entry and little more.
 */
struct page {
	int vlan;
	uint32_t port;
	uint64_t after;
	bool more;
	size_t n;
	struct mac_table_entry entries[METHODS_PAGE];
	uint64_t places[METHODS_PAGE];
};

static void swap(struct page *p, size_t a, size_t b)
{
	struct mac_table_entry entry = p->entries[a];
	uint64_t n = p->places[a];

	p->entries[a] = p->entries[b];
	p->places[a] = p->places[b];
	p->entries[b] = entry;
	p->places[b] = n;
}

static void sift_up(struct page *p, size_t i)
{
	for (; i && p->places[(i - 1) / 2] < p->places[i]; i = (i - 1) / 2)
		swap(p, i, (i - 1) / 2);
}

static void sift_down(struct page *p, size_t i, size_t n)
{
	size_t child;

	for (;;) {
		child = 2 * i + 1;
		if (child + 1 < n && p->places[child + 1] > p->places[child])
			child++;
		if (child >= n || p->places[child] <= p->places[i])
			return;
		swap(p, i, child);
		i = child;
	}
}

static void offer(void *ctx, const struct mac_table_entry *e)
{
	struct page *p = ctx;
	uint64_t at = place(e->vlan, e->mac) + 1;
	size_t i;

	if (at <= p->after || (p->vlan != MAC_TABLE_ANY_VLAN && e->vlan != p->vlan) ||
	    (p->port != MAC_TABLE_NO_PORT && e->port != p->port))
		return;
	if (p->n < METHODS_PAGE) {
		i = p->n++;
	} else {
		p->more = true;
		if (at >= p->places[0])
			return;
		i = 0;
	}
	p->entries[i] = *e;
	p->places[i] = at;
	if (i)
		sift_up(p, i);
	else
		sift_down(p, 0, p->n);
}

static void sort(struct page *p)
{
	size_t n;

	for (n = p->n; n > 1; n--) {
		swap(p, 0, n - 1);
		sift_down(p, 0, n - 1);
	}
}

static json_object *entry_json(struct rpc_call *call, const struct mac_table_entry *e,
			       uint64_t now_ms)
{
	const char *name = bridge_port_name(call->v->bridge, e->port);
	json_object *o = json_object_new_object();
	struct vsl_str mac = VSL_STR_INIT;

	vsl_str_putmac(&mac, e->mac);
	json_object_object_add(o, "vlan", json_object_new_int(e->vlan));
	json_object_object_add(o, "mac", json_object_new_string(vsl_str_text(&mac)));
	json_object_object_add(o, "port", json_object_new_string(name ? name : "?"));
	json_object_object_add(o, "port_no", json_object_new_int64(e->port));
	json_object_object_add(o, "static", json_object_new_boolean(e->fixed));
	json_object_object_add(o, "age", json_object_new_int64(e->used_ms < now_ms ?
				(now_ms - e->used_ms) / 1000 : 0));
	vsl_str_free(&mac);
	return o;
}

/* "VLAN/MAC" of the last entry of the page before, as entries are sorted. */
static bool read_after(struct rpc_call *call, uint64_t *after)
{
	const char *text = rpc_string(call, "after");
	char word[8];
	uint8_t mac[6];
	uint32_t vlan;
	size_t len;

	*after = 0;
	if (!text)
		return true;
	len = strcspn(text, "/");
	if (len < sizeof(word) && text[len]) {
		memcpy(word, text, len);
		word[len] = 0;
		if (vsl_u32_parse(word, BRIDGE_VLANS - 1, &vlan) &&
		    read_mac(call, text + len + 1, mac)) {
			*after = place(vlan, mac) + 1;
			return true;
		}
	}
	rpc_fail(call, VSL_RPC_INVALID_PARAMS, "parameter 'after' must be the 'next' of the page "
		 "before");
	return false;
}

int method_fdb_show(struct rpc_call *call)
{
	json_object *entries = NULL;
	uint64_t now_ms = vsl_now_ms();
	struct vsl_str next = VSL_STR_INIT;
	struct page page = { .n = 0 };
	size_t i;

	if (!read_vlan(call, &page.vlan, MAC_TABLE_ANY_VLAN) ||
	    !read_after(call, &page.after))
		return VSL_RPC_INVALID_PARAMS;
	if (!read_port(call, &page.port))
		return VSL_RPC_REFUSED;
	mac_table_each(call->v->macs, offer, &page);
	sort(&page);

	entries = json_object_new_array();
	for (i = 0; i < page.n; i++)
		json_object_array_add(entries, entry_json(call, &page.entries[i], now_ms));
	call->result = json_object_new_object();
	json_object_object_add(call->result, "entries", entries);
	if (page.more) {
		vsl_str_printf(&next, "%u/", page.entries[page.n - 1].vlan);
		vsl_str_putmac(&next, page.entries[page.n - 1].mac);
		json_object_object_add(call->result, "next",
				       json_object_new_string(vsl_str_text(&next)));
		vsl_str_free(&next);
	}
	return 0;
}

int method_fdb_flush(struct rpc_call *call)
{
	uint32_t port;
	size_t n;
	int vlan;

	if (!read_vlan(call, &vlan, MAC_TABLE_ANY_VLAN))
		return VSL_RPC_INVALID_PARAMS;
	if (!read_port(call, &port))
		return VSL_RPC_REFUSED;
	n = mac_table_flush(call->v->macs, vlan, port);
	vswitchd_settle_soon(call->v);
	call->result = json_object_new_object();
	json_object_object_add(call->result, "flushed", json_object_new_int64(n));
	return 0;
}

/* The VLAN of a port's frames without a tag. */
static int untagged_vlan(const struct bridge_vlans *v)
{
	return v->mode == BRIDGE_PORT_ACCESS ? v->access : v->native;
}

int method_fdb_add(struct rpc_call *call)
{
	const struct bridge *b = call->v->bridge;
	const struct bridge_vlans *v;
	uint8_t mac[6];
	uint32_t port;
	int vlan;

	if (!read_host(call, mac) || !read_vlan(call, &vlan, MAC_TABLE_ANY_VLAN))
		return VSL_RPC_INVALID_PARAMS;
	if (!read_port(call, &port))
		return VSL_RPC_REFUSED;
	if (bridge_port_is_outlet(b, port))
		return rpc_fail(call, VSL_RPC_REFUSED, "that port is where a mirror sends to: no "
				"host is behind it");
	v = bridge_port_vlans(b, port);
	if (vlan == MAC_TABLE_ANY_VLAN)
		vlan = untagged_vlan(v);
	if (!bridge_vlans_have(v, vlan))
		return rpc_fail(call, VSL_RPC_REFUSED, "that port does not carry VLAN %d; 'vslctl "
				"ports' lists what it does", vlan);
	if (!mac_table_fix(call->v->macs, vlan, mac, port, vsl_now_ms()))
		return rpc_fail(call, VSL_RPC_REFUSED, "the MAC table is full of fixed entries");
	vswitchd_settle_soon(call->v);
	return 0;
}

int method_fdb_del(struct rpc_call *call)
{
	uint8_t mac[6];
	int vlan;

	if (!read_host(call, mac) || !read_vlan(call, &vlan, 0))
		return VSL_RPC_INVALID_PARAMS;
	if (!mac_table_forget(call->v->macs, vlan, mac))
		return rpc_fail(call, VSL_RPC_REFUSED, "that address is not in the MAC table");
	vswitchd_settle_soon(call->v);
	return 0;
}
