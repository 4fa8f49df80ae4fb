// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a list of actions on a packet.  Called by receive.c; calls port.c to
 * send, upcall.c to tell user space, rewrite.c to edit, meter.c to measure,
 * recirc.c to have the packet looked up once more.
 */
#include "action.h"

#include <linux/jhash.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/gso.h>

#include "datapath.h"
#include "meter.h"
#include "ovs_abi.h"
#include "port.h"
#include "recirc.h"
#include "rewrite.h"
#include "trace.h"
#include "upcall.h"

/*
 * Lists within lists, of all the packets that this CPU has begun with and not
 * ended: an output can come back on the same stack.  One list may have
 * VSL_MAX_ACTION_DEPTH; more than this would be too much for the stack.
 */
#define NESTED_MAX	24

static DEFINE_PER_CPU(int, nested_lists);

/**
 * struct run - one run of a list
 * @dp: the datapath
 * @key: of the packet, but for edits since, where @key_is_stale
 * @actions: the whole list
 * @key_is_stale: edited since the key was taken
 * @edited: any packet of this run was, so that a copy may differ from another
 */
struct run {
	struct vsl_datapath *dp;
	struct vsl_key *key;
	const struct vsl_actions *actions;
	bool key_is_stale;
	bool edited;
};

/* Consumes @skb. */
static void output(const struct run *run, struct sk_buff *skb, u16 port_no,
		   u32 max_len)
{
	if (unlikely(max_len && vsl_rewrite_cut(skb, max_len)))
		kfree_skb(skb);
	else
		vsl_port_output(run->dp, skb, vsl_key_has_mac(run->key), port_no);
}

/* The key as the packet is now. */
static int refresh_key(struct run *run, struct sk_buff *skb)
{
	int err;

	if (likely(!run->key_is_stale))
		return 0;
	err = vsl_key_refresh(run->key, skb);
	run->key_is_stale = err;
	return err;
}

/* A lost upcall is counted there; the packet goes on as if it was not. */
static int userspace(struct run *run, struct sk_buff *skb,
		     const struct vsl_action *step, u32 max_len)
{
	struct vsl_upcall upcall = {
		.cmd = OVS_PACKET_CMD_ACTION,
		.portid = step->user.portid,
		.max_len = max_len,
		.userdata = step->user.userdata,
		.actions = step->user.all_actions ? run->actions : NULL,
	};
	int err = refresh_key(run, skb);

	if (likely(!err))
		vsl_upcall(run->dp, skb, run->key, &upcall);
	return err;
}

/* Consumes @skb.  That it goes in a loop is no fault of this list's rest. */
static int recirc(struct run *run, struct sk_buff *skb, u32 recirc_id,
		  u32 max_len)
{
	int err = refresh_key(run, skb);

	if (likely(!err))
		vsl_recirc_add(run->dp, skb, run->key, recirc_id, max_len);
	else
		kfree_skb(skb);
	return err;
}

/* A hash of 0 would say that there is none. */
static void set_hash(struct run *run, u32 hash, u32 basis)
{
	u32 dp_hash = jhash_1word(hash, basis);

	run->key->dp_hash = dp_hash ? dp_hash : 1;
}

static int push_mpls(struct run *run, struct sk_buff *skb,
		     const struct vsl_action *step)
{
	bool before_mac = step->push_mpls.before_mac;
	int err = vsl_rewrite_push_mpls(skb, step->push_mpls.lse,
					step->push_mpls.eth_type,
					vsl_key_has_mac(run->key), before_mac);

	if (before_mac)
		vsl_key_set_mac(run->key, false);
	return err;
}

static int pop_mpls(struct run *run, struct sk_buff *skb, __be16 eth_type)
{
	int err = vsl_rewrite_pop_mpls(skb, eth_type,
				       vsl_key_has_mac(run->key));

	if (err || eth_type != htons(ETH_P_TEB))
		return err;
	/* an Ethernet header was below: the packet's own from here on */
	if (unlikely(!pskb_may_pull(skb, ETH_HLEN)))
		return -EINVAL;
	vsl_key_set_mac(run->key, true);
	return refresh_key(run, skb);
}

static int push_eth(struct run *run, struct sk_buff *skb,
		    const struct ovs_key_ethernet *addresses)
{
	vsl_key_set_mac(run->key, true);
	return vsl_rewrite_push_mac(skb, addresses);
}

/* Where the payload begins, the header says: it is read once more if need be. */
static int pop_eth(struct run *run, struct sk_buff *skb, bool was_stale)
{
	int err;

	run->key_is_stale = was_stale;
	err = refresh_key(run, skb);
	if (likely(!err))
		err = vsl_rewrite_pop_mac(skb);
	run->key_is_stale = true;
	vsl_key_set_mac(run->key, false);
	return err;
}

/* A list in a list may be for packets of another kind: see nl_action.c. */
static bool needs_mac(enum vsl_action_op op)
{
	return op == VSL_ACTION_PUSH_VLAN || op == VSL_ACTION_POP_VLAN ||
	       op == VSL_ACTION_SET_ETHERNET || op == VSL_ACTION_POP_ETH;
}

static int edit(struct run *run, struct sk_buff *skb,
		const struct vsl_action *step)
{
	const void *value = step->set.value;
	const void *mask = step->set.mask;
	bool was_stale = run->key_is_stale;

	if (unlikely(!vsl_key_has_mac(run->key) && needs_mac(step->op)))
		return -EPROTO;
	run->key_is_stale = true;
	run->edited = true;
	switch (step->op) {
	case VSL_ACTION_PUSH_VLAN:
		return vsl_rewrite_push_vlan(skb, &step->vlan);
	case VSL_ACTION_POP_VLAN:
		return vsl_rewrite_pop_vlan(skb);
	case VSL_ACTION_SET_ETHERNET:
		return vsl_rewrite_ethernet(skb, value, mask);
	case VSL_ACTION_SET_IPV4:
		return vsl_rewrite_ipv4(skb, value, mask);
	case VSL_ACTION_SET_IPV6:
		return vsl_rewrite_ipv6(skb, value, mask);
	case VSL_ACTION_SET_PORTS_IPV4:
		return vsl_rewrite_ports(skb, htons(ETH_P_IP), value, mask);
	case VSL_ACTION_SET_PORTS_IPV6:
		return vsl_rewrite_ports(skb, htons(ETH_P_IPV6), value, mask);
	case VSL_ACTION_SET_MPLS:
		return vsl_rewrite_mpls(skb, value, mask);
	case VSL_ACTION_PUSH_MPLS:
		return push_mpls(run, skb, step);
	case VSL_ACTION_POP_MPLS:
		return pop_mpls(run, skb, step->pop_mpls);
	case VSL_ACTION_PUSH_ETH:
		return push_eth(run, skb, step->push_eth);
	case VSL_ACTION_POP_ETH:
		return pop_eth(run, skb, was_stale);
	default:
		return 0;
	}
}

static u32 masked(u32 old, const struct vsl_action *step)
{
	const u32 *mask = step->set.mask, *value = step->set.value;

	return (old & ~*mask) | *value;
}

static bool is_sampled(const struct vsl_action *step)
{
	return step->probability == U32_MAX ||
	       (step->probability && get_random_u32() <= step->probability);
}

/* Of a packet that is still to be cut up, what its pieces will be counts. */
static bool is_greater(const struct sk_buff *skb, u16 len)
{
	return skb->len > len &&
	       !(skb_is_gso(skb) && skb_gso_validate_mac_len(skb, len));
}

static int run_list(struct run *run, struct sk_buff *skb,
		    const struct vsl_action *step,
		    const struct vsl_action *end, u32 max_len);

/*
 * Runs @count steps from @step on.  Consumes @skb where it is the @last use of
 * it, else runs them on a copy; without memory for one they are skipped.
 */
static noinline int run_nested(struct run *run, struct sk_buff *skb,
			       const struct vsl_action *step,
			       unsigned int count, bool last, u32 max_len)
{
	struct vsl_key *key = run->key;
	bool has_mac = vsl_key_has_mac(key);
	u32 dp_hash = key->dp_hash;
	struct sk_buff *copy;
	int err;

	if (!count) {
		if (last)
			consume_skb(skb);
		return 0;
	}
	if (last)
		return run_list(run, skb, step, step + count, max_len);
	copy = skb_clone(skb, GFP_ATOMIC);
	if (unlikely(!copy))
		return 0;
	err = run_list(run, copy, step, step + count, max_len);

	/* what was done to the copy, the original does not show */
	key->dp_hash = dp_hash;
	key->priority = skb->priority;
	key->mark = skb->mark;
	if (run->edited) {
		run->key_is_stale = true;
		vsl_key_set_mac(key, has_mac);
	}
	return err;
}

/* As above, with a bound on the stack. */
static int branch(struct run *run, struct sk_buff *skb,
		  const struct vsl_action *step, unsigned int count, bool last,
		  u32 max_len)
{
	int err;

	if (unlikely(__this_cpu_inc_return(nested_lists) > NESTED_MAX)) {
		vsl_datapath_count_loop(run->dp);
		trace_drop(skb, "loop");
		if (last)
			kfree_skb(skb);
		err = -ENETDOWN;
	} else {
		err = run_nested(run, skb, step, count, last, max_len);
	}
	__this_cpu_dec(nested_lists);
	return err;
}

static int check_len(struct run *run, struct sk_buff *skb,
		     const struct vsl_action *step, bool last, u32 max_len)
{
	unsigned int greater = step->check.greater;

	if (is_greater(skb, step->check.len))
		return branch(run, skb, step + 1, greater, last, max_len);
	return branch(run, skb, step + 1 + greater, step->nested - greater,
		      last, max_len);
}

/* Consumes @skb.  @max_len: see vsl_actions_run(). */
static int run_list(struct run *run, struct sk_buff *skb,
		    const struct vsl_action *step,
		    const struct vsl_action *end, u32 max_len)
{
	const char *why = "end of actions";
	const struct vsl_action *next;
	int err = 0;

	for (; step < end; step = next) {
		struct sk_buff *copy = skb;
		bool last;

		next = step + 1 + step->nested;
		last = next == end;
		trace_action(skb, step);

		switch (step->op) {
		case VSL_ACTION_OUTPUT:
			/* without memory this port misses the packet */
			if (!last)
				copy = skb_clone(skb, GFP_ATOMIC);
			if (likely(copy))
				output(run, copy, step->port_no, max_len);
			if (last)
				return 0;
			max_len = 0;
			break;
		case VSL_ACTION_USERSPACE:
			err = userspace(run, skb, step, max_len);
			max_len = 0;
			break;
		case VSL_ACTION_RECIRC:
			if (!last)
				copy = skb_clone(skb, GFP_ATOMIC);
			if (likely(copy))
				err = recirc(run, copy, step->recirc_id,
					     max_len);
			if (last)
				return err;
			break;
		case VSL_ACTION_HASH:
			set_hash(run, skb_get_hash(skb), step->basis);
			break;
		case VSL_ACTION_HASH_SYMMETRIC:
			set_hash(run, __skb_get_hash_symmetric(skb),
				 step->basis);
			break;
		case VSL_ACTION_TRUNC:
			max_len = step->max_len;
			break;
		case VSL_ACTION_SET_PRIORITY:
			skb->priority = masked(skb->priority, step);
			run->key->priority = skb->priority;
			run->edited = true;
			break;
		case VSL_ACTION_SET_MARK:
			skb->mark = masked(skb->mark, step);
			run->key->mark = skb->mark;
			run->edited = true;
			break;
		case VSL_ACTION_SAMPLE:
			if (!is_sampled(step))
				break;
			fallthrough;
		case VSL_ACTION_CLONE:
			err = branch(run, skb, step + 1, step->nested, last,
				     max_len);
			if (last)
				return err;
			break;
		case VSL_ACTION_CHECK_LEN:
			err = check_len(run, skb, step, last, max_len);
			if (last)
				return err;
			break;
		case VSL_ACTION_METER:
			if (vsl_meter_exceeded(run->dp, skb, step->meter_id)) {
				why = "meter";
				goto out;
			}
			break;
		case VSL_ACTION_NONE:
			break;
		case VSL_ACTION_DROP:
			goto out;
		default:
			err = edit(run, skb, step);
			break;
		}
		if (unlikely(err))
			break;
	}
out:
	trace_drop(skb, err ? "action failed" : why);
	kfree_skb(skb);
	return err;
}

/**
 * vsl_actions_run() - do with a packet what the list says
 * @dp: the datapath
 * @skb: consumed
 * @key: of the packet; changed along with it
 * @actions: under RCU
 * @max_len: bytes of it that the next that gets it, a port or user space, is
 *           to see at most; 0: all
 *
 * Context: RCU read section, bottom halves off.
 *
 * Return: 0; negative where an edit could not be made, with nothing sent from
 * there on.
 */
int vsl_actions_run(struct vsl_datapath *dp, struct sk_buff *skb,
		    struct vsl_key *key, const struct vsl_actions *actions,
		    u32 max_len)
{
	struct run run = {
		.dp = dp,
		.key = key,
		.actions = actions,
	};

	return run_list(&run, skb, actions->step,
			actions->step + actions->count, max_len);
}
