// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * methods.c - what the daemon tells of itself, and what it can be told
 */
#include "methods.h"

#include <string.h>
#include <unistd.h>

#include "control.h"
#include "lib/dp.h"
#include "metrics.h"
#include "reload.h"
#include "session.h"
#include "vswitch_lite.h"
#include "vswitchd.h"

static const struct rpc_param ports_params[] = {
	{ "after", RPC_NUMBER, false },
	{ NULL, 0, false },
};

static const struct rpc_param trace_params[] = {
	{ "on", RPC_BOOL, true },
	{ NULL, 0, false },
};

static const struct rpc_param fdb_show_params[] = {
	{ "vlan", RPC_NUMBER, false },
	{ "port", RPC_STRING, false },
	{ "after", RPC_STRING, false },
	{ NULL, 0, false },
};

static const struct rpc_param fdb_flush_params[] = {
	{ "vlan", RPC_NUMBER, false },
	{ "port", RPC_STRING, false },
	{ NULL, 0, false },
};

static const struct rpc_param fdb_add_params[] = {
	{ "mac", RPC_STRING, true },
	{ "port", RPC_STRING, true },
	{ "vlan", RPC_NUMBER, false },
	{ NULL, 0, false },
};

static const struct rpc_param fdb_del_params[] = {
	{ "mac", RPC_STRING, true },
	{ "vlan", RPC_NUMBER, false },
	{ NULL, 0, false },
};

static const struct rpc_method methods[] = {
	{ "status", NULL, method_status },
	{ "ports", ports_params, method_ports },
	{ "stats", NULL, method_stats },
	{ "metrics", NULL, method_metrics },
	{ "reload", NULL, method_reload },
	{ "trace", trace_params, method_trace },
	{ "trace.follow", NULL, method_trace_follow },
	{ "fdb.show", fdb_show_params, method_fdb_show },
	{ "fdb.flush", fdb_flush_params, method_fdb_flush },
	{ "fdb.add", fdb_add_params, method_fdb_add },
	{ "fdb.del", fdb_del_params, method_fdb_del },
	{ NULL, NULL, NULL },
};

const struct rpc_method *methods_table(void)
{
	return methods;
}

static void put_str(json_object *o, const char *name, const char *value)
{
	json_object_object_add(o, name, json_object_new_string(value));
}

static void put_num(json_object *o, const char *name, uint64_t value)
{
	json_object_object_add(o, name, json_object_new_uint64(value));
}

int method_status(struct rpc_call *call)
{
	const struct vswitchd *v = call->v;
	json_object *o = json_object_new_object();

	put_str(o, "version", VSL_VERSION);
	put_num(o, "pid", getpid());
	put_num(o, "uptime", (vsl_now_ms() - v->started_ms) / 1000);
	put_str(o, "datapath", v->options.config.name);
	put_str(o, "module", vsl_nl_has(v->nl, VSL_FAM_MODULE) ? "vswitch_lite" : "openvswitch");
	put_num(o, "ports", bridge_port_count(v->bridge));
	put_num(o, "hosts", mac_table_count(v->macs));
	put_num(o, "flows", flows_count(v->flows));
	put_num(o, "flow_limit", flows_limit(v->flows));
	json_object_object_add(o, "trace", json_object_new_boolean(trace_is_on(v->trace)));
	put_num(o, "clients", control_stats(v->control)->clients);
	call->result = o;
	return 0;
}

/* "10,20-29": short for any set. */
static void put_trunk(json_object *o, const uint64_t trunk[BRIDGE_VLANS / 64])
{
	struct vsl_str s = VSL_STR_INIT;
	unsigned int first, last;

	for (first = 0; first < BRIDGE_VLANS; first = last + 1) {
		last = first;
		if (!(trunk[first / 64] >> (first % 64) & 1))
			continue;
		while (last + 1 < BRIDGE_VLANS && trunk[(last + 1) / 64] >> ((last + 1) % 64) & 1)
			last++;
		vsl_str_printf(&s, "%s%u", s.len ? "," : "", first);
		if (last > first)
			vsl_str_printf(&s, "-%u", last);
	}
	put_str(o, "trunk", vsl_str_text(&s));
	vsl_str_free(&s);
}

struct ports_page {
	const struct bridge *bridge;
	json_object *ports;
	bool any;
	uint32_t after, last;
	bool more;
};

static void put_port(void *ctx, uint32_t no, const char *name)
{
	struct ports_page *page = ctx;
	const struct bridge_vlans *vlans = bridge_port_vlans(page->bridge, no);
	json_object *o;

	if (page->any && no <= page->after)
		return;
	if (json_object_array_length(page->ports) == METHODS_PAGE) {
		page->more = true;
		return;
	}
	o = json_object_new_object();
	put_num(o, "no", no);
	put_str(o, "name", name);
	if (vlans->mode == BRIDGE_PORT_ACCESS)
		put_num(o, "access", vlans->access);
	if (vlans->mode == BRIDGE_PORT_TRUNK)
		put_trunk(o, vlans->trunk);
	if (vlans->native)
		put_num(o, "native", vlans->native);
	json_object_array_add(page->ports, o);
	page->last = no;
}

int method_ports(struct rpc_call *call)
{
	struct ports_page page = {
		.bridge = call->v->bridge,
		.ports = json_object_new_array(),
		.after = rpc_number(call, "after", UINT32_MAX),
	};

	page.any = page.after != UINT32_MAX;
	/* in the order of their numbers */
	bridge_port_each(call->v->bridge, put_port, &page);
	call->result = json_object_new_object();
	json_object_object_add(call->result, "ports", page.ports);
	if (page.more)
		put_num(call->result, "next", page.last);
	return 0;
}

int method_stats(struct rpc_call *call)
{
	call->result = metrics_json(call->v);
	return 0;
}

int method_metrics(struct rpc_call *call)
{
	struct vsl_str text = VSL_STR_INIT;

	metrics_put(&text, call->v);
	call->result = json_object_new_string_len(vsl_str_text(&text), text.len);
	vsl_str_free(&text);
	return 0;
}

int method_reload(struct rpc_call *call)
{
	bool done = vswitchd_reload(call->v, call->error, sizeof(call->error));

	return done && !*call->error ? 0 : VSL_RPC_REFUSED;
}

int method_trace(struct rpc_call *call)
{
	bool on = rpc_flag(call, "on");

	if (!trace_switch(call->v->trace, on) && on)
		return rpc_fail(call, VSL_RPC_REFUSED, "the daemon was started without an output "
				"for the trace: 'vslctl trace follow' shows it all the same");
	return 0;
}

int method_trace_follow(struct rpc_call *call)
{
	if (!call->session)
		return rpc_fail(call, VSL_RPC_REFUSED, "there is nobody to tell");
	session_follow(call->session, true);
	return 0;
}
