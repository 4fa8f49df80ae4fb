/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the commands of vslctl share: the command table's row, the context that
 * each command gets, and printers that more than one command uses.
 */
#ifndef VSL_UTILITIES_CTL_H
#define VSL_UTILITIES_CTL_H

#include <stdbool.h>

#include "lib/dp.h"
#include "lib/flow.h"
#include "lib/nl.h"
#include "lib/output.h"
#include "lib/port.h"
#include "lib/text.h"

/* Exit statuses, and what handlers return. */
enum {
	VSLCTL_OK = 0,
	VSLCTL_REFUSED = 1,	/* by the kernel, or the input is wrong */
	VSLCTL_USAGE = 2,
};

/**
 * struct vslctl - one run of the program
 * @nl: request socket; NULL where the command needs none and no module is there
 * @nl_error: why @nl is NULL
 * @json: -j
 * @statistics: -s
 * @control: --control, or NULL
 * @command: what is being run
 */
struct vslctl {
	struct vsl_nl *nl;
	char nl_error[256];
	bool json;
	bool statistics;
	const char *control;
	const struct vslctl_command *command;
};

/**
 * struct vslctl_command - a row of the command table
 * @name: what the user types
 * @usage: its arguments
 * @help: one line
 * @min: fewest arguments
 * @max: most arguments, -1 for any number
 * @needs_nl: is not run where no datapath module is loaded
 * @run: gets the arguments (its own options included); returns an exit status
 */
struct vslctl_command {
	const char *name;
	const char *usage;
	const char *help;
	int min;
	int max;
	bool needs_nl;
	int (*run)(struct vslctl *ctl, int argc, char **argv);
};

/** vslctl_fail() - say what went wrong: "vslctl: COMMAND: text" */
int vslctl_fail(const struct vslctl *ctl, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** vslctl_usage() - "vslctl: COMMAND: text" and the command's usage */
int vslctl_usage(const struct vslctl *ctl, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * vslctl_bad_text() - show what is wrong with a flow or its actions
 * @ctl: context
 * @what: "flow" or "actions"
 * @text: the whole of it
 * @err: from the parser
 *
 * Return: VSLCTL_REFUSED.
 */
int vslctl_bad_text(const struct vslctl *ctl, const char *what,
		    const char *text, const struct vsl_text_error *err);

/**
 * vslctl_dp() - find a datapath
 * @ctl: context
 * @name: of the datapath (ovs-dpctl's "system@" in front is taken off), or NULL
 *	for the only one
 * @dp: filled on success
 *
 * Return: an exit status; what is wrong has been said.
 */
int vslctl_dp(struct vslctl *ctl, const char *name, struct vsl_dp *dp);

/** vslctl_out() - start output on stdout as -j asks; says so if it cannot */
struct vsl_out *vslctl_out(const struct vslctl *ctl, enum vsl_out_mode json);

/**
 * vslctl_out_end() - end output
 * @ctl: context
 * @out: from vslctl_out(); freed
 * @status: the command's so far
 *
 * Return: @status, or VSLCTL_REFUSED where output could not be written.
 */
int vslctl_out_end(const struct vslctl *ctl, struct vsl_out *out, int status);

/**
 * struct vslctl_names - where vslctl_port_number() looks
 * @ctl: context
 * @dp_ifindex: of the datapath
 */
struct vslctl_names {
	struct vslctl *ctl;
	int dp_ifindex;
};

/**
 * vslctl_port_number() - the number of a port, for struct vsl_text_ports
 * @name: of its device
 * @port_no: filled on success
 * @names: struct vslctl_names; no request may be under way on its socket
 *
 * Return: whether there is such a port.
 */
bool vslctl_port_number(const char *name, uint32_t *port_no, void *names);

/**
 * vslctl_einval_hint() - where to read on after a refusal without a reason
 * @ctl: context
 * @err: what the kernel answered
 * @extack: its words
 *
 * Return: a text to be appended, may be "".
 */
const char *vslctl_einval_hint(const struct vslctl *ctl, int err,
			       const char *extack);

/**
 * vslctl_put_port() - a port: "port 1: veth1"
 * @out: within an open object for JSON
 * @port: the port
 * @lead: indentation
 * @statistics: with traffic counters, each in a line of its own
 */
void vslctl_put_port(struct vsl_out *out, const struct vsl_port *port,
		     const char *lead, bool statistics);

/**
 * vslctl_put_flow() - a flow as in dump-flows, no newline
 * @out: within an open object for JSON
 * @flow: the flow
 * @ufid: in text, too, show its ufid
 */
void vslctl_put_flow(struct vsl_out *out, const struct vsl_flow *flow,
		     bool ufid);

/* The handlers of the command table, struct vslctl_command.run. */

/** vslctl_show() - datapaths and their ports (cmd_dp.c) */
int vslctl_show(struct vslctl *ctl, int argc, char **argv);
/** vslctl_add_dp() - create a datapath (cmd_dp.c) */
int vslctl_add_dp(struct vslctl *ctl, int argc, char **argv);
/** vslctl_del_dp() - delete a datapath (cmd_dp.c) */
int vslctl_del_dp(struct vslctl *ctl, int argc, char **argv);
/** vslctl_add_if() - add ports (cmd_port.c) */
int vslctl_add_if(struct vslctl *ctl, int argc, char **argv);
/** vslctl_del_if() - take ports off (cmd_port.c) */
int vslctl_del_if(struct vslctl *ctl, int argc, char **argv);
/** vslctl_add_flow() - add a flow (cmd_flow.c) */
int vslctl_add_flow(struct vslctl *ctl, int argc, char **argv);
/** vslctl_add_flows() - add the flows of a file (cmd_flow_file.c) */
int vslctl_add_flows(struct vslctl *ctl, int argc, char **argv);
/** vslctl_mod_flow() - change a flow (cmd_flow.c) */
int vslctl_mod_flow(struct vslctl *ctl, int argc, char **argv);
/** vslctl_get_flow() - show a flow (cmd_flow.c) */
int vslctl_get_flow(struct vslctl *ctl, int argc, char **argv);
/** vslctl_del_flow() - delete a flow (cmd_flow.c) */
int vslctl_del_flow(struct vslctl *ctl, int argc, char **argv);
/** vslctl_del_flows() - delete all flows (cmd_flow.c) */
int vslctl_del_flows(struct vslctl *ctl, int argc, char **argv);
/** vslctl_dump_flows() - show all flows (cmd_flow.c) */
int vslctl_dump_flows(struct vslctl *ctl, int argc, char **argv);
/** vslctl_monitor() - show changes (cmd_monitor.c) */
int vslctl_monitor(struct vslctl *ctl, int argc, char **argv);
/** vslctl_echo() - measure round trips (cmd_echo.c) */
int vslctl_echo(struct vslctl *ctl, int argc, char **argv);
/** vslctl_version() - versions of vslctl and of the module (cmd_echo.c) */
int vslctl_version(struct vslctl *ctl, int argc, char **argv);

/** vslctl_status() - the daemon in a few words (cmd_daemon.c) */
int vslctl_status(struct vslctl *ctl, int argc, char **argv);
/** vslctl_ports() - the daemon's ports and their VLANs (cmd_daemon.c) */
int vslctl_ports(struct vslctl *ctl, int argc, char **argv);
/** vslctl_stats() - the daemon's figures (cmd_daemon.c) */
int vslctl_stats(struct vslctl *ctl, int argc, char **argv);
/** vslctl_metrics() - the same for Prometheus (cmd_daemon.c) */
int vslctl_metrics(struct vslctl *ctl, int argc, char **argv);
/** vslctl_reload() - have the daemon read its configuration again (cmd_daemon.c) */
int vslctl_reload(struct vslctl *ctl, int argc, char **argv);
/** vslctl_fdb() - the daemon's MAC table (cmd_fdb.c) */
int vslctl_fdb(struct vslctl *ctl, int argc, char **argv);
/** vslctl_trace() - the daemon's trace of upcalls (cmd_trace.c) */
int vslctl_trace(struct vslctl *ctl, int argc, char **argv);
/** vslctl_trace_show() - a stored trace as the live one (cmd_trace_file.c) */
int vslctl_trace_show(struct vslctl *ctl, const char *path);
/** vslctl_trace_summary() - talkers, causes, times of one (cmd_trace_file.c) */
int vslctl_trace_summary(struct vslctl *ctl, const char *path);

/**
 * vslctl_add_ports() - add ports by their specifications
 * @ctl: context
 * @dp: the datapath
 * @n: how many
 * @specs: "PORT[,type=T][,port_no=N]" each; changed
 *
 * All or none: where one is refused, those before it are taken off again.
 *
 * Return: an exit status; what is wrong has been said.
 */
int vslctl_add_ports(struct vslctl *ctl, const struct vsl_dp *dp, int n,
		     char **specs);

#endif /* VSL_UTILITIES_CTL_H */
