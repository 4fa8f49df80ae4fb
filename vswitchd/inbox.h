/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inbox.h - where upcalls arrive: a socket a port, each served in its turn
 *
 * A port that sends what nobody has seen before fills its own socket, and loses
 * its own upcalls; those of the others wait for one turn at most. dispatch.c tells
 * the kernel which socket is which port's, upcall.c empties them.
 */
#ifndef VSWITCHD_INBOX_H
#define VSWITCHD_INBOX_H

#include <stdint.h>

#include "lib/nl.h"

struct inbox;

struct inbox *inbox_create(const struct vsl_nl *nl);
void inbox_destroy(struct inbox *in);
int inbox_fd(const struct inbox *in);

uint32_t inbox_port_pid(struct inbox *in, uint32_t port_no);
uint32_t inbox_shared_pid(const struct inbox *in);

int inbox_receive(struct inbox *in, struct vsl_nl_rx *rx, unsigned int max);

#endif
