// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vslctl add-flows: the flows of a file, many in one system call.  A line that is
 * wrong is told with its number, and does not keep the others from going in.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "lib/log.h"

struct load {
	struct vslctl *ctl;
	const char *path;
	int dp_ifindex;
	struct vsl_batch *batch;
	struct nl_msg *key;
	struct nl_msg *mask;
	struct nl_msg *actions;
	unsigned long line;
	unsigned long flows;
	unsigned long failed;
};

static void put_done(uintptr_t line, int err, const char *extack, void *arg)
{
	struct load *load = arg;

	if (!err)
		return;
	load->failed++;
	vsl_error("%s:%lu: %s%s%s%s", load->path, (unsigned long)line,
		  vsl_nl_strerror(NULL, err), *extack ? ": " : "", extack,
		  err == -EEXIST ? " (such a flow is there already)" :
		  vslctl_einval_hint(load->ctl, err, extack));
}

static void bad_line(struct load *load, size_t column, const char *msg)
{
	/* Earlier lines' errors first, so that they come in the file's order. */
	vsl_batch_flush(load->batch);
	load->failed++;
	vsl_error("%s:%lu:%zu: %s", load->path, load->line, column + 1, msg);
}

static void load_flow(struct load *load, const char *line, const char *flow,
		      const char *actions)
{
	struct vslctl_names names = { load->ctl, load->dp_ifindex };
	struct vsl_text_ports ports = {
		.number = vslctl_port_number, .arg = &names,
	};
	struct vsl_flow typed = { .dp_ifindex = load->dp_ifindex };
	struct vsl_text_error bad;
	int err;

	vsl_attrs_reset(load->key);
	vsl_attrs_reset(load->mask);
	vsl_attrs_reset(load->actions);
	err = vsl_text_parse_flow(flow, &ports, load->key, load->mask,
				  typed.ufid, &typed.ufid_len, &bad);
	if (err == -EINVAL) {
		bad_line(load, flow - line + bad.pos, bad.msg);
		return;
	}
	if (!err)
		err = vsl_text_parse_actions(actions, &ports, load->actions,
					     &bad);
	if (err == -EINVAL) {
		bad_line(load, actions - line + bad.pos, bad.msg);
		return;
	}
	if (!err && !vsl_blob_of_msg(load->key).len) {
		bad_line(load, flow - line, "a ufid alone is no flow");
		return;
	}
	typed.key = vsl_blob_of_msg(load->key);
	typed.mask = vsl_blob_of_msg(load->mask);
	typed.actions = vsl_blob_of_msg(load->actions);
	if (!err)
		err = vsl_flow_batch_new(load->batch, &typed, true,
					 load->line);
	if (err == -EMSGSIZE)
		bad_line(load, 0, "the flow is too long for a message");
}

static void load_line(struct load *load, char *line)
{
	struct vsl_text_error bad;
	char *flow, *actions;

	load->line++;
	if (vsl_text_split_line(line, &flow, &actions, &bad)) {
		load->flows++;
		bad_line(load, bad.pos, bad.msg);
	} else if (flow) {
		load->flows++;
		load_flow(load, line, flow, actions);
	}
}

static int load_file(struct load *load, FILE *file)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	while ((n = getline(&line, &cap, file)) >= 0) {
		if (strlen(line) != (size_t)n) {
			load->line++;
			load->flows++;
			bad_line(load, strlen(line), "a NUL byte: this is no text file");
			continue;
		}
		load_line(load, line);
	}
	free(line);
	vsl_batch_flush(load->batch);
	if (ferror(file))
		return vslctl_fail(load->ctl, "reading %s: %s", load->path,
				   strerror(errno));
	if (load->failed)
		return vslctl_fail(load->ctl, "%lu of %lu flows of %s were not added",
				   load->failed, load->flows, load->path);
	return VSLCTL_OK;
}

int vslctl_add_flows(struct vslctl *ctl, int argc, char **argv)
{
	struct load load = { .ctl = ctl, .path = argv[argc - 1] };
	struct vsl_dp dp;
	FILE *file;
	int status;

	status = vslctl_dp(ctl, argc == 2 ? argv[0] : NULL, &dp);
	if (status)
		return status;
	load.dp_ifindex = dp.ifindex;
	if (!strcmp(load.path, "-")) {
		load.path = "stdin";
		file = stdin;
	} else {
		file = fopen(load.path, "r");
	}
	if (!file)
		return vslctl_fail(ctl, "%s: %s", load.path, strerror(errno));
	load.batch = vsl_batch_new(ctl->nl, put_done, &load);
	load.key = vsl_attrs_new();
	load.mask = vsl_attrs_new();
	load.actions = vsl_attrs_new();
	if (load.batch && load.key && load.mask && load.actions)
		status = load_file(&load, file);
	else
		status = vslctl_fail(ctl, "%s", strerror(ENOMEM));
	nlmsg_free(load.key);
	nlmsg_free(load.mask);
	nlmsg_free(load.actions);
	vsl_batch_free(load.batch);
	if (file != stdin)
		fclose(file);
	return status;
}
