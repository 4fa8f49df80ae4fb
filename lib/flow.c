// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Flows: struct vsl_flow <-> messages of family PREFIX_flow, see flow.h.
 */
#include "flow.h"

#include <errno.h>
#include <string.h>

#include <linux/genetlink.h>

#include "attr.h"

static struct vsl_blob blob_of(const struct nlattr *nla)
{
	return (struct vsl_blob){ vsl_attr_data(nla), vsl_attr_len(nla) };
}

/* False where the attribute is too short, or too long. */
static bool read_attr(struct vsl_flow *flow, const struct nlattr *nla)
{
	const void *data = vsl_attr_data(nla);
	size_t len = vsl_attr_len(nla);
	struct ovs_flow_stats stats;

	switch (vsl_attr_type(nla)) {
	case OVS_FLOW_ATTR_KEY:
		flow->key = blob_of(nla);
		return true;
	case OVS_FLOW_ATTR_MASK:
		flow->mask = blob_of(nla);
		return true;
	case OVS_FLOW_ATTR_ACTIONS:
		flow->actions = blob_of(nla);
		return true;
	case OVS_FLOW_ATTR_UFID:
		if (!len || len > VSL_UFID_MAX)
			return false;
		flow->ufid_len = len;
		memcpy(flow->ufid, data, len);
		return true;
	case OVS_FLOW_ATTR_STATS:
		if (len < sizeof(stats))
			return false;
		memcpy(&stats, data, sizeof(stats));
		flow->has_stats = true;
		flow->packets = stats.n_packets;
		flow->bytes = stats.n_bytes;
		return true;
	case OVS_FLOW_ATTR_USED:
		if (len < sizeof(flow->used_ms))
			return false;
		flow->has_used = true;
		memcpy(&flow->used_ms, data, sizeof(flow->used_ms));
		return true;
	case OVS_FLOW_ATTR_TCP_FLAGS:
		if (len < sizeof(flow->tcp_flags))
			return false;
		flow->tcp_flags = *(const uint8_t *)data;
		return true;
	default:
		return true;
	}
}

int vsl_flow_from_msg(struct vsl_flow *flow, const struct nlmsghdr *nlh)
{
	int rem = (int)nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN -
		  (int)sizeof(struct ovs_header);
	const struct genlmsghdr *gh = nlmsg_data(nlh);
	const struct ovs_header *oh;
	const struct nlattr *nla;

	if (rem < 0)
		return -EINVAL;
	memset(flow, 0, sizeof(*flow));
	oh = (const void *)((const char *)gh + GENL_HDRLEN);
	flow->cmd = gh->cmd;
	flow->dp_ifindex = oh->dp_ifindex;
	nla = (const void *)(oh + 1);
	for (; vsl_attr_ok(nla, rem); nla = vsl_attr_next(nla, &rem))
		if (!read_attr(flow, nla))
			return -EINVAL;
	/* A flush is announced as a deletion of no flow in particular. */
	if (!flow->key.data && !flow->ufid_len &&
	    flow->cmd != OVS_FLOW_CMD_DEL)
		return -EINVAL;
	return 0;
}

static int put_blob(struct nl_msg *msg, int type, const struct vsl_blob *blob)
{
	return blob->data ? vsl_attr_put(msg, type, blob->data, blob->len) : 0;
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

static int dump_one(const struct nlmsghdr *nlh, void *arg)
{
	const struct vsl_flow_dump *dump = arg;
	struct vsl_flow flow;
	int err = vsl_flow_from_msg(&flow, nlh);

	return err ? err : dump->cb(&flow, dump->arg);
}

static struct nl_msg *dump_request(struct vsl_nl *nl, int dp_ifindex, uint32_t omit)
{
	struct nl_msg *msg = vsl_nl_msg(nl, VSL_FAM_FLOW, OVS_FLOW_CMD_GET, 0,
					dp_ifindex);

	if (msg && omit)
		nla_put_u32(msg, OVS_FLOW_ATTR_UFID_FLAGS, omit);
	return msg;
}

int vsl_flow_dump(struct vsl_nl *nl, int dp_ifindex, uint32_t omit,
		  vsl_flow_cb cb, void *arg)
{
	struct vsl_flow_dump dump = { cb, arg };

	return vsl_nl_dump(nl, dump_request(nl, dp_ifindex, omit), dump_one, &dump);
}

int vsl_flow_dump_start(struct vsl_nl *nl, int dp_ifindex, uint32_t omit,
			struct vsl_flow_dump *dump)
{
	return vsl_nl_dump_start(nl, dump_request(nl, dp_ifindex, omit), dump_one, dump);
}

int vsl_flow_batch_new(struct vsl_batch *batch, const struct vsl_flow *flow,
		       bool create, uintptr_t cookie)
{
	struct nl_msg *msg = vsl_batch_msg(batch, VSL_FAM_FLOW,
					   OVS_FLOW_CMD_NEW,
					   create ? NLM_F_CREATE : 0,
					   flow->dp_ifindex);
	int err = vsl_flow_put_attrs(msg, flow);

	if (!err)
		vsl_batch_commit(batch, cookie);
	return err;
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
	if (!err)
		vsl_batch_commit(batch, cookie);
	return err;
}
