// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reload.c - read the configuration file again, and apply what changed
 *
 * All that can be wrong is found before anything is changed. Then the parts take
 * what is new, and every flow is decided anew: those that come out as they were
 * are not touched in the kernel, so their packets notice nothing.
 */
#include "reload.h"

#include <stdio.h>
#include <string.h>

#include "lib/log.h"
#include "trace_filter.h"
#include "vswitchd.h"

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool same_outputs(const struct config_trace *a, const struct config_trace *b)
{
	return a->text == b->text && a->rotate == b->rotate && same_text(a->json, b->json) &&
	       same_text(a->pcap, b->pcap);
}

/* The trace's outputs stay open as they are, and their names with them. */
static void keep_outputs(struct config_trace *new, struct config_trace *old)
{
	struct config_trace wanted = *new;

	if (!same_outputs(new, old))
		vsl_warn("what changed of the trace's outputs takes effect at the next start");
	new->text = old->text;
	new->json = old->json;
	new->pcap = old->pcap;
	new->rotate = old->rotate;
	/* to be freed with what is old */
	old->json = wanted.json;
	old->pcap = wanted.pcap;
}

/**
 * vswitchd_reload() - read the configuration file again, and apply what changed
 * @v: the running daemon
 * @error: on failure one line without a newline: what is wrong. Else "", or which
 *	port could not be added, though all else was done
 * @error_size: room for it
 *
 * Flows that the change makes stale are put right by the turns that follow.
 *
 * Return: false if nothing was changed, and @error says why.
 */
bool vswitchd_reload(struct vswitchd *v, char *error, size_t error_size)
{
	struct rules *rules, *old_rules = v->rules;
	struct trace_filter *filter;
	struct config *c = &v->options.config;
	struct config new, old;
	char refused[256];

	if (!v->options.config_file) {
		snprintf(error, error_size, "there is no configuration file: "
			 "ports and options are those of the command line");
		return false;
	}
	if (!config_read(&new, v->options.config_file, error, error_size))
		goto err;
	if (strcmp(new.name, c->name)) {
		snprintf(error, error_size, "%s: the bridge is called '%s' there, but '%s' is "
			 "running; end it first", v->options.config_file, new.name, c->name);
		goto err;
	}
	rules = rules_create(new.rules, new.n_rules);
	if (!rules) {
		snprintf(error, error_size, "no memory for %zu rules", new.n_rules);
		goto err;
	}
	filter = trace_filter_new(new.trace.filter, new.trace.port, new.trace.reason, error,
				  error_size);
	if (!filter) {
		rules_destroy(rules);
		goto err;
	}

	old = *c;
	keep_outputs(&new.trace, &old.trace);
	*c = new;
	trace_set_filter(v->trace, filter);
	bridge_set_rules(v->bridge, rules);
	rules_destroy(old_rules);
	v->rules = rules;
	mac_table_set_limits(v->macs, c->mac_max, c->vlan_mac_limit, 1000ULL * c->mac_age);
	flows_set_limits(v->flows, 1000ULL * c->flow_idle, c->flow_max);
	loops_configure(v->loops, &c->loops);
	datapath_reconfigure(v->dp, &old, refused, sizeof(refused));
	flows_ports_changed(v->flows);
	config_free(&old);
	vswitchd_settle_soon(v);
	snprintf(error, error_size, "%s%s", *refused ? "all is applied, but " : "", refused);
	return true;

err:
	config_free(&new);
	return false;
}
