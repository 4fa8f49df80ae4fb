/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_filter.h - which upcalls are worth telling of
 *
 * Made anew at a reload; config_file.c makes one of each word to see if it is right.
 */
#ifndef VSWITCHD_TRACE_FILTER_H
#define VSWITCHD_TRACE_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "trace.h"

struct trace_filter *trace_filter_new(const char *packet, const char *port, const char *reason,
				      char *error, size_t error_size);
void trace_filter_free(struct trace_filter *f);
bool trace_filter_passes(const struct trace_filter *f, const struct trace_event *e);

#endif
