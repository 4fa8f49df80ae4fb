// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packet and key to a message for user space.  Called by receive.c for packets
 * that no flow matches and by action.c for flows that ask for it.
 *
 * The message, as <linux/openvswitch.h> has it:
 *   ovs_header { dp_ifindex of the local port }
 *   OVS_PACKET_ATTR_KEY { OVS_KEY_ATTR_*, unmasked }
 *   [OVS_PACKET_ATTR_USERDATA] [OVS_PACKET_ATTR_ACTIONS]
 *   [OVS_PACKET_ATTR_LEN]      where the packet is cut: its whole length
 *   OVS_PACKET_ATTR_HASH
 *   [VSL_PACKET_ATTR_BIRTH]    where family vswitch_lite was asked for it
 *   OVS_PACKET_ATTR_PACKET     from the Ethernet header on, if it has one, tags
 *                              in place
 */
#include "upcall.h"

#include <linux/if_vlan.h>
#include <linux/ktime.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/genetlink.h>
#include <net/gso.h>

#include "action.h"
#include "datapath.h"
#include "nl.h"
#include "nl_key.h"
#include "ovs_abi.h"
#include "port.h"
#include "trace.h"
#include "vswitch_lite.h"

/* As on the wire, where the tag is that the skb keeps beside its data. */
static unsigned int wire_len(const struct sk_buff *skb)
{
	return skb->len + (skb_vlan_tag_present(skb) ? VLAN_HLEN : 0);
}

/*
 * Adds the first @len bytes of the packet as the wire has it: with the tag, of
 * which @len may be the end, that the skb keeps beside its data.
 */
static int put_packet(struct sk_buff *msg, const struct sk_buff *skb,
		      unsigned int len)
{
	unsigned int head = 0, tag_len = 0;
	struct nlattr *attr;
	u8 *to;

	if (len > U16_MAX - NLA_HDRLEN)	/* an attribute's length ends there */
		return -EFBIG;
	attr = nla_reserve(msg, OVS_PACKET_ATTR_PACKET, len);
	if (!attr)
		return -EMSGSIZE;
	to = nla_data(attr);
	if (skb_vlan_tag_present(skb)) {
		__be16 tag[] = { skb->vlan_proto,
				 htons(skb_vlan_tag_get(skb)) };
		int err;

		head = 2 * ETH_ALEN;
		err = skb_copy_bits(skb, 0, to, head);
		if (err)
			return err;
		tag_len = min_t(unsigned int, len - head, sizeof(tag));
		memcpy(to + head, tag, tag_len);
	}
	return skb_copy_bits(skb, head, to + head + tag_len,
			     len - head - tag_len);
}

static u64 packet_hash(struct sk_buff *skb)
{
	u64 hash = skb_get_hash(skb);

	if (skb->sw_hash)
		hash |= VSL_PACKET_HASH_SW;
	if (skb->l4_hash)
		hash |= VSL_PACKET_HASH_L4;
	return hash;
}

static int fill(struct sk_buff *msg, const struct vsl_datapath *dp,
		struct sk_buff *skb, const struct vsl_key *key,
		const struct vsl_upcall *upcall, unsigned int len,
		const struct vsl_birth *birth)
{
	struct ovs_header *header;

	header = genlmsg_put(msg, 0, 0, &vsl_packet_family, 0, upcall->cmd);
	if (!header)
		return -EMSGSIZE;
	header->dp_ifindex = vsl_datapath_ifindex(dp);
	if (vsl_nl_key_put(msg, OVS_PACKET_ATTR_KEY, key, NULL))
		return -EMSGSIZE;
	if (upcall->userdata &&
	    nla_put(msg, OVS_PACKET_ATTR_USERDATA, nla_len(upcall->userdata),
		    nla_data(upcall->userdata)))
		return -EMSGSIZE;
	if (upcall->actions &&
	    nla_put(msg, OVS_PACKET_ATTR_ACTIONS, upcall->actions->attrs_len,
		    upcall->actions->attrs))
		return -EMSGSIZE;
	if (len < wire_len(skb) &&
	    nla_put_u32(msg, OVS_PACKET_ATTR_LEN, wire_len(skb)))
		return -EMSGSIZE;
	if (nla_put(msg, OVS_PACKET_ATTR_HASH, sizeof(u64),
		    &(u64){ packet_hash(skb) }))
		return -EMSGSIZE;
	if (birth->number &&
	    nla_put(msg, VSL_PACKET_ATTR_BIRTH, sizeof(*birth), birth))
		return -EMSGSIZE;
	return put_packet(msg, skb, len);
}

/*
 * Numbered before anything can fail, so that what user space does not get is
 * missed there.  Number 0: nobody has asked.
 */
static struct vsl_birth new_birth(struct vsl_datapath *dp)
{
	struct vsl_birth birth = {};

	if (unlikely(READ_ONCE(dp->upcall_times))) {
		birth.number = atomic64_inc_return(&dp->upcall_number);
		birth.time = ktime_get_ns();
	}
	return birth;
}

/* One packet, one message.  Its checksum may be completed in place. */
static int send_one(struct vsl_datapath *dp, struct sk_buff *skb,
		    const struct vsl_key *key, const struct vsl_upcall *upcall,
		    u32 portid)
{
	unsigned int len = min(wire_len(skb), upcall->max_len ?: U32_MAX);
	struct vsl_birth birth = new_birth(dp);
	struct sk_buff *msg;
	size_t size;
	int err;

	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		err = skb_csum_hwoffload_help(skb, 0);
		if (err)
			return err;
	}
	size = NLMSG_ALIGN(sizeof(struct ovs_header)) +
	       nla_total_size(vsl_nl_key_size()) +
	       nla_total_size(sizeof(u32)) + nla_total_size(sizeof(u64)) +
	       nla_total_size(len);
	if (upcall->userdata)
		size += nla_total_size(nla_len(upcall->userdata));
	if (birth.number)
		size += nla_total_size(sizeof(birth));
	if (upcall->actions)
		size += nla_total_size(upcall->actions->attrs_len);
	msg = genlmsg_new(size, GFP_ATOMIC);
	if (!msg)
		return -ENOMEM;
	err = fill(msg, dp, skb, key, upcall, len, &birth);
	if (err) {
		kfree_skb(msg);
		return err;
	}
	nlmsg_end(msg, (struct nlmsghdr *)msg->data);
	return genlmsg_unicast(read_pnet(&dp->net), msg, portid);
}

/*
 * A packet larger than the wire takes, left whole for speed, is cut here as the
 * device would have: one message a piece.  The first that fails ends it.
 */
static int send_segments(struct vsl_datapath *dp, struct sk_buff *skb,
			 const struct vsl_key *key,
			 const struct vsl_upcall *upcall, u32 portid)
{
	bool ufo = skb_shinfo(skb)->gso_type & SKB_GSO_UDP;
	struct sk_buff *segments, *segment, *next;
	struct vsl_key later;
	int err = 0;

	segments = __skb_gso_segment(skb, NETIF_F_SG, false);
	if (IS_ERR(segments))
		return PTR_ERR(segments);
	if (!segments)
		return -EINVAL;
	if (ufo) {
		/* pieces after the first have no UDP header */
		later = *key;
		later.ip_frag = OVS_FRAG_TYPE_LATER;
		later.tp_src = 0;
		later.tp_dst = 0;
	}
	skb_list_walk_safe(segments, segment, next) {
		skb_mark_not_on_list(segment);
		if (!err)
			err = send_one(dp, segment, key, upcall, portid);
		if (ufo)
			key = &later;
		if (err)
			kfree_skb(segment);
		else
			consume_skb(segment);
	}
	return err;
}

/* The socket for packets of this CPU, of its port, or of the action. */
static u32 choose_portid(const struct vsl_datapath *dp,
			 const struct vsl_port *port, struct sk_buff *skb,
			 const struct vsl_upcall *upcall)
{
	const struct vsl_portids *ids = NULL;

	/*
	 * A client may ask for dispatch by CPU and never name sockets, as
	 * `ovs-dpctl show` does: whoever serves the ports goes on to.
	 */
	if (READ_ONCE(dp->user_features) & OVS_DP_F_DISPATCH_UPCALL_PER_CPU)
		ids = rcu_dereference(dp->cpu_portids);
	if (ids)
		return ids->id[smp_processor_id() % ids->count];
	if (upcall->cmd == OVS_PACKET_CMD_ACTION)
		return upcall->portid;
	return port ? vsl_port_portid(port, skb) : 0;
}

/**
 * vsl_upcall() - tell user space of a packet
 * @dp: the datapath
 * @skb: stays the caller's; its checksum may be completed
 * @key: of the packet
 * @upcall: why
 *
 * A message that cannot be delivered, for want of memory, of a socket or of
 * room in it, is counted and given up.  Context: RCU read section, bottom
 * halves off.
 */
void vsl_upcall(struct vsl_datapath *dp, struct sk_buff *skb,
		const struct vsl_key *key, const struct vsl_upcall *upcall)
{
	struct vsl_port *port = vsl_datapath_port(dp, key->in_port);
	u32 portid = choose_portid(dp, port, skb, upcall);
	struct vsl_dp_stats *stats;
	int err;

	if (!portid)
		err = -ENOTCONN;
	else if (skb_is_gso(skb))
		err = send_segments(dp, skb, key, upcall, portid);
	else
		err = send_one(dp, skb, key, upcall, portid);
	trace_upcall(dp, skb, key, upcall, portid, err);
	if (port)
		atomic_long_inc(err ? &port->upcalls_lost : &port->upcalls);
	if (!err)
		return;
	stats = this_cpu_ptr(dp->stats);
	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(&stats->lost);
	u64_stats_update_end(&stats->sync);
}
