// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/text_action.c and text_leaf.c: actions from text to attributes and back,
 * bytes counted by hand, what must be refused, and attributes that are wrong.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "lib/text.h"

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define H16(v) (v) & 0xff, (v) >> 8
#define H32(v) (v) & 0xff, (v) >> 8 & 0xff, (v) >> 16 & 0xff, (v) >> 24
#else
#define H16(v) (v) >> 8, (v) & 0xff
#define H32(v) (v) >> 24, (v) >> 16 & 0xff, (v) >> 8 & 0xff, (v) & 0xff
#endif

static struct nl_msg *actions;

static int setup(void **state)
{
	(void)state;
	actions = vsl_attrs_new();
	return !actions;
}

static int teardown(void **state)
{
	(void)state;
	nlmsg_free(actions);
	return 0;
}

static bool port_number(const char *name, uint32_t *port_no, void *arg)
{
	(void)arg;
	*port_no = 5;
	return !strcmp(name, "drop") || !strcmp(name, "veth5");
}

static const char *port_name(uint32_t port_no, void *arg)
{
	(void)arg;
	return port_no == 5 ? "veth5" : NULL;
}

static const struct vsl_text_ports ports = { port_name, port_number, NULL };

static int parse(const char *text, struct vsl_text_error *err)
{
	vsl_attrs_reset(actions);
	return vsl_text_parse_actions(text, &ports, actions, err);
}

struct bytes {
	const char *text;
	size_t len;
	uint8_t bytes[64];
};

static const struct bytes exact[] = {
	{ "drop", 0, { 0 } },
	{ "", 0, { 0 } },
	{ "1,2", 16, { H16(8), H16(1), H32(1), H16(8), H16(1), H32(2) } },
	{ "push_vlan(vid=10,pcp=3),pop_vlan", 12,
	  { H16(8), H16(4), 0x81, 0x00, 0x70, 0x0a, H16(4), H16(5) } },
	{ "userspace(pid=7,userdata(0a0b0c),actions)", 24,
	  { H16(24), H16(2), H16(8), H16(1), H32(7),
	    H16(7), H16(2), 0x0a, 0x0b, 0x0c, 0, H16(4), H16(4) } },
	{ "userspace(pid=7,tunnel_out_port=2)", 20,
	  { H16(20), H16(2), H16(8), H16(1), H32(7), H16(8), H16(3), H32(2) } },
	/* All of the field: SET; else SET_MASKED, value then mask. */
	{ "set(skb_mark(0x5))", 12, { H16(12), H16(3), H16(8), H16(15), H32(5) } },
	{ "set(tcp(dst=80))", 16,
	  { H16(16), H16(11), H16(12), H16(9), 0, 0, 0, 80, 0, 0, 0xff, 0xff } },
	{ "set(skb_mark(0x1f/0xf))", 16,
	  { H16(16), H16(11), H16(12), H16(15), H32(0xf), H32(0xf) } },
	{ "sample(sample=50%,actions(1))", 24,
	  { H16(24), H16(6), H16(8), H16(1), H32(0x80000000u),
	    H16(12), H16(2), H16(8), H16(1), H32(1) } },
	{ "clone(drop)", 4, { H16(4), H16(20) } },
	{ "clone(1)", 12, { H16(12), H16(20), H16(8), H16(1), H32(1) } },
	{ "check_pkt_len(size=1500,gt(drop),le(1))", 28,
	  { H16(28), H16(21), H16(6), H16(1), H16(1500), 0, 0, H16(4), H16(2),
	    H16(12), H16(3), H16(8), H16(1), H32(1) } },
	{ "push_mpls(label=1,tc=7,ttl=64,bos=1,eth_type=0x8847)", 12,
	  { H16(12), H16(9), 0x00, 0x00, 0x1f, 0x40, 0x88, 0x47, 0, 0 } },
	{ "pop_mpls(eth_type=0x0800)", 8, { H16(6), H16(10), 8, 0, 0, 0 } },
	{ "trunc(100),recirc(3),meter(4),ct_clear", 28,
	  { H16(8), H16(13), H32(100), H16(8), H16(7), H32(3),
	    H16(8), H16(19), H32(4), H16(4), H16(16) } },
	{ "hash(sym_l4(9))", 12, { H16(12), H16(8), H32(1), H32(9) } },
	{ "push_eth(src=00:01:02:03:04:05,dst=06:07:08:09:0a:0b),pop_eth", 20,
	  { H16(16), H16(14), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
	    H16(4), H16(15) } },
};

static void test_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < VSL_ARRAY_SIZE(exact); i++) {
		struct vsl_text_error err;
		struct vsl_blob blob;

		if (parse(exact[i].text, &err))
			fail_msg("\"%s\": %s", exact[i].text, err.msg);
		blob = vsl_blob_of_msg(actions);
		if (blob.len != exact[i].len ||
		    memcmp(blob.data, exact[i].bytes, blob.len))
			fail_msg("\"%s\": wrong bytes (%zu of them)",
				 exact[i].text, blob.len);
	}
}

static const struct {
	const char *text;
	const char *printed;	/* NULL: the same */
} trips[] = {
	{ "drop", NULL },
	{ "", "drop" },
	{ " 1 2,3", "1,2,3" },
	{ "veth5,1", NULL },
	{ "push_vlan(vid=10,pcp=0)", NULL },
	{ "push_vlan(vid=10)", "push_vlan(vid=10,pcp=0)" },
	{ "push_vlan(pcp=2,vid=0x10,tpid=0x8100)", "push_vlan(vid=16,pcp=2)" },
	{ "push_vlan(tpid=0x88a8,vid=4095,pcp=7)", NULL },
	{ "push_vlan(vid=1,pcp=0,cfi=0)", NULL },
	{ "userspace(pid=4294967295)", NULL },
	{ "userspace(pid=7,userdata())", NULL },
	{ "userspace(pid=7,userdata(00ff),actions,tunnel_out_port=veth5)",
	  NULL },
	{ "set(eth(src=00:11:22:33:44:55,dst=00:11:22:33:44:56))", NULL },
	{ "set(eth(src=00:11:22:33:44:55))", NULL },
	{ "set(ipv4(src=1.2.3.4,ttl=3))", NULL },
	{ "set(ipv4(src=1.2.3.4,dst=1.1.1.1,proto=6,tos=0,ttl=3,frag=no))",
	  NULL },
	{ "set(ipv6(label=0x5,hlimit=3))", NULL },
	{ "set(skb_priority(0x4)),set(skb_mark(0x3/0xf))", NULL },
	{ "set(udp(src=1,dst=2)),set(sctp(src=1,dst=2))", NULL },
	{ "set(mpls(label=1,tc=2,ttl=3,bos=1))", NULL },
	{ "sample(sample=0.0%,actions(1,2))", NULL },
	{ "sample(sample=100.0%,actions(drop))", NULL },
	{ "sample(sample=12.34%,actions(1)),2", NULL },
	/* 8 digits are within a seventh of 1/2^32, 7 digits are not. */
	{ "sample(sample=33.333333333%,actions(1))",
	  "sample(sample=33.33333333%,actions(1))" },
	{ "clone(push_vlan(vid=1,pcp=0),clone(1,2)),3", NULL },
	{ "check_pkt_len(size=100,gt(1),le(drop))", NULL },
	{ "check_pkt_len(size=100,gt(clone(1)),le(trunc(64),2)),3", NULL },
	{ "hash(l4(0)),recirc(12)", NULL },
	{ "recirc(0xc)", "recirc(12)" },
	{ "ct_clear,pop_vlan,pop_eth", NULL },
	{ "pop_mpls(eth_type=0x800)", "pop_mpls(eth_type=0x0800)" },
	{ "push_mpls(label=16,tc=3,ttl=64,bos=1,eth_type=0x8848)", NULL },
	{ "push_mpls(eth_type=0x8847,label=1)",
	  "push_mpls(label=1,tc=0,ttl=0,bos=0,eth_type=0x8847)" },
	{ "push_eth(src=00:11:22:33:44:55,dst=00:11:22:33:44:56)", NULL },
	{ "add_mpls(label=1,ttl=64,bos=1,eth_type=0x8847,flags=1)",
	  "add_mpls(label=1,tc=0,ttl=64,bos=1,eth_type=0x8847,flags=1)" },
};

static void test_trips(void **state)
{
	struct vsl_str str = VSL_STR_INIT;

	(void)state;
	for (size_t i = 0; i < VSL_ARRAY_SIZE(trips); i++) {
		const char *expected = trips[i].printed ? trips[i].printed :
							  trips[i].text;
		const char *text = trips[i].text;

		for (int again = 0; again < 2; again++, text = expected) {
			struct vsl_text_error err;

			if (parse(text, &err))
				fail_msg("\"%s\" at %zu: %s", text, err.pos,
					 err.msg);
			vsl_str_clear(&str);
			vsl_text_put_actions(&str, vsl_blob_of_msg(actions),
					     &ports);
			assert_string_equal(vsl_str_text(&str), expected);
		}
	}
	vsl_str_free(&str);
}

static const struct {
	const char *text;
	size_t pos;
	const char *word;
	const char *also;
} bad[] = {
	{ "nosuch", 0, "\"nosuch\"", "neither" },
	{ "1,outpt(2)", 2, "\"outpt\"", "neither" },
	{ "65535", 0, "65535", "65534" },
	{ "1,drop", 2, "drop", "no other action" },
	{ "drop,1", 0, "drop", "no other action" },
	{ "1/2", 1, "\"/\"", "between" },
	{ "1)", 1, "\")\"", "neither" },
	{ "push_vlan", 9, "\"(\"", "push_vlan" },
	{ "push_vlan(pcp=1)", 10, "vid=", "needs" },
	{ "push_vlan(vid=4096,pcp=0)", 14, "4096", "4095" },
	{ "push_vlan(vid=1,pcp=8)", 20, "8", "7" },
	{ "push_vlan(vlan=1)", 10, "\"vlan\"", "vid" },
	{ "push_vlan(vid=1", 15, "\",\" or \")\"", "the end" },
	{ "userspace()", 10, "pid=", "needs" },
	{ "userspace(pid=1,userdata(0))", 25, "\"0\"", "hex" },
	{ "userspace(pid=1,userdata(zz))", 25, "\"zz\"", "hex" },
	{ "userspace(pid=4294967296)", 14, "4294967296", "4294967295" },
	{ "userspace(pid=1,slow_path(x))", 16, "\"slow_path\"", "pid=" },
	{ "userspace(pid=1", 15, "the end", "pid=" },
	{ "set(foo(1))", 4, "\"foo\"", "cannot be set" },
	{ "set(ipv4(src=1.2.3.4)", 21, "\")\"", "set" },
	{ "set(ipv4(src=1.2.3))", 13, "1.2.3", "IPv4" },
	{ "sample(sample=101%,actions(1))", 14, "101%", "100%" },
	{ "sample(sample=5,actions(1))", 14, "\"5\"", "%" },
	{ "sample(actions(1))", 7, "\"actions\"", "sample=N%" },
	{ "sample(sample=5%)", 16, "\",\"", "sample" },
	{ "clone(1", 7, "\")\"", "the end" },
	{ "clone(nosuch)", 6, "\"nosuch\"", "neither" },
	{ "check_pkt_len(size=70000,gt(1),le(1))", 19, "70000", "65535" },
	{ "check_pkt_len(size=1,le(1),gt(1))", 21, "\"le\"", "gt(" },
	{ "hash(l5(0))", 5, "\"l5\"", "sym_l4" },
	{ "pop_mpls()", 9, "eth_type=", "needs" },
	{ "push_mpls(label=1)", 10, "eth_type=", "needs" },
	{ "push_mpls(label=1048576,eth_type=0x8847)", 16, "1048576", "1048575" },
	{ "push_eth(src=00:11:22:33:44:55)", 9, "dst=", "needs" },
	{ "trunc(-5)", 6, "\"-5\"", "number" },
	{ "recirc(1,2)", 8, "\",\"", "\")\"" },
	{ "clone(clone(clone(clone(clone(clone(clone(clone(clone(clone(clone("
	  "clone(clone(clone(clone(clone(clone(1)))))))))))))))))", 102,
	  "16", "deep" },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < VSL_ARRAY_SIZE(bad); i++) {
		struct vsl_text_error err = { 0 };

		if (parse(bad[i].text, &err) != -EINVAL)
			fail_msg("\"%s\" was taken", bad[i].text);
		if (!strstr(err.msg, bad[i].word) ||
		    !strstr(err.msg, bad[i].also))
			fail_msg("\"%s\": \"%s\" lacks \"%s\" or \"%s\"",
				 bad[i].text, err.msg, bad[i].word,
				 bad[i].also);
		if (err.pos != bad[i].pos)
			fail_msg("\"%s\": position %zu, expected %zu (%s)",
				 bad[i].text, err.pos, bad[i].pos, err.msg);
	}
}

/* Without a way to look names up, a name is no port. */
static void test_no_names(void **state)
{
	struct vsl_text_error err;

	(void)state;
	vsl_attrs_reset(actions);
	assert_int_equal(vsl_text_parse_actions("veth5", NULL, actions, &err),
			 -EINVAL);
	assert_int_equal(vsl_text_parse_actions("5", NULL, actions, &err), 0);
}

static void test_no_room(void **state)
{
	struct nl_msg *small = nlmsg_alloc_size(NLMSG_HDRLEN + 20);
	struct vsl_text_error err;

	(void)state;
	assert_int_equal(vsl_text_parse_actions("1,2", NULL, small, &err), 0);
	vsl_attrs_reset(small);
	assert_int_equal(vsl_text_parse_actions("1,2,3", NULL, small, &err),
			 -EMSGSIZE);
	nlmsg_free(small);
}

static const struct {
	const char *printed;
	size_t len;
	uint8_t bytes[40] __attribute__((aligned(4)));
} odd[] = {
	{ "action99(0102)", 8, { H16(6), H16(99), 1, 2 } },
	{ "action12()", 4, { H16(4), H16(12) } },
	{ "action1(bad:0102)", 8, { H16(6), H16(1), 1, 2 } },
	{ "1,action(bad:0102)", 10, { H16(8), H16(1), H32(1), 1, 2 } },
	{ "action2(bad:)", 4, { H16(4), H16(2) } },
	{ "action6(bad:08000100)", 8, { H16(8), H16(6), H16(8), H16(1) } },
	{ "action3(bad:)", 4, { H16(4), H16(3) } },
	/* Two attributes in one SET, an odd SET_MASKED, a short one. */
	{ "action3(bad:04000f0004000f00)", 12,
	  { H16(12), H16(3), H16(4), H16(15), H16(4), H16(15) } },
	{ "action11(bad:05000f0001000000)", 12,
	  { H16(12), H16(11), H16(5), H16(15), 1 } },
	{ "action8(bad:0900000000000000)", 12,
	  { H16(12), H16(8), H32(9), H32(0) } },
	{ "action5(bad:01000000)", 8, { H16(8), H16(5), H32(1) } },
};

static void test_odd_attrs(void **state)
{
	struct vsl_str str = VSL_STR_INIT;

	(void)state;
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
	skip();		/* the hex of headers is written for little-endian */
#endif
	for (size_t i = 0; i < VSL_ARRAY_SIZE(odd); i++) {
		struct vsl_blob blob = { odd[i].bytes, odd[i].len };

		vsl_str_clear(&str);
		vsl_text_put_actions(&str, blob, NULL);
		assert_string_equal(vsl_str_text(&str), odd[i].printed);
	}
	vsl_str_free(&str);
}

/* Nests as deep as a message can hold must not use up the stack. */
static void test_deep(void **state)
{
	enum { DEPTH = 16000 };
	uint16_t *attrs = calloc(DEPTH, 4);
	struct vsl_blob blob = { attrs, DEPTH * 4 };
	struct vsl_str str = VSL_STR_INIT;

	(void)state;
	assert_non_null(attrs);
	for (int i = 0; i < DEPTH; i++) {
		attrs[2 * i] = (DEPTH - i) * 4;
		attrs[2 * i + 1] = 20;		/* CLONE */
	}
	vsl_text_put_actions(&str, blob, NULL);
	assert_memory_equal(vsl_str_text(&str), "clone(clone(", 12);
	assert_non_null(strstr(vsl_str_text(&str), "action20(bad:"));
	vsl_str_free(&str);
	free(attrs);
}

static void test_truncated(void **state)
{
	struct vsl_str str = VSL_STR_INIT;
	struct vsl_text_error err;
	struct vsl_blob whole;

	(void)state;
	assert_int_equal(parse("userspace(pid=1,userdata(01)),push_vlan(vid=1),"
			       "set(ipv4(ttl=3)),sample(sample=5%,actions(1)),"
			       "check_pkt_len(size=9,gt(clone(1)),le(2)),"
			       "hash(l4(1)),push_mpls(label=1,eth_type=0x8847)",
			       &err), 0);
	whole = vsl_blob_of_msg(actions);
	for (size_t len = 0; len < whole.len; len++) {
		uint8_t *copy = malloc(len ? len : 1);
		struct vsl_blob blob = { copy, len };

		assert_non_null(copy);
		memcpy(copy, whole.data, len);
		vsl_str_clear(&str);
		vsl_text_put_actions(&str, blob, NULL);
		assert_true(str.len > 0);
		free(copy);
	}
	vsl_str_free(&str);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_trips),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_no_names),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_odd_attrs),
		cmocka_unit_test(test_deep),
		cmocka_unit_test(test_truncated),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
