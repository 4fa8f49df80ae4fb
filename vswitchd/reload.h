/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reload.h - read the configuration file again, and apply what changed
 *
 * Asked for by SIGHUP (turns.c) and by the control socket.
 */
#ifndef VSWITCHD_RELOAD_H
#define VSWITCHD_RELOAD_H

#include <stdbool.h>
#include <stddef.h>

struct vswitchd;

bool vswitchd_reload(struct vswitchd *v, char *error, size_t error_size);

#endif
