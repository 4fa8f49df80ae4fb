// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_frame.c - keys to frames, and the masks of their megaflows, byte by byte
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <arpa/inet.h>
#include <cmocka.h>

#include "lib/nl.h"
#include "vswitchd/frame.h"

static const uint8_t eth[12] = { 2, 0, 0, 0, 0, 0xa, 2, 0, 0, 0, 0, 0xb };	/* src, dst */
static const uint8_t zeros[48];

static void put_be16(struct nl_msg *msg, int type, uint16_t value)
{
	nla_put_u16(msg, type, htons(value));
}

/* What every upcall's key begins with. */
static void put_start(struct nl_msg *msg, uint32_t in_port)
{
	nla_put_u32(msg, OVS_KEY_ATTR_RECIRC_ID, 0);
	nla_put_u32(msg, OVS_KEY_ATTR_DP_HASH, 0);
	nla_put_u32(msg, OVS_KEY_ATTR_PRIORITY, 0);
	nla_put_u32(msg, OVS_KEY_ATTR_IN_PORT, in_port);
	nla_put_u32(msg, OVS_KEY_ATTR_SKB_MARK, 0);
	nla_put(msg, OVS_KEY_ATTR_ETHERNET, sizeof(eth), eth);
}

static void put_ipv4(struct nl_msg *msg)
{
	struct ovs_key_ipv4 ip = { .ipv4_proto = 1, .ipv4_ttl = 64 };
	struct ovs_key_icmp icmp = { .icmp_type = 8 };

	put_be16(msg, OVS_KEY_ATTR_ETHERTYPE, 0x0800);
	nla_put(msg, OVS_KEY_ATTR_IPV4, sizeof(ip), &ip);
	nla_put(msg, OVS_KEY_ATTR_ICMP, sizeof(icmp), &icmp);
}

static void put_tag(struct nl_msg *msg, uint16_t tpid, uint16_t tci, struct nlattr **encap)
{
	put_be16(msg, OVS_KEY_ATTR_ETHERTYPE, tpid);
	put_be16(msg, OVS_KEY_ATTR_VLAN, tci);
	*encap = nla_nest_start(msg, OVS_KEY_ATTR_ENCAP);
}

/* nla_nest_end() of libnl takes an empty nest away again. */
static void end_tag(struct nl_msg *msg, struct nlattr *encap)
{
	encap->nla_type = OVS_KEY_ATTR_ENCAP;
	encap->nla_len = (char *)nlmsg_tail(nlmsg_hdr(msg)) - (char *)encap;
}

static struct frame want_frame(uint32_t in_port)
{
	struct frame f = { .in_port = in_port, .eth_type = 0x0800 };

	memcpy(f.src, eth, 6);
	memcpy(f.dst, eth + 6, 6);
	return f;
}

static void check_mask(struct vsl_blob key, const uint8_t *want, size_t len)
{
	struct nl_msg *msg = vsl_attrs_new();
	struct vsl_blob mask;

	assert_int_equal(frame_put_mask(msg, key, NULL), 0);
	mask = vsl_blob_of_msg(msg);
	assert_int_equal(mask.len, len);
	assert_memory_equal(mask.data, want, len);
	assert_true(frame_is_masked_by(key, mask, NULL));
	nlmsg_free(msg);
}

/* An attribute's header as the wire has it on this machine's byte order. */
#define HDR(len, type) \
	(len) & 0xff, (len) >> 8, (type) & 0xff, (type) >> 8
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#undef HDR
#define HDR(len, type) \
	(len) >> 8, (len) & 0xff, (type) >> 8, (type) & 0xff
#endif
#define ONES4 0xff, 0xff, 0xff, 0xff
#define ONES12 ONES4, ONES4, ONES4
#define MASK_START \
	HDR(8, OVS_KEY_ATTR_RECIRC_ID), ONES4, \
	HDR(8, OVS_KEY_ATTR_IN_PORT), ONES4, \
	HDR(16, OVS_KEY_ATTR_ETHERNET), ONES12
#define MASK_TYPE HDR(6, OVS_KEY_ATTR_ETHERTYPE), 0xff, 0xff, 0, 0
#define MASK_VLAN HDR(6, OVS_KEY_ATTR_VLAN), 0xff, 0xff, 0, 0

static void untagged(void **state)
{
	static const uint8_t want_mask[] = { MASK_START, MASK_TYPE };
	struct nl_msg *msg = vsl_attrs_new();
	struct frame f, want = want_frame(7);

	(void)state;
	put_start(msg, 7);
	put_ipv4(msg);
	assert_true(frame_from_key(&f, vsl_blob_of_msg(msg)));
	assert_memory_equal(&f, &want, sizeof(f));
	check_mask(vsl_blob_of_msg(msg), want_mask, sizeof(want_mask));
	nlmsg_free(msg);
}

static void tagged(void **state)
{
	static const uint8_t want_mask[] = {
		MASK_START, MASK_TYPE, MASK_VLAN,
		HDR(12, OVS_KEY_ATTR_ENCAP), MASK_TYPE,
	};
	struct nl_msg *msg = vsl_attrs_new();
	struct frame f, want = want_frame(7);
	struct nlattr *encap;

	(void)state;
	put_start(msg, 7);
	put_tag(msg, 0x8100, 0x500a | VSL_VLAN_PRESENT, &encap);
	put_ipv4(msg);
	end_tag(msg, encap);
	want.tag[0].tpid = 0x8100;
	want.tag[0].tci = 0x500a;
	assert_true(frame_from_key(&f, vsl_blob_of_msg(msg)));
	assert_memory_equal(&f, &want, sizeof(f));
	check_mask(vsl_blob_of_msg(msg), want_mask, sizeof(want_mask));
	nlmsg_free(msg);
}

static void double_tagged(void **state)
{
	static const uint8_t want_mask[] = {
		MASK_START, MASK_TYPE, MASK_VLAN,
		HDR(32, OVS_KEY_ATTR_ENCAP), MASK_TYPE, MASK_VLAN,
		HDR(12, OVS_KEY_ATTR_ENCAP), MASK_TYPE,
	};
	struct nl_msg *msg = vsl_attrs_new();
	struct frame f, want = want_frame(7);
	struct nlattr *outer, *inner;

	(void)state;
	put_start(msg, 7);
	put_tag(msg, 0x88a8, 0x1064, &outer);
	put_tag(msg, 0x8100, 0x100a, &inner);
	put_ipv4(msg);
	end_tag(msg, inner);
	end_tag(msg, outer);
	want.tag[0] = (struct frame_tag){ 0x88a8, 0x1064 };
	want.tag[1] = (struct frame_tag){ 0x8100, 0x100a };
	assert_true(frame_from_key(&f, vsl_blob_of_msg(msg)));
	assert_memory_equal(&f, &want, sizeof(f));
	check_mask(vsl_blob_of_msg(msg), want_mask, sizeof(want_mask));
	nlmsg_free(msg);
}

/* 802.2: no type in the key, all ones in the mask stand for that. */
static void without_a_type(void **state)
{
	static const uint8_t want_mask[] = { MASK_START, MASK_TYPE };
	struct nl_msg *msg = vsl_attrs_new();
	struct frame f, want = want_frame(7);

	(void)state;
	put_start(msg, 7);
	want.eth_type = 0;
	assert_true(frame_from_key(&f, vsl_blob_of_msg(msg)));
	assert_memory_equal(&f, &want, sizeof(f));
	check_mask(vsl_blob_of_msg(msg), want_mask, sizeof(want_mask));
	nlmsg_free(msg);
}

static void cut_tags(void **state)
{
	struct nl_msg *msg = vsl_attrs_new();
	struct nlattr *outer, *inner;
	struct frame f;

	(void)state;
	put_start(msg, 7);
	put_tag(msg, 0x8100, 0, &outer);
	end_tag(msg, outer);
	assert_true(frame_from_key(&f, vsl_blob_of_msg(msg)));
	assert_int_equal(f.flags, FRAME_CUT_OUTER_TAG);
	assert_int_equal(f.tag[0].tci, 0);

	vsl_attrs_reset(msg);
	put_start(msg, 7);
	put_tag(msg, 0x88a8, 0x1064, &outer);
	put_tag(msg, 0x8100, 0, &inner);
	end_tag(msg, inner);
	end_tag(msg, outer);
	assert_true(frame_from_key(&f, vsl_blob_of_msg(msg)));
	assert_int_equal(f.flags, FRAME_CUT_INNER_TAG);
	assert_int_equal(f.tag[0].tci, 0x1064);
	assert_int_equal(f.tag[1].tci, 0);
	nlmsg_free(msg);
}

static void not_a_frame(void **state)
{
	struct nl_msg *msg = vsl_attrs_new();
	struct frame f;

	(void)state;
	/* a packet of a tunnel without Ethernet */
	nla_put_u32(msg, OVS_KEY_ATTR_IN_PORT, 3);
	put_ipv4(msg);
	assert_false(frame_from_key(&f, vsl_blob_of_msg(msg)));
	assert_int_equal(f.in_port, 3);

	vsl_attrs_reset(msg);
	nla_put(msg, OVS_KEY_ATTR_ETHERNET, 11, eth);
	assert_false(frame_from_key(&f, vsl_blob_of_msg(msg)));

	assert_false(frame_from_key(&f, (struct vsl_blob){ NULL, 0 }));

	/* no port: the frame of a packet that user space made */
	vsl_attrs_reset(msg);
	nla_put(msg, OVS_KEY_ATTR_ETHERNET, sizeof(eth), eth);
	assert_true(frame_from_key(&f, vsl_blob_of_msg(msg)));
	assert_int_equal(f.in_port, FRAME_NO_PORT);
	nlmsg_free(msg);
}

/* A mask as the stock kernel dumps it: wild fields as zeros, a tunnel nest. */
static void tells_own_masks_from_others(void **state)
{
	static const uint8_t ones[12] = { ONES12 };
	struct nl_msg *key = vsl_attrs_new(), *mask = vsl_attrs_new();
	struct nlattr *tunnel;
	int foreign;

	(void)state;
	put_start(key, 7);
	put_ipv4(key);
	for (foreign = 0; foreign < 5; foreign++) {
		vsl_attrs_reset(mask);
		nla_put_u32(mask, OVS_KEY_ATTR_RECIRC_ID, foreign == 1 ? 0 : UINT32_MAX);
		nla_put_u32(mask, OVS_KEY_ATTR_DP_HASH, 0);
		nla_put_u32(mask, OVS_KEY_ATTR_PRIORITY, foreign == 2);
		tunnel = nla_nest_start(mask, OVS_KEY_ATTR_TUNNEL);
		nla_put_u8(mask, OVS_TUNNEL_KEY_ATTR_TTL, 0);
		nla_nest_end(mask, tunnel);
		nla_put_u32(mask, OVS_KEY_ATTR_IN_PORT, UINT32_MAX);
		nla_put_u32(mask, OVS_KEY_ATTR_SKB_MARK, 0);
		nla_put(mask, OVS_KEY_ATTR_ETHERNET, 12, foreign == 3 ? zeros : ones);
		put_be16(mask, OVS_KEY_ATTR_ETHERTYPE, 0xffff);
		nla_put(mask, OVS_KEY_ATTR_IPV4, sizeof(struct ovs_key_ipv4),
			foreign == 4 ? ones : zeros);
		nla_put(mask, OVS_KEY_ATTR_ICMP, 2, zeros);
		assert_int_equal(frame_is_masked_by(vsl_blob_of_msg(key),
						    vsl_blob_of_msg(mask), NULL), !foreign);
	}
	/* no mask at all: exact on everything */
	assert_false(frame_is_masked_by(vsl_blob_of_msg(key), (struct vsl_blob){ NULL, 0 }, NULL));
	nlmsg_free(key);
	nlmsg_free(mask);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(untagged),
		cmocka_unit_test(tagged),
		cmocka_unit_test(double_tagged),
		cmocka_unit_test(without_a_type),
		cmocka_unit_test(cut_tags),
		cmocka_unit_test(not_a_frame),
		cmocka_unit_test(tells_own_masks_from_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
