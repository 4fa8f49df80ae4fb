/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The spine: what happens to a packet, from a port or from user space.
 */
#ifndef VSL_RECEIVE_H
#define VSL_RECEIVE_H

struct sk_buff;
struct vsl_actions;
struct vsl_datapath;
struct vsl_key;
struct vsl_port;

void vsl_receive(struct vsl_port *port, struct sk_buff *skb);
int vsl_execute(struct vsl_datapath *dp, struct sk_buff *skb,
		struct vsl_key *key, const struct vsl_actions *actions);

#endif /* VSL_RECEIVE_H */
