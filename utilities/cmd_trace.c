// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vslctl trace: the daemon's trace of upcalls, switched and followed.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "daemon.h"
#include "lib/log.h"

static void put_learned(struct vsl_str *s, json_object *o)
{
	uint64_t vlan = daemon_num(o, "vlan");
	json_object *from;

	if (!*daemon_str(o, "learned"))
		return;
	if (json_object_object_get_ex(o, "moved_from", &from))
		vsl_str_printf(s, " (%s moved from %s to %llu", daemon_str(o, "learned"),
			       json_object_get_string(from),
			       (unsigned long long)daemon_num(o, "port_no"));
	else
		vsl_str_printf(s, " (learned %s on %llu", daemon_str(o, "learned"),
			       (unsigned long long)daemon_num(o, "port_no"));
	if (vlan)
		vsl_str_printf(s, " in VLAN %llu", (unsigned long long)vlan);
	vsl_str_putc(s, ')');
}

/* An upcall's JSON as the daemon's own line for people. */
static void put_upcall(struct vsl_str *s, json_object *o)
{
	json_object *time = NULL, *out = NULL, *us = NULL;
	size_t i;

	json_object_object_get_ex(o, "time", &time);
	json_object_object_get_ex(o, "out", &out);
	json_object_object_get_ex(o, "us", &us);
	/* the nearest microsecond, which is the one that the daemon wrote */
	vsl_str_puttime(s, (uint64_t)(json_object_get_double(time) * 1e6 + 0.5) * 1000);
	vsl_str_printf(s, " %s %s %s -> %s", daemon_str(o, "port"), daemon_str(o, "kind"),
		       daemon_str(o, "key"), daemon_str(o, "decision"));
	if (json_object_is_type(out, json_type_array)) {
		for (i = 0; i < json_object_array_length(out); i++)
			vsl_str_printf(s, "%c%s", i ? ',' : ' ', json_object_get_string(
				       json_object_array_get_idx(out, i)));
	}
	if (*daemon_str(o, "why"))
		vsl_str_printf(s, ": %s", daemon_str(o, "why"));
	put_learned(s, o);
	vsl_str_printf(s, ", flow %s", daemon_str(o, "flow"));
	if (*daemon_str(o, "execute"))
		vsl_str_printf(s, ", packet not sent: %s", daemon_str(o, "execute"));
	vsl_str_printf(s, ", %.0f us", json_object_get_double(us));
}

static void print_message(struct vslctl *ctl, json_object *message)
{
	const char *method = daemon_str(message, "method");
	struct vsl_str line = VSL_STR_INIT;
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
	} else {
		put_upcall(&line, params);
		puts(vsl_str_text(&line));
		vsl_str_free(&line);
	}
	fflush(stdout);
}

static int follow(struct vslctl *ctl)
{
	struct timeval forever = { 0 };
	struct daemon *d = daemon_open(ctl);
	json_object *o = NULL;
	int status = VSLCTL_REFUSED;

	if (!d)
		return status;
	status = daemon_call(d, "trace.follow", NULL, &o);
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
	json_object *params = json_object_new_object(), *o = NULL;
	int status;

	json_object_object_add(params, "on", json_object_new_boolean(on));
	status = daemon_once(ctl, "trace", params, &o);
	json_object_put(o);
	return status;
}

int vslctl_trace(struct vslctl *ctl, int argc, char **argv)
{
	(void)argc;
	if (!strcmp(argv[0], "on"))
		return set(ctl, true);
	if (!strcmp(argv[0], "off"))
		return set(ctl, false);
	if (!strcmp(argv[0], "follow"))
		return follow(ctl);
	return vslctl_usage(ctl, "\"%s\" is not understood", argv[0]);
}
