// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * main.c - vswitchd-lite: start, the loop, end
 *
 * Start goes from what can be wrong in the command line to what changes the
 * kernel; if it fails after that, what was changed is taken back. Then one loop
 * serves upcalls, events of the datapath, a tick a second and signals. At the end
 * nothing is taken back: flows go on without us, and the next start adopts them.
 */
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "adopt.h"
#include "bridge.h"
#include "datapath.h"
#include "flows.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "mac_table.h"
#include "options.h"
#include "outbox.h"
#include "trace.h"
#include "upcall.h"
#include "vswitch_lite.h"

#define MAX_MACS 65536
#define TICK_MS 1000

/* Of the time, at most one part in so many goes into dumps of flows. */
#define DUMP_SHARE 10

#define LOCK_TRIES 40
#define LOCK_WAIT_US 50000

struct vswitchd {
	struct options options;
	struct vsl_nl *nl;
	int lock;
	struct mac_table *macs;
	struct bridge *bridge;
	struct outbox *outbox;
	struct flows *flows;
	struct datapath *dp;
	struct trace *trace;
	struct upcalls *upcalls;
	struct vsl_loop *loop;
	int more_fd;
	bool more;			/* stale flows are left: more_fd is readable */
	uint64_t next_dump_ms;
	uint64_t failures;
};

/*
 * Two daemons on a datapath would take the upcalls from each other for ever. A
 * name in the abstract socket space is as wide as datapaths are, the network
 * namespace, and goes with its process. The one that is being killed right now
 * may take a moment to be gone.
 */
static bool lock_datapath(struct vswitchd *v)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	socklen_t len;
	int i;

	len = snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1, "vswitchd-lite/%s/%s",
		       vsl_nl_prefix(v->nl), v->options.datapath);
	len += offsetof(struct sockaddr_un, sun_path) + 1;

	v->lock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	for (i = 0; v->lock >= 0 && i < LOCK_TRIES; i++) {
		if (!bind(v->lock, (struct sockaddr *)&name, len))
			return true;
		if (errno != EADDRINUSE)
			break;
		usleep(LOCK_WAIT_US);
	}
	if (errno == EADDRINUSE)
		vsl_error("another vswitchd-lite serves datapath '%s'; end it first",
			  v->options.datapath);
	else
		vsl_error("cannot lock datapath '%s': %s", v->options.datapath,
			  strerror(errno));
	return false;
}

static void on_mac_change(void *ctx, uint16_t vlan, const uint8_t mac[6], uint32_t from,
			  uint32_t to)
{
	struct vswitchd *v = ctx;

	(void)from;
	(void)to;
	if (v->flows)
		flows_host_changed(v->flows, vlan, mac);
}

static bool on_unknown_port(void *ctx, uint32_t port_no)
{
	struct vswitchd *v = ctx;

	return datapath_find_port(v->dp, port_no);
}

/*
 * The datapath gone is the end; whatever else fails may do better the next time.
 * Said at each power of two, for the next time may come soon.
 */
static void failed(struct vswitchd *v, const char *what, int err)
{
	if (err == -ENODEV || err == -ENOENT) {
		vsl_error("datapath '%s' was deleted", v->options.datapath);
		vsl_loop_stop(v->loop, EXIT_FAILURE);
		return;
	}
	v->failures++;
	if (!(v->failures & (v->failures - 1)))
		vsl_warn("%s: %s", what, vsl_nl_strerror(NULL, err));
}

static void set_more(struct vswitchd *v, bool more)
{
	uint64_t count = 1;
	ssize_t n;

	v->more = more;
	n = more ? write(v->more_fd, &count, sizeof(count)) :
		   read(v->more_fd, &count, sizeof(count));
	(void)n;
}

/*
 * Puts stale flows right, in parts: as long as some are left, an eventfd is
 * readable, and the loop comes here again after it has served what else there is.
 */
static void settle(struct vswitchd *v)
{
	bool more = flows_revalidate(v->flows);

	outbox_flush(v->outbox);
	/* what could not be changed has become stale in the flush */
	more |= flows_stale(v->flows);
	if (more != v->more)
		set_more(v, more);
}

static void on_more(int fd, uint32_t events, void *arg)
{
	(void)fd;
	(void)events;
	settle(arg);
}

static void on_events(int fd, uint32_t events, void *arg)
{
	struct vswitchd *v = arg;
	int err;

	(void)fd;
	(void)events;
	err = datapath_follow(v->dp);
	if (err)
		failed(v, "events of the datapath", err);
	settle(v);
}

static void on_upcalls(int fd, uint32_t events, void *arg)
{
	struct vswitchd *v = arg;
	int err;

	(void)fd;
	(void)events;
	err = upcalls_serve(v->upcalls);
	if (err)
		failed(v, "upcalls", err);
	if (!v->more && flows_stale(v->flows))
		set_more(v, true);
}

static void on_tick(void *arg)
{
	struct vswitchd *v = arg;
	uint64_t now_ms = vsl_now_ms();
	int err;

	err = datapath_check(v->dp);
	if (err)
		failed(v, "look at the datapath", err);
	if (!err && now_ms >= v->next_dump_ms) {
		err = flows_age(v->flows, v->nl, now_ms);
		if (err)
			failed(v, "look at the flows", err);
		v->next_dump_ms = now_ms + DUMP_SHARE * (vsl_now_ms() - now_ms);
	}
	/* not before the flows' use was seen: traffic keeps a host alive */
	if (!err)
		mac_table_age(v->macs, now_ms);
	settle(v);
}

static void on_signal(int signo, void *arg)
{
	struct vswitchd *v = arg;

	vsl_info("%s: ended; flows and ports stay", signo == SIGINT ? "SIGINT" : "SIGTERM");
	vsl_loop_stop(v->loop, EXIT_SUCCESS);
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static bool adopt(struct vswitchd *v)
{
	struct adopt_found found;
	int err;

	err = adopt_flows(v->flows, v->outbox, v->nl, datapath_ifindex(v->dp), vsl_now_ms(),
			  &found);
	if (err) {
		vsl_error("cannot read the flows of datapath '%s': %s", v->options.datapath,
			  vsl_nl_strerror(v->nl, err));
		return false;
	}
	mac_table_age(v->macs, vsl_now_ms());
	do {
		while (flows_revalidate(v->flows))
			;
		outbox_flush(v->outbox);
	} while (flows_stale(v->flows));

	if (found.kept)
		vsl_info("adopted %zu flow%s of an earlier run and %zu host%s",
			 found.kept, plural(found.kept), mac_table_count(v->macs),
			 plural(mac_table_count(v->macs)));
	if (found.foreign)
		vsl_info("removed %zu flow%s of another program", found.foreign,
			 plural(found.foreign));
	if (found.by_hand)
		vsl_info("left %zu flow%s alone, made by hand", found.by_hand,
			 plural(found.by_hand));
	return true;
}

static bool make_parts(struct vswitchd *v)
{
	const struct options *o = &v->options;
	struct upcalls_parts parts;

	v->macs = mac_table_create(MAX_MACS, 1000ULL * o->mac_age, on_mac_change, v);
	if (v->macs)
		v->bridge = bridge_create(v->macs);
	v->outbox = outbox_create(v->nl);
	if (v->bridge && v->outbox)
		v->flows = flows_create(v->bridge, v->macs, v->outbox,
					datapath_ifindex(v->dp), 1000ULL * o->flow_idle);
	if (!v->flows)
		goto err;

	parts = (struct upcalls_parts){
		.nl = v->nl,
		.bridge = v->bridge,
		.macs = v->macs,
		.flows = v->flows,
		.outbox = v->outbox,
		.trace = v->trace,
		.find_port = on_unknown_port,
		.ctx = v,
	};
	v->upcalls = upcalls_create(&parts, datapath_ifindex(v->dp));
	if (!v->upcalls)
		goto err;

	v->more_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (v->more_fd < 0)
		goto err;
	v->loop = vsl_loop_new();
	if (!v->loop ||
	    !vsl_loop_add_fd(v->loop, v->more_fd, EPOLLIN, on_more, v) ||
	    !vsl_loop_add_fd(v->loop, datapath_fd(v->dp), EPOLLIN, on_events, v) ||
	    !vsl_loop_add_fd(v->loop, upcalls_fd(v->upcalls), EPOLLIN, on_upcalls, v) ||
	    !vsl_loop_add_timer(v->loop, TICK_MS, on_tick, v) ||
	    !vsl_loop_add_signal(v->loop, SIGTERM, on_signal, v) ||
	    !vsl_loop_add_signal(v->loop, SIGINT, on_signal, v))
		goto err;
	return true;

err:
	vsl_error("cannot start: %s", strerror(errno ? errno : ENOMEM));
	return false;
}

static bool start(struct vswitchd *v)
{
	const struct options *o = &v->options;
	struct trace_options trace = {
		.dp = o->datapath,
		.text = o->trace_text ? stdout : NULL,
		.json = o->trace_json,
		.pcap = o->trace_pcap,
		.filter = o->trace_filter,
	};
	struct datapath_parts parts;
	char error[256];

	if (vsl_nl_open(&v->nl, o->family_prefix, error, sizeof(error))) {
		vsl_error("%s", error);
		return false;
	}
	if (!lock_datapath(v))
		return false;
	v->trace = trace_create(&trace, error, sizeof(error));
	if (!v->trace) {
		vsl_error("%s", error);
		return false;
	}

	v->dp = datapath_open(v->nl, o);
	if (!v->dp || !make_parts(v))
		return false;
	parts = (struct datapath_parts){ v->bridge, v->macs, v->flows };
	return datapath_join_ports(v->dp, &parts) && adopt(v) &&
	       datapath_set_upcalls(v->dp, upcalls_pid(v->upcalls));
}

static void end(struct vswitchd *v)
{
	vsl_loop_free(v->loop);
	upcalls_destroy(v->upcalls);
	flows_destroy(v->flows);
	outbox_destroy(v->outbox);
	bridge_destroy(v->bridge);
	mac_table_destroy(v->macs);
	datapath_close(v->dp);
	trace_destroy(v->trace);
	if (v->more_fd >= 0)
		close(v->more_fd);
	if (v->lock >= 0)
		close(v->lock);
	vsl_nl_close(v->nl);
	options_free(&v->options);
}

static int run(struct vswitchd *v)
{
	size_t ports;
	int status;

	if (!start(v)) {
		datapath_undo(v->dp);
		return EXIT_FAILURE;
	}
	ports = bridge_port_count(v->bridge);
	vsl_info("ready: datapath %s, %zu port%s", v->options.datapath, ports,
		 plural(ports));

	status = vsl_loop_run(v->loop);
	if (status < 0) {
		vsl_error("waiting for events: %s", strerror(-status));
		return EXIT_FAILURE;
	}
	return status;
}

int main(int argc, char *argv[])
{
	struct vswitchd v = { .lock = -1, .more_fd = -1 };
	char error[256];
	int status = EXIT_SUCCESS;

	vsl_log_init("vswitchd-lite");
	/* a reader of the trace that goes away must not end the switch */
	signal(SIGPIPE, SIG_IGN);
	/* whole lines also where that is a pipe; trace.c flushes them */
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);

	switch (options_parse(argc, argv, &v.options, error, sizeof(error))) {
	case OPTIONS_HELP:
		fputs(options_usage(), stdout);
		break;
	case OPTIONS_VERSION:
		printf("vswitchd-lite %s\n", VSL_VERSION);
		break;
	case OPTIONS_WRONG:
		vsl_error("%s", error);
		fputs("Try 'vswitchd-lite --help'.\n", stderr);
		status = 2;
		break;
	case OPTIONS_RUN:
		status = run(&v);
		break;
	}
	end(&v);
	return status;
}
