/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A connection to vswitchd-lite's control socket, and calls over it.
 */
#ifndef VSL_UTILITIES_DAEMON_H
#define VSL_UTILITIES_DAEMON_H

#include <json-c/json.h>

#include "ctl.h"

struct daemon;

/**
 * daemon_open() - connect to the daemon that --control names, or the only one
 * @ctl: context
 *
 * Return: the connection, for daemon_close(); NULL where there is none, which has
 * been said.
 */
struct daemon *daemon_open(struct vslctl *ctl);

/** daemon_close() - hang up; takes NULL */
void daemon_close(struct daemon *d);

/** daemon_fd() - the descriptor, readable when something came; stays @d's */
int daemon_fd(const struct daemon *d);

/**
 * daemon_call() - call a method and wait for its answer
 * @d: the connection
 * @method: its name
 * @params: an object, given away, or NULL
 * @type: what the method answers with; anything else is not this daemon's
 * @result: the caller's to put; NULL for json_type_null, and where it fails
 *
 * Return: an exit status; what is wrong has been said.
 */
int daemon_call(struct daemon *d, const char *method, json_object *params,
		enum json_type type, json_object **result);

/**
 * daemon_next() - the next message that answers no call
 * @d: the connection
 * @message: set on success, the caller's to put
 *
 * Waits for it.
 *
 * Return: an exit status; what is wrong has been said.
 */
int daemon_next(struct daemon *d, json_object **message);

/** daemon_once() - open, one call, close */
int daemon_once(struct vslctl *ctl, const char *method, json_object *params,
		enum json_type type, json_object **result);

/** daemon_print_json() - @o and a newline to stdout; an exit status */
int daemon_print_json(struct vslctl *ctl, json_object *o);

/** daemon_str() - member @name of @o as a string, "" where there is none */
const char *daemon_str(json_object *o, const char *name);

/** daemon_list() - array @name of @o, still @o's; NULL where there is none, which is said */
json_object *daemon_list(const struct daemon *d, json_object *o, const char *name);

/** daemon_num() - member @name of @o as a number, 0 where there is none */
uint64_t daemon_num(json_object *o, const char *name);

#endif /* VSL_UTILITIES_DAEMON_H */
