// SPDX-License-Identifier: GPL-2.0-only
/*
 * Family PREFIX_flow.
 *
 * Requests, with struct ovs_header and OVS_FLOW_ATTR_*:
 *   NEW   KEY [MASK] ACTIONS [UFID]      NLM_F_CREATE or _EXCL: must be new
 *   SET   KEY [MASK] [ACTIONS] [UFID] [CLEAR], or UFID [CLEAR]
 *   DEL   KEY or UFID; neither: all flows
 *   GET   KEY or UFID; dump
 *   each may have UFID_FLAGS: what to leave out of the reply
 * Replies:
 *   UFID or KEY, [KEY] [MASK] [STATS] [TCP_FLAGS] [USED] [ACTIONS]
 *
 * A flow is named by UFID, where it was given one, else by its unmasked key.
 * Requests are taken apart and memory is got before table.lock is taken.
 */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/rcupdate.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "action.h"
#include "datapath.h"
#include "flow.h"
#include "nl.h"
#include "nl_action.h"
#include "nl_key.h"
#include "ovs_abi.h"
#include "mask.h"
#include "table.h"

static const struct nla_policy policy[OVS_FLOW_ATTR_MAX + 1] = {
	[OVS_FLOW_ATTR_KEY] = { .type = NLA_NESTED },
	[OVS_FLOW_ATTR_MASK] = { .type = NLA_NESTED },
	[OVS_FLOW_ATTR_ACTIONS] = { .type = NLA_NESTED },
	[OVS_FLOW_ATTR_CLEAR] = { .type = NLA_FLAG },
	[OVS_FLOW_ATTR_PROBE] = { .type = NLA_FLAG },
	[OVS_FLOW_ATTR_UFID] = { .type = NLA_UNSPEC },
	[OVS_FLOW_ATTR_UFID_FLAGS] = { .type = NLA_U32 },
};

/* --- messages about a flow --- */

static u32 ufid_flags(const struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

static size_t message_size(unsigned int attrs_len)
{
	return NLMSG_ALIGN(sizeof(struct ovs_header)) +
	       nla_total_size(VSL_UFID_MAX) +
	       2 * nla_total_size(vsl_nl_key_size()) +
	       nla_total_size_64bit(sizeof(struct ovs_flow_stats)) +
	       nla_total_size(sizeof(u8)) +
	       nla_total_size_64bit(sizeof(u64)) +
	       nla_total_size(attrs_len);
}

/* jiffies to ms of CLOCK_MONOTONIC, what user space compares it with */
static u64 used_ms(unsigned long used)
{
	return ktime_to_ms(ktime_get()) - jiffies_to_msecs(jiffies - used);
}

static int fill_stats(struct sk_buff *msg, const struct vsl_flow *flow)
{
	struct vsl_flow_totals totals;

	vsl_flow_totals(flow, &totals);
	if (totals.used &&
	    nla_put_u64_64bit(msg, OVS_FLOW_ATTR_USED, used_ms(totals.used),
			      OVS_FLOW_ATTR_PAD))
		return -EMSGSIZE;
	if (totals.packets) {
		struct ovs_flow_stats stats = {
			.n_packets = totals.packets,
			.n_bytes = totals.bytes,
		};

		if (nla_put_64bit(msg, OVS_FLOW_ATTR_STATS, sizeof(stats),
				  &stats, OVS_FLOW_ATTR_PAD))
			return -EMSGSIZE;
	}
	if ((u8)ntohs(totals.tcp_flags) &&
	    nla_put_u8(msg, OVS_FLOW_ATTR_TCP_FLAGS, ntohs(totals.tcp_flags)))
		return -EMSGSIZE;
	return 0;
}

static int fill_match(struct sk_buff *msg, const struct vsl_flow *flow,
		      u32 omit)
{
	struct vsl_key key, name, mask;

	if (flow->ufid_len) {
		if (nla_put(msg, OVS_FLOW_ATTR_UFID, flow->ufid_len,
			    vsl_flow_ufid(flow)))
			return -EMSGSIZE;
	} else {
		/* its name: never left out */
		omit &= ~OVS_UFID_F_OMIT_KEY;
	}
	vsl_flow_key(flow, &key);
	name = key;
	vsl_flow_unmask(flow, &name);
	if (!(omit & OVS_UFID_F_OMIT_KEY) &&
	    vsl_nl_key_put(msg, OVS_FLOW_ATTR_KEY, &name, NULL))
		return -EMSGSIZE;
	if (!(omit & OVS_UFID_F_OMIT_MASK)) {
		vsl_mask_key(flow->mask, &mask);
		if (vsl_nl_key_put(msg, OVS_FLOW_ATTR_MASK, &key, &mask))
			return -EMSGSIZE;
	}
	return 0;
}

/*
 * Under RCU or table.lock.  Actions that do not fit a message that is empty
 * else are left out: user space asks for the flow by name then.
 */
static int fill(struct sk_buff *msg, const struct vsl_flow *flow,
		int dp_ifindex, u32 portid, u32 seq, int flags, u8 cmd,
		u32 omit)
{
	bool alone = !msg->len;
	const struct vsl_actions *actions;
	struct ovs_header *header;

	header = genlmsg_put(msg, portid, seq, &vsl_flow_family, flags, cmd);
	if (!header)
		return -EMSGSIZE;
	header->dp_ifindex = dp_ifindex;
	if (fill_match(msg, flow, omit) || fill_stats(msg, flow))
		goto err_cancel;
	if (!(omit & OVS_UFID_F_OMIT_ACTIONS)) {
		actions = rcu_dereference_check(flow->actions, true);
		if (nla_put(msg, OVS_FLOW_ATTR_ACTIONS, actions->attrs_len,
			    actions->attrs) && !alone)
			goto err_cancel;
	}
	genlmsg_end(msg, header);
	return 0;

err_cancel:
	genlmsg_cancel(msg, header);
	return -EMSGSIZE;
}

/* Under table.lock; NULL without memory. */
static struct sk_buff *message(const struct vsl_flow *flow,
			       struct genl_info *info, u8 cmd, u32 omit)
{
	struct ovs_header *header = genl_info_userhdr(info);
	const struct vsl_actions *actions;
	struct sk_buff *msg;

	actions = rcu_dereference_check(flow->actions, true);
	msg = genlmsg_new(message_size(actions->attrs_len), GFP_KERNEL);
	if (msg && WARN_ON_ONCE(fill(msg, flow, header->dp_ifindex,
				     info->snd_portid, info->snd_seq, 0, cmd,
				     omit))) {
		kfree_skb(msg);
		msg = NULL;
	}
	return msg;
}

/*
 * Tells of something that is done.  If that fails, listeners are at least made
 * to see that they missed something.
 */
static void tell(struct sk_buff *msg, struct genl_info *info)
{
	if (msg)
		genl_notify(&vsl_flow_family, msg, info, 0, GFP_KERNEL);
	else
		genl_set_err(&vsl_flow_family, genl_info_net(info), 0, 0,
			     -ENOBUFS);
}

/* --- requests taken apart --- */

/* The flow's name; a UFID of a length that none can have counts as absent. */
static void get_id(const struct nlattr *ufid, const struct vsl_key *key,
		   struct vsl_flow_id *id)
{
	memset(id, 0, sizeof(*id));
	if (ufid && nla_len(ufid) && nla_len(ufid) <= VSL_UFID_MAX) {
		id->ufid_len = nla_len(ufid);
		memcpy(id->ufid, nla_data(ufid), id->ufid_len);
	} else {
		id->key = *key;
	}
}

/* For GET, SET and DEL: the name alone.  The key is read where it is needed. */
static int get_name(struct genl_info *info, struct vsl_flow_id *id)
{
	struct vsl_key key = {};
	int err;

	get_id(info->attrs[OVS_FLOW_ATTR_UFID], &key, id);
	if (id->ufid_len)
		return 0;
	if (!info->attrs[OVS_FLOW_ATTR_KEY]) {
		NL_SET_ERR_MSG(info->extack, "key or ufid is missing");
		return -EINVAL;
	}
	err = vsl_nl_key_get(info->attrs[OVS_FLOW_ATTR_KEY], NULL, &key, NULL,
			     info->extack);
	id->key = key;
	return err;
}

static struct vsl_datapath *get_datapath(struct genl_info *info)
{
	struct ovs_header *header = genl_info_userhdr(info);

	return vsl_nl_datapath(genl_info_net(info), header->dp_ifindex, NULL,
			       info->extack);
}

/* Takes table.lock, unless the datapath has ended meanwhile. */
static int lock_table(struct vsl_datapath *dp, struct netlink_ext_ack *extack)
{
	mutex_lock(&dp->table.lock);
	if (!dp->dead)
		return 0;
	mutex_unlock(&dp->table.lock);
	NL_SET_ERR_MSG(extack, "the datapath has just been deleted");
	return -ENODEV;
}

static struct vsl_flow *find(struct vsl_datapath *dp,
			     const struct vsl_flow_id *id,
			     struct netlink_ext_ack *extack)
{
	struct vsl_flow *flow = vsl_table_by_id(&dp->table, id);

	if (flow)
		return flow;
	if (id->ufid_len)
		NL_SET_ERR_MSG(extack, "no flow of that ufid");
	else
		NL_SET_ERR_MSG(extack,
			       "no flow of that key; one that has a ufid is found by it only");
	return ERR_PTR(-ENOENT);
}

/* Under table.lock; takes over @actions. */
static void replace_actions(struct vsl_flow *flow, struct vsl_actions *actions)
{
	vsl_actions_free(rcu_replace_pointer(flow->actions, actions, true));
}

/* --- NEW --- */

/*
 * Actions for the packets of a flow: what its key and mask say of them decides
 * which are possible.
 */
static struct vsl_actions *get_actions(const struct nlattr *attr,
				       const struct vsl_key *key,
				       const struct vsl_key *mask,
				       struct netlink_ext_ack *extack)
{
	struct vsl_actions *actions;
	struct vsl_key masked;
	int i;

	for (i = 0; i < VSL_KEY_WORDS; i++)
		((u64 *)&masked)[i] = vsl_key_words(key)[i] &
				      vsl_key_words(mask)[i];
	actions = vsl_nl_actions_get(attr, &masked, extack);
	return IS_ERR(actions) ? actions : vsl_actions_share(actions);
}

/* A flow from the request, not in a table; an error pointer. */
static struct vsl_flow *get_flow(struct genl_info *info, struct vsl_key *key)
{
	struct nlattr **a = info->attrs;
	struct vsl_actions *actions;
	struct vsl_key mask_bits;
	struct vsl_mask *mask;
	struct vsl_flow_id id;
	struct vsl_flow *flow;
	int err;

	if (!a[OVS_FLOW_ATTR_KEY] || !a[OVS_FLOW_ATTR_ACTIONS]) {
		NL_SET_ERR_MSG(info->extack, "key or actions are missing");
		return ERR_PTR(-EINVAL);
	}
	err = vsl_nl_key_get(a[OVS_FLOW_ATTR_KEY], a[OVS_FLOW_ATTR_MASK], key,
			     &mask_bits, info->extack);
	if (err)
		return ERR_PTR(err);
	actions = get_actions(a[OVS_FLOW_ATTR_ACTIONS], key, &mask_bits,
			      info->extack);
	if (IS_ERR(actions))
		return ERR_CAST(actions);
	mask = vsl_mask_alloc(&mask_bits);
	if (!mask)
		goto err_free_actions;
	get_id(a[OVS_FLOW_ATTR_UFID], key, &id);
	flow = vsl_flow_alloc(key, mask, &id, actions);
	if (!flow)
		goto err_put_mask;
	return flow;

err_put_mask:
	vsl_mask_put(mask);
err_free_actions:
	vsl_actions_free(actions);
	NL_SET_ERR_MSG(info->extack, "no memory for the flow");
	return ERR_PTR(-ENOMEM);
}

static bool same_match(const struct vsl_flow *a, const struct vsl_flow *b)
{
	struct vsl_key key_a, key_b;

	vsl_flow_key(a, &key_a);
	vsl_flow_key(b, &key_b);
	return !memcmp(&key_a, &key_b, sizeof(key_a));
}

/*
 * The flow that is in @new's way: of its name, or one that takes packets with
 * @key.  Under table.lock.
 */
static struct vsl_flow *find_conflict(struct vsl_datapath *dp,
				      const struct vsl_flow *new,
				      const struct vsl_key *key)
{
	struct vsl_flow_id id;
	struct vsl_flow *flow;

	vsl_flow_id(new, &id);
	flow = vsl_table_by_id(&dp->table, &id);
	if (flow)
		return flow;
	rcu_read_lock();
	flow = vsl_table_lookup(&dp->table, key);
	rcu_read_unlock();
	return flow;
}

/*
 * Under table.lock.  Inserts @new, or gives its actions to the flow that is
 * the same.  Returns the flow that is in the table, or an error pointer.
 */
static struct vsl_flow *put(struct vsl_datapath *dp, struct vsl_flow *new,
			    const struct vsl_key *key, struct genl_info *info)
{
	struct vsl_flow *old = find_conflict(dp, new, key);
	struct vsl_flow_id id;
	int err;

	if (!old) {
		err = vsl_table_insert(&dp->table, new);
		if (!err)
			return new;
		if (err == -ENOSPC)
			NL_SET_ERR_MSG(info->extack,
				       "as many flows or masks as a datapath may have: max_flows, max_masks");
		else
			NL_SET_ERR_MSG(info->extack,
				       "the flow table cannot grow");
		return ERR_PTR(err);
	}
	if (info->nlhdr->nlmsg_flags & (NLM_F_CREATE | NLM_F_EXCL)) {
		NL_SET_ERR_MSG(info->extack,
			       "a flow of that name exists, or one that takes packets with that key");
		return ERR_PTR(-EEXIST);
	}
	vsl_flow_id(new, &id);
	if (old != vsl_table_by_id(&dp->table, &id) ||
	    !same_match(old, new)) {
		NL_SET_ERR_MSG(info->extack,
			       "another flow takes packets with that key");
		return ERR_PTR(-ENOENT);
	}
	replace_actions(old, rcu_replace_pointer(new->actions, NULL, true));
	return old;
}

static int cmd_new(struct sk_buff *skb, struct genl_info *info)
{
	u32 omit = ufid_flags(info->attrs[OVS_FLOW_ATTR_UFID_FLAGS]);
	bool reply = vsl_nl_wants_reply(&vsl_flow_family, info);
	struct vsl_flow *new, *flow;
	struct sk_buff *msg = NULL;
	struct vsl_datapath *dp;
	struct vsl_key key;
	int err;

	new = get_flow(info, &key);
	if (IS_ERR(new))
		return PTR_ERR(new);
	dp = get_datapath(info);
	if (IS_ERR(dp)) {
		err = PTR_ERR(dp);
		goto out_free;
	}
	err = lock_table(dp, info->extack);
	if (err)
		goto out_put;
	flow = put(dp, new, &key, info);
	err = PTR_ERR_OR_ZERO(flow);
	if (!err && reply)
		msg = message(flow, info, OVS_FLOW_CMD_NEW, omit);
	if (flow == new)
		new = NULL;	/* the table's */
	mutex_unlock(&dp->table.lock);
	if (!err && reply)
		tell(msg, info);
out_put:
	vsl_datapath_put(dp);
out_free:
	if (new)
		vsl_flow_free(new);
	return err;
}

/* --- SET, GET, DEL --- */

/* Under table.lock.  @actions may be NULL: only CLEAR then. */
static void change(struct vsl_flow *flow, struct vsl_actions *actions,
		   struct genl_info *info)
{
	if (actions)
		replace_actions(flow, actions);
	if (info->attrs[OVS_FLOW_ATTR_CLEAR])
		vsl_flow_clear(flow);
}

static int cmd_set(struct sk_buff *skb, struct genl_info *info)
{
	u32 omit = ufid_flags(info->attrs[OVS_FLOW_ATTR_UFID_FLAGS]);
	bool reply = vsl_nl_wants_reply(&vsl_flow_family, info);
	struct vsl_actions *actions = NULL;
	struct sk_buff *msg = NULL;
	struct nlattr **a = info->attrs;
	struct vsl_key key, mask;
	struct vsl_datapath *dp;
	struct vsl_flow_id id;
	struct vsl_flow *flow;
	int err;

	err = get_name(info, &id);
	if (err)
		return err;
	if (a[OVS_FLOW_ATTR_KEY]) {
		err = vsl_nl_key_get(a[OVS_FLOW_ATTR_KEY],
				     a[OVS_FLOW_ATTR_MASK], &key, &mask,
				     info->extack);
		if (err)
			return err;
	}
	if (a[OVS_FLOW_ATTR_ACTIONS]) {
		if (!a[OVS_FLOW_ATTR_KEY]) {
			NL_SET_ERR_MSG(info->extack,
				       "actions need the flow's key");
			return -EINVAL;
		}
		actions = get_actions(a[OVS_FLOW_ATTR_ACTIONS], &key, &mask,
				      info->extack);
		if (IS_ERR(actions))
			return PTR_ERR(actions);
	}
	dp = get_datapath(info);
	if (IS_ERR(dp)) {
		err = PTR_ERR(dp);
		goto err_free;
	}
	err = lock_table(dp, info->extack);
	if (err)
		goto err_put;
	flow = find(dp, &id, info->extack);
	if (IS_ERR(flow)) {
		err = PTR_ERR(flow);
		goto err_unlock;
	}
	change(flow, actions, info);
	if (reply)
		msg = message(flow, info, OVS_FLOW_CMD_SET, omit);
	mutex_unlock(&dp->table.lock);
	vsl_datapath_put(dp);
	if (reply)
		tell(msg, info);
	return 0;

err_unlock:
	mutex_unlock(&dp->table.lock);
err_put:
	vsl_datapath_put(dp);
err_free:
	vsl_actions_free(actions);
	return err;
}

static int cmd_get(struct sk_buff *skb, struct genl_info *info)
{
	u32 omit = ufid_flags(info->attrs[OVS_FLOW_ATTR_UFID_FLAGS]);
	struct sk_buff *msg = NULL;
	struct vsl_datapath *dp;
	struct vsl_flow_id id;
	struct vsl_flow *flow;
	int err;

	err = get_name(info, &id);
	if (err)
		return err;
	dp = get_datapath(info);
	if (IS_ERR(dp))
		return PTR_ERR(dp);
	err = lock_table(dp, info->extack);
	if (err)
		goto out_put;
	flow = find(dp, &id, info->extack);
	err = PTR_ERR_OR_ZERO(flow);
	if (!err) {
		msg = message(flow, info, OVS_FLOW_CMD_GET, omit);
		err = msg ? 0 : -ENOMEM;
	}
	mutex_unlock(&dp->table.lock);
out_put:
	vsl_datapath_put(dp);
	return err ? err : genlmsg_reply(msg, info);
}

static int flush(struct genl_info *info)
{
	struct vsl_datapath *dp = get_datapath(info);
	int err;

	if (IS_ERR(dp))
		return PTR_ERR(dp);
	err = lock_table(dp, info->extack);
	if (!err) {
		vsl_table_flush(&dp->table);
		mutex_unlock(&dp->table.lock);
	}
	vsl_datapath_put(dp);
	return err;
}

static int cmd_del(struct sk_buff *skb, struct genl_info *info)
{
	u32 omit = ufid_flags(info->attrs[OVS_FLOW_ATTR_UFID_FLAGS]);
	bool reply = vsl_nl_wants_reply(&vsl_flow_family, info);
	struct sk_buff *msg = NULL;
	struct vsl_datapath *dp;
	struct vsl_flow_id id;
	struct vsl_flow *flow;
	int err;

	if (!info->attrs[OVS_FLOW_ATTR_KEY] && !info->attrs[OVS_FLOW_ATTR_UFID])
		return flush(info);
	err = get_name(info, &id);
	if (err)
		return err;
	dp = get_datapath(info);
	if (IS_ERR(dp))
		return PTR_ERR(dp);
	err = lock_table(dp, info->extack);
	if (err)
		goto out_put;
	flow = find(dp, &id, info->extack);
	err = PTR_ERR_OR_ZERO(flow);
	if (!err) {
		vsl_table_remove(&dp->table, flow);
		/* the last counts: user space has no other chance to see them */
		if (reply)
			msg = message(flow, info, OVS_FLOW_CMD_DEL, omit);
		vsl_flow_free_rcu(flow);
	}
	mutex_unlock(&dp->table.lock);
	if (!err && reply)
		tell(msg, info);
out_put:
	vsl_datapath_put(dp);
	return err;
}

/* The cursor is a slot number: see vsl_table_next(). */
static int dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	const struct ovs_header *header = genlmsg_data(nlmsg_data(cb->nlh));
	struct nlattr *a[OVS_FLOW_ATTR_MAX + 1];
	unsigned long slot = cb->args[0];
	struct vsl_datapath *dp;
	struct vsl_flow *flow;
	u32 omit;
	int err;

	err = genlmsg_parse_deprecated(cb->nlh, &vsl_flow_family, a,
				       OVS_FLOW_ATTR_MAX, policy, cb->extack);
	if (err)
		return err;
	omit = ufid_flags(a[OVS_FLOW_ATTR_UFID_FLAGS]);
	dp = vsl_nl_datapath(sock_net(msg->sk), header->dp_ifindex, NULL,
			     cb->extack);
	if (IS_ERR(dp))
		return PTR_ERR(dp);
	rcu_read_lock();
	while ((flow = vsl_table_next(&dp->table, &slot))) {
		if (fill(msg, flow, header->dp_ifindex,
			 NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			 NLM_F_MULTI, OVS_FLOW_CMD_GET, omit))
			break;
		slot++;
	}
	rcu_read_unlock();
	vsl_datapath_put(dp);
	cb->args[0] = slot;
	return msg->len;
}

#define VALIDATE (GENL_DONT_VALIDATE_STRICT | GENL_DONT_VALIDATE_DUMP)

static const struct genl_small_ops ops[] = {
	{
		.cmd = OVS_FLOW_CMD_NEW,
		.validate = VALIDATE,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = cmd_new,
	}, {
		.cmd = OVS_FLOW_CMD_DEL,
		.validate = VALIDATE,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = cmd_del,
	}, {
		.cmd = OVS_FLOW_CMD_GET,
		.validate = VALIDATE,
		.doit = cmd_get,
		.dumpit = dump,
	}, {
		.cmd = OVS_FLOW_CMD_SET,
		.validate = VALIDATE,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = cmd_set,
	},
};

struct genl_family vsl_flow_family __ro_after_init = {
	.hdrsize = sizeof(struct ovs_header),
	.version = OVS_FLOW_VERSION,
	.maxattr = OVS_FLOW_ATTR_MAX,
	.policy = policy,
	.netnsok = true,
	.parallel_ops = true,
	.small_ops = ops,
	.n_small_ops = ARRAY_SIZE(ops),
	.resv_start_op = OVS_FLOW_CMD_SET + 1,
	.module = THIS_MODULE,
};
