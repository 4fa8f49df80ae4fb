/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * churn: adds flows and deletes them, as fast as it goes; churn-never-misses.sh
 * runs it while packets are looked up.
 *
 *	churn DP FLOWS SECONDS [near]
 *
 * In rounds, until SECONDS have passed. Each round puts FLOWS flows into the datapath and then deletes them, in another
 * order. They drop IPv4 packets from port 1, each from a MAC address of its own to
 * a part of 11.0.0.0/8, of 24 different sizes: so many masks there are. Flows that were there before are left
 * alone. Status 0: the kernel took all of it.
 *
 * With "near" they are instead IPv4 flows from port 1, from and to all that is near
 * to, but not, 10.0.0.1 and 10.0.0.2: in some bit of each address they differ, and
 * after that bit anything matches. The table has to tell them from the flow between
 * the two in finer and finer steps: up to 1,024 flows, each with a mask of its own.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <linux/if_ether.h>
#include <netlink/netlink.h>
#include <netlink/genl/genl.h>
#include <netlink/genl/ctrl.h>
#include "ovs_abi.h"

static struct nl_sock *sock;
static int family, dp_ifindex;
static bool near;

static struct nl_msg *start(int cmd, uint32_t i)
{
	char ufid[16] = "churn";
	struct ovs_header *oh;
	struct nl_msg *m = nlmsg_alloc();

	memcpy(ufid + 8, &i, sizeof(i));
	oh = genlmsg_put(m, NL_AUTO_PORT, NL_AUTO_SEQ, family, sizeof(*oh),
			 cmd == OVS_FLOW_CMD_NEW ? NLM_F_CREATE : 0, cmd,
			 OVS_FLOW_VERSION);
	oh->dp_ifindex = dp_ifindex;
	nla_put(m, OVS_FLOW_ATTR_UFID, sizeof(ufid), ufid);
	return m;
}

static void put_match(struct nl_msg *m, int attr, uint32_t port, uint16_t type,
		      const struct ovs_key_ethernet *eth, uint32_t src,
		      uint32_t dst)
{
	struct ovs_key_ipv4 ip = {
		.ipv4_src = htonl(src), .ipv4_dst = htonl(dst),
	};
	struct nlattr *n = nla_nest_start(m, attr);

	nla_put_u32(m, OVS_KEY_ATTR_IN_PORT, port);
	nla_put(m, OVS_KEY_ATTR_ETHERNET, sizeof(*eth), eth);
	nla_put_u16(m, OVS_KEY_ATTR_ETHERTYPE, htons(type));
	nla_put(m, OVS_KEY_ATTR_IPV4, sizeof(ip), &ip);
	nla_nest_end(m, n);
}

static void transact(struct nl_msg *m, const char *what, uint32_t i)
{
	int err = nl_send_sync(sock, m);

	if (err < 0) {
		fprintf(stderr, "churn: %s flow %u: %s\n", what, i,
			nl_geterror(err));
		exit(1);
	}
}

static void put_actions(struct nl_msg *m)
{
	nla_nest_end_keep_empty(m, nla_nest_start(m, OVS_FLOW_ATTR_ACTIONS));
}

static void add_near(uint32_t i)
{
	/* Odd, so that each comes once, and not one after the other. */
	uint32_t n = i * 397 % 1024, from = n % 32, to = n / 32;
	struct ovs_key_ethernet any = { 0 };
	struct nl_msg *m = start(OVS_FLOW_CMD_NEW, i);

	put_match(m, OVS_FLOW_ATTR_KEY, 1, ETH_P_IP, &any,
		  0x0a000001 ^ 0x80000000 >> from, 0x0a000002 ^ 0x80000000 >> to);
	put_match(m, OVS_FLOW_ATTR_MASK, 0xffffffff, 0xffff, &any,
		  ~0u << (31 - from), ~0u << (31 - to));
	put_actions(m);
	transact(m, "adding", i);
}

static void add(uint32_t i)
{
	struct ovs_key_ethernet eth = {
		.eth_src = { 2, 1, i >> 24, i >> 16, i >> 8, i },
	};
	struct ovs_key_ethernet from_it = {
		.eth_src = { 255, 255, 255, 255, 255, 255 },
	};
	struct nl_msg *m = start(OVS_FLOW_CMD_NEW, i);

	put_match(m, OVS_FLOW_ATTR_KEY, 1, ETH_P_IP, &eth, 0, 0x0b000000);
	put_match(m, OVS_FLOW_ATTR_MASK, 0xffffffff, 0xffff, &from_it, 0,
		  ~0u << (23 - i % 24));
	put_actions(m);
	transact(m, "adding", i);
}

int main(int argc, char **argv)
{
	const char *prefix = getenv("FAMILY_PREFIX");
	uint32_t flows, rounds = 0, i;
	char name[64];
	time_t end;

	near = argc == 5 && !strcmp(argv[4], "near");
	if (argc != 4 && !near) {
		fprintf(stderr, "usage: churn DP FLOWS SECONDS [near]\n");
		return 2;
	}
	dp_ifindex = if_nametoindex(argv[1]);
	flows = atoi(argv[2]);
	end = time(NULL) + atoi(argv[3]);
	sock = nl_socket_alloc();
	if (!sock || genl_connect(sock))
		return 1;
	snprintf(name, sizeof(name), "%s" VSL_SUFFIX_FLOW,
		 prefix ?: VSL_DEFAULT_FAMILY_PREFIX);
	family = genl_ctrl_resolve(sock, name);
	if (family < 0 || !dp_ifindex) {
		fprintf(stderr, "churn: no datapath %s\n", argv[1]);
		return 1;
	}
	do {
		for (i = 0; i < flows; i++)
			near ? add_near(i) : add(i);
		/* Odd ones first, so that chains are cut in the middle. */
		for (i = 1; i < flows; i += 2)
			transact(start(OVS_FLOW_CMD_DEL, i), "deleting", i);
		for (i = 0; i < flows; i += 2)
			transact(start(OVS_FLOW_CMD_DEL, i), "deleting", i);
		rounds++;
	} while (time(NULL) < end);
	printf("%u flows put and deleted, %u times\n", flows, rounds);
	return 0;
}
