// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vslctl: looks at datapaths, ports and flows, and changes them by hand.  This is
 * the table of its commands, and what surrounds each of them; the commands are in
 * cmd_*.c.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "lib/log.h"
#include "vswitch_lite.h"

static const struct vslctl_command commands[] = {
	{ "show", "[DP...]", "datapaths, their figures and ports",
	  0, -1, true, vslctl_show },
	{ "add-dp", "DP [PORT[,type=T][,port_no=N]...]", "create a datapath",
	  1, -1, true, vslctl_add_dp },
	{ "del-dp", "DP", "delete a datapath with all that is in it",
	  1, 1, true, vslctl_del_dp },
	{ "add-if", "DP PORT[,type=T][,port_no=N]...",
	  "add ports (T: netdev, the default, or internal)",
	  2, -1, true, vslctl_add_if },
	{ "del-if", "DP PORT-OR-NUMBER...", "take ports off",
	  2, -1, true, vslctl_del_if },
	{ "add-flow", "[DP] FLOW ACTIONS", "put a flow into the table",
	  2, 3, true, vslctl_add_flow },
	{ "add-flows", "[DP] FILE|-", "put the flows of a file, one a line",
	  1, 2, true, vslctl_add_flows },
	{ "mod-flow", "[--may-create] [--clear] [DP] FLOW ACTIONS",
	  "change a flow's actions", 2, 5, true, vslctl_mod_flow },
	{ "get-flow", "[DP] ufid:U|FLOW", "show one flow",
	  1, 2, true, vslctl_get_flow },
	{ "del-flow", "[DP] ufid:U|FLOW", "delete one flow",
	  1, 2, true, vslctl_del_flow },
	{ "del-flows", "[DP]", "delete all flows", 0, 1, true,
	  vslctl_del_flows },
	{ "dump-flows", "[DP]", "show all flows (-s: with their ufids)",
	  0, 1, true, vslctl_dump_flows },
	{ "monitor", "[DP]", "show changes as they come", 0, 1, true,
	  vslctl_monitor },
	{ "echo", "[TEXT] [-c N]", "measure round trips to vswitch_lite.ko",
	  0, 3, true, vslctl_echo },
	{ "status", "", "what the daemon does, in a few words", 0, 0, false,
	  vslctl_status },
	{ "ports", "", "the daemon's ports and their VLANs", 0, 0, false,
	  vslctl_ports },
	{ "fdb", "show [vlan=N] [port=P] | flush [vlan=N] [port=P] |\n"
		 "                  add MAC PORT [vlan=N] | del MAC [vlan=N]",
	  "the daemon's MAC table", 1, 4, false, vslctl_fdb },
	{ "stats", "", "the daemon's figures", 0, 0, false, vslctl_stats },
	{ "metrics", "", "the daemon's figures, for Prometheus", 0, 0, false,
	  vslctl_metrics },
	{ "trace", "on | off | follow | show FILE | summary FILE",
	  "the daemon's trace of upcalls, live or stored as JSON lines",
	  1, 2, false, vslctl_trace },
	{ "reload", "", "have the daemon read its configuration file again",
	  0, 0, false, vslctl_reload },
	{ "version", "", "versions of vslctl and of the module", 0, 0, false,
	  vslctl_version },
};

static void print_help(void)
{
	printf("vslctl: datapaths, ports and flows of vswitch_lite.ko and openvswitch.ko\n"
	       "usage: vslctl [OPTIONS] COMMAND [ARG...]\n\n"
	       "Commands (\"vslctl COMMAND -h\" tells a command's arguments):\n");
	for (size_t i = 0; i < VSL_ARRAY_SIZE(commands); i++)
		printf("  %-11s %s\n", commands[i].name, commands[i].help);
	printf("\nDP may be left out of [DP] where there is just one datapath.\n"
	       "FLOW is e.g. \"in_port(1),eth(),eth_type(0x0800),ipv4(dst=10.0.0.2)\",\n"
	       "ACTIONS e.g. \"2\", \"push_vlan(vid=10,pcp=0),2,3\" or \"drop\".\n\n"
	       "Options:\n"
	       "  -j, --json             JSON output\n"
	       "  -s, --statistics       more figures: ports in show, ufids in dump-flows\n"
	       "      --family-prefix P  netlink families P_datapath, P_flow, ... of a module\n"
	       "                         loaded with family_prefix=P (default: the one there is)\n"
	       "      --control WHICH    the daemon of datapath WHICH, or at socket WHICH if that\n"
	       "                         has a \"/\" (default: the one there is)\n"
	       "  -h, --help             this text\n"
	       "  -V, --version          as the command \"version\"\n\n"
	       "Exit status: 0 done, 1 refused by the kernel or bad input, 2 bad usage.\n");
}

static const struct vslctl_command *find_command(const char *name)
{
	for (size_t i = 0; i < VSL_ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

static void complain(const struct vslctl *ctl, const char *fmt, va_list ap)
{
	char text[768];

	vsnprintf(text, sizeof(text), fmt, ap);
	vsl_error("%s: %s", ctl->command->name, text);
}

int vslctl_fail(const struct vslctl *ctl, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(ctl, fmt, ap);
	va_end(ap);
	return VSLCTL_REFUSED;
}

static void print_usage(const struct vslctl_command *command, FILE *to)
{
	fprintf(to, "usage: vslctl %s%s%s\n", command->name,
		*command->usage ? " " : "", command->usage);
}

int vslctl_usage(const struct vslctl *ctl, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(ctl, fmt, ap);
	va_end(ap);
	print_usage(ctl->command, stderr);
	return VSLCTL_USAGE;
}

int vslctl_bad_text(const struct vslctl *ctl, const char *what,
		    const char *text, const struct vsl_text_error *err)
{
	/* of a long text, what is around the mistake */
	enum { WIDTH = 72 };
	size_t len = strlen(text), pos = err->pos, from = 0;

	if (len > WIDTH && pos > WIDTH / 2)
		from = len - WIDTH < pos - WIDTH / 2 ? len - WIDTH : pos - WIDTH / 2;
	vslctl_fail(ctl, "%s: %s", what, err->msg);
	fprintf(stderr, "  %s%.*s%s\n  %*s^\n", from ? "..." : "", WIDTH, text + from,
		len - from > WIDTH ? "..." : "", (int)(pos - from) + (from ? 3 : 0), "");
	return VSLCTL_REFUSED;
}

const char *vslctl_einval_hint(const struct vslctl *ctl, int err,
			       const char *extack)
{
	if (err != -EINVAL || *extack || vsl_nl_has(ctl->nl, VSL_FAM_MODULE))
		return "";
	return " (openvswitch.ko tells the reason in the kernel log only: see dmesg)";
}

struct vsl_out *vslctl_out(const struct vslctl *ctl, enum vsl_out_mode json)
{
	struct vsl_out *out = vsl_out_new(stdout,
					  ctl->json ? json : VSL_OUT_TEXT);

	if (!out)
		vslctl_fail(ctl, "%s", strerror(ENOMEM));
	return out;
}

int vslctl_out_end(const struct vslctl *ctl, struct vsl_out *out, int status)
{
	if (vsl_out_free(out))
		return vslctl_fail(ctl, "the output could not be written");
	return status;
}

static bool wants_help(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		if (!strcmp(argv[i], "-h") || !strcmp(argv[i], "--help"))
			return true;
	return false;
}

static int run(struct vslctl *ctl, const char *prefix, int argc, char **argv)
{
	const struct vslctl_command *command = ctl->command;
	int status;

	if (wants_help(argc, argv)) {
		print_usage(command, stdout);
		printf("  %s\n", command->help);
		return VSLCTL_OK;
	}
	if (argc < command->min)
		return vslctl_usage(ctl, "arguments are missing");
	if (command->max >= 0 && argc > command->max)
		return vslctl_usage(ctl, "too many arguments: \"%s\"",
				    argv[command->max]);
	if (vsl_nl_open(&ctl->nl, prefix, ctl->nl_error,
			sizeof(ctl->nl_error)) && command->needs_nl) {
		vsl_error("%s", ctl->nl_error);
		return VSLCTL_REFUSED;
	}
	status = command->run(ctl, argc, argv);
	vsl_nl_close(ctl->nl);
	return status;
}

int main(int argc, char **argv)
{
	enum { OPT_PREFIX = 256, OPT_CONTROL };
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "statistics", no_argument, NULL, 's' },
		{ "family-prefix", required_argument, NULL, OPT_PREFIX },
		{ "control", required_argument, NULL, OPT_CONTROL },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	const char *name = NULL, *prefix = NULL;
	struct vslctl ctl = { 0 };
	int opt;

	vsl_log_init("vslctl");
	while ((opt = getopt_long(argc, argv, "+jshV", options, NULL)) != -1) {
		switch (opt) {
		case 'j':
			ctl.json = true;
			break;
		case 's':
			ctl.statistics = true;
			break;
		case OPT_PREFIX:
			prefix = optarg;
			break;
		case OPT_CONTROL:
			ctl.control = optarg;
			break;
		case 'h':
			print_help();
			return VSLCTL_OK;
		case 'V':
			name = "version";
			break;
		default:
			fprintf(stderr, "Try \"vslctl --help\".\n");
			return VSLCTL_USAGE;
		}
	}
	if (!name && optind < argc)
		name = argv[optind++];
	if (!name) {
		vsl_error("a command is missing. Try \"vslctl --help\".");
		return VSLCTL_USAGE;
	}
	ctl.command = find_command(name);
	if (!ctl.command) {
		vsl_error("there is no command \"%s\". Try \"vslctl --help\".",
			  name);
		return VSLCTL_USAGE;
	}
	return run(&ctl, prefix, argc - optind, argv + optind);
}
