// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a list of actions on a packet.  Called by receive.c; calls port.c to
 * send, upcall.c to tell user space, rewrite.c to edit.
 */
#include "action.h"

#include <linux/skbuff.h>
#include <linux/slab.h>

#include "datapath.h"
#include "ovs_abi.h"
#include "port.h"
#include "rewrite.h"
#include "upcall.h"

/**
 * vsl_actions_free() - free a list that nobody reads
 * @actions: may be NULL
 */
void vsl_actions_free(struct vsl_actions *actions)
{
	kvfree(actions);
}

/**
 * vsl_actions_free_rcu() - free a list once all readers have let go of it
 * @actions: no longer reachable
 */
void vsl_actions_free_rcu(struct vsl_actions *actions)
{
	kvfree_rcu(actions, rcu);
}

/*
 * Consumes @skb.  A port that is not there, not up or has no carrier is no
 * error: the packet goes where a cable would take it.
 */
static void output(struct vsl_datapath *dp, struct sk_buff *skb, u16 port_no)
{
	struct vsl_port *port = vsl_datapath_port(dp, port_no);

	if (likely(port))
		vsl_port_send(port, skb);
	else
		kfree_skb(skb);
}

/* A lost upcall is counted there; the packet goes on as if it was not. */
static void userspace(struct vsl_datapath *dp, struct sk_buff *skb,
		      const struct vsl_key *key,
		      const struct vsl_actions *actions,
		      const struct vsl_action *step)
{
	struct vsl_upcall upcall = {
		.cmd = OVS_PACKET_CMD_ACTION,
		.portid = step->user.portid,
		.userdata = step->user.userdata,
		.actions = step->user.all_actions ? actions : NULL,
	};

	vsl_upcall(dp, skb, key, &upcall);
}

/**
 * vsl_actions_run() - do with a packet what the list says
 * @dp: the datapath
 * @skb: consumed
 * @key: of the packet; changed along with it
 * @actions: under RCU
 *
 * Context: RCU read section, bottom halves off.
 *
 * Return: 0; negative where an edit could not be made, with nothing sent from
 * there on.
 */
int vsl_actions_run(struct vsl_datapath *dp, struct sk_buff *skb,
		    struct vsl_key *key, const struct vsl_actions *actions)
{
	const struct vsl_action *end = actions->step + actions->count;
	const struct vsl_action *step;
	bool key_is_stale = false;
	int err = 0;

	for (step = actions->step; step < end; step++) {
		switch (step->op) {
		case VSL_ACTION_OUTPUT: {
			struct sk_buff *copy;

			if (step + 1 == end) {
				output(dp, skb, step->port_no);
				return 0;
			}
			/* without memory this port misses the packet */
			copy = skb_clone(skb, GFP_ATOMIC);
			if (copy)
				output(dp, copy, step->port_no);
			break;
		}
		case VSL_ACTION_USERSPACE:
			if (key_is_stale)
				err = vsl_key_refresh(key, skb);
			if (likely(!err))
				userspace(dp, skb, key, actions, step);
			key_is_stale = false;
			break;
		case VSL_ACTION_PUSH_VLAN:
			err = vsl_rewrite_push_vlan(skb, &step->vlan);
			key_is_stale = true;
			break;
		case VSL_ACTION_POP_VLAN:
			err = vsl_rewrite_pop_vlan(skb);
			key_is_stale = true;
			break;
		case VSL_ACTION_DROP:
			goto out;
		}
		if (unlikely(err))
			break;
	}
out:
	kfree_skb(skb);
	return err;
}
