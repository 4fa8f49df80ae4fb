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

#define METHODS_PAGE 256

/** methods_table() - all of them, ended by one without a name */
const struct rpc_method *methods_table(void);

/* The methods, struct rpc_method.run, by the files that they are in. */

/* methods.c */
int method_status(struct rpc_call *call);
int method_ports(struct rpc_call *call);
int method_stats(struct rpc_call *call);
int method_metrics(struct rpc_call *call);
int method_reload(struct rpc_call *call);
int method_trace(struct rpc_call *call);
int method_trace_follow(struct rpc_call *call);

/* methods_fdb.c */
int method_fdb_show(struct rpc_call *call);
int method_fdb_flush(struct rpc_call *call);
int method_fdb_add(struct rpc_call *call);
int method_fdb_del(struct rpc_call *call);

#endif
