/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints of system "vsl": what becomes of a packet, for perf, trace-cmd and
 * bpftrace.  Off they cost a no-op each.  In the order that a packet meets them:
 *
 *   receive   it has come in by a port
 *   lookup    the flow table was asked: which flow, or none
 *   upcall    user space was told, or could not be
 *   action    one step of an action list is about to be done to it
 *   drop      it ends here, and why
 *
 * skbaddr tells packets apart that are under way at the same time.  What is one
 * of few things is recorded in words, so that no reader needs a table of them.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vsl

#if !defined(VSL_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VSL_TRACE_H

#include <linux/skbuff.h>
#include <linux/tracepoint.h>

#include "action.h"
#include "datapath.h"
#include "flow.h"
#include "key.h"
#include "lookup.h"
#include "ovs_abi.h"
#include "port.h"
#include "upcall.h"

#define VSL_TRACE_WORDS	24

const char *vsl_trace_op(enum vsl_action_op op);

TRACE_EVENT(receive,
	    TP_PROTO(const struct vsl_port *port, const struct sk_buff *skb),
	    TP_ARGS(port, skb),
	    TP_STRUCT__entry(__field(const void *, skbaddr)
			     __array(char, device, IFNAMSIZ)
			     __field(unsigned int, len)
			     __field(u16, port)
			     __field(u16, protocol)),
	    TP_fast_assign(__entry->skbaddr = skb;
			   strscpy(__entry->device, port->dev->name, IFNAMSIZ);
			   __entry->len = skb->len;
			   __entry->port = port->port_no;
			   __entry->protocol = ntohs(skb->protocol)),
	    TP_printk("skbaddr=%p port=%u device=%s protocol=0x%04x len=%u",
		      __entry->skbaddr, __entry->port, __entry->device,
		      __entry->protocol, __entry->len)
);

TRACE_EVENT(lookup,
	    TP_PROTO(const struct vsl_datapath *dp, const struct sk_buff *skb,
		     const struct vsl_key *key, const struct vsl_flow *flow,
		     const struct vsl_lookup *how),
	    TP_ARGS(dp, skb, key, flow, how),
	    TP_STRUCT__entry(__field(const void *, skbaddr)
			     __field(int, dp_ifindex)
			     __field(u32, recirc_id)
			     __field(u16, in_port)
			     __field(u16, eth_type)
			     __array(u8, eth_src, ETH_ALEN)
			     __array(u8, eth_dst, ETH_ALEN)
			     __field(u8, ip_proto)
			     __field(bool, hit)
			     __field(bool, cached)
			     __field(u32, slot)
			     __field(unsigned int, tried)),
	    TP_fast_assign(__entry->skbaddr = skb;
			   __entry->dp_ifindex = vsl_datapath_ifindex(dp);
			   __entry->recirc_id = key->recirc_id;
			   __entry->in_port = key->in_port;
			   __entry->eth_type = ntohs(key->eth_type);
			   memcpy(__entry->eth_src, key->eth_src, ETH_ALEN);
			   memcpy(__entry->eth_dst, key->eth_dst, ETH_ALEN);
			   __entry->ip_proto = key->ip_proto;
			   __entry->hit = flow;
			   __entry->cached = how->cached;
			   __entry->slot = flow ? vsl_flow_slot(flow) : 0;
			   __entry->tried = how->tried),
	    TP_printk("skbaddr=%p dp=%d recirc_id=%#x in_port=%u src=%pM dst=%pM eth_type=0x%04x proto=%u %s slot=%u tried=%u cached=%d",
		      __entry->skbaddr, __entry->dp_ifindex,
		      __entry->recirc_id, __entry->in_port, __entry->eth_src,
		      __entry->eth_dst, __entry->eth_type, __entry->ip_proto,
		      __entry->hit ? "hit" : "miss", __entry->slot,
		      __entry->tried, __entry->cached)
);

TRACE_EVENT(upcall,
	    TP_PROTO(const struct vsl_datapath *dp, const struct sk_buff *skb,
		     const struct vsl_key *key,
		     const struct vsl_upcall *upcall, u32 portid, int err),
	    TP_ARGS(dp, skb, key, upcall, portid, err),
	    TP_STRUCT__entry(__field(const void *, skbaddr)
			     __field(int, dp_ifindex)
			     __field(u16, in_port)
			     __field(bool, miss)
			     __field(u32, portid)
			     __field(int, err)),
	    TP_fast_assign(__entry->skbaddr = skb;
			   __entry->dp_ifindex = vsl_datapath_ifindex(dp);
			   __entry->in_port = key->in_port;
			   __entry->miss = upcall->cmd == OVS_PACKET_CMD_MISS;
			   __entry->portid = portid;
			   __entry->err = err),
	    TP_printk("skbaddr=%p dp=%d in_port=%u why=%s portid=%u err=%d",
		      __entry->skbaddr, __entry->dp_ifindex, __entry->in_port,
		      __entry->miss ? "miss" : "action", __entry->portid,
		      __entry->err)
);

TRACE_EVENT(action,
	    TP_PROTO(const struct sk_buff *skb, const struct vsl_action *step),
	    TP_ARGS(skb, step),
	    TP_STRUCT__entry(__field(const void *, skbaddr)
			     __array(char, op, VSL_TRACE_WORDS)
			     __field(unsigned int, len)
			     __field(int, port)),
	    TP_fast_assign(__entry->skbaddr = skb;
			   strscpy(__entry->op, vsl_trace_op(step->op),
				   VSL_TRACE_WORDS);
			   __entry->len = skb->len;
			   __entry->port = step->op == VSL_ACTION_OUTPUT ?
					   step->port_no : -1),
	    TP_printk("skbaddr=%p op=%s port=%d len=%u", __entry->skbaddr,
		      __entry->op, __entry->port, __entry->len)
);

TRACE_EVENT(drop,
	    TP_PROTO(const struct sk_buff *skb, const char *why),
	    TP_ARGS(skb, why),
	    TP_STRUCT__entry(__field(const void *, skbaddr)
			     __array(char, why, VSL_TRACE_WORDS)
			     __field(unsigned int, len)),
	    TP_fast_assign(__entry->skbaddr = skb;
			   strscpy(__entry->why, why, VSL_TRACE_WORDS);
			   __entry->len = skb->len),
	    TP_printk("skbaddr=%p why=\"%s\" len=%u", __entry->skbaddr,
		      __entry->why, __entry->len)
);

#endif /* VSL_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
