/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A datapath: ports, a flow table, counters.  User space knows it by the
 * ifindex or the name of its local port, an internal device.
 *
 * Locks, outermost first:
 *   vsl_lock()     the list of datapaths, their ports, their settings
 *   RTNL           what the network stack wants it for
 *   table.lock     a datapath's flows
 * vsl_lock() is never taken under RTNL: it is held while RTNL is waited for.
 * The packet path takes none of them; it holds RCU.
 *
 * Life of a datapath: vsl_datapath_new(); found by vsl_datapath_get(), whose
 * callers hold a reference while they work; vsl_datapath_del() takes it off the
 * list, removes the ports, sets @dead under table.lock and flushes the flows.
 * The last reference frees it after a grace period.
 */
#ifndef VSL_DATAPATH_H
#define VSL_DATAPATH_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/u64_stats_sync.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>

#include "table.h"

struct netlink_ext_ack;
struct vsl_port;
struct vsl_port_spec;

/* Number of the port that is the datapath's own device. */
#define VSL_PORT_LOCAL		0

/* One CPU's counters; written by it alone, with bottom halves off. */
struct vsl_dp_stats {
	u64_stats_t hit;
	u64_stats_t missed;
	u64_stats_t lost;
	u64_stats_t mask_hit;
	u64_stats_t looped;
	u64_stats_t cache_hit;
	struct u64_stats_sync sync;
};

struct vsl_dp_totals {
	u64 hit;
	u64 missed;
	u64 lost;
	u64 mask_hit;
	u64 looped;		/* dropped, for their way was a loop */
	u64 cache_hit;
};

/* Ports by number, for packets: a page of them is there once one of them was. */
#define VSL_PORT_PAGE	256

struct vsl_port_page {
	struct vsl_port __rcu *port[VSL_PORT_PAGE];
};

/* Netlink sockets that upcalls go to; replaced as a whole. */
struct vsl_portids {
	struct rcu_head rcu;
	unsigned int count;
	u32 id[];
};

/**
 * struct vsl_datapath - a switch
 * @table: see table.h
 * @ports: number to port, for commands; vsl_lock()
 * @port_pages: the same for packets; RCU, written under vsl_lock(); pages stay
 *              as long as the datapath
 * @meters: number to meter; see meter.h
 * @meter_count: how many
 * @stats: per CPU
 * @net: the network namespace it is of; not counted: the namespace's exit
 *       deletes the datapath
 * @user_features: OVS_DP_F_*; written under vsl_lock()
 * @cpu_portids: sockets by CPU, for OVS_DP_F_DISPATCH_UPCALL_PER_CPU; RCU,
 *               written under vsl_lock(); NULL if never set
 * @upcall_times: upcalls carry their number and time; any context
 * @upcall_number: of the last one that does
 * @headroom: what the ports' devices were told to leave before a packet, bytes;
 *            vsl_lock()
 * @dead: no flow may be put any more; table.lock
 * @refs: holders
 * @node: on the list of datapaths; vsl_lock()
 * @to_free: on the list of those that nobody holds
 */
struct vsl_datapath {
	struct vsl_table table;
	struct xarray ports;
	struct vsl_port_page __rcu *port_pages[(U16_MAX + 1) / VSL_PORT_PAGE];
	struct xarray meters;
	atomic_t meter_count;
	struct vsl_dp_stats __percpu *stats;
	possible_net_t net;
	u32 user_features;
	struct vsl_portids __rcu *cpu_portids;
	bool upcall_times;
	atomic64_t upcall_number;
	unsigned int headroom;
	bool dead;
	refcount_t refs;
	struct list_head node;
	struct llist_node to_free;
};

void vsl_lock(void);
void vsl_unlock(void);

/* For rcu_dereference_protected(); without lockdep there is nothing to ask. */
extern struct mutex vsl_mutex;
#define vsl_lock_is_held()	lockdep_is_held(&vsl_mutex)

struct vsl_datapath *vsl_datapath_new(struct net *net,
				      struct vsl_port_spec *local,
				      struct netlink_ext_ack *extack);
void vsl_datapath_del(struct vsl_datapath *dp);
void vsl_datapath_del_net(struct net *net);
struct vsl_datapath *vsl_datapath_get(struct net *net, const char *name,
				      int ifindex);
void vsl_datapath_put(struct vsl_datapath *dp);
struct vsl_datapath *vsl_datapath_nth(struct net *net, unsigned int n);
unsigned int vsl_datapath_count(struct net *net);
int vsl_datapath_ifindex(const struct vsl_datapath *dp);
const char *vsl_datapath_name(const struct vsl_datapath *dp);
void vsl_datapath_totals(const struct vsl_datapath *dp,
			 struct vsl_dp_totals *totals);
void vsl_datapath_count_loop(struct vsl_datapath *dp);
int vsl_datapath_set_cpu_portids(struct vsl_datapath *dp, const u32 *ids,
				 unsigned int count);
void vsl_datapath_reap_ports(void);
int vsl_datapath_init(void);
void vsl_datapath_exit(void);

/**
 * vsl_datapath_port() - port by number
 * @dp: the datapath
 * @port_no: any number
 *
 * Context: RCU read section or vsl_lock(), for as long as the result is used.
 * Return: the port or NULL.
 */
static inline struct vsl_port *vsl_datapath_port(const struct vsl_datapath *dp,
						 u16 port_no)
{
	const struct vsl_port_page *page =
		rcu_dereference_check(dp->port_pages[port_no / VSL_PORT_PAGE],
				      vsl_lock_is_held());

	if (unlikely(!page))
		return NULL;
	return rcu_dereference_check(page->port[port_no % VSL_PORT_PAGE],
				     vsl_lock_is_held());
}

#endif /* VSL_DATAPATH_H */
