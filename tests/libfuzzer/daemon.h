/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * daemon.h - as much of the daemon as the control socket's methods look at, with a
 * real MAC table and bridge, and without a kernel
 *
 * Included by one file of a program, which is linked with --wrap for the functions
 * below (WRAP_* in the Makefile).
 */
#ifndef TESTS_LIBFUZZER_DAEMON_H
#define TESTS_LIBFUZZER_DAEMON_H

#include <assert.h>
#include <stdio.h>

#include "lib/dp.h"
#include "vswitchd/reload.h"
#include "vswitchd/vswitchd.h"

/* The linker has these called in place of those that ask the kernel. */
bool __wrap_vsl_nl_has(const struct vsl_nl *nl, enum vsl_family family);
int __wrap_vsl_dp_get(struct vsl_nl *nl, const char *name, int ifindex, struct vsl_dp *dp);
int __wrap_datapath_ifindex(const struct datapath *dp);
bool __wrap_vswitchd_reload(struct vswitchd *v, char *error, size_t error_size);

bool __wrap_vsl_nl_has(const struct vsl_nl *nl, enum vsl_family family)
{
	(void)nl;
	(void)family;
	return true;
}

int __wrap_vsl_dp_get(struct vsl_nl *nl, const char *name, int ifindex, struct vsl_dp *dp)
{
	(void)nl;
	(void)name;
	(void)ifindex;
	*dp = (struct vsl_dp){ .has_stats = true };
	return 0;
}

int __wrap_datapath_ifindex(const struct datapath *dp)
{
	(void)dp;
	return 1;
}

bool __wrap_vswitchd_reload(struct vswitchd *v, char *error, size_t error_size)
{
	(void)v;
	snprintf(error, error_size, "there is nothing to reload");
	return false;
}

/* Two ports: 0, whose name is a hard one for JSON and labels, and eth1, a trunk. */
static void daemon_without_kernel(struct vswitchd *v, size_t max_hosts)
{
	/* VLANs 0, 2, 3 and 8 to 63 */
	struct bridge_port_config trunk = {
		.vlans = { .mode = BRIDGE_PORT_TRUNK, .trunk = { ~0xf2ULL } },
	};
	struct trace_options trace = { .dp = "br\"0" };
	char error[256];

	snprintf(v->options.config.name, sizeof(v->options.config.name), "br\"0");
	v->more_fd = -1;
	v->trace = trace_create(&trace, error, sizeof(error));
	v->macs = mac_table_create(max_hosts, 1000, NULL, NULL);
	v->bridge = bridge_create(v->macs);
	v->flows = flows_create(v->bridge, v->macs, NULL, 1, 1000, 1000);
	assert(v->trace && v->flows);
	bridge_port_add(v->bridge, 0, "br\"0", NULL);
	bridge_port_add(v->bridge, 1, "eth1", &trunk);
}

#endif
