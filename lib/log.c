// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages with levels, to where they are read: see log.h.
 */
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

/* What each level is to people, and to syslog and the journal. */
static const struct {
	const char *name, *word;
	int priority;
} levels[] = {
	[VSL_LOG_ERROR] = { "error", "", LOG_ERR },
	[VSL_LOG_WARN] = { "warning", "warning: ", LOG_WARNING },
	[VSL_LOG_INFO] = { "info", "", LOG_INFO },
	[VSL_LOG_DEBUG] = { "debug", "debug: ", LOG_DEBUG },
};

static const char *program = "vswitch-lite";
static enum vsl_log_level max_level = VSL_LOG_INFO;
static enum vsl_log_target target = VSL_LOG_TO_STDERR;

/* $JOURNAL_STREAM is DEVICE:INODE of the standard error that systemd gave. */
static bool stderr_is_journal(void)
{
	const char *text = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;

	return text && sscanf(text, "%llu:%llu", &device, &inode) == 2 &&
	       !fstat(STDERR_FILENO, &st) && st.st_dev == device && st.st_ino == inode;
}

void vsl_log_init(const char *name)
{
	const char *slash = strrchr(name, '/');

	program = slash ? slash + 1 : name;
	if (stderr_is_journal())
		vsl_log_to(VSL_LOG_TO_JOURNAL);
}

void vsl_log_to(enum vsl_log_target to)
{
	target = to;
	if (to == VSL_LOG_TO_SYSLOG)
		openlog(program, LOG_PID, LOG_DAEMON);
}

void vsl_log_set_level(enum vsl_log_level level)
{
	max_level = level;
}

bool vsl_log_level_parse(const char *name, enum vsl_log_level *level)
{
	size_t i;

	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (!strcmp(levels[i].name, name)) {
			*level = i;
			return true;
		}
	}
	return false;
}

void vsl_log(enum vsl_log_level level, const char *fmt, ...)
{
	int saved = errno;
	char line[1024];
	va_list ap;

	if (level > max_level)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	/* One call a line: lines of several processes must not mix. */
	switch (target) {
	case VSL_LOG_TO_STDERR:
		fprintf(stderr, "%s: %s%s\n", program, levels[level].word, line);
		break;
	case VSL_LOG_TO_JOURNAL:
		fprintf(stderr, "<%d>%s\n", levels[level].priority, line);
		break;
	case VSL_LOG_TO_SYSLOG:
		syslog(levels[level].priority, "%s", line);
		break;
	}
	errno = saved;
}
