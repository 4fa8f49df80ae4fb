// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * config_bridge.c - what the configuration file says of the bridge
 *
 * Section by section into the struct config; the first thing that is wrong ends it.
 */
#include "config_word.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "lib/key.h"
#include "lib/text.h"
#include "lib/util.h"

static cfg_opt_t port_options[] = {
	CONFIG_WORD("access"), CONFIG_WORDS("trunk"), CONFIG_WORD("native"),
	CONFIG_WORD("mac-limit"), CONFIG_WORD("storm-limit"), CONFIG_WORD("storm-burst"), CFG_END()
};

static cfg_opt_t mirror_options[] = {
	CONFIG_WORDS("from"), CONFIG_WORD("to"), CONFIG_WORD("direction"), CFG_END()
};

static cfg_opt_t static_options[] = {
	CONFIG_WORD("mac"), CONFIG_WORD("vlan"), CONFIG_WORD("port"), CFG_END()
};

static cfg_opt_t rule_options[] = {
	CONFIG_WORD("priority"), CONFIG_WORD("match"), CONFIG_WORD("actions"), CFG_END()
};

static cfg_opt_t loop_options[] = {
	CONFIG_WORD("probe-interval"), CONFIG_WORD("flaps"), CONFIG_WORD("shut-time"), CFG_END()
};

cfg_opt_t config_bridge_options[] = {
	CONFIG_WORD("mac-age"), CONFIG_WORD("mac-table-size"), CONFIG_WORD("vlan-mac-limit"),
	CONFIG_WORD("flow-idle"), CONFIG_WORD("flow-limit"),
	CFG_SEC("port", port_options, CONFIG_TITLED),
	CFG_SEC("mirror", mirror_options, CONFIG_TITLED),
	CFG_SEC("static", static_options, CONFIG_TITLED),
	CFG_SEC("rule", rule_options, CONFIG_TITLED),
	CFG_SEC("loop-protection", loop_options, CFGF_NODEFAULT),
	CFG_END()
};

/* Finds a port that is named in the file. */
static bool known_port(const struct config *c, const struct config_word *w, const char *option,
		       struct config_port **port)
{
	*port = config_port(c, w->text);
	if (!*port)
		return config_wrong(w->line, "%s: '%s' is not a port of this bridge; add: port \"%s\" { }",
			     option, w->text, w->text);
	return true;
}

/* N or N-N */
static bool trunk_range(const struct config_word *w, uint64_t *trunk)
{
	size_t len = strcspn(w->text, "-");
	uint16_t first, last;

	if (!config_vlan(w->text, len, &first))
		goto bad;
	last = first;
	if (w->text[len] && !config_vlan(w->text + len + 1, strlen(w->text + len + 1), &last))
		goto bad;
	if (last < first)
		goto bad;
	for (; first <= last; first++)
		trunk[first / 64] |= 1ULL << (first % 64);
	return true;

bad:
	return config_wrong(w->line, "trunk: '%s' is not a VLAN, a number from 1 to %d, nor two of them "
		     "as in 10-20", w->text, BRIDGE_VLANS - 2);
}

static bool read_vlans(cfg_t *cfg, struct bridge_vlans *v)
{
	const struct config_word *access = config_word(cfg, "access");
	const struct config_word *native = config_word(cfg, "native");
	unsigned int i, n = cfg_size(cfg, "trunk");

	if (access && (n || native))
		return config_wrong(access->line, "access: a port is either access or trunk");
	if (!config_word_vlan(cfg, "access", &v->access) || !config_word_vlan(cfg, "native", &v->native))
		return false;
	if (native && !n)
		return config_wrong(native->line, "native: is for trunks; give the port its trunk "
			     "VLANs, as in trunk = {10, 20}");
	/* it would carry everything */
	if (!n && cfg_getopt(cfg, "trunk")->flags & CFGF_MODIFIED)
		return config_wrong(cfg->line, "trunk: the list of port '%s', which ends here, "
				    "is empty", cfg_title(cfg));
	if (access)
		v->mode = BRIDGE_PORT_ACCESS;
	if (!n)
		return true;

	v->mode = BRIDGE_PORT_TRUNK;
	for (i = 0; i < n; i++) {
		if (!trunk_range(cfg_getnptr(cfg, "trunk", i), v->trunk))
			return false;
	}
	v->trunk[v->native / 64] |= (uint64_t)!!v->native << (v->native % 64);
	return true;
}

static bool read_port(struct config *c, cfg_t *cfg)
{
	const char *name = cfg_title(cfg);
	struct config_port *port;

	if (!config_title_fits(cfg, "port"))
		return false;
	port = config_add_port(c, name, strlen(name));
	if (!port)
		return config_no_memory();
	if (!read_vlans(cfg, &port->bridge.vlans) ||
	    !config_word_number(cfg, "mac-limit", 0, CONFIG_MAX_MACS, &port->mac_limit) ||
	    !config_word_number(cfg, "storm-limit", 0, CONFIG_MAX_STORM, &port->storm_limit))
		return false;
	if (!config_word_number(cfg, "storm-burst", 1, CONFIG_MAX_STORM, &port->storm_burst))
		return false;
	if (config_word(cfg, "storm-burst") && !port->storm_limit)
		return config_wrong(config_word(cfg, "storm-burst")->line,
			     "storm-burst: has no effect without storm-limit");
	port->bridge.metered = port->storm_limit;
	return true;
}

static bool read_mirror(struct config *c, cfg_t *cfg, unsigned int index)
{
	const struct config_word *w = config_word(cfg, "direction"), *to = config_word(cfg, "to");
	bool in = !w || strcmp(w->text, "out"), out = !w || strcmp(w->text, "in");
	unsigned int i, n = cfg_size(cfg, "from");
	struct config_port *port;

	if (w && in && out && strcmp(w->text, "both"))
		return config_wrong(w->line, "direction: '%s' is not one of in, out, both", w->text);
	if (!to)
		return config_wrong(cfg->line, "mirror '%s', which ends here, lacks: to = PORT",
			     cfg_title(cfg));
	if (!n)
		return config_wrong(cfg->line, "mirror '%s', which ends here, lacks: from = {PORT, ...}",
			     cfg_title(cfg));
	if (!known_port(c, to, "to", &port))
		return false;
	port->bridge.mirror_to |= 1u << index;
	for (i = 0; i < n; i++) {
		w = cfg_getnptr(cfg, "from", i);
		if (!known_port(c, w, "from", &port))
			return false;
		if (port->bridge.mirror_to)
			return config_wrong(w->line, "from: '%s' is where a mirror sends to, which "
				     "takes no part in switching", w->text);
		port->bridge.mirror_in |= (uint32_t)in << index;
		port->bridge.mirror_out |= (uint32_t)out << index;
	}
	return true;
}

/* A port that an earlier mirror copies must not become a later one's outlet. */
static bool check_mirrors(struct config *c, cfg_t *cfg)
{
	unsigned int i, n = cfg_size(cfg, "mirror");
	struct config_port *port;
	const struct config_word *to;

	if (n > BRIDGE_MIRRORS)
		return config_wrong(cfg_getnsec(cfg, "mirror", BRIDGE_MIRRORS)->line,
			     "more than %d mirrors", BRIDGE_MIRRORS);
	for (i = 0; i < n; i++) {
		if (!read_mirror(c, cfg_getnsec(cfg, "mirror", i), i))
			return false;
	}
	for (i = 0; i < n; i++) {
		to = config_word(cfg_getnsec(cfg, "mirror", i), "to");
		port = config_port(c, to->text);
		if (port->bridge.mirror_in || port->bridge.mirror_out)
			return config_wrong(to->line, "to: '%s' is mirrored itself", to->text);
	}
	return true;
}

static bool read_static(struct config *c, cfg_t *cfg)
{
	const struct config_word *mac = config_word(cfg, "mac"), *port_word = config_word(cfg, "port");
	struct config_static *all, s = { 0 };
	struct config_port *port;
	size_t i;

	if (!mac || !port_word)
		return config_wrong(cfg->line, "static '%s', which ends here, lacks: %s", cfg_title(cfg),
			     mac ? "port" : "mac");
	if (vsl_mac_parse(mac->text, s.mac) != strlen(mac->text) || vsl_mac_is_multicast(s.mac))
		return config_wrong(mac->line, "mac: '%s' is not a host's MAC address, as in "
			     "02:00:00:00:00:01", mac->text);
	if (!known_port(c, port_word, "port", &port) || !config_word_vlan(cfg, "vlan", &s.vlan))
		return false;
	/* a port's one VLAN need not be said */
	if (!s.vlan && port->bridge.vlans.mode == BRIDGE_PORT_ACCESS)
		s.vlan = port->bridge.vlans.access;
	if (!bridge_vlans_have(&port->bridge.vlans, s.vlan))
		return config_wrong(port_word->line, "port: '%s' does not carry VLAN %u of static '%s'",
			     port_word->text, s.vlan, cfg_title(cfg));
	for (i = 0; i < c->n_statics; i++) {
		if (c->statics[i].vlan == s.vlan && !memcmp(c->statics[i].mac, s.mac, 6))
			return config_wrong(mac->line, "mac: '%s' stands here twice for VLAN %u",
				     mac->text, s.vlan);
	}

	snprintf(s.port, sizeof(s.port), "%s", port->name);
	all = realloc(c->statics, (c->n_statics + 1) * sizeof(*all));
	if (!all)
		return config_no_memory();
	c->statics = all;
	all[c->n_statics++] = s;
	return true;
}

/* Ports' numbers are not known yet: any will do to see if a rule is well made. */
static bool number_of_port(const char *name, uint32_t *port_no, void *arg)
{
	const struct config *c = arg;

	*port_no = 1;
	return config_port(c, name) || !strcmp(name, c->name);
}

static bool check_rule(struct config *c, const struct config_word *match,
		       const struct config_word *actions)
{
	const struct vsl_text_ports ports = { .number = number_of_port, .arg = c };
	struct nl_msg *key = vsl_attrs_new(), *mask = vsl_attrs_new(), *acts = vsl_attrs_new();
	struct vsl_text_error e;
	struct vsl_key parsed;
	bool ok = false;

	if (!key || !mask || !acts)
		config_no_memory();
	else if (vsl_text_parse_flow(match->text, &ports, key, mask, NULL, NULL, &e))
		config_wrong(match->line, "match: %s", e.msg);
	else if (vsl_key_from_attrs(&parsed, vsl_blob_of_msg(mask), NULL) ||
		 !vsl_key_can_match(&parsed))
		config_wrong(match->line, "match: '%s' has a field that rules cannot match on: tunnels, "
		      "connection tracking, MPLS, recirculation", match->text);
	else if (strcmp(actions->text, "normal") &&
		 vsl_text_parse_actions(actions->text, &ports, acts, &e))
		config_wrong(actions->line, "actions: %s", e.msg);
	else
		ok = true;
	nlmsg_free(key);
	nlmsg_free(mask);
	nlmsg_free(acts);
	return ok;
}

static bool read_rule(struct config *c, cfg_t *cfg)
{
	const struct config_word *match = config_word(cfg, "match");
	const struct config_word *actions = config_word(cfg, "actions");
	struct config_rule *all, rule = { 0 };
	size_t i;

	if (!match || !actions)
		return config_wrong(cfg->line, "rule '%s', which ends here, lacks: %s", cfg_title(cfg),
			     match ? "actions" : "match");
	if (strlen(cfg_title(cfg)) >= sizeof(rule.name))
		return config_wrong(cfg->line, "rule '%s', which ends here: at most %zu characters",
			     cfg_title(cfg), sizeof(rule.name) - 1);
	if (!config_word_number(cfg, "priority", 0, UINT16_MAX, &rule.priority) ||
	    !check_rule(c, match, actions))
		return false;

	all = realloc(c->rules, (c->n_rules + 1) * sizeof(*all));
	if (!all)
		return config_no_memory();
	c->rules = all;
	snprintf(rule.name, sizeof(rule.name), "%s", cfg_title(cfg));
	rule.match = strdup(match->text);
	rule.actions = strdup(actions->text);
	/* behind those of its priority */
	for (i = c->n_rules; i && all[i - 1].priority < rule.priority; i--)
		all[i] = all[i - 1];
	all[i] = rule;
	c->n_rules++;
	return (rule.match && rule.actions) || config_no_memory();
}

static bool read_loops(struct config *c, cfg_t *cfg)
{
	uint32_t probe = 1, flaps = 50, shut = 30;

	if (!config_word_number(cfg, "probe-interval", 0, 3600, &probe) ||
	    !config_word_number(cfg, "flaps", 0, 100000, &flaps) ||
	    !config_word_number(cfg, "shut-time", 1, CONFIG_MAX_SECONDS, &shut))
		return false;
	c->loops = (struct config_loops){
		.probe_ms = 1000 * probe, .flaps = flaps, .shut_ms = 1000 * shut,
	};
	return true;
}

/**
 * config_bridge_read() - read the bridge's section
 * @cfg: the section
 * @c: filled in
 *
 * Return: false if something is wrong, which has been said.
 */
bool config_bridge_read(cfg_t *cfg, struct config *c)
{
	unsigned int i;

	if (!config_title_fits(cfg, "bridge"))
		return false;
	snprintf(c->name, sizeof(c->name), "%s", cfg_title(cfg));
	if (!config_word_number(cfg, "mac-age", 1, CONFIG_MAX_SECONDS, &c->mac_age) ||
	    !config_word_number(cfg, "mac-table-size", 1, CONFIG_MAX_MACS, &c->mac_max) ||
	    !config_word_number(cfg, "vlan-mac-limit", 0, CONFIG_MAX_MACS, &c->vlan_mac_limit) ||
	    !config_word_number(cfg, "flow-idle", 1, CONFIG_MAX_SECONDS, &c->flow_idle) ||
	    !config_word_number(cfg, "flow-limit", 1, CONFIG_MAX_FLOWS, &c->flow_max))
		return false;
	for (i = 0; i < cfg_size(cfg, "port"); i++) {
		if (!read_port(c, cfg_getnsec(cfg, "port", i)))
			return false;
	}
	if (!check_mirrors(c, cfg))
		return false;
	for (i = 0; i < cfg_size(cfg, "static"); i++) {
		if (!read_static(c, cfg_getnsec(cfg, "static", i)))
			return false;
	}
	for (i = 0; i < cfg_size(cfg, "rule"); i++) {
		if (!read_rule(c, cfg_getnsec(cfg, "rule", i)))
			return false;
	}
	return !cfg_size(cfg, "loop-protection") || read_loops(c, cfg_getsec(cfg, "loop-protection"));
}
