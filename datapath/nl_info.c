// SPDX-License-Identifier: GPL-2.0-only
/*
 * Family vswitch_lite: what Open vSwitch's ABI has no word for.  Messages:
 * vswitch_lite.h.
 */
#include "vswitch_lite.h"

#include <linux/ktime.h>
#include <net/genetlink.h>

#include "datapath.h"
#include "nl.h"

static const struct nla_policy policy[VSL_ATTR_MAX + 1] = {
	[VSL_ATTR_TEXT] = { .type = NLA_BINARY, .len = VSL_ECHO_MAX },
	[VSL_ATTR_DP_IFINDEX] = { .type = NLA_U32 },
	[VSL_ATTR_UPCALL_TIMES] = NLA_POLICY_MAX(NLA_U8, 1),
};

static int cmd_echo(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *text = info->attrs[VSL_ATTR_TEXT];
	struct sk_buff *msg;
	void *header;

	msg = genlmsg_new(nla_total_size(VSL_ECHO_MAX) +
			  nla_total_size_64bit(sizeof(u64)), GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	header = genlmsg_put_reply(msg, info, &vsl_info_family, 0,
				   VSL_CMD_ECHO);
	if (!header ||
	    (text && nla_put(msg, VSL_ATTR_TEXT, nla_len(text),
			     nla_data(text))) ||
	    nla_put_u64_64bit(msg, VSL_ATTR_TIME, ktime_get_ns(),
			      VSL_ATTR_PAD)) {
		kfree_skb(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, header);
	return genlmsg_reply(msg, info);
}

static int fill_table(struct sk_buff *msg, struct vsl_datapath *dp)
{
	struct vsl_table_figures figures;
	struct vsl_dp_totals totals;
	struct nlattr *nest;

	vsl_table_figures(&dp->table, &figures);
	vsl_datapath_totals(dp, &totals);
	nest = nla_nest_start(msg, VSL_ATTR_TABLE);
	if (!nest ||
	    nla_put_u32(msg, VSL_TABLE_ATTR_FLOWS, figures.flows) ||
	    nla_put_u32(msg, VSL_TABLE_ATTR_MASKS, figures.masks) ||
	    nla_put_u32(msg, VSL_TABLE_ATTR_BUCKETS, figures.buckets) ||
	    nla_put_u32(msg, VSL_TABLE_ATTR_LONGEST_CHAIN,
			figures.longest_chain) ||
	    nla_put_u32(msg, VSL_TABLE_ATTR_RESIZES, figures.events.resizes) ||
	    nla_put_u32(msg, VSL_TABLE_ATTR_RESEEDS, figures.events.reseeds) ||
	    nla_put_u32(msg, VSL_TABLE_ATTR_SPLITS, figures.events.splits) ||
	    nla_put_u32(msg, VSL_TABLE_ATTR_PARTITIONS, figures.partitions) ||
	    nla_put_u32(msg, VSL_TABLE_ATTR_SUBTABLES, figures.subtables) ||
	    nla_put_u32(msg, VSL_TABLE_ATTR_DEPTH, figures.depth) ||
	    nla_put_u64_64bit(msg, VSL_TABLE_ATTR_CACHE_HITS, totals.cache_hit,
			      VSL_TABLE_ATTR_PAD) ||
	    nla_put_u64_64bit(msg, VSL_TABLE_ATTR_BYTES, figures.bytes,
			      VSL_TABLE_ATTR_PAD))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int fill_looped(struct sk_buff *msg, const struct vsl_datapath *dp)
{
	struct vsl_dp_totals totals;

	vsl_datapath_totals(dp, &totals);
	return nla_put_u64_64bit(msg, VSL_ATTR_LOOPED, totals.looped,
				 VSL_ATTR_PAD);
}

static int fill_info(struct sk_buff *msg, struct genl_info *info,
		     struct vsl_datapath *dp)
{
	void *header = genlmsg_put_reply(msg, info, &vsl_info_family, 0,
					 VSL_CMD_INFO);

	if (!header ||
	    nla_put_string(msg, VSL_ATTR_VERSION, VSL_VERSION) ||
	    nla_put_string(msg, VSL_ATTR_FAMILY_PREFIX, vsl_family_prefix) ||
	    nla_put_u32(msg, VSL_ATTR_DATAPATHS,
			vsl_datapath_count(genl_info_net(info))))
		return -EMSGSIZE;
	if (dp &&
	    (nla_put_u32(msg, VSL_ATTR_DP_IFINDEX,
			 nla_get_u32(info->attrs[VSL_ATTR_DP_IFINDEX])) ||
	     fill_table(msg, dp) || fill_looped(msg, dp)))
		return -EMSGSIZE;
	genlmsg_end(msg, header);
	return 0;
}

static int cmd_info(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *ifindex = info->attrs[VSL_ATTR_DP_IFINDEX];
	struct vsl_datapath *dp = NULL;
	struct sk_buff *msg;
	int err;

	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	if (ifindex) {
		dp = vsl_nl_datapath(genl_info_net(info), nla_get_u32(ifindex),
				     NULL, info->extack);
		if (IS_ERR(dp)) {
			kfree_skb(msg);
			return PTR_ERR(dp);
		}
	}
	err = fill_info(msg, info, dp);
	vsl_datapath_put(dp);
	if (err) {
		kfree_skb(msg);
		return err;
	}
	return genlmsg_reply(msg, info);
}

static int cmd_set(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *ifindex = info->attrs[VSL_ATTR_DP_IFINDEX];
	const struct nlattr *times = info->attrs[VSL_ATTR_UPCALL_TIMES];
	struct vsl_datapath *dp;

	if (!ifindex) {
		NL_SET_ERR_MSG(info->extack, "the datapath is not named");
		return -EINVAL;
	}
	dp = vsl_nl_datapath(genl_info_net(info), nla_get_u32(ifindex), NULL,
			     info->extack);
	if (IS_ERR(dp))
		return PTR_ERR(dp);
	if (times)
		WRITE_ONCE(dp->upcall_times, nla_get_u8(times));
	vsl_datapath_put(dp);
	return 0;
}

static const struct genl_small_ops ops[] = {
	{
		.cmd = VSL_CMD_ECHO,
		.doit = cmd_echo,
	}, {
		.cmd = VSL_CMD_INFO,
		.doit = cmd_info,
	}, {
		.cmd = VSL_CMD_SET,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = cmd_set,
	},
};

struct genl_family vsl_info_family __ro_after_init = {
	.name = VSL_FAMILY,
	.version = VSL_FAMILY_VERSION,
	.maxattr = VSL_ATTR_MAX,
	.policy = policy,
	.netnsok = true,
	.parallel_ops = true,
	.small_ops = ops,
	.n_small_ops = ARRAY_SIZE(ops),
	.resv_start_op = VSL_CMD_SET + 1,
	.module = THIS_MODULE,
};
