// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vslctl fdb: which port each host is behind, as the daemon has learned or was told.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon.h"

/* Words like vlan=10 and port=eth1, into @params. */
static bool read_words(struct vslctl *ctl, int argc, char **argv, bool port,
		       json_object *params)
{
	uint32_t vlan;

	for (int i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "vlan=", 5) && vsl_u32_parse(argv[i] + 5, 4094, &vlan)) {
			json_object_object_add(params, "vlan", json_object_new_int(vlan));
		} else if (port && !strncmp(argv[i], "port=", 5)) {
			json_object_object_add(params, "port",
					       json_object_new_string(argv[i] + 5));
		} else {
			vslctl_usage(ctl, "\"%s\" is not understood: %svlan=N, from 0 to 4094",
				     argv[i], port ? "port=NAME, or " : "");
			return false;
		}
	}
	return true;
}

static void print_entry(json_object *o)
{
	json_object *fixed;

	printf("%-5" PRIu64 " %s  %-15s ", daemon_num(o, "vlan"), daemon_str(o, "mac"),
	       daemon_str(o, "port"));
	json_object_object_get_ex(o, "static", &fixed);
	if (json_object_get_boolean(fixed))
		puts("static");
	else
		printf("%" PRIu64 "\n", daemon_num(o, "age"));
}

/* Page by page: a daemon with many hosts is not kept from its packets. */
static int show(struct vslctl *ctl, json_object *params)
{
	json_object *page, *entries, *next = NULL;
	struct daemon *d = daemon_open(ctl);
	int status = d ? VSLCTL_OK : VSLCTL_REFUSED;
	bool first = true, more = true;
	size_t i;

	if (ctl->json)
		putchar('[');
	else if (!status)
		puts("VLAN  MAC                PORT            AGE");
	while (!status && more) {
		/* the call takes it away, and the next one needs it */
		status = daemon_call(d, "fdb.show", json_object_get(params),
				     json_type_object, &page);
		if (status)
			break;
		entries = daemon_list(d, page, "entries");
		if (!entries)
			status = VSLCTL_REFUSED;
		for (i = 0; entries && i < json_object_array_length(entries); i++) {
			json_object *o = json_object_array_get_idx(entries, i);

			if (!ctl->json) {
				print_entry(o);
				continue;
			}
			printf("%s%s", first ? "\n" : ",\n", json_object_to_json_string(o));
			first = false;
		}
		more = json_object_object_get_ex(page, "next", &next);
		if (more)
			json_object_object_add(params, "after", json_object_get(next));
		json_object_put(page);
	}
	if (ctl->json)
		puts(first ? "]" : "\n]");
	daemon_close(d);
	if (fflush(stdout) || ferror(stdout))
		return vslctl_fail(ctl, "the output could not be written");
	return status;
}

static int flush(struct vslctl *ctl, json_object *params)
{
	json_object *o;
	uint64_t n;
	int status = daemon_once(ctl, "fdb.flush", json_object_get(params),
				 json_type_object, &o);

	if (status)
		return status;
	n = daemon_num(o, "flushed");
	if (ctl->json)
		status = daemon_print_json(ctl, o);
	else
		printf("%" PRIu64 " host%s forgotten\n", n, n == 1 ? "" : "s");
	json_object_put(o);
	return status;
}

static int change(struct vslctl *ctl, const char *method, json_object *params)
{
	json_object *o;
	int status = daemon_once(ctl, method, json_object_get(params), json_type_null, &o);

	json_object_put(o);
	return status;
}

static int run(struct vslctl *ctl, int argc, char **argv, json_object *params)
{
	const char *what = argv[0];

	if (!strcmp(what, "show") || !strcmp(what, "flush")) {
		if (!read_words(ctl, argc - 1, argv + 1, true, params))
			return VSLCTL_USAGE;
		return *what == 's' ? show(ctl, params) : flush(ctl, params);
	}
	if (!strcmp(what, "add") && argc >= 3) {
		json_object_object_add(params, "mac", json_object_new_string(argv[1]));
		json_object_object_add(params, "port", json_object_new_string(argv[2]));
		if (!read_words(ctl, argc - 3, argv + 3, false, params))
			return VSLCTL_USAGE;
		return change(ctl, "fdb.add", params);
	}
	if (!strcmp(what, "del") && argc >= 2) {
		json_object_object_add(params, "mac", json_object_new_string(argv[1]));
		if (!read_words(ctl, argc - 2, argv + 2, false, params))
			return VSLCTL_USAGE;
		return change(ctl, "fdb.del", params);
	}
	return vslctl_usage(ctl, "\"%s\" is not understood, or arguments are missing", what);
}

int vslctl_fdb(struct vslctl *ctl, int argc, char **argv)
{
	json_object *params = json_object_new_object();
	int status = run(ctl, argc, argv, params);

	json_object_put(params);
	return status;
}
