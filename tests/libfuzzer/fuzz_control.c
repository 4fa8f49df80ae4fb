// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_control.c - whatever a client of the control socket says
 *
 * libFuzzer's bytes go into a session as a client's would, in pieces; the methods
 * are the daemon's own, on the daemon of daemon.h. What must hold, besides memory:
 * every answer is a line of JSON with a result or an error, nothing grows beyond
 * its bounds, and the session ends when the client does.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/libfuzzer/daemon.h"
#include "vswitchd/methods.h"
#include "vswitchd/session.h"

/* Five pages, METHODS_PAGE being 4 here. */
#define HOSTS 18
#define MAX_HOSTS 40

/* As long as any answer may be: a batch of pages. */
#define ANSWER_MAX (2 * 1024 * 1024)

static struct vswitchd daemon_;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fill_table(void)
{
	uint8_t mac[6] = { 2 };
	unsigned int i;

	for (i = 0; i < HOSTS; i++) {
		memcpy(mac + 2, &i, sizeof(i));
		mac_table_learn(daemon_.macs, i % 3 * 10, mac, i % 2, 0);
	}
}

static void make_daemon(void)
{
	daemon_without_kernel(&daemon_, MAX_HOSTS);
	fill_table();
}

static void check_answer(json_object *o)
{
	assert(json_object_is_type(o, json_type_object));
	assert(json_object_object_get_ex(o, "id", NULL));
	assert(json_object_object_get_ex(o, "result", NULL) !=
	       json_object_object_get_ex(o, "error", NULL));
}

/* Reads all that the session has to say. */
static void listen_to(struct session *s)
{
	struct vsl_blob out = session_output(s);
	const char *end;
	json_object *o;
	size_t i;

	if (!out.len)
		return;
	assert(out.len <= ANSWER_MAX);
	end = memchr(out.data, '\n', out.len);
	assert(end == (const char *)out.data + out.len - 1);
	*(char *)end = 0;
	assert(!vsl_rpc_parse(out.data, out.len - 1, &o));
	if (json_object_is_type(o, json_type_array)) {
		for (i = 0; i < json_object_array_length(o); i++)
			check_answer(json_object_array_get_idx(o, i));
	} else {
		check_answer(o);
	}
	json_object_put(o);
	session_sent(s, out.len);
}

/* The first byte says in how large pieces the rest comes; 0 for all at once. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct session *s;
	size_t n, room, piece;
	char *at;

	if (!daemon_.macs)
		make_daemon();
	if (!size)
		return 0;
	piece = *data ? *data : size;
	data++;
	size--;

	s = session_create(methods_table(), &daemon_);
	assert(s);
	while (size) {
		room = session_room(s, &at);
		n = size < piece ? size : piece;
		n = n < room ? n : room;
		if (!n)
			break;
		memcpy(at, data, n);
		session_took(s, n);
		data += n;
		size -= n;
		do
			listen_to(s);
		while (session_work(s));
		session_trace(s, "{}", 2);
		/* that is no answer */
		session_sent(s, session_output(s).len);
	}
	session_ended(s);
	do
		listen_to(s);
	while (session_work(s));
	listen_to(s);
	session_follow(s, false);
	assert(session_is_over(s));
	session_destroy(s);

	assert(mac_table_count(daemon_.macs) <= MAX_HOSTS);
	if (mac_table_count(daemon_.macs) < HOSTS / 2)
		fill_table();
	return 0;
}
