/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rpc.h - JSON-RPC 2.0: a request as text in, the answer as text out
 *
 * Knows nothing of sockets or of what the methods do. The methods say in a table
 * what parameters they take; a call gets to a method only with those, of the
 * right type, so no method looks at types again.
 */
#ifndef VSWITCHD_RPC_H
#define VSWITCHD_RPC_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/rpc.h"
#include "lib/util.h"

/* Requests in one message: each may be answered with a page. */
#define RPC_BATCH_MAX 16

struct session;
struct vswitchd;

enum rpc_type {
	RPC_STRING,
	RPC_NUMBER,		/* 0 to UINT32_MAX, no fraction */
	RPC_BOOL,
};

/**
 * struct rpc_param - a parameter of a method
 * @name: its name; NULL ends the list
 * @type: what its value must be
 * @required: it may not be left out
 */
struct rpc_param {
	const char *name;
	enum rpc_type type;
	bool required;
};

/**
 * struct rpc_call - a call of a method
 * @v: the daemon
 * @session: whose call it is; NULL where there is none to speak to later
 * @params: the parameters, checked, or NULL
 * @result: for the method to set on success, given away; NULL is "null"
 * @error: for the method to fill on failure, one sentence
 */
struct rpc_call {
	struct vswitchd *v;
	struct session *session;
	json_object *params;
	json_object *result;
	char error[256];
};

/**
 * struct rpc_method - a row of the table of methods
 * @name: what it is called by; NULL ends the table
 * @params: its parameters, or NULL for none
 * @run: does it; returns 0 or an enum vsl_rpc_code with the call's error filled
 */
struct rpc_method {
	const char *name;
	const struct rpc_param *params;
	int (*run)(struct rpc_call *call);
};

int rpc_fail(struct rpc_call *call, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
const char *rpc_string(const struct rpc_call *call, const char *name);
uint32_t rpc_number(const struct rpc_call *call, const char *name, uint32_t otherwise);
bool rpc_flag(const struct rpc_call *call, const char *name);

void rpc_answer(const struct rpc_method *methods, struct vswitchd *v, struct session *session,
		const char *text, size_t len, struct vsl_str *out);
void rpc_put_error(struct vsl_str *out, int code, const char *message);

#endif
