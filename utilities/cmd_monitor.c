// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vslctl monitor: what the kernel multicasts about datapaths, ports and flows, as
 * it comes, with the printers of show and dump-flows.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include <netlink/genl/genl.h>
#include <uthash.h>

#include "ctl.h"
#include "lib/log.h"
#include "lib/loop.h"

struct name {
	int ifindex;
	char name[IFNAMSIZ];
	UT_hash_handle hh;
};

struct monitor {
	struct vslctl *ctl;
	struct vsl_nl *events;
	struct vsl_loop *loop;
	struct vsl_out *out;
	struct name *names;		/* of datapaths, by ifindex */
	int only;			/* ifindex of the one to show, or 0 */
};

static int remember(const struct vsl_dp *dp, void *arg)
{
	struct monitor *monitor = arg;
	struct name *name;

	HASH_FIND_INT(monitor->names, &dp->ifindex, name);
	if (!name) {
		name = calloc(1, sizeof(*name));
		if (!name)
			return -ENOMEM;
		name->ifindex = dp->ifindex;
		HASH_ADD_INT(monitor->names, ifindex, name);
	}
	memcpy(name->name, dp->name, sizeof(name->name));
	return 0;
}

static const char *dp_name(struct monitor *monitor, int ifindex)
{
	struct name *name;
	struct vsl_dp dp;

	HASH_FIND_INT(monitor->names, &ifindex, name);
	if (!name && !vsl_dp_get(monitor->ctl->nl, NULL, ifindex, &dp) &&
	    !remember(&dp, monitor))
		HASH_FIND_INT(monitor->names, &ifindex, name);
	return name ? name->name : "?";
}

static void begin(struct monitor *monitor, const char *event, int dp_ifindex)
{
	uint64_t now = vsl_wall_ns();
	struct vsl_str str = VSL_STR_INIT;

	vsl_str_puttime(&str, now);
	vsl_out_object(monitor->out, NULL);
	vsl_out_text(monitor->out, "%s ", vsl_str_text(&str));
	vsl_out_double(monitor->out, "time", NULL, now / 1e9, 6);
	if (dp_ifindex)
		vsl_out_str(monitor->out, "dp", "",
			    dp_name(monitor, dp_ifindex));
	vsl_out_str(monitor->out, "event", dp_ifindex ? " " : "", event);
	vsl_str_free(&str);
}

static void end(struct monitor *monitor)
{
	vsl_out_text(monitor->out, "\n");
	vsl_out_end(monitor->out);
	fflush(stdout);
}

/* OVS_DP_CMD_*, OVS_VPORT_CMD_* and OVS_FLOW_CMD_* have the same numbers. */
static const char *event_word(const char *const words[3], int cmd)
{
	switch (cmd) {
	case OVS_DP_CMD_NEW:
		return words[0];
	case OVS_DP_CMD_DEL:
		return words[1];
	default:
		return words[2];
	}
}

static void on_dp(struct monitor *monitor, const struct nlmsghdr *nlh)
{
	static const char *const words[] = { "dp-add", "dp-del", "dp-change" };
	struct name *name;
	struct vsl_dp dp;

	if (vsl_dp_from_msg(&dp, nlh) ||
	    (monitor->only && dp.ifindex != monitor->only))
		return;
	remember(&dp, monitor);
	begin(monitor, event_word(words, dp.cmd), dp.ifindex);
	vsl_out_i64(monitor->out, "ifindex", NULL, dp.ifindex);
	end(monitor);
	HASH_FIND_INT(monitor->names, &dp.ifindex, name);
	if (name && dp.cmd == OVS_DP_CMD_DEL) {
		HASH_DEL(monitor->names, name);
		free(name);
	}
}

static void on_port(struct monitor *monitor, const struct nlmsghdr *nlh)
{
	static const char *const words[] = {
		"port-add", "port-del", "port-change",
	};
	struct vsl_port port;

	if (vsl_port_from_msg(&port, nlh) ||
	    (monitor->only && port.dp_ifindex != monitor->only))
		return;
	begin(monitor, event_word(words, port.cmd), port.dp_ifindex);
	vsl_out_object(monitor->out, "port");
	vslctl_put_port(monitor->out, &port, " ", false);
	vsl_out_end(monitor->out);
	end(monitor);
}

static void on_flow(struct monitor *monitor, const struct nlmsghdr *nlh)
{
	static const char *const words[] = {
		"flow-add", "flow-del", "flow-change",
	};
	struct vsl_flow flow;
	bool flushed;

	if (vsl_flow_from_msg(&flow, nlh) ||
	    (monitor->only && flow.dp_ifindex != monitor->only))
		return;
	flushed = !flow.key.data && !flow.ufid_len;
	begin(monitor, flushed ? "flow-flush" : event_word(words, flow.cmd),
	      flow.dp_ifindex);
	if (!flushed) {
		vsl_out_text(monitor->out, " ");
		vslctl_put_flow(monitor->out, &flow,
				monitor->ctl->statistics);
	}
	end(monitor);
}

static void on_message(struct monitor *monitor, const struct nlmsghdr *nlh)
{
	switch (vsl_nl_family_of(monitor->events, nlh)) {
	case VSL_FAM_DATAPATH:
		on_dp(monitor, nlh);
		break;
	case VSL_FAM_VPORT:
		on_port(monitor, nlh);
		break;
	case VSL_FAM_FLOW:
		on_flow(monitor, nlh);
		break;
	default:
		break;
	}
}

static void on_readable(int fd, uint32_t events, void *arg)
{
	struct monitor *monitor = arg;
	struct vsl_nl_rx rx;
	int err;

	(void)fd;
	(void)events;
	err = vsl_nl_recv(monitor->events, &rx);
	if (err) {
		vslctl_fail(monitor->ctl, "receiving: %s",
			    vsl_nl_strerror(NULL, err));
		vsl_loop_stop(monitor->loop, VSLCTL_REFUSED);
		return;
	}
	if (rx.lost) {
		begin(monitor, "lost", 0);
		vsl_out_text(monitor->out, " (more events than could be read; see \"vslctl show\" and \"vslctl dump-flows\")");
		end(monitor);
	}
	for (unsigned int i = 0; i < rx.n; i++)
		on_message(monitor, rx.msgs[i]);
	if (ferror(stdout))
		vsl_loop_stop(monitor->loop, VSLCTL_REFUSED);
}

static void on_signal(int signo, void *arg)
{
	struct monitor *monitor = arg;

	(void)signo;
	vsl_loop_stop(monitor->loop, VSLCTL_OK);
}

static int start(struct monitor *monitor)
{
	static const enum vsl_family families[] = {
		VSL_FAM_DATAPATH, VSL_FAM_VPORT, VSL_FAM_FLOW,
	};
	struct vslctl *ctl = monitor->ctl;
	int err;

	err = vsl_nl_clone(ctl->nl, &monitor->events);
	for (size_t i = 0; i < VSL_ARRAY_SIZE(families) && !err; i++)
		err = vsl_nl_join(monitor->events, families[i]);
	if (err)
		return vslctl_fail(ctl, "joining the multicast groups: %s",
				   vsl_nl_strerror(NULL, err));
	vsl_dp_dump(ctl->nl, remember, monitor);
	monitor->loop = vsl_loop_new();
	if (!monitor->loop ||
	    !vsl_loop_add_fd(monitor->loop, vsl_nl_fd(monitor->events),
			     EPOLLIN, on_readable, monitor) ||
	    !vsl_loop_add_signal(monitor->loop, SIGINT, on_signal, monitor) ||
	    !vsl_loop_add_signal(monitor->loop, SIGTERM, on_signal, monitor))
		return vslctl_fail(ctl, "event loop: %s", strerror(errno));
	monitor->out = vslctl_out(ctl, VSL_OUT_JSON_LINES);
	return monitor->out ? VSLCTL_OK : VSLCTL_REFUSED;
}

int vslctl_monitor(struct vslctl *ctl, int argc, char **argv)
{
	struct monitor monitor = { .ctl = ctl };
	struct name *name, *next;
	struct vsl_dp dp;
	int status;

	if (argc) {
		status = vslctl_dp(ctl, argv[0], &dp);
		if (status)
			return status;
		monitor.only = dp.ifindex;
	}
	status = start(&monitor);
	if (!status) {
		vsl_info("monitor: ready, Ctrl-C ends it");
		status = vsl_loop_run(monitor.loop);
		status = vslctl_out_end(ctl, monitor.out, status ?
					VSLCTL_REFUSED : VSLCTL_OK);
	}
	HASH_ITER(hh, monitor.names, name, next) {
		HASH_DEL(monitor.names, name);
		free(name);
	}
	vsl_loop_free(monitor.loop);
	vsl_nl_close(monitor.events);
	return status;
}
