/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * service.h - the daemon as others start and watch it: a shell, init, systemd
 *
 * systemd's notifications are one datagram each to a socket that it names in the
 * environment. That protocol is stable and documented (sd_notify(3)) and is
 * spoken here directly: libsystemd would bring four more libraries into a process
 * with CAP_NET_ADMIN for the sake of one sendto().
 */
#ifndef VSWITCHD_SERVICE_H
#define VSWITCHD_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "lib/loop.h"

/**
 * struct service - what is to be told and undone
 * @detached: in the background, a parent waits at @parent_fd
 * @parent_fd: tells the parent that we are ready; -1 for none
 * @pid_fd: of the locked pid file, -1 for none
 * @pid_file: its name
 *
 * Start from SERVICE_INIT.
 */
struct service {
	bool detached;
	int parent_fd;
	int pid_fd;
	const char *pid_file;
};

#define SERVICE_INIT { false, -1, -1, NULL }

bool service_detach(struct service *s, char *error, size_t error_size);
int service_lock(const char *path, mode_t mode);
bool service_pid_file(struct service *s, const char *path, char *error, size_t error_size);
int service_listener(void);
bool service_watchdog(struct vsl_loop *loop);
void service_ready(struct service *s);
void service_notify(const char *state);
void service_end(struct service *s);

#endif
