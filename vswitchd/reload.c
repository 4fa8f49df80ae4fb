// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reload.c - read the configuration file again, and apply what changed
 */
#include "reload.h"

#include <stdio.h>

#include "vswitchd.h"

/**
 * vswitchd_reload() - read the configuration file again, and apply what changed
 * @v: the running daemon
 * @error: on failure one line without a newline: what is wrong
 * @error_size: room for it
 *
 * Return: false if nothing was changed, and @error says why.
 */
bool vswitchd_reload(struct vswitchd *v, char *error, size_t error_size)
{
	(void)v;
	snprintf(error, error_size, "there is no configuration file: "
		 "ports and options are those of the command line");
	return false;
}
