// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_rpc.c - JSON-RPC 2.0 as its specification has it, and messages in sessions
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "vswitchd/rpc.h"
#include "vswitchd/session.h"

static unsigned int called;

static int subtract(struct rpc_call *call)
{
	called++;
	call->result = json_object_new_int64((int64_t)rpc_number(call, "minuend", 0) -
					     rpc_number(call, "subtrahend", 1));
	return 0;
}

static int refuse(struct rpc_call *call)
{
	called++;
	/* what was made before the failure goes nowhere */
	call->result = json_object_new_string("half");
	return rpc_fail(call, VSL_RPC_REFUSED, "no: %s", rpc_string(call, "word"));
}

static int flag(struct rpc_call *call)
{
	called++;
	call->result = json_object_new_boolean(!rpc_flag(call, "on"));
	return 0;
}

static int follow(struct rpc_call *call)
{
	called++;
	session_follow(call->session, true);
	return 0;
}

static int page(struct rpc_call *call)
{
	char *text = malloc(100000);

	called++;
	memset(text, 'x', 100000);
	call->result = json_object_new_string_len(text, 100000);
	free(text);
	return 0;
}

static const struct rpc_param subtract_params[] = {
	{ "minuend", RPC_NUMBER, true },
	{ "subtrahend", RPC_NUMBER, false },
	{ NULL, 0, false },
};

static const struct rpc_param refuse_params[] = {
	{ "word", RPC_STRING, true },
	{ NULL, 0, false },
};

static const struct rpc_param flag_params[] = {
	{ "on", RPC_BOOL, true },
	{ NULL, 0, false },
};

static const struct rpc_method methods[] = {
	{ "subtract", subtract_params, subtract },
	{ "refuse", refuse_params, refuse },
	{ "flag", flag_params, flag },
	{ "follow", NULL, follow },
	{ "page", NULL, page },
	{ NULL, NULL, NULL },
};

#define OK(id, result) "{\"jsonrpc\":\"2.0\",\"result\":" result ",\"id\":" id "}\n"
#define ERROR(id, code, text) \
	"{\"jsonrpc\":\"2.0\",\"error\":{\"code\":" code ",\"message\":\"" text "\"},\"id\":" id "}\n"
#define NOT_A_REQUEST(id) ERROR(id, "-32600", "this is not a request: it needs " \
				"\\\"jsonrpc\\\": \\\"2.0\\\" and \\\"method\\\"")

/* @answer "" for none */
static void answers(const char *request, const char *answer)
{
	struct vsl_str out = VSL_STR_INIT;

	rpc_answer(methods, NULL, NULL, request, strlen(request), &out);
	assert_string_equal(vsl_str_text(&out), answer);
	vsl_str_free(&out);
}

/* The examples of the specification, section 7, with names for positions. */
static void specification(void **state)
{
	(void)state;
	answers("{\"jsonrpc\": \"2.0\", \"method\": \"subtract\", \"params\": "
		"{\"subtrahend\": 23, \"minuend\": 42}, \"id\": 3}", OK("3", "19"));
	called = 0;
	answers("{\"jsonrpc\": \"2.0\", \"method\": \"subtract\", \"params\": "
		"{\"minuend\": 42}}", "");
	assert_int_equal(called, 1);
	answers("{\"jsonrpc\": \"2.0\", \"method\": \"foobar\"}", "");
	answers("{\"jsonrpc\": \"2.0\", \"method\": \"foobar\", \"id\": \"1\"}",
		ERROR("\"1\"", "-32601", "there is no method 'foobar'"));
	answers("{\"jsonrpc\": \"2.0\", \"method\": 1, \"params\": \"bar\"}",
		NOT_A_REQUEST("null"));
	answers("[]", ERROR("null", "-32600", "the batch is empty"));
	answers("[1]", "[" "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32600,\"message\":"
		"\"this is not a request: it needs \\\"jsonrpc\\\": \\\"2.0\\\" and "
		"\\\"method\\\"\"},\"id\":null}]\n");
	/* notifications alone have no answer, not an empty one */
	answers("[{\"jsonrpc\": \"2.0\", \"method\": \"foobar\"},"
		"{\"jsonrpc\": \"2.0\", \"method\": \"foobar\"}]", "");
	answers("[{\"jsonrpc\":\"2.0\",\"method\":\"subtract\",\"params\":{\"minuend\":5},"
		"\"id\":\"a\"},{\"jsonrpc\":\"2.0\",\"method\":\"flag\",\"params\":{\"on\":true},"
		"\"id\":null}]",
		"[{\"jsonrpc\":\"2.0\",\"result\":4,\"id\":\"a\"},"
		"{\"jsonrpc\":\"2.0\",\"result\":false,\"id\":null}]\n");
}

static void not_json(void **state)
{
	static const char *const bad[] = {
		"{\"jsonrpc\": \"2.0\", \"method\": \"foobar, \"params\": \"bar\", \"baz]",
		"{", "[1,]", "{\"a\":1} x", "\"\xff\"", "01", "[[[[[[[[[[1]]]]]]]]]]",
	};
	struct vsl_str out = VSL_STR_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < VSL_ARRAY_SIZE(bad); i++) {
		vsl_str_clear(&out);
		rpc_answer(methods, NULL, NULL, bad[i], strlen(bad[i]), &out);
		if (!strstr(vsl_str_text(&out), "{\"code\":-32700,"))
			fail_msg("%s is answered by %s", bad[i], vsl_str_text(&out));
	}
	vsl_str_clear(&out);
	rpc_answer(methods, NULL, NULL, "{}\0 ", 4, &out);
	assert_non_null(strstr(vsl_str_text(&out), "{\"code\":-32700,"));
	vsl_str_free(&out);
	answers("\"hello\"", NOT_A_REQUEST("null"));
	answers("null", NOT_A_REQUEST("null"));
	answers("{\"jsonrpc\":\"2.0\",\"method\":\"follow\",\"id\":[1]}", NOT_A_REQUEST("null"));
	answers("{\"jsonrpc\":\"2.0\",\"method\":\"follow\",\"id\":NaN}", NOT_A_REQUEST("null"));
	answers("{\"jsonrpc\":\"2.0\",\"method\":\"follow\",\"params\":null,\"id\":7}",
		NOT_A_REQUEST("7"));
	answers("{\"jsonrpc\":\"1.0\",\"method\":\"follow\",\"id\":7}", NOT_A_REQUEST("7"));
}

#define CALL(method, params) \
	"{\"jsonrpc\":\"2.0\",\"method\":\"" method "\",\"params\":" params ",\"id\":1}"
#define BAD_PARAMS(text) ERROR("1", "-32602", text)

/* No method is run with parameters that it did not ask for. */
static void parameters(void **state)
{
	(void)state;
	called = 0;
	answers(CALL("subtract", "{}"), BAD_PARAMS("parameter 'minuend' is missing"));
	answers(CALL("subtract", "[42,23]"),
		BAD_PARAMS("parameters are given by name, in an object"));
	answers(CALL("subtract", "{\"minuend\":\"42\"}"),
		BAD_PARAMS("parameter 'minuend' must be a number from 0 to 4294967295"));
	answers(CALL("subtract", "{\"minuend\":-1}"),
		BAD_PARAMS("parameter 'minuend' must be a number from 0 to 4294967295"));
	answers(CALL("subtract", "{\"minuend\":1.5}"),
		BAD_PARAMS("parameter 'minuend' must be a number from 0 to 4294967295"));
	answers(CALL("subtract", "{\"minuend\":4294967296}"),
		BAD_PARAMS("parameter 'minuend' must be a number from 0 to 4294967295"));
	answers(CALL("subtract", "{\"minuend\":1,\"m\":1}"),
		BAD_PARAMS("subtract has no parameter 'm'"));
	answers(CALL("subtract", "{\"minuend\":1,\"\xc3\xa4\":1}"),
		BAD_PARAMS("subtract has no parameter '...'"));
	answers(CALL("flag", "{\"on\":1}"), BAD_PARAMS("parameter 'on' must be true or false"));
	answers(CALL("flag", "{\"on\":null}"),
		BAD_PARAMS("parameter 'on' must be true or false"));
	answers(CALL("refuse", "{\"word\":\"a\\u0000b\"}"),
		BAD_PARAMS("parameter 'word' must be a string"));
	answers(CALL("follow", "{\"x\":1}"), BAD_PARAMS("follow has no parameter 'x'"));
	assert_int_equal(called, 0);
	answers(CALL("subtract", "{\"minuend\":4294967295,\"subtrahend\":0}"),
		OK("1", "4294967295"));
	answers(CALL("refuse", "{\"word\":\"never\"}"), ERROR("1", "-32000", "no: never"));
}

static void batch_is_bounded(void **state)
{
	struct vsl_str text = VSL_STR_INIT;
	int i;

	(void)state;
	called = 0;
	vsl_str_putc(&text, '[');
	for (i = 0; i <= RPC_BATCH_MAX; i++)
		vsl_str_printf(&text, "%s{\"jsonrpc\":\"2.0\",\"method\":\"page\",\"id\":1}",
			       i ? "," : "");
	vsl_str_putc(&text, ']');
	answers(vsl_str_text(&text),
		ERROR("null", "-32600", "a batch may hold 16 requests at most"));
	assert_int_equal(called, 0);
	vsl_str_free(&text);
}

/* ---- sessions ---- */

static void say(struct session *s, const char *text)
{
	char *at;

	assert_true(session_room(s, &at) >= strlen(text));
	memcpy(at, text, strlen(text));
	session_took(s, strlen(text));
}

/* What the client is told, which it reads all of. */
static void told(struct session *s, const char *text)
{
	struct vsl_blob out = session_output(s);

	assert_int_equal(out.len, strlen(text));
	assert_memory_equal(out.data, text, out.len);
	session_sent(s, out.len);
}

static void messages_are_lines(void **state)
{
	struct session *s = session_create(methods, NULL);

	(void)state;
	say(s, CALL("subtract", "{\"minuend\""));
	say(s, "\n\n \r\n");
	assert_true(session_work(s));
	assert_non_null(strstr(session_output(s).data, "-32700"));
	session_sent(s, session_output(s).len);
	assert_true(session_work(s));
	assert_true(session_work(s));
	assert_false(session_work(s));
	told(s, "");

	say(s, "{\"jsonrpc\":\"2.0\",\"method\":\"fl");
	assert_false(session_work(s));
	say(s, "ag\",\"params\":{\"on\":false},\"id\":1}\n" CALL("flag", "{\"on\":true}") "\n");
	assert_true(session_work(s));
	/* not before the first answer was read */
	assert_false(session_work(s));
	session_sent(s, 5);
	assert_false(session_work(s));
	told(s, OK("1", "true") + 5);
	assert_true(session_work(s));
	told(s, OK("1", "false"));

	/* the last line needs no end */
	say(s, CALL("flag", "{\"on\":true}"));
	assert_false(session_work(s));
	session_ended(s);
	assert_true(session_work(s));
	assert_false(session_is_over(s));
	told(s, OK("1", "false"));
	assert_false(session_work(s));
	assert_true(session_is_over(s));
	session_destroy(s);
	session_destroy(NULL);
}

static void long_message_ends_it(void **state)
{
	struct session *s = session_create(methods, NULL);
	size_t room;
	char *at;

	(void)state;
	/* as long as may be */
	room = session_room(s, &at);
	assert_int_equal(room, VSL_RPC_REQUEST_MAX + 1);
	memset(at, ' ', room);
	memcpy(at, CALL("flag", "{\"on\":true}"), strlen(CALL("flag", "{\"on\":true}")));
	at[room - 1] = '\n';
	session_took(s, room);
	assert_true(session_work(s));
	told(s, OK("1", "false"));

	/* and one more */
	room = session_room(s, &at);
	memset(at, ' ', room);
	session_took(s, room);
	assert_int_equal(session_room(s, &at), 0);
	assert_false(session_work(s));
	assert_false(session_is_over(s));
	told(s, ERROR("null", "-32600", "the message is longer than 65536 bytes"));
	assert_true(session_is_over(s));
	session_destroy(s);
}

/* A follower that does not read costs so much memory and no more, and is told. */
static void trace_is_bounded(void **state)
{
	struct session *s = session_create(methods, NULL);
	static const char event[] = "{\"port\":\"eth0\"}";
	static const char line[] = "{\"jsonrpc\":\"2.0\",\"method\":\"trace\",\"params\":"
				   "{\"port\":\"eth0\"}}\n";
	size_t i, n;

	(void)state;
	session_trace(s, event, strlen(event));
	told(s, "");
	say(s, "{\"jsonrpc\":\"2.0\",\"method\":\"follow\",\"id\":1}\n");
	assert_true(session_work(s));
	told(s, OK("1", "null"));
	assert_true(session_follows(s));
	session_trace(s, event, strlen(event));
	told(s, line);

	for (i = 0; i < 100000; i++)
		session_trace(s, event, strlen(event));
	n = session_output(s).len / strlen(line);
	assert_int_equal(session_output(s).len, n * strlen(line));
	assert_true(session_output(s).len <= SESSION_TRACE_MAX + 100);
	assert_true(session_output(s).len > SESSION_TRACE_MAX - 200);
	/* half of it is read */
	session_sent(s, n / 2 * strlen(line));
	session_trace(s, event, strlen(event));
	session_sent(s, (n - n / 2) * strlen(line));
	{
		char rest[256];

		snprintf(rest, sizeof(rest), "{\"jsonrpc\":\"2.0\",\"method\":\"trace.skipped\","
			 "\"params\":{\"skipped\":%zu}}\n%s", 100000 - n, line);
		told(s, rest);
	}
	session_destroy(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(specification),
		cmocka_unit_test(not_json),
		cmocka_unit_test(parameters),
		cmocka_unit_test(batch_is_bounded),
		cmocka_unit_test(messages_are_lines),
		cmocka_unit_test(long_message_ends_it),
		cmocka_unit_test(trace_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
