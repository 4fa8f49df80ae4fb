/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * control.h - the control socket: clients come, ask, are told, and go
 *
 * A Unix stream socket; who may connect is a matter of its permissions, and who
 * may connect may do everything. Nothing here waits for a client: all
 * descriptors are non-blocking, each client has so much of a turn, and one that
 * does not read what it asked for is hung up on.
 */
#ifndef VSWITCHD_CONTROL_H
#define VSWITCHD_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "lib/loop.h"
#include "rpc.h"
#include "trace.h"

#define CONTROL_CLIENTS_MAX 32
/* Somebody who has read nothing for so long will not read any more. */
#define CONTROL_STALL_MS 10000

/**
 * struct control_options - the socket
 * @path: where to make it
 * @make_folder: make the folder that @path is in, if it is missing
 * @mode: its permissions
 * @group: its group, a name or a number; NULL for the process's own
 */
struct control_options {
	const char *path;
	bool make_folder;
	mode_t mode;
	const char *group;
};

/**
 * struct control_stats - figures
 * @clients: those that are there
 * @accepted: those that ever were
 * @refused: for being too many
 * @stalled: hung up on, because they did not read
 */
struct control_stats {
	size_t clients;
	uint64_t accepted, refused, stalled;
};

/**
 * struct control_parts - what the clients get at; all borrowed
 * @loop: serves them
 * @trace: can be followed by them
 * @methods: what they may call
 * @v: handed to the methods
 */
struct control_parts {
	struct vsl_loop *loop;
	struct trace *trace;
	const struct rpc_method *methods;
	struct vswitchd *v;
};

struct control;

int control_listen(const struct control_options *o, char *error, size_t error_size);
struct control *control_create(const struct control_parts *parts, int listener,
			       const char *path);
void control_destroy(struct control *c);
const struct control_stats *control_stats(const struct control *c);

#endif
