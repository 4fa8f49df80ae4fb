// SPDX-License-Identifier: GPL-2.0-only
/*
 * The spine.  A packet's way, each step a file:
 *
 *   port_netdev.c or port_internal.c   it comes in
 *   key.c      its key is taken
 *   lookup.h   the flow is looked up; flow.h counts it
 *   action.c   hit: the flow's actions; rewrite.c edits, port.c sends
 *   upcall.c   miss: user space is told, and may answer by nl_packet.c
 *   recirc.c   once more: a packet that the actions want looked up again waits
 *              there until they have ended
 */
#include "receive.h"

#include <linux/percpu.h>
#include <linux/skbuff.h>

#include "action.h"
#include "compat.h"
#include "datapath.h"
#include "flow.h"
#include "key.h"
#include "lookup.h"
#include "ovs_abi.h"
#include "port.h"
#include "recirc.h"
#include "trace.h"
#include "upcall.h"

/*
 * An output to an internal port of a bridge of a datapath can come back on the
 * same stack.  Loops end here, long before the stack does.
 */
#define DEPTH_MAX	5

static DEFINE_PER_CPU(int, depth);

/*
 * This, the queue of recirc.h and the counters are a CPU's own as long as bottom
 * halves are off; on a kernel that preempts even then they would need locks.
 */
#ifdef CONFIG_PREEMPT_RT
#error "vswitch_lite does not run on PREEMPT_RT kernels"
#endif

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

/*
 * The flow that takes a packet; a packet that none takes goes to user space.
 * Consumes @skb where it returns NULL.
 */
static __always_inline struct vsl_flow *find_flow(struct vsl_datapath *dp,
						  struct sk_buff *skb,
						  const struct vsl_key *key)
{
	struct vsl_lookup lookup = {};
	struct vsl_dp_stats *stats;
	struct vsl_flow *flow;

	flow = vsl_table_receive(&dp->table, key, &lookup);
	trace_lookup(dp, skb, key, flow, &lookup);

	stats = this_cpu_ptr(dp->stats);
	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(likely(flow) ? &stats->hit : &stats->missed);
	u64_stats_add(&stats->mask_hit, lookup.tried);
	u64_stats_add(&stats->cache_hit, lookup.cached);
	u64_stats_update_end(&stats->sync);

	if (unlikely(!flow)) {
		miss(dp, skb, key);
		return NULL;
	}
	vsl_flow_count(flow, skb, key->tcp_flags);
	return flow;
}

/* Consumes @skb. */
static noinline int drop_loop(struct vsl_datapath *dp, struct sk_buff *skb,
			      const char *what)
{
	net_dbg_ratelimited("%s: packet dropped, its %s is a loop\n",
			    vsl_datapath_name(dp), what);
	vsl_datapath_count_loop(dp);
	trace_drop(skb, "loop");
	kfree_skb(skb);
	return -ENETDOWN;
}

/*
 * The packets that are to be looked up once more, in the order that they came,
 * until none is left; each may add to them.
 */
static noinline void drain_recirc(void)
{
	const struct vsl_actions *actions;
	struct vsl_recirc *recirc;
	struct vsl_flow *flow;

	while ((recirc = vsl_recirc_take())) {
		flow = find_flow(recirc->dp, recirc->skb, &recirc->key);
		if (likely(flow)) {
			actions = rcu_dereference(flow->actions);
			if (likely(vsl_recirc_afford(actions->count)))
				vsl_actions_run(recirc->dp, recirc->skb,
						&recirc->key, actions,
						recirc->max_len);
			else
				drop_loop(recirc->dp, recirc->skb,
					  "recirculation");
		}
		vsl_recirc_done(recirc);
	}
	vsl_recirc_end();
}

/* See vsl_execute(). */
static __always_inline int execute(struct vsl_datapath *dp, struct sk_buff *skb,
				   struct vsl_key *key,
				   const struct vsl_actions *actions)
{
	int level = __this_cpu_inc_return(depth);
	int err = 0;

	if (unlikely(level > DEPTH_MAX)) {
		err = drop_loop(dp, skb, "way through internal ports");
	} else if (likely(actions->only_output != VSL_PORT_NONE)) {
		trace_action(skb, actions->step);
		vsl_port_output(dp, skb, vsl_key_has_mac(key),
				actions->only_output);
	} else {
		err = vsl_actions_run(dp, skb, key, actions, 0);
	}
	/* the outermost one, where the stack is shortest, drains for all */
	if (unlikely(vsl_recirc_waits()) && level == 1)
		drain_recirc();
	__this_cpu_dec(depth);
	return err;
}

/**
 * vsl_execute() - run actions on a packet, and all that follows from it
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
	return execute(dp, skb, key, actions);
}

/**
 * vsl_receive() - a packet has come in
 * @port: by which port; under RCU
 * @skb: consumed.  Data at the Ethernet header, of which all 14 bytes are
 *       linear; or, from a device whose packets have none, at the network
 *       header, or with protocol ETH_P_TEB at an Ethernet header again; not
 *       shared
 *
 * Context: RCU read section, bottom halves off.
 */
void vsl_receive(struct vsl_port *port, struct sk_buff *skb)
{
	struct vsl_key key VSL_UNINITIALIZED;
	struct vsl_datapath *dp = port->dp;
	struct vsl_flow *flow;

	trace_receive(port, skb);
	if (unlikely(vsl_key_extract(&key, skb, port->port_no,
				     !port->no_mac ||
				     skb->protocol == htons(ETH_P_TEB)))) {
		trace_drop(skb, "no memory");
		kfree_skb(skb);
		return;
	}
	flow = find_flow(dp, skb, &key);
	if (likely(flow))
		execute(dp, skb, &key, rcu_dereference(flow->actions));
}
