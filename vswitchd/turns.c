// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * turns.c - what the daemon does when something happens
 *
 * One loop serves upcalls, events of the datapath, a tick a second and signals.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "lib/log.h"
#include "reconnect.h"
#include "reload.h"
#include "vswitchd.h"

#define TICK_MS 1000

/*
 * The datapath gone is the end; whatever else fails may do better the next time.
 * Said at each power of two, for the next time may come soon.
 */
static void failed(struct vswitchd *v, const char *what, int err)
{
	if (err == -ENODEV || err == -ENOENT) {
		vsl_error("datapath '%s' was deleted", v->options.config.name);
		vsl_loop_stop(v->loop, VSWITCHD_GONE);
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
 * Puts stale flows right and goes on with ageing, in parts: as long as something is
 * left, an eventfd is readable, and the loop comes here again after it has served
 * what else there is.
 */
static void settle(struct vswitchd *v)
{
	bool more;
	int err;

	err = ageing_go_on(v->ageing);
	if (err)
		failed(v, "look at the flows", err);
	flows_revalidate(v->flows);
	outbox_flush(v->outbox);
	/* what could not be changed has become stale in the flush */
	more = flows_stale(v->flows) || ageing_is_busy(v->ageing);
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

void vswitchd_settle_soon(struct vswitchd *v)
{
	if (!v->more && flows_stale(v->flows))
		set_more(v, true);
}

static void on_links(int fd, uint32_t events, void *arg)
{
	struct vswitchd *v = arg;

	(void)fd;
	(void)events;
	links_follow(v->links);
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
	loops_act(v->loops);
	vswitchd_settle_soon(v);
}

static void on_tick(void *arg)
{
	struct vswitchd *v = arg;
	int err;

	err = datapath_check(v->dp);
	if (err)
		failed(v, "look at the datapath", err);
	else
		err = ageing_tick(v->ageing);
	if (err)
		failed(v, "begin a look at the flows", err);
	storm_check(v->storm);
	loops_tick(v->loops, vsl_now_ms());
	settle(v);
	trace_flush(v->trace);
}

static void on_signal(int signo, void *arg)
{
	struct vswitchd *v = arg;

	vsl_info("%s: ended; flows and ports stay", signo == SIGINT ? "SIGINT" : "SIGTERM");
	vsl_loop_stop(v->loop, EXIT_SUCCESS);
}

static void on_reload(int signo, void *arg)
{
	char error[512];

	(void)signo;
	if (!vswitchd_reload(arg, error, sizeof(error)))
		vsl_error("SIGHUP: nothing changed: %s", error);
	else if (*error)
		vsl_error("SIGHUP: configuration read again: %s", error);
	else
		vsl_info("SIGHUP: configuration read again");
}

void vswitchd_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGHUP);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGINT);
}

bool vswitchd_watch(struct vswitchd *v)
{
	return service_watchdog(v->loop) &&
	       vsl_loop_add_fd(v->loop, v->more_fd, EPOLLIN, on_more, v) &&
	       vsl_loop_add_fd(v->loop, datapath_fd(v->dp), EPOLLIN, on_events, v) &&
	       vsl_loop_add_fd(v->loop, links_fd(v->links), EPOLLIN, on_links, v) &&
	       vsl_loop_add_fd(v->loop, upcalls_fd(v->upcalls), EPOLLIN, on_upcalls, v) &&
	       vsl_loop_add_timer(v->loop, TICK_MS, on_tick, v) &&
	       vsl_loop_add_signal(v->loop, SIGHUP, on_reload, v) &&
	       vsl_loop_add_signal(v->loop, SIGTERM, on_signal, v) &&
	       vsl_loop_add_signal(v->loop, SIGINT, on_signal, v);
}
