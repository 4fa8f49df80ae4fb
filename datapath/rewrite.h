/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Edits of a packet.  Each takes an skb whose data begins at the Ethernet
 * header, with header offsets as vsl_key_refresh() sets them, and leaves it
 * that way, with checksums right.  The skb stays the caller's, who gives up on
 * it after a failure: it may be edited by half.
 */
#ifndef VSL_REWRITE_H
#define VSL_REWRITE_H

struct sk_buff;
struct vsl_vlan;

int vsl_rewrite_push_vlan(struct sk_buff *skb, const struct vsl_vlan *vlan);
int vsl_rewrite_pop_vlan(struct sk_buff *skb);

#endif /* VSL_REWRITE_H */
