// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vslctl status, ports, stats, metrics, reload: the running daemon is asked and told.
 */
#include <inttypes.h>
#include <stdio.h>

#include "daemon.h"

static int flushed(struct vslctl *ctl)
{
	if (fflush(stdout) || ferror(stdout))
		return vslctl_fail(ctl, "the output could not be written");
	return VSLCTL_OK;
}

static void print_count(json_object *o, const char *lead, const char *name, const char *word)
{
	uint64_t n = daemon_num(o, name);

	printf("%s%" PRIu64 " %s%s", lead, n, word, vsl_plural(n));
}

int vslctl_status(struct vslctl *ctl, int argc, char **argv)
{
	json_object *o, *trace;
	int status;

	(void)argc;
	(void)argv;
	status = daemon_once(ctl, "status", NULL, json_type_object, &o);
	if (status)
		return status;
	if (ctl->json) {
		status = daemon_print_json(ctl, o);
	} else {
		printf("vswitchd-lite %s, pid %" PRIu64 ", up for %" PRIu64 " s\n",
		       daemon_str(o, "version"), daemon_num(o, "pid"), daemon_num(o, "uptime"));
		printf("datapath %s of %s.ko:", daemon_str(o, "datapath"),
		       daemon_str(o, "module"));
		print_count(o, " ", "ports", "port");
		print_count(o, ", ", "hosts", "host");
		print_count(o, ", ", "flows", "flow");
		printf(" of at most %" PRIu64, daemon_num(o, "flow_limit"));
		json_object_object_get_ex(o, "trace", &trace);
		printf("\ntrace %s,", json_object_get_boolean(trace) ? "on" : "off");
		print_count(o, " ", "clients", "client");
		printf(" of the control socket\n");
		status = flushed(ctl);
	}
	json_object_put(o);
	return status;
}

static void print_port(json_object *o)
{
	const char *trunk = daemon_str(o, "trunk");
	uint64_t access = daemon_num(o, "access"), native = daemon_num(o, "native");

	printf("port %" PRIu64 ": %s", daemon_num(o, "no"), daemon_str(o, "name"));
	if (access)
		printf(" access=%" PRIu64, access);
	if (*trunk)
		printf(" trunk=%s", trunk);
	if (native)
		printf(" native=%" PRIu64, native);
	putchar('\n');
}

int vslctl_ports(struct vslctl *ctl, int argc, char **argv)
{
	json_object *all = json_object_new_array(), *page, *ports, *next, *params = NULL;
	struct daemon *d = daemon_open(ctl);
	int status = d ? VSLCTL_OK : VSLCTL_REFUSED;
	size_t i;

	(void)argc;
	(void)argv;
	while (!status) {
		status = daemon_call(d, "ports", params, json_type_object, &page);
		if (status)
			break;
		ports = daemon_list(d, page, "ports");
		if (!ports)
			status = VSLCTL_REFUSED;
		for (i = 0; ports && i < json_object_array_length(ports); i++)
			json_object_array_add(all, json_object_get(
					      json_object_array_get_idx(ports, i)));
		params = NULL;
		if (json_object_object_get_ex(page, "next", &next)) {
			params = json_object_new_object();
			json_object_object_add(params, "after", json_object_get(next));
		}
		json_object_put(page);
		if (!params)
			break;
	}
	daemon_close(d);
	if (!status && ctl->json) {
		status = daemon_print_json(ctl, all);
	} else if (!status) {
		for (i = 0; i < json_object_array_length(all); i++)
			print_port(json_object_array_get_idx(all, i));
		status = flushed(ctl);
	}
	json_object_put(all);
	return status;
}

static void print_times(json_object *times)
{
	const char *lead = "times:";
	uint64_t n, us;
	size_t i;

	for (i = 0; i < json_object_array_length(times); i++) {
		json_object *o = json_object_array_get_idx(times, i);

		n = daemon_num(o, "misses");
		us = daemon_num(o, "up_to_us");
		if (!n)
			continue;
		if (us)
			printf("%s %" PRIu64 " up to %" PRIu64 " us", lead, n, us);
		else
			printf("%s %" PRIu64 " longer", lead, n);
		lead = ",";
	}
	if (*lead == ',')
		putchar('\n');
}

int vslctl_stats(struct vslctl *ctl, int argc, char **argv)
{
	json_object *o;
	int status;

	(void)argc;
	(void)argv;
	status = daemon_once(ctl, "stats", NULL, json_type_object, &o);
	if (status)
		return status;
	if (ctl->json) {
		status = daemon_print_json(ctl, o);
		json_object_put(o);
		return status;
	}
	json_object_object_foreach(o, group, figures) {
		const char *lead = "";

		if (json_object_is_type(figures, json_type_array)) {
			print_times(figures);
			continue;
		}
		if (!json_object_is_type(figures, json_type_object))
			continue;
		printf("%s: ", group);
		json_object_object_foreach(figures, name, value) {
			printf("%s%s %s", lead, name, json_object_get_string(value));
			lead = ", ";
		}
		putchar('\n');
	}
	json_object_put(o);
	return flushed(ctl);
}

int vslctl_metrics(struct vslctl *ctl, int argc, char **argv)
{
	json_object *o;
	int status;

	(void)argc;
	(void)argv;
	status = daemon_once(ctl, "metrics", NULL, json_type_string, &o);
	if (status)
		return status;
	fputs(json_object_get_string(o), stdout);
	json_object_put(o);
	return flushed(ctl);
}

int vslctl_reload(struct vslctl *ctl, int argc, char **argv)
{
	json_object *o;
	int status;

	(void)argc;
	(void)argv;
	status = daemon_once(ctl, "reload", NULL, json_type_null, &o);
	json_object_put(o);
	return status;
}
