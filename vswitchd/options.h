/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - what the command line asks for
 *
 * Parsed once by main.c before anything else is touched, so that a wrong word
 * changes nothing.
 */
#ifndef VSWITCHD_OPTIONS_H
#define VSWITCHD_OPTIONS_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

#include "bridge.h"
#include "lib/log.h"

/**
 * struct options_port - one PORT[:access=N|:trunk=N,N,...]
 * @name: interface name
 * @vlans: what it carries
 */
struct options_port {
	char name[IF_NAMESIZE];
	struct bridge_vlans vlans;
};

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
 * @mac_age: seconds of silence after which a host is forgotten
 * @flow_idle: seconds without a packet after which a flow is removed
 * @trace_json: file for JSON lines, or NULL
 * @trace_pcap: file for captured packets, or NULL
 * @trace_filter: pcap filter expression, or NULL
 * @trace_text: lines for people on standard output
 * @datapath: name of the datapath
 * @ports: ports named; owned
 * @n_ports: number of @ports
 * @service: how it is run and controlled
 *
 * Strings belong to argv.
 */
struct options {
	const char *family_prefix;
	unsigned int mac_age, flow_idle;
	const char *trace_json, *trace_pcap, *trace_filter;
	bool trace_text;
	const char *datapath;
	struct options_port *ports;
	size_t n_ports;
	struct service_options service;
};

enum options_result {
	OPTIONS_RUN,
	OPTIONS_HELP,
	OPTIONS_VERSION,
	OPTIONS_WRONG,		/* the error text says what is wrong */
};

enum options_result options_parse(int argc, char *argv[], struct options *o,
				  char *error, size_t error_size);
void options_free(struct options *o);
const struct bridge_vlans *options_port_vlans(const struct options *o, const char *name);
const char *options_usage(void);

#endif
