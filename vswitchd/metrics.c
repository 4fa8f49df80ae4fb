// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * metrics.c - the table of figures, and its two forms
 */
#include "metrics.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "lib/dp.h"
#include "vswitchd.h"

#define PREFIX "vswitchd_lite_"

enum type {
	COUNTER,		/* since the start; the name for Prometheus gets _total */
	GAUGE,
};

/*
 * A figure. Those of one metric are next to each other, told apart by a label;
 * the first has the help text.
 */
struct figure {
	const char *group, *name;	/* in JSON */
	enum type type;
	const char *metric, *label, *help;
	uint64_t value;
};

#define FIGURES_MAX 40

static const unsigned int times_us[] = STATS_TIMES;

/* Memory in use, the second word of statm(5), in pages there; 0 where unknown. */
static uint64_t resident_bytes(void)
{
	unsigned long long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (!f)
		return 0;
	if (fscanf(f, "%*u %llu", &pages) != 1)
		pages = 0;
	fclose(f);
	return pages * sysconf(_SC_PAGESIZE);
}

static size_t put_daemon(struct figure *f, const struct vswitchd *v)
{
	const struct control_stats *c = control_stats(v->control);
	const struct stats *s = &v->stats;
	const struct figure own[] = {
		{ "upcalls", "misses", COUNTER, "upcalls", "kind=\"miss\"",
		  "Packets that the datapath sent up.", s->misses },
		{ "upcalls", "copies", COUNTER, "upcalls", "kind=\"action\"", NULL, s->copies },
		{ "upcalls", "malformed", COUNTER, "upcalls_malformed", NULL,
		  "Messages that were not understood.", s->malformed },
		{ "upcalls", "overflows", COUNTER, "upcall_overflows", NULL,
		  "Times that upcalls were lost because the socket was full.", s->overflows },
		{ "decisions", "drop", COUNTER, "decisions", "verdict=\"drop\"",
		  "What was decided about misses.", s->dropped },
		{ "decisions", "forward", COUNTER, "decisions", "verdict=\"forward\"", NULL,
		  s->forwarded },
		{ "decisions", "flood", COUNTER, "decisions", "verdict=\"flood\"", NULL,
		  s->flooded },
		{ "decisions", "rule", COUNTER, "decisions", "verdict=\"rule\"", NULL,
		  s->by_rule },
		{ "decisions", "not_sent", COUNTER, "packets_not_sent", NULL,
		  "Packets that the kernel refused to send on.", s->not_sent },
		{ "flows", "put", COUNTER, "flow_puts", "result=\"put\"",
		  "Flows that the kernel was asked for.", s->flows_put },
		{ "flows", "existing", COUNTER, "flow_puts", "result=\"existed\"", NULL,
		  s->flows_existing },
		{ "flows", "failed", COUNTER, "flow_puts", "result=\"failed\"", NULL,
		  s->flows_failed },
		{ "flows", "count", GAUGE, "flows", NULL, "Flows of the daemon's.",
		  flows_count(v->flows) },
		{ "flows", "limit", GAUGE, "flow_limit", NULL,
		  "Flows that this machine can look after.", flows_limit(v->flows) },
		{ "flows", "looks", COUNTER, "flow_looks", NULL,
		  "Looks at all flows, for what is idle.", flows_looks(v->flows) },
		{ "flows", "look_us", GAUGE, "flow_look_microseconds", NULL,
		  "What the last look at all flows has cost.", flows_look_ns(v->flows) / 1000 },
		{ "hosts", "learned", COUNTER, "hosts_learned", NULL,
		  "Hosts heard for the first time.", s->learned },
		{ "hosts", "moved", COUNTER, "hosts_moved", NULL,
		  "Hosts that changed ports.", s->moved },
		{ "hosts", "not_learned", COUNTER, "hosts_not_learned", NULL,
		  "Hosts that there was no room for.", s->not_learned },
		{ "hosts", "count", GAUGE, "hosts", NULL, "Entries of the MAC table.",
		  mac_table_count(v->macs) },
		{ "ports", "count", GAUGE, "ports", NULL, "Ports of the switch.",
		  bridge_port_count(v->bridge) },
		{ "control", "clients", GAUGE, "control_clients", NULL,
		  "Clients of the control socket.", c->clients },
		{ "control", "accepted", COUNTER, "control_connections", "result=\"accepted\"",
		  "Connections to the control socket.", c->accepted },
		{ "control", "refused", COUNTER, "control_connections", "result=\"refused\"",
		  NULL, c->refused },
		{ "control", "stalled", COUNTER, "control_clients_stalled", NULL,
		  "Clients that were hung up on because they did not read.", c->stalled },
		{ "daemon", "failures", COUNTER, "failures", NULL,
		  "Times that the kernel could not be asked or heard.", v->failures },
		{ "daemon", "uptime", GAUGE, "uptime_seconds", NULL, "Since the start.",
		  (vsl_now_ms() - v->started_ms) / 1000 },
		{ "daemon", "memory", GAUGE, "resident_memory_bytes", NULL,
		  "Memory in use.", resident_bytes() },
	};

	memcpy(f, own, sizeof(own));
	return VSL_ARRAY_SIZE(own);
}

static size_t put_datapath(struct figure *f, const struct vsl_dp *dp)
{
	const struct figure kernel[] = {
		{ "datapath", "hit", COUNTER, "datapath_lookups", "result=\"hit\"",
		  "Packets that the datapath looked up.", dp->stats.n_hit },
		{ "datapath", "missed", COUNTER, "datapath_lookups", "result=\"missed\"", NULL,
		  dp->stats.n_missed },
		{ "datapath", "lost", COUNTER, "datapath_upcalls_lost", NULL,
		  "Misses that never reached the daemon.", dp->stats.n_lost },
		{ "datapath", "flows", GAUGE, "datapath_flows", NULL,
		  "Flows in the datapath, whoever made them.", dp->stats.n_flows },
	};

	memcpy(f, kernel, sizeof(kernel));
	return VSL_ARRAY_SIZE(kernel);
}

static size_t get(struct figure f[FIGURES_MAX], struct vswitchd *v)
{
	struct vsl_dp dp;
	size_t n = put_daemon(f, v);

	if (!vsl_dp_get(v->nl, NULL, datapath_ifindex(v->dp), &dp) && dp.has_stats)
		n += put_datapath(f + n, &dp);
	return n;
}

static json_object *times_json(const struct stats *s)
{
	json_object *times = json_object_new_array();
	size_t i;

	for (i = 0; i < STATS_N_TIMES; i++) {
		json_object *o = json_object_new_object();

		if (i < VSL_ARRAY_SIZE(times_us))
			json_object_object_add(o, "up_to_us", json_object_new_int(times_us[i]));
		json_object_object_add(o, "misses", json_object_new_uint64(s->times[i]));
		json_object_array_add(times, o);
	}
	return times;
}

json_object *metrics_json(struct vswitchd *v)
{
	json_object *o = json_object_new_object(), *group;
	struct figure f[FIGURES_MAX];
	size_t i, n = get(f, v);

	for (i = 0; i < n; i++) {
		if (!json_object_object_get_ex(o, f[i].group, &group)) {
			group = json_object_new_object();
			json_object_object_add(o, f[i].group, group);
		}
		json_object_object_add(group, f[i].name, json_object_new_uint64(f[i].value));
	}
	json_object_object_add(o, "times", times_json(&v->stats));
	return o;
}

/* A label's value may hold anything but a bare quote, backslash or newline. */
static void put_label(struct vsl_str *s, const char *value)
{
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			vsl_str_putc(s, '\\');
		vsl_str_putc(s, *value);
	}
}

static void put_sample(struct vsl_str *s, const struct vswitchd *v, const char *metric,
		       const char *suffix, const char *label)
{
	vsl_str_printf(s, PREFIX "%s%s{datapath=\"", metric, suffix);
	put_label(s, v->options.config.name);
	vsl_str_printf(s, "\"%s%s} ", label ? "," : "", label ? label : "");
}

static void put_times(struct vsl_str *s, const struct vswitchd *v)
{
	static const char metric[] = "upcall_seconds";
	const struct stats *stats = &v->stats;
	uint64_t sum = 0;
	char label[32];
	size_t i;

	vsl_str_puts(s, "# HELP " PREFIX "upcall_seconds From receipt of a miss to its answer.\n"
		     "# TYPE " PREFIX "upcall_seconds histogram\n");
	for (i = 0; i < STATS_N_TIMES; i++) {
		sum += stats->times[i];
		if (i < VSL_ARRAY_SIZE(times_us))
			snprintf(label, sizeof(label), "le=\"%g\"", times_us[i] / 1e6);
		else
			snprintf(label, sizeof(label), "le=\"+Inf\"");
		put_sample(s, v, metric, "_bucket", label);
		vsl_str_printf(s, "%llu\n", (unsigned long long)sum);
	}
	put_sample(s, v, metric, "_sum", NULL);
	vsl_str_printf(s, "%.9f\n", stats->time_ns / 1e9);
	put_sample(s, v, metric, "_count", NULL);
	vsl_str_printf(s, "%llu\n", (unsigned long long)sum);
}

void metrics_put(struct vsl_str *s, struct vswitchd *v)
{
	struct figure f[FIGURES_MAX];
	size_t i, n = get(f, v);

	for (i = 0; i < n; i++) {
		const char *suffix = f[i].type == COUNTER ? "_total" : "";

		if (f[i].help)
			vsl_str_printf(s, "# HELP " PREFIX "%s%s %s\n# TYPE " PREFIX "%s%s %s\n",
				       f[i].metric, suffix, f[i].help, f[i].metric, suffix,
				       f[i].type == COUNTER ? "counter" : "gauge");
		put_sample(s, v, f[i].metric, suffix, f[i].label);
		vsl_str_printf(s, "%llu\n", (unsigned long long)f[i].value);
	}
	put_times(s, v);
}
