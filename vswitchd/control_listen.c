// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * control_listen.c - the control socket's place and permissions
 */
#include "control.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define BACKLOG 16

static bool find_group(const char *name, gid_t *gid, char *error, size_t error_size)
{
	uint32_t number;
	struct group *group;

	if (vsl_u32_parse(name, UINT32_MAX - 1, &number)) {
		*gid = number;
		return true;
	}
	group = getgrnam(name);
	if (group) {
		*gid = group->gr_gid;
		return true;
	}
	snprintf(error, error_size, "there is no group '%s'; 'getent group' lists those there "
		 "are", name);
	return false;
}

static bool make_folder(const char *path, char *error, size_t error_size)
{
	char folder[sizeof(((struct sockaddr_un *)0)->sun_path)];
	char *slash;

	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (!slash || slash == folder)
		return true;
	*slash = 0;
	if (!mkdir(folder, 0755) || errno == EEXIST)
		return true;
	snprintf(error, error_size, "cannot make '%s': %s", folder, strerror(errno));
	return false;
}

/* A socket that nobody listens at is what a killed process left: it goes. */
static bool take_place(const struct sockaddr_un *addr, char *error, size_t error_size)
{
	struct stat st;
	int fd, err = 0;

	if (lstat(addr->sun_path, &st))
		return true;
	if (!S_ISSOCK(st.st_mode)) {
		snprintf(error, error_size, "'%s' is there and is not a socket: remove it, or "
			 "name another path", addr->sun_path);
		return false;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)addr, sizeof(*addr)))
		err = errno;
	if (fd >= 0)
		close(fd);
	if (err == ECONNREFUSED) {
		unlink(addr->sun_path);
		return true;
	}
	snprintf(error, error_size, "another process listens at '%s': end it, or name another "
		 "path", addr->sun_path);
	return false;
}

/**
 * control_listen() - make the control socket
 * @o: what it is to be like
 * @error: filled on failure, one sentence
 * @error_size: room for it
 *
 * It never has more permissions than it is to have, not for a moment.
 *
 * Return: the socket, for control_create(); -1 on failure, with nothing made.
 */
int control_listen(const struct control_options *o, char *error, size_t error_size)
{
	struct sockaddr_un addr;
	gid_t gid = -1;
	mode_t mask;
	int fd, err;

	if (!vsl_rpc_address(o->path, &addr)) {
		snprintf(error, error_size, "'%s' cannot name a socket: a path has 1 to %zu "
			 "characters", o->path, sizeof(addr.sun_path) - 1);
		return -1;
	}
	if ((o->group && !find_group(o->group, &gid, error, error_size)) ||
	    (o->make_folder && !make_folder(o->path, error, error_size)) ||
	    !take_place(&addr, error, error_size))
		return -1;

	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* until the group is right, its permissions are nobody's */
	mask = umask(~(o->group ? o->mode & 0700 : o->mode) & 0777);
	err = fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr));
	umask(mask);
	if (err) {
		snprintf(error, error_size, "cannot make the socket '%s': %s", o->path,
			 strerror(errno));
		goto err_fd;
	}
	if (o->group && (chown(o->path, -1, gid) || chmod(o->path, o->mode))) {
		snprintf(error, error_size, "cannot give the socket to group '%s': %s", o->group,
			 strerror(errno));
		goto err_path;
	}
	if (listen(fd, BACKLOG)) {
		snprintf(error, error_size, "cannot listen at '%s': %s", o->path,
			 strerror(errno));
		goto err_path;
	}
	return fd;

err_path:
	unlink(o->path);
err_fd:
	if (fd >= 0)
		close(fd);
	return -1;
}
