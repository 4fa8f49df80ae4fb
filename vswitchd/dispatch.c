// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dispatch.c - where the datapath sends upcalls: told, looked at, put right
 *
 * A datapath dispatches by port or by CPU. By port is what is wanted, for a port's
 * upcalls to be apart from others'. But dispatch by CPU is set up first, all to the
 * shared socket, for two reasons: no upcall is lost while ports are told one by
 * one; and a program that switches to dispatch by CPU, naming no sockets, leaves
 * upcalls coming here, in one queue, until dispatch_check() switches back.
 */
#include "dispatch.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/log.h"

#define FEATURES_PER_CPU (OVS_DP_F_UNALIGNED | OVS_DP_F_DISPATCH_UPCALL_PER_CPU)

struct dispatch {
	struct vsl_nl *nl;		/* of its own: ports are told while they are dumped */
	struct inbox *inbox;		/* borrowed, as @bridge */
	const struct bridge *bridge;
	int dp_ifindex;
	uint32_t *cpu_pids;		/* the shared socket, as often as there are CPUs */
	unsigned int n_cpus;
	bool by_cpu_known;		/* the module has dispatch by CPU as well */
	bool started;
};

/**
 * dispatch_create() - nothing is told to the kernel yet
 * @nl: a socket to the module's families; only copied from
 * @dp_ifindex: of the datapath
 * @inbox: where upcalls are to go; borrowed, must live longer
 * @bridge: knows the ports; borrowed likewise
 *
 * Return: to be given to dispatch_destroy(); NULL for want of memory or a socket.
 */
struct dispatch *dispatch_create(const struct vsl_nl *nl, int dp_ifindex,
				 struct inbox *inbox, const struct bridge *bridge)
{
	struct dispatch *d = calloc(1, sizeof(*d));
	long cpus = sysconf(_SC_NPROCESSORS_CONF);
	unsigned int i;

	if (!d)
		return NULL;
	d->inbox = inbox;
	d->bridge = bridge;
	d->dp_ifindex = dp_ifindex;
	d->by_cpu_known = true;
	d->n_cpus = cpus > 0 ? cpus : 1;
	d->cpu_pids = calloc(d->n_cpus, sizeof(*d->cpu_pids));
	if (!d->cpu_pids || vsl_nl_clone(nl, &d->nl)) {
		dispatch_destroy(d);
		return NULL;
	}
	for (i = 0; i < d->n_cpus; i++)
		d->cpu_pids[i] = inbox_shared_pid(inbox);
	return d;
}

/**
 * dispatch_destroy() - free; the kernel is told nothing
 * @d: or NULL
 */
void dispatch_destroy(struct dispatch *d)
{
	if (!d)
		return;
	vsl_nl_close(d->nl);
	free(d->cpu_pids);
	free(d);
}

static void tell_port(void *ctx, uint32_t no, const char *name)
{
	struct dispatch *d = ctx;
	int err;

	err = vsl_port_set_pid(d->nl, d->dp_ifindex, no, inbox_port_pid(d->inbox, no));
	/* a port that left meanwhile has no upcalls to send */
	if (err && err != -ENODEV)
		vsl_warn("upcalls of port %s: %s", name, vsl_nl_strerror(d->nl, err));
}

/**
 * dispatch_start() - have all upcalls sent to the inbox, and see to it from now on
 * @d: the dispatch; the bridge has its ports
 *
 * Return: 0 or a negative errno.
 */
int dispatch_start(struct dispatch *d)
{
	int err;

	if (d->by_cpu_known) {
		err = vsl_dp_set(d->nl, d->dp_ifindex, FEATURES_PER_CPU, d->cpu_pids,
				 d->n_cpus, NULL);
		if (err && err != -EOPNOTSUPP)
			return err;
		d->by_cpu_known = !err;
	}
	bridge_port_each(d->bridge, tell_port, d);
	err = vsl_dp_set(d->nl, d->dp_ifindex, DISPATCH_FEATURES, NULL, 0, NULL);
	d->started |= !err;
	return err;
}

/**
 * dispatch_new_port_pid() - what to add a port with, whose number is not known yet
 * @d: the dispatch, or NULL
 *
 * Return: a netlink port id, good until dispatch_port(); 0 before dispatch_start().
 */
uint32_t dispatch_new_port_pid(const struct dispatch *d)
{
	return d && d->started ? inbox_shared_pid(d->inbox) : 0;
}

/**
 * dispatch_port() - a port was added or changed, by whomever
 * @d: the dispatch, or NULL
 * @port: as the kernel describes it
 *
 * Does nothing before dispatch_start(), which sees to all ports.
 */
void dispatch_port(struct dispatch *d, const struct vsl_port *port)
{
	if (d && d->started && (port->n_pids != 1 ||
			   port->pid != inbox_port_pid(d->inbox, port->port_no)))
		tell_port(d, port->port_no, port->name);
}

/**
 * dispatch_check() - put right what other programs have changed
 * @d: the dispatch, or NULL
 * @now: the datapath as it is
 *
 * Repairs are logged.
 *
 * Return: 0 or a negative errno.
 */
int dispatch_check(struct dispatch *d, const struct vsl_dp *now)
{
	uint32_t modes = OVS_DP_F_VPORT_PIDS | OVS_DP_F_DISPATCH_UPCALL_PER_CPU;
	int err;

	/* what a single port was told shows in its own events: dispatch_port() */
	if (!d || !d->started || (now->features & modes) == OVS_DP_F_VPORT_PIDS)
		return 0;
	err = dispatch_start(d);
	if (!err)
		vsl_info("another program had changed where upcalls go; they come here again");
	return err;
}
