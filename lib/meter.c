// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Meters: messages of family PREFIX_meter, see meter.h.
 */
#include "meter.h"

#include <errno.h>
#include <string.h>

#include <netlink/genl/genl.h>

static struct nla_policy meter_policy[OVS_METER_ATTR_MAX + 1] = {
	[OVS_METER_ATTR_ID] = { .type = NLA_U32 },
	[OVS_METER_ATTR_BANDS] = { .type = NLA_NESTED },
};

static struct nla_policy band_policy[OVS_BAND_ATTR_MAX + 1] = {
	[OVS_BAND_ATTR_STATS] = { .minlen = sizeof(struct ovs_flow_stats) },
};

static int transact(struct vsl_nl *nl, struct nl_msg *msg)
{
	struct nl_msg *reply;
	int err = vsl_nl_transact(nl, msg, &reply);

	if (!err)
		nlmsg_free(reply);
	return err;
}

int vsl_meter_set(struct vsl_nl *nl, int dp_ifindex, const struct vsl_meter *meter)
{
	struct nl_msg *msg = vsl_nl_msg(nl, VSL_FAM_METER, OVS_METER_CMD_SET, 0, dp_ifindex);
	struct nlattr *bands, *band;

	if (msg) {
		nla_put_u32(msg, OVS_METER_ATTR_ID, meter->id);
		bands = vsl_nest_start(msg, OVS_METER_ATTR_BANDS);
		band = vsl_nest_start(msg, OVS_BAND_ATTR_UNSPEC);
		nla_put_u32(msg, OVS_BAND_ATTR_TYPE, OVS_METER_BAND_TYPE_DROP);
		nla_put_u32(msg, OVS_BAND_ATTR_RATE, meter->rate);
		nla_put_u32(msg, OVS_BAND_ATTR_BURST, meter->burst);
		vsl_nest_end(msg, band);
		vsl_nest_end(msg, bands);
	}
	return transact(nl, msg);
}

int vsl_meter_del(struct vsl_nl *nl, int dp_ifindex, uint32_t id)
{
	struct nl_msg *msg = vsl_nl_msg(nl, VSL_FAM_METER, OVS_METER_CMD_DEL, 0, dp_ifindex);

	if (msg)
		nla_put_u32(msg, OVS_METER_ATTR_ID, id);
	return transact(nl, msg);
}

/* The first band is the only one that vsl_meter_set() makes. */
static int read_dropped(struct nlmsghdr *nlh, uint64_t *dropped)
{
	struct nlattr *tb[OVS_METER_ATTR_MAX + 1], *band[OVS_BAND_ATTR_MAX + 1], *first;
	struct ovs_flow_stats stats;

	if (!genlmsg_valid_hdr(nlh, sizeof(struct ovs_header)) ||
	    genlmsg_parse(nlh, sizeof(struct ovs_header), tb, OVS_METER_ATTR_MAX,
			  meter_policy) < 0 || !tb[OVS_METER_ATTR_BANDS])
		return -EINVAL;
	first = nla_data(tb[OVS_METER_ATTR_BANDS]);
	if (!nla_ok(first, nla_len(tb[OVS_METER_ATTR_BANDS])) ||
	    nla_parse_nested(band, OVS_BAND_ATTR_MAX, first, band_policy) < 0 ||
	    !band[OVS_BAND_ATTR_STATS])
		return -EINVAL;
	/* aligned to 4 bytes only */
	memcpy(&stats, nla_data(band[OVS_BAND_ATTR_STATS]), sizeof(stats));
	*dropped = stats.n_packets;
	return 0;
}

int vsl_meter_dropped(struct vsl_nl *nl, int dp_ifindex, uint32_t id, uint64_t *dropped)
{
	struct nl_msg *msg = vsl_nl_msg(nl, VSL_FAM_METER, OVS_METER_CMD_GET, 0, dp_ifindex);
	struct nl_msg *reply;
	int err;

	if (msg)
		nla_put_u32(msg, OVS_METER_ATTR_ID, id);
	err = vsl_nl_transact(nl, msg, &reply);
	if (err)
		return err;
	err = reply ? read_dropped(nlmsg_hdr(reply), dropped) : -EPROTO;
	nlmsg_free(reply);
	return err;
}
