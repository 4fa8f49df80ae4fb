// SPDX-License-Identifier: GPL-2.0-only
/*
 * Edits of a packet, each a call of action.c; see rewrite.h.
 */
#include "rewrite.h"

#include <linux/if_vlan.h>
#include <linux/skbuff.h>

#include "key.h"

/**
 * vsl_rewrite_push_vlan() - put a tag before those that are there
 * @skb: may share its head with clones: it is copied where it must be
 * @vlan: the tag
 *
 * Context: any that may write to the skb; does not sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int vsl_rewrite_push_vlan(struct sk_buff *skb, const struct vsl_vlan *vlan)
{
	return skb_vlan_push(skb, vlan->tpid,
			     ntohs(vlan->tci & ~VSL_VLAN_PRESENT));
}

/**
 * vsl_rewrite_pop_vlan() - take the outermost tag off
 * @skb: as above; a packet without a tag stays as it is
 *
 * Context: any that may write to the skb; does not sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int vsl_rewrite_pop_vlan(struct sk_buff *skb)
{
	return skb_vlan_pop(skb);
}
