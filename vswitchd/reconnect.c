// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reconnect.c - waits for the datapath's module: see reconnect.h
 *
 * The module numbers its netlink families anew each time that it is loaded: as long as
 * the numbers are the same, it was the datapath alone that went.
 */
#include "reconnect.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "lib/log.h"

/* vswitch_lite.ko cannot be unloaded before its datapaths are deleted. */
#define UNLOAD_WAIT_MS 3000
#define LOOK_MS 200

/* Waits; true where one of the signals that end the daemon came. */
static bool told_to_end(void)
{
	const struct timespec look = { 0, LOOK_MS * 1000000L };
	sigset_t signals;
	int signo;

	vswitchd_signals(&signals);
	signo = sigtimedwait(&signals, NULL, &look);
	/* SIGHUP is for a daemon that serves */
	return signo == SIGTERM || signo == SIGINT;
}

/*
 * Looks for a module with the families that there were, and for no other that stands
 * beside it. Returns its socket, or NULL where it is not loaded.
 */
static struct vsl_nl *find_module(const struct vsl_nl *before)
{
	struct vsl_nl *nl;
	char error[256];

	return vsl_nl_open(&nl, vsl_nl_prefix(before), error, sizeof(error)) ? NULL : nl;
}

/* Returns VSWITCHD_GONE for "start again", else the daemon's exit status. */
static int await(const struct vsl_nl *before)
{
	uint64_t start_ms = vsl_now_ms();
	bool was_away = false;
	struct vsl_nl *now;
	bool same;

	for (;;) {
		now = find_module(before);
		same = now && vsl_nl_same(now, before);
		vsl_nl_close(now);
		if (now && (was_away || !same)) {
			vsl_info("the module is back");
			return VSWITCHD_GONE;
		}
		if (!now && !was_away) {
			vsl_warn("the datapath's module was unloaded; waiting for it to be loaded again");
			was_away = true;
		}
		if (now && vsl_now_ms() - start_ms >= UNLOAD_WAIT_MS)
			return EXIT_FAILURE;
		if (told_to_end())
			return EXIT_SUCCESS;
		service_notify("WATCHDOG=1");
	}
}

/**
 * vswitchd_await_module() - after the datapath was found gone: is there to be a new one?
 * @v: its parts are taken apart; options, service and trace stay for the next start
 *
 * Waits as long as the module is away. The control socket is closed meanwhile.
 *
 * Return: VSWITCHD_GONE if vswitchd_start() is to be called again; else the daemon's exit
 * status: the datapath was deleted, or somebody told us to end.
 */
int vswitchd_await_module(struct vswitchd *v)
{
	struct vsl_nl *before;
	int status;

	/* what systemd passed is used up with the first start; it can start us again */
	if (v->listener_passed || vsl_nl_clone(v->nl, &before))
		return EXIT_FAILURE;
	vswitchd_end(v);
	status = await(before);
	vsl_nl_close(before);
	return status;
}
