// SPDX-License-Identifier: GPL-2.0-only
/*
 * OVS_ACTION_ATTR_* to an action list (action.h).  Called by nl_flow.c and
 * nl_packet.c.  What gets through here can be run without a further check.
 */
#include "nl_action.h"

#include <linux/err.h>
#include <linux/if_vlan.h>
#include <linux/slab.h>
#include <net/netlink.h>

#include "action.h"
#include "ovs_abi.h"

/* A list of this many bytes fits any message that user space can receive. */
#define ATTRS_MAX	(32 * 1024)

typedef int get_action_fn(const struct nlattr *attr, bool last,
			  struct vsl_action *step,
			  struct netlink_ext_ack *extack);

static int get_output(const struct nlattr *attr, bool last,
		      struct vsl_action *step, struct netlink_ext_ack *extack)
{
	u32 port_no = nla_get_u32(attr);

	if (port_no >= VSL_PORT_NONE) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "output: port numbers end at 65534");
		return -EINVAL;
	}
	step->op = VSL_ACTION_OUTPUT;
	step->port_no = port_no;
	return 0;
}

static int get_userspace(const struct nlattr *attr, bool last,
			 struct vsl_action *step,
			 struct netlink_ext_ack *extack)
{
	static const struct nla_policy policy[OVS_USERSPACE_ATTR_MAX + 1] = {
		[OVS_USERSPACE_ATTR_PID] = { .type = NLA_U32 },
		[OVS_USERSPACE_ATTR_USERDATA] = { .type = NLA_UNSPEC },
		[OVS_USERSPACE_ATTR_EGRESS_TUN_PORT] = { .type = NLA_U32 },
		[OVS_USERSPACE_ATTR_ACTIONS] = { .type = NLA_FLAG },
	};
	struct nlattr *a[OVS_USERSPACE_ATTR_MAX + 1];
	int err;

	err = nla_parse_nested_deprecated(a, OVS_USERSPACE_ATTR_MAX, attr,
					  policy, extack);
	if (err)
		return err;
	if (!a[OVS_USERSPACE_ATTR_PID] ||
	    !nla_get_u32(a[OVS_USERSPACE_ATTR_PID])) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "userspace: pid is missing or 0");
		return -EINVAL;
	}
	step->op = VSL_ACTION_USERSPACE;
	step->user.portid = nla_get_u32(a[OVS_USERSPACE_ATTR_PID]);
	step->user.userdata = a[OVS_USERSPACE_ATTR_USERDATA];
	step->user.all_actions = a[OVS_USERSPACE_ATTR_ACTIONS];
	return 0;
}

static int get_push_vlan(const struct nlattr *attr, bool last,
			 struct vsl_action *step,
			 struct netlink_ext_ack *extack)
{
	const struct ovs_action_push_vlan *push = nla_data(attr);

	if (!eth_type_vlan(push->vlan_tpid)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "push_vlan: tpid is 0x8100 or 0x88a8");
		return -EINVAL;
	}
	if (!(push->vlan_tci & VSL_VLAN_PRESENT)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "push_vlan: the TCI needs bit 0x1000 (CFI) set");
		return -EINVAL;
	}
	step->op = VSL_ACTION_PUSH_VLAN;
	step->vlan.tpid = push->vlan_tpid;
	step->vlan.tci = push->vlan_tci;
	return 0;
}

static int get_pop_vlan(const struct nlattr *attr, bool last,
			struct vsl_action *step,
			struct netlink_ext_ack *extack)
{
	step->op = VSL_ACTION_POP_VLAN;
	return 0;
}

/* The reason is for statistics of user space; here a drop is a drop. */
static int get_drop(const struct nlattr *attr, bool last,
		    struct vsl_action *step, struct netlink_ext_ack *extack)
{
	if (!last) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "drop: no action can come after it");
		return -EINVAL;
	}
	step->op = VSL_ACTION_DROP;
	return 0;
}

#define LEN_ANY		U16_MAX

static const struct action_row {
	get_action_fn *get;
	u16 len;
} action_rows[] = {
	[OVS_ACTION_ATTR_OUTPUT] = { get_output, sizeof(u32) },
	[OVS_ACTION_ATTR_USERSPACE] = { get_userspace, LEN_ANY },
	[OVS_ACTION_ATTR_PUSH_VLAN] = {
		get_push_vlan, sizeof(struct ovs_action_push_vlan) },
	[OVS_ACTION_ATTR_POP_VLAN] = { get_pop_vlan, 0 },
	[VSL_OVS_ACTION_ATTR_DROP] = { get_drop, sizeof(u32) },
};

static int get_action(const struct nlattr *attr, bool last,
		      struct vsl_action *step, struct netlink_ext_ack *extack)
{
	int type = nla_type(attr);
	const struct action_row *row;

	if (type >= ARRAY_SIZE(action_rows) || !action_rows[type].get) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "action not known here");
		return -EINVAL;
	}
	row = &action_rows[type];
	if (row->len != LEN_ANY && nla_len(attr) != row->len) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "action of the wrong length");
		return -EINVAL;
	}
	return row->get(attr, last, step, extack);
}

/*
 * How many actions @attr holds, or -EINVAL if it does not end where the last
 * of them does.
 */
static int count_actions(const struct nlattr *attr,
			 struct netlink_ext_ack *extack)
{
	const struct nlattr *a;
	int rem, n = 0;

	nla_for_each_nested(a, attr, rem)
		n++;
	if (!rem)
		return n;
	NL_SET_ERR_MSG_ATTR(extack, attr, "bytes left over after the actions");
	return -EINVAL;
}

/**
 * vsl_nl_actions_get() - an action list from attributes
 * @attr: OVS_FLOW_ATTR_ACTIONS or OVS_PACKET_ATTR_ACTIONS; copied
 * @extack: what is wrong
 *
 * Context: sleeps.
 *
 * Return: the list, to be freed by vsl_actions_free(); an error pointer:
 * EINVAL, EMSGSIZE for too long a list, ENOMEM.
 */
struct vsl_actions *vsl_nl_actions_get(const struct nlattr *attr,
				       struct netlink_ext_ack *extack)
{
	int count = count_actions(attr, extack);
	struct vsl_actions *actions;
	struct vsl_action *step;
	const struct nlattr *a;
	struct nlattr *copy;
	int rem, err;

	if (count < 0)
		return ERR_PTR(count);
	if (nla_len(attr) > ATTRS_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "more than 32 KiB of actions");
		return ERR_PTR(-EMSGSIZE);
	}
	actions = kvzalloc(struct_size(actions, step, count) +
			   nla_total_size(nla_len(attr)), GFP_KERNEL_ACCOUNT);
	if (!actions)
		return ERR_PTR(-ENOMEM);
	copy = (struct nlattr *)(actions->step + count);
	memcpy(copy, attr, nla_attr_size(nla_len(attr)));
	actions->count = count;
	actions->attrs = nla_data(copy);
	actions->attrs_len = nla_len(copy);

	step = actions->step;
	nla_for_each_nested(a, copy, rem) {
		bool last = step + 1 == actions->step + count;

		err = get_action(a, last, step++, extack);
		if (err)
			goto err_free;
	}
	return actions;

err_free:
	/* extack may point into the copy: the sender's own is the same */
	if (extack && extack->bad_attr)
		extack->bad_attr = (void *)attr +
				   ((void *)extack->bad_attr - (void *)copy);
	vsl_actions_free(actions);
	return ERR_PTR(err);
}
