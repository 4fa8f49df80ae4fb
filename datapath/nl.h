/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Generic netlink: where commands of user space come in.  One file per family
 * (nl_datapath.c, nl_vport.c, nl_flow.c, nl_packet.c, nl_meter.c, nl_info.c); nl.c
 * registers them all and has what they share.  Nothing here is called for a
 * packet that a flow forwards.
 *
 * Commands run at once, in the sender's context: when its system call returns,
 * all replies and errors are in its socket.
 */
#ifndef VSL_NL_H
#define VSL_NL_H

#include <net/genetlink.h>

struct vsl_datapath;

extern char *vsl_family_prefix;

extern struct genl_family vsl_datapath_family;
extern struct genl_family vsl_vport_family;
extern struct genl_family vsl_flow_family;
extern struct genl_family vsl_packet_family;
extern struct genl_family vsl_meter_family;
extern struct genl_family vsl_info_family;

int vsl_nl_check_prefix(void);
int vsl_nl_init(void);
void vsl_nl_exit(void);

struct vsl_datapath *vsl_nl_datapath(struct net *net, int ifindex,
				     const struct nlattr *name,
				     struct netlink_ext_ack *extack);
bool vsl_nl_wants_reply(const struct genl_family *family,
			struct genl_info *info);
unsigned int vsl_nl_portids(const struct nlattr *attr, unsigned int max,
			    struct netlink_ext_ack *extack);

#endif /* VSL_NL_H */
