// SPDX-License-Identifier: GPL-2.0-only
/*
 * The spine.  A packet's way, each step a file:
 *
 *   port_netdev.c or port_internal.c   it comes in
 *   key.c      its key is taken
 *   table.c    the flow is looked up; flow.c counts it
 *   action.c   hit: the flow's actions; rewrite.c edits, port.c sends
 *   upcall.c   miss: user space is told, and may answer by nl_packet.c
 */
#include "receive.h"

#include <linux/percpu.h>
#include <linux/skbuff.h>

#include "action.h"
#include "datapath.h"
#include "flow.h"
#include "key.h"
#include "ovs_abi.h"
#include "port.h"
#include "upcall.h"

/*
 * An output to an internal port of a bridge of a datapath can come back on the
 * same stack.  Loops end here, long before the stack does.
 */
#define DEPTH_MAX	5

static DEFINE_PER_CPU(int, depth);

/**
 * vsl_execute() - run actions on a packet
 * @dp: the datapath
 * @skb: consumed
 * @key: of the packet
 * @actions: under RCU
 *
 * Context: RCU read section, bottom halves off.
 *
 * Return: 0; -ENETDOWN where actions nest too deep (a loop); what
 * vsl_actions_run() returns.
 */
int vsl_execute(struct vsl_datapath *dp, struct sk_buff *skb,
		struct vsl_key *key, const struct vsl_actions *actions)
{
	int err;

	if (unlikely(__this_cpu_inc_return(depth) > DEPTH_MAX)) {
		net_dbg_ratelimited("%s: packet dropped, its way through internal ports is a loop\n",
				    vsl_datapath_name(dp));
		kfree_skb(skb);
		err = -ENETDOWN;
	} else {
		err = vsl_actions_run(dp, skb, key, actions);
	}
	__this_cpu_dec(depth);
	return err;
}

/* Consumes @skb. */
static void miss(struct vsl_datapath *dp, struct sk_buff *skb,
		 const struct vsl_key *key)
{
	static const struct vsl_upcall upcall = {
		.cmd = OVS_PACKET_CMD_MISS,
	};

	vsl_upcall(dp, skb, key, &upcall);
	consume_skb(skb);
}

/**
 * vsl_receive() - a packet has come in
 * @port: by which port; under RCU
 * @skb: consumed.  Data at the Ethernet header, of which all 14 bytes are
 *       linear; not shared
 *
 * Context: RCU read section, bottom halves off.
 */
void vsl_receive(struct vsl_port *port, struct sk_buff *skb)
{
	struct vsl_datapath *dp = port->dp;
	struct vsl_lookup lookup = {};
	struct vsl_dp_stats *stats;
	struct vsl_flow *flow;
	struct vsl_key key;

	if (unlikely(vsl_key_extract(&key, skb, port->port_no))) {
		kfree_skb(skb);
		return;
	}
	flow = vsl_table_receive(&dp->table, &key, &lookup);

	stats = this_cpu_ptr(dp->stats);
	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(likely(flow) ? &stats->hit : &stats->missed);
	u64_stats_add(&stats->mask_hit, lookup.tried);
	u64_stats_add(&stats->cache_hit, lookup.cached);
	u64_stats_update_end(&stats->sync);

	if (unlikely(!flow)) {
		miss(dp, skb, &key);
		return;
	}
	vsl_flow_count(flow, skb, &key);
	vsl_execute(dp, skb, &key, rcu_dereference(flow->actions));
}
