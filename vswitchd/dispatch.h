/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dispatch.h - the datapath sends each port's upcalls to that port's socket
 *
 * datapath.c says which ports there are and has it looked after; inbox.c has the
 * sockets. Other programs change where upcalls go without wanting to: whatever
 * `ovs-dpctl` is asked, it first switches the datapath to dispatch by CPU.
 */
#ifndef VSWITCHD_DISPATCH_H
#define VSWITCHD_DISPATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "bridge.h"
#include "inbox.h"
#include "lib/dp.h"
#include "lib/port.h"

/* What a datapath is made with. */
#define DISPATCH_FEATURES (OVS_DP_F_UNALIGNED | OVS_DP_F_VPORT_PIDS)

struct dispatch;

struct dispatch *dispatch_create(const struct vsl_nl *nl, int dp_ifindex,
				 struct inbox *inbox, const struct bridge *bridge);
void dispatch_destroy(struct dispatch *d);

int dispatch_start(struct dispatch *d);
uint32_t dispatch_new_port_pid(const struct dispatch *d);
void dispatch_port(struct dispatch *d, const struct vsl_port *port);
int dispatch_check(struct dispatch *d, const struct vsl_dp *now);

#endif
