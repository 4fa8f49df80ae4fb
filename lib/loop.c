// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The event loop: see loop.h.
 */
#include "loop.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define EVENTS 16

struct vsl_watch {
	struct vsl_watch *next;
	int fd;
	int signo;		/* 0 but for a signal's */
	uint32_t events;
	bool unblock;		/* the signal was not blocked before */
	bool own_fd;		/* timerfd, signalfd: closed with the watch */
	bool removed;		/* freed after the round */
	vsl_loop_fd_cb fd_cb;
	vsl_loop_timer_cb timer_cb;
	vsl_loop_signal_cb signal_cb;
	void *arg;
};

struct vsl_loop {
	int epoll;
	bool stop;
	int status;
	struct vsl_watch *watches;
};

struct vsl_loop *vsl_loop_new(void)
{
	struct vsl_loop *loop = calloc(1, sizeof(*loop));

	if (!loop)
		return NULL;
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll < 0) {
		free(loop);
		return NULL;
	}
	return loop;
}

/* Free watches: those that were removed, or all. */
static void sweep(struct vsl_loop *loop, bool all)
{
	struct vsl_watch **at = &loop->watches;

	while (*at) {
		struct vsl_watch *watch = *at;

		if (!all && !watch->removed) {
			at = &watch->next;
			continue;
		}
		if (!watch->removed)
			vsl_loop_remove(loop, watch);
		*at = watch->next;
		free(watch);
	}
}

void vsl_loop_free(struct vsl_loop *loop)
{
	if (!loop)
		return;
	sweep(loop, true);
	close(loop->epoll);
	free(loop);
}

static struct vsl_watch *add(struct vsl_loop *loop, int fd, uint32_t events,
			     bool own_fd, void *arg)
{
	struct vsl_watch *watch = calloc(1, sizeof(*watch));
	struct epoll_event event = { .events = events };

	if (!watch)
		return NULL;
	event.data.ptr = watch;
	watch->fd = fd;
	watch->events = events;
	watch->own_fd = own_fd;
	watch->arg = arg;
	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event)) {
		free(watch);
		return NULL;
	}
	watch->next = loop->watches;
	loop->watches = watch;
	return watch;
}

struct vsl_watch *vsl_loop_add_fd(struct vsl_loop *loop, int fd,
				  uint32_t events, vsl_loop_fd_cb cb,
				  void *arg)
{
	struct vsl_watch *watch = add(loop, fd, events, false, arg);

	if (watch)
		watch->fd_cb = cb;
	return watch;
}

/* Watch @fd of our own making; close it where that fails. */
static struct vsl_watch *add_own(struct vsl_loop *loop, int fd, void *arg)
{
	struct vsl_watch *watch;
	int saved;

	if (fd < 0)
		return NULL;
	watch = add(loop, fd, EPOLLIN, true, arg);
	if (!watch) {
		saved = errno;
		close(fd);
		errno = saved;
	}
	return watch;
}

struct vsl_watch *vsl_loop_add_timer(struct vsl_loop *loop, unsigned int ms,
				     vsl_loop_timer_cb cb, void *arg)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };
	struct itimerspec its = { .it_interval = ts, .it_value = ts };
	struct vsl_watch *watch;
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);

	if (fd >= 0 && timerfd_settime(fd, 0, &its, NULL)) {
		close(fd);
		return NULL;
	}
	watch = add_own(loop, fd, arg);
	if (watch)
		watch->timer_cb = cb;
	return watch;
}

struct vsl_watch *vsl_loop_add_signal(struct vsl_loop *loop, int signo,
				      vsl_loop_signal_cb cb, void *arg)
{
	struct vsl_watch *watch;
	sigset_t set, old;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, signo);
	if (sigprocmask(SIG_BLOCK, &set, &old))
		return NULL;
	fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	watch = add_own(loop, fd, arg);
	if (!watch) {
		sigprocmask(SIG_SETMASK, &old, NULL);
		return NULL;
	}
	watch->signo = signo;
	watch->unblock = !sigismember(&old, signo);
	watch->signal_cb = cb;
	return watch;
}

void vsl_loop_set_events(struct vsl_loop *loop, struct vsl_watch *watch,
			 uint32_t events)
{
	struct epoll_event event = { .events = events };

	if (watch->events == events)
		return;
	event.data.ptr = watch;
	/* needs no memory: cannot fail for a descriptor that is there */
	epoll_ctl(loop->epoll, EPOLL_CTL_MOD, watch->fd, &event);
	watch->events = events;
}

void vsl_loop_remove(struct vsl_loop *loop, struct vsl_watch *watch)
{
	sigset_t set;

	epoll_ctl(loop->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
	if (watch->own_fd)
		close(watch->fd);
	if (watch->unblock) {
		sigemptyset(&set);
		sigaddset(&set, watch->signo);
		sigprocmask(SIG_UNBLOCK, &set, NULL);
	}
	/* This round's list of events may still name it. */
	watch->removed = true;
}

static void serve_signals(struct vsl_watch *watch)
{
	struct signalfd_siginfo info;

	while (!watch->removed &&
	       read(watch->fd, &info, sizeof(info)) == sizeof(info))
		watch->signal_cb(info.ssi_signo, watch->arg);
}

static void serve(struct vsl_watch *watch, uint32_t events)
{
	uint64_t n;

	if (watch->removed)
		return;
	if (watch->fd_cb)
		watch->fd_cb(watch->fd, events, watch->arg);
	else if (watch->signal_cb)
		serve_signals(watch);
	else if (read(watch->fd, &n, sizeof(n)) == sizeof(n))
		watch->timer_cb(watch->arg);
}

int vsl_loop_run(struct vsl_loop *loop)
{
	struct epoll_event events[EVENTS];

	loop->stop = false;
	while (!loop->stop) {
		int n = epoll_wait(loop->epoll, events, EVENTS, -1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		for (int i = 0; i < n; i++)
			serve(events[i].data.ptr, events[i].events);
		sweep(loop, false);
	}
	return loop->status;
}

void vsl_loop_stop(struct vsl_loop *loop, int status)
{
	loop->stop = true;
	loop->status = status;
}
