// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/key.c: keys between attributes and struct, against bytes counted by hand;
 * the learning switch's mask; and malformed keys, which must be refused without
 * reading beyond them.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <netlink/msg.h>

#include "lib/key.h"

/* The ids are ABI, and so written as numbers here: OVS_KEY_ATTR_... */
enum { ENCAP = 1, PRIORITY = 2, IN_PORT = 3, ETHERNET = 4, VLAN = 5,
       ETHERTYPE = 6, IPV4 = 7, TCP = 9, RECIRC_ID = 20, TCP_FLAGS = 18,
       MPLS = 21 };

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define H16(v) (v) & 0xff, (v) >> 8
#define H32(v) (v) & 0xff, (v) >> 8 & 0xff, (v) >> 16 & 0xff, (v) >> 24
#else
#define H16(v) (v) >> 8, (v) & 0xff
#define H32(v) (v) >> 24, (v) >> 16 & 0xff, (v) >> 8 & 0xff, (v) & 0xff
#endif

#define MACS 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55

/*
 * recirc_id 0, in_port 7, two tags, IPv4, TCP.  The inner ENCAP is 4 bytes and
 * 8 + 16 + 8 + 8, the outer one is 4 and 8 + 8 + 44.
 */
static const uint8_t qinq_tcp[] __attribute__((aligned(4))) = {
	H16(8), H16(RECIRC_ID), H32(0),
	H16(8), H16(IN_PORT), H32(7),
	H16(16), H16(ETHERNET), MACS,
	H16(6), H16(ETHERTYPE), 0x88, 0xa8, 0, 0,
	H16(6), H16(VLAN), 0x10, 0x0a, 0, 0,
	H16(64), H16(ENCAP),
		H16(6), H16(ETHERTYPE), 0x81, 0x00, 0, 0,
		H16(6), H16(VLAN), 0x70, 0x14, 0, 0,
		H16(44), H16(ENCAP),
			H16(6), H16(ETHERTYPE), 0x08, 0x00, 0, 0,
			H16(16), H16(IPV4), 10, 0, 0, 1, 10, 0, 0, 2, 6, 0, 64, 0,
			H16(8), H16(TCP), 0x00, 0x50, 0x80, 0x00,
			H16(6), H16(TCP_FLAGS), 0x00, 0x12, 0, 0,
};

static struct vsl_blob blob(const void *data, size_t len)
{
	return (struct vsl_blob){ data, len };
}

static void test_qinq_bytes(void **state)
{
	struct nl_msg *msg = vsl_attrs_new();
	struct vsl_blob written;
	struct vsl_key key;

	(void)state;
	assert_int_equal(vsl_key_from_attrs(&key, blob(qinq_tcp, sizeof(qinq_tcp)),
					    NULL), 0);
	assert_int_equal(key.in_port, 7);
	assert_true(vsl_key_has(&key, RECIRC_ID));
	assert_false(vsl_key_has(&key, PRIORITY));
	assert_int_equal(key.n_vlans, 2);
	assert_int_equal(key.vlan[0].tpid, htons(0x88a8));
	assert_int_equal(key.vlan[0].tci, htons(0x100a));
	assert_int_equal(key.vlan[1].tpid, htons(0x8100));
	assert_int_equal(key.vlan[1].tci, htons(0x7014));
	assert_true(vsl_key_has(&key, ETHERTYPE));
	assert_int_equal(key.eth_type, htons(0x0800));
	assert_int_equal(key.eth.eth_src[0], 0x66);
	assert_int_equal(key.eth.eth_dst[5], 0x55);
	assert_int_equal(key.ipv4.ipv4_proto, 6);
	assert_int_equal(key.tcp.tcp_src, htons(80));
	assert_int_equal(key.tcp_flags, htons(0x12));
	assert_int_equal(key.n_unknown, 0);

	assert_int_equal(vsl_key_put(msg, &key), 0);
	written = vsl_blob_of_msg(msg);
	assert_int_equal(written.len, sizeof(qinq_tcp));
	assert_memory_equal(written.data, qinq_tcp, sizeof(qinq_tcp));
	nlmsg_free(msg);
}

/* A stack of two labels, behind an Ethernet header. */
static void test_mpls_bytes(void **state)
{
	static const uint8_t bytes[] __attribute__((aligned(4))) = {
		H16(16), H16(ETHERNET), MACS,
		H16(6), H16(ETHERTYPE), 0x88, 0x47, 0, 0,
		H16(12), H16(MPLS), 0x00, 0x01, 0x00, 0x40, 0x00, 0x02, 0x01, 0x3f,
	};
	struct nl_msg *msg = vsl_attrs_new(), *small = nlmsg_alloc_size(NLMSG_HDRLEN + 32);
	struct vsl_blob written;
	struct vsl_key key;

	(void)state;
	assert_int_equal(vsl_key_from_attrs(&key, blob(bytes, sizeof(bytes)), NULL), 0);
	assert_int_equal(key.n_mpls, 2);
	assert_int_equal(key.mpls[0].mpls_lse, htonl(0x00010040));
	assert_int_equal(key.mpls[1].mpls_lse, htonl(0x0002013f));
	assert_int_equal(vsl_key_put(msg, &key), 0);
	written = vsl_blob_of_msg(msg);
	assert_int_equal(written.len, sizeof(bytes));
	assert_memory_equal(written.data, bytes, sizeof(bytes));
	/* room for all but the labels */
	assert_int_equal(vsl_key_put(small, &key), -EMSGSIZE);
	nlmsg_free(small);
	nlmsg_free(msg);
}

/* What a learning switch's flow looks like to the kernel, byte for byte. */
static void test_l2_mask_bytes(void **state)
{
	static const uint8_t expected[] = {
		H16(8), H16(RECIRC_ID), 0xff, 0xff, 0xff, 0xff,
		H16(8), H16(IN_PORT), 0xff, 0xff, 0xff, 0xff,
		H16(16), H16(ETHERNET), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		H16(6), H16(ETHERTYPE), 0xff, 0xff, 0, 0,
		H16(6), H16(VLAN), 0xff, 0xff, 0, 0,
		H16(32), H16(ENCAP),
			H16(6), H16(ETHERTYPE), 0xff, 0xff, 0, 0,
			H16(6), H16(VLAN), 0xff, 0xff, 0, 0,
			H16(12), H16(ENCAP),
				H16(6), H16(ETHERTYPE), 0xff, 0xff, 0, 0,
	};
	struct nl_msg *msg = vsl_attrs_new();
	struct vsl_key key, mask;
	struct vsl_blob written;

	(void)state;
	assert_int_equal(vsl_key_from_attrs(&key, blob(qinq_tcp, sizeof(qinq_tcp)),
					    NULL), 0);
	vsl_key_mask_l2(&mask, &key);
	assert_int_equal(vsl_key_put(msg, &mask), 0);
	written = vsl_blob_of_msg(msg);
	assert_int_equal(written.len, sizeof(expected));
	assert_memory_equal(written.data, expected, sizeof(expected));
	nlmsg_free(msg);
}

/* A mask must hold no attribute that its key lacks, the Ethernet type excepted. */
static void test_l2_mask_shapes(void **state)
{
	struct vsl_key key = { 0 }, mask;

	(void)state;
	vsl_key_add(&key, IN_PORT);
	vsl_key_add(&key, ETHERNET);
	vsl_key_add(&key, PRIORITY);
	vsl_key_mask_l2(&mask, &key);
	assert_true(vsl_key_has(&mask, IN_PORT));
	assert_true(vsl_key_has(&mask, ETHERNET));
	assert_false(vsl_key_has(&mask, RECIRC_ID));
	assert_false(vsl_key_has(&mask, PRIORITY));
	/* An 802.2 frame: its missing type is told from others by the mask. */
	assert_true(vsl_key_has(&mask, ETHERTYPE));
	assert_int_equal(mask.eth_type, 0xffff);
	assert_int_equal(mask.n_vlans, 0);

	/* Cut short within its only tag. */
	key.n_vlans = 1;
	key.vlan[0].tpid = htons(0x8100);
	key.vlan[0].tci = 0;
	vsl_key_mask_l2(&mask, &key);
	assert_int_equal(mask.n_vlans, 0);
	assert_true(vsl_key_has(&mask, ETHERTYPE));
	assert_int_equal(mask.eth_type, 0xffff);	/* of the tag itself */

	/* A priority tag (VLAN 0) is a tag like others. */
	key.vlan[0].tci = htons(0x1000);
	vsl_key_mask_l2(&mask, &key);
	assert_int_equal(mask.vlan[0].tci, 0xffff);
	assert_int_equal(mask.eth_type, 0xffff);
}

struct bad {
	const char *why;
	size_t len;
	uint8_t bytes[32] __attribute__((aligned(4)));
};

static const struct bad bad_keys[] = {
	{ "wrong length", 12, { H16(9), H16(IN_PORT), 0, 0, 0, 0, 0 } },
	{ "wrong length", 8, { H16(5), H16(ETHERTYPE), 8 } },
	{ "VLAN attribute", 12, { H16(8), H16(VLAN), 0, 0, 0, 0,
				  H16(4), H16(ENCAP) } },
	{ "twice", 16, { H16(8), H16(IN_PORT), H32(1),
			 H16(8), H16(IN_PORT), H32(1) } },
	{ "VLAN without ENCAP", 16, { H16(6), H16(ETHERTYPE), 0x81, 0, 0, 0,
				      H16(6), H16(VLAN), 0x10, 1, 0, 0 } },
	{ "ENCAP without VLAN", 12, { H16(6), H16(ETHERTYPE), 0x81, 0, 0, 0,
				      H16(4), H16(ENCAP) } },
	{ "VLAN without ETHERTYPE", 12, { H16(6), H16(VLAN), 0x10, 1, 0, 0,
					  H16(4), H16(ENCAP) } },
	{ "MPLS", 8, { H16(6), H16(MPLS), 0, 0 } },
	{ "MPLS", 20, { H16(20), H16(MPLS), 0 } },
	{ "left over", 10, { H16(8), H16(IN_PORT), H32(1), 0, 0 } },
	{ "left over", 8, { H16(12), H16(IN_PORT), H32(1) } },
	{ "left over", 8, { H16(3), H16(IN_PORT), H32(1) } },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < VSL_ARRAY_SIZE(bad_keys); i++) {
		const char *why = NULL;
		struct vsl_key key;
		int err;

		err = vsl_key_from_attrs(&key, blob(bad_keys[i].bytes,
						    bad_keys[i].len), &why);
		if (err != -EINVAL || !strstr(why, bad_keys[i].why))
			fail_msg("case %zu: %d, \"%s\", expected \"%s\"", i,
				 err, why ? why : "", bad_keys[i].why);
	}
}

static void test_three_tags(void **state)
{
	/* Each level: TPID 8, TCI 8, ENCAP 4. */
	static const uint8_t key3[] __attribute__((aligned(4))) = {
		H16(6), H16(ETHERTYPE), 0x88, 0xa8, 0, 0,
		H16(6), H16(VLAN), 0x10, 1, 0, 0,
		H16(44), H16(ENCAP),
		H16(6), H16(ETHERTYPE), 0x81, 0, 0, 0,
		H16(6), H16(VLAN), 0x10, 2, 0, 0,
		H16(24), H16(ENCAP),
		H16(6), H16(ETHERTYPE), 0x81, 0, 0, 0,
		H16(6), H16(VLAN), 0x10, 3, 0, 0,
		H16(4), H16(ENCAP),
	};
	const char *why;
	struct vsl_key key;

	(void)state;
	assert_int_equal(vsl_key_from_attrs(&key, blob(key3, sizeof(key3)),
					    &why), -EINVAL);
	assert_non_null(strstr(why, "two VLAN tags"));
}

static void test_unknown(void **state)
{
	static const uint8_t bytes[] __attribute__((aligned(4))) = {
		H16(8), H16(IN_PORT), H32(3),
		H16(8), H16(16), H16(4), H16(1),	/* TUNNEL */
		H16(6), H16(32), 0, 0, 0, 0,		/* IPV6_EXTHDRS */
		H16(8), H16(99), H32(0),		/* of the future */
	};
	struct vsl_key key;

	(void)state;
	assert_int_equal(vsl_key_from_attrs(&key, blob(bytes, sizeof(bytes)),
					    NULL), 0);
	assert_int_equal(key.in_port, 3);
	assert_int_equal(key.n_unknown, 3);
}

/*
 * Every truncation of a key, in memory of exactly that length: the sanitizer
 * sees a byte read too many, and none but those at a border may be accepted.
 */
static void test_truncated(void **state)
{
	unsigned int accepted = 0;

	(void)state;
	for (size_t len = 0; len < sizeof(qinq_tcp); len++) {
		uint8_t *copy = malloc(len ? len : 1);
		struct vsl_key key;

		assert_non_null(copy);
		memcpy(copy, qinq_tcp, len);
		if (!vsl_key_from_attrs(&key, blob(copy, len), NULL))
			accepted++;
		free(copy);
	}
	/* Empty, and behind RECIRC_ID, IN_PORT, ETHERNET, and the TPID taken
	 * for a type (with and without its padding: 3 lengths).
	 */
	assert_int_equal(accepted, 1 + 1 + 1 + 1 + 3);
}

static void test_absent(void **state)
{
	struct vsl_key key;

	(void)state;
	assert_int_equal(vsl_key_from_attrs(&key, blob(NULL, 0), NULL), 0);
	assert_int_equal(key.present, 0);
}

static void test_no_room(void **state)
{
	struct nl_msg *msg = nlmsg_alloc_size(NLMSG_HDRLEN + 40);
	struct vsl_key key = { .n_vlans = 2 };

	(void)state;
	vsl_key_add(&key, IN_PORT);
	vsl_key_add(&key, ETHERNET);
	assert_int_equal(vsl_key_put(msg, &key), -EMSGSIZE);
	nlmsg_free(msg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_qinq_bytes),
		cmocka_unit_test(test_mpls_bytes),
		cmocka_unit_test(test_l2_mask_bytes),
		cmocka_unit_test(test_l2_mask_shapes),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_three_tags),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
