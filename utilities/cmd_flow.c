// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vslctl add-flow, mod-flow, get-flow, del-flow, del-flows, dump-flows; and the
 * printer of a flow, which monitor calls too.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"
#include "lib/log.h"

/* A flow as it was typed: buffers, and the view of them. */
struct typed {
	struct nl_msg *key;
	struct nl_msg *mask;
	struct nl_msg *actions;
	struct vsl_flow flow;
};

static void typed_free(struct typed *typed)
{
	nlmsg_free(typed->key);
	nlmsg_free(typed->mask);
	nlmsg_free(typed->actions);
}

/* Read @text (and @actions, where not NULL) of a command line into @typed. */
static int typed_read(struct vslctl *ctl, const struct vsl_dp *dp,
		      const char *text, const char *actions,
		      struct typed *typed)
{
	struct vslctl_names names = { ctl, dp->ifindex };
	struct vsl_text_ports ports = {
		.number = vslctl_port_number, .arg = &names,
	};
	struct vsl_text_error bad;
	int err;

	memset(typed, 0, sizeof(*typed));
	typed->flow.dp_ifindex = dp->ifindex;
	typed->key = vsl_attrs_new();
	typed->mask = vsl_attrs_new();
	typed->actions = vsl_attrs_new();
	if (!typed->key || !typed->mask || !typed->actions)
		return vslctl_fail(ctl, "%s", strerror(ENOMEM));
	err = vsl_text_parse_flow(text, &ports, typed->key, typed->mask,
				  typed->flow.ufid, &typed->flow.ufid_len,
				  &bad);
	if (err == -EINVAL)
		return vslctl_bad_text(ctl, "flow", text, &bad);
	if (!err && actions) {
		err = vsl_text_parse_actions(actions, &ports, typed->actions,
					     &bad);
		if (err == -EINVAL)
			return vslctl_bad_text(ctl, "actions", actions, &bad);
	}
	if (err)
		return vslctl_fail(ctl, "the flow is too long: %s",
				   strerror(-err));
	typed->flow.key = vsl_blob_of_msg(typed->key);
	typed->flow.mask = vsl_blob_of_msg(typed->mask);
	if (actions)
		typed->flow.actions = vsl_blob_of_msg(typed->actions);
	if (!typed->flow.key.len && !typed->flow.ufid_len)
		return vslctl_fail(ctl, "the flow is empty: expected e.g. \"in_port(1),eth()\"");
	return VSLCTL_OK;
}

/* Read the flow of a command that names one: by ufid, or by key. */
static int typed_read_id(struct vslctl *ctl, const struct vsl_dp *dp,
			 const char *text, struct typed *typed)
{
	int status = typed_read(ctl, dp, text, NULL, typed);

	if (status)
		return status;
	typed->flow.mask.data = NULL;
	if (!typed->flow.key.len)
		typed->flow.key.data = NULL;
	return VSLCTL_OK;
}

static int refused(struct vslctl *ctl, int err)
{
	const char *hint = vslctl_einval_hint(ctl, err,
					      vsl_nl_extack(ctl->nl));

	if (err == -EEXIST)
		hint = " (such a flow is there already; \"vslctl mod-flow\" changes it)";
	else if (err == -ENOENT)
		hint = " (there is no such flow; one that has a ufid must be named by it: \"vslctl -s dump-flows\" shows them)";
	return vslctl_fail(ctl, "%s%s", vsl_nl_strerror(ctl->nl, err), hint);
}

int vslctl_add_flow(struct vslctl *ctl, int argc, char **argv)
{
	const char *name = argc == 3 ? argv[0] : NULL;
	struct typed typed;
	struct vsl_dp dp;
	int status, err;

	status = vslctl_dp(ctl, name, &dp);
	if (status)
		return status;
	status = typed_read(ctl, &dp, argv[argc - 2], argv[argc - 1], &typed);
	if (!status && !typed.flow.key.len)
		status = vslctl_fail(ctl, "a ufid alone is no flow: expected e.g. \"ufid:...,in_port(1),eth()\"");
	if (!status) {
		err = vsl_flow_new(ctl->nl, &typed.flow, true);
		if (err)
			status = refused(ctl, err);
	}
	typed_free(&typed);
	return status;
}

static int modify(struct vslctl *ctl, struct vsl_flow *flow, bool create,
		  bool clear)
{
	struct nl_msg *hold = NULL;
	struct vsl_flow old;
	int err = 0;

	/* The kernel checks actions against the key, so it wants to be told that
	 * even of a flow that has a ufid.
	 */
	if (!flow->key.len) {
		flow->key.data = NULL;
		err = vsl_flow_get(ctl->nl, flow, &old, &hold);
		if (!err) {
			flow->key = old.key;
			flow->mask = old.mask;
		}
	}
	if (!err)
		err = vsl_flow_set(ctl->nl, flow, clear);
	if (err == -ENOENT && create && flow->key.len)
		err = vsl_flow_new(ctl->nl, flow, true);
	nlmsg_free(hold);
	return err ? refused(ctl, err) : VSLCTL_OK;
}

int vslctl_mod_flow(struct vslctl *ctl, int argc, char **argv)
{
	bool create = false, clear = false;
	struct typed typed;
	struct vsl_dp dp;
	int status;

	for (; argc && !strncmp(argv[0], "--", 2); argc--, argv++) {
		if (!strcmp(argv[0], "--may-create"))
			create = true;
		else if (!strcmp(argv[0], "--clear"))
			clear = true;
		else
			return vslctl_usage(ctl, "unknown option %s", argv[0]);
	}
	if (argc < 2 || argc > 3)
		return vslctl_usage(ctl, "expected a flow and its actions");
	status = vslctl_dp(ctl, argc == 3 ? argv[0] : NULL, &dp);
	if (status)
		return status;
	status = typed_read(ctl, &dp, argv[argc - 2], argv[argc - 1], &typed);
	if (!status)
		status = modify(ctl, &typed.flow, create, clear);
	typed_free(&typed);
	return status;
}

void vslctl_put_flow(struct vsl_out *out, const struct vsl_flow *flow,
		     bool ufid)
{
	struct vsl_str *str = vsl_out_scratch(out);

	if (!vsl_out_is_json(out)) {
		if (ufid && flow->ufid_len && flow->key.data) {
			vsl_text_put_ufid(str, flow->ufid, flow->ufid_len);
			vsl_str_puts(str, ", ");
		}
		vsl_text_put_flow(str, flow, NULL);
		vsl_out_str(out, NULL, "", vsl_str_text(str));
		return;
	}
	if (flow->ufid_len) {
		vsl_text_put_ufid(str, flow->ufid, flow->ufid_len);
		vsl_out_str(out, "ufid", NULL,
			    vsl_str_text(str) + strlen("ufid:"));
	}
	vsl_str_clear(str);
	vsl_text_put_key(str, flow->key, flow->mask, NULL);
	vsl_out_str(out, "flow", NULL, vsl_str_text(str));
	vsl_out_u64(out, "packets", NULL, flow->packets);
	vsl_out_u64(out, "bytes", NULL, flow->bytes);
	if (flow->has_used && flow->used_ms) {
		uint64_t now = vsl_now_ms();

		vsl_out_double(out, "used", NULL, now > flow->used_ms ?
			       (now - flow->used_ms) / 1000.0 : 0, 3);
	}
	if (flow->tcp_flags) {
		vsl_str_clear(str);
		vsl_text_put_tcp_flags(str, flow->tcp_flags);
		vsl_out_str(out, "tcp_flags", NULL, vsl_str_text(str));
	}
	vsl_str_clear(str);
	vsl_text_put_actions(str, flow->actions, NULL);
	vsl_out_str(out, "actions", NULL, vsl_str_text(str));
}

static void print_flow(struct vslctl *ctl, struct vsl_out *out,
		       const struct vsl_flow *flow)
{
	vsl_out_object(out, NULL);
	vslctl_put_flow(out, flow, ctl->statistics);
	vsl_out_text(out, "\n");
	vsl_out_end(out);
}

int vslctl_get_flow(struct vslctl *ctl, int argc, char **argv)
{
	struct nl_msg *hold = NULL;
	struct vsl_flow flow;
	struct vsl_out *out;
	struct typed typed;
	struct vsl_dp dp;
	int status, err;

	status = vslctl_dp(ctl, argc == 2 ? argv[0] : NULL, &dp);
	if (status)
		return status;
	status = typed_read_id(ctl, &dp, argv[argc - 1], &typed);
	if (!status) {
		err = vsl_flow_get(ctl->nl, &typed.flow, &flow, &hold);
		if (err)
			status = refused(ctl, err);
	}
	if (!status) {
		out = vslctl_out(ctl, VSL_OUT_JSON_LINES);
		if (out)
			print_flow(ctl, out, &flow);
		status = vslctl_out_end(ctl, out, out ? VSLCTL_OK :
							VSLCTL_REFUSED);
	}
	nlmsg_free(hold);
	typed_free(&typed);
	return status;
}

int vslctl_del_flow(struct vslctl *ctl, int argc, char **argv)
{
	struct typed typed;
	struct vsl_dp dp;
	int status, err;

	status = vslctl_dp(ctl, argc == 2 ? argv[0] : NULL, &dp);
	if (status)
		return status;
	status = typed_read_id(ctl, &dp, argv[argc - 1], &typed);
	if (!status) {
		err = vsl_flow_del(ctl->nl, &typed.flow);
		if (err)
			status = refused(ctl, err);
	}
	typed_free(&typed);
	return status;
}

int vslctl_del_flows(struct vslctl *ctl, int argc, char **argv)
{
	struct vsl_dp dp;
	int status, err;

	status = vslctl_dp(ctl, argc ? argv[0] : NULL, &dp);
	if (status)
		return status;
	err = vsl_flow_flush(ctl->nl, dp.ifindex);
	return err ? refused(ctl, err) : VSLCTL_OK;
}

struct dump {
	struct vslctl *ctl;
	struct vsl_out *out;
	struct vsl_nl *second;		/* the first is busy with the dump */
};

/*
 * Actions that were too long for the dump's message are left out of it: ask for
 * the flow alone.
 */
static int print_refetched(struct dump *dump, const struct vsl_flow *flow)
{
	struct nl_msg *hold;
	struct vsl_flow full;
	int err = 0;

	if (!dump->second)
		err = vsl_nl_clone(dump->ctl->nl, &dump->second);
	if (!err)
		err = vsl_flow_get(dump->second, flow, &full, &hold);
	if (err == -ENOENT)	/* deleted in the meantime */
		return 0;
	if (err)
		return err;
	print_flow(dump->ctl, dump->out, &full);
	nlmsg_free(hold);
	return 0;
}

static int dump_flow(const struct vsl_flow *flow, void *arg)
{
	struct dump *dump = arg;

	if (!flow->actions.data)
		return print_refetched(dump, flow);
	print_flow(dump->ctl, dump->out, flow);
	return 0;
}

int vslctl_dump_flows(struct vslctl *ctl, int argc, char **argv)
{
	static char buf[64 * 1024];	/* stdout's until the end */
	struct dump dump = { .ctl = ctl };
	struct vsl_dp dp;
	int status, err;

	status = vslctl_dp(ctl, argc ? argv[0] : NULL, &dp);
	if (status)
		return status;
	if (!isatty(fileno(stdout)))
		setvbuf(stdout, buf, _IOFBF, sizeof(buf));
	dump.out = vslctl_out(ctl, VSL_OUT_JSON);
	if (!dump.out)
		return VSLCTL_REFUSED;
	err = vsl_flow_dump(ctl->nl, dp.ifindex, 0, dump_flow, &dump);
	if (err == -EAGAIN)
		vsl_warn("the table changed while it was read: a flow may be missing or shown twice");
	else if (err)
		status = refused(ctl, err);
	vsl_nl_close(dump.second);
	return vslctl_out_end(ctl, dump.out, status);
}
