// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * start.c - the daemon's parts: made in order, and taken apart
 *
 * Start goes from what can be wrong in the command line to what changes the
 * kernel; if it fails after that, what was changed is taken back by main.c. At
 * the end nothing is taken back: flows go on without us, and the next start
 * adopts them.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/module.h"
#include "methods.h"
#include "vswitchd.h"

#define LOCK_TRIES 40
#define LOCK_WAIT_US 50000

/* Where the control socket and the lock are; systemd's may be several, with colons between. */
static const char *runtime_folder(void)
{
	static char folder[sizeof(((struct sockaddr_un *)0)->sun_path)];
	const char *folders = getenv("RUNTIME_DIRECTORY") ?: VSL_RPC_DIRECTORY;

	snprintf(folder, sizeof(folder), "%.*s", (int)strcspn(folders, ":"), folders);
	return folder;
}

/*
 * Two daemons on a datapath would take the upcalls from each other for ever. Datapaths
 * are as wide as the network namespace, so that is in the lock's name. The daemon that
 * is being killed right now may take a moment to be gone.
 */
static bool lock_datapath(struct vswitchd *v)
{
	const char *dp = v->options.config.name;
	struct stat netns = { 0 };
	char path[256];
	int i;

	stat("/proc/self/ns/net", &netns);
	snprintf(path, sizeof(path), "%s/%s-%s.%ju.lock", runtime_folder(),
		 vsl_nl_prefix(v->nl), dp, (uintmax_t)netns.st_ino);
	mkdir(runtime_folder(), 0755);
	for (i = 0; i < LOCK_TRIES; i++) {
		v->lock = service_lock(path, 0600);
		if (v->lock >= 0)
			return true;
		if (errno != EWOULDBLOCK) {
			vsl_warn("no lock, a second daemon on datapath '%s' would not be noticed: "
				 "'%s': %s", dp, path, strerror(errno));
			return true;
		}
		usleep(LOCK_WAIT_US);
	}
	vsl_error("another vswitchd-lite serves datapath '%s'; end it first", dp);
	return false;
}

static void on_mac_change(void *ctx, uint16_t vlan, const uint8_t mac[6], uint32_t from,
			  uint32_t to)
{
	struct vswitchd *v = ctx;

	if (v->flows)
		flows_host_changed(v->flows, vlan, mac);
	if (v->loops && from != MAC_TABLE_NO_PORT && to != MAC_TABLE_NO_PORT)
		loops_host_moved(v->loops, vlan, mac, from, to);
}

static void on_probe(void *ctx, uint32_t port_no, struct vsl_blob packet)
{
	struct vswitchd *v = ctx;

	loops_probe_came(v->loops, port_no, packet);
}

static void on_link_change(void *ctx, const char *name, bool running)
{
	struct vswitchd *v = ctx;

	datapath_link_changed(v->dp, name, running);
}

static bool on_unknown_port(void *ctx, uint32_t port_no)
{
	struct vswitchd *v = ctx;

	return datapath_find_port(v->dp, port_no);
}

static bool adopt(struct vswitchd *v)
{
	struct adopt_found found;
	int err;

	err = adopt_flows(v->flows, v->outbox, v->nl, datapath_ifindex(v->dp), vsl_now_ms(),
			  &found);
	if (err) {
		vsl_error("cannot read the flows of datapath '%s': %s", v->options.config.name,
			  vsl_nl_strerror(v->nl, err));
		return false;
	}
	mac_table_age(v->macs, vsl_now_ms(), SIZE_MAX);
	do {
		while (flows_revalidate(v->flows))
			;
		outbox_flush(v->outbox);
	} while (flows_stale(v->flows));

	if (found.kept)
		vsl_info("adopted %zu flow%s of an earlier run and %zu host%s",
			 found.kept, vsl_plural(found.kept), mac_table_count(v->macs),
			 vsl_plural(mac_table_count(v->macs)));
	if (found.foreign)
		vsl_info("removed %zu flow%s of another program", found.foreign,
			 vsl_plural(found.foreign));
	if (found.by_hand)
		vsl_info("left %zu flow%s alone, made by hand", found.by_hand,
			 vsl_plural(found.by_hand));
	return true;
}

/* What the configuration asks for beside learning and forwarding. */
static bool make_services(struct vswitchd *v)
{
	const struct config *c = &v->options.config;
	struct loops_parts parts = {
		.bridge = v->bridge,
		.macs = v->macs,
		.flows = v->flows,
		.outbox = v->outbox,
		.dp_ifindex = datapath_ifindex(v->dp),
	};

	v->rules = rules_create(c->rules, c->n_rules);
	v->ageing = ageing_create(v->nl, datapath_ifindex(v->dp), v->flows, v->macs);
	v->storm = storm_create(v->nl, datapath_ifindex(v->dp));
	v->loops = loops_create(&parts);
	v->links = links_create(on_link_change, v);
	if (!v->rules || !v->ageing || !v->storm || !v->loops || !v->links)
		return false;
	bridge_set_rules(v->bridge, v->rules);
	mac_table_set_limits(v->macs, c->mac_max, c->vlan_mac_limit, 1000ULL * c->mac_age);
	loops_configure(v->loops, &c->loops);
	return true;
}

static bool make_parts(struct vswitchd *v)
{
	const struct config *c = &v->options.config;
	struct upcalls_parts parts;

	v->macs = mac_table_create(c->mac_max, 1000ULL * c->mac_age, on_mac_change, v);
	if (v->macs)
		v->bridge = bridge_create(v->macs);
	v->outbox = outbox_create(v->nl);
	if (v->bridge && v->outbox)
		v->flows = flows_create(v->bridge, v->macs, v->outbox,
					datapath_ifindex(v->dp), 1000ULL * c->flow_idle,
					c->flow_max);
	if (!v->flows || !make_services(v))
		goto err;

	parts = (struct upcalls_parts){
		.nl = v->nl,
		.bridge = v->bridge,
		.macs = v->macs,
		.flows = v->flows,
		.outbox = v->outbox,
		.trace = v->trace,
		.stats = &v->stats,
		.find_port = on_unknown_port,
		.probe_came = on_probe,
		.ctx = v,
	};
	v->upcalls = upcalls_create(&parts, datapath_ifindex(v->dp));
	if (!v->upcalls)
		goto err;

	v->more_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (v->more_fd < 0)
		goto err;
	v->loop = vsl_loop_new();
	if (!v->loop || !vswitchd_watch(v))
		goto err;
	return true;

err:
	vsl_error("cannot start: %s", strerror(errno ? errno : ENOMEM));
	return false;
}

/* Where the control socket is; the path lives as long as the process. */
static const char *control_path(const struct vswitchd *v)
{
	static char path[256];

	if (v->options.service.control)
		return v->options.service.control;
	snprintf(path, sizeof(path), "%s/%s" VSL_RPC_SUFFIX, runtime_folder(),
		 v->options.config.name);
	return path;
}

/* One that was asked for must be there; the usual one is missed with a warning. */
static bool listen_for_control(struct vswitchd *v)
{
	const struct service_options *s = &v->options.service;
	struct control_options o = {
		.path = control_path(v),
		.make_folder = !s->control,
		.mode = s->control_mode,
		.group = s->control_group,
	};
	char error[256];

	if (s->no_control)
		return true;
	v->listener = service_listener();
	v->listener_passed = v->listener >= 0;
	if (v->listener == -2) {
		vsl_error("what systemd passed is not one Unix stream socket: see "
			  "ListenStream= in the socket unit");
		return false;
	}
	if (v->listener_passed)
		return true;
	v->listener = control_listen(&o, error, sizeof(error));
	if (v->listener >= 0)
		return true;
	if (s->control) {
		vsl_error("--control: %s", error);
		return false;
	}
	vsl_warn("no control socket: %s", error);
	return true;
}

static bool make_control(struct vswitchd *v)
{
	struct control_parts parts = {
		.loop = v->loop,
		.trace = v->trace,
		.methods = methods_table(),
		.v = v,
	};
	int listener = v->listener;

	if (listener < 0)
		return true;
	v->listener = -1;
	v->control = control_create(&parts, listener,
				    v->listener_passed ? NULL : control_path(v));
	if (!v->control)
		vsl_error("cannot serve the control socket: %s", strerror(errno));
	return v->control;
}

void vswitchd_init(struct vswitchd *v)
{
	*v = (struct vswitchd){
		.options = v->options,
		.service = v->service,
		.trace = v->trace,
		.stats = v->stats,
		.lock = -1,
		.listener = -1,
		.more_fd = -1,
	};
}

bool vswitchd_start(struct vswitchd *v)
{
	const struct options *o = &v->options;
	struct trace_options trace = {
		.dp = o->config.name,
		.text = o->config.trace.text ? stdout : NULL,
		.json = o->config.trace.json,
		.pcap = o->config.trace.pcap,
		.filter = o->config.trace.filter,
		.port = o->config.trace.port,
		.reason = o->config.trace.reason,
		.rotate_at = o->config.trace.rotate,
	};
	struct datapath_parts parts;
	char error[256];

	if (vsl_nl_open(&v->nl, o->family_prefix, error, sizeof(error))) {
		vsl_error("%s", error);
		return false;
	}
	if (!lock_datapath(v) || !listen_for_control(v))
		return false;
	if (!v->trace)
		v->trace = trace_create(&trace, error, sizeof(error));
	if (!v->trace) {
		vsl_error("%s", error);
		return false;
	}

	v->dp = datapath_open(v->nl, &o->config);
	if (!v->dp || !make_parts(v) || !make_control(v))
		return false;
	/* for the trace; a module that cannot leaves them out */
	vsl_module_upcall_times(v->nl, datapath_ifindex(v->dp), true);
	parts = (struct datapath_parts){
		v->bridge, v->macs, v->flows, v->storm, v->loops,
	};
	return datapath_join_ports(v->dp, &parts) && adopt(v) &&
	       datapath_set_upcalls(v->dp, upcalls_inbox(v->upcalls));
}

void vswitchd_end(struct vswitchd *v)
{
	control_destroy(v->control);
	if (v->listener >= 0)
		close(v->listener);
	v->listener = -1;
	vsl_loop_free(v->loop);
	upcalls_destroy(v->upcalls);
	links_destroy(v->links);
	loops_destroy(v->loops);
	storm_destroy(v->storm);
	ageing_destroy(v->ageing);
	flows_destroy(v->flows);
	outbox_destroy(v->outbox);
	bridge_destroy(v->bridge);
	rules_destroy(v->rules);
	mac_table_destroy(v->macs);
	datapath_close(v->dp);
	if (v->more_fd >= 0)
		close(v->more_fd);
	if (v->lock >= 0)
		close(v->lock);
	vsl_nl_close(v->nl);
	vswitchd_init(v);
}
