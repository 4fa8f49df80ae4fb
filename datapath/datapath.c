// SPDX-License-Identifier: GPL-2.0-only
/*
 * Datapaths: the list of them, their life, their counters; see datapath.h.
 * Called by nl_*.c for user space and by main.c when a namespace ends.
 */
#include "datapath.h"

#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "meter.h"
#include "nl_vport.h"
#include "ovs_abi.h"
#include "port.h"

DEFINE_MUTEX(vsl_mutex);	/* vsl_lock() */
static LIST_HEAD(datapaths);	/* of all namespaces, oldest first */

/*
 * Limits, so that whoever may have datapaths of his own, as anyone in a user
 * namespace of his own may, cannot have all of the machine; 0: none.  Those of
 * flows and masks are for datapaths made after they were set.
 */
static unsigned int max_datapaths = 1024;
module_param(max_datapaths, uint, 0644);
MODULE_PARM_DESC(max_datapaths, "datapaths that a network namespace may have, default 1024");

static unsigned int max_flows = 1024 * 1024;
module_param(max_flows, uint, 0644);
MODULE_PARM_DESC(max_flows, "flows that a datapath may have, default 1048576");

static unsigned int max_masks = 64 * 1024;
module_param(max_masks, uint, 0644);
MODULE_PARM_DESC(max_masks, "different masks that a datapath's flows may have, default 65536");

/* Frees datapaths, and ports whose device has gone. */
static struct workqueue_struct *workqueue;

/**
 * vsl_lock() - keep all datapaths and their ports as they are
 *
 * Context: sleeps; not under RTNL.
 */
void vsl_lock(void)
{
	mutex_lock(&vsl_mutex);
}

/**
 * vsl_unlock() - the reverse of vsl_lock()
 *
 * Devices of internal ports that were removed under the lock are unregistered
 * when it returns.
 *
 * Context: sleeps; not under RTNL, which it takes where there are such devices.
 */
void vsl_unlock(void)
{
	LIST_HEAD(devices);

	vsl_port_internal_leaving(&devices);
	mutex_unlock(&vsl_mutex);
	vsl_port_internal_unregister(&devices);
}

static void reap_ports(struct work_struct *work)
{
	struct vsl_datapath *dp;
	struct vsl_port *port;
	unsigned long i;

	vsl_lock();
	list_for_each_entry(dp, &datapaths, node) {
		xa_for_each(&dp->ports, i, port) {
			/* set under RTNL, before this work was queued */
			if (READ_ONCE(port->attached))
				continue;
			vsl_nl_vport_gone(port);
			vsl_port_del(port);
		}
	}
	vsl_unlock();
}

static DECLARE_WORK(reap_work, reap_ports);

/**
 * vsl_datapath_reap_ports() - have ports without a device removed, soon
 *
 * Context: any, RTNL too: it only queues the work.
 */
void vsl_datapath_reap_ports(void)
{
	queue_work(workqueue, &reap_work);
}

static void datapath_free(struct vsl_datapath *dp)
{
	unsigned int i;

	vsl_table_destroy(&dp->table);
	xa_destroy(&dp->ports);
	for (i = 0; i < ARRAY_SIZE(dp->port_pages); i++)
		kfree(rcu_dereference_raw(dp->port_pages[i]));
	vsl_meter_free_all(dp);
	kfree(rcu_dereference_raw(dp->cpu_portids));
	free_percpu(dp->stats);
	kfree(dp);
}

/*
 * Datapaths that nobody holds any more.  One work frees all that have come
 * together: a namespace may end with hundreds, and if each waited for RCU by
 * itself, each would have a kernel thread made for it, which nobody is charged.
 */
static LLIST_HEAD(unreferenced);

static void free_unreferenced(struct work_struct *work)
{
	struct llist_node *all = llist_del_all(&unreferenced);
	struct vsl_datapath *dp, *next;

	/* packets that still see them, and callbacks of their flows' */
	synchronize_rcu();
	rcu_barrier();
	llist_for_each_entry_safe(dp, next, all, to_free) {
		datapath_free(dp);
		cond_resched();
	}
}

static DECLARE_WORK(free_work, free_unreferenced);

/**
 * vsl_datapath_put() - drop a reference
 * @dp: may be NULL
 *
 * Context: any.
 */
void vsl_datapath_put(struct vsl_datapath *dp)
{
	if (!dp || !refcount_dec_and_test(&dp->refs))
		return;
	llist_add(&dp->to_free, &unreferenced);
	queue_work(workqueue, &free_work);
}

/**
 * vsl_datapath_new() - make a datapath, with its local port
 * @net: the namespace it is of
 * @local: what its local port is to be, but for type and number, which are set
 * @extack: what went wrong
 *
 * Context: vsl_lock(); takes RTNL.
 *
 * Return: the datapath, on the list, which holds the reference; an error
 * pointer: EMFILE the namespace has as many as it may, ENOMEM, or as of
 * vsl_port_add().
 */
struct vsl_datapath *vsl_datapath_new(struct net *net,
				      struct vsl_port_spec *local,
				      struct netlink_ext_ack *extack)
{
	struct vsl_datapath *dp;
	struct vsl_port *port;
	int err = -ENOMEM;
	int cpu;

	if (max_datapaths && vsl_datapath_nth(net, max_datapaths - 1)) {
		NL_SET_ERR_MSG(extack,
			       "as many datapaths as a network namespace may have: max_datapaths");
		return ERR_PTR(-EMFILE);
	}
	dp = kzalloc(sizeof(*dp), GFP_KERNEL_ACCOUNT);
	if (!dp)
		return ERR_PTR(err);
	dp->stats = alloc_percpu_gfp(struct vsl_dp_stats,
				     GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!dp->stats)
		goto err_free;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(dp->stats, cpu)->sync);
	err = vsl_table_init(&dp->table);
	if (err)
		goto err_free_stats;
	dp->table.max_flows = max_flows;
	dp->table.max_masks = max_masks;
	xa_init_flags(&dp->ports, XA_FLAGS_ALLOC | XA_FLAGS_ACCOUNT);
	/* far apart, each has a node of its own that is larger than itself */
	xa_init_flags(&dp->meters, XA_FLAGS_ACCOUNT);
	write_pnet(&dp->net, net);
	refcount_set(&dp->refs, 1);
	list_add_tail(&dp->node, &datapaths);
	__module_get(THIS_MODULE);

	/* from here on the device is there, and the datapath can be found */
	local->type = OVS_VPORT_TYPE_INTERNAL;
	local->port_no = VSL_PORT_LOCAL;
	port = vsl_port_add(dp, local, extack);
	if (IS_ERR(port)) {
		vsl_datapath_del(dp);
		return ERR_CAST(port);
	}
	return dp;

err_free_stats:
	free_percpu(dp->stats);
err_free:
	kfree(dp);
	return ERR_PTR(err);
}

/**
 * vsl_datapath_del() - end a datapath
 * @dp: on the list; not to be used any more by a caller without a reference
 *
 * Context: vsl_lock(); takes RTNL; waits for packets in flight.
 */
void vsl_datapath_del(struct vsl_datapath *dp)
{
	struct vsl_port *local = vsl_datapath_port(dp, VSL_PORT_LOCAL);
	struct vsl_port *port;
	unsigned long i;

	list_del(&dp->node);
	/* the local one last: the others' devices are linked to it */
	xa_for_each_start(&dp->ports, i, port, VSL_PORT_LOCAL + 1)
		vsl_port_del(port);
	if (local)
		vsl_port_del(local);

	mutex_lock(&dp->table.lock);
	dp->dead = true;
	vsl_table_flush(&dp->table);
	mutex_unlock(&dp->table.lock);

	vsl_datapath_put(dp);
	module_put(THIS_MODULE);
}

/**
 * vsl_datapath_del_net() - a network namespace ends
 * @net: which: its datapaths go, and so do the internal devices of others'
 *       that were moved to it
 *
 * Context: takes vsl_lock() and RTNL.
 */
void vsl_datapath_del_net(struct net *net)
{
	struct vsl_datapath *dp, *next;
	struct vsl_port *port;
	unsigned long i;

	vsl_lock();
	list_for_each_entry_safe(dp, next, &datapaths, node) {
		if (net_eq(read_pnet(&dp->net), net)) {
			vsl_datapath_del(dp);
			continue;
		}
		xa_for_each(&dp->ports, i, port) {
			if (port->ops != &vsl_port_internal_ops ||
			    !net_eq(dev_net(port->dev), net))
				continue;
			vsl_nl_vport_gone(port);
			vsl_port_del(port);
		}
	}
	vsl_unlock();
}

/**
 * vsl_datapath_get() - find a datapath
 * @net: the asker's namespace
 * @name: of the local port's device; NULL: find it by @ifindex
 * @ifindex: of any internal port's device
 *
 * Context: any that RCU allows.  A caller that holds vsl_lock() can rely on it
 * not having been deleted; any other has to look at @dead under table.lock.
 *
 * Return: the datapath, to be given back by vsl_datapath_put(), or NULL.
 */
struct vsl_datapath *vsl_datapath_get(struct net *net, const char *name,
				      int ifindex)
{
	struct vsl_datapath *dp = NULL;
	struct net_device *dev;
	struct vsl_port *port;

	rcu_read_lock();
	dev = name ? dev_get_by_name_rcu(net, name) :
		     dev_get_by_index_rcu(net, ifindex);
	port = dev ? vsl_port_internal_of(dev) : NULL;
	if (port && (!name || port->port_no == VSL_PORT_LOCAL) &&
	    net_eq(read_pnet(&port->dp->net), net) &&
	    refcount_inc_not_zero(&port->dp->refs))
		dp = port->dp;
	rcu_read_unlock();
	return dp;
}

/**
 * vsl_datapath_nth() - walk a namespace's datapaths
 * @net: the namespace
 * @n: 0 for the oldest
 *
 * Context: vsl_lock().  Return: the datapath or NULL.
 */
struct vsl_datapath *vsl_datapath_nth(struct net *net, unsigned int n)
{
	struct vsl_datapath *dp;

	list_for_each_entry(dp, &datapaths, node)
		if (net_eq(read_pnet(&dp->net), net) && !n--)
			return dp;
	return NULL;
}

/**
 * vsl_datapath_count() - how many datapaths a namespace has
 * @net: the namespace
 *
 * Context: takes vsl_lock().  Return: the number.
 */
unsigned int vsl_datapath_count(struct net *net)
{
	struct vsl_datapath *dp;
	unsigned int n = 0;

	vsl_lock();
	list_for_each_entry(dp, &datapaths, node)
		n += net_eq(read_pnet(&dp->net), net);
	vsl_unlock();
	return n;
}

/**
 * vsl_datapath_ifindex() - the datapath's number in messages
 * @dp: the datapath
 *
 * Context: RCU read section or vsl_lock().  Return: the ifindex of the local
 * port's device; 0 for a datapath that is ending.
 */
int vsl_datapath_ifindex(const struct vsl_datapath *dp)
{
	const struct vsl_port *local = vsl_datapath_port(dp, VSL_PORT_LOCAL);

	return local ? local->dev->ifindex : 0;
}

/**
 * vsl_datapath_name() - the datapath's name
 * @dp: the datapath
 *
 * Context: RCU read section or vsl_lock().  Return: the local port's device's
 * name, which may change at any time.
 */
const char *vsl_datapath_name(const struct vsl_datapath *dp)
{
	const struct vsl_port *local = vsl_datapath_port(dp, VSL_PORT_LOCAL);

	return local ? netdev_name(local->dev) : "(ending)";
}

/**
 * vsl_datapath_totals() - the counters of all CPUs
 * @dp: the datapath
 * @totals: written
 */
void vsl_datapath_totals(const struct vsl_datapath *dp,
			 struct vsl_dp_totals *totals)
{
	int cpu;

	memset(totals, 0, sizeof(*totals));
	for_each_possible_cpu(cpu) {
		const struct vsl_dp_stats *stats = per_cpu_ptr(dp->stats, cpu);
		struct vsl_dp_totals one;
		unsigned int start;

		do {
			start = u64_stats_fetch_begin(&stats->sync);
			one.hit = u64_stats_read(&stats->hit);
			one.missed = u64_stats_read(&stats->missed);
			one.lost = u64_stats_read(&stats->lost);
			one.mask_hit = u64_stats_read(&stats->mask_hit);
			one.looped = u64_stats_read(&stats->looped);
			one.cache_hit = u64_stats_read(&stats->cache_hit);
		} while (u64_stats_fetch_retry(&stats->sync, start));
		totals->hit += one.hit;
		totals->missed += one.missed;
		totals->lost += one.lost;
		totals->mask_hit += one.mask_hit;
		totals->looped += one.looped;
		totals->cache_hit += one.cache_hit;
	}
}

/**
 * vsl_datapath_count_loop() - a packet was dropped, for its way is a loop
 * @dp: the datapath
 *
 * Context: bottom halves off.
 */
void vsl_datapath_count_loop(struct vsl_datapath *dp)
{
	struct vsl_dp_stats *stats = this_cpu_ptr(dp->stats);

	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(&stats->looped);
	u64_stats_update_end(&stats->sync);
}

/**
 * vsl_datapath_set_cpu_portids() - where misses go, by CPU
 * @dp: the datapath
 * @ids: netlink sockets; 0: nowhere
 * @count: at least 1; CPU n uses the socket at n modulo @count
 *
 * Context: vsl_lock().  Return: 0 or -ENOMEM, with nothing changed.
 */
int vsl_datapath_set_cpu_portids(struct vsl_datapath *dp, const u32 *ids,
				 unsigned int count)
{
	struct vsl_portids *old, *new = vsl_portids_new(ids, count);

	if (!new)
		return -ENOMEM;
	old = rcu_replace_pointer(dp->cpu_portids, new, vsl_lock_is_held());
	if (old)
		kfree_rcu(old, rcu);
	return 0;
}

/**
 * vsl_datapath_init() - at module load
 *
 * Return: 0 or -ENOMEM.
 */
int vsl_datapath_init(void)
{
	workqueue = alloc_workqueue("vswitch_lite", WQ_UNBOUND, 0);
	return workqueue ? 0 : -ENOMEM;
}

/**
 * vsl_datapath_exit() - at module unload, when no datapath is left
 */
void vsl_datapath_exit(void)
{
	/* first what is queued, and then the callbacks that it leaves */
	destroy_workqueue(workqueue);
	rcu_barrier();
}
