/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Netlink attributes to flow keys and masks, and back.
 */
#ifndef VSL_NL_KEY_H
#define VSL_NL_KEY_H

#include <linux/types.h>

struct netlink_ext_ack;
struct nlattr;
struct sk_buff;
struct vsl_key;

int vsl_nl_key_get(const struct nlattr *key_attr,
		   const struct nlattr *mask_attr, struct vsl_key *key,
		   struct vsl_key *mask, struct netlink_ext_ack *extack);
int vsl_nl_key_get_metadata(const struct nlattr *key_attr, struct vsl_key *key,
			    struct netlink_ext_ack *extack);
int vsl_nl_key_put(struct sk_buff *msg, int type, const struct vsl_key *key,
		   const struct vsl_key *mask);
size_t vsl_nl_key_size(void);

#endif /* VSL_NL_KEY_H */
