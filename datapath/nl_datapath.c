// SPDX-License-Identifier: GPL-2.0-only
/*
 * Family PREFIX_datapath.
 *
 * Requests, with struct ovs_header and OVS_DP_ATTR_*:
 *   NEW   NAME UPCALL_PID [IFINDEX] and what SET takes
 *   DEL   [NAME]
 *   SET   [NAME] [USER_FEATURES] [PER_CPU_PIDS] [MASKS_CACHE_SIZE]
 *   GET   [NAME]; dump
 * Without NAME, dp_ifindex says which.  A SET without USER_FEATURES leaves them as
 * they are, where openvswitch.ko clears them: clients that forget them lose nothing.
 * PER_CPU_PIDS are looked at where OVS_DP_F_DISPATCH_UPCALL_PER_CPU is on.  Replies:
 *   NAME STATS MEGAFLOW_STATS USER_FEATURES MASKS_CACHE_SIZE [PER_CPU_PIDS]
 */
#include <linux/log2.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "cache.h"
#include "datapath.h"
#include "nl.h"
#include "ovs_abi.h"
#include "port.h"

#define FEATURES (OVS_DP_F_UNALIGNED | OVS_DP_F_VPORT_PIDS |		\
		  OVS_DP_F_DISPATCH_UPCALL_PER_CPU)

/* More than any machine has CPUs, and less than would hurt. */
#define CPU_PORTIDS_MAX	8192

static const struct nla_policy policy[OVS_DP_ATTR_MAX + 1] = {
	[OVS_DP_ATTR_NAME] = { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
	[OVS_DP_ATTR_UPCALL_PID] = { .type = NLA_U32 },
	[OVS_DP_ATTR_USER_FEATURES] = { .type = NLA_U32 },
	[OVS_DP_ATTR_MASKS_CACHE_SIZE] =
		NLA_POLICY_RANGE(NLA_U32, 0, VSL_CACHE_MAX),
	[OVS_DP_ATTR_IFINDEX] = NLA_POLICY_MIN(NLA_S32, 0),
};

static int fill(struct sk_buff *msg, const struct vsl_datapath *dp, u32 portid,
		u32 seq, int flags, u8 cmd)
{
	struct ovs_dp_megaflow_stats mega = {};
	struct vsl_table_figures figures;
	struct vsl_dp_totals totals;
	struct vsl_portids *ids;
	struct ovs_dp_stats stats;
	struct ovs_header *header;

	header = genlmsg_put(msg, portid, seq, &vsl_datapath_family, flags,
			     cmd);
	if (!header)
		return -EMSGSIZE;
	header->dp_ifindex = vsl_datapath_ifindex(dp);

	vsl_datapath_totals(dp, &totals);
	vsl_table_counts(&dp->table, &figures);
	stats.n_hit = totals.hit;
	stats.n_missed = totals.missed;
	stats.n_lost = totals.lost;
	stats.n_flows = figures.flows;
	mega.n_mask_hit = totals.mask_hit;
	mega.n_masks = figures.masks;
	mega.n_cache_hit = totals.cache_hit;
	if (nla_put_string(msg, OVS_DP_ATTR_NAME, vsl_datapath_name(dp)) ||
	    nla_put_64bit(msg, OVS_DP_ATTR_STATS, sizeof(stats), &stats,
			  OVS_DP_ATTR_PAD) ||
	    nla_put_64bit(msg, OVS_DP_ATTR_MEGAFLOW_STATS, sizeof(mega), &mega,
			  OVS_DP_ATTR_PAD) ||
	    nla_put_u32(msg, OVS_DP_ATTR_USER_FEATURES, dp->user_features) ||
	    nla_put_u32(msg, OVS_DP_ATTR_MASKS_CACHE_SIZE,
			vsl_table_cache_size(&dp->table)))
		goto err_cancel;
	ids = rcu_dereference_protected(dp->cpu_portids, vsl_lock_is_held());
	if (ids && (dp->user_features & OVS_DP_F_DISPATCH_UPCALL_PER_CPU) &&
	    nla_put(msg, OVS_DP_ATTR_PER_CPU_PIDS,
		    ids->count * sizeof(ids->id[0]), ids->id))
		goto err_cancel;
	genlmsg_end(msg, header);
	return 0;

err_cancel:
	genlmsg_cancel(msg, header);
	return -EMSGSIZE;
}

static struct sk_buff *reply_alloc(void)
{
	return genlmsg_new(NLMSG_DEFAULT_SIZE +
			   nla_total_size(CPU_PORTIDS_MAX * sizeof(u32)),
			   GFP_KERNEL);
}

/* @reply says what has been done; the sender and the group are told. */
static void tell(struct sk_buff *reply, const struct vsl_datapath *dp,
		 struct genl_info *info, u8 cmd)
{
	int err = fill(reply, dp, info->snd_portid, info->snd_seq, 0, cmd);

	if (WARN_ON_ONCE(err))		/* reply_alloc() was too mean */
		kfree_skb(reply);
	else
		genl_notify(&vsl_datapath_family, reply, info, 0, GFP_KERNEL);
}

/* Those that there are to be where there are @now. */
static u32 features_wanted(struct genl_info *info, u32 now)
{
	const struct nlattr *features = info->attrs[OVS_DP_ATTR_USER_FEATURES];

	return features ? nla_get_u32(features) : now;
}

/* NULL where they are not to be looked at. */
static const struct nlattr *cpu_portids_wanted(struct genl_info *info, u32 now)
{
	return features_wanted(info, now) & OVS_DP_F_DISPATCH_UPCALL_PER_CPU ?
	       info->attrs[OVS_DP_ATTR_PER_CPU_PIDS] : NULL;
}

/*
 * Whether the request can be granted, to a datapath with features @now.  Asked
 * before anything is changed: user space finds out what the module can do by
 * asking for too much.
 */
static int check(struct genl_info *info, u32 now)
{
	const struct nlattr *ids = cpu_portids_wanted(info, now);
	const struct nlattr *cache = info->attrs[OVS_DP_ATTR_MASKS_CACHE_SIZE];

	if (features_wanted(info, now) & ~FEATURES) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[OVS_DP_ATTR_USER_FEATURES],
				    "feature not supported");
		return -EOPNOTSUPP;
	}
	if (cache && nla_get_u32(cache) && !is_power_of_2(nla_get_u32(cache))) {
		NL_SET_ERR_MSG_ATTR(info->extack, cache,
				    "the cache's size is a power of two, or 0 for none");
		return -EINVAL;
	}
	return !ids || vsl_nl_portids(ids, CPU_PORTIDS_MAX, info->extack) ?
	       0 : -EINVAL;
}

/* Under vsl_lock(), after check().  Changes all or nothing. */
static int change(struct vsl_datapath *dp, struct genl_info *info)
{
	const struct nlattr *ids = cpu_portids_wanted(info, dp->user_features);
	const struct nlattr *cache = info->attrs[OVS_DP_ATTR_MASKS_CACHE_SIZE];
	u32 old_cache = vsl_table_cache_size(&dp->table);
	int err;

	if (cache) {
		err = vsl_table_set_cache(&dp->table, nla_get_u32(cache));
		if (err)
			return err;
	}
	if (ids) {
		err = vsl_datapath_set_cpu_portids(dp, nla_data(ids),
						   nla_len(ids) / sizeof(u32));
		if (err) {
			/* a cache less is no failure worth another */
			vsl_table_set_cache(&dp->table, old_cache);
			return err;
		}
	}
	WRITE_ONCE(dp->user_features, features_wanted(info, dp->user_features));
	return 0;
}

static int cmd_new(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *name = info->attrs[OVS_DP_ATTR_NAME];
	const struct nlattr *portids = info->attrs[OVS_DP_ATTR_UPCALL_PID];
	const struct nlattr *ifindex = info->attrs[OVS_DP_ATTR_IFINDEX];
	struct vsl_port_spec local = {};
	struct vsl_datapath *dp;
	struct sk_buff *reply;
	int err;

	if (!name || !portids) {
		NL_SET_ERR_MSG(info->extack, "name or upcall_pid is missing");
		return -EINVAL;
	}
	err = check(info, 0);
	if (err)
		return err;
	local.name = nla_data(name);
	local.ifindex = ifindex ? nla_get_s32(ifindex) : 0;
	local.portids = nla_data(portids);
	local.nr_portids = vsl_nl_portids(portids, nr_cpu_ids, info->extack);
	reply = reply_alloc();
	if (!reply)
		return -ENOMEM;
	vsl_lock();
	dp = vsl_datapath_new(genl_info_net(info), &local, info->extack);
	if (IS_ERR(dp)) {
		err = PTR_ERR(dp);
		goto err_unlock;
	}
	err = change(dp, info);
	if (err) {
		vsl_datapath_del(dp);
		goto err_unlock;
	}
	tell(reply, dp, info, OVS_DP_CMD_NEW);
	vsl_unlock();
	return 0;

err_unlock:
	vsl_unlock();
	kfree_skb(reply);
	return err;
}

/* What DEL, SET and GET have in common: vsl_lock() is held if it succeeds. */
static struct vsl_datapath *lock_datapath(struct genl_info *info)
{
	struct ovs_header *header = genl_info_userhdr(info);
	struct vsl_datapath *dp;

	vsl_lock();
	dp = vsl_nl_datapath(genl_info_net(info), header->dp_ifindex,
			     info->attrs[OVS_DP_ATTR_NAME], info->extack);
	if (IS_ERR(dp))
		vsl_unlock();
	return dp;
}

static void unlock_datapath(struct vsl_datapath *dp)
{
	vsl_unlock();
	vsl_datapath_put(dp);
}

static int cmd_del(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply = reply_alloc();
	struct vsl_datapath *dp;

	if (!reply)
		return -ENOMEM;
	dp = lock_datapath(info);
	if (IS_ERR(dp)) {
		kfree_skb(reply);
		return PTR_ERR(dp);
	}
	/* filled while there is something to tell, sent when it is true */
	if (WARN_ON_ONCE(fill(reply, dp, info->snd_portid, info->snd_seq, 0,
			      OVS_DP_CMD_DEL))) {
		kfree_skb(reply);
		reply = NULL;
	}
	vsl_datapath_del(dp);
	unlock_datapath(dp);
	if (reply)
		genl_notify(&vsl_datapath_family, reply, info, 0, GFP_KERNEL);
	return 0;
}

static int cmd_set(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply = reply_alloc();
	struct vsl_datapath *dp;
	int err;

	if (!reply)
		return -ENOMEM;
	dp = lock_datapath(info);
	if (IS_ERR(dp)) {
		kfree_skb(reply);
		return PTR_ERR(dp);
	}
	err = check(info, dp->user_features);
	if (!err)
		err = change(dp, info);
	if (err)
		kfree_skb(reply);
	else
		tell(reply, dp, info, OVS_DP_CMD_SET);
	unlock_datapath(dp);
	return err;
}

static int cmd_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply = reply_alloc();
	struct vsl_datapath *dp;
	int err;

	if (!reply)
		return -ENOMEM;
	dp = lock_datapath(info);
	if (IS_ERR(dp)) {
		kfree_skb(reply);
		return PTR_ERR(dp);
	}
	err = fill(reply, dp, info->snd_portid, info->snd_seq, 0,
		   OVS_DP_CMD_GET);
	unlock_datapath(dp);
	if (WARN_ON_ONCE(err)) {
		kfree_skb(reply);
		return err;
	}
	return genlmsg_reply(reply, info);
}

static int dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	struct net *net = sock_net(msg->sk);
	struct vsl_datapath *dp;
	int err = 0;

	vsl_lock();
	while ((dp = vsl_datapath_nth(net, cb->args[0]))) {
		err = fill(msg, dp, NETLINK_CB(cb->skb).portid,
			   cb->nlh->nlmsg_seq, NLM_F_MULTI, OVS_DP_CMD_GET);
		if (err)
			break;
		cb->args[0]++;
	}
	vsl_unlock();
	/* one that fits no message must not look like the end */
	return msg->len ? msg->len : err;
}

#define VALIDATE (GENL_DONT_VALIDATE_STRICT | GENL_DONT_VALIDATE_DUMP)

static const struct genl_small_ops ops[] = {
	{
		.cmd = OVS_DP_CMD_NEW,
		.validate = VALIDATE,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = cmd_new,
	}, {
		.cmd = OVS_DP_CMD_DEL,
		.validate = VALIDATE,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = cmd_del,
	}, {
		.cmd = OVS_DP_CMD_GET,
		.validate = VALIDATE,
		.doit = cmd_get,
		.dumpit = dump,
	}, {
		.cmd = OVS_DP_CMD_SET,
		.validate = VALIDATE,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = cmd_set,
	},
};

struct genl_family vsl_datapath_family __ro_after_init = {
	.hdrsize = sizeof(struct ovs_header),
	.version = OVS_DATAPATH_VERSION,
	.maxattr = OVS_DP_ATTR_MAX,
	.policy = policy,
	.netnsok = true,
	.parallel_ops = true,
	.small_ops = ops,
	.n_small_ops = ARRAY_SIZE(ops),
	.resv_start_op = OVS_DP_CMD_SET + 1,
	.module = THIS_MODULE,
};
