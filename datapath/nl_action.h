/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Netlink attributes to an action list: the only place that checks them.
 */
#ifndef VSL_NL_ACTION_H
#define VSL_NL_ACTION_H

struct netlink_ext_ack;
struct nlattr;
struct vsl_actions;
struct vsl_key;

struct vsl_actions *vsl_nl_actions_get(const struct nlattr *attr,
				       const struct vsl_key *key,
				       struct netlink_ext_ack *extack);

#endif /* VSL_NL_ACTION_H */
