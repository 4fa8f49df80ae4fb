// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ports: numbers, life, sending, figures; see port.h.  What is particular to a
 * kind of device is in port_netdev.c and port_internal.c.
 */
#include "port.h"
#include "trace.h"

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "ovs_abi.h"
#include "rewrite.h"

static const struct vsl_port_ops *ops_of_type(u32 type)
{
	switch (type) {
	case OVS_VPORT_TYPE_NETDEV:
		return &vsl_port_netdev_ops;
	case OVS_VPORT_TYPE_INTERNAL:
		return &vsl_port_internal_ops;
	}
	return NULL;
}

/**
 * vsl_portids_new() - a list of netlink sockets
 * @ids: copied; may be unaligned
 * @count: at least 1
 *
 * Context: sleeps.  Return: the list, freed by kfree_rcu(); NULL without
 * memory.
 */
struct vsl_portids *vsl_portids_new(const u32 *ids, unsigned int count)
{
	struct vsl_portids *portids;

	portids = kmalloc(struct_size(portids, id, count), GFP_KERNEL_ACCOUNT);
	if (!portids)
		return NULL;
	portids->count = count;
	memcpy(portids->id, ids, count * sizeof(*ids));
	return portids;
}

/* Has packets find @port under its number, or not.  The page is there. */
static void show(struct vsl_port *port, bool there)
{
	struct vsl_port_page *page =
		rcu_dereference_protected(port->dp->port_pages[port->port_no /
							       VSL_PORT_PAGE],
					  vsl_lock_is_held());

	rcu_assign_pointer(page->port[port->port_no % VSL_PORT_PAGE],
			   there ? port : NULL);
}

static int make_page(struct vsl_datapath *dp, u16 port_no)
{
	struct vsl_port_page __rcu **at = &dp->port_pages[port_no /
							  VSL_PORT_PAGE];
	struct vsl_port_page *page;

	if (rcu_access_pointer(*at))
		return 0;
	page = kzalloc(sizeof(*page), GFP_KERNEL_ACCOUNT);
	if (!page)
		return -ENOMEM;
	rcu_assign_pointer(*at, page);
	return 0;
}

/* The lowest free number from 1 on, or the one asked for. */
static int reserve_number(struct vsl_port *port, u16 port_no,
			  struct netlink_ext_ack *extack)
{
	struct xarray *ports = &port->dp->ports;
	/* the datapath's own device is made with it and is its first port */
	bool local = xa_empty(ports);
	u32 number = port_no;
	int err;

	if (port_no || local)
		err = xa_insert(ports, port_no, NULL, GFP_KERNEL_ACCOUNT);
	else
		err = xa_alloc(ports, &number, NULL,
			       XA_LIMIT(1, VSL_PORT_NONE - 1),
			       GFP_KERNEL_ACCOUNT);
	if (err == -EBUSY) {
		if (port_no) {
			NL_SET_ERR_MSG(extack, "that port number is taken");
		} else {
			NL_SET_ERR_MSG(extack, "no port number is free");
			err = -EFBIG;
		}
	}
	port->port_no = number;
	return min(err, 0);
}

/*
 * Room that the devices of a datapath want before a packet, so that none has to
 * be copied when one of them adds a header: all of them are told the most that
 * any of them needs.  Under vsl_lock().
 */
static void update_headroom(struct vsl_datapath *dp)
{
	unsigned int most = 0;
	struct vsl_port *port;
	unsigned long i;

	xa_for_each(&dp->ports, i, port)
		most = max_t(unsigned int, most,
			     netdev_get_fwd_headroom(port->dev));
	dp->headroom = most;
	xa_for_each(&dp->ports, i, port)
		netdev_set_rx_headroom(port->dev, most);
}

/**
 * vsl_port_add() - join a device to a datapath
 * @dp: the datapath
 * @spec: what is asked for
 * @extack: what went wrong
 *
 * Context: vsl_lock(); takes RTNL.
 *
 * Return: the port; an error pointer: EAFNOSUPPORT no such type, EBUSY number,
 * device or index taken, EFBIG no number free, ENODEV no such device, EINVAL not a
 * device that can be a port, EEXIST the name of a new device is taken, ENOMEM.
 */
struct vsl_port *vsl_port_add(struct vsl_datapath *dp,
			      const struct vsl_port_spec *spec,
			      struct netlink_ext_ack *extack)
{
	const struct vsl_port_ops *ops = ops_of_type(spec->type);
	struct vsl_portids *portids;
	struct vsl_port *port;
	int err;

	if (!ops) {
		NL_SET_ERR_MSG(extack, "ports are netdev or internal; a tunnel device is netdev");
		return ERR_PTR(-EAFNOSUPPORT);
	}
	port = kzalloc(sizeof(*port), GFP_KERNEL_ACCOUNT);
	if (!port)
		return ERR_PTR(-ENOMEM);
	port->dp = dp;
	port->ops = ops;
	err = reserve_number(port, spec->port_no, extack);
	if (err)
		goto err_free;
	err = spec->nr_portids ? vsl_port_set_portids(port, spec->portids,
						      spec->nr_portids) :
				 -EINVAL;
	if (!err)
		err = make_page(dp, port->port_no);
	if (!err)
		err = ops->attach(port, spec, extack);
	if (err)
		goto err_release_number;
	/* the place is reserved: this allocates nothing */
	xa_store(&dp->ports, port->port_no, port, GFP_KERNEL_ACCOUNT);
	show(port, true);
	if (netdev_get_fwd_headroom(port->dev) > dp->headroom)
		update_headroom(dp);
	else
		netdev_set_rx_headroom(port->dev, dp->headroom);
	return port;

err_release_number:
	xa_release(&dp->ports, port->port_no);
err_free:
	/* its device, if it had one for a moment, may still have readers */
	portids = rcu_dereference_raw(port->portids);
	if (portids)
		kfree_rcu(portids, rcu);
	kfree_rcu(port, rcu);
	return ERR_PTR(err);
}

/**
 * vsl_port_detach() - let go of the port's device
 * @port: does nothing if that has happened
 *
 * Context: RTNL.
 */
void vsl_port_detach(struct vsl_port *port)
{
	ASSERT_RTNL();
	if (!port->attached)
		return;
	/* before the grace period that each kind of detaching brings */
	WRITE_ONCE(port->attached, false);
	port->ops->detach(port);
}

static void port_free_cb(struct rcu_head *rcu)
{
	struct vsl_port *port = container_of(rcu, struct vsl_port, rcu);

	/* readers may use the device as long as they have the port */
	netdev_put(port->dev, &port->dev_tracker);
	kfree(rcu_dereference_raw(port->portids));
	kfree(port);
}

/**
 * vsl_port_del() - take a port out of its datapath
 * @port: freed after a grace period
 *
 * Context: vsl_lock(); takes RTNL.
 */
void vsl_port_del(struct vsl_port *port)
{
	struct vsl_datapath *dp = port->dp;
	bool needed_most = netdev_get_fwd_headroom(port->dev) >= dp->headroom;

	xa_erase(&dp->ports, port->port_no);
	show(port, false);
	rtnl_lock();
	vsl_port_detach(port);
	rtnl_unlock();
	call_rcu(&port->rcu, port_free_cb);
	if (needed_most && dp->headroom)
		update_headroom(dp);
}

/**
 * vsl_port_of_dev() - the port that a device is
 * @dev: any device
 *
 * Context: RCU read section, or RTNL.  Return: the port or NULL.
 */
struct vsl_port *vsl_port_of_dev(const struct net_device *dev)
{
	struct vsl_port *port = vsl_port_internal_of(dev);

	return port ? port : vsl_port_netdev_of(dev);
}

/**
 * vsl_port_set_portids() - where the port's misses go
 * @port: the port
 * @ids: netlink sockets; 0: nowhere
 * @count: at least 1
 *
 * Context: vsl_lock(), or the port is not in use yet.
 *
 * Return: 0 or -ENOMEM, with nothing changed.
 */
int vsl_port_set_portids(struct vsl_port *port, const u32 *ids,
			 unsigned int count)
{
	struct vsl_portids *old, *new = vsl_portids_new(ids, count);

	if (!new)
		return -ENOMEM;
	old = rcu_replace_pointer(port->portids, new, vsl_lock_is_held());
	if (old)
		kfree_rcu(old, rcu);
	return 0;
}

/**
 * vsl_port_portid() - the socket for a packet's miss
 * @port: that it came by
 * @skb: one flow's packets go to the same socket
 *
 * Context: RCU read section.  Return: the socket; 0: none.
 */
u32 vsl_port_portid(const struct vsl_port *port, struct sk_buff *skb)
{
	const struct vsl_portids *ids = rcu_dereference(port->portids);

	if (!ids)
		return 0;
	if (ids->count == 1)
		return ids->id[0];
	return ids->id[reciprocal_scale(skb_get_hash(skb), ids->count)];
}

/* What the device takes, Ethernet header and one tag not counted. */
static bool fits(const struct vsl_port *port, const struct sk_buff *skb)
{
	unsigned int len = skb->len - (port->no_mac ? 0 : ETH_HLEN);

	if (skb_is_gso(skb))
		return true;
	if (eth_type_vlan(skb->protocol) && !skb_vlan_tag_present(skb))
		len -= VLAN_HLEN;
	return len <= port->dev->mtu;
}

/*
 * Whether the device can have the packet.  One whose packets have no Ethernet
 * header can carry one that has: as its payload, tags and all.
 */
static bool suits(const struct vsl_port *port, struct sk_buff *skb,
		  bool has_mac)
{
	if (likely(!port->no_mac))
		return has_mac;
	if (has_mac) {
		if (unlikely(vsl_rewrite_tag_inside(skb)))
			return false;
		skb_reset_network_header(skb);
		skb_reset_mac_len(skb);
		skb->protocol = htons(ETH_P_TEB);
	}
	return true;
}

/**
 * vsl_port_send_any() - a packet leaves that may be any, by a port of any kind
 * @port: see vsl_port_send()
 * @skb: likewise
 * @has_mac: likewise
 */
void vsl_port_send_any(struct vsl_port *port, struct sk_buff *skb, bool has_mac)
{
	struct net_device *dev = port->dev;
	const char *why = "port cannot send it";

	/* a device that is not ours any more may be in other hands already */
	if (unlikely(!READ_ONCE(port->attached) || !netif_running(dev) ||
		     !netif_carrier_ok(dev) || !suits(port, skb, has_mac)))
		goto drop;
	if (unlikely(!fits(port, skb))) {
		atomic_long_inc(&port->too_big);
		why = "too big for the port";
		net_dbg_ratelimited("%s: packet of %u bytes dropped, the MTU is %u\n",
				    dev->name, skb->len, dev->mtu);
		goto drop;
	}
	vsl_port_cross_net(port, skb);
	skb->dev = dev;
	port->ops->send(port, skb);
	return;
drop:
	trace_drop(skb, why);
	kfree_skb(skb);
}

/**
 * vsl_port_absent() - a packet would leave by a port that is not there
 * @skb: consumed
 *
 * Context: any.
 */
void vsl_port_absent(struct sk_buff *skb)
{
	trace_drop(skb, "no such port");
	kfree_skb(skb);
}

/**
 * vsl_port_stats() - the port's counters
 * @port: under RCU or vsl_lock()
 * @stats: written: the device's, with what the datapath dropped on its behalf
 */
void vsl_port_stats(const struct vsl_port *port, struct ovs_vport_stats *stats)
{
	struct rtnl_link_stats64 dev_stats = {};

	/*
	 * A driver frees its counters when its device goes, a grace period
	 * after the port was detached.
	 */
	rcu_read_lock();
	if (READ_ONCE(port->attached))
		dev_get_stats(port->dev, &dev_stats);
	rcu_read_unlock();
	memset(stats, 0, sizeof(*stats));
	stats->rx_packets = dev_stats.rx_packets;
	stats->tx_packets = dev_stats.tx_packets;
	stats->rx_bytes = dev_stats.rx_bytes;
	stats->tx_bytes = dev_stats.tx_bytes;
	stats->rx_errors = dev_stats.rx_errors;
	stats->tx_errors = dev_stats.tx_errors +
			   atomic_long_read(&port->too_big);
	stats->rx_dropped = dev_stats.rx_dropped;
	stats->tx_dropped = dev_stats.tx_dropped;
}
