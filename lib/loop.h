/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One thread's event loop on epoll: descriptors, timers (timerfd) and signals
 * (signalfd).  Callbacks may add and remove anything, themselves included.
 */
#ifndef VSL_LIB_LOOP_H
#define VSL_LIB_LOOP_H

#include <stdint.h>

struct vsl_loop;
struct vsl_watch;

/** typedef vsl_loop_fd_cb - @events (EPOLLIN, ...) happened on @fd */
typedef void (*vsl_loop_fd_cb)(int fd, uint32_t events, void *arg);
/** typedef vsl_loop_timer_cb - the time has come */
typedef void (*vsl_loop_timer_cb)(void *arg);
/** typedef vsl_loop_signal_cb - signal @signo was sent to this process */
typedef void (*vsl_loop_signal_cb)(int signo, void *arg);

/** vsl_loop_new() - a loop with nothing in it; NULL and errno on failure */
struct vsl_loop *vsl_loop_new(void);

/** vsl_loop_free() - free with all watches.  Takes NULL */
void vsl_loop_free(struct vsl_loop *loop);

/**
 * vsl_loop_add_fd() - call @cb when something happens on @fd
 * @loop: the loop
 * @fd: stays the caller's; remove the watch before closing it
 * @events: EPOLLIN, EPOLLOUT; level-triggered
 * @cb: what to call
 * @arg: for @cb
 *
 * Return: the watch, the loop's, for vsl_loop_remove(); NULL and errno on
 * failure.
 */
struct vsl_watch *vsl_loop_add_fd(struct vsl_loop *loop, int fd,
				  uint32_t events, vsl_loop_fd_cb cb,
				  void *arg);

/**
 * vsl_loop_add_timer() - call @cb every @ms milliseconds
 *
 * First after @ms.  Where the loop was late, the missed calls are one call.
 * Return: as vsl_loop_add_fd().
 */
struct vsl_watch *vsl_loop_add_timer(struct vsl_loop *loop, unsigned int ms,
				     vsl_loop_timer_cb cb, void *arg);

/**
 * vsl_loop_add_signal() - call @cb for signal @signo
 *
 * The signal is blocked for the process and comes only through the loop.  Once
 * the watch is removed it is blocked only if it was before.
 * Return: as vsl_loop_add_fd().
 */
struct vsl_watch *vsl_loop_add_signal(struct vsl_loop *loop, int signo,
				      vsl_loop_signal_cb cb, void *arg);

/**
 * vsl_loop_set_events() - wait for other events on a descriptor
 * @loop: the loop
 * @watch: from vsl_loop_add_fd()
 * @events: instead of those before; 0 for none but EPOLLHUP and EPOLLERR, which
 *	nobody can refuse
 */
void vsl_loop_set_events(struct vsl_loop *loop, struct vsl_watch *watch,
			 uint32_t events);

/** vsl_loop_remove() - forget a watch; its callback is not called again */
void vsl_loop_remove(struct vsl_loop *loop, struct vsl_watch *watch);

/**
 * vsl_loop_run() - serve until vsl_loop_stop()
 *
 * Return: what vsl_loop_stop() was given; a negative errno if waiting failed.
 */
int vsl_loop_run(struct vsl_loop *loop);

/** vsl_loop_stop() - have vsl_loop_run() return @status after this round */
void vsl_loop_stop(struct vsl_loop *loop, int status);

#endif /* VSL_LIB_LOOP_H */
