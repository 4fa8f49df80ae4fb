// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bodies of the tracepoints, see trace.h, and their words.
 */
#define CREATE_TRACE_POINTS
#include "trace.h"

static const char *const ops[] = {
	[VSL_ACTION_OUTPUT] = "output",
	[VSL_ACTION_USERSPACE] = "userspace",
	[VSL_ACTION_PUSH_VLAN] = "push_vlan",
	[VSL_ACTION_POP_VLAN] = "pop_vlan",
	[VSL_ACTION_SET_PRIORITY] = "set(skb_priority)",
	[VSL_ACTION_SET_MARK] = "set(skb_mark)",
	[VSL_ACTION_SET_ETHERNET] = "set(eth)",
	[VSL_ACTION_SET_IPV4] = "set(ipv4)",
	[VSL_ACTION_SET_IPV6] = "set(ipv6)",
	[VSL_ACTION_SET_PORTS_IPV4] = "set(ports of ipv4)",
	[VSL_ACTION_SET_PORTS_IPV6] = "set(ports of ipv6)",
	[VSL_ACTION_SET_MPLS] = "set(mpls)",
	[VSL_ACTION_PUSH_MPLS] = "push_mpls",
	[VSL_ACTION_POP_MPLS] = "pop_mpls",
	[VSL_ACTION_PUSH_ETH] = "push_eth",
	[VSL_ACTION_POP_ETH] = "pop_eth",
	[VSL_ACTION_HASH] = "hash",
	[VSL_ACTION_HASH_SYMMETRIC] = "hash",
	[VSL_ACTION_RECIRC] = "recirc",
	[VSL_ACTION_TRUNC] = "trunc",
	[VSL_ACTION_CLONE] = "clone",
	[VSL_ACTION_SAMPLE] = "sample",
	[VSL_ACTION_CHECK_LEN] = "check_pkt_len",
	[VSL_ACTION_METER] = "meter",
	[VSL_ACTION_NONE] = "none",
	[VSL_ACTION_DROP] = "drop",
};

/**
 * vsl_trace_op() - an operation in the words of flow syntax
 * @op: which
 *
 * Return: a constant string.
 */
const char *vsl_trace_op(enum vsl_action_op op)
{
	return ops[op];
}
