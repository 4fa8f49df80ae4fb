// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/ reads what kernels and other clients wrote: tests/unit/recorded.txt has the
 * answers of stock openvswitch.ko and of vswitch_lite.ko about the datapath that
 * tests/interop/record.sh makes, and what ovs-dpctl and ovs-vswitchd asked for, a
 * netlink message a line.  What is expected is what that script, and record-ovs.sh,
 * told ovs-dpctl and ovs-vswitchd to make.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <netlink/msg.h>

#include "lib/dp.h"
#include "lib/flow.h"
#include "lib/packet.h"
#include "lib/port.h"
#include "lib/text.h"

#define RECORDED "tests/unit/recorded.txt"

static const struct {
	uint32_t port_no, type;
	const char *name;
	uint64_t rx_packets;
} ports[] = {
	{ 0, OVS_VPORT_TYPE_INTERNAL, "rec0", 0 },
	{ 1, OVS_VPORT_TYPE_NETDEV, "v1", 1 },
	/* what leaves the datapath by it is what its device receives */
	{ 7, OVS_VPORT_TYPE_INTERNAL, "i1", 1 },
};

/* Up to USED, which depends on the day.  The kernel has 8 bits of ARP operation. */
static const char *const flows[] = {
	"in_port(1),eth(src=02:00:00:00:00:01/ff:ff:ff:00:00:00),"
	"eth_type(0x88a8),vlan(vid=5,pcp=3),encap(eth_type(0x8100),"
	"vlan(vid=9,pcp=1),encap(eth_type(0x0800),"
	"ipv4(src=10.0.0.0/255.0.0.0,proto=6),tcp(src=1000/0xff00,dst=443),"
	"tcp_flags(+syn-ack))), packets:0, bytes:0, used:",
	"in_port(1),skb_mark(0x5/0xf),eth(),eth_type(0x86dd),"
	"ipv6(proto=58,frag=no),icmpv6(type=135,code=0),nd(target=fd00::3), "
	"packets:0, bytes:0, used:",
	"in_port(1),eth(),eth_type(0x0806),arp(op=1/0xff), "
	"packets:1, bytes:42, used:",
	"in_port(1),eth(),eth_type(0x0800),ipv4(proto=17,frag=no),udp(), "
	"packets:0, bytes:0, used:",
};

static const char *const actions[] = {
	"actions:pop_vlan,push_vlan(vid=6,pcp=1),7",
	"actions:userspace(pid=5,userdata(0011223344556677)),7",
	"actions:7",
	"actions:trunc(40),userspace(pid=5,userdata(0011223344556677),actions)",
};

/* What the two packets' headers say, from Ethernet on. */
static const struct {
	uint8_t cmd;
	const char *key;
	size_t packet_len, len;
	const char *userdata;	/* NULL: none, and no actions */
} upcalls[] = {
	{ OVS_PACKET_CMD_MISS,
	  "eth(src=02:00:00:00:00:09,dst=02:00:00:00:00:02),"
	  "eth_type(0x8100),vlan(vid=5,pcp=3),encap(eth_type(0x0806),"
	  "arp(sip=10.0.0.2,tip=10.0.0.1,op=2,"
	  "sha=02:00:00:00:00:09,tha=02:00:00:00:00:02))", 46, 46, NULL },
	{ OVS_PACKET_CMD_ACTION,
	  "eth(src=02:00:00:00:00:01,dst=02:00:00:00:00:02),"
	  "eth_type(0x0800),ipv4(src=10.0.0.1,dst=10.0.0.2,proto=17,tos=0,"
	  "ttl=64,frag=no),udp(src=1000,dst=2000)", 40, 44,
	  "\x00\x11\x22\x33\x44\x55\x66\x77" },
};

/*
 * What ovs-vswitchd puts for two frames: what its OpenFlow flows match and change is
 * exact, a tag that it takes off as a whole, and so is what every flow of it is: the
 * port, the type, whether fragmented.
 */
static const struct {
	const char *kind, *flow, *actions;
	size_t packet_len;
} requests[] = {
	{ "put", "recirc_id(0),in_port(2),eth(),eth_type(0x0800),"
	  "ipv4(dst=10.0.0.2,proto=17,frag=no),udp(dst=2000)",
	  "set(ipv4(dst=10.9.8.7)),3", 0 },
	{ "execute", NULL, "set(ipv4(dst=10.9.8.7)),3", 14 + 20 + 8 + 32 },
	{ "put", "recirc_id(0),in_port(2),eth(),eth_type(0x8100),vlan(vid=5,pcp=0),"
	  "encap(eth_type(0x0806),arp())", "pop_vlan,3,1", 0 },
	{ "execute", NULL, "pop_vlan,3,1", 14 + 4 + 28 },
};

#define N_PORTS	(sizeof(ports) / sizeof(ports[0]))
#define N_FLOWS	(sizeof(flows) / sizeof(flows[0]))
#define N_UPCALLS	(sizeof(upcalls) / sizeof(upcalls[0]))
#define N_REQUESTS	(sizeof(requests) / sizeof(requests[0]))

static void check_datapath(const struct nlmsghdr *nlh)
{
	struct vsl_dp dp;

	assert_int_equal(vsl_dp_from_msg(&dp, nlh), 0);
	assert_string_equal(dp.name, "rec0");
	assert_true(dp.ifindex > 0);
	assert_true(dp.has_stats && dp.has_megaflow && dp.has_features);
	assert_int_equal(dp.stats.n_hit, 1);
	assert_int_equal(dp.stats.n_missed, 0);
	assert_int_equal(dp.stats.n_lost, 0);
	assert_int_equal(dp.stats.n_flows, N_FLOWS);
	/* what every ovs-dpctl that opens a datapath asks for */
	assert_int_equal(dp.features, OVS_DP_F_UNALIGNED |
				      OVS_DP_F_DISPATCH_UPCALL_PER_CPU);
}

static void check_port(const struct nlmsghdr *nlh)
{
	struct vsl_port port;
	size_t i;

	assert_int_equal(vsl_port_from_msg(&port, nlh), 0);
	for (i = 0; i < N_PORTS && ports[i].port_no != port.port_no; i++)
		;
	assert_true(i < N_PORTS);
	assert_string_equal(port.name, ports[i].name);
	assert_int_equal(port.type, ports[i].type);
	assert_true(port.ifindex > 0 && port.has_stats);
	assert_int_equal(port.stats.rx_packets, ports[i].rx_packets);
	assert_int_equal(port.n_pids, 1);
	assert_int_equal(port.pid, 0);
}

static void check_flow(const struct nlmsghdr *nlh)
{
	static const uint8_t ufid[VSL_UFID_MAX] = {
		0x67, 0x45, 0x23, 0x01, 0xef, 0xcd, 0xab, 0x89,
		0x67, 0x45, 0x23, 0x01, 0xef, 0xcd, 0xab, 0x89 };
	struct vsl_str str = VSL_STR_INIT;
	struct vsl_flow flow;
	const char *text, *end;
	size_t i;

	assert_int_equal(vsl_flow_from_msg(&flow, nlh), 0);
	vsl_text_put_flow(&str, &flow, NULL);
	text = str.s;
	for (i = 0; i < N_FLOWS; i++)
		if (!strncmp(text, flows[i], strlen(flows[i])))
			break;
	if (i == N_FLOWS)
		fail_msg("a flow that nobody made: %s", text);
	end = strstr(text, "actions:");
	assert_non_null(end);
	assert_string_equal(end, actions[i]);
	assert_int_equal(flow.has_stats, i == 2);
	assert_int_equal(flow.has_used, i == 2);
	assert_int_equal(flow.ufid_len, i == 1 ? VSL_UFID_MAX : 0);
	if (i == 1)
		assert_memory_equal(flow.ufid, ufid, sizeof(ufid));
	vsl_str_free(&str);
}

static void check_upcall(const struct nlmsghdr *nlh, unsigned int i)
{
	struct vsl_blob none = { NULL, 0 };
	struct vsl_str str = VSL_STR_INIT;
	struct vsl_upcall upcall;
	const char *eth;

	assert_true(i < N_UPCALLS);
	assert_int_equal(vsl_upcall_from_msg(&upcall, nlh), 0);
	assert_int_equal(upcall.cmd, upcalls[i].cmd);
	assert_true(upcall.dp_ifindex > 0 && upcall.has_hash);
	assert_int_equal(upcall.packet.len, upcalls[i].packet_len);
	assert_int_equal(upcall.len, upcalls[i].len);
	assert_memory_equal(upcall.packet.data, "\x02\0\0\0\0\x02", 6);
	vsl_text_put_key(&str, upcall.key, none, NULL);
	assert_non_null(strstr(str.s, "in_port(1),"));
	eth = strstr(str.s, "eth(");
	assert_non_null(eth);
	assert_string_equal(eth, upcalls[i].key);
	if (!upcalls[i].userdata) {
		vsl_str_free(&str);
		assert_null(upcall.userdata.data);
		assert_null(upcall.actions.data);
		return;
	}
	assert_int_equal(upcall.userdata.len, 8);
	assert_memory_equal(upcall.userdata.data, upcalls[i].userdata, 8);
	vsl_str_clear(&str);
	vsl_str_puts(&str, "actions:");
	vsl_text_put_actions(&str, upcall.actions, NULL);
	assert_string_equal(str.s, actions[N_FLOWS - 1]);
	vsl_str_free(&str);
}

/* Without statistics, which no request has. */
static void check_dpctl(const struct nlmsghdr *nlh, const char *kind,
			unsigned int i)
{
	struct vsl_str str = VSL_STR_INIT;
	struct vsl_text_error error;
	struct nl_msg *own = vsl_attrs_new();
	struct vsl_flow flow;

	assert_true(i < N_FLOWS);
	assert_string_equal(kind, "put");
	assert_int_equal(vsl_flow_from_msg(&flow, nlh), 0);
	vsl_text_put_key(&str, flow.key, flow.mask, NULL);
	/* in the command's order and words, not the kernel's */
	if (i == 1)
		assert_string_equal(str.s, "skb_mark(0x5/0xf),in_port(1),eth(),"
				    "eth_type(0x86dd),ipv6(proto=58,frag=no),"
				    "icmpv6(type=135,code=0),nd(target=fd00::3)");
	else if (i == 2)
		assert_string_equal(str.s, "in_port(1),eth(),eth_type(0x0806),arp(op=1)");
	else
		assert_memory_equal(str.s, flows[i],
				    strstr(flows[i], ", packets:") - flows[i]);

	vsl_str_clear(&str);
	vsl_str_puts(&str, "actions:");
	vsl_text_put_actions(&str, flow.actions, NULL);
	assert_string_equal(str.s, actions[i]);

	/* our own reading of the same words */
	assert_int_equal(vsl_text_parse_actions(strchr(actions[i], ':') + 1, NULL,
						own, &error), 0);
	assert_int_equal(vsl_blob_of_msg(own).len, flow.actions.len);
	assert_memory_equal(vsl_blob_of_msg(own).data, flow.actions.data,
			    flow.actions.len);
	nlmsg_free(own);
	vsl_str_free(&str);
}

static struct vsl_blob blob_of(const struct nlmsghdr *nlh, int type)
{
	struct nlattr *attr = nlmsg_find_attr((struct nlmsghdr *)nlh,
					      GENL_HDRLEN + sizeof(struct ovs_header),
					      type);

	assert_non_null(attr);
	return vsl_blob_of_attr(attr);
}

static void check_vswitchd(const struct nlmsghdr *nlh, const char *kind,
			   unsigned int i)
{
	struct vsl_str str = VSL_STR_INIT;
	struct vsl_flow flow;

	assert_true(i < N_REQUESTS);
	assert_string_equal(kind, requests[i].kind);
	if (requests[i].flow) {
		assert_int_equal(vsl_flow_from_msg(&flow, nlh), 0);
		assert_int_equal(flow.ufid_len, VSL_UFID_MAX);
		vsl_text_put_key(&str, flow.key, flow.mask, NULL);
		assert_string_equal(str.s, requests[i].flow);
		vsl_str_clear(&str);
	} else {
		flow.actions = blob_of(nlh, OVS_PACKET_ATTR_ACTIONS);
		assert_int_equal(blob_of(nlh, OVS_PACKET_ATTR_PACKET).len,
				 requests[i].packet_len);
	}
	vsl_text_put_actions(&str, flow.actions, NULL);
	assert_string_equal(str.s, requests[i].actions);
	vsl_str_free(&str);
}

/* A message on its own in memory of its own, so that a step beyond is seen. */
static struct nlmsghdr *from_hex(const char *hex)
{
	size_t len = strspn(hex, "0123456789abcdef") / 2, i;
	unsigned char *bytes = malloc(len);
	unsigned int byte;

	assert_non_null(bytes);
	for (i = 0; i < len; i++) {
		assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
		bytes[i] = byte;
	}
	assert_int_equal(((struct nlmsghdr *)bytes)->nlmsg_len, len);
	return (struct nlmsghdr *)bytes;
}

/* Calls @check for each line of @who's, with its number; returns how many. */
static unsigned int for_each(const char *who,
			     void (*check)(const struct nlmsghdr *nlh,
					   const char *kind, unsigned int i))
{
	FILE *f = fopen(RECORDED, "re");
	struct nlmsghdr *nlh;
	char *line = NULL;
	char word[16], kind[16];
	unsigned int n = 0;
	size_t size = 0;

	/* netlink is in the host's byte order, and so is what was recorded */
	if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
		skip();
	assert_non_null(f);
	while (getline(&line, &size, f) > 0) {
		if (line[0] == '#' ||
		    sscanf(line, "%15s %15s", word, kind) != 2 ||
		    strcmp(word, who))
			continue;
		nlh = from_hex(strrchr(line, ' ') + 1);
		check(nlh, kind, n++);
		free(nlh);
	}
	free(line);
	fclose(f);
	return n;
}

static unsigned int seen[4];

static void check_answer(const struct nlmsghdr *nlh, const char *kind,
			 unsigned int i)
{
	(void)i;
	if (!strcmp(kind, "datapath")) {
		check_datapath(nlh);
		seen[0]++;
	} else if (!strcmp(kind, "port")) {
		check_port(nlh);
		seen[1]++;
	} else if (!strcmp(kind, "upcall")) {
		check_upcall(nlh, seen[3]++);
	} else {
		assert_string_equal(kind, "flow");
		check_flow(nlh);
		seen[2]++;
	}
}

static void answers(void **state)
{
	memset(seen, 0, sizeof(seen));
	for_each(*state, check_answer);
	assert_int_equal(seen[0], 1);
	assert_int_equal(seen[1], N_PORTS);
	assert_int_equal(seen[2], N_FLOWS);
	assert_int_equal(seen[3], N_UPCALLS);
}

static void dpctl_asks(void **state)
{
	(void)state;
	assert_int_equal(for_each("dpctl", check_dpctl), N_FLOWS);
}

static void vswitchd_asks(void **state)
{
	(void)state;
	assert_int_equal(for_each("vswitchd", check_vswitchd), N_REQUESTS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "stock", answers, NULL, NULL, "stock" },
		{ "lite", answers, NULL, NULL, "lite" },
		cmocka_unit_test(dpctl_asks),
		cmocka_unit_test(vswitchd_asks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
