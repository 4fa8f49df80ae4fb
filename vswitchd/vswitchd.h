/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vswitchd.h - the whole daemon: its parts, and the three files that join them
 *
 * main.c reads the command line, start.c makes the parts in order and takes them
 * apart again, turns.c says what is done when something happens. What the parts
 * are is said in the header of each; only these files see them all.
 */
#ifndef VSWITCHD_VSWITCHD_H
#define VSWITCHD_VSWITCHD_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adopt.h"
#include "ageing.h"
#include "bridge.h"
#include "control.h"
#include "datapath.h"
#include "flows.h"
#include "lib/loop.h"
#include "links.h"
#include "loops.h"
#include "mac_table.h"
#include "options.h"
#include "outbox.h"
#include "rules.h"
#include "service.h"
#include "stats.h"
#include "storm.h"
#include "trace.h"
#include "upcall.h"

/**
 * struct vswitchd - the daemon, in the order in which start makes it
 * @options: the command line
 * @service: who started us, and what they are to be told
 * @started_ms: when
 * @nl: for requests
 * @lock: keeps a second daemon away from the datapath
 * @trace: told of each upcall
 * @stats: counts them
 * @dp: the datapath and its ports
 * @macs: which port a host is behind
 * @bridge: decides
 * @outbox: requests on their way to the kernel
 * @rules: of the bridge
 * @flows: the flows that are there
 * @ageing: forgets silent flows and hosts
 * @storm: limits what ports flood
 * @loops: shuts ports that are part of a loop
 * @links: tells of network devices
 * @upcalls: packets that had none
 * @loop: serves all of it
 * @listener: of the control socket until @control has it, or -1
 * @listener_passed: systemd made it
 * @control: the control socket, or NULL where there is none
 * @more_fd: readable while @more
 * @more: stale flows are left, or ageing goes on
 * @failures: of the loop's turns
 *
 * One thread only. A part that is not made yet is NULL.
 */
struct vswitchd {
	struct options options;
	struct service service;
	uint64_t started_ms;
	struct vsl_nl *nl;
	int lock;
	struct trace *trace;
	struct stats stats;
	struct datapath *dp;
	struct mac_table *macs;
	struct bridge *bridge;
	struct outbox *outbox;
	struct rules *rules;
	struct flows *flows;
	struct ageing *ageing;
	struct storm *storm;
	struct loops *loops;
	struct links *links;
	struct upcalls *upcalls;
	struct vsl_loop *loop;
	int listener;
	bool listener_passed;
	struct control *control;
	int more_fd;
	bool more;
	uint64_t failures;
};

/** vswitchd_init() - no parts yet, but for options, service, trace and stats */
void vswitchd_init(struct vswitchd *v);

/** vswitchd_start() - make all parts; false on failure, which has been logged */
bool vswitchd_start(struct vswitchd *v);

/**
 * vswitchd_end() - take the parts apart; the kernel's flows and ports stay
 * @v: started, or as far as start came; as after vswitchd_init() then
 */
void vswitchd_end(struct vswitchd *v);

/** vswitchd_watch() - have the loop serve the parts; false and errno on failure */
bool vswitchd_watch(struct vswitchd *v);

/** vswitchd_signals() - those that the daemon takes, for which it blocks them */
void vswitchd_signals(sigset_t *signals);

/** vswitchd_settle_soon() - something was changed that makes flows stale */
void vswitchd_settle_soon(struct vswitchd *v);

#endif
