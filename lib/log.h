/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of a program to its user: one line each, to standard error as
 * "program: text", or with their level to the journal or to syslog. The programs'
 * main() sets the name once; everybody logs.
 */
#ifndef VSL_LIB_LOG_H
#define VSL_LIB_LOG_H

#include <stdbool.h>

enum vsl_log_level {
	VSL_LOG_ERROR,	/* something asked for was not done */
	VSL_LOG_WARN,	/* done, but look at this */
	VSL_LOG_INFO,	/* what a user starting the program wants to see */
	VSL_LOG_DEBUG,	/* off by default */
};

enum vsl_log_target {
	VSL_LOG_TO_STDERR,
	VSL_LOG_TO_JOURNAL,	/* standard error with "<N>" in front, sd-daemon(3) */
	VSL_LOG_TO_SYSLOG,
};

/**
 * vsl_log_init() - name the program
 * @program: kept as pointer, so a string that stays; a path loses its folders
 *
 * Where standard error is the journal ($JOURNAL_STREAM says so) messages get
 * their level in front.
 */
void vsl_log_init(const char *program);

/** vsl_log_to() - send messages elsewhere from now on */
void vsl_log_to(enum vsl_log_target target);

/** vsl_log_set_level() - drop messages above @level (VSL_LOG_INFO at start) */
void vsl_log_set_level(enum vsl_log_level level);

/**
 * vsl_log_level_parse() - the level of a name
 * @name: "error", "warning", "info" or "debug"
 * @level: filled only on success
 *
 * Return: false if there is none of that name.
 */
bool vsl_log_level_parse(const char *name, enum vsl_log_level *level);

/** vsl_log() - one message; no newline at the end of @fmt */
void vsl_log(enum vsl_log_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#define vsl_error(...) vsl_log(VSL_LOG_ERROR, __VA_ARGS__)
#define vsl_warn(...) vsl_log(VSL_LOG_WARN, __VA_ARGS__)
#define vsl_info(...) vsl_log(VSL_LOG_INFO, __VA_ARGS__)
#define vsl_debug(...) vsl_log(VSL_LOG_DEBUG, __VA_ARGS__)

#endif /* VSL_LIB_LOG_H */
