// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vslctl show, add-dp, del-dp; and finding a datapath by its name, which every
 * other command calls.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "lib/log.h"
#include "lib/module.h"

/* All datapaths, for commands that take several or need to know what there is. */
struct dps {
	struct vsl_dp *dp;
	unsigned int n;
};

static int collect_dp(const struct vsl_dp *dp, void *arg)
{
	struct dps *dps = arg;
	struct vsl_dp *more = realloc(dps->dp, (dps->n + 1) * sizeof(*more));

	if (!more)
		return -ENOMEM;
	dps->dp = more;
	dps->dp[dps->n++] = *dp;
	return 0;
}

static int list_dps(struct vslctl *ctl, struct dps *dps)
{
	int err = vsl_dp_dump(ctl->nl, collect_dp, dps);

	if (err && err != -EAGAIN)
		return vslctl_fail(ctl, "listing datapaths: %s",
				   vsl_nl_strerror(ctl->nl, err));
	return VSLCTL_OK;
}

static void put_names(struct vsl_str *str, const struct dps *dps)
{
	for (unsigned int i = 0; i < dps->n; i++)
		vsl_str_printf(str, "%s%s", i ? ", " : "", dps->dp[i].name);
}

/* "there are: a, b" for messages. */
static int fail_no_dp(struct vslctl *ctl, const char *name)
{
	struct vsl_str str = VSL_STR_INIT;
	struct dps dps = { 0 };

	if (list_dps(ctl, &dps))
		return VSLCTL_REFUSED;
	put_names(&str, &dps);
	if (dps.n)
		vslctl_fail(ctl, "no datapath named %s (there %s: %s)", name,
			    dps.n == 1 ? "is" : "are", vsl_str_text(&str));
	else
		vslctl_fail(ctl, "no datapath named %s (there is none: make one with \"vslctl add-dp %s\")",
			    name, name);
	vsl_str_free(&str);
	free(dps.dp);
	return VSLCTL_REFUSED;
}

static int only_dp(struct vslctl *ctl, struct vsl_dp *dp)
{
	struct vsl_str str = VSL_STR_INIT;
	struct dps dps = { 0 };
	int status;

	status = list_dps(ctl, &dps);
	if (status)
		return status;
	put_names(&str, &dps);
	if (!dps.n)
		status = vslctl_fail(ctl, "there is no datapath: make one with \"vslctl add-dp NAME\"");
	else if (dps.n > 1)
		status = vslctl_usage(ctl, "there are several datapaths, say which: %s",
				      vsl_str_text(&str));
	else
		*dp = dps.dp[0];
	vsl_str_free(&str);
	free(dps.dp);
	return status;
}

int vslctl_dp(struct vslctl *ctl, const char *name, struct vsl_dp *dp)
{
	int err;

	if (!name)
		return only_dp(ctl, dp);
	if (!strncmp(name, "system@", strlen("system@")))
		name += strlen("system@");
	err = strlen(name) < IFNAMSIZ ?
	      vsl_dp_get(ctl->nl, name, 0, dp) : -ENODEV;
	if (err == -ENODEV)
		return fail_no_dp(ctl, name);
	if (err)
		return vslctl_fail(ctl, "datapath %s: %s", name,
				   vsl_nl_strerror(ctl->nl, err));
	return VSLCTL_OK;
}

static void put_features(struct vsl_out *out, uint32_t features)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} names[] = {
		{ OVS_DP_F_UNALIGNED, "unaligned" },
		{ OVS_DP_F_VPORT_PIDS, "vport-pids" },
		{ OVS_DP_F_TC_RECIRC_SHARING, "tc-recirc-sharing" },
		{ OVS_DP_F_DISPATCH_UPCALL_PER_CPU, "per-cpu" },
	};
	const char *lead = "";

	vsl_out_array(out, "features");
	vsl_out_text(out, "  features: %s", features ? "" : "none");
	for (size_t i = 0; i < VSL_ARRAY_SIZE(names); i++) {
		if (!(features & names[i].bit))
			continue;
		vsl_out_str(out, NULL, lead, names[i].name);
		lead = " ";
	}
	vsl_out_text(out, "\n");
	vsl_out_end(out);
}

static void put_megaflow(struct vsl_out *out, const struct vsl_dp *dp)
{
	uint64_t lookups = dp->stats.n_hit + dp->stats.n_missed;
	double per_packet = 0;

	if (lookups)
		per_packet = (double)dp->megaflow.n_mask_hit / lookups;
	vsl_out_object(out, "masks");
	vsl_out_u64(out, "hit", "  masks: hit:", dp->megaflow.n_mask_hit);
	vsl_out_u64(out, "total", " total:", dp->megaflow.n_masks);
	vsl_out_double(out, "hit_per_packet", " hit/pkt:", per_packet, 2);
	vsl_out_text(out, "\n");
	vsl_out_end(out);
	if (!dp->megaflow.n_cache_hit)
		return;
	vsl_out_object(out, "cache");
	vsl_out_u64(out, "hit", "  cache: hit:", dp->megaflow.n_cache_hit);
	vsl_out_double(out, "hit_rate", " hit-rate:", lookups ?
		       100.0 * dp->megaflow.n_cache_hit / lookups : 0, 2);
	vsl_out_text(out, "%%\n");
	vsl_out_end(out);
}

static void put_table(struct vsl_out *out, const struct vsl_module *module)
{
	vsl_out_object(out, "table");
	vsl_out_u64(out, "flows", "  table: flows:", module->flows);
	vsl_out_u64(out, "masks", " masks:", module->masks);
	vsl_out_u64(out, "buckets", " buckets:", module->buckets);
	vsl_out_u64(out, "longest_chain", " longest-chain:",
		    module->longest_chain);
	vsl_out_u64(out, "bytes", " bytes:", module->bytes);
	vsl_out_text(out, "\n");
	vsl_out_u64(out, "partitions", "    partitions:", module->partitions);
	vsl_out_u64(out, "subtables", " subtables:", module->subtables);
	vsl_out_u64(out, "depth", " depth:", module->depth);
	vsl_out_u64(out, "resizes", " resizes:", module->resizes);
	vsl_out_u64(out, "splits", " splits:", module->splits);
	vsl_out_u64(out, "reseeds", " reseeds:", module->reseeds);
	vsl_out_u64(out, "cache_hits", " cache-hits:", module->cache_hits);
	vsl_out_text(out, "\n");
	vsl_out_end(out);
}

static void put_dp(struct vsl_out *out, const struct vsl_dp *dp)
{
	vsl_out_str(out, "name", "", dp->name);
	vsl_out_text(out, ":\n");
	vsl_out_i64(out, "ifindex", NULL, dp->ifindex);
	if (dp->has_stats) {
		vsl_out_object(out, "lookups");
		vsl_out_u64(out, "hit", "  lookups: hit:", dp->stats.n_hit);
		vsl_out_u64(out, "missed", " missed:", dp->stats.n_missed);
		vsl_out_u64(out, "lost", " lost:", dp->stats.n_lost);
		vsl_out_text(out, "\n");
		vsl_out_end(out);
		vsl_out_u64(out, "flows", "  flows: ", dp->stats.n_flows);
		vsl_out_text(out, "\n");
	}
	if (dp->has_megaflow)
		put_megaflow(out, dp);
	if (dp->has_cache_size) {
		vsl_out_text(out, "  caches:\n");
		vsl_out_u64(out, "masks_cache_size",
			    "    masks-cache: size:", dp->cache_size);
		vsl_out_text(out, "\n");
	}
}

struct show {
	struct vslctl *ctl;
	struct vsl_out *out;
};

static int show_port(const struct vsl_port *port, void *arg)
{
	struct show *show = arg;

	vsl_out_object(show->out, NULL);
	vslctl_put_port(show->out, port, "  ", show->ctl->statistics);
	vsl_out_text(show->out, "\n");
	vsl_out_end(show->out);
	return 0;
}

static int show_dp(struct show *show, const struct vsl_dp *dp)
{
	struct vslctl *ctl = show->ctl;
	struct vsl_out *out = show->out;
	struct vsl_module module;
	int err;

	vsl_out_object(out, NULL);
	put_dp(out, dp);
	if (ctl->statistics && dp->has_features)
		put_features(out, dp->features);
	if (ctl->statistics && !vsl_module_get(ctl->nl, dp->ifindex, &module) &&
	    module.has_table)
		put_table(out, &module);
	vsl_out_array(out, "ports");
	err = vsl_port_dump(ctl->nl, dp->ifindex, show_port, show);
	vsl_out_end(out);
	vsl_out_end(out);
	if (err && err != -EAGAIN)
		return vslctl_fail(ctl, "ports of %s: %s", dp->name,
				   vsl_nl_strerror(ctl->nl, err));
	return VSLCTL_OK;
}

int vslctl_show(struct vslctl *ctl, int argc, char **argv)
{
	struct show show = { .ctl = ctl };
	struct dps dps = { 0 };
	int status = VSLCTL_OK;
	struct vsl_dp dp;

	/* All names are looked up first: a wrong one shows nothing at all. */
	for (int i = 0; i < argc && !status; i++) {
		status = vslctl_dp(ctl, argv[i], &dp);
		if (!status && collect_dp(&dp, &dps))
			status = vslctl_fail(ctl, "%s", strerror(ENOMEM));
	}
	if (!status && !argc)
		status = list_dps(ctl, &dps);
	if (!status) {
		show.out = vslctl_out(ctl, VSL_OUT_JSON);
		if (!show.out)
			status = VSLCTL_REFUSED;
	}
	if (show.out) {
		for (unsigned int i = 0; i < dps.n && !status; i++)
			status = show_dp(&show, &dps.dp[i]);
		status = vslctl_out_end(ctl, show.out, status);
	}
	free(dps.dp);
	return status;
}

int vslctl_add_dp(struct vslctl *ctl, int argc, char **argv)
{
	const char *name = argv[0];
	struct vsl_dp dp;
	int err, status;

	if (!*name || strlen(name) >= IFNAMSIZ)
		return vslctl_fail(ctl, "\"%s\" cannot be a datapath's name: it names a network device too, so 1 to %d characters",
				   name, IFNAMSIZ - 1);
	err = vsl_dp_new(ctl->nl, name, 0, 0, &dp);
	if (err == -EEXIST)
		return vslctl_fail(ctl, "%s exists already", name);
	if (err)
		return vslctl_fail(ctl, "%s: %s", name,
				   vsl_nl_strerror(ctl->nl, err));
	status = vslctl_add_ports(ctl, &dp, argc - 1, argv + 1);
	if (status)
		vsl_dp_del(ctl->nl, dp.ifindex);
	return status;
}

int vslctl_del_dp(struct vslctl *ctl, int argc, char **argv)
{
	struct vsl_dp dp;
	int err;

	(void)argc;
	if (vslctl_dp(ctl, argv[0], &dp))
		return VSLCTL_REFUSED;
	err = vsl_dp_del(ctl->nl, dp.ifindex);
	if (err)
		return vslctl_fail(ctl, "%s: %s", dp.name,
				   vsl_nl_strerror(ctl->nl, err));
	return VSLCTL_OK;
}
