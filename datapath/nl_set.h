/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The actions that set a field, taken from netlink attributes.
 */
#ifndef VSL_NL_SET_H
#define VSL_NL_SET_H

#include <linux/types.h>

struct netlink_ext_ack;
struct nlattr;
struct vsl_action;
struct vsl_key;

/**
 * struct vsl_nl_set - an action that sets, in its place
 * @attr: OVS_ACTION_ATTR_SET or _SET_MASKED; the step will point into it
 * @is_masked: which of the two
 * @key: what is known of the packets at the beginning of the list
 * @eth_type: what they are at this place of it; 0: not known
 * @has_mac: they have an Ethernet header at this place
 * @extack: what is wrong
 */
struct vsl_nl_set {
	const struct nlattr *attr;
	bool is_masked;
	const struct vsl_key *key;
	__be16 eth_type;
	bool has_mac;
	struct netlink_ext_ack *extack;
};

int vsl_nl_set_get(const struct vsl_nl_set *set, struct vsl_action *step);

#endif /* VSL_NL_SET_H */
