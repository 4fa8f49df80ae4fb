// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Flows: struct vsl_flow <-> messages of family PREFIX_flow, see flow.h.
 */
#include "flow.h"

#include <errno.h>
#include <string.h>

#include <netlink/genl/genl.h>

static struct nla_policy flow_policy[OVS_FLOW_ATTR_MAX + 1] = {
	[OVS_FLOW_ATTR_STATS] = { .minlen = sizeof(struct ovs_flow_stats) },
	[OVS_FLOW_ATTR_TCP_FLAGS] = { .type = NLA_U8 },
	[OVS_FLOW_ATTR_USED] = { .minlen = sizeof(uint64_t) },
	[OVS_FLOW_ATTR_UFID] = { .minlen = 1, .maxlen = VSL_UFID_MAX },
};

static void read_stats(struct vsl_flow *flow, struct nlattr **tb)
{
	struct ovs_flow_stats stats;

	if (tb[OVS_FLOW_ATTR_STATS]) {
		memcpy(&stats, nla_data(tb[OVS_FLOW_ATTR_STATS]),
		       sizeof(stats));
		flow->has_stats = true;
		flow->packets = stats.n_packets;
		flow->bytes = stats.n_bytes;
	}
	if (tb[OVS_FLOW_ATTR_USED]) {
		flow->has_used = true;
		memcpy(&flow->used_ms, nla_data(tb[OVS_FLOW_ATTR_USED]),
		       sizeof(flow->used_ms));
	}
	if (tb[OVS_FLOW_ATTR_TCP_FLAGS])
		flow->tcp_flags = nla_get_u8(tb[OVS_FLOW_ATTR_TCP_FLAGS]);
}

int vsl_flow_from_msg(struct vsl_flow *flow, const struct nlmsghdr *nlh)
{
	struct nlmsghdr *hdr = (struct nlmsghdr *)nlh;
	struct nlattr *tb[OVS_FLOW_ATTR_MAX + 1];
	const struct ovs_header *oh;

	if (!genlmsg_valid_hdr(hdr, sizeof(*oh)) ||
	    genlmsg_parse(hdr, sizeof(*oh), tb, OVS_FLOW_ATTR_MAX,
			  flow_policy) < 0)
		return -EINVAL;

	memset(flow, 0, sizeof(*flow));
	oh = genlmsg_user_hdr(genlmsg_hdr(hdr));
	flow->cmd = genlmsg_hdr(hdr)->cmd;
	flow->dp_ifindex = oh->dp_ifindex;
	flow->key = vsl_blob_of_attr(tb[OVS_FLOW_ATTR_KEY]);
	flow->mask = vsl_blob_of_attr(tb[OVS_FLOW_ATTR_MASK]);
	flow->actions = vsl_blob_of_attr(tb[OVS_FLOW_ATTR_ACTIONS]);
	if (tb[OVS_FLOW_ATTR_UFID]) {
		flow->ufid_len = nla_len(tb[OVS_FLOW_ATTR_UFID]);
		memcpy(flow->ufid, nla_data(tb[OVS_FLOW_ATTR_UFID]),
		       flow->ufid_len);
	}
	/* A flush is announced as a deletion of no flow in particular. */
	if (!flow->key.data && !flow->ufid_len &&
	    flow->cmd != OVS_FLOW_CMD_DEL)
		return -EINVAL;
	read_stats(flow, tb);
	return 0;
}

static int put_blob(struct nl_msg *msg, int type, const struct vsl_blob *blob)
{
	if (!blob->data)
		return 0;
	if (blob->len > UINT16_MAX - NLA_HDRLEN ||
	    nla_put(msg, type, blob->len, blob->data) < 0)
		return -EMSGSIZE;
	return 0;
}

int vsl_flow_put_attrs(struct nl_msg *msg, const struct vsl_flow *flow)
{
	struct vsl_blob ufid = { flow->ufid_len ? flow->ufid : NULL,
				 flow->ufid_len };

	if (put_blob(msg, OVS_FLOW_ATTR_UFID, &ufid) ||
	    put_blob(msg, OVS_FLOW_ATTR_KEY, &flow->key) ||
	    put_blob(msg, OVS_FLOW_ATTR_MASK, &flow->mask) ||
	    put_blob(msg, OVS_FLOW_ATTR_ACTIONS, &flow->actions))
		return -EMSGSIZE;
	return 0;
}

/* What names a flow: its ufid, and its key too where there is one (a datapath
 * that does not know the ufid goes by it).
 */
static int put_id(struct nl_msg *msg, const struct vsl_flow *id)
{
	struct vsl_flow only = { .key = id->key, .ufid_len = id->ufid_len };

	memcpy(only.ufid, id->ufid, sizeof(only.ufid));
	return vsl_flow_put_attrs(msg, &only);
}

/*
 * Send @msg (consumed), where filling it has ended with @err.
 */
static int transact(struct vsl_nl *nl, struct nl_msg *msg, int err,
		    struct nl_msg **reply)
{
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return vsl_nl_transact(nl, msg, reply);
}

int vsl_flow_new(struct vsl_nl *nl, const struct vsl_flow *flow, bool create)
{
	struct nl_msg *msg = vsl_nl_msg(nl, VSL_FAM_FLOW, OVS_FLOW_CMD_NEW,
					create ? NLM_F_CREATE : 0,
					flow->dp_ifindex);

	return transact(nl, msg, msg ? vsl_flow_put_attrs(msg, flow) : 0,
			NULL);
}

int vsl_flow_set(struct vsl_nl *nl, const struct vsl_flow *flow, bool clear)
{
	struct nl_msg *msg = vsl_nl_msg(nl, VSL_FAM_FLOW, OVS_FLOW_CMD_SET, 0,
					flow->dp_ifindex);
	int err = msg ? vsl_flow_put_attrs(msg, flow) : 0;

	if (msg && !err && clear)
		err = nla_put_flag(msg, OVS_FLOW_ATTR_CLEAR) ? -EMSGSIZE : 0;
	return transact(nl, msg, err, NULL);
}

int vsl_flow_get(struct vsl_nl *nl, const struct vsl_flow *id,
		 struct vsl_flow *flow, struct nl_msg **hold)
{
	struct nl_msg *msg = vsl_nl_msg(nl, VSL_FAM_FLOW, OVS_FLOW_CMD_GET, 0,
					id->dp_ifindex);
	int err;

	*hold = NULL;
	err = transact(nl, msg, msg ? put_id(msg, id) : 0, hold);
	if (!err)
		err = *hold ? vsl_flow_from_msg(flow, nlmsg_hdr(*hold)) :
			      -EPROTO;
	if (err) {
		nlmsg_free(*hold);
		*hold = NULL;
	}
	return err;
}

int vsl_flow_del(struct vsl_nl *nl, const struct vsl_flow *id)
{
	struct nl_msg *msg;

	/* The kernel would take "delete no flow in particular" as "all". */
	if (!id->key.data && !id->ufid_len)
		return -EINVAL;
	msg = vsl_nl_msg(nl, VSL_FAM_FLOW, OVS_FLOW_CMD_DEL, 0,
			 id->dp_ifindex);
	return transact(nl, msg, msg ? put_id(msg, id) : 0, NULL);
}

int vsl_flow_flush(struct vsl_nl *nl, int dp_ifindex)
{
	return transact(nl, vsl_nl_msg(nl, VSL_FAM_FLOW, OVS_FLOW_CMD_DEL, 0,
				       dp_ifindex), 0, NULL);
}

struct dump {
	vsl_flow_cb cb;
	void *arg;
};

static int dump_one(const struct nlmsghdr *nlh, void *arg)
{
	const struct dump *dump = arg;
	struct vsl_flow flow;
	int err = vsl_flow_from_msg(&flow, nlh);

	return err ? err : dump->cb(&flow, dump->arg);
}

int vsl_flow_dump(struct vsl_nl *nl, int dp_ifindex, uint32_t omit,
		  vsl_flow_cb cb, void *arg)
{
	struct nl_msg *msg = vsl_nl_msg(nl, VSL_FAM_FLOW, OVS_FLOW_CMD_GET, 0,
					dp_ifindex);
	struct dump dump = { cb, arg };

	if (msg && omit)
		nla_put_u32(msg, OVS_FLOW_ATTR_UFID_FLAGS, omit);
	return vsl_nl_dump(nl, msg, dump_one, &dump);
}

int vsl_flow_batch_new(struct vsl_batch *batch, const struct vsl_flow *flow,
		       bool create, uintptr_t cookie)
{
	struct nl_msg *msg = vsl_batch_msg(batch, VSL_FAM_FLOW,
					   OVS_FLOW_CMD_NEW,
					   create ? NLM_F_CREATE : 0,
					   flow->dp_ifindex);
	int err = vsl_flow_put_attrs(msg, flow);

	return err ? err : vsl_batch_commit(batch, cookie);
}

int vsl_flow_batch_del(struct vsl_batch *batch, const struct vsl_flow *id,
		       uintptr_t cookie)
{
	struct nl_msg *msg = vsl_batch_msg(batch, VSL_FAM_FLOW,
					   OVS_FLOW_CMD_DEL, 0,
					   id->dp_ifindex);
	int err;

	if (!id->key.data && !id->ufid_len)
		return -EINVAL;
	err = put_id(msg, id);
	return err ? err : vsl_batch_commit(batch, cookie);
}
