// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages on stderr: see log.h.
 */
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *program = "vswitch-lite";
static enum vsl_log_level max_level = VSL_LOG_INFO;

void vsl_log_init(const char *name)
{
	const char *slash = strrchr(name, '/');

	program = slash ? slash + 1 : name;
}

void vsl_log_set_level(enum vsl_log_level level)
{
	max_level = level;
}

void vsl_log(enum vsl_log_level level, const char *fmt, ...)
{
	static const char *const words[] = {
		[VSL_LOG_ERROR] = "",
		[VSL_LOG_WARN] = "warning: ",
		[VSL_LOG_INFO] = "",
		[VSL_LOG_DEBUG] = "debug: ",
	};
	int saved = errno;
	char line[1024];
	va_list ap;

	if (level > max_level)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	/* One call a line: lines of several processes must not mix. */
	fprintf(stderr, "%s: %s%s\n", program, words[level], line);
	errno = saved;
}
