// SPDX-License-Identifier: GPL-2.0-only
/*
 * Family PREFIX_vport.
 *
 * Requests, with struct ovs_header and OVS_VPORT_ATTR_*:
 *   NEW   NAME TYPE UPCALL_PID [PORT_NO] [IFINDEX, of a device that is made]
 *   DEL   NAME or PORT_NO
 *   SET   NAME or PORT_NO, [UPCALL_PID]
 *   GET   NAME or PORT_NO; dump
 * Replies:
 *   PORT_NO TYPE NAME IFINDEX [NETNSID] STATS UPCALL_STATS UPCALL_PID
 */
#include "nl_vport.h"

#include <linux/net_namespace.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "datapath.h"
#include "nl.h"
#include "ovs_abi.h"
#include "port.h"

static const struct nla_policy policy[OVS_VPORT_ATTR_MAX + 1] = {
	[OVS_VPORT_ATTR_NAME] = { .type = NLA_NUL_STRING,
				  .len = IFNAMSIZ - 1 },
	[OVS_VPORT_ATTR_PORT_NO] = { .type = NLA_U32 },
	[OVS_VPORT_ATTR_TYPE] = { .type = NLA_U32 },
	[OVS_VPORT_ATTR_UPCALL_PID] = { .type = NLA_UNSPEC },
	[OVS_VPORT_ATTR_OPTIONS] = { .type = NLA_NESTED },
	[OVS_VPORT_ATTR_STATS] = { .len = sizeof(struct ovs_vport_stats) },
	[OVS_VPORT_ATTR_IFINDEX] = NLA_POLICY_MIN(NLA_S32, 0),
	[OVS_VPORT_ATTR_NETNSID] = { .type = NLA_S32 },
};

/* Nested in UPCALL_STATS; the names are Linux 6.4's. */
enum { UPCALL_SUCCESS, UPCALL_FAIL };

static int fill_upcall_stats(struct sk_buff *msg, const struct vsl_port *port)
{
	struct nlattr *nest;

	nest = nla_nest_start_noflag(msg, VSL_OVS_VPORT_ATTR_UPCALL_STATS);
	if (!nest ||
	    nla_put_u64_64bit(msg, UPCALL_SUCCESS,
			      atomic_long_read(&port->upcalls),
			      OVS_VPORT_ATTR_PAD) ||
	    nla_put_u64_64bit(msg, UPCALL_FAIL,
			      atomic_long_read(&port->upcalls_lost),
			      OVS_VPORT_ATTR_PAD))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

/* One socket, or all where the client knows that there can be several. */
static int fill_portids(struct sk_buff *msg, const struct vsl_port *port)
{
	const struct vsl_portids *ids =
		rcu_dereference_protected(port->portids, vsl_lock_is_held());

	if (!ids)
		return nla_put_u32(msg, OVS_VPORT_ATTR_UPCALL_PID, 0);
	if (!(port->dp->user_features & OVS_DP_F_VPORT_PIDS))
		return nla_put_u32(msg, OVS_VPORT_ATTR_UPCALL_PID, ids->id[0]);
	return nla_put(msg, OVS_VPORT_ATTR_UPCALL_PID,
		       ids->count * sizeof(ids->id[0]), ids->id);
}

/*
 * The namespace that the device has moved to, for a reader in @net; it may move
 * on, and the namespace may end.
 */
static int fill_netnsid(struct sk_buff *msg, const struct vsl_port *port,
			struct net *net)
{
	struct net *there;
	int id;

	rcu_read_lock();
	there = maybe_get_net(dev_net(port->dev));
	rcu_read_unlock();
	if (!there)
		return 0;
	id = net_eq(net, there) ? NETNSA_NSID_NOT_ASSIGNED :
				  peernet2id_alloc(net, there, GFP_KERNEL);
	put_net(there);
	return id < 0 ? 0 : nla_put_s32(msg, OVS_VPORT_ATTR_NETNSID, id);
}

/* Under vsl_lock(), for a reader in @net. */
static int fill(struct sk_buff *msg, const struct vsl_port *port,
		struct net *net, u32 portid, u32 seq, int flags, u8 cmd)
{
	struct ovs_vport_stats stats;
	struct ovs_header *header;

	header = genlmsg_put(msg, portid, seq, &vsl_vport_family, flags, cmd);
	if (!header)
		return -EMSGSIZE;
	header->dp_ifindex = vsl_datapath_ifindex(port->dp);

	vsl_port_stats(port, &stats);
	if (nla_put_u32(msg, OVS_VPORT_ATTR_PORT_NO, port->port_no) ||
	    nla_put_u32(msg, OVS_VPORT_ATTR_TYPE, port->ops->type) ||
	    nla_put_string(msg, OVS_VPORT_ATTR_NAME, netdev_name(port->dev)) ||
	    nla_put_u32(msg, OVS_VPORT_ATTR_IFINDEX, port->dev->ifindex))
		goto err_cancel;
	if (fill_netnsid(msg, port, net) ||
	    nla_put_64bit(msg, OVS_VPORT_ATTR_STATS, sizeof(stats), &stats,
			  OVS_VPORT_ATTR_PAD) ||
	    fill_upcall_stats(msg, port) || fill_portids(msg, port))
		goto err_cancel;
	genlmsg_end(msg, header);
	return 0;

err_cancel:
	genlmsg_cancel(msg, header);
	return -EMSGSIZE;
}

/* With room for as many sockets as check_portids() lets pass. */
static struct sk_buff *reply_alloc(void)
{
	return genlmsg_new(NLMSG_DEFAULT_SIZE +
			   nla_total_size(nr_cpu_ids * sizeof(u32)),
			   GFP_KERNEL);
}

static void tell(struct sk_buff *reply, const struct vsl_port *port,
		 struct genl_info *info, u8 cmd)
{
	int err = fill(reply, port, genl_info_net(info), info->snd_portid,
		       info->snd_seq, 0, cmd);

	if (WARN_ON_ONCE(err))		/* reply_alloc() was too mean */
		kfree_skb(reply);
	else
		genl_notify(&vsl_vport_family, reply, info, 0, GFP_KERNEL);
}

/**
 * vsl_nl_vport_gone() - tell the group that a port is going by itself
 * @port: still there
 *
 * Context: vsl_lock().  Without memory nobody is told.
 */
void vsl_nl_vport_gone(struct vsl_port *port)
{
	struct net *net = read_pnet(&port->dp->net);
	struct sk_buff *msg;

	if (!genl_has_listeners(&vsl_vport_family, net, 0))
		return;
	msg = reply_alloc();
	if (!msg)
		return;
	if (fill(msg, port, net, 0, 0, 0, OVS_VPORT_CMD_DEL)) {
		kfree_skb(msg);
		return;
	}
	genlmsg_multicast_netns(&vsl_vport_family, net, msg, 0, 0, GFP_KERNEL);
}

static int check_port_no(const struct nlattr *attr,
			 struct netlink_ext_ack *extack)
{
	if (!attr || nla_get_u32(attr) < VSL_PORT_NONE)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "port numbers end at 65534");
	return -EFBIG;
}

static int cmd_new(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *portids = info->attrs[OVS_VPORT_ATTR_UPCALL_PID];
	const struct nlattr *port_no = info->attrs[OVS_VPORT_ATTR_PORT_NO];
	const struct nlattr *name = info->attrs[OVS_VPORT_ATTR_NAME];
	const struct nlattr *type = info->attrs[OVS_VPORT_ATTR_TYPE];
	const struct nlattr *ifindex = info->attrs[OVS_VPORT_ATTR_IFINDEX];
	struct ovs_header *header = genl_info_userhdr(info);
	struct vsl_port_spec spec = {};
	struct vsl_datapath *dp;
	struct sk_buff *reply;
	struct vsl_port *port;
	int err;

	if (!name || !type || !portids) {
		NL_SET_ERR_MSG(info->extack,
			       "name, type or upcall_pid is missing");
		return -EINVAL;
	}
	spec.type = nla_get_u32(type);
	spec.name = nla_data(name);
	if (ifindex && spec.type != OVS_VPORT_TYPE_INTERNAL) {
		NL_SET_ERR_MSG_ATTR(info->extack, ifindex,
				    "only an internal port's device can be given an ifindex");
		return -EOPNOTSUPP;
	}
	spec.ifindex = ifindex ? nla_get_s32(ifindex) : 0;
	err = check_port_no(port_no, info->extack);
	if (err)
		return err;
	spec.port_no = port_no ? nla_get_u32(port_no) : 0;
	spec.portids = nla_data(portids);
	spec.nr_portids = vsl_nl_portids(portids, nr_cpu_ids, info->extack);
	reply = reply_alloc();
	if (!reply)
		return -ENOMEM;

	vsl_lock();
	dp = vsl_nl_datapath(genl_info_net(info), header->dp_ifindex, NULL,
			     info->extack);
	if (IS_ERR(dp)) {
		err = PTR_ERR(dp);
		goto err_unlock;
	}
	port = vsl_port_add(dp, &spec, info->extack);
	if (IS_ERR(port)) {
		err = PTR_ERR(port);
		goto err_put_dp;
	}
	tell(reply, port, info, OVS_VPORT_CMD_NEW);
	vsl_unlock();
	vsl_datapath_put(dp);
	return 0;

err_put_dp:
	vsl_datapath_put(dp);
err_unlock:
	vsl_unlock();
	kfree_skb(reply);
	return err;
}

/*
 * The port whose device, an internal one, has been moved to another namespace,
 * by the name that the device has there.
 */
static struct vsl_port *port_moved_away(struct net *net, const char *name)
{
	struct vsl_datapath *dp;
	struct vsl_port *port;
	unsigned int n = 0;
	unsigned long i;

	while ((dp = vsl_datapath_nth(net, n++)))
		xa_for_each(&dp->ports, i, port)
			if (!net_eq(dev_net(port->dev), net) &&
			    !strcmp(netdev_name(port->dev), name))
				return port;
	return NULL;
}

/*
 * Under vsl_lock(): the port that a device is, if it is one of the datapath
 * asked for.
 */
static struct vsl_port *port_by_name(struct net *net, const char *name,
				     int dp_ifindex)
{
	struct net_device *dev;
	struct vsl_port *port;

	rcu_read_lock();
	dev = dev_get_by_name_rcu(net, name);
	port = dev ? vsl_port_of_dev(dev) : NULL;
	rcu_read_unlock();
	if (!port)
		port = port_moved_away(net, name);
	/* vsl_lock() keeps it from now on, unless its device has just gone */
	if (!port || vsl_datapath_port(port->dp, port->port_no) != port)
		return NULL;
	if (!net_eq(read_pnet(&port->dp->net), net))
		return NULL;
	if (dp_ifindex && dp_ifindex != vsl_datapath_ifindex(port->dp))
		return NULL;
	return port;
}

/* Under vsl_lock(): what DEL, SET and GET name. */
static struct vsl_port *find(struct genl_info *info)
{
	const struct nlattr *port_no = info->attrs[OVS_VPORT_ATTR_PORT_NO];
	const struct nlattr *name = info->attrs[OVS_VPORT_ATTR_NAME];
	struct ovs_header *header = genl_info_userhdr(info);
	struct net *net = genl_info_net(info);
	struct vsl_port *port = NULL;
	struct vsl_datapath *dp;
	int err;

	if (info->attrs[OVS_VPORT_ATTR_IFINDEX]) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[OVS_VPORT_ATTR_IFINDEX],
				    "ports are named by name or port_no, not by ifindex");
		return ERR_PTR(-EOPNOTSUPP);
	}
	if (name) {
		port = port_by_name(net, nla_data(name), header->dp_ifindex);
	} else if (port_no) {
		err = check_port_no(port_no, info->extack);
		if (err)
			return ERR_PTR(err);
		dp = vsl_nl_datapath(net, header->dp_ifindex, NULL,
				     info->extack);
		if (IS_ERR(dp))
			return ERR_CAST(dp);
		port = vsl_datapath_port(dp, nla_get_u32(port_no));
		/* vsl_lock() keeps the datapath, and it its port */
		vsl_datapath_put(dp);
	} else {
		NL_SET_ERR_MSG(info->extack, "name or port_no is missing");
		return ERR_PTR(-EINVAL);
	}
	if (port)
		return port;
	NL_SET_ERR_MSG_ATTR(info->extack, name ? name : port_no,
			    "no such port in this datapath");
	return ERR_PTR(-ENODEV);
}

/* Locks, unless it returns an error pointer. */
static struct vsl_port *lock_port(struct genl_info *info)
{
	struct vsl_port *port;

	vsl_lock();
	port = find(info);
	if (IS_ERR(port))
		vsl_unlock();
	return port;
}

static int cmd_del(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply = reply_alloc();
	struct vsl_port *port;
	int err;

	if (!reply)
		return -ENOMEM;
	port = lock_port(info);
	if (IS_ERR(port)) {
		err = PTR_ERR(port);
		goto err_free;
	}
	if (port->port_no == VSL_PORT_LOCAL) {
		NL_SET_ERR_MSG(info->extack,
			       "the local port goes with its datapath only");
		vsl_unlock();
		err = -EINVAL;
		goto err_free;
	}
	/* filled while there is something to tell, sent when it is true */
	err = fill(reply, port, genl_info_net(info), info->snd_portid,
		   info->snd_seq, 0, OVS_VPORT_CMD_DEL);
	vsl_port_del(port);
	vsl_unlock();
	if (!WARN_ON_ONCE(err)) {
		genl_notify(&vsl_vport_family, reply, info, 0, GFP_KERNEL);
		return 0;
	}
	err = 0;
err_free:
	kfree_skb(reply);
	return err;
}

static int set_locked(struct vsl_port *port, struct genl_info *info)
{
	const struct nlattr *portids = info->attrs[OVS_VPORT_ATTR_UPCALL_PID];
	const struct nlattr *type = info->attrs[OVS_VPORT_ATTR_TYPE];
	unsigned int count;

	if (type && nla_get_u32(type) != port->ops->type) {
		NL_SET_ERR_MSG_ATTR(info->extack, type,
				    "a port's type cannot be changed");
		return -EINVAL;
	}
	if (info->attrs[OVS_VPORT_ATTR_OPTIONS]) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[OVS_VPORT_ATTR_OPTIONS],
				    "ports of this type have no options");
		return -EOPNOTSUPP;
	}
	if (!portids)
		return 0;
	count = vsl_nl_portids(portids, nr_cpu_ids, info->extack);
	return count ? vsl_port_set_portids(port, nla_data(portids), count) :
		       -EINVAL;
}

static int cmd_set(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply = reply_alloc();
	struct vsl_port *port;
	int err;

	if (!reply)
		return -ENOMEM;
	port = lock_port(info);
	if (IS_ERR(port)) {
		kfree_skb(reply);
		return PTR_ERR(port);
	}
	err = set_locked(port, info);
	if (err)
		kfree_skb(reply);
	else
		tell(reply, port, info, OVS_VPORT_CMD_SET);
	vsl_unlock();
	return err;
}

static int cmd_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply = reply_alloc();
	struct vsl_port *port;
	int err;

	if (!reply)
		return -ENOMEM;
	port = lock_port(info);
	if (IS_ERR(port)) {
		kfree_skb(reply);
		return PTR_ERR(port);
	}
	err = fill(reply, port, genl_info_net(info), info->snd_portid,
		   info->snd_seq, 0, OVS_VPORT_CMD_GET);
	vsl_unlock();
	if (WARN_ON_ONCE(err)) {
		kfree_skb(reply);
		return err;
	}
	return genlmsg_reply(reply, info);
}

/* The cursor is the number of the next port: one that is added is not missed. */
static int dump(struct sk_buff *msg, struct netlink_callback *cb)
{
	const struct ovs_header *header = genlmsg_data(nlmsg_data(cb->nlh));
	struct net *net = sock_net(msg->sk);
	struct vsl_datapath *dp;
	struct vsl_port *port;
	unsigned long i;
	int err = 0;

	vsl_lock();
	dp = vsl_nl_datapath(net, header->dp_ifindex, NULL, cb->extack);
	if (IS_ERR(dp)) {
		vsl_unlock();
		return PTR_ERR(dp);
	}
	xa_for_each_start(&dp->ports, i, port, cb->args[0]) {
		err = fill(msg, port, net, NETLINK_CB(cb->skb).portid,
			   cb->nlh->nlmsg_seq, NLM_F_MULTI, OVS_VPORT_CMD_GET);
		if (err)
			break;
		cb->args[0] = i + 1;
	}
	vsl_datapath_put(dp);
	vsl_unlock();
	/* one that fits no message must not look like the end */
	return msg->len ? msg->len : err;
}

#define VALIDATE (GENL_DONT_VALIDATE_STRICT | GENL_DONT_VALIDATE_DUMP)

static const struct genl_small_ops ops[] = {
	{
		.cmd = OVS_VPORT_CMD_NEW,
		.validate = VALIDATE,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = cmd_new,
	}, {
		.cmd = OVS_VPORT_CMD_DEL,
		.validate = VALIDATE,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = cmd_del,
	}, {
		.cmd = OVS_VPORT_CMD_GET,
		.validate = VALIDATE,
		.doit = cmd_get,
		.dumpit = dump,
	}, {
		.cmd = OVS_VPORT_CMD_SET,
		.validate = VALIDATE,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = cmd_set,
	},
};

struct genl_family vsl_vport_family __ro_after_init = {
	.hdrsize = sizeof(struct ovs_header),
	.version = OVS_VPORT_VERSION,
	.maxattr = OVS_VPORT_ATTR_MAX,
	.policy = policy,
	.netnsok = true,
	.parallel_ops = true,
	.small_ops = ops,
	.n_small_ops = ARRAY_SIZE(ops),
	.resv_start_op = OVS_VPORT_CMD_SET + 1,
	.module = THIS_MODULE,
};
