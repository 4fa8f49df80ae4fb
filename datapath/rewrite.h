/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Edits of a packet.  Each takes an skb whose data begins at the Ethernet
 * header, with header offsets as vsl_key_refresh() sets them, and leaves it
 * that way (or, where the edit is to take that header off or where there was none,
 * at the network header), with checksums as right or wrong as they were.  It may share its
 * head with clones: what is written to is copied before.  The skb stays the
 * caller's, who gives up on it after a failure: it may be edited by half.
 *
 * @value and @mask are payloads of OVS_KEY_ATTR_*, see struct vsl_action.  To
 * set what is there already changes nothing.
 */
#ifndef VSL_REWRITE_H
#define VSL_REWRITE_H

#include <linux/types.h>

struct ovs_key_ethernet;
struct ovs_key_ipv4;
struct ovs_key_ipv6;
struct ovs_key_tcp;
struct sk_buff;
struct vsl_vlan;

int vsl_rewrite_push_vlan(struct sk_buff *skb, const struct vsl_vlan *vlan);
int vsl_rewrite_tag_inside(struct sk_buff *skb);
int vsl_rewrite_pop_vlan(struct sk_buff *skb);
int vsl_rewrite_ethernet(struct sk_buff *skb,
			 const struct ovs_key_ethernet *value,
			 const struct ovs_key_ethernet *mask);
int vsl_rewrite_ipv4(struct sk_buff *skb, const struct ovs_key_ipv4 *value,
		     const struct ovs_key_ipv4 *mask);
int vsl_rewrite_ipv6(struct sk_buff *skb, const struct ovs_key_ipv6 *value,
		     const struct ovs_key_ipv6 *mask);
int vsl_rewrite_ports(struct sk_buff *skb, __be16 eth_type,
		      const struct ovs_key_tcp *value,
		      const struct ovs_key_tcp *mask);
int vsl_rewrite_push_mpls(struct sk_buff *skb, __be32 lse, __be16 eth_type,
			  bool has_mac, bool before_mac);
int vsl_rewrite_pop_mpls(struct sk_buff *skb, __be16 eth_type, bool has_mac);
int vsl_rewrite_mpls(struct sk_buff *skb, const __be32 *value,
		     const __be32 *mask);
int vsl_rewrite_push_mac(struct sk_buff *skb,
			 const struct ovs_key_ethernet *addresses);
int vsl_rewrite_pop_mac(struct sk_buff *skb);
int vsl_rewrite_cut(struct sk_buff *skb, u32 max_len);

#endif /* VSL_REWRITE_H */
