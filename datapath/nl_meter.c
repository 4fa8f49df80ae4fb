// SPDX-License-Identifier: GPL-2.0-only
/*
 * Family PREFIX_meter.
 *
 * Requests, with struct ovs_header and OVS_METER_ATTR_*:
 *   FEATURES
 *   SET   ID [KBPS] BANDS { [BAND { TYPE RATE BURST }] }   makes or replaces it
 *   GET   ID
 *   DEL   ID
 * Replies:
 *   FEATURES: MAX_METERS MAX_BANDS BANDS { BAND { TYPE } }
 *   SET: ID, and where there was such a meter what follows
 *   GET, DEL: ID STATS USED BANDS { [BAND { STATS }] }
 *
 * GET of a meter that is not there is an error; DEL of one has nothing to reply.
 */
#include <net/genetlink.h>

#include "datapath.h"
#include "meter.h"
#include "nl.h"
#include "ovs_abi.h"

/* What a meter can do is to drop: a second band would be another threshold. */
#define BANDS_MAX	1

static const struct nla_policy policy[OVS_METER_ATTR_MAX + 1] = {
	[OVS_METER_ATTR_ID] = { .type = NLA_U32 },
	[OVS_METER_ATTR_KBPS] = { .type = NLA_FLAG },
	[OVS_METER_ATTR_STATS] = { .len = sizeof(struct ovs_flow_stats) },
	[OVS_METER_ATTR_BANDS] = { .type = NLA_NESTED },
	[OVS_METER_ATTR_USED] = { .type = NLA_U64 },
	[OVS_METER_ATTR_CLEAR] = { .type = NLA_FLAG },
	[OVS_METER_ATTR_MAX_METERS] = { .type = NLA_U32 },
	[OVS_METER_ATTR_MAX_BANDS] = { .type = NLA_U32 },
};

static const struct nla_policy band_policy[OVS_BAND_ATTR_MAX + 1] = {
	[OVS_BAND_ATTR_TYPE] = { .type = NLA_U32 },
	[OVS_BAND_ATTR_RATE] = { .type = NLA_U32 },
	[OVS_BAND_ATTR_BURST] = { .type = NLA_U32 },
	[OVS_BAND_ATTR_STATS] = { .len = sizeof(struct ovs_flow_stats) },
};

/* --- replies --- */

static struct sk_buff *reply_start(struct genl_info *info, u8 cmd,
				   struct ovs_header **header)
{
	const struct ovs_header *request = genl_info_userhdr(info);
	struct sk_buff *msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!msg)
		return NULL;
	*header = genlmsg_put_reply(msg, info, &vsl_meter_family, 0, cmd);
	(*header)->dp_ifindex = request->dp_ifindex;
	return msg;
}

static int reply_send(struct sk_buff *msg, struct ovs_header *header,
		      struct genl_info *info)
{
	genlmsg_end(msg, header);
	return genlmsg_reply(msg, info);
}

static int put_stats(struct sk_buff *msg, const struct vsl_meter_stats *stats)
{
	struct nlattr *bands, *band;

	if (nla_put_64bit(msg, OVS_METER_ATTR_STATS, sizeof(stats->all),
			  &stats->all, OVS_METER_ATTR_PAD) ||
	    nla_put_u64_64bit(msg, OVS_METER_ATTR_USED, stats->used,
			      OVS_METER_ATTR_PAD))
		return -EMSGSIZE;
	bands = nla_nest_start_noflag(msg, OVS_METER_ATTR_BANDS);
	if (!bands)
		return -EMSGSIZE;
	if (stats->has_band) {
		band = nla_nest_start_noflag(msg, OVS_BAND_ATTR_UNSPEC);
		if (!band || nla_put(msg, OVS_BAND_ATTR_STATS,
				     sizeof(stats->dropped), &stats->dropped))
			return -EMSGSIZE;
		nla_nest_end(msg, band);
	}
	nla_nest_end(msg, bands);
	return 0;
}

/* @stats: NULL: there are none; likewise @id. */
static int reply_stats(struct genl_info *info, u8 cmd, const u32 *id,
		       const struct vsl_meter_stats *stats)
{
	struct ovs_header *header;
	struct sk_buff *msg = reply_start(info, cmd, &header);

	if (!msg)
		return -ENOMEM;
	if ((id && nla_put_u32(msg, OVS_METER_ATTR_ID, *id)) ||
	    (stats && put_stats(msg, stats))) {
		kfree_skb(msg);
		return -EMSGSIZE;
	}
	return reply_send(msg, header, info);
}

/* --- requests --- */

/* Returns the datapath, to be given back. */
static struct vsl_datapath *get_datapath(struct genl_info *info)
{
	const struct ovs_header *header = genl_info_userhdr(info);

	return vsl_nl_datapath(genl_info_net(info), header->dp_ifindex, NULL,
			       info->extack);
}

static int get_id(struct genl_info *info, u32 *id)
{
	if (!info->attrs[OVS_METER_ATTR_ID]) {
		NL_SET_ERR_MSG(info->extack, "meter: id is missing");
		return -EINVAL;
	}
	*id = nla_get_u32(info->attrs[OVS_METER_ATTR_ID]);
	return 0;
}

/* What GET and DEL name: the datapath, to be given back, and the meter's number. */
static struct vsl_datapath *get_request(struct genl_info *info, u32 *id)
{
	int err = get_id(info, id);

	return err ? ERR_PTR(err) : get_datapath(info);
}

static int cmd_features(struct sk_buff *skb, struct genl_info *info)
{
	struct vsl_datapath *dp = get_datapath(info);
	struct nlattr *bands, *band;
	struct ovs_header *header;
	struct sk_buff *msg;

	if (IS_ERR(dp))
		return PTR_ERR(dp);
	/* it is asked for a datapath, but is the same for all */
	vsl_datapath_put(dp);
	msg = reply_start(info, OVS_METER_CMD_FEATURES, &header);
	if (!msg)
		return -ENOMEM;
	if (nla_put_u32(msg, OVS_METER_ATTR_MAX_METERS, VSL_METERS_MAX) ||
	    nla_put_u32(msg, OVS_METER_ATTR_MAX_BANDS, BANDS_MAX))
		goto err_free;
	bands = nla_nest_start_noflag(msg, OVS_METER_ATTR_BANDS);
	if (!bands)
		goto err_free;
	band = nla_nest_start_noflag(msg, OVS_BAND_ATTR_UNSPEC);
	if (!band || nla_put_u32(msg, OVS_BAND_ATTR_TYPE,
				 OVS_METER_BAND_TYPE_DROP))
		goto err_free;
	nla_nest_end(msg, band);
	nla_nest_end(msg, bands);
	return reply_send(msg, header, info);

err_free:
	kfree_skb(msg);
	return -EMSGSIZE;
}

static int get_band(const struct nlattr *attr, struct vsl_meter_band *band,
		    struct netlink_ext_ack *extack)
{
	struct nlattr *a[OVS_BAND_ATTR_MAX + 1];
	int err;

	err = nla_parse_nested_deprecated(a, OVS_BAND_ATTR_MAX, attr,
					  band_policy, extack);
	if (err)
		return err;
	if (!a[OVS_BAND_ATTR_TYPE] || !a[OVS_BAND_ATTR_RATE] ||
	    !a[OVS_BAND_ATTR_BURST]) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "meter: band needs type, rate and burst");
		return -EINVAL;
	}
	band->rate = nla_get_u32(a[OVS_BAND_ATTR_RATE]);
	band->burst = nla_get_u32(a[OVS_BAND_ATTR_BURST]);
	if (nla_get_u32(a[OVS_BAND_ATTR_TYPE]) != OVS_METER_BAND_TYPE_DROP ||
	    !band->rate) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "meter: band's type is drop (1), its rate not 0");
		return -EINVAL;
	}
	if (!band->burst)
		band->burst = band->rate;
	return 0;
}

/* Returns how many bands there are, or an error. */
static int get_bands(const struct nlattr *attr, struct vsl_meter_band *band,
		     struct netlink_ext_ack *extack)
{
	const struct nlattr *one;
	int rem, err, n = 0;

	if (!attr) {
		NL_SET_ERR_MSG(extack, "meter: bands are missing");
		return -EINVAL;
	}
	nla_for_each_nested(one, attr, rem) {
		if (++n > BANDS_MAX) {
			NL_SET_ERR_MSG_ATTR(extack, one,
					    "meter: more than one band");
			return -EINVAL;
		}
	}
	nla_for_each_nested(one, attr, rem) {
		err = get_band(one, band, extack);
		if (err)
			return err;
	}
	return n;
}

static int cmd_set(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **a = info->attrs;
	struct vsl_meter_stats old;
	struct vsl_meter_band band;
	struct vsl_datapath *dp;
	struct vsl_meter *meter;
	int bands, err;
	u32 id;

	err = get_id(info, &id);
	if (err)
		return err;
	bands = get_bands(a[OVS_METER_ATTR_BANDS], &band, info->extack);
	if (bands < 0)
		return bands;
	dp = get_datapath(info);
	if (IS_ERR(dp))
		return PTR_ERR(dp);
	meter = vsl_meter_alloc(!a[OVS_METER_ATTR_KBPS], bands ? &band : NULL);
	err = meter ? vsl_meter_set(dp, id, meter, &old) : -ENOMEM;
	vsl_datapath_put(dp);
	if (err == -EFBIG)
		NL_SET_ERR_MSG(info->extack,
			       "as many meters as a datapath may have");
	if (err < 0) {
		kfree(meter);
		return err;
	}
	return reply_stats(info, OVS_METER_CMD_SET, &id, err ? &old : NULL);
}

static int cmd_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vsl_meter_stats stats;
	struct vsl_datapath *dp;
	int err;
	u32 id;

	dp = get_request(info, &id);
	if (IS_ERR(dp))
		return PTR_ERR(dp);
	err = vsl_meter_get(dp, id, &stats);
	vsl_datapath_put(dp);
	if (err) {
		NL_SET_ERR_MSG(info->extack, "no meter of that id");
		return err;
	}
	return reply_stats(info, OVS_METER_CMD_GET, &id, &stats);
}

static int cmd_del(struct sk_buff *skb, struct genl_info *info)
{
	struct vsl_meter_stats old;
	struct vsl_datapath *dp;
	bool was_there;
	u32 id;

	dp = get_request(info, &id);
	if (IS_ERR(dp))
		return PTR_ERR(dp);
	was_there = vsl_meter_del(dp, id, &old);
	vsl_datapath_put(dp);
	return reply_stats(info, OVS_METER_CMD_DEL, was_there ? &id : NULL,
			   was_there ? &old : NULL);
}

#define VALIDATE (GENL_DONT_VALIDATE_STRICT | GENL_DONT_VALIDATE_DUMP)

static const struct genl_small_ops ops[] = {
	{
		.cmd = OVS_METER_CMD_FEATURES,
		.validate = VALIDATE,
		.doit = cmd_features,
	}, {
		.cmd = OVS_METER_CMD_SET,
		.validate = VALIDATE,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = cmd_set,
	}, {
		.cmd = OVS_METER_CMD_DEL,
		.validate = VALIDATE,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = cmd_del,
	}, {
		.cmd = OVS_METER_CMD_GET,
		.validate = VALIDATE,
		.doit = cmd_get,
	},
};

struct genl_family vsl_meter_family __ro_after_init = {
	.hdrsize = sizeof(struct ovs_header),
	.version = OVS_METER_VERSION,
	.maxattr = OVS_METER_ATTR_MAX,
	.policy = policy,
	.netnsok = true,
	.parallel_ops = true,
	.small_ops = ops,
	.n_small_ops = ARRAY_SIZE(ops),
	.resv_start_op = OVS_METER_CMD_GET + 1,
	.module = THIS_MODULE,
};
