/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sink.h - a file or a pipe that is written to without ever waiting for it
 *
 * What its reader is too slow for stays in a buffer; when that is full the sink
 * says so, and trace.c leaves out whole records. A file that has become too large
 * is put aside and begun anew.
 */
#ifndef VSWITCHD_SINK_H
#define VSWITCHD_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sink;

struct sink *sink_open(const char *path, uint64_t rotate_at, char *error, size_t error_size);
struct sink *sink_from_fd(int fd, const char *name);
void sink_close(struct sink *s);
bool sink_has_room(const struct sink *s);
void sink_write(struct sink *s, const void *data, size_t len);
int sink_flush(struct sink *s);
bool sink_is_due(const struct sink *s);
int sink_rotate(struct sink *s);
const char *sink_name(const struct sink *s);

#endif
