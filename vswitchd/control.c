// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * control.c - the control socket's clients, on the loop
 */
#include "control.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utlist.h>

#include "lib/log.h"
#include "session.h"

/* Messages of one client per turn: upcalls wait no longer than these take. */
#define TURN_MESSAGES 4

#define TICK_MS 1000

struct client {
	struct control *control;
	struct session *session;
	struct vsl_watch *watch;
	int fd;
	uint64_t progress_ms;		/* when it last read something, or had read all */
	struct client *prev, *next;
};

struct control {
	struct control_parts p;
	int listener;
	char *path;			/* to be removed at the end, or NULL */
	struct vsl_watch *listener_watch, *timer;
	struct client *clients;
	struct control_stats stats;
};

static void follow(void *ctx, const char *json, size_t len)
{
	struct control *c = ctx;
	struct client *client;

	DL_FOREACH(c->clients, client) {
		if (!session_follows(client->session))
			continue;
		session_trace(client->session, json, len);
		vsl_loop_set_events(c->p.loop, client->watch, EPOLLIN | EPOLLOUT);
	}
}

/* The trace makes its JSON only while somebody is there for it. */
static void set_follower(struct control *c)
{
	struct client *client;
	bool any = false;

	DL_FOREACH(c->clients, client)
		any |= session_follows(client->session);
	trace_follow(c->p.trace, any ? follow : NULL, c);
}

static void drop(struct client *client)
{
	struct control *c = client->control;

	DL_DELETE(c->clients, client);
	c->stats.clients--;
	vsl_loop_remove(c->p.loop, client->watch);
	close(client->fd);
	session_destroy(client->session);
	free(client);
	set_follower(c);
}

static bool receive(struct client *client)
{
	char *at;
	size_t room = session_room(client->session, &at);
	ssize_t n;

	if (!room)
		return true;
	n = recv(client->fd, at, room, MSG_DONTWAIT);
	if (n > 0)
		session_took(client->session, n);
	else if (!n)
		session_ended(client->session);
	else
		return errno == EAGAIN || errno == EINTR;
	return true;
}

static bool send_some(struct client *client)
{
	struct vsl_blob out = session_output(client->session);
	ssize_t n;

	if (!out.len)
		return true;
	n = send(client->fd, out.data, out.len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	session_sent(client->session, n);
	client->progress_ms = vsl_now_ms();
	return true;
}

static void on_client(int fd, uint32_t events, void *arg)
{
	struct client *client = arg;
	struct session *s = client->session;
	bool alive = true, more = false;
	bool gone = events & (EPOLLHUP | EPOLLERR);
	char *at;
	int i;

	(void)fd;
	if (!session_output(s).len)
		client->progress_ms = vsl_now_ms();
	if (gone || (events & EPOLLIN))
		alive = receive(client);
	if (alive)
		alive = send_some(client);
	for (i = 0; alive && i < TURN_MESSAGES; i++) {
		more = session_work(s);
		alive = send_some(client);
		if (!more)
			break;
	}
	if (!alive || session_is_over(s) || (gone && !more)) {
		drop(client);
		return;
	}
	/* EPOLLOUT comes at once where there is room: so there is a next turn */
	vsl_loop_set_events(client->control->p.loop, client->watch,
			    (session_room(s, &at) ? EPOLLIN : 0) |
			    (more || session_output(s).len ? EPOLLOUT : 0));
	set_follower(client->control);
}

static void add_client(struct control *c, int fd)
{
	struct client *client = calloc(1, sizeof(*client));

	if (!client)
		goto err;
	client->control = c;
	client->fd = fd;
	client->progress_ms = vsl_now_ms();
	client->session = session_create(c->p.methods, c->p.v);
	if (!client->session)
		goto err_client;
	client->watch = vsl_loop_add_fd(c->p.loop, fd, EPOLLIN, on_client, client);
	if (!client->watch)
		goto err_session;
	DL_APPEND(c->clients, client);
	c->stats.clients++;
	c->stats.accepted++;
	return;

err_session:
	session_destroy(client->session);
err_client:
	free(client);
err:
	close(fd);
}

static void refuse(int fd)
{
	struct vsl_str text = VSL_STR_INIT;
	ssize_t n;

	rpc_put_error(&text, VSL_RPC_REFUSED,
		      "too many clients are connected: end one of them, then try again");
	n = send(fd, vsl_str_text(&text), text.len, MSG_DONTWAIT | MSG_NOSIGNAL);
	(void)n;
	vsl_str_free(&text);
	close(fd);
}

static void on_listener(int listener, uint32_t events, void *arg)
{
	struct control *c = arg;
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)events;
	if (fd < 0) {
		/* without descriptors or memory, look again at the next tick */
		if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
			vsl_loop_set_events(c->p.loop, c->listener_watch, 0);
		return;
	}
	if (c->stats.clients < CONTROL_CLIENTS_MAX) {
		add_client(c, fd);
		return;
	}
	c->stats.refused++;
	refuse(fd);
}

static void on_tick(void *arg)
{
	struct control *c = arg;
	uint64_t now_ms = vsl_now_ms();
	struct client *client, *tmp;

	vsl_loop_set_events(c->p.loop, c->listener_watch, EPOLLIN);
	DL_FOREACH_SAFE(c->clients, client, tmp) {
		if (!session_output(client->session).len ||
		    now_ms - client->progress_ms < CONTROL_STALL_MS)
			continue;
		c->stats.stalled++;
		vsl_warn("a client of the control socket did not read for %d s: hung up",
			 CONTROL_STALL_MS / 1000);
		drop(client);
	}
}

/**
 * control_create() - serve a control socket
 * @parts: copied
 * @listener: a socket that listens, non-blocking; the control's from now on, also
 *	when this fails
 * @path: removed at the end; NULL where another made the socket
 *
 * Return: the control, to be given to control_destroy() before the loop and the
 * trace are; NULL and errno on failure.
 */
struct control *control_create(const struct control_parts *parts, int listener,
			       const char *path)
{
	struct control *c = calloc(1, sizeof(*c));

	if (!c) {
		close(listener);
		return NULL;
	}
	c->p = *parts;
	c->listener = listener;
	if (path) {
		c->path = strdup(path);
		if (!c->path)
			goto err;
	}
	c->listener_watch = vsl_loop_add_fd(c->p.loop, listener, EPOLLIN, on_listener, c);
	c->timer = vsl_loop_add_timer(c->p.loop, TICK_MS, on_tick, c);
	if (c->listener_watch && c->timer)
		return c;
err:
	control_destroy(c);
	return NULL;
}

/**
 * control_destroy() - hang up on all clients, remove the socket
 * @c: the control, or NULL
 */
void control_destroy(struct control *c)
{
	if (!c)
		return;
	while (c->clients)
		drop(c->clients);
	if (c->listener_watch)
		vsl_loop_remove(c->p.loop, c->listener_watch);
	if (c->timer)
		vsl_loop_remove(c->p.loop, c->timer);
	close(c->listener);
	if (c->path)
		unlink(c->path);
	free(c->path);
	free(c);
}

/**
 * control_stats() - figures of the socket
 * @c: the control, or NULL
 *
 * Return: the figures, the control's; all 0 without one.
 */
const struct control_stats *control_stats(const struct control *c)
{
	static const struct control_stats none;

	return c ? &c->stats : &none;
}
