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

#define DEFAULT_MAC_AGE		300
#define DEFAULT_FLOW_IDLE	60
/* Longer than eight days is a slip of the finger. */
#define MAX_AGE			(8 * 24 * 3600)

struct parser {
	struct options *o;
	char *error;
	size_t error_size;
};

enum {
	OPT_FAMILY_PREFIX = 256,
	OPT_MAC_AGE,
	OPT_FLOW_IDLE,
	OPT_TRACE_JSON,
	OPT_TRACE_PCAP,
	OPT_TRACE_FILTER,
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
	{ "mac-age", required_argument, NULL, OPT_MAC_AGE },
	{ "flow-idle", required_argument, NULL, OPT_FLOW_IDLE },
	{ "trace-json", required_argument, NULL, OPT_TRACE_JSON },
	{ "trace-pcap", required_argument, NULL, OPT_TRACE_PCAP },
	{ "trace-filter", required_argument, NULL, OPT_TRACE_FILTER },
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

/* @len characters that are a decimal number of at most @max, and nothing else. */
static bool number(const char *text, size_t len, unsigned long max, unsigned long *value)
{
	size_t i;

	*value = 0;
	if (!len)
		return false;
	for (i = 0; i < len; i++) {
		if (!isdigit((unsigned char)text[i]))
			return false;
		*value = *value * 10 + (text[i] - '0');
		if (*value > max)
			return false;
	}
	return true;
}

static bool seconds(struct parser *p, const char *option, const char *text, unsigned int *s)
{
	unsigned long value;

	if (!number(text, strlen(text), MAX_AGE, &value) || !value)
		return wrong(p, "--%s: '%s' is not a number of seconds from 1 to %d",
			     option, text, MAX_AGE);
	*s = value;
	return true;
}

static bool interface_name(struct parser *p, const char *what, const char *text, size_t len)
{
	size_t i;

	if (!len)
		return wrong(p, "the name of a %s is missing in '%s'", what, text);
	if (len >= IF_NAMESIZE)
		return wrong(p, "'%.*s' is too long for a %s: at most %d characters",
			     (int)len, text, what, IF_NAMESIZE - 1);
	for (i = 0; i < len; i++) {
		if (text[i] == '/' || isspace((unsigned char)text[i]))
			return wrong(p, "'%.*s' cannot name a %s: no '/' and no blanks",
				     (int)len, text, what);
	}
	return true;
}

static bool vlan(struct parser *p, const char *word, const char *text, size_t len,
		 unsigned long *value)
{
	if (!number(text, len, BRIDGE_VLANS - 2, value) || !*value)
		return wrong(p, "'%s': '%.*s' is not a VLAN, a number from 1 to %d",
			     word, (int)len, text, BRIDGE_VLANS - 2);
	return true;
}

static bool port_vlans(struct parser *p, const char *word, const char *text,
		       struct bridge_vlans *v)
{
	unsigned long value;
	size_t len;

	if (!strncmp(text, "access=", 7)) {
		text += 7;
		if (!vlan(p, word, text, strlen(text), &value))
			return false;
		v->mode = BRIDGE_PORT_ACCESS;
		v->access = value;
		return true;
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
	struct options *o = p->o;
	struct options_port *new = &o->ports[o->n_ports];
	size_t len = strcspn(word, ":");

	if (!interface_name(p, "port", word, len))
		return false;
	memset(new, 0, sizeof(*new));
	memcpy(new->name, word, len);
	if (options_port_vlans(o, new->name))
		return wrong(p, "port '%s' is named twice", new->name);
	if (word[len] && !port_vlans(p, word, word + len + 1, &new->vlans))
		return false;
	o->n_ports++;
	return true;
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

	switch (opt) {
	case OPT_FAMILY_PREFIX:
		if (!*optarg)
			return wrong(p, "--family-prefix: the prefix is empty");
		o->family_prefix = optarg;
		return true;
	case OPT_MAC_AGE:
		return seconds(p, "mac-age", optarg, &o->mac_age);
	case OPT_FLOW_IDLE:
		return seconds(p, "flow-idle", optarg, &o->flow_idle);
	case OPT_TRACE_JSON:
		o->trace_json = optarg;
		return true;
	case OPT_TRACE_PCAP:
		o->trace_pcap = optarg;
		return true;
	case OPT_TRACE_FILTER:
		o->trace_filter = optarg;
		return true;
	case OPT_NO_TRACE:
		o->trace_text = false;
		return true;
	case ':':
		return wrong(p, "option '%s' needs a value", argv[optind - 1]);
	default:
		return service_option(p, opt, argv);
	}
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

	*o = (struct options){
		.mac_age = DEFAULT_MAC_AGE,
		.flow_idle = DEFAULT_FLOW_IDLE,
		.trace_text = true,
		.service = { .log_level = VSL_LOG_INFO, .control_mode = 0600 },
	};

	optind = 0;
	opterr = 0;
	while ((opt = getopt_long(argc, argv, ":hV", long_options, NULL)) != -1) {
		if (opt == 'h')
			return OPTIONS_HELP;
		if (opt == 'V')
			return OPTIONS_VERSION;
		if (!option(&p, opt, argv))
			return OPTIONS_WRONG;
	}

	if (optind == argc) {
		wrong(&p, "the name of a datapath is missing");
		return OPTIONS_WRONG;
	}
	if (!interface_name(&p, "datapath", argv[optind], strlen(argv[optind])))
		return OPTIONS_WRONG;
	o->datapath = argv[optind++];

	o->ports = calloc(argc - optind + 1, sizeof(*o->ports));
	if (!o->ports) {
		wrong(&p, "no memory for %d ports", argc - optind);
		return OPTIONS_WRONG;
	}
	while (optind < argc) {
		if (!port(&p, argv[optind++]))
			return OPTIONS_WRONG;
	}

	/* in the background there is nobody to read it */
	if (o->service.detach)
		o->trace_text = false;
	if (o->trace_filter && !o->trace_text && !o->trace_json && !o->trace_pcap) {
		wrong(&p, "--trace-filter: there is no trace to filter with --no-trace");
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
	free(o->ports);
	o->ports = NULL;
	o->n_ports = 0;
}

/**
 * options_port_vlans() - what the command line says of a port
 * @o: the options
 * @name: the port's name
 *
 * Return: its VLANs, or NULL if the port is not named there.
 */
const struct bridge_vlans *options_port_vlans(const struct options *o, const char *name)
{
	size_t i;

	for (i = 0; i < o->n_ports; i++) {
		if (!strcmp(o->ports[i].name, name))
			return &o->ports[i].vlans;
	}
	return NULL;
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
"      --mac-age S         forget a host after S seconds of silence (300)\n"
"      --flow-idle S       remove a flow after S seconds without a packet (60)\n"
"      --no-trace          no line per upcall on standard output\n"
"      --trace-json FILE   write upcalls to FILE, a JSON object a line\n"
"      --trace-pcap FILE   write the upcalls' packets to FILE, for Wireshark\n"
"      --trace-filter EXPR trace only packets that match EXPR (as tcpdump's)\n"
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
"Exit status: 0 ended by SIGTERM or SIGINT, 1 failed, 2 wrong usage.\n";
}
