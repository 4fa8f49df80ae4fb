/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A port: where packets enter and leave a datapath.  What kind of device is
 * behind it is the business of the edges, port_netdev.c and port_internal.c.
 *
 * Life: vsl_port_add() under vsl_lock(); vsl_port_del() under vsl_lock() takes
 * it out of the datapath, detaches the device, frees it after a grace period; a
 * device of our own is unregistered by vsl_unlock().
 * When a device goes away by itself, its edge detaches it at once, under RTNL,
 * and asks for vsl_datapath_reap_ports() to do the rest.
 */
#ifndef VSL_PORT_H
#define VSL_PORT_H

#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/types.h>

#include "datapath.h"

struct netlink_ext_ack;
struct ovs_vport_stats;
struct sk_buff;
struct vsl_port;

/**
 * struct vsl_port_spec - what a port is asked to be
 * @type: enum ovs_vport_type
 * @name: of its device: an existing one, or one to be made (internal)
 * @port_no: its number; 0: any.  The first port of a datapath is its local one,
 *           number 0
 * @ifindex: of a device that is made; 0: any
 * @portids: netlink sockets that its misses go to; 0: nowhere
 * @nr_portids: how many; 0: what was given was no such list, which is an error
 */
struct vsl_port_spec {
	u32 type;
	const char *name;
	u16 port_no;
	int ifindex;
	const u32 *portids;
	unsigned int nr_portids;
};

/**
 * struct vsl_port_ops - a kind of port
 * @type: enum ovs_vport_type
 * @attach: sets @port->dev and lets packets come in from it.  Under vsl_lock();
 *          takes RTNL.  Returns 0 or what went wrong, with nothing changed
 * @detach: the reverse.  Under RTNL, once.  After it and a grace period no
 *          packet comes from the device and @port may be freed
 * @send: consumes @skb.  Under RCU, bottom halves off
 */
struct vsl_port_ops {
	u32 type;
	int (*attach)(struct vsl_port *port, const struct vsl_port_spec *spec,
		      struct netlink_ext_ack *extack);
	void (*detach)(struct vsl_port *port);
	void (*send)(struct vsl_port *port, struct sk_buff *skb);
};

/**
 * struct vsl_port - a datapath's port
 * @dev: its device, a counted reference
 * @dev_tracker: of that reference
 * @dp: valid as long as the port is: the datapath goes after its ports
 * @ops: its kind
 * @port_no: its number
 * @attached: the device is ours; written under RTNL
 * @no_mac: the device's packets have no Ethernet header (ARPHRD_NONE)
 * @plain: a device of another driver, in the same network namespace, whose
 *         packets have one
 * @portids: sockets that misses go to, for OVS_DP_F_VPORT_PIDS and where no
 *           socket is given by CPU; RCU, written under vsl_lock()
 * @too_big: packets dropped for the device's MTU
 * @upcalls: delivered
 * @upcalls_lost: not delivered
 * @rcu: frees it
 */
struct vsl_port {
	struct net_device *dev;
	netdevice_tracker dev_tracker;
	struct vsl_datapath *dp;
	const struct vsl_port_ops *ops;
	u16 port_no;
	bool attached;
	bool no_mac;
	bool plain;
	struct vsl_portids __rcu *portids;
	atomic_long_t too_big;
	atomic_long_t upcalls;
	atomic_long_t upcalls_lost;
	struct rcu_head rcu;
};

struct vsl_port *vsl_port_add(struct vsl_datapath *dp,
			      const struct vsl_port_spec *spec,
			      struct netlink_ext_ack *extack);
void vsl_port_del(struct vsl_port *port);
struct vsl_port *vsl_port_of_dev(const struct net_device *dev);
void vsl_port_detach(struct vsl_port *port);
int vsl_port_set_portids(struct vsl_port *port, const u32 *ids,
			 unsigned int count);
u32 vsl_port_portid(const struct vsl_port *port, struct sk_buff *skb);
void vsl_port_absent(struct sk_buff *skb);
void vsl_port_send_any(struct vsl_port *port, struct sk_buff *skb,
		       bool has_mac);
void vsl_port_stats(const struct vsl_port *port,
		    struct ovs_vport_stats *stats);

struct vsl_portids *vsl_portids_new(const u32 *ids, unsigned int count);

/* The edges. */
extern const struct vsl_port_ops vsl_port_netdev_ops;
extern const struct vsl_port_ops vsl_port_internal_ops;

struct vsl_port *vsl_port_netdev_of(const struct net_device *dev);
struct vsl_port *vsl_port_internal_of(const struct net_device *dev);
int vsl_port_netdev_init(void);
void vsl_port_netdev_exit(void);
void vsl_port_netdev_send(struct vsl_port *port, struct sk_buff *skb);
void vsl_port_internal_leaving(struct list_head *devices);
void vsl_port_internal_unregister(struct list_head *devices);
int vsl_port_internal_init(void);
void vsl_port_internal_exit(void);

/**
 * vsl_port_cross_net() - a packet between its datapath and a port's device
 * @port: the port
 * @skb: what one network namespace knows of it is not for another, but for the
 *       mark, which flows match and set
 *
 * Context: RCU read section.
 */
static inline void vsl_port_cross_net(const struct vsl_port *port,
				      struct sk_buff *skb)
{
	u32 mark = skb->mark;

	if (likely(net_eq(dev_net(port->dev), read_pnet(&port->dp->net))))
		return;
	skb_scrub_packet(skb, true);
	skb->mark = mark;
}

/**
 * vsl_port_send() - a packet leaves
 * @port: by which port; under RCU
 * @skb: consumed; data at the Ethernet header, if it has one
 * @has_mac: it has
 *
 * A device that is down or has no carrier drops it silently, like a cable that
 * is pulled, and so does an Ethernet device a packet without such a header; a
 * packet too large for the device is dropped and counted.
 *
 * Context: RCU read section, bottom halves off.
 */
static __always_inline void vsl_port_send(struct vsl_port *port,
					  struct sk_buff *skb, bool has_mac)
{
	struct net_device *dev = port->dev;

	/* most are none of a dozen special cases */
	if (unlikely(!READ_ONCE(port->plain) || !has_mac || !netif_running(dev) ||
		     !netif_carrier_ok(dev) ||
		     skb->len > dev->mtu + ETH_HLEN)) {
		vsl_port_send_any(port, skb, has_mac);
		return;
	}
	skb->dev = dev;
	vsl_port_netdev_send(port, skb);
}

/**
 * vsl_port_output() - a packet leaves by the port of a number
 * @dp: the datapath; under RCU
 * @skb: see vsl_port_send()
 * @has_mac: likewise
 * @port_no: a port that is not there, not up or has no carrier is no error: the
 *           packet goes where a cable would take it
 */
static __always_inline void vsl_port_output(const struct vsl_datapath *dp,
					    struct sk_buff *skb, bool has_mac,
					    u16 port_no)
{
	struct vsl_port *port = vsl_datapath_port(dp, port_no);

	if (likely(port))
		vsl_port_send(port, skb, has_mac);
	else
		vsl_port_absent(skb);
}

#endif /* VSL_PORT_H */
