// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Datapaths: struct vsl_dp <-> messages of family PREFIX_datapath, see dp.h.
 */
#include "dp.h"

#include <errno.h>
#include <string.h>

#include <netlink/genl/genl.h>

static struct nla_policy dp_policy[OVS_DP_ATTR_MAX + 1] = {
	[OVS_DP_ATTR_NAME] = { .type = NLA_STRING, .maxlen = IFNAMSIZ },
	[OVS_DP_ATTR_STATS] = { .minlen = sizeof(struct ovs_dp_stats) },
	[OVS_DP_ATTR_MEGAFLOW_STATS] = {
		.minlen = sizeof(struct ovs_dp_megaflow_stats) },
	[OVS_DP_ATTR_USER_FEATURES] = { .type = NLA_U32 },
	[OVS_DP_ATTR_MASKS_CACHE_SIZE] = { .type = NLA_U32 },
};

/* 64-bit figures in messages are aligned to 4 bytes only: copy, never cast. */
static void read_stats(struct vsl_dp *dp, struct nlattr **tb)
{
	struct nlattr *nla = tb[OVS_DP_ATTR_STATS];

	if (nla) {
		dp->has_stats = true;
		memcpy(&dp->stats, nla_data(nla), sizeof(dp->stats));
	}
	nla = tb[OVS_DP_ATTR_MEGAFLOW_STATS];
	if (nla) {
		dp->has_megaflow = true;
		memcpy(&dp->megaflow, nla_data(nla), sizeof(dp->megaflow));
	}
}

static void read_pids(struct vsl_dp *dp, struct nlattr *nla)
{
	size_t n = nla_len(nla) / sizeof(uint32_t);

	dp->n_pids = n;
	if (n > VSL_DP_PIDS_KEPT)
		n = VSL_DP_PIDS_KEPT;
	memcpy(dp->pids, nla_data(nla), n * sizeof(uint32_t));
}

int vsl_dp_from_msg(struct vsl_dp *dp, const struct nlmsghdr *nlh)
{
	struct nlmsghdr *hdr = (struct nlmsghdr *)nlh;
	struct nlattr *tb[OVS_DP_ATTR_MAX + 1];
	const struct ovs_header *oh;

	if (!genlmsg_valid_hdr(hdr, sizeof(*oh)) ||
	    genlmsg_parse(hdr, sizeof(*oh), tb, OVS_DP_ATTR_MAX, dp_policy) < 0)
		return -EINVAL;
	if (!tb[OVS_DP_ATTR_NAME])
		return -EINVAL;

	memset(dp, 0, sizeof(*dp));
	oh = genlmsg_user_hdr(genlmsg_hdr(hdr));
	dp->cmd = genlmsg_hdr(hdr)->cmd;
	dp->ifindex = oh->dp_ifindex;
	nla_strlcpy(dp->name, tb[OVS_DP_ATTR_NAME], sizeof(dp->name));
	read_stats(dp, tb);
	if (tb[OVS_DP_ATTR_USER_FEATURES]) {
		dp->has_features = true;
		dp->features = nla_get_u32(tb[OVS_DP_ATTR_USER_FEATURES]);
	}
	if (tb[OVS_DP_ATTR_MASKS_CACHE_SIZE]) {
		dp->has_cache_size = true;
		dp->cache_size = nla_get_u32(tb[OVS_DP_ATTR_MASKS_CACHE_SIZE]);
	}
	if (tb[OVS_DP_ATTR_PER_CPU_PIDS])
		read_pids(dp, tb[OVS_DP_ATTR_PER_CPU_PIDS]);
	return 0;
}

/* Send @msg (consumed) and read the datapath that comes back into @dp. */
static int transact(struct vsl_nl *nl, struct nl_msg *msg, struct vsl_dp *dp)
{
	struct nl_msg *reply;
	int err = vsl_nl_transact(nl, msg, &reply);

	if (err)
		return err;
	if (dp)
		err = reply ? vsl_dp_from_msg(dp, nlmsg_hdr(reply)) : -EPROTO;
	nlmsg_free(reply);
	return err;
}

int vsl_dp_new(struct vsl_nl *nl, const char *name, uint32_t features,
	       uint32_t upcall_pid, struct vsl_dp *dp)
{
	struct nl_msg *msg = vsl_nl_msg(nl, VSL_FAM_DATAPATH, OVS_DP_CMD_NEW,
					NLM_F_ECHO, 0);

	if (msg) {
		nla_put_string(msg, OVS_DP_ATTR_NAME, name);
		nla_put_u32(msg, OVS_DP_ATTR_UPCALL_PID, upcall_pid);
		nla_put_u32(msg, OVS_DP_ATTR_USER_FEATURES, features);
	}
	return transact(nl, msg, dp);
}

int vsl_dp_get(struct vsl_nl *nl, const char *name, int ifindex,
	       struct vsl_dp *dp)
{
	struct nl_msg *msg = vsl_nl_msg(nl, VSL_FAM_DATAPATH, OVS_DP_CMD_GET, 0,
					name ? 0 : ifindex);

	if (msg && name)
		nla_put_string(msg, OVS_DP_ATTR_NAME, name);
	return transact(nl, msg, dp);
}

int vsl_dp_set(struct vsl_nl *nl, int ifindex, uint32_t features,
	       const uint32_t *pids, unsigned int n_pids, struct vsl_dp *dp)
{
	struct nl_msg *msg = vsl_nl_msg(nl, VSL_FAM_DATAPATH, OVS_DP_CMD_SET,
					NLM_F_ECHO, ifindex);

	if (msg) {
		nla_put_u32(msg, OVS_DP_ATTR_USER_FEATURES, features);
		if (pids)
			nla_put(msg, OVS_DP_ATTR_PER_CPU_PIDS,
				n_pids * sizeof(*pids), pids);
	}
	return transact(nl, msg, dp);
}

int vsl_dp_del(struct vsl_nl *nl, int ifindex)
{
	return transact(nl, vsl_nl_msg(nl, VSL_FAM_DATAPATH, OVS_DP_CMD_DEL, 0,
				       ifindex), NULL);
}

struct dump {
	vsl_dp_cb cb;
	void *arg;
};

static int dump_one(const struct nlmsghdr *nlh, void *arg)
{
	const struct dump *dump = arg;
	struct vsl_dp dp;
	int err = vsl_dp_from_msg(&dp, nlh);

	return err ? err : dump->cb(&dp, dump->arg);
}

int vsl_dp_dump(struct vsl_nl *nl, vsl_dp_cb cb, void *arg)
{
	struct dump dump = { cb, arg };

	return vsl_nl_dump(nl, vsl_nl_msg(nl, VSL_FAM_DATAPATH, OVS_DP_CMD_GET,
					  0, 0), dump_one, &dump);
}
