// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sink.c - never waits for a reader: see sink.h
 */
#include "sink.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/util.h"

/* Beyond this many bytes that nobody took, nothing more is begun. */
#define BUFFER_FULL (256 * 1024)

/* Files put aside: NAME.1, the newest, to NAME.4. */
#define KEPT 4

struct sink {
	char *name;
	int fd;
	bool is_socket, is_file;
	bool shared;			/* a pipe or terminal where writing may wait */
	uint64_t rotate_at;		/* bytes; 0: never */
	uint64_t written;
	struct vsl_str pending;
};

static struct sink *sink_new(const char *name, int fd)
{
	struct sink *s = calloc(1, sizeof(*s));
	struct stat st;

	if (!s)
		return NULL;
	s->name = strdup(name);
	if (!s->name || fstat(fd, &st)) {
		free(s->name);
		free(s);
		return NULL;
	}
	s->fd = fd;
	s->is_socket = S_ISSOCK(st.st_mode);
	s->is_file = S_ISREG(st.st_mode);
	s->shared = !s->is_file && !(fcntl(fd, F_GETFL) & O_NONBLOCK);
	return s;
}

/* Captured packets are not for everybody to read. */
static int open_path(const char *path)
{
	/* a pipe that nobody reads is ENXIO instead of waiting for somebody */
	return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK | O_CLOEXEC, 0640);
}

/**
 * sink_open() - begin a file, or write to a pipe
 * @path: its name; a file is emptied
 * @rotate_at: size, in bytes, at which a file is put aside; 0: never
 * @error: filled on failure: a sentence that names @path
 * @error_size: room for it
 *
 * Return: to be given to sink_close(); NULL on failure.
 */
struct sink *sink_open(const char *path, uint64_t rotate_at, char *error, size_t error_size)
{
	int fd = open_path(path);
	struct sink *s;

	if (fd < 0) {
		snprintf(error, error_size, "cannot write the trace to '%s': %s", path,
			 errno == ENXIO ? "nobody reads this pipe; start its reader first" :
					  strerror(errno));
		return NULL;
	}
	s = sink_new(path, fd);
	if (!s) {
		snprintf(error, error_size, "no memory for the trace");
		close(fd);
		return NULL;
	}
	if (s->is_file)
		s->rotate_at = rotate_at;
	return s;
}

/*
 * Whether writing waits belongs to the open pipe or terminal, which we share with
 * who started us. What is opened anew is ours alone.
 */
static int own_description(int fd)
{
	char path[32];
	struct stat st;
	int own = -1;

	if (fstat(fd, &st))
		return -1;
	if (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode)) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		own = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	}
	/*
	 * A file never makes anybody wait, a socket is asked not to each time. Where what
	 * is another user's cannot be opened anew, write_some() sees to it.
	 */
	return own >= 0 ? own : fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

/**
 * sink_from_fd() - write to what is open already
 * @fd: stays the caller's
 * @name: for messages
 *
 * Return: to be given to sink_close(); NULL and errno on failure.
 */
struct sink *sink_from_fd(int fd, const char *name)
{
	int own = own_description(fd);
	struct sink *s;

	if (own < 0)
		return NULL;
	s = sink_new(name, own);
	if (!s)
		close(own);
	return s;
}

/**
 * sink_close() - write what can be written without waiting, and close
 * @s: or NULL
 */
void sink_close(struct sink *s)
{
	if (!s)
		return;
	sink_flush(s);
	close(s->fd);
	vsl_str_free(&s->pending);
	free(s->name);
	free(s);
}

/**
 * sink_has_room() - may another record be begun?
 * @s: the sink
 *
 * Return: false while its reader is too far behind.
 */
bool sink_has_room(const struct sink *s)
{
	return s->pending.len < BUFFER_FULL;
}

/**
 * sink_write() - a whole record; it goes out with the next sink_flush()
 * @s: the sink
 * @data: copied
 * @len: bytes
 */
void sink_write(struct sink *s, const void *data, size_t len)
{
	vsl_str_putn(&s->pending, data, len);
}

static ssize_t write_some(struct sink *s, const char *data, size_t len)
{
	struct pollfd room = { .fd = s->fd, .events = POLLOUT };

	if (s->is_socket)
		return send(s->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (s->shared) {
		/* where there is room at all, there is room for so much */
		len = len < _POSIX_PIPE_BUF ? len : _POSIX_PIPE_BUF;
		if (!poll(&room, 1, 0)) {
			errno = EAGAIN;
			return -1;
		}
	}
	return write(s->fd, data, len);
}

/**
 * sink_flush() - write what can be written without waiting
 * @s: the sink
 *
 * Return: 0, also where something has to stay for the next time; a negative errno
 * where this sink is of no use any more.
 */
int sink_flush(struct sink *s)
{
	struct vsl_str *p = &s->pending;
	size_t done = 0;
	ssize_t n;

	if (p->failed)
		return -ENOMEM;
	while (done < p->len) {
		n = write_some(s, p->s + done, p->len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			break;
		if (n < 0)
			return -errno;
		done += n;
	}
	if (!done)
		return 0;
	s->written += done;
	memmove(p->s, p->s + done, p->len - done);
	p->len -= done;
	return 0;
}

/**
 * sink_is_due() - has the file become too large?
 * @s: the sink
 *
 * Return: true if sink_rotate() is to be called.
 */
bool sink_is_due(const struct sink *s)
{
	return s->rotate_at && s->written >= s->rotate_at && !s->pending.len;
}

static void put_aside(const char *name)
{
	struct vsl_str from = VSL_STR_INIT, to = VSL_STR_INIT;
	int i;

	for (i = KEPT; i > 0; i--) {
		vsl_str_clear(&from);
		vsl_str_clear(&to);
		vsl_str_puts(&from, name);
		if (i > 1)
			vsl_str_printf(&from, ".%d", i - 1);
		vsl_str_printf(&to, "%s.%d", name, i);
		/* of those that are not there yet, there is nothing to say */
		rename(vsl_str_text(&from), vsl_str_text(&to));
	}
	vsl_str_free(&from);
	vsl_str_free(&to);
}

/**
 * sink_rotate() - put the file aside as NAME.1, NAME.1 as NAME.2, and begin anew
 * @s: the sink, a file
 *
 * Return: 0, or a negative errno, and then this sink is of no use any more.
 */
int sink_rotate(struct sink *s)
{
	int fd;

	put_aside(s->name);
	fd = open_path(s->name);
	if (fd < 0)
		return -errno;
	close(s->fd);
	s->fd = fd;
	s->written = 0;
	return 0;
}

/**
 * sink_name() - for messages
 * @s: the sink
 *
 * Return: the file's name, which lives as long as @s.
 */
const char *sink_name(const struct sink *s)
{
	return s->name;
}
