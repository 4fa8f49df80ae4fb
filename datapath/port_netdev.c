// SPDX-License-Identifier: GPL-2.0-only
/*
 * The edge to devices of any driver: veth, physical, tap, tunnel.
 *
 * 1. attach: an rx handler on the device hands us what it receives;
 * 2. packets: netdev_rx() to receive.c; vsl_port_netdev_send() from port.h;
 * 3. detach: by the port's removal, or by the notifier when the device goes
 *    away or moves to another namespace.  Under RTNL, so just once.
 *
 * A port is known by its rx handler.  The flag IFF_OVS_DATAPATH is not set: it
 * is openvswitch.ko's, whose notifier, where that module is loaded beside us,
 * takes a device that bears it for its own and detaches it.
 */
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>

#include "ovs_abi.h"
#include "port.h"
#include "receive.h"

/* Context: softirq, RCU read section. */
static rx_handler_result_t netdev_rx(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	struct vsl_port *port;

	if (unlikely(skb->pkt_type == PACKET_LOOPBACK))
		return RX_HANDLER_PASS;
	port = rcu_dereference(skb->dev->rx_handler_data);
	/* what LRO has merged cannot be taken apart again: RFC 9293 options */
	if (unlikely(skb_warn_if_lro(skb)))
		goto drop;
	/* a packet socket may hold the same skb */
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (unlikely(!skb))
		return RX_HANDLER_CONSUMED;
	if (likely(!port->no_mac)) {
		/*
		 * Whoever received it has pulled them; but a device can say
		 * that it is Ethernet and hand up packets that have no header.
		 */
		if (unlikely(skb_mac_offset(skb) != -ETH_HLEN))
			goto drop;
		__skb_push(skb, ETH_HLEN);
		skb_postpush_rcsum(skb, skb->data, ETH_HLEN);
	} else if (skb->protocol == htons(ETH_P_TEB) &&
		   unlikely(!pskb_may_pull(skb, ETH_HLEN))) {
		goto drop;
	}
	vsl_receive(port, skb);
	return RX_HANDLER_CONSUMED;
drop:
	kfree_skb(skb);
	return RX_HANDLER_CONSUMED;
}

static int netdev_attach(struct vsl_port *port,
			 const struct vsl_port_spec *spec,
			 struct netlink_ext_ack *extack)
{
	struct vsl_port *local = vsl_datapath_port(port->dp, VSL_PORT_LOCAL);
	struct net_device *dev;
	int err;

	rtnl_lock();
	dev = __dev_get_by_name(read_pnet(&port->dp->net), spec->name);
	if (!dev) {
		NL_SET_ERR_MSG(extack, "no device of that name in this network namespace");
		err = -ENODEV;
		goto err_unlock;
	}
	if ((dev->flags & IFF_LOOPBACK) || netif_is_ovs_master(dev) ||
	    (dev->type != ARPHRD_ETHER && dev->type != ARPHRD_NONE)) {
		NL_SET_ERR_MSG(extack, "not a kind of device that can be a port, or our own");
		err = -EINVAL;
		goto err_unlock;
	}
	/* the device is not touched before all that can fail has succeeded */
	port->dev = dev;
	port->no_mac = dev->type == ARPHRD_NONE;
	port->plain = !port->no_mac;
	netdev_hold(dev, &port->dev_tracker, GFP_KERNEL);
	err = netdev_master_upper_dev_link(dev, local->dev, NULL, NULL, extack);
	if (err == -EEXIST)
		NL_SET_ERR_MSG(extack, "the device is a port of this datapath");
	if (err)
		goto err_put;
	err = netdev_rx_handler_register(dev, netdev_rx, port);
	if (err) {
		NL_SET_ERR_MSG(extack, "the device is in use by a bridge, bond or other datapath");
		goto err_unlink;
	}
	dev_disable_lro(dev);
	dev_set_promiscuity(dev, 1);
	port->attached = true;
	rtnl_unlock();
	return 0;

err_unlink:
	netdev_upper_dev_unlink(dev, local->dev);
err_put:
	netdev_put(dev, &port->dev_tracker);
err_unlock:
	rtnl_unlock();
	return err;
}

static void netdev_detach(struct vsl_port *port)
{
	struct net_device *dev = port->dev;

	/* it may be on its way to another namespace: see vsl_port_send_any() */
	WRITE_ONCE(port->plain, false);
	netdev_reset_rx_headroom(dev);
	dev_set_promiscuity(dev, -1);
	/* waits until no CPU is in netdev_rx() with this port */
	netdev_rx_handler_unregister(dev);
	netdev_upper_dev_unlink(dev, netdev_master_upper_dev_get(dev));
}

/**
 * vsl_port_netdev_send() - hand a packet to the device
 * @port: of this kind
 * @skb: consumed; its device is set
 *
 * Context: RCU read section, bottom halves off.
 */
void vsl_port_netdev_send(struct vsl_port *port, struct sk_buff *skb)
{
	/* a time of arrival would be taken for one to send at */
	skb_clear_tstamp(skb);
	dev_queue_xmit(skb);
}

const struct vsl_port_ops vsl_port_netdev_ops = {
	.type = OVS_VPORT_TYPE_NETDEV,
	.attach = netdev_attach,
	.detach = netdev_detach,
	.send = vsl_port_netdev_send,
};

/**
 * vsl_port_netdev_of() - the port that a device of another driver is
 * @dev: any device
 *
 * Context: RCU read section or RTNL.  Return: the port or NULL.
 */
struct vsl_port *vsl_port_netdev_of(const struct net_device *dev)
{
	if (rcu_access_pointer(dev->rx_handler) != netdev_rx)
		return NULL;
	return rcu_dereference_rtnl(dev->rx_handler_data);
}

static int netdev_event(struct notifier_block *nb, unsigned long event,
			void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);
	struct vsl_port *port;

	if (event != NETDEV_UNREGISTER && event != NETDEV_PRE_TYPE_CHANGE)
		return NOTIFY_DONE;
	port = vsl_port_netdev_of(dev);
	if (!port)
		return NOTIFY_DONE;
	/* whether its packets have an Ethernet header is settled */
	if (event == NETDEV_PRE_TYPE_CHANGE)
		return NOTIFY_BAD;
	vsl_port_detach(port);
	vsl_datapath_reap_ports();
	return NOTIFY_DONE;
}

static struct notifier_block netdev_notifier = {
	.notifier_call = netdev_event,
};

/**
 * vsl_port_netdev_init() - at module load
 *
 * Return: 0 or a negative errno.
 */
int vsl_port_netdev_init(void)
{
	return register_netdevice_notifier(&netdev_notifier);
}

/**
 * vsl_port_netdev_exit() - at module unload
 */
void vsl_port_netdev_exit(void)
{
	unregister_netdevice_notifier(&netdev_notifier);
}
