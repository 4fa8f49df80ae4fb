// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * datapath.c - make or take over the datapath, follow its ports
 *
 * Requests go by the socket that main.c opened, what others do is heard on a
 * socket of its own. That socket listens before the ports are first read, so
 * that no port is missed; one that is told of twice does no harm.
 */
#include "datapath.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dispatch.h"
#include "lib/dp.h"
#include "lib/log.h"
#include "lib/port.h"

/* Netlink events may come in great numbers when a namespace with ports ends. */
#define RECEIVE_BUFFER (1 << 20)

struct datapath {
	struct vsl_nl *nl;		/* borrowed */
	struct vsl_nl *events;
	const struct config *config;	/* borrowed; changes at a reload */
	struct datapath_parts p;
	int ifindex;
	bool created;			/* by us: to be undone if start fails */
	uint32_t *added;		/* ports by us, likewise */
	size_t n_added;
	struct dispatch *dispatch;	/* NULL until datapath_set_upcalls() */
	bool started;			/* ports that join are worth a message */
};

static bool open_or_make(struct datapath *dp)
{
	const char *name = dp->config->name;
	struct vsl_dp found;
	int err;

	err = vsl_dp_get(dp->nl, name, 0, &found);
	if (!err) {
		dp->ifindex = found.ifindex;
		return true;
	}
	if (err != -ENODEV)
		goto fail;
	if (if_nametoindex(name)) {
		vsl_error("'%s' is a network device, but not a datapath; "
			  "give the datapath another name", name);
		return false;
	}

	err = vsl_dp_new(dp->nl, name, DISPATCH_FEATURES, 0, &found);
	if (err)
		goto fail;
	dp->ifindex = found.ifindex;
	dp->created = true;
	return true;

fail:
	vsl_error("datapath '%s': %s", name, vsl_nl_strerror(dp->nl, err));
	return false;
}

/* Before anything is made: a port that cannot be found is a wrong command line. */
static bool ports_exist(struct vsl_nl *nl, const struct config *c)
{
	size_t i;

	for (i = 0; i < c->n_ports; i++) {
		/* a port's device may have been moved to another namespace */
		if (if_nametoindex(c->ports[i].name) ||
		    !strcmp(c->ports[i].name, c->name) ||
		    !vsl_port_get(nl, 0, c->ports[i].name, 0, NULL))
			continue;
		vsl_error("port '%s': there is no network device of that name; "
			  "'ip link' lists those there are", c->ports[i].name);
		return false;
	}
	return true;
}

/**
 * datapath_open() - make the datapath that the options name, or take it over
 * @nl: a request socket; borrowed, must live longer
 * @c: the configuration; borrowed likewise
 *
 * What is wrong is logged.
 *
 * Return: the datapath, to be given to datapath_close(); NULL on failure.
 */
struct datapath *datapath_open(struct vsl_nl *nl, const struct config *c)
{
	struct datapath *dp;
	int err;

	if (!c->wait_for_ports && !ports_exist(nl, c))
		return NULL;

	dp = calloc(1, sizeof(*dp));
	if (!dp)
		goto err_memory;
	dp->nl = nl;
	dp->config = c;
	dp->added = calloc(c->n_ports + 1, sizeof(*dp->added));
	if (!dp->added)
		goto err_memory;

	err = vsl_nl_clone(nl, &dp->events);
	if (!err) {
		vsl_nl_set_rcvbuf(dp->events, RECEIVE_BUFFER);
		err = vsl_nl_join(dp->events, VSL_FAM_VPORT);
	}
	if (!err)
		err = vsl_nl_join(dp->events, VSL_FAM_DATAPATH);
	if (err) {
		vsl_error("cannot follow the datapath's events: %s",
			  vsl_nl_strerror(NULL, err));
		goto err;
	}
	if (!open_or_make(dp))
		goto err;
	return dp;

err_memory:
	vsl_error("no memory for the datapath");
err:
	datapath_close(dp);
	return NULL;
}

/**
 * datapath_close() - let go of the datapath; in the kernel it stays
 * @dp: or NULL
 */
void datapath_close(struct datapath *dp)
{
	if (!dp)
		return;
	vsl_nl_close(dp->events);
	dispatch_destroy(dp->dispatch);
	free(dp->added);
	free(dp);
}

/**
 * datapath_undo() - after a start that failed, take back what was changed
 * @dp: or NULL
 */
void datapath_undo(struct datapath *dp)
{
	size_t i;

	if (!dp)
		return;
	if (dp->created) {
		vsl_dp_del(dp->nl, dp->ifindex);
		return;
	}
	for (i = 0; i < dp->n_added; i++)
		vsl_port_del(dp->nl, dp->ifindex, dp->added[i]);
}

/**
 * datapath_ifindex() - the number that requests name the datapath by
 * @dp: the datapath
 *
 * Return: the interface index of its local port.
 */
int datapath_ifindex(const struct datapath *dp)
{
	return dp->ifindex;
}

static void port_left(struct datapath *dp, uint32_t no)
{
	if (!bridge_port_name(dp->p.bridge, no))
		return;
	vsl_info("port %s (%u) left", bridge_port_name(dp->p.bridge, no), no);
	bridge_port_remove(dp->p.bridge, no);
	storm_set_port(dp->p.storm, no, NULL);
	loops_port_left(dp->p.loops, no);
	mac_table_set_port_limit(dp->p.macs, no, 0);
	mac_table_forget_port(dp->p.macs, no);
	flows_ports_changed(dp->p.flows);
}

/* Hosts that the configuration says are behind this port. */
static void fix_hosts(struct datapath *dp, uint32_t no, const char *name)
{
	const struct config_static *s = dp->config->statics;
	size_t i;

	for (i = 0; i < dp->config->n_statics; i++, s++) {
		if (strcmp(s->port, name))
			continue;
		if (!mac_table_fix(dp->p.macs, s->vlan, s->mac, no, vsl_now_ms()))
			vsl_warn("no room for a static host of port %s", name);
	}
}

/* Makes a port what the configuration says; false for want of memory. */
static bool set_up_port(struct datapath *dp, uint32_t no, const char *name)
{
	const struct config_port *c = config_port(dp->config, name);

	if (!bridge_port_add(dp->p.bridge, no, name, c ? &c->bridge : NULL) ||
	    !mac_table_set_port_limit(dp->p.macs, no, c ? c->mac_limit : 0)) {
		vsl_warn("no memory for port %s (%u): it is left out", name, no);
		return false;
	}
	storm_set_port(dp->p.storm, no, c);
	fix_hosts(dp, no, name);
	flows_ports_changed(dp->p.flows);
	return true;
}

static void port_joined(struct datapath *dp, const struct vsl_port *port)
{
	const char *known = bridge_port_name(dp->p.bridge, port->port_no);

	/* what leaves by a tunnel port needs more than a port number */
	if (port->type != OVS_VPORT_TYPE_NETDEV && port->type != OVS_VPORT_TYPE_INTERNAL)
		return;
	if (known && !strcmp(known, port->name)) {
		dispatch_port(dp->dispatch, port);
		return;
	}
	if (known)
		port_left(dp, port->port_no);
	if (!set_up_port(dp, port->port_no, port->name))
		return;
	if (dp->started)
		vsl_info("port %s (%u) joined", port->name, port->port_no);
	dispatch_port(dp->dispatch, port);
}

struct reading {
	struct datapath *dp;
	uint64_t seen[(VSL_PORT_LIMIT + 63) / 64];
};

static int read_one(const struct vsl_port *port, void *arg)
{
	struct reading *r = arg;

	if (port->port_no < VSL_PORT_LIMIT)
		r->seen[port->port_no / 64] |= 1ULL << (port->port_no % 64);
	port_joined(r->dp, port);
	return 0;
}

static void drop_unseen(void *ctx, uint32_t no, const char *name)
{
	struct reading *r = ctx;

	(void)name;
	if (no >= VSL_PORT_LIMIT || !(r->seen[no / 64] >> (no % 64) & 1))
		port_left(r->dp, no);
}

/* Makes the bridge's ports those that the datapath has. */
static int read_ports(struct datapath *dp)
{
	struct reading r = { .dp = dp };
	bool disturbed;
	int err;

	err = vsl_port_dump(dp->nl, dp->ifindex, read_one, &r);
	/* disturbed by others' changes: their events are on the way */
	disturbed = err == -EAGAIN;
	if (err && !disturbed)
		return err;
	if (!disturbed)
		bridge_port_each(dp->p.bridge, drop_unseen, &r);
	return 0;
}

static bool has_port(struct datapath *dp, const char *name)
{
	struct vsl_port port;

	return !vsl_port_get(dp->nl, 0, name, 0, &port) && port.dp_ifindex == dp->ifindex;
}

/* Adds a device. Returns false where it cannot be, and @error says why. */
static bool add_port(struct datapath *dp, const char *name, char *error, size_t error_size)
{
	struct vsl_port port;
	int err;

	if (has_port(dp, name))
		return true;
	err = vsl_port_new(dp->nl, dp->ifindex, name, OVS_VPORT_TYPE_NETDEV, VSL_PORT_ANY,
			   dispatch_new_port_pid(dp->dispatch), &port);
	if (err == -EBUSY || err == -EEXIST) {
		snprintf(error, error_size, "port '%s': the device is in another switch or bond "
			 "already; take it out there first", name);
		return false;
	}
	if (err == -ENODEV && dp->config->wait_for_ports) {
		vsl_info("port %s: there is no such device yet; it joins when it appears", name);
		return true;
	}
	if (err) {
		snprintf(error, error_size, "port '%s': %s", name, vsl_nl_strerror(dp->nl, err));
		return false;
	}
	if (!dp->started)
		dp->added[dp->n_added++] = port.port_no;
	port_joined(dp, &port);

	err = vsl_port_link_up(name);
	if (err)
		vsl_warn("port '%s' could not be brought up: %s", name,
			 vsl_nl_strerror(NULL, err));
	return true;
}

static void take_out(struct datapath *dp, uint32_t no, const char *name)
{
	int err = vsl_port_del(dp->nl, dp->ifindex, no);

	if (err && err != -ENODEV)
		vsl_warn("port %s cannot be taken out: %s", name, vsl_nl_strerror(dp->nl, err));
	else
		port_left(dp, no);
}

/* A device that an earlier configuration named would carry everything. */
static void take_out_unnamed(void *ctx, uint32_t no, const char *name)
{
	struct datapath *dp = ctx;
	struct vsl_port port;

	if (!config_port(dp->config, name) &&
	    !vsl_port_get(dp->nl, dp->ifindex, NULL, no, &port) &&
	    port.type == OVS_VPORT_TYPE_NETDEV)
		take_out(dp, no, name);
}

/**
 * datapath_join_ports() - have the ports that are there and those named join the bridge
 * @dp: the datapath
 * @parts: what the ports are part of, from now on; copied
 *
 * What is wrong is logged.
 *
 * Return: false on failure.
 */
bool datapath_join_ports(struct datapath *dp, const struct datapath_parts *parts)
{
	char error[256];
	size_t i;
	int err;

	dp->p = *parts;
	err = read_ports(dp);
	if (err) {
		vsl_error("cannot read the ports of datapath '%s': %s", dp->config->name,
			  vsl_nl_strerror(dp->nl, err));
		return false;
	}
	for (i = 0; i < dp->config->n_ports; i++) {
		if (add_port(dp, dp->config->ports[i].name, error, sizeof(error)))
			continue;
		vsl_error("%s", error);
		return false;
	}
	dp->started = true;
	if (dp->config->wait_for_ports)
		bridge_port_each(dp->p.bridge, take_out_unnamed, dp);
	return true;
}

struct search {
	const char *name;
	uint32_t no;
	bool found;
};

static void is_it(void *ctx, uint32_t no, const char *name)
{
	struct search *s = ctx;

	if (strcmp(name, s->name))
		return;
	s->no = no;
	s->found = true;
}

static bool find_by_name(const struct datapath *dp, const char *name, uint32_t *no)
{
	struct search s = { .name = name };

	bridge_port_each(dp->p.bridge, is_it, &s);
	*no = s.no;
	return s.found;
}

/**
 * datapath_link_changed() - a network device came, or its link went up or down
 * @dp: the datapath
 * @name: of the device
 * @running: frames can leave by it
 *
 * A device that the configuration waits for joins. The hosts behind a link that
 * is down are forgotten, so that they are looked for elsewhere. The caller has the
 * flows decided anew afterwards. A device may be told of at any time: that it cannot
 * join is logged once.
 */
void datapath_link_changed(struct datapath *dp, const char *name, bool running)
{
	struct config_port *c;
	char error[256];
	uint32_t no;
	bool told;

	if (find_by_name(dp, name, &no)) {
		if (!running)
			mac_table_flush(dp->p.macs, MAC_TABLE_ANY_VLAN, no);
		return;
	}
	c = config_port(dp->config, name);
	if (!c || !dp->config->wait_for_ports)
		return;
	told = c->refused;
	c->refused = !add_port(dp, name, error, sizeof(error));
	if (c->refused && !told)
		vsl_error("%s", error);
}

/* Takes out what the old configuration had and the new one has not. */
static void forget_old(struct datapath *dp, const struct config *old)
{
	const struct config *new = dp->config;
	const struct config_static *s;
	uint32_t no;
	size_t i;

	for (i = 0; i < old->n_ports; i++) {
		if (config_port(new, old->ports[i].name) ||
		    !find_by_name(dp, old->ports[i].name, &no) || no == VSL_PORT_LOCAL)
			continue;
		take_out(dp, no, old->ports[i].name);
	}
	for (i = 0; i < old->n_statics; i++) {
		s = &old->statics[i];
		if (!config_has_static(new, s))
			mac_table_forget(dp->p.macs, s->vlan, s->mac);
	}
}

struct reconfiguration {
	struct datapath *dp;
	const struct config *old;
};

static void reconfigure_port(void *ctx, uint32_t no, const char *name)
{
	static const struct config_port none;
	const struct reconfiguration *r = ctx;
	const struct config_port *is = config_port(r->dp->config, name);
	const struct config_port *was = config_port(r->old, name);

	is = is ?: &none;
	was = was ?: &none;
	if (memcmp(&is->bridge.vlans, &was->bridge.vlans, sizeof(is->bridge.vlans)) ||
	    (is->bridge.mirror_to && !was->bridge.mirror_to))
		mac_table_flush(r->dp->p.macs, MAC_TABLE_ANY_VLAN, no);
	set_up_port(r->dp, no, name);
}

/**
 * datapath_reconfigure() - the configuration is another one: make the ports so
 * @dp: the datapath; the configuration that it borrows has the new contents
 * @old: what it was before
 * @error: "", or why a port could not be added: of several, the first
 * @error_size: room for it
 *
 * Ports that are in neither stay as they are: others added them. The caller has
 * the flows decided anew afterwards.
 */
void datapath_reconfigure(struct datapath *dp, const struct config *old, char *error,
			  size_t error_size)
{
	struct reconfiguration r = { dp, old };
	struct config_port *c;
	char text[256];
	uint32_t no;
	size_t i;

	*error = 0;
	forget_old(dp, old);
	bridge_port_each(dp->p.bridge, reconfigure_port, &r);
	for (i = 0; i < dp->config->n_ports; i++) {
		c = &dp->config->ports[i];
		c->refused = !find_by_name(dp, c->name, &no) &&
			     !add_port(dp, c->name, text, sizeof(text));
		if (c->refused && !*error)
			snprintf(error, error_size, "%s", text);
	}
}

/**
 * datapath_find_port() - a packet came by a port that the bridge does not know
 * @dp: the datapath
 * @port_no: the port
 *
 * The port's event may still be on the way.
 *
 * Return: true if the port is in the bridge now.
 */
bool datapath_find_port(struct datapath *dp, uint32_t port_no)
{
	struct vsl_port port;

	if (vsl_port_get(dp->nl, dp->ifindex, NULL, port_no, &port))
		return false;
	port_joined(dp, &port);
	return bridge_port_name(dp->p.bridge, port_no) != NULL;
}

/**
 * datapath_set_upcalls() - have the datapath send its upcalls to an inbox
 * @dp: the datapath, its ports joined
 * @inbox: borrowed, must live as long as the datapath is open
 *
 * What is wrong is logged.
 *
 * Return: false on failure.
 */
bool datapath_set_upcalls(struct datapath *dp, struct inbox *inbox)
{
	int err = -ENOMEM;

	dp->dispatch = dispatch_create(dp->nl, dp->ifindex, inbox, dp->p.bridge);
	if (dp->dispatch)
		err = dispatch_start(dp->dispatch);
	if (err)
		vsl_error("datapath '%s' will not send upcalls here: %s",
			  dp->config->name, vsl_nl_strerror(dp->nl, err));
	return !err;
}

/**
 * datapath_check() - is the datapath still there and as it has to be?
 * @dp: the datapath
 *
 * Other programs (ovs-dpctl, whatever it is asked) change where upcalls go.
 * This is to be called every second; repairs are logged.
 *
 * Return: 0; -ENODEV where the datapath is gone; else a negative errno.
 */
int datapath_check(struct datapath *dp)
{
	struct vsl_dp now;
	int err;

	err = vsl_dp_get(dp->nl, NULL, dp->ifindex, &now);
	return err ? err : dispatch_check(dp->dispatch, &now);
}

/**
 * datapath_fd() - what to poll
 * @dp: the datapath
 *
 * Return: a descriptor, readable when datapath_follow() has something to do.
 */
int datapath_fd(const struct datapath *dp)
{
	return vsl_nl_fd(dp->events);
}

static int follow_datapath(struct datapath *dp, const struct nlmsghdr *msg, bool *check)
{
	struct vsl_dp event;

	if (vsl_dp_from_msg(&event, msg) || event.ifindex != dp->ifindex)
		return 0;
	if (event.cmd == OVS_DP_CMD_DEL)
		return -ENODEV;
	*check = true;
	return 0;
}

static void follow_port(struct datapath *dp, const struct nlmsghdr *msg)
{
	struct vsl_port event;

	if (vsl_port_from_msg(&event, msg) || event.dp_ifindex != dp->ifindex)
		return;
	if (event.cmd == OVS_VPORT_CMD_DEL)
		port_left(dp, event.port_no);
	else
		port_joined(dp, &event);
}

/**
 * datapath_follow() - take note of what others did to the datapath
 * @dp: the datapath
 *
 * The caller has the flows decided anew afterwards.
 *
 * Return: 0; -ENODEV where the datapath was deleted; else a negative errno.
 */
int datapath_follow(struct datapath *dp)
{
	bool check = false, lost = false;
	struct vsl_nl_rx rx;
	unsigned int i;
	int err;

	do {
		err = vsl_nl_recv(dp->events, &rx);
		if (err)
			return err;
		lost |= rx.lost;
		for (i = 0; i < rx.n; i++) {
			switch (vsl_nl_family_of(dp->events, rx.msgs[i])) {
			case VSL_FAM_DATAPATH:
				err = follow_datapath(dp, rx.msgs[i], &check);
				if (err)
					return err;
				break;
			case VSL_FAM_VPORT:
				follow_port(dp, rx.msgs[i]);
				break;
			}
		}
	} while (rx.n == VSL_NL_RECV_MAX);

	if (lost) {
		err = read_ports(dp);
		if (err)
			return err;
		check = true;
	}
	return check ? datapath_check(dp) : 0;
}
