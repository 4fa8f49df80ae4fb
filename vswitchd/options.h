/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - what the command line asks for
 *
 * Parsed once by main.c before anything else is touched, so that a wrong word
 * changes nothing.
 */
#ifndef VSWITCHD_OPTIONS_H
#define VSWITCHD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "lib/log.h"

/**
 * struct service_options - how the daemon is run and controlled
 * @detach: go into the background
 * @syslog: messages go to syslog
 * @log_level: up to which they are worth it
 * @pid_file: file for the process's number, or NULL
 * @control: path of the control socket, or NULL for the usual one
 * @no_control: make none
 * @control_mode: its permissions
 * @control_group: its group, or NULL
 *
 * Strings belong to argv.
 */
struct service_options {
	bool detach, syslog, no_control;
	enum vsl_log_level log_level;
	const char *pid_file, *control, *control_group;
	unsigned int control_mode;
};

/**
 * struct options - the command line, checked
 * @family_prefix: as given, or NULL to take the family that is there
 * @config_file: where @config came from, or NULL for the command line. As given: a
 *	link may name another file at the next reload
 * @check_config: @config_file is only to be checked
 * @config: what the switch is to be; owned
 * @service: how it is run and controlled
 *
 * Other strings belong to argv.
 */
struct options {
	const char *family_prefix;
	const char *config_file;
	bool check_config;
	struct config config;
	struct service_options service;
};

enum options_result {
	OPTIONS_RUN,
	OPTIONS_HELP,
	OPTIONS_VERSION,
	OPTIONS_CHECKED,	/* the configuration file is right */
	OPTIONS_WRONG,		/* the error text says what is wrong */
};

enum options_result options_parse(int argc, char *argv[], struct options *o,
				  char *error, size_t error_size);
void options_free(struct options *o);
const char *options_usage(void);

#endif
