/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of a program to its user: one line each on stderr, "program: text".
 * The programs' main() sets the name once; everybody logs.
 */
#ifndef VSL_LIB_LOG_H
#define VSL_LIB_LOG_H

enum vsl_log_level {
	VSL_LOG_ERROR,	/* something asked for was not done */
	VSL_LOG_WARN,	/* done, but look at this */
	VSL_LOG_INFO,	/* what a user starting the program wants to see */
	VSL_LOG_DEBUG,	/* off by default */
};

/**
 * vsl_log_init() - name the program
 * @program: kept as pointer, so a string that stays; a path loses its folders
 */
void vsl_log_init(const char *program);

/** vsl_log_set_level() - drop messages above @level (VSL_LOG_INFO at start) */
void vsl_log_set_level(enum vsl_log_level level);

/** vsl_log() - one message; no newline at the end of @fmt */
void vsl_log(enum vsl_log_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#define vsl_error(...) vsl_log(VSL_LOG_ERROR, __VA_ARGS__)
#define vsl_warn(...) vsl_log(VSL_LOG_WARN, __VA_ARGS__)
#define vsl_info(...) vsl_log(VSL_LOG_INFO, __VA_ARGS__)
#define vsl_debug(...) vsl_log(VSL_LOG_DEBUG, __VA_ARGS__)

#endif /* VSL_LIB_LOG_H */
