// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A connection to vswitchd-lite's control socket: see daemon.h.
 */
#include "daemon.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/rpc.h"

/* A daemon that does not answer for so long does not turn any more. */
#define TIMEOUT_S 10

struct daemon {
	struct vslctl *ctl;
	int fd;
	struct vsl_str in;
	size_t taken;			/* of @in */
};

/* A daemon that was killed leaves its socket. */
static bool is_served(const char *path)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un addr;
	bool refused;

	refused = vsl_rpc_address(path, &addr) &&
		  connect(fd, (struct sockaddr *)&addr, sizeof(addr)) && errno == ECONNREFUSED;
	if (fd >= 0)
		close(fd);
	return !refused;
}

/* The only socket in the folder where daemons make them. */
static bool find_socket(struct vslctl *ctl, char *path, size_t size)
{
	const char *served = NULL;
	size_t i, n = 0;
	glob_t found;
	bool one = false;
	int err = glob(VSL_RPC_DIRECTORY "/*" VSL_RPC_SUFFIX, 0, NULL, &found);

	/* of one alone it is said in full what is wrong with it */
	for (i = 0; !err && found.gl_pathc > 1 && i < found.gl_pathc; i++) {
		if (!is_served(found.gl_pathv[i]))
			continue;
		served = found.gl_pathv[i];
		n++;
	}
	if (err == GLOB_NOMATCH && access(VSL_RPC_DIRECTORY, R_OK) && errno == EACCES) {
		vslctl_fail(ctl, "cannot look into " VSL_RPC_DIRECTORY ": not permitted; become "
			    "root, or name a socket with --control");
	} else if (err || !found.gl_pathc) {
		vslctl_fail(ctl, "there is no daemon's socket in " VSL_RPC_DIRECTORY
			    "; start vswitchd-lite, or name its socket with --control");
	} else if (n > 1) {
		vslctl_fail(ctl, "there are several daemons; say which with --control:");
		for (i = 0; i < found.gl_pathc; i++) {
			if (is_served(found.gl_pathv[i]))
				fprintf(stderr, "  --control %s\n", found.gl_pathv[i]);
		}
	} else {
		one = (size_t)snprintf(path, size, "%s", served ?: found.gl_pathv[0]) < size;
	}
	globfree(&found);
	return one;
}

static int connect_to(struct vslctl *ctl, const char *path)
{
	struct timeval timeout = { .tv_sec = TIMEOUT_S };
	struct sockaddr_un addr;
	int fd;

	if (!vsl_rpc_address(path, &addr)) {
		vslctl_fail(ctl, "\"%s\" cannot name a socket", path);
		return -1;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && !connect(fd, (struct sockaddr *)&addr, sizeof(addr)) &&
	    !setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) &&
	    !setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)))
		return fd;
	switch (errno) {
	case ENOENT:
		vslctl_fail(ctl, "there is no daemon at \"%s\": start vswitchd-lite, or see "
			    "where its --control is", path);
		break;
	case ECONNREFUSED:
		vslctl_fail(ctl, "nobody answers at \"%s\": vswitchd-lite has ended", path);
		break;
	case EACCES:
		vslctl_fail(ctl, "\"%s\": not permitted; become root, or a member of the "
			    "socket's group", path);
		break;
	default:
		vslctl_fail(ctl, "\"%s\": %s", path, strerror(errno));
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

struct daemon *daemon_open(struct vslctl *ctl)
{
	char path[256];
	struct daemon *d;
	int fd;

	if (!ctl->control) {
		if (!find_socket(ctl, path, sizeof(path)))
			return NULL;
	} else if (strchr(ctl->control, '/')) {
		snprintf(path, sizeof(path), "%s", ctl->control);
	} else {
		snprintf(path, sizeof(path), VSL_RPC_DIRECTORY "/%s" VSL_RPC_SUFFIX, ctl->control);
	}
	fd = connect_to(ctl, path);
	if (fd < 0)
		return NULL;
	d = calloc(1, sizeof(*d));
	if (!d) {
		close(fd);
		vslctl_fail(ctl, "%s", strerror(ENOMEM));
		return NULL;
	}
	d->ctl = ctl;
	d->fd = fd;
	return d;
}

void daemon_close(struct daemon *d)
{
	if (!d)
		return;
	close(d->fd);
	vsl_str_free(&d->in);
	free(d);
}

int daemon_fd(const struct daemon *d)
{
	return d->fd;
}

static int say(struct daemon *d, json_object *request)
{
	const char *text = json_object_to_json_string_ext(request, JSON_C_TO_STRING_PLAIN);
	struct vsl_str line = VSL_STR_INIT;
	size_t at = 0;
	ssize_t n = 0;

	vsl_str_puts(&line, text);
	vsl_str_putc(&line, '\n');
	while (at < line.len && n >= 0) {
		n = send(d->fd, line.s + at, line.len - at, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			n = 0;
		at += n > 0 ? n : 0;
	}
	/* a daemon that hangs up may have said why */
	if (n < 0 && errno != EPIPE && errno != ECONNRESET) {
		vsl_str_free(&line);
		return vslctl_fail(d->ctl, "the daemon cannot be reached: %s", strerror(errno));
	}
	vsl_str_free(&line);
	return VSLCTL_OK;
}

/* Returns the next line, with the NUL in place of its newline, or NULL. */
static char *hear(struct daemon *d, size_t *len)
{
	char buf[16384], *line, *end;
	ssize_t n;

	for (;;) {
		line = d->in.s + d->taken;
		end = d->in.len > d->taken ? memchr(line, '\n', d->in.len - d->taken) : NULL;
		if (end) {
			*end = 0;
			*len = end - line;
			d->taken += *len + 1;
			return line;
		}
		if (d->taken) {
			d->in.len -= d->taken;
			memmove(d->in.s, line, d->in.len + 1);
			d->taken = 0;
		}
		if (d->in.len > VSL_RPC_REPLY_MAX) {
			vslctl_fail(d->ctl, "the daemon's answer does not end");
			return NULL;
		}
		n = recv(d->fd, buf, sizeof(buf), 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			vslctl_fail(d->ctl, "the daemon did not answer for %d s", TIMEOUT_S);
		else if (n < 0)
			vslctl_fail(d->ctl, "the daemon cannot be heard: %s", strerror(errno));
		else if (!n)
			vslctl_fail(d->ctl, "the daemon has hung up");
		if (n <= 0)
			return NULL;
		vsl_str_putn(&d->in, buf, n);
		if (d->in.failed) {
			vslctl_fail(d->ctl, "%s", strerror(ENOMEM));
			return NULL;
		}
	}
}

static int strange(const struct daemon *d, const char *why)
{
	return vslctl_fail(d->ctl, "what answers is not vswitchd-lite: %s", why);
}

int daemon_next(struct daemon *d, json_object **message)
{
	const char *wrong;
	size_t len;
	char *line = hear(d, &len);

	if (!line)
		return VSLCTL_REFUSED;
	wrong = vsl_rpc_parse(line, len, message);
	if (!wrong && json_object_is_type(*message, json_type_object))
		return VSLCTL_OK;
	json_object_put(*message);
	return strange(d, wrong ? wrong : "no message");
}

int daemon_call(struct daemon *d, const char *method, json_object *params,
		enum json_type type, json_object **result)
{
	json_object *o = json_object_new_object(), *found;
	int status;

	*result = NULL;
	json_object_object_add(o, "jsonrpc", json_object_new_string("2.0"));
	json_object_object_add(o, "method", json_object_new_string(method));
	if (params)
		json_object_object_add(o, "params", params);
	json_object_object_add(o, "id", json_object_new_int(1));
	status = say(d, o);
	json_object_put(o);
	if (status)
		return status;
	status = daemon_next(d, &o);
	if (status)
		return status;
	if (json_object_object_get_ex(o, "error", &found))
		status = vslctl_fail(d->ctl, "%s", daemon_str(found, "message"));
	else if (!json_object_object_get_ex(o, "result", &found) ||
		 !json_object_is_type(found, type))
		status = strange(d, "not the answer to that call");
	else
		*result = json_object_get(found);
	json_object_put(o);
	return status;
}

int daemon_once(struct vslctl *ctl, const char *method, json_object *params,
		enum json_type type, json_object **result)
{
	struct daemon *d = daemon_open(ctl);
	int status;

	if (!d) {
		json_object_put(params);
		*result = NULL;
		return VSLCTL_REFUSED;
	}
	status = daemon_call(d, method, params, type, result);
	daemon_close(d);
	return status;
}

int daemon_print_json(struct vslctl *ctl, json_object *o)
{
	if (puts(json_object_to_json_string_ext(o, JSON_C_TO_STRING_NOSLASHESCAPE)) >= 0 &&
	    !fflush(stdout))
		return VSLCTL_OK;
	return vslctl_fail(ctl, "the output could not be written");
}

json_object *daemon_list(const struct daemon *d, json_object *o, const char *name)
{
	json_object *list;

	if (json_object_object_get_ex(o, name, &list) &&
	    json_object_is_type(list, json_type_array))
		return list;
	strange(d, "a list is missing");
	return NULL;
}

const char *daemon_str(json_object *o, const char *name)
{
	json_object *value;

	return json_object_object_get_ex(o, name, &value) &&
	       json_object_is_type(value, json_type_string) ?
	       json_object_get_string(value) : "";
}

uint64_t daemon_num(json_object *o, const char *name)
{
	json_object *value;

	return json_object_object_get_ex(o, name, &value) ? json_object_get_uint64(value) : 0;
}
