/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The malformed flows of badreq.c, which includes this file and nobody else
 * does: keys, masks and actions, each row with what is wrong about it.
 */
#ifndef BADREQ_FLOW_H
#define BADREQ_FLOW_H

/* ---- the attributes of a key, right unless a case says otherwise ---- */

#define K(name) (1u << OVS_KEY_ATTR_##name)
#define L2	(K(IN_PORT) | K(ETHERNET))
#define L3	(L2 | K(ETHERTYPE))
#define IP4	(L3 | K(IPV4))
#define IP6	(L3 | K(IPV6))

struct key {
	unsigned int attrs;	/* K() bits: which attributes it holds */
	uint16_t type;		/* ETHERTYPE */
	uint8_t proto;		/* of IPV4 and IPV6 */
	uint8_t frag;
	uint8_t icmp;		/* type of ICMP and ICMPV6 */
	uint16_t op;		/* of ARP */
	uint32_t label;		/* of IPV6 */
	uint16_t tci;
	uint32_t in_port;	/* 1 where 0 */
	/* Adds what no bit can say, after the other attributes. */
	void (*odd)(struct nl_msg *m);
};

static void put_key_attrs(struct nl_msg *m, const struct key *k)
{
	static const struct ovs_key_ethernet eth = {
		.eth_src = { 2, 0, 0, 0, 0, 1 }, .eth_dst = { 2, 0, 0, 0, 0, 2 },
	};
	struct ovs_key_ipv4 ip4 = { .ipv4_src = htonl(0x0a000001),
		.ipv4_dst = htonl(0x0a000002), .ipv4_proto = k->proto,
		.ipv4_ttl = 64, .ipv4_frag = k->frag };
	struct ovs_key_ipv6 ip6 = { .ipv6_src = { htonl(0xfd000000) },
		.ipv6_dst = { htonl(0xfd000001) }, .ipv6_label = htonl(k->label),
		.ipv6_proto = k->proto, .ipv6_hlimit = 64, .ipv6_frag = k->frag };
	struct ovs_key_arp arp = { .arp_op = htons(k->op ? k->op : 1) };
	struct ovs_key_tcp tcp = { htons(1000), htons(80) };
	struct ovs_key_udp udp = { htons(1000), htons(53) };
	struct ovs_key_sctp sctp = { htons(1000), htons(80) };
	struct ovs_key_icmp icmp = { k->icmp, 0 };
	struct ovs_key_icmpv6 icmp6 = { k->icmp, 0 };
	struct ovs_key_nd nd = { .nd_target = { htonl(0xfd000000) } };
	unsigned int a = k->attrs;

	if (a & K(IN_PORT))
		nla_put_u32(m, OVS_KEY_ATTR_IN_PORT, k->in_port ? k->in_port : 1);
	if (a & K(ETHERNET))
		nla_put(m, OVS_KEY_ATTR_ETHERNET, sizeof(eth), &eth);
	if (a & K(ETHERTYPE))
		nla_put_u16(m, OVS_KEY_ATTR_ETHERTYPE, htons(k->type));
	if (a & K(VLAN))
		nla_put_u16(m, OVS_KEY_ATTR_VLAN, htons(k->tci));
	if (a & K(IPV4))
		nla_put(m, OVS_KEY_ATTR_IPV4, sizeof(ip4), &ip4);
	if (a & K(IPV6))
		nla_put(m, OVS_KEY_ATTR_IPV6, sizeof(ip6), &ip6);
	if (a & K(ARP))
		nla_put(m, OVS_KEY_ATTR_ARP, sizeof(arp), &arp);
	if (a & K(TCP))
		nla_put(m, OVS_KEY_ATTR_TCP, sizeof(tcp), &tcp);
	if (a & K(TCP_FLAGS))
		nla_put_u16(m, OVS_KEY_ATTR_TCP_FLAGS, 0);
	if (a & K(UDP))
		nla_put(m, OVS_KEY_ATTR_UDP, sizeof(udp), &udp);
	if (a & K(SCTP))
		nla_put(m, OVS_KEY_ATTR_SCTP, sizeof(sctp), &sctp);
	if (a & K(ICMP))
		nla_put(m, OVS_KEY_ATTR_ICMP, sizeof(icmp), &icmp);
	if (a & K(ICMPV6))
		nla_put(m, OVS_KEY_ATTR_ICMPV6, sizeof(icmp6), &icmp6);
	if (a & K(ND))
		nla_put(m, OVS_KEY_ATTR_ND, sizeof(nd), &nd);
	if (k->odd)
		k->odd(m);
}

static void put_key(struct nl_msg *m, int attr, const struct key *k)
{
	struct nlattr *nest = nla_nest_start(m, attr);

	put_key_attrs(m, k);
	nla_nest_end_keep_empty(m, nest);
}

static const struct key good_key = { .attrs = L3, .type = 0x1234 };

/* The key of the one flow that the scenario has installed. */
static const struct key good_flow = { .attrs = L3, .type = 0x88b5 };

static void odd_short_eth(struct nl_msg *m)
{
	nla_put(m, OVS_KEY_ATTR_ETHERNET, 11, "\2\0\0\0\0\1\2\0\0\0\0");
}

static void odd_long_eth(struct nl_msg *m)
{
	nla_put(m, OVS_KEY_ATTR_ETHERNET, 13, "\2\0\0\0\0\1\2\0\0\0\0\2");
}

static void odd_twice(struct nl_msg *m)
{
	nla_put_u32(m, OVS_KEY_ATTR_IN_PORT, 1);
}

static void odd_unknown(struct nl_msg *m)
{
	nla_put_u32(m, 40, 1);
}

static void odd_packet_type(struct nl_msg *m)
{
	nla_put_u32(m, 29, 0);
}

static void odd_tunnel_info(struct nl_msg *m)
{
	nla_put(m, 31, 8, "\0\0\0\0\0\0\0\0");
}

static void odd_tail(struct nl_msg *m)
{
	nlmsg_append(m, "\3\0\0\0", 4, 4);	/* nla_len 3: less than a header */
}

static void odd_short_ipv4(struct nl_msg *m)
{
	nla_put(m, OVS_KEY_ATTR_IPV4, 4, "\12\0\0\1");
}

/* TPID, VLAN and ENCAP, around `inner`; no TPID where 0: the outermost
 * ETHERTYPE is the key's own.
 */
static struct nlattr *tag(struct nl_msg *m, uint16_t tpid, uint16_t tci)
{
	if (tpid)
		nla_put_u16(m, OVS_KEY_ATTR_ETHERTYPE, htons(tpid));
	nla_put_u16(m, OVS_KEY_ATTR_VLAN, htons(tci));
	return nla_nest_start(m, OVS_KEY_ATTR_ENCAP);
}

static void odd_encap_no_vlan(struct nl_msg *m)
{
	struct nlattr *n = nla_nest_start(m, OVS_KEY_ATTR_ENCAP);

	nla_put_u16(m, OVS_KEY_ATTR_ETHERTYPE, htons(0x1234));
	nla_nest_end_keep_empty(m, n);
}

static void odd_no_cfi(struct nl_msg *m)
{
	struct nlattr *n = tag(m, 0, 0x000a);

	nla_put_u16(m, OVS_KEY_ATTR_ETHERTYPE, htons(0x1234));
	nla_nest_end_keep_empty(m, n);
}

static void odd_three_tags(struct nl_msg *m)
{
	struct nlattr *a = tag(m, 0, 0x100a), *b = tag(m, 0x8100, 0x100b);
	struct nlattr *c = tag(m, 0x8100, 0x100c);

	nla_put_u16(m, OVS_KEY_ATTR_ETHERTYPE, htons(0x1234));
	nla_nest_end_keep_empty(m, c);
	nla_nest_end_keep_empty(m, b);
	nla_nest_end_keep_empty(m, a);
}

static void odd_vlan_inner_no_ip(struct nl_msg *m)
{
	struct nlattr *n = tag(m, 0, 0x100a);

	nla_put_u16(m, OVS_KEY_ATTR_ETHERTYPE, htons(ETH_P_IP));
	nla_nest_end_keep_empty(m, n);
}

/* Flow puts whose key is wrong; the action list is empty and right. */
static const struct {
	const char *what;
	struct key key;
} bad_keys[] = {
	{ "empty key", { 0 } },
	{ "key without ETHERNET and ETHERTYPE", { K(IN_PORT) } },
	{ "ETHERNET of 11 bytes", { K(IN_PORT) | K(ETHERTYPE), .type = 0x1234,
		.odd = odd_short_eth } },
	{ "ETHERNET of 13 bytes", { K(IN_PORT) | K(ETHERTYPE), .type = 0x1234,
		.odd = odd_long_eth } },
	{ "IPV4 of 4 bytes", { L3, ETH_P_IP, .odd = odd_short_ipv4 } },
	{ "IN_PORT twice", { L3, 0x1234, .odd = odd_twice } },
	{ "key attribute 40", { L3, 0x1234, .odd = odd_unknown } },
	{ "PACKET_TYPE, which is for user space alone", { L3, 0x1234,
		.odd = odd_packet_type } },
	{ "TUNNEL_INFO, which is for the kernel alone", { L3, 0x1234,
		.odd = odd_tunnel_info } },
	{ "half an attribute at the end of the key", { L3, 0x1234,
		.odd = odd_tail } },
	{ "IN_PORT 65535", { L3, 0x1234, .in_port = 65535 } },
	{ "ETHERTYPE 0x05ff", { L3, 0x05ff } },
	{ "ARP without ARP", { L3, ETH_P_ARP } },
	{ "ARP operation 256", { L3 | K(ARP), ETH_P_ARP, .op = 256 } },
	{ "IPv4 without IPV4", { L3, ETH_P_IP } },
	{ "IPv6 without IPV6", { L3, ETH_P_IPV6 } },
	{ "IPv4 fragment type 3", { IP4, ETH_P_IP, 99, .frag = 3 } },
	{ "IPv6 fragment type 3", { IP6, ETH_P_IPV6, 99, .frag = 3 } },
	{ "IPv6 flow label of 21 bits", { IP6, ETH_P_IPV6, 99,
		.label = 0x100000 } },
	{ "TCP over IPv4 without TCP", { IP4, ETH_P_IP, IPPROTO_TCP } },
	{ "TCP over IPv6 without TCP", { IP6, ETH_P_IPV6, IPPROTO_TCP } },
	{ "TCP without TCP_FLAGS", { IP4 | K(TCP), ETH_P_IP, IPPROTO_TCP } },
	{ "UDP without UDP", { IP4, ETH_P_IP, IPPROTO_UDP } },
	{ "SCTP without SCTP", { IP4, ETH_P_IP, IPPROTO_SCTP } },
	{ "ICMP without ICMP", { IP4, ETH_P_IP, IPPROTO_ICMP } },
	{ "ICMPv6 without ICMPV6", { IP6, ETH_P_IPV6, IPPROTO_ICMPV6 } },
	{ "neighbour solicitation without ND", { IP6 | K(ICMPV6), ETH_P_IPV6,
		IPPROTO_ICMPV6, .icmp = 135 } },
	{ "UDP in a TCP key", { IP4 | K(TCP) | K(TCP_FLAGS) | K(UDP), ETH_P_IP,
		IPPROTO_TCP } },
	{ "IPV4 in an ARP key", { L3 | K(ARP) | K(IPV4), ETH_P_ARP } },
	{ "VLAN TPID without VLAN and ENCAP", { L3, ETH_P_8021Q } },
	{ "VLAN TPID and VLAN without ENCAP", { L3 | K(VLAN), ETH_P_8021Q,
		.tci = 0x100a } },
	{ "VLAN TPID and ENCAP without VLAN", { L3, ETH_P_8021Q,
		.odd = odd_encap_no_vlan } },
	{ "VLAN TCI 10 without its CFI bit", { L3, ETH_P_8021Q,
		.odd = odd_no_cfi } },
	{ "three VLAN tags", { L3, ETH_P_8021AD, .odd = odd_three_tags } },
	{ "tagged IPv4 without IPV4", { L3, ETH_P_8021Q,
		.odd = odd_vlan_inner_no_ip } },
};

static void odd_encap_only(struct nl_msg *m)
{
	struct nlattr *n = nla_nest_start(m, OVS_KEY_ATTR_ENCAP);

	nla_put_u16(m, OVS_KEY_ATTR_ETHERTYPE, 0xffff);
	nla_nest_end_keep_empty(m, n);
}

static void odd_short_mask(struct nl_msg *m)
{
	nla_put(m, OVS_KEY_ATTR_IPV4, 4, "\377\377\377\377");
}

/* Flow puts with a right key and a wrong mask. */
static const struct {
	const char *what;
	struct key key, mask;
} bad_masks[] = {
	{ "mask of UDP in a TCP key",
	  { IP4 | K(TCP) | K(TCP_FLAGS), ETH_P_IP, IPPROTO_TCP },
	  { IP4 | K(UDP), 0xffff, 0xff } },
	{ "mask of IPV6 in an IPv4 key", { IP4, ETH_P_IP, 99 },
	  { IP6, 0xffff } },
	{ "mask of TCP where the protocol is not matched",
	  { IP4 | K(TCP) | K(TCP_FLAGS), ETH_P_IP, IPPROTO_TCP },
	  { IP4 | K(TCP), 0xffff, 0 } },
	{ "mask of ENCAP in an untagged key", { IP4, ETH_P_IP, 99 },
	  { L3, 0xffff, .odd = odd_encap_only } },
	{ "mask of VLAN without ENCAP", { IP4, ETH_P_IP, 99 },
	  { L3 | K(VLAN), 0xffff, .tci = 0xffff } },
	{ "mask of IPV4 of 4 bytes", { IP4, ETH_P_IP, 99 },
	  { L3, 0xffff, .odd = odd_short_mask } },
	{ "mask attribute 40", { IP4, ETH_P_IP, 99 },
	  { L3, 0xffff, .odd = odd_unknown } },
	{ "mask with IN_PORT twice", { IP4, ETH_P_IP, 99 },
	  { L3, 0xffff, .odd = odd_twice } },
};

/* ---- actions ---- */

static void act_unknown(struct nl_msg *m)
{
	nla_put_u32(m, 99, 1);
}

static void act_zero(struct nl_msg *m)
{
	nla_put(m, 0, 0, NULL);
}

static void act_short_output(struct nl_msg *m)
{
	nla_put_u16(m, OVS_ACTION_ATTR_OUTPUT, 1);
}

static void act_big_output(struct nl_msg *m)
{
	nla_put_u32(m, OVS_ACTION_ATTR_OUTPUT, 65535);
}

static void put_push(struct nl_msg *m, uint16_t tpid, uint16_t tci)
{
	struct ovs_action_push_vlan v = { htons(tpid), htons(tci) };

	nla_put(m, OVS_ACTION_ATTR_PUSH_VLAN, sizeof(v), &v);
}

static void act_drop_first(struct nl_msg *m)
{
	nla_put_u32(m, VSL_OVS_ACTION_ATTR_DROP, 1);
	nla_put_u32(m, OVS_ACTION_ATTR_OUTPUT, 2);
}

static void act_drop_short(struct nl_msg *m)
{
	nla_put_u16(m, VSL_OVS_ACTION_ATTR_DROP, 1);
}

static void act_push_tpid(struct nl_msg *m)
{
	put_push(m, 0x9100, 0x100a);
}

static void act_push_no_cfi(struct nl_msg *m)
{
	put_push(m, ETH_P_8021Q, 0x000a);
}

static void act_push_short(struct nl_msg *m)
{
	nla_put_u16(m, OVS_ACTION_ATTR_PUSH_VLAN, htons(ETH_P_8021Q));
}

static void act_pop_with_payload(struct nl_msg *m)
{
	nla_put_u32(m, OVS_ACTION_ATTR_POP_VLAN, 1);
}

static void act_user_no_pid(struct nl_msg *m)
{
	struct nlattr *n = nla_nest_start(m, OVS_ACTION_ATTR_USERSPACE);

	nla_put(m, OVS_USERSPACE_ATTR_USERDATA, 8, "12345678");
	nla_nest_end_keep_empty(m, n);
}

static void act_user_pid_0(struct nl_msg *m)
{
	struct nlattr *n = nla_nest_start(m, OVS_ACTION_ATTR_USERSPACE);

	nla_put_u32(m, OVS_USERSPACE_ATTR_PID, 0);
	nla_nest_end_keep_empty(m, n);
}

static void act_user_empty(struct nl_msg *m)
{
	nla_nest_end_keep_empty(m,
				nla_nest_start(m, OVS_ACTION_ATTR_USERSPACE));
}

static void act_tail(struct nl_msg *m)
{
	nlmsg_append(m, "\3\0\1\0", 4, 4);
}

static void act_set_arp(struct nl_msg *m)
{
	struct nlattr *n = nla_nest_start(m, OVS_ACTION_ATTR_SET);
	struct ovs_key_arp arp = { .arp_op = htons(1) };

	nla_put(m, OVS_KEY_ATTR_ARP, sizeof(arp), &arp);
	nla_nest_end_keep_empty(m, n);
}

static void act_deep(struct nl_msg *m)
{
	struct nlattr *n[20];
	int i;

	for (i = 0; i < 20; i++)
		n[i] = nla_nest_start(m, OVS_ACTION_ATTR_CLONE);
	while (i--)
		nla_nest_end_keep_empty(m, n[i]);
}

/* Neither port nor meter is there, which is no mistake. */
static void act_absent(struct nl_msg *m)
{
	nla_put_u32(m, OVS_ACTION_ATTR_METER, 4242);
	nla_put_u32(m, OVS_ACTION_ATTR_OUTPUT, 4242);
}

static const struct {
	const char *what;
	void (*put)(struct nl_msg *m);
	int err;
} bad_actions[] = {
	{ "action 99", act_unknown, EINVAL },
	{ "action 0", act_zero, EINVAL },
	{ "output of 2 bytes", act_short_output, EINVAL },
	{ "output to port 65535", act_big_output, EINVAL },
	{ "drop that is not the last", act_drop_first, EINVAL },
	{ "drop of 2 bytes", act_drop_short, EINVAL },
	{ "push_vlan with TPID 0x9100", act_push_tpid, EINVAL },
	{ "push_vlan without the CFI bit", act_push_no_cfi, EINVAL },
	{ "push_vlan of 2 bytes", act_push_short, EINVAL },
	{ "pop_vlan with a payload", act_pop_with_payload, EINVAL },
	{ "userspace without PID", act_user_no_pid, EINVAL },
	{ "userspace with PID 0", act_user_pid_0, EINVAL },
	{ "empty userspace", act_user_empty, EINVAL },
	{ "half an action at the end", act_tail, EINVAL },
	{ "set of ARP, which nobody may set", act_set_arp, EINVAL },
	{ "actions nested 20 deep", act_deep, EOVERFLOW },
};

#endif /* BADREQ_FLOW_H */
