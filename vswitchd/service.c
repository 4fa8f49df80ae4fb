// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * service.c - background, pid file, systemd's notifications
 */
#include "service.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/util.h"

/* The first descriptor that systemd passes (sd_listen_fds(3)). */
#define FIRST_PASSED 3

/* Waits until the child is ready (status 0) or has ended (its status). */
__attribute__((noreturn))
static void wait_for_child(pid_t child, int fd)
{
	ssize_t n;
	int status;
	char c;

	do
		n = read(fd, &c, 1);
	while (n < 0 && errno == EINTR);
	if (n == 1)
		_exit(EXIT_SUCCESS);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE);
}

/**
 * service_detach() - go on in the background
 * @s: the service
 * @error: filled on failure, one sentence
 * @error_size: room for it
 *
 * Before anything is opened. The process that was started ends when this one is
 * ready, with status 0, or when it fails, with its status; until then messages
 * still go to the standard error. The working directory stays: files may be
 * named from there.
 *
 * Return: false on failure; in the process that was started, never.
 */
bool service_detach(struct service *s, char *error, size_t error_size)
{
	int fds[2];
	pid_t child;

	if (pipe2(fds, O_CLOEXEC)) {
		snprintf(error, error_size, "cannot go into the background: %s", strerror(errno));
		return false;
	}
	child = fork();
	if (child < 0) {
		snprintf(error, error_size, "cannot go into the background: %s", strerror(errno));
		close(fds[0]);
		close(fds[1]);
		return false;
	}
	if (child) {
		close(fds[1]);
		wait_for_child(child, fds[0]);
	}
	close(fds[0]);
	setsid();
	s->detached = true;
	s->parent_fd = fds[1];
	return true;
}

/**
 * service_lock() - open a file and lock it, as long as this process lives
 * @path: the file; made where it is not there
 * @mode: its permissions then. Who may read it may lock it
 *
 * Return: its descriptor; -1 and errno, which is EWOULDBLOCK where another process has
 * the lock.
 */
int service_lock(const char *path, mode_t mode)
{
	struct stat file, named;
	int fd, err;

	for (;;) {
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode);
		if (fd < 0)
			return -1;
		if (flock(fd, LOCK_EX | LOCK_NB) || fstat(fd, &file)) {
			err = errno;
			close(fd);
			errno = err;
			return -1;
		}
		if (!lstat(path, &named) && named.st_ino == file.st_ino &&
		    named.st_dev == file.st_dev)
			return fd;
		/* who had it before has just removed its name */
		close(fd);
	}
}

/**
 * service_pid_file() - take the pid file
 * @s: the service
 * @path: the file; must live as long as the service
 * @error: filled on failure, one sentence
 * @error_size: room for it
 *
 * It is locked as long as this process lives, so one that a killed process left
 * is in nobody's way.
 *
 * Return: false on failure.
 */
bool service_pid_file(struct service *s, const char *path, char *error, size_t error_size)
{
	int fd = service_lock(path, 0644);

	if (fd < 0 && errno == EWOULDBLOCK) {
		snprintf(error, error_size, "the pid file '%s' is another running process's: end "
			 "that first, or name another file", path);
		return false;
	}
	if (fd < 0) {
		snprintf(error, error_size, "cannot write the pid file '%s': %s", path,
			 strerror(errno));
		return false;
	}
	if (ftruncate(fd, 0) || dprintf(fd, "%d\n", getpid()) < 0) {
		snprintf(error, error_size, "cannot write the pid file '%s': %s", path,
			 strerror(errno));
		close(fd);
		return false;
	}
	s->pid_fd = fd;
	s->pid_file = path;
	return true;
}

/* Is what the environment says of a process said of this one? */
static bool is_me(const char *pid)
{
	uint32_t n;

	return pid && vsl_u32_parse(pid, INT32_MAX, &n) && n == (uint32_t)getpid();
}

/**
 * service_listener() - the control socket that systemd made, if it did
 *
 * Return: a listening Unix stream socket, set non-blocking; -1 where none was
 * passed; -2 where what was passed is not one.
 */
int service_listener(void)
{
	const char *count = getenv("LISTEN_FDS");
	int domain, type, listens, flags;
	socklen_t len = sizeof(int);

	if (!count || !is_me(getenv("LISTEN_PID")))
		return -1;
	if (strcmp(count, "1") ||
	    getsockopt(FIRST_PASSED, SOL_SOCKET, SO_DOMAIN, &domain, &len) ||
	    getsockopt(FIRST_PASSED, SOL_SOCKET, SO_TYPE, &type, &len) ||
	    getsockopt(FIRST_PASSED, SOL_SOCKET, SO_ACCEPTCONN, &listens, &len) ||
	    domain != AF_UNIX || type != SOCK_STREAM || !listens)
		return -2;
	flags = fcntl(FIRST_PASSED, F_GETFL);
	if (flags < 0 || fcntl(FIRST_PASSED, F_SETFL, flags | O_NONBLOCK) ||
	    fcntl(FIRST_PASSED, F_SETFD, FD_CLOEXEC))
		return -2;
	return FIRST_PASSED;
}

/**
 * service_notify() - tell systemd, if it wants to know
 * @state: "READY=1", ... as sd_notify(3) has them, with a newline between two
 *
 * Never waits: what does not fit into the socket is not said.
 */
void service_notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	size_t len = path ? strlen(path) : 0;
	socklen_t addr_len;
	int fd;

	if (!len || len >= sizeof(addr.sun_path))
		return;
	memcpy(addr.sun_path, path, len);
	if (addr.sun_path[0] == '@')
		addr.sun_path[0] = 0;
	addr_len = offsetof(struct sockaddr_un, sun_path) + len;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (sendto(fd, state, strlen(state), MSG_DONTWAIT | MSG_NOSIGNAL,
		   (struct sockaddr *)&addr, addr_len) < 0)
		vsl_debug("systemd could not be told '%s': %s", state, strerror(errno));
	close(fd);
}

static void on_watchdog(void *arg)
{
	(void)arg;
	service_notify("WATCHDOG=1");
}

/**
 * service_watchdog() - have the loop tell systemd that it turns, if that wants it
 * @loop: the loop
 *
 * Twice as often as asked for.
 *
 * Return: false and errno where the loop has no room.
 */
bool service_watchdog(struct vsl_loop *loop)
{
	const char *text = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	unsigned long long us;
	char *end;

	if (!text || (pid && !is_me(pid)))
		return true;
	errno = 0;
	us = strtoull(text, &end, 10);
	if (errno || *end || us < 2000 || us / 2000 > UINT32_MAX)
		return true;
	return vsl_loop_add_timer(loop, us / 2000, on_watchdog, NULL);
}

/**
 * service_ready() - tell whoever waits that the switch serves
 * @s: the service
 *
 * In the background, messages go to syslog from now on.
 */
void service_ready(struct service *s)
{
	int null;
	ssize_t n;

	if (s->detached) {
		vsl_log_to(VSL_LOG_TO_SYSLOG);
		null = open("/dev/null", O_RDWR | O_CLOEXEC);
		if (null >= 0) {
			dup2(null, STDIN_FILENO);
			dup2(null, STDOUT_FILENO);
			dup2(null, STDERR_FILENO);
			close(null);
		}
		n = write(s->parent_fd, "", 1);
		(void)n;
		close(s->parent_fd);
		s->parent_fd = -1;
	}
	service_notify("READY=1");
}

/**
 * service_end() - remove the pid file
 * @s: the service
 */
void service_end(struct service *s)
{
	if (s->pid_fd >= 0) {
		/* first the name: who finds it still would find it locked */
		unlink(s->pid_file);
		close(s->pid_fd);
	}
	if (s->parent_fd >= 0)
		close(s->parent_fd);
}
