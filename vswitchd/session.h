/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session.h - what one client of the control socket says and is told
 *
 * Bytes in, bytes out: control.c moves them. A session takes a message only when
 * what it was told before has been read, so that a client which asks and does not
 * read costs one answer's memory and no more. The trace, if the client follows
 * it, comes whether it reads or not: what it does not read in time is left out
 * and counted.
 */
#ifndef VSWITCHD_SESSION_H
#define VSWITCHD_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "rpc.h"

/* Of the trace, at most so much waits for a client. */
#define SESSION_TRACE_MAX (256 * 1024)

struct session;

struct session *session_create(const struct rpc_method *methods, struct vswitchd *v);
void session_destroy(struct session *s);

size_t session_room(const struct session *s, char **at);
void session_took(struct session *s, size_t n);
void session_ended(struct session *s);
bool session_work(struct session *s);

struct vsl_blob session_output(const struct session *s);
void session_sent(struct session *s, size_t n);
bool session_is_over(const struct session *s);

void session_follow(struct session *s, bool follow);
bool session_follows(const struct session *s);
void session_trace(struct session *s, const char *json, size_t len);

#endif
