// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * options.c - the command line, read and checked
 */
#include "options.h"

#include <ctype.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/rpc.h"

struct parser {
	struct options *o;
	char *error;
	size_t error_size;
};

enum {
	OPT_FAMILY_PREFIX = 256,
	OPT_CONFIG,
	OPT_CHECK_CONFIG,
	OPT_MAC_AGE,
	OPT_FLOW_IDLE,
	OPT_TRACE_JSON,
	OPT_TRACE_PCAP,
	OPT_TRACE_FILTER,
	OPT_TRACE_PORT,
	OPT_TRACE_REASON,
	OPT_TRACE_ROTATE,
	OPT_NO_TRACE,
	OPT_DETACH,
	OPT_PID_FILE,
	OPT_SYSLOG,
	OPT_LOG_LEVEL,
	OPT_CONTROL,
	OPT_CONTROL_MODE,
	OPT_CONTROL_GROUP,
	OPT_NO_CONTROL,
};

static const struct option long_options[] = {
	{ "family-prefix", required_argument, NULL, OPT_FAMILY_PREFIX },
	{ "config", required_argument, NULL, OPT_CONFIG },
	{ "check-config", required_argument, NULL, OPT_CHECK_CONFIG },
	{ "mac-age", required_argument, NULL, OPT_MAC_AGE },
	{ "flow-idle", required_argument, NULL, OPT_FLOW_IDLE },
	{ "trace-json", required_argument, NULL, OPT_TRACE_JSON },
	{ "trace-pcap", required_argument, NULL, OPT_TRACE_PCAP },
	{ "trace-filter", required_argument, NULL, OPT_TRACE_FILTER },
	{ "trace-port", required_argument, NULL, OPT_TRACE_PORT },
	{ "trace-reason", required_argument, NULL, OPT_TRACE_REASON },
	{ "trace-rotate", required_argument, NULL, OPT_TRACE_ROTATE },
	{ "no-trace", no_argument, NULL, OPT_NO_TRACE },
	{ "detach", no_argument, NULL, OPT_DETACH },
	{ "pid-file", required_argument, NULL, OPT_PID_FILE },
	{ "syslog", no_argument, NULL, OPT_SYSLOG },
	{ "log-level", required_argument, NULL, OPT_LOG_LEVEL },
	{ "control", required_argument, NULL, OPT_CONTROL },
	{ "control-mode", required_argument, NULL, OPT_CONTROL_MODE },
	{ "control-group", required_argument, NULL, OPT_CONTROL_GROUP },
	{ "no-control", no_argument, NULL, OPT_NO_CONTROL },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

__attribute__((format(printf, 2, 3)))
static bool wrong(struct parser *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(p->error, p->error_size, fmt, ap);
	va_end(ap);
	return false;
}

static bool seconds(struct parser *p, const char *option, const char *text, uint32_t *s)
{
	if (!config_number(text, strlen(text), CONFIG_MAX_SECONDS, s) || !*s)
		return wrong(p, "--%s: '%s' is not a number of seconds from 1 to %d",
			     option, text, CONFIG_MAX_SECONDS);
	return true;
}

static bool size(struct parser *p, const char *option, const char *text, uint64_t *bytes)
{
	return config_size(text, bytes) ||
	       wrong(p, "--%s: '%s' is not a size, as in 500K or 10M", option, text);
}

static bool vlan(struct parser *p, const char *word, const char *text, size_t len,
		 uint16_t *value)
{
	if (!config_vlan(text, len, value))
		return wrong(p, "'%s': '%.*s' is not a VLAN, a number from 1 to %d",
			     word, (int)len, text, BRIDGE_VLANS - 2);
	return true;
}

static bool port_vlans(struct parser *p, const char *word, const char *text,
		       struct bridge_vlans *v)
{
	uint16_t value;
	size_t len;

	if (!strncmp(text, "access=", 7)) {
		text += 7;
		v->mode = BRIDGE_PORT_ACCESS;
		return vlan(p, word, text, strlen(text), &v->access);
	}

	if (strncmp(text, "trunk=", 6))
		return wrong(p, "'%s': '%s' is not understood; after the port's name comes "
			     "':access=N' or ':trunk=N,N,...' or nothing", word, text);

	v->mode = BRIDGE_PORT_TRUNK;
	text += 6;
	for (;;) {
		len = strcspn(text, ",");
		if (!vlan(p, word, text, len, &value))
			return false;
		v->trunk[value / 64] |= 1ULL << (value % 64);
		if (!text[len])
			return true;
		text += len + 1;
	}
}

static bool port(struct parser *p, const char *word)
{
	struct config *c = &p->o->config;
	size_t len = strcspn(word, ":");
	struct config_port *new;
	char name[IF_NAMESIZE];

	if (!config_name_fits("port", word, len, p->error, p->error_size))
		return false;
	snprintf(name, sizeof(name), "%.*s", (int)len, word);
	if (config_port(c, name))
		return wrong(p, "port '%s' is named twice", name);
	new = config_add_port(c, name, len);
	if (!new)
		return wrong(p, "no memory for port '%s'", name);
	return !word[len] || port_vlans(p, word, word + len + 1, &new->bridge.vlans);
}

/* A file name or expression; what was given before is forgotten. */
static bool text(struct parser *p, const char *option, char **to)
{
	free(*to);
	*to = strdup(optarg);
	return *to || wrong(p, "--%s: no memory", option);
}

/* Permissions as chmod takes them, owner, group and others. */
static bool mode(struct parser *p, const char *text, unsigned int *mode)
{
	char *end;

	*mode = strtoul(text, &end, 8);
	if (!isdigit((unsigned char)*text) || *end || *mode > 0777)
		return wrong(p, "--control-mode: '%s' is not a mode, as in 660", text);
	return true;
}

/* The options of struct service_options. */
static bool service_option(struct parser *p, int opt, char *const argv[])
{
	struct service_options *s = &p->o->service;

	switch (opt) {
	case OPT_DETACH:
		s->detach = true;
		return true;
	case OPT_PID_FILE:
		s->pid_file = optarg;
		return true;
	case OPT_SYSLOG:
		s->syslog = true;
		return true;
	case OPT_LOG_LEVEL:
		return vsl_log_level_parse(optarg, &s->log_level) ||
		       wrong(p, "--log-level: '%s' is not error, warning, info or debug", optarg);
	case OPT_CONTROL:
		s->control = optarg;
		return *optarg || wrong(p, "--control: the path is empty");
	case OPT_CONTROL_MODE:
		return mode(p, optarg, &s->control_mode);
	case OPT_CONTROL_GROUP:
		s->control_group = optarg;
		return *optarg || wrong(p, "--control-group: the group is empty");
	case OPT_NO_CONTROL:
		s->no_control = true;
		return true;
	default:
		return wrong(p, "option '%s' is not known", argv[optind - 1]);
	}
}

static bool option(struct parser *p, int opt, char *const argv[])
{
	struct options *o = p->o;
	struct config *c = &o->config;

	switch (opt) {
	case OPT_CONFIG:
	case OPT_CHECK_CONFIG:
		o->check_config |= opt == OPT_CHECK_CONFIG;
		o->config_file = optarg;
		return true;
	case OPT_FAMILY_PREFIX:
		if (!*optarg)
			return wrong(p, "--family-prefix: the prefix is empty");
		o->family_prefix = optarg;
		return true;
	case OPT_MAC_AGE:
		return seconds(p, "mac-age", optarg, &c->mac_age);
	case OPT_FLOW_IDLE:
		return seconds(p, "flow-idle", optarg, &c->flow_idle);
	case OPT_TRACE_JSON:
		return text(p, "trace-json", &c->trace.json);
	case OPT_TRACE_PCAP:
		return text(p, "trace-pcap", &c->trace.pcap);
	case OPT_TRACE_FILTER:
		return text(p, "trace-filter", &c->trace.filter);
	case OPT_TRACE_PORT:
		return text(p, "trace-port", &c->trace.port);
	case OPT_TRACE_REASON:
		return text(p, "trace-reason", &c->trace.reason);
	case OPT_TRACE_ROTATE:
		return size(p, "trace-rotate", optarg, &c->trace.rotate);
	case OPT_NO_TRACE:
		c->trace.text = false;
		return true;
	case ':':
		return wrong(p, "option '%s' needs a value", argv[optind - 1]);
	default:
		return service_option(p, opt, argv);
	}
}

/* What the configuration file says as well, and so alone. */
static bool of_the_file(int opt)
{
	switch (opt) {
	case OPT_MAC_AGE:
	case OPT_FLOW_IDLE:
	case OPT_TRACE_JSON:
	case OPT_TRACE_PCAP:
	case OPT_TRACE_FILTER:
	case OPT_TRACE_PORT:
	case OPT_TRACE_REASON:
	case OPT_TRACE_ROTATE:
	case OPT_NO_TRACE:
		return true;
	}
	return false;
}

static enum options_result from_file(struct parser *p, bool alone)
{
	struct options *o = p->o;

	if (!alone) {
		wrong(p, "with a configuration file, datapath, ports, ages and trace are "
		      "said there, not on the command line");
		return OPTIONS_WRONG;
	}
	config_free(&o->config);
	if (!config_read(&o->config, o->config_file, p->error, p->error_size))
		return OPTIONS_WRONG;
	/* in the background there is nobody to read it */
	if (o->service.detach)
		o->config.trace.text = false;
	return o->check_config ? OPTIONS_CHECKED : OPTIONS_RUN;
}

/**
 * options_parse() - read the command line
 * @argc: as main() got it
 * @argv: as main() got it; must live as long as @o
 * @o: filled in; to be given to options_free() whatever is returned
 * @error: for OPTIONS_WRONG, one line without a newline
 * @error_size: room for it
 *
 * Return: what the user wants.
 */
enum options_result options_parse(int argc, char *argv[], struct options *o,
				  char *error, size_t error_size)
{
	struct parser p = { o, error, error_size };
	int opt;

	bool alone = true;

	*o = (struct options){
		.service = { .log_level = VSL_LOG_INFO, .control_mode = 0600 },
	};
	config_init(&o->config);

	optind = 0;
	opterr = 0;
	while ((opt = getopt_long(argc, argv, ":hV", long_options, NULL)) != -1) {
		if (opt == 'h')
			return OPTIONS_HELP;
		if (opt == 'V')
			return OPTIONS_VERSION;
		if (!option(&p, opt, argv))
			return OPTIONS_WRONG;
		alone &= !of_the_file(opt);
	}

	if (o->config_file)
		return from_file(&p, alone && optind == argc);
	if (optind == argc) {
		wrong(&p, "the name of a datapath is missing");
		return OPTIONS_WRONG;
	}
	if (!config_name_fits("datapath", argv[optind], strlen(argv[optind]), error, error_size))
		return OPTIONS_WRONG;
	snprintf(o->config.name, sizeof(o->config.name), "%s", argv[optind++]);
	while (optind < argc) {
		if (!port(&p, argv[optind++]))
			return OPTIONS_WRONG;
	}

	/* in the background there is nobody to read it */
	if (o->service.detach)
		o->config.trace.text = false;
	if ((o->config.trace.filter || o->config.trace.port || o->config.trace.reason) &&
	    !o->config.trace.text && !o->config.trace.json && !o->config.trace.pcap) {
		wrong(&p, "--trace-%s: there is no trace to filter with --no-trace",
		      o->config.trace.filter ? "filter" :
		      o->config.trace.port ? "port" : "reason");
		return OPTIONS_WRONG;
	}
	return OPTIONS_RUN;
}

/**
 * options_free() - free what options_parse() allocated
 * @o: the options
 */
void options_free(struct options *o)
{
	config_free(&o->config);
}

/**
 * options_usage() - the text for --help
 *
 * Return: a static text that ends in a newline.
 */
const char *options_usage(void)
{
	return
"Usage: vswitchd-lite [OPTION]... DATAPATH [PORT[:access=N|:trunk=N,N,...]]...\n"
"       vswitchd-lite [OPTION]... --config FILE\n"
"       vswitchd-lite --check-config FILE\n"
"\n"
"Run DATAPATH as a learning switch: make it or take it over, add the PORTs,\n"
"learn where hosts are, install flows. The datapath's flows and ports stay when\n"
"this program ends.\n"
"\n"
"  PORT                    carries all VLANs; untagged frames are VLAN 0\n"
"  PORT:access=N           carries VLAN N, without tags on the wire\n"
"  PORT:trunk=N,N,...      carries these VLANs, with tags on the wire\n"
"Ports that others add to DATAPATH join the switch as well.\n"
"\n"
"      --config FILE       datapath, ports and all else are said in FILE, which is\n"
"                          read again at SIGHUP; see docs/vswitchd.md\n"
"      --check-config FILE say what is wrong in FILE, if anything, and end\n"
"      --mac-age S         forget a host after S seconds of silence (300)\n"
"      --flow-idle S       remove a flow after S seconds without a packet (60)\n"
"      --no-trace          no line per upcall on standard output\n"
"      --trace-json FILE   write upcalls to FILE, a JSON object a line\n"
"      --trace-pcap FILE   write the upcalls' packets to FILE, for Wireshark\n"
"      --trace-filter EXPR trace only packets that match EXPR (as tcpdump's)\n"
"      --trace-port PORT   trace only packets that came by PORT\n"
"      --trace-reason WORD trace only miss, action, forward, flood, drop, rule,\n"
"                          learned, moved or failed ones\n"
"      --trace-rotate SIZE put FILE aside as FILE.1 (to FILE.4) when it has SIZE\n"
"                          bytes (K, M, G: 1024 of them, and so on)\n"
"      --detach            go into the background once ready; implies --no-trace\n"
"      --pid-file FILE     write the process's number to FILE\n"
"      --syslog            messages go to syslog (--detach: once ready)\n"
"      --log-level LEVEL   error, warning, info (as usual) or debug\n"
"      --control PATH      the control socket (" VSL_RPC_DIRECTORY "/DATAPATH.sock)\n"
"      --control-mode M    its permissions (600)\n"
"      --control-group G   its group\n"
"      --no-control        make none\n"
"      --family-prefix P   use the module that was loaded with family_prefix=P\n"
"  -h, --help              this text\n"
"  -V, --version           the version\n"
"\n"
"Exit status: 0 ended by SIGTERM or SIGINT, 1 failed, 2 wrong usage or configuration.\n";
}
