// SPDX-License-Identifier: GPL-2.0-only
/*
 * Family PREFIX_packet: a packet from user space.  (Those to user space are
 * made by upcall.c.)
 *
 * Request, with struct ovs_header and OVS_PACKET_ATTR_*:
 *   EXECUTE   PACKET KEY ACTIONS [HASH]
 * KEY has metadata only; the rest is taken from the packet, which has no Ethernet
 * header where KEY has an EtherType but no eth.  No reply.
 */
#include <linux/skbuff.h>
#include <net/genetlink.h>

#include "action.h"
#include "datapath.h"
#include "nl.h"
#include "nl_action.h"
#include "nl_key.h"
#include "ovs_abi.h"
#include "port.h"
#include "receive.h"

static const struct nla_policy policy[OVS_PACKET_ATTR_MAX + 1] = {
	[OVS_PACKET_ATTR_PACKET] = { .len = ETH_HLEN },
	[OVS_PACKET_ATTR_KEY] = { .type = NLA_NESTED },
	[OVS_PACKET_ATTR_ACTIONS] = { .type = NLA_NESTED },
	[OVS_PACKET_ATTR_PROBE] = { .type = NLA_FLAG },
	[OVS_PACKET_ATTR_MRU] = { .type = NLA_U16 },
	[OVS_PACKET_ATTR_HASH] = { .type = NLA_U64 },
};

/* With room in front for headers of devices and for tags. */
static struct sk_buff *packet_alloc(const struct nlattr *attr)
{
	unsigned int len = nla_len(attr);
	struct sk_buff *skb;

	skb = alloc_skb(LL_MAX_HEADER + NET_IP_ALIGN + len, GFP_KERNEL);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_MAX_HEADER + NET_IP_ALIGN);
	skb_reset_network_header(skb);
	nla_memcpy(__skb_put(skb, len), attr, len);
	return skb;
}

/* The hash that the packet had when it was sent up, for equal choices. */
static void set_hash(struct sk_buff *skb, const struct nlattr *attr)
{
	u64 hash = nla_get_u64(attr);

	__skb_set_hash(skb, (u32)hash, hash & VSL_PACKET_HASH_SW,
		       hash & VSL_PACKET_HASH_L4);
}

static int get_key(struct vsl_key *key, struct sk_buff *skb,
		   const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	struct vsl_key metadata = {};
	int err;

	err = vsl_nl_key_get_metadata(attr, &metadata, extack);
	if (err)
		return err;
	skb->priority = metadata.priority;
	skb->mark = metadata.mark;
	skb->protocol = metadata.eth_type;
	err = vsl_key_extract(key, skb, metadata.in_port,
			      vsl_key_has_mac(&metadata));
	key->recirc_id = metadata.recirc_id;
	key->dp_hash = metadata.dp_hash;
	return err;
}

/* Consumes @skb. */
static int run(struct vsl_datapath *dp, struct sk_buff *skb,
	       struct vsl_key *key, const struct vsl_actions *actions)
{
	struct vsl_port *port;
	int err = -ENODEV;

	rcu_read_lock();
	port = vsl_datapath_port(dp, key->in_port);
	if (!port)
		port = vsl_datapath_port(dp, VSL_PORT_LOCAL);
	if (port) {
		skb->dev = port->dev;
		local_bh_disable();
		err = vsl_execute(dp, skb, key, actions);
		local_bh_enable();
	} else {
		kfree_skb(skb);		/* the datapath is ending */
	}
	rcu_read_unlock();
	return err;
}

static int cmd_execute(struct sk_buff *request, struct genl_info *info)
{
	struct ovs_header *header = genl_info_userhdr(info);
	struct nlattr **a = info->attrs;
	struct vsl_actions *actions;
	struct vsl_datapath *dp;
	struct sk_buff *skb;
	struct vsl_key key;
	int err;

	if (!a[OVS_PACKET_ATTR_PACKET] || !a[OVS_PACKET_ATTR_KEY] ||
	    !a[OVS_PACKET_ATTR_ACTIONS]) {
		NL_SET_ERR_MSG(info->extack,
			       "packet, key or actions are missing");
		return -EINVAL;
	}
	skb = packet_alloc(a[OVS_PACKET_ATTR_PACKET]);
	if (!skb)
		return -ENOMEM;
	if (a[OVS_PACKET_ATTR_HASH])
		set_hash(skb, a[OVS_PACKET_ATTR_HASH]);
	err = get_key(&key, skb, a[OVS_PACKET_ATTR_KEY], info->extack);
	if (err)
		goto err_free_skb;
	actions = vsl_nl_actions_get(a[OVS_PACKET_ATTR_ACTIONS], &key,
				     info->extack);
	if (IS_ERR(actions)) {
		err = PTR_ERR(actions);
		goto err_free_skb;
	}
	dp = vsl_nl_datapath(genl_info_net(info), header->dp_ifindex, NULL,
			     info->extack);
	if (IS_ERR(dp)) {
		err = PTR_ERR(dp);
		goto err_free_actions;
	}
	err = run(dp, skb, &key, actions);
	vsl_datapath_put(dp);
	vsl_actions_free(actions);
	return err;

err_free_actions:
	vsl_actions_free(actions);
err_free_skb:
	kfree_skb(skb);
	return err;
}

static const struct genl_small_ops ops[] = {
	{
		.cmd = OVS_PACKET_CMD_EXECUTE,
		.validate = GENL_DONT_VALIDATE_STRICT |
			    GENL_DONT_VALIDATE_DUMP,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = cmd_execute,
	},
};

struct genl_family vsl_packet_family __ro_after_init = {
	.hdrsize = sizeof(struct ovs_header),
	.version = OVS_PACKET_VERSION,
	.maxattr = OVS_PACKET_ATTR_MAX,
	.policy = policy,
	.netnsok = true,
	.parallel_ops = true,
	.small_ops = ops,
	.n_small_ops = ARRAY_SIZE(ops),
	.resv_start_op = OVS_PACKET_CMD_EXECUTE + 1,
	.module = THIS_MODULE,
};
