// SPDX-License-Identifier: GPL-2.0-only
/*
 * The edge to the host: a network device of our own.  What the host transmits
 * on it comes into the datapath; what the datapath sends to it is received by
 * the host, which can so have an IP address on the switch.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_vlan.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/rtnetlink.h>
#include <net/xfrm.h>

#include "compat.h"
#include "nl.h"
#include "ovs_abi.h"
#include "port.h"
#include "receive.h"
#include "vswitch_lite.h"

/*
 * Behind the net_device.  @port is set before the device is registered and
 * cleared, under RTNL, before it is unregistered; RCU.  From then on the device
 * is on a list of those to unregister, which holds a reference; see
 * vsl_port_internal_unregister().
 */
struct internal_dev {
	struct vsl_port __rcu *port;
	struct net_device *dev;
	struct list_head leaving;
	netdevice_tracker leaving_tracker;
};

static LIST_HEAD(leaving);	/* vsl_lock() */

/* The host transmits.  Context: bottom halves off. */
static netdev_tx_t internal_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct internal_dev *internal = netdev_priv(dev);
	unsigned int len = skb->len;
	struct vsl_port *port;

	rcu_read_lock();
	port = rcu_dereference(internal->port);
	if (likely(port && pskb_may_pull(skb, ETH_HLEN))) {
		/* counted before it can be gone */
		dev_sw_netstats_tx_add(dev, 1, len);
		vsl_port_cross_net(port, skb);
		vsl_receive(port, skb);
	} else {
		dev_core_stats_tx_dropped_inc(dev);
		kfree_skb(skb);
	}
	rcu_read_unlock();
	return NETDEV_TX_OK;
}

static int internal_open(struct net_device *dev)
{
	netif_start_queue(dev);
	return 0;
}

static int internal_stop(struct net_device *dev)
{
	netif_stop_queue(dev);
	return 0;
}

static int internal_dev_init(struct net_device *dev)
{
	dev->tstats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);
	return dev->tstats ? 0 : -ENOMEM;
}

static void internal_dev_uninit(struct net_device *dev)
{
	free_percpu(dev->tstats);
}

/* What the host sends has room for the headers of any port. */
static void internal_set_rx_headroom(struct net_device *dev, int headroom)
{
	dev->needed_headroom = max(headroom, 0);
}

static const struct net_device_ops internal_netdev_ops = {
	.ndo_init = internal_dev_init,
	.ndo_uninit = internal_dev_uninit,
	.ndo_open = internal_open,
	.ndo_stop = internal_stop,
	.ndo_start_xmit = internal_xmit,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_get_stats64 = dev_get_tstats64,
	.ndo_set_rx_headroom = internal_set_rx_headroom,
};

static void internal_drvinfo(struct net_device *dev,
			     struct ethtool_drvinfo *info)
{
	strscpy(info->driver, "vswitch_lite", sizeof(info->driver));
	strscpy(info->version, VSL_VERSION, sizeof(info->version));
}

static const struct ethtool_ops internal_ethtool_ops = {
	.get_drvinfo = internal_drvinfo,
	.get_link = ethtool_op_get_link,
};

/*
 * For `ip -d link` to say what the device is.  No setup and no dellink: such
 * devices come and go with ports only.
 */
static struct rtnl_link_ops internal_link_ops __read_mostly = {
	.kind = "openvswitch",
};

static void internal_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->max_mtu = ETH_MAX_MTU;
	dev->netdev_ops = &internal_netdev_ops;
	dev->ethtool_ops = &internal_ethtool_ops;
	dev->rtnl_link_ops = &internal_link_ops;
	dev->needs_free_netdev = true;
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE | IFF_OPENVSWITCH |
			   IFF_NO_QUEUE | IFF_PHONY_HEADROOM;
	vsl_compat_set_lltx(dev);
	dev->features |= NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HIGHDMA |
			 NETIF_F_HW_CSUM | NETIF_F_GSO_SOFTWARE |
			 NETIF_F_GSO_ENCAP_ALL;
	dev->vlan_features = dev->features;
	dev->hw_enc_features = dev->features;
	dev->features |= NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_STAG_TX;
	dev->hw_features = dev->features;
	eth_hw_addr_random(dev);
}

static int internal_attach(struct vsl_port *port,
			   const struct vsl_port_spec *spec,
			   struct netlink_ext_ack *extack)
{
	struct internal_dev *internal;
	struct net_device *dev;
	int err;

	if (!dev_valid_name(spec->name)) {
		NL_SET_ERR_MSG(extack, "not a name that a device can have");
		return -EINVAL;
	}
	dev = alloc_netdev(sizeof(*internal), spec->name, NET_NAME_USER,
			   internal_setup);
	if (!dev)
		return -ENOMEM;
	dev_net_set(dev, read_pnet(&port->dp->net));
	internal = netdev_priv(dev);
	internal->dev = dev;
	dev->ifindex = spec->ifindex;
	RCU_INIT_POINTER(internal->port, port);
	/* the datapath is found by the local device's ifindex */
	if (port->port_no == VSL_PORT_LOCAL)
		vsl_compat_set_netns_immutable(dev);

	rtnl_lock();
	port->dev = dev;
	err = register_netdevice(dev);
	if (err) {
		rtnl_unlock();
		free_netdev(dev);
		if (err == -EEXIST)
			NL_SET_ERR_MSG(extack, "a device of that name exists");
		if (err == -EBUSY)
			NL_SET_ERR_MSG(extack, "a device of that ifindex exists");
		return err;
	}
	netdev_hold(dev, &port->dev_tracker, GFP_KERNEL);
	dev_set_promiscuity(dev, 1);
	port->attached = true;
	rtnl_unlock();
	return 0;
}

static void internal_detach(struct vsl_port *port)
{
	struct internal_dev *internal = netdev_priv(port->dev);

	dev_set_promiscuity(port->dev, -1);
	RCU_INIT_POINTER(internal->port, NULL);
	netdev_hold(port->dev, &internal->leaving_tracker, GFP_KERNEL);
	list_add_tail(&internal->leaving, &leaving);
}

/**
 * vsl_port_internal_leaving() - take over the devices that have lost their port
 * @devices: they are added to it
 *
 * Context: vsl_lock().
 */
void vsl_port_internal_leaving(struct list_head *devices)
{
	list_splice_tail_init(&leaving, devices);
}

/**
 * vsl_port_internal_unregister() - have devices go that have lost their port
 * @devices: from vsl_port_internal_leaving(); may be empty
 *
 * A device that is stacked on one of them, a VLAN device for example, goes
 * along, and can be a port itself.  To release RTNL then is to wait for the
 * reference of that port, which is dropped by someone who takes vsl_lock().
 *
 * Context: takes RTNL; sleeps; never under vsl_lock().
 */
void vsl_port_internal_unregister(struct list_head *devices)
{
	struct internal_dev *internal, *next;
	LIST_HEAD(together);

	if (list_empty(devices))
		return;
	rtnl_lock();
	list_for_each_entry_safe(internal, next, devices, leaving) {
		struct net_device *dev = internal->dev;

		/* the namespace that it was in may have ended meanwhile */
		if (dev->reg_state == NETREG_REGISTERED)
			unregister_netdevice_queue(dev, &together);
		netdev_put(dev, &internal->leaving_tracker);
	}
	unregister_netdevice_many(&together);
	rtnl_unlock();
}

/* The host receives. */
static void internal_send(struct vsl_port *port, struct sk_buff *skb)
{
	struct net_device *dev = port->dev;

	/* where it came from and went through is not the host's business */
	skb_dst_drop(skb);
	nf_reset_ct(skb);
	secpath_reset(skb);
	skb->pkt_type = PACKET_HOST;
	skb->protocol = eth_type_trans(skb, dev);
	skb_postpull_rcsum(skb, eth_hdr(skb), ETH_HLEN);
	dev_sw_netstats_rx_add(dev, skb->len);
	netif_rx(skb);
}

const struct vsl_port_ops vsl_port_internal_ops = {
	.type = OVS_VPORT_TYPE_INTERNAL,
	.attach = internal_attach,
	.detach = internal_detach,
	.send = internal_send,
};

/**
 * vsl_port_internal_of() - the port that a device of ours is
 * @dev: any device
 *
 * Context: RCU read section or RTNL.  Return: the port or NULL.
 */
struct vsl_port *vsl_port_internal_of(const struct net_device *dev)
{
	const struct internal_dev *internal;

	if (dev->netdev_ops != &internal_netdev_ops)
		return NULL;
	internal = netdev_priv(dev);
	return rcu_dereference_rtnl(internal->port);
}

/**
 * vsl_port_internal_init() - at module load
 *
 * Return: 0; -EEXIST where another module has the kind "openvswitch" and we
 * were not told to stand beside it.
 */
int vsl_port_internal_init(void)
{
	int err;

	if (strcmp(vsl_family_prefix, VSL_DEFAULT_FAMILY_PREFIX))
		internal_link_ops.kind = "vswitch_lite";
	err = rtnl_link_register(&internal_link_ops);
	if (err == -EEXIST)
		pr_err("vswitch_lite: link kind \"%s\" is taken: unload openvswitch first (rmmod openvswitch), or load with family_prefix=vsl to stand beside it\n",
		       internal_link_ops.kind);
	return err;
}

/**
 * vsl_port_internal_exit() - at module unload, when no such device is left
 */
void vsl_port_internal_exit(void)
{
	rtnl_link_unregister(&internal_link_ops);
}
