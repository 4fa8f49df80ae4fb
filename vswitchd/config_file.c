// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * config_file.c - the configuration file
 *
 * libconfuse takes the text apart; each value becomes a struct word that knows
 * its line. What the words mean is read afterwards, section by section, into a
 * struct config, and the first thing that is wrong ends it: with file, line and
 * word.
 */
#include "config.h"

#include <confuse.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/key.h"
#include "lib/text.h"
#include "lib/util.h"

/* A file beyond this is not a configuration. */
#define MAX_FILE	(1 << 20)

/**
 * struct word - a value as it stands in the file
 * @line: where
 * @text: without quotes
 */
struct word {
	int line;
	char text[];
};

/* libconfuse hands nothing of ours to its callbacks: one reader at a time. */
static struct reader {
	struct config *c;
	const char *file;
	char *error;
	size_t error_size;
	bool failed;
} *reading;

__attribute__((format(printf, 2, 3)))
static bool wrong(int line, const char *fmt, ...)
{
	struct reader *r = reading;
	size_t n;
	va_list ap;

	/* the first error is the cause of those that follow */
	if (r->failed)
		return false;
	r->failed = true;
	n = line > 0 ? snprintf(r->error, r->error_size, "%s:%d: ", r->file, line) :
		       snprintf(r->error, r->error_size, "%s: ", r->file);
	if (n >= r->error_size)
		return false;
	va_start(ap, fmt);
	vsnprintf(r->error + n, r->error_size - n, fmt, ap);
	va_end(ap);
	/* a word of the file may have anything in it */
	for (; r->error[n]; n++) {
		if (iscntrl((unsigned char)r->error[n]))
			r->error[n] = '?';
	}
	return false;
}

static bool no_memory(void)
{
	return wrong(0, "no memory to read it");
}

/*
 * For libconfuse the end of the file closes all that is open. This option is put
 * behind the text: it can be set only where nothing is open any more.
 */
#define THE_END "end-of-file"

/* What libconfuse finds wrong: syntax, and names that are not options. */
static void on_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	char text[256];

	vsnprintf(text, sizeof(text), fmt, ap);
	if (strstr(text, THE_END))
		snprintf(text, sizeof(text), "the file ends, but a '}' is missing");
	wrong(cfg ? cfg->line : 0, "%s", text);
}

static int read_word(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	size_t len = strlen(value) + 1;
	struct word *w = malloc(sizeof(*w) + len);

	(void)opt;
	if (!w) {
		no_memory();
		return -1;
	}
	w->line = cfg->line;
	memcpy(w->text, value, len);
	*(struct word **)result = w;
	return 0;
}

#define WORD(name) CFG_PTR_CB(name, NULL, CFGF_NONE, read_word, free)
#define WORDS(name) CFG_PTR_LIST_CB(name, NULL, CFGF_NONE, read_word, free)
#define TITLED (CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES)

static cfg_opt_t port_options[] = {
	WORD("access"), WORDS("trunk"), WORD("native"),
	WORD("mac-limit"), WORD("storm-limit"), WORD("storm-burst"), CFG_END()
};

static cfg_opt_t mirror_options[] = {
	WORDS("from"), WORD("to"), WORD("direction"), CFG_END()
};

static cfg_opt_t static_options[] = {
	WORD("mac"), WORD("vlan"), WORD("port"), CFG_END()
};

static cfg_opt_t rule_options[] = {
	WORD("priority"), WORD("match"), WORD("actions"), CFG_END()
};

static cfg_opt_t loop_options[] = {
	WORD("probe-interval"), WORD("flaps"), WORD("shut-time"), CFG_END()
};

static cfg_opt_t bridge_options[] = {
	WORD("mac-age"), WORD("mac-table-size"), WORD("vlan-mac-limit"),
	WORD("flow-idle"), WORD("flow-limit"),
	CFG_SEC("port", port_options, TITLED),
	CFG_SEC("mirror", mirror_options, TITLED),
	CFG_SEC("static", static_options, TITLED),
	CFG_SEC("rule", rule_options, TITLED),
	CFG_SEC("loop-protection", loop_options, CFGF_NODEFAULT),
	CFG_END()
};

static cfg_opt_t trace_options[] = {
	WORD("text"), WORD("json"), WORD("pcap"), WORD("filter"), CFG_END()
};

static cfg_opt_t file_options[] = {
	CFG_SEC("bridge", bridge_options, TITLED),
	CFG_SEC("trace", trace_options, CFGF_NODEFAULT),
	WORD(THE_END),
	CFG_END()
};

/* The value of an option, NULL where the file has none. */
static const struct word *word(cfg_t *cfg, const char *name)
{
	return cfg_size(cfg, name) ? cfg_getptr(cfg, name) : NULL;
}

static bool number(cfg_t *cfg, const char *name, uint32_t min, uint32_t max, uint32_t *value)
{
	const struct word *w = word(cfg, name);

	if (!w)
		return true;
	if (!config_number(w->text, strlen(w->text), max, value) || *value < min)
		return wrong(w->line, "%s: '%s' is not a number from %u to %u", name, w->text,
			     min, max);
	return true;
}

static bool vlan(cfg_t *cfg, const char *name, uint16_t *vlan)
{
	const struct word *w = word(cfg, name);

	if (w && !config_vlan(w->text, strlen(w->text), vlan))
		return wrong(w->line, "%s: '%s' is not a VLAN, a number from 1 to %d", name,
			     w->text, BRIDGE_VLANS - 2);
	return true;
}

/* Finds a port that is named in the file. */
static bool known_port(const struct word *w, const char *option, struct config_port **port)
{
	*port = config_port(reading->c, w->text);
	if (!*port)
		return wrong(w->line, "%s: '%s' is not a port of this bridge; add: port \"%s\" { }",
			     option, w->text, w->text);
	return true;
}

/* A title's line is not known, but that of its section's end. */
static bool name_fits(cfg_t *cfg, const char *what)
{
	char error[160];

	if (config_name_fits(what, cfg_title(cfg), strlen(cfg_title(cfg)), error, sizeof(error)))
		return true;
	return wrong(cfg->line, "in the section that ends here: %s", error);
}

/* N or N-N */
static bool trunk_range(const struct word *w, uint64_t *trunk)
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
	return wrong(w->line, "trunk: '%s' is not a VLAN, a number from 1 to %d, nor two of them "
		     "as in 10-20", w->text, BRIDGE_VLANS - 2);
}

static bool read_vlans(cfg_t *cfg, struct bridge_vlans *v)
{
	const struct word *access = word(cfg, "access"), *native = word(cfg, "native");
	unsigned int i, n = cfg_size(cfg, "trunk");

	if (access && (n || native))
		return wrong(access->line, "access: a port is either access or trunk");
	if (!vlan(cfg, "access", &v->access) || !vlan(cfg, "native", &v->native))
		return false;
	if (native && !n)
		return wrong(native->line, "native: is for trunks; give the port its trunk "
			     "VLANs, as in trunk = {10, 20}");
	/* it would carry everything */
	if (!n && cfg_getopt(cfg, "trunk")->flags & CFGF_MODIFIED)
		return wrong(cfg->line, "trunk: the list of port '%s', which ends here, is empty",
			     cfg_title(cfg));
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

static bool read_port(cfg_t *cfg)
{
	const char *name = cfg_title(cfg);
	struct config_port *port;

	if (!name_fits(cfg, "port"))
		return false;
	port = config_add_port(reading->c, name, strlen(name));
	if (!port)
		return no_memory();
	if (!read_vlans(cfg, &port->bridge.vlans) ||
	    !number(cfg, "mac-limit", 0, CONFIG_MAX_MACS, &port->mac_limit) ||
	    !number(cfg, "storm-limit", 0, CONFIG_MAX_STORM, &port->storm_limit))
		return false;
	if (!number(cfg, "storm-burst", 1, CONFIG_MAX_STORM, &port->storm_burst))
		return false;
	if (word(cfg, "storm-burst") && !port->storm_limit)
		return wrong(word(cfg, "storm-burst")->line,
			     "storm-burst: has no effect without storm-limit");
	port->bridge.metered = port->storm_limit;
	return true;
}

static bool read_mirror(cfg_t *cfg, unsigned int index)
{
	const struct word *w = word(cfg, "direction"), *to = word(cfg, "to");
	bool in = !w || strcmp(w->text, "out"), out = !w || strcmp(w->text, "in");
	unsigned int i, n = cfg_size(cfg, "from");
	struct config_port *port;

	if (w && in && out && strcmp(w->text, "both"))
		return wrong(w->line, "direction: '%s' is not one of in, out, both", w->text);
	if (!to)
		return wrong(cfg->line, "mirror '%s', which ends here, lacks: to = PORT",
			     cfg_title(cfg));
	if (!n)
		return wrong(cfg->line, "mirror '%s', which ends here, lacks: from = {PORT, ...}",
			     cfg_title(cfg));
	if (!known_port(to, "to", &port))
		return false;
	port->bridge.mirror_to |= 1u << index;
	for (i = 0; i < n; i++) {
		w = cfg_getnptr(cfg, "from", i);
		if (!known_port(w, "from", &port))
			return false;
		if (port->bridge.mirror_to)
			return wrong(w->line, "from: '%s' is where a mirror sends to, which "
				     "takes no part in switching", w->text);
		port->bridge.mirror_in |= (uint32_t)in << index;
		port->bridge.mirror_out |= (uint32_t)out << index;
	}
	return true;
}

/* A port that an earlier mirror copies must not become a later one's outlet. */
static bool check_mirrors(cfg_t *cfg)
{
	unsigned int i, n = cfg_size(cfg, "mirror");
	struct config_port *port;
	const struct word *to;

	if (n > BRIDGE_MIRRORS)
		return wrong(cfg_getnsec(cfg, "mirror", BRIDGE_MIRRORS)->line,
			     "more than %d mirrors", BRIDGE_MIRRORS);
	for (i = 0; i < n; i++) {
		if (!read_mirror(cfg_getnsec(cfg, "mirror", i), i))
			return false;
	}
	for (i = 0; i < n; i++) {
		to = word(cfg_getnsec(cfg, "mirror", i), "to");
		port = config_port(reading->c, to->text);
		if (port->bridge.mirror_in || port->bridge.mirror_out)
			return wrong(to->line, "to: '%s' is mirrored itself", to->text);
	}
	return true;
}

static bool read_static(cfg_t *cfg)
{
	const struct word *mac = word(cfg, "mac"), *port_word = word(cfg, "port");
	struct config *c = reading->c;
	struct config_static *all, s = { 0 };
	struct config_port *port;
	size_t i;

	if (!mac || !port_word)
		return wrong(cfg->line, "static '%s', which ends here, lacks: %s", cfg_title(cfg),
			     mac ? "port" : "mac");
	if (vsl_mac_parse(mac->text, s.mac) != strlen(mac->text) || vsl_mac_is_multicast(s.mac))
		return wrong(mac->line, "mac: '%s' is not a host's MAC address, as in "
			     "02:00:00:00:00:01", mac->text);
	if (!known_port(port_word, "port", &port) || !vlan(cfg, "vlan", &s.vlan))
		return false;
	/* a port's one VLAN need not be said */
	if (!s.vlan && port->bridge.vlans.mode == BRIDGE_PORT_ACCESS)
		s.vlan = port->bridge.vlans.access;
	if (!bridge_vlans_have(&port->bridge.vlans, s.vlan))
		return wrong(port_word->line, "port: '%s' does not carry VLAN %u of static '%s'",
			     port_word->text, s.vlan, cfg_title(cfg));
	for (i = 0; i < c->n_statics; i++) {
		if (c->statics[i].vlan == s.vlan && !memcmp(c->statics[i].mac, s.mac, 6))
			return wrong(mac->line, "mac: '%s' stands here twice for VLAN %u",
				     mac->text, s.vlan);
	}

	snprintf(s.port, sizeof(s.port), "%s", port->name);
	all = realloc(c->statics, (c->n_statics + 1) * sizeof(*all));
	if (!all)
		return no_memory();
	c->statics = all;
	all[c->n_statics++] = s;
	return true;
}

/* Ports' numbers are not known yet: any will do to see if a rule is well made. */
static bool number_of_port(const char *name, uint32_t *port_no, void *arg)
{
	(void)arg;
	*port_no = 1;
	return config_port(reading->c, name) || !strcmp(name, reading->c->name);
}

static bool check_rule(const struct word *match, const struct word *actions)
{
	const struct vsl_text_ports ports = { .number = number_of_port };
	struct nl_msg *key = vsl_attrs_new(), *mask = vsl_attrs_new(), *acts = vsl_attrs_new();
	struct vsl_text_error e;
	struct vsl_key parsed;
	bool ok = false;

	if (!key || !mask || !acts)
		no_memory();
	else if (vsl_text_parse_flow(match->text, &ports, key, mask, NULL, NULL, &e))
		wrong(match->line, "match: %s", e.msg);
	else if (vsl_key_from_attrs(&parsed, vsl_blob_of_msg(mask), NULL) ||
		 !vsl_key_can_match(&parsed))
		wrong(match->line, "match: '%s' has a field that rules cannot match on: tunnels, "
		      "connection tracking, MPLS, recirculation", match->text);
	else if (strcmp(actions->text, "normal") &&
		 vsl_text_parse_actions(actions->text, &ports, acts, &e))
		wrong(actions->line, "actions: %s", e.msg);
	else
		ok = true;
	nlmsg_free(key);
	nlmsg_free(mask);
	nlmsg_free(acts);
	return ok;
}

static bool read_rule(cfg_t *cfg)
{
	const struct word *match = word(cfg, "match"), *actions = word(cfg, "actions");
	struct config *c = reading->c;
	struct config_rule *all, rule = { 0 };
	size_t i;

	if (!match || !actions)
		return wrong(cfg->line, "rule '%s', which ends here, lacks: %s", cfg_title(cfg),
			     match ? "actions" : "match");
	if (strlen(cfg_title(cfg)) >= sizeof(rule.name))
		return wrong(cfg->line, "rule '%s', which ends here: at most %zu characters",
			     cfg_title(cfg), sizeof(rule.name) - 1);
	if (!number(cfg, "priority", 0, UINT16_MAX, &rule.priority) ||
	    !check_rule(match, actions))
		return false;

	all = realloc(c->rules, (c->n_rules + 1) * sizeof(*all));
	if (!all)
		return no_memory();
	c->rules = all;
	snprintf(rule.name, sizeof(rule.name), "%s", cfg_title(cfg));
	rule.match = strdup(match->text);
	rule.actions = strdup(actions->text);
	/* behind those of its priority */
	for (i = c->n_rules; i && all[i - 1].priority < rule.priority; i--)
		all[i] = all[i - 1];
	all[i] = rule;
	c->n_rules++;
	return (rule.match && rule.actions) || no_memory();
}

static bool read_loops(cfg_t *cfg)
{
	uint32_t probe = 1, flaps = 50, shut = 30;

	if (!number(cfg, "probe-interval", 0, 3600, &probe) ||
	    !number(cfg, "flaps", 0, 100000, &flaps) ||
	    !number(cfg, "shut-time", 1, CONFIG_MAX_SECONDS, &shut))
		return false;
	reading->c->loops = (struct config_loops){
		.probe_ms = 1000 * probe, .flaps = flaps, .shut_ms = 1000 * shut,
	};
	return true;
}

static bool read_bridge(cfg_t *cfg)
{
	struct config *c = reading->c;
	unsigned int i;

	if (!name_fits(cfg, "bridge"))
		return false;
	snprintf(c->name, sizeof(c->name), "%s", cfg_title(cfg));
	if (!number(cfg, "mac-age", 1, CONFIG_MAX_SECONDS, &c->mac_age) ||
	    !number(cfg, "mac-table-size", 1, CONFIG_MAX_MACS, &c->mac_max) ||
	    !number(cfg, "vlan-mac-limit", 0, CONFIG_MAX_MACS, &c->vlan_mac_limit) ||
	    !number(cfg, "flow-idle", 1, CONFIG_MAX_SECONDS, &c->flow_idle) ||
	    !number(cfg, "flow-limit", 1, CONFIG_MAX_FLOWS, &c->flow_max))
		return false;
	for (i = 0; i < cfg_size(cfg, "port"); i++) {
		if (!read_port(cfg_getnsec(cfg, "port", i)))
			return false;
	}
	if (!check_mirrors(cfg))
		return false;
	for (i = 0; i < cfg_size(cfg, "static"); i++) {
		if (!read_static(cfg_getnsec(cfg, "static", i)))
			return false;
	}
	for (i = 0; i < cfg_size(cfg, "rule"); i++) {
		if (!read_rule(cfg_getnsec(cfg, "rule", i)))
			return false;
	}
	return !cfg_size(cfg, "loop-protection") || read_loops(cfg_getsec(cfg, "loop-protection"));
}

static bool text(cfg_t *cfg, const char *name, char **value)
{
	const struct word *w = word(cfg, name);

	if (!w)
		return true;
	*value = strdup(w->text);
	return *value || no_memory();
}

static bool read_trace(cfg_t *cfg)
{
	struct config_trace *t = &reading->c->trace;
	const struct word *w = word(cfg, "text"), *filter = word(cfg, "filter");

	if (w && strcmp(w->text, "true") && strcmp(w->text, "false"))
		return wrong(w->line, "text: '%s' is neither true nor false", w->text);
	t->text = w && !strcmp(w->text, "true");
	if (!text(cfg, "json", &t->json) || !text(cfg, "pcap", &t->pcap) ||
	    !text(cfg, "filter", &t->filter))
		return false;
	if (filter && !t->text && !t->json && !t->pcap)
		return wrong(filter->line, "filter: there is no trace to filter; add text, json "
			     "or pcap");
	return true;
}

static bool read_all(cfg_t *cfg)
{
	unsigned int n = cfg_size(cfg, "bridge");

	/* no trace where none is asked for: a service's output goes to a log */
	reading->c->trace.text = false;
	if (!n)
		return wrong(0, "there is no bridge; add: bridge \"br0\" { }");
	if (n > 1)
		return wrong(cfg_getnsec(cfg, "bridge", 1)->line, "bridge '%s', which ends here, "
			     "is the second one; a daemon serves one: give each a file and a "
			     "daemon of its own", cfg_title(cfg_getnsec(cfg, "bridge", 1)));
	if (!read_bridge(cfg_getnsec(cfg, "bridge", 0)))
		return false;
	return !cfg_size(cfg, "trace") || read_trace(cfg_getsec(cfg, "trace"));
}

/**
 * config_parse() - read a configuration from a text
 * @c: filled in; to be given to config_free() whatever is returned
 * @file: what the text is called in errors
 * @text: the text
 * @error: on failure one line: file, line, word, what is wrong
 * @error_size: room for it
 *
 * Not reentrant, as libconfuse is not.
 *
 * Return: false if the text is not a configuration.
 */
bool config_parse(struct config *c, const char *file, const char *text, char *error,
		  size_t error_size)
{
	struct reader r = { .c = c, .file = file, .error = error, .error_size = error_size };
	struct vsl_str all = VSL_STR_INIT;
	cfg_t *cfg;
	bool ok;

	config_init(c);
	c->wait_for_ports = true;
	reading = &r;
	vsl_str_puts(&all, text);
	if (*text && text[strlen(text) - 1] != '\n')
		vsl_str_putc(&all, '\n');
	vsl_str_puts(&all, THE_END " = yes\n");
	cfg = all.failed ? NULL : cfg_init(file_options, CFGF_NONE);
	if (!cfg) {
		ok = no_memory();
		goto out;
	}
	cfg_set_error_function(cfg, on_error);
	if (cfg_parse_buf(cfg, all.s) != CFG_SUCCESS)
		ok = wrong(cfg->line, "this is not understood");
	else if (!cfg_size(cfg, THE_END))
		ok = wrong(cfg->line, "the file ends within a section, a string or a comment");
	else
		ok = read_all(cfg);
	cfg_free(cfg);
out:
	vsl_str_free(&all);
	reading = NULL;
	return ok;
}

static bool unreadable(const char *file, const char *why, char *error, size_t error_size)
{
	snprintf(error, error_size, "%s: %s", file, why);
	return false;
}

/**
 * config_read() - read a configuration file
 * @c: filled in; to be given to config_free() whatever is returned
 * @file: its name
 * @error: on failure one line: file, line, word, what is wrong
 * @error_size: room for it
 *
 * Return: false if there is no configuration in it.
 */
bool config_read(struct config *c, const char *file, char *error, size_t error_size)
{
	FILE *in = fopen(file, "re");
	char *text = NULL;
	bool ok = false;
	size_t len;

	*c = (struct config){ 0 };
	if (!in)
		return unreadable(file, strerror(errno), error, error_size);
	text = malloc(MAX_FILE + 1);
	len = text ? fread(text, 1, MAX_FILE + 1, in) : 0;
	if (!text) {
		unreadable(file, "no memory to read it", error, error_size);
	} else if (ferror(in)) {
		unreadable(file, strerror(errno), error, error_size);
	} else if (len > MAX_FILE) {
		unreadable(file, "longer than a configuration can be", error, error_size);
	} else {
		text[len] = 0;
		if (strlen(text) != len)
			unreadable(file, "not a text: it has a NUL byte", error, error_size);
		else
			ok = config_parse(c, file, text, error, error_size);
	}
	free(text);
	fclose(in);
	return ok;
}
