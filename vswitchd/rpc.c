// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpc.c - JSON-RPC 2.0 (https://www.jsonrpc.org/specification)
 */
#include "rpc.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/**
 * rpc_fail() - have a call end with an error
 * @call: the call
 * @code: enum vsl_rpc_code
 * @fmt: what happened, and what to do about it
 *
 * Return: @code, for the method to return.
 */
int rpc_fail(struct rpc_call *call, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(call->error, sizeof(call->error), fmt, ap);
	va_end(ap);
	return code;
}

/* What a client named, fit to be repeated to it: to cut it may cut a character. */
static const char *shown(const char *name)
{
	size_t i;

	for (i = 0; name[i] > ' ' && name[i] <= '~'; i++)
		;
	return !name[i] && i <= 64 ? name : "...";
}

static json_object *get(const struct rpc_call *call, const char *name)
{
	json_object *value = NULL;

	if (call->params)
		json_object_object_get_ex(call->params, name, &value);
	return value;
}

/**
 * rpc_string() - a parameter of type RPC_STRING
 * @call: the call
 * @name: the parameter
 *
 * Return: its value, the call's; NULL where it was left out.
 */
const char *rpc_string(const struct rpc_call *call, const char *name)
{
	json_object *value = get(call, name);

	return value ? json_object_get_string(value) : NULL;
}

/**
 * rpc_number() - a parameter of type RPC_NUMBER
 * @call: the call
 * @name: the parameter
 * @otherwise: what it is where it was left out
 *
 * Return: its value.
 */
uint32_t rpc_number(const struct rpc_call *call, const char *name, uint32_t otherwise)
{
	json_object *value = get(call, name);

	return value ? json_object_get_int64(value) : otherwise;
}

/**
 * rpc_flag() - a parameter of type RPC_BOOL
 * @call: the call
 * @name: the parameter
 *
 * Return: its value; false where it was left out.
 */
bool rpc_flag(const struct rpc_call *call, const char *name)
{
	json_object *value = get(call, name);

	return value && json_object_get_boolean(value);
}

/* Returns what the value must be, or NULL if it is that. */
static const char *type_wrong(enum rpc_type type, json_object *value)
{
	int64_t n;

	switch (type) {
	case RPC_STRING:
		/* a NUL within would have it end early */
		if (json_object_is_type(value, json_type_string) &&
		    strlen(json_object_get_string(value)) ==
		    (size_t)json_object_get_string_len(value))
			return NULL;
		return "a string";
	case RPC_NUMBER:
		n = json_object_get_int64(value);
		if (json_object_is_type(value, json_type_int) && n >= 0 && n <= UINT32_MAX)
			return NULL;
		return "a number from 0 to 4294967295";
	case RPC_BOOL:
		return json_object_is_type(value, json_type_boolean) ? NULL : "true or false";
	}
	return "something else";
}

static const struct rpc_param *find_param(const struct rpc_param *params, const char *name)
{
	for (; params && params->name; params++) {
		if (!strcmp(params->name, name))
			return params;
	}
	return NULL;
}

static int check_params(const struct rpc_method *method, struct rpc_call *call)
{
	const struct rpc_param *p;
	const char *wrong;

	if (call->params && !json_object_is_type(call->params, json_type_object))
		return rpc_fail(call, VSL_RPC_INVALID_PARAMS,
				"parameters are given by name, in an object");
	if (call->params) {
		json_object_object_foreach(call->params, name, value) {
			p = find_param(method->params, name);
			if (!p)
				return rpc_fail(call, VSL_RPC_INVALID_PARAMS,
						"%s has no parameter '%s'", method->name,
						shown(name));
			wrong = type_wrong(p->type, value);
			if (wrong)
				return rpc_fail(call, VSL_RPC_INVALID_PARAMS,
						"parameter '%s' must be %s", name, wrong);
		}
	}
	for (p = method->params; p && p->name; p++) {
		if (p->required && !get(call, p->name))
			return rpc_fail(call, VSL_RPC_INVALID_PARAMS,
					"parameter '%s' is missing", p->name);
	}
	return 0;
}

static int call_method(const struct rpc_method *methods, const char *name,
		       struct rpc_call *call)
{
	int code;

	for (; methods->name; methods++) {
		if (strcmp(methods->name, name))
			continue;
		code = check_params(methods, call);
		return code ? code : methods->run(call);
	}
	return rpc_fail(call, VSL_RPC_NO_METHOD, "there is no method '%s'", shown(name));
}

/* Both @id and @value are given away. */
static json_object *reply(json_object *id, const char *what, json_object *value)
{
	json_object *o = json_object_new_object();

	json_object_object_add(o, "jsonrpc", json_object_new_string("2.0"));
	json_object_object_add(o, what, value);
	json_object_object_add(o, "id", id);
	return o;
}

static json_object *error_reply(json_object *id, int code, const char *message)
{
	json_object *error = json_object_new_object();

	json_object_object_add(error, "code", json_object_new_int(code));
	json_object_object_add(error, "message", json_object_new_string(message));
	return reply(id, "error", error);
}

/* A request without an id is a notification: it gets no answer. */
struct request {
	const char *method;
	json_object *params, *id;
	bool has_id;
};

static bool read_request(json_object *message, struct request *r)
{
	json_object *version, *method;

	*r = (struct request){ 0 };
	if (!json_object_is_type(message, json_type_object))
		return false;
	/* no fractions, which the specification advises against: json-c has NaN */
	r->has_id = json_object_object_get_ex(message, "id", &r->id);
	if (r->id && !json_object_is_type(r->id, json_type_string) &&
	    !json_object_is_type(r->id, json_type_int)) {
		r->id = NULL;
		return false;
	}
	if (!json_object_object_get_ex(message, "jsonrpc", &version) ||
	    !json_object_is_type(version, json_type_string) ||
	    strcmp(json_object_get_string(version), "2.0") ||
	    !json_object_object_get_ex(message, "method", &method) ||
	    !json_object_is_type(method, json_type_string))
		return false;
	r->method = json_object_get_string(method);
	/* "params": null is not what is left out */
	if (json_object_object_get_ex(message, "params", &r->params) &&
	    !json_object_is_type(r->params, json_type_object) &&
	    !json_object_is_type(r->params, json_type_array))
		return false;
	return true;
}

/* Returns the reply, or NULL where there is none to be given. */
static json_object *answer_one(const struct rpc_method *methods, struct vswitchd *v,
			       struct session *session, json_object *message)
{
	struct rpc_call call = { .v = v, .session = session };
	struct request r;
	int code;

	if (!read_request(message, &r))
		return error_reply(json_object_get(r.id), VSL_RPC_INVALID_REQUEST,
				   "this is not a request: it needs \"jsonrpc\": \"2.0\" and "
				   "\"method\"");
	call.params = r.params;
	code = call_method(methods, r.method, &call);
	if (!r.has_id) {
		json_object_put(call.result);
		return NULL;
	}
	if (!code)
		return reply(json_object_get(r.id), "result", call.result);
	json_object_put(call.result);
	return error_reply(json_object_get(r.id), code, call.error);
}

static json_object *answer_batch(const struct rpc_method *methods, struct vswitchd *v,
				 struct session *session, json_object *message)
{
	size_t i, n = json_object_array_length(message);
	json_object *replies, *one;
	char text[80];

	if (!n)
		return error_reply(NULL, VSL_RPC_INVALID_REQUEST, "the batch is empty");
	if (n > RPC_BATCH_MAX) {
		snprintf(text, sizeof(text), "a batch may hold %d requests at most",
			 RPC_BATCH_MAX);
		return error_reply(NULL, VSL_RPC_INVALID_REQUEST, text);
	}
	replies = json_object_new_array();
	for (i = 0; i < n; i++) {
		one = answer_one(methods, v, session, json_object_array_get_idx(message, i));
		if (one)
			json_object_array_add(replies, one);
	}
	if (json_object_array_length(replies))
		return replies;
	json_object_put(replies);
	return NULL;
}

static void put(struct vsl_str *out, json_object *o)
{
	size_t len;
	const char *text = json_object_to_json_string_length(o, JSON_C_TO_STRING_PLAIN |
							     JSON_C_TO_STRING_NOSLASHESCAPE,
							     &len);

	if (text) {
		vsl_str_pututf8(out, text, len);
		vsl_str_putc(out, '\n');
	}
	json_object_put(o);
}

/**
 * rpc_answer() - answer one message
 * @methods: the table of methods
 * @v: handed to the methods
 * @session: handed to the methods
 * @text: the message, NUL-terminated behind @len
 * @len: its length, at most VSL_RPC_REQUEST_MAX
 * @out: the answer and a newline are appended; nothing for notifications
 */
void rpc_answer(const struct rpc_method *methods, struct vswitchd *v, struct session *session,
		const char *text, size_t len, struct vsl_str *out)
{
	json_object *message, *o;
	const char *wrong = vsl_rpc_parse(text, len, &message);
	char error[128];

	if (wrong) {
		snprintf(error, sizeof(error), "this is not JSON: %s", wrong);
		o = error_reply(NULL, VSL_RPC_PARSE_ERROR, error);
	} else if (json_object_is_type(message, json_type_array)) {
		o = answer_batch(methods, v, session, message);
	} else {
		o = answer_one(methods, v, session, message);
	}
	json_object_put(message);
	if (o)
		put(out, o);
}

/**
 * rpc_put_error() - an error that answers no request in particular
 * @out: it and a newline are appended
 * @code: enum vsl_rpc_code
 * @message: one sentence
 */
void rpc_put_error(struct vsl_str *out, int code, const char *message)
{
	put(out, error_reply(NULL, code, message));
}
