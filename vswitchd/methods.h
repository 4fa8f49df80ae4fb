/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * methods.h - what clients of the control socket may call
 *
 * docs/control.md says for each what it takes and gives. Answers that could be
 * long come in pages: "next" is what to ask with as "after" for the following one.
 */
#ifndef VSWITCHD_METHODS_H
#define VSWITCHD_METHODS_H

#include "rpc.h"

#ifndef METHODS_PAGE		/* the fuzzer has smaller ones, to have more of them */
#define METHODS_PAGE 256
#endif

/** methods_table() - all of them, ended by one without a name */
const struct rpc_method *methods_table(void);

/* The methods, struct rpc_method.run. */

/** method_status() - the daemon in a few words (methods.c) */
int method_status(struct rpc_call *call);
/** method_ports() - a page of ports (methods.c) */
int method_ports(struct rpc_call *call);
/** method_stats() - figures (methods.c) */
int method_stats(struct rpc_call *call);
/** method_metrics() - figures as text for Prometheus (methods.c) */
int method_metrics(struct rpc_call *call);
/** method_reload() - read the configuration again (methods.c) */
int method_reload(struct rpc_call *call);
/** method_trace() - switch the outputs of the trace (methods.c) */
int method_trace(struct rpc_call *call);
/** method_trace_follow() - have the trace sent to the client (methods.c) */
int method_trace_follow(struct rpc_call *call);
/** method_fdb_show() - a page of the MAC table (methods_fdb.c) */
int method_fdb_show(struct rpc_call *call);
/** method_fdb_flush() - forget what was learned (methods_fdb.c) */
int method_fdb_flush(struct rpc_call *call);
/** method_fdb_add() - fix a host to a port (methods_fdb.c) */
int method_fdb_add(struct rpc_call *call);
/** method_fdb_del() - forget a host (methods_fdb.c) */
int method_fdb_del(struct rpc_call *call);

#endif
