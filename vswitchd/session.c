// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * session.c - messages out of bytes, and answers on their way
 */
#include "session.h"

#include <stdlib.h>
#include <string.h>

struct session {
	const struct rpc_method *methods;
	struct vswitchd *v;
	char *in;			/* room for the longest message and its newline */
	size_t in_len;
	struct vsl_str out;
	size_t out_sent;
	bool ended;			/* the client says no more */
	bool over;			/* nor do we, once @out is sent */
	bool follows;
	uint64_t skipped;		/* of the trace, not told of yet */
};

/**
 * session_create() - a client has come
 * @methods: what it may call
 * @v: handed to the methods
 *
 * Return: the session, to be given to session_destroy(); NULL without memory.
 */
struct session *session_create(const struct rpc_method *methods, struct vswitchd *v)
{
	struct session *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->in = malloc(VSL_RPC_REQUEST_MAX + 1);
	if (!s->in) {
		free(s);
		return NULL;
	}
	s->methods = methods;
	s->v = v;
	return s;
}

/**
 * session_destroy() - a client has gone
 * @s: the session, or NULL
 */
void session_destroy(struct session *s)
{
	if (!s)
		return;
	vsl_str_free(&s->out);
	free(s->in);
	free(s);
}

/**
 * session_room() - where bytes from the client go
 * @s: the session
 * @at: set to the place
 *
 * Return: how many it takes now; 0 while messages wait to be worked on.
 */
size_t session_room(const struct session *s, char **at)
{
	*at = s->in + s->in_len;
	return s->ended ? 0 : VSL_RPC_REQUEST_MAX + 1 - s->in_len;
}

/**
 * session_took() - bytes have come
 * @s: the session
 * @n: so many, where session_room() said
 */
void session_took(struct session *s, size_t n)
{
	s->in_len += n;
}

/**
 * session_ended() - the client says no more; answers still reach it
 * @s: the session
 */
void session_ended(struct session *s)
{
	/* the last line needs no newline; there is room, or the line is too long */
	if (!s->ended && s->in_len && s->in_len <= VSL_RPC_REQUEST_MAX &&
	    s->in[s->in_len - 1] != '\n')
		s->in[s->in_len++] = '\n';
	s->ended = true;
}

static bool waits(const struct session *s)
{
	return s->out_sent < s->out.len;
}

/**
 * session_work() - answer one message, if there is one and the last answer was read
 * @s: the session
 *
 * Return: whether it did: there may be more.
 */
bool session_work(struct session *s)
{
	char *end = NULL;

	if (s->over || waits(s))
		return false;
	if (s->in_len)
		end = memchr(s->in, '\n', s->in_len);
	if (!end) {
		if (s->in_len > VSL_RPC_REQUEST_MAX) {
			rpc_put_error(&s->out, VSL_RPC_INVALID_REQUEST,
				      "the message is longer than 65536 bytes");
			s->over = true;
			s->follows = false;
		}
		if (s->ended)
			s->over = true;
		return false;
	}
	*end = 0;
	/* empty lines are nobody's message */
	if (strspn(s->in, " \t\r") < (size_t)(end - s->in))
		rpc_answer(s->methods, s->v, s, s->in, end - s->in, &s->out);
	s->in_len -= end + 1 - s->in;
	memmove(s->in, end + 1, s->in_len);
	return true;
}

/**
 * session_output() - what the client is to be told
 * @s: the session
 *
 * Return: bytes, the session's; may be none.
 */
struct vsl_blob session_output(const struct session *s)
{
	return (struct vsl_blob){ vsl_str_text(&s->out) + s->out_sent,
				  s->out.len - s->out_sent };
}

/**
 * session_sent() - the client was told the first bytes of session_output()
 * @s: the session
 * @n: so many of them
 */
void session_sent(struct session *s, size_t n)
{
	s->out_sent += n;
	if (waits(s))
		return;
	/* a great answer's memory is not kept for small ones */
	if (s->out.cap > SESSION_TRACE_MAX)
		vsl_str_free(&s->out);
	else
		vsl_str_clear(&s->out);
	s->out_sent = 0;
}

/**
 * session_is_over() - is there nothing more to be said?
 * @s: the session
 *
 * Return: whether to hang up. An answer that had no memory ends the session, too:
 * the client must not take half of one for the whole.
 */
bool session_is_over(const struct session *s)
{
	return s->out.failed || (s->over && !waits(s) && !s->follows);
}

/**
 * session_follow() - have the client told of what is traced, or no more
 * @s: the session
 * @follow: whether
 */
void session_follow(struct session *s, bool follow)
{
	s->follows = follow;
}

/**
 * session_follows() - is the client told of what is traced?
 * @s: the session
 *
 * Return: whether it is.
 */
bool session_follows(const struct session *s)
{
	return s->follows;
}

/**
 * session_trace() - tell the client, if it follows, what was traced
 * @s: the session
 * @json: a JSON object without line breaks
 * @len: its length
 *
 * Left out and counted where too much waits already.
 */
void session_trace(struct session *s, const char *json, size_t len)
{
	static const char head[] = "{\"jsonrpc\":\"2.0\",\"method\":\"trace\",\"params\":";

	if (!s->follows)
		return;
	if (s->out.len - s->out_sent + len > SESSION_TRACE_MAX) {
		s->skipped++;
		return;
	}
	/* what was sent goes before it is much more than what is not */
	if (s->out_sent > SESSION_TRACE_MAX) {
		s->out.len -= s->out_sent;
		memmove(s->out.s, s->out.s + s->out_sent, s->out.len + 1);
		s->out_sent = 0;
	}
	if (s->skipped) {
		vsl_str_printf(&s->out, "{\"jsonrpc\":\"2.0\",\"method\":\"trace.skipped\","
			       "\"params\":{\"skipped\":%llu}}\n",
			       (unsigned long long)s->skipped);
		s->skipped = 0;
	}
	vsl_str_putn(&s->out, head, sizeof(head) - 1);
	vsl_str_putn(&s->out, json, len);
	vsl_str_puts(&s->out, "}\n");
}
