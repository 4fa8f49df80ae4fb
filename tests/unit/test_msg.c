// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/dp.c, port.c, flow.c, packet.c: messages to structs.  Messages are built by
 * hand as a kernel would, then cut off at every byte and bent one byte at a time:
 * a message is read or refused, and nothing beyond it is touched.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include "lib/dp.h"
#include "lib/flow.h"
#include "lib/packet.h"
#include "lib/port.h"

#define FAMILY 0x20

static struct nl_msg *start(int cmd, int dp_ifindex)
{
	struct nl_msg *msg = nlmsg_alloc();
	struct ovs_header *oh;

	assert_non_null(msg);
	oh = genlmsg_put(msg, 0, 0, FAMILY, sizeof(*oh), 0, cmd, 1);
	assert_non_null(oh);
	oh->dp_ifindex = dp_ifindex;
	return msg;
}

static struct nl_msg *dp_msg(void)
{
	struct ovs_dp_stats stats = { .n_hit = 1, .n_missed = 2, .n_lost = 3,
				      .n_flows = 4 };
	struct ovs_dp_megaflow_stats mega = { .n_mask_hit = 5, .n_masks = 6,
					      .n_cache_hit = 7 };
	const uint32_t pids[] = { 11, 12, 13 };
	struct nl_msg *msg = start(OVS_DP_CMD_NEW, 42);

	nla_put_string(msg, OVS_DP_ATTR_NAME, "dp0");
	nla_put(msg, OVS_DP_ATTR_STATS, sizeof(stats), &stats);
	nla_put(msg, OVS_DP_ATTR_MEGAFLOW_STATS, sizeof(mega), &mega);
	nla_put_u32(msg, OVS_DP_ATTR_USER_FEATURES, 9);
	nla_put_u32(msg, OVS_DP_ATTR_MASKS_CACHE_SIZE, 256);
	nla_put(msg, OVS_DP_ATTR_PER_CPU_PIDS, sizeof(pids), pids);
	return msg;
}

static struct nl_msg *port_msg(void)
{
	struct ovs_vport_stats stats = { .rx_packets = 1, .tx_dropped = 8 };
	struct nl_msg *msg = start(OVS_VPORT_CMD_DEL, 42);
	struct nlattr *nest;

	nla_put_u32(msg, OVS_VPORT_ATTR_PORT_NO, 3);
	nla_put_u32(msg, OVS_VPORT_ATTR_TYPE, OVS_VPORT_TYPE_INTERNAL);
	nla_put_string(msg, OVS_VPORT_ATTR_NAME, "fifteen-letters");
	nla_put_u32(msg, OVS_VPORT_ATTR_IFINDEX, 77);
	nla_put_u32(msg, OVS_VPORT_ATTR_NETNSID, (uint32_t)-1);
	nla_put(msg, OVS_VPORT_ATTR_STATS, sizeof(stats), &stats);
	nla_put_u32(msg, OVS_VPORT_ATTR_UPCALL_PID, 99);
	nest = vsl_nest_start(msg, 10);
	nla_put_u64(msg, 0, 100);
	nla_put_u64(msg, 1, 5);
	vsl_nest_end(msg, nest);
	return msg;
}

static struct nl_msg *flow_msg(void)
{
	struct ovs_flow_stats stats = { .n_packets = 3, .n_bytes = 294 };
	const uint8_t ufid[16] = { 1, 2, 3 };
	struct nl_msg *msg = start(OVS_FLOW_CMD_NEW, 42);
	struct nlattr *nest;

	nla_put(msg, OVS_FLOW_ATTR_UFID, sizeof(ufid), ufid);
	nest = vsl_nest_start(msg, OVS_FLOW_ATTR_KEY);
	nla_put_u32(msg, OVS_KEY_ATTR_IN_PORT, 1);
	vsl_nest_end(msg, nest);
	nest = vsl_nest_start(msg, OVS_FLOW_ATTR_MASK);
	nla_put_u32(msg, OVS_KEY_ATTR_IN_PORT, 0xffffffff);
	vsl_nest_end(msg, nest);
	nla_put(msg, OVS_FLOW_ATTR_STATS, sizeof(stats), &stats);
	nla_put_u64(msg, OVS_FLOW_ATTR_USED, 123456789012ull);
	nla_put_u8(msg, OVS_FLOW_ATTR_TCP_FLAGS, 0x12);
	nla_put(msg, OVS_FLOW_ATTR_ACTIONS, 0, NULL);
	return msg;
}

static struct nl_msg *upcall_msg(void)
{
	struct nl_msg *msg = start(OVS_PACKET_CMD_ACTION, 42);
	static const uint8_t packet[60] = { 0xff, 0xff };
	struct nlattr *nest;

	nest = vsl_nest_start(msg, OVS_PACKET_ATTR_KEY);
	nla_put_u32(msg, OVS_KEY_ATTR_IN_PORT, 1);
	vsl_nest_end(msg, nest);
	nla_put(msg, OVS_PACKET_ATTR_USERDATA, 3, "abc");
	nla_put_u16(msg, OVS_PACKET_ATTR_MRU, 1500);
	nla_put_u32(msg, OVS_PACKET_ATTR_LEN, 1514);
	nla_put_u64(msg, OVS_PACKET_ATTR_HASH, 0x100000005ull);
	nla_put(msg, OVS_PACKET_ATTR_PACKET, sizeof(packet), packet);
	return msg;
}

static void test_dp(void **state)
{
	struct nl_msg *msg = dp_msg();
	struct vsl_dp dp;

	(void)state;
	assert_int_equal(vsl_dp_from_msg(&dp, nlmsg_hdr(msg)), 0);
	assert_int_equal(dp.cmd, OVS_DP_CMD_NEW);
	assert_int_equal(dp.ifindex, 42);
	assert_string_equal(dp.name, "dp0");
	assert_true(dp.has_stats && dp.has_megaflow && dp.has_features &&
		    dp.has_cache_size);
	assert_int_equal(dp.stats.n_hit, 1);
	assert_int_equal(dp.stats.n_flows, 4);
	assert_int_equal(dp.megaflow.n_masks, 6);
	assert_int_equal(dp.megaflow.n_cache_hit, 7);
	assert_int_equal(dp.features, 9);
	assert_int_equal(dp.cache_size, 256);
	assert_int_equal(dp.n_pids, 3);
	assert_int_equal(dp.pids[2], 13);
	nlmsg_free(msg);

	msg = start(OVS_DP_CMD_NEW, 42);
	assert_int_equal(vsl_dp_from_msg(&dp, nlmsg_hdr(msg)), -EINVAL);
	nla_put_string(msg, OVS_DP_ATTR_NAME, "dp0");
	assert_int_equal(vsl_dp_from_msg(&dp, nlmsg_hdr(msg)), 0);
	assert_false(dp.has_stats || dp.has_megaflow || dp.has_features);
	nlmsg_free(msg);
}

/* More CPUs than are kept: the count is right, and nothing is overrun. */
static void test_many_pids(void **state)
{
	struct nl_msg *msg = start(OVS_DP_CMD_NEW, 1);
	static uint32_t pids[VSL_DP_PIDS_KEPT + 44];
	struct vsl_dp dp;

	(void)state;
	for (size_t i = 0; i < VSL_ARRAY_SIZE(pids); i++)
		pids[i] = i;
	nla_put_string(msg, OVS_DP_ATTR_NAME, "dp0");
	nla_put(msg, OVS_DP_ATTR_PER_CPU_PIDS, sizeof(pids), pids);
	assert_int_equal(vsl_dp_from_msg(&dp, nlmsg_hdr(msg)), 0);
	assert_int_equal(dp.n_pids, 300);
	assert_int_equal(dp.pids[255], 255);
	nlmsg_free(msg);
}

static void test_port(void **state)
{
	struct nl_msg *msg = port_msg();
	struct vsl_port port;

	(void)state;
	assert_int_equal(vsl_port_from_msg(&port, nlmsg_hdr(msg)), 0);
	assert_int_equal(port.cmd, OVS_VPORT_CMD_DEL);
	assert_int_equal(port.dp_ifindex, 42);
	assert_int_equal(port.port_no, 3);
	assert_string_equal(port.name, "fifteen-letters");
	assert_string_equal(vsl_port_type_name(port.type), "internal");
	assert_int_equal(port.ifindex, 77);
	assert_true(port.has_netnsid);
	assert_int_equal(port.netnsid, -1);
	assert_int_equal(port.stats.rx_packets, 1);
	assert_int_equal(port.stats.tx_dropped, 8);
	assert_int_equal(port.n_pids, 1);
	assert_int_equal(port.pid, 99);
	assert_true(port.has_upcall_stats);
	assert_int_equal(port.upcall_success, 100);
	assert_int_equal(port.upcall_fail, 5);
	nlmsg_free(msg);

	msg = start(OVS_VPORT_CMD_NEW, 42);
	nla_put_u32(msg, OVS_VPORT_ATTR_PORT_NO, 3);
	nla_put_u32(msg, OVS_VPORT_ATTR_TYPE, OVS_VPORT_TYPE_NETDEV);
	assert_int_equal(vsl_port_from_msg(&port, nlmsg_hdr(msg)), -EINVAL);
	nla_put_string(msg, OVS_VPORT_ATTR_NAME, "a-name-of-17-byte");
	assert_int_equal(vsl_port_from_msg(&port, nlmsg_hdr(msg)), -EINVAL);
	nlmsg_free(msg);
}

static void test_port_types(void **state)
{
	(void)state;
	assert_int_equal(vsl_port_type_parse("netdev"), 1);
	assert_int_equal(vsl_port_type_parse("system"), 1);
	assert_int_equal(vsl_port_type_parse("internal"), 2);
	assert_int_equal(vsl_port_type_parse("foo"), 0);
	assert_string_equal(vsl_port_type_name(1), "netdev");
	assert_string_equal(vsl_port_type_name(77), "unknown");
}

static void test_flow(void **state)
{
	struct nl_msg *msg = flow_msg();
	struct vsl_flow flow;

	(void)state;
	assert_int_equal(vsl_flow_from_msg(&flow, nlmsg_hdr(msg)), 0);
	assert_int_equal(flow.dp_ifindex, 42);
	assert_int_equal(flow.ufid_len, 16);
	assert_int_equal(flow.ufid[2], 3);
	assert_int_equal(flow.key.len, 8);
	assert_int_equal(flow.mask.len, 8);
	assert_non_null(flow.actions.data);	/* there, and empty: drop */
	assert_int_equal(flow.actions.len, 0);
	assert_int_equal(flow.packets, 3);
	assert_int_equal(flow.bytes, 294);
	assert_true(flow.has_used);
	assert_true(flow.used_ms == 123456789012ull);
	assert_int_equal(flow.tcp_flags, 0x12);
	nlmsg_free(msg);

	/* Nothing that names it: only a flush is announced like that. */
	msg = start(OVS_FLOW_CMD_NEW, 42);
	assert_int_equal(vsl_flow_from_msg(&flow, nlmsg_hdr(msg)), -EINVAL);
	nlmsg_free(msg);
	msg = start(OVS_FLOW_CMD_DEL, 42);
	assert_int_equal(vsl_flow_from_msg(&flow, nlmsg_hdr(msg)), 0);
	assert_null(flow.key.data);
	nlmsg_free(msg);
}

/* What is written is what is read, the statistics excepted. */
static void test_flow_put(void **state)
{
	struct nl_msg *msg = flow_msg(), *copy = start(OVS_FLOW_CMD_NEW, 1);
	struct vsl_flow flow, back;
	struct nl_msg *small;

	(void)state;
	assert_int_equal(vsl_flow_from_msg(&flow, nlmsg_hdr(msg)), 0);
	assert_int_equal(vsl_flow_put_attrs(copy, &flow), 0);
	assert_int_equal(vsl_flow_from_msg(&back, nlmsg_hdr(copy)), 0);
	assert_int_equal(back.ufid_len, 16);
	assert_memory_equal(back.ufid, flow.ufid, 16);
	assert_int_equal(back.key.len, 8);
	assert_memory_equal(back.key.data, flow.key.data, 8);
	assert_memory_equal(back.mask.data, flow.mask.data, 8);
	assert_non_null(back.actions.data);
	assert_int_equal(back.actions.len, 0);
	assert_false(back.has_stats);

	/* An absent mask stays absent: it does not mean an empty one. */
	flow.mask.data = NULL;
	nlmsg_free(copy);
	copy = start(OVS_FLOW_CMD_NEW, 1);
	assert_int_equal(vsl_flow_put_attrs(copy, &flow), 0);
	assert_int_equal(vsl_flow_from_msg(&back, nlmsg_hdr(copy)), 0);
	assert_null(back.mask.data);

	small = nlmsg_alloc_size(NLMSG_HDRLEN + 24);
	assert_int_equal(vsl_flow_put_attrs(small, &flow), -EMSGSIZE);
	nlmsg_free(small);
	nlmsg_free(copy);
	nlmsg_free(msg);
}

static void test_upcall(void **state)
{
	struct nl_msg *msg = upcall_msg();
	struct vsl_upcall upcall;

	(void)state;
	assert_int_equal(vsl_upcall_from_msg(&upcall, nlmsg_hdr(msg)), 0);
	assert_int_equal(upcall.cmd, OVS_PACKET_CMD_ACTION);
	assert_int_equal(upcall.dp_ifindex, 42);
	assert_int_equal(upcall.key.len, 8);
	assert_int_equal(upcall.packet.len, 60);
	assert_int_equal(upcall.userdata.len, 3);
	assert_memory_equal(upcall.userdata.data, "abc", 3);
	assert_null(upcall.actions.data);
	assert_int_equal(upcall.len, 1514);
	assert_true(upcall.has_hash);
	assert_true(upcall.hash == 0x100000005ull);
	assert_int_equal(upcall.mru, 1500);
	/* A command that is none of the kernel's. */
	genlmsg_hdr(nlmsg_hdr(msg))->cmd = OVS_PACKET_CMD_EXECUTE;
	assert_int_equal(vsl_upcall_from_msg(&upcall, nlmsg_hdr(msg)), -EINVAL);
	nlmsg_free(msg);

	msg = start(OVS_PACKET_CMD_MISS, 42);
	nla_put(msg, OVS_PACKET_ATTR_KEY, 0, NULL);
	assert_int_equal(vsl_upcall_from_msg(&upcall, nlmsg_hdr(msg)), -EINVAL);
	nla_put(msg, OVS_PACKET_ATTR_PACKET, 13, "0123456789abc");
	assert_int_equal(vsl_upcall_from_msg(&upcall, nlmsg_hdr(msg)), -EINVAL);
	nlmsg_free(msg);
	msg = start(OVS_PACKET_CMD_MISS, 42);
	nla_put(msg, OVS_PACKET_ATTR_KEY, 0, NULL);
	nla_put(msg, OVS_PACKET_ATTR_PACKET, 14, "0123456789abcd");
	assert_int_equal(vsl_upcall_from_msg(&upcall, nlmsg_hdr(msg)), 0);
	assert_int_equal(upcall.len, 14);
	assert_false(upcall.has_hash);
	nlmsg_free(msg);
}

static int read_dp(const struct nlmsghdr *nlh)
{
	struct vsl_dp dp;

	return vsl_dp_from_msg(&dp, nlh);
}

static int read_port(const struct nlmsghdr *nlh)
{
	struct vsl_port port;

	return vsl_port_from_msg(&port, nlh);
}

/* Sum up blobs, so that each of their bytes is read. */
static unsigned int touch(struct vsl_blob blob)
{
	unsigned int sum = 0;

	for (size_t i = 0; i < blob.len; i++)
		sum += ((const uint8_t *)blob.data)[i];
	return sum;
}

static volatile unsigned int sink;

static int read_flow(const struct nlmsghdr *nlh)
{
	struct vsl_flow flow;
	int err = vsl_flow_from_msg(&flow, nlh);

	if (!err)
		sink = touch(flow.key) + touch(flow.mask) + touch(flow.actions);
	return err;
}

static int read_upcall(const struct nlmsghdr *nlh)
{
	struct vsl_upcall upcall;
	int err = vsl_upcall_from_msg(&upcall, nlh);

	if (!err)
		sink = touch(upcall.key) + touch(upcall.packet) +
		       touch(upcall.userdata) + touch(upcall.actions);
	return err;
}

static const struct {
	struct nl_msg *(*make)(void);
	int (*read)(const struct nlmsghdr *nlh);
} kinds[] = {
	{ dp_msg, read_dp },
	{ port_msg, read_port },
	{ flow_msg, read_flow },
	{ upcall_msg, read_upcall },
};

static void test_truncated(void **state)
{
	(void)state;
	for (size_t k = 0; k < VSL_ARRAY_SIZE(kinds); k++) {
		struct nl_msg *msg = kinds[k].make();
		const struct nlmsghdr *nlh = nlmsg_hdr(msg);

		for (uint32_t len = NLMSG_HDRLEN; len < nlh->nlmsg_len; len++) {
			struct nlmsghdr *copy = malloc(len);
			int err;

			assert_non_null(copy);
			memcpy(copy, nlh, len);
			copy->nlmsg_len = len;
			err = kinds[k].read(copy);
			assert_true(err == 0 || err == -EINVAL);
			/* Without any attribute none of these is complete. */
			if (len <= NLMSG_HDRLEN + 8 && read_flow != kinds[k].read)
				assert_int_equal(err, -EINVAL);
			free(copy);
		}
		nlmsg_free(msg);
	}
}

static void test_bent(void **state)
{
	static const uint8_t values[] = { 0, 1, 3, 4, 5, 0x7f, 0x80, 0xff };

	(void)state;
	for (size_t k = 0; k < VSL_ARRAY_SIZE(kinds); k++) {
		struct nl_msg *msg = kinds[k].make();
		uint32_t len = nlmsg_hdr(msg)->nlmsg_len;
		uint8_t *copy = malloc(len);

		assert_non_null(copy);
		/* Behind nlmsg_len: that one is checked by the receiver. */
		for (uint32_t i = 4; i < len; i++) {
			for (size_t v = 0; v < VSL_ARRAY_SIZE(values); v++) {
				int err;

				memcpy(copy, nlmsg_hdr(msg), len);
				copy[i] = values[v];
				err = kinds[k].read((void *)copy);
				assert_true(err == 0 || err == -EINVAL);
			}
		}
		free(copy);
		nlmsg_free(msg);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dp),
		cmocka_unit_test(test_many_pids),
		cmocka_unit_test(test_port),
		cmocka_unit_test(test_port_types),
		cmocka_unit_test(test_flow),
		cmocka_unit_test(test_flow_put),
		cmocka_unit_test(test_upcall),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_bent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
