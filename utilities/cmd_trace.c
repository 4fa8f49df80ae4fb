// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vslctl trace: the daemon's trace of upcalls, switched and followed.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "daemon.h"
#include "lib/log.h"
#include "lib/trace_line.h"

static void print_message(struct vslctl *ctl, json_object *message)
{
	const char *method = daemon_str(message, "method");
	struct vsl_str text = VSL_STR_INIT;
	struct vsl_trace_line line;
	json_object *params;

	if (!json_object_object_get_ex(message, "params", &params))
		return;
	if (!strcmp(method, "trace.skipped"))
		vslctl_fail(ctl, "too many at a time: %llu upcalls are not shown",
			    (unsigned long long)daemon_num(params, "skipped"));
	if (strcmp(method, "trace"))
		return;
	if (ctl->json) {
		puts(json_object_to_json_string_ext(params, JSON_C_TO_STRING_NOSLASHESCAPE));
	} else if (vsl_trace_line_from_json(&line, params)) {
		vsl_trace_line_put_text(&text, &line);
		fputs(vsl_str_text(&text), stdout);
		vsl_str_free(&text);
	}
	fflush(stdout);
}

static int follow(struct vslctl *ctl)
{
	struct timeval forever = { 0 };
	struct daemon *d = daemon_open(ctl);
	json_object *o;
	int status = VSLCTL_REFUSED;

	if (!d)
		return status;
	status = daemon_call(d, "trace.follow", NULL, json_type_null, &o);
	json_object_put(o);
	if (!status)
		vsl_info("trace: ready, Ctrl-C ends it");
	/* a quiet switch has nothing to say for long */
	setsockopt(daemon_fd(d), SOL_SOCKET, SO_RCVTIMEO, &forever, sizeof(forever));
	while (!status && !ferror(stdout)) {
		status = daemon_next(d, &o);
		if (status)
			break;
		print_message(ctl, o);
		json_object_put(o);
	}
	daemon_close(d);
	if (ferror(stdout))
		return vslctl_fail(ctl, "the output could not be written");
	return status;
}

static int set(struct vslctl *ctl, bool on)
{
	json_object *params = json_object_new_object(), *o;
	int status;

	json_object_object_add(params, "on", json_object_new_boolean(on));
	status = daemon_once(ctl, "trace", params, json_type_null, &o);
	json_object_put(o);
	return status;
}

int vslctl_trace(struct vslctl *ctl, int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[0], "show"))
		return vslctl_trace_show(ctl, argv[1]);
	if (argc == 2 && !strcmp(argv[0], "summary"))
		return vslctl_trace_summary(ctl, argv[1]);
	if (argc == 2)
		return vslctl_usage(ctl, "\"%s %s\" is not understood", argv[0], argv[1]);
	if (!strcmp(argv[0], "on"))
		return set(ctl, true);
	if (!strcmp(argv[0], "off"))
		return set(ctl, false);
	if (!strcmp(argv[0], "follow"))
		return follow(ctl);
	return vslctl_usage(ctl, "\"%s\" is not understood", argv[0]);
}
