// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_rules.c - rules, and the mask that their answers rest on
 *
 * Packets and rules are written as flows are. What an answer rests on is compared
 * as text too: the mask that the packet's flow would have, without what every flow
 * of a learning switch matches.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netlink/msg.h>

#include "vswitchd/rules.h"

#define L2 "in_port(1),eth(src=02:00:00:00:00:01,dst=02:00:00:00:00:02),"
#define TCP(port) L2 "eth_type(0x0800),ipv4(src=10.0.0.1,dst=10.0.0.2,proto=6,tos=0,ttl=64," \
	"frag=no),tcp(src=1000,dst=" #port ")"
#define UDP(port) L2 "eth_type(0x0800),ipv4(src=10.0.0.1,dst=10.0.0.2,proto=17,tos=0,ttl=64," \
	"frag=no),udp(src=1000,dst=" #port ")"
#define LATER L2 "eth_type(0x0800),ipv4(src=10.0.0.1,dst=10.0.0.2,proto=6,tos=0,ttl=64,frag=later)"
#define IP6(proto) L2 "eth_type(0x86dd),ipv6(src=fe80::1,dst=fe80::2,label=0,proto=" #proto \
	",tclass=0,hlimit=255,frag=no),"
#define TCP6(port) IP6(6) "tcp(src=1000,dst=" #port ")"
#define ND(target) IP6(58) "icmpv6(type=135,code=0),nd(target=" target \
	",sll=02:00:00:00:00:01,tll=00:00:00:00:00:00)"
#define TAGGED(tpid, vid) L2 "eth_type(" #tpid "),vlan(vid=" #vid ",pcp=0)," \
	"encap(eth_type(0x0806),arp(sip=10.0.0.1,tip=10.0.0.2,op=1))"
#define ARP L2 "eth_type(0x0806),arp(sip=10.0.0.1,tip=10.0.0.2,op=1)"

#define NO_TELNET "eth(),eth_type(0x0800),ipv4(proto=6),tcp(dst=23)"

static struct vsl_key parse(const char *text)
{
	struct nl_msg *key = vsl_attrs_new();
	struct vsl_text_error e;
	struct vsl_key k;

	if (vsl_text_parse_flow(text, NULL, key, NULL, NULL, NULL, &e))
		fail_msg("%s: %s", text, e.msg);
	assert_int_equal(vsl_key_from_attrs(&k, vsl_blob_of_msg(key), NULL), 0);
	nlmsg_free(key);
	return k;
}

static struct rules *make(const struct config_rule *list, size_t n)
{
	const struct vsl_text_ports none = { NULL, NULL, NULL };
	struct rules *r = rules_create(list, n);

	assert_non_null(r);
	rules_resolve(r, &none);
	return r;
}

/* Asks; returns the answer's mask where it goes beyond layer 2. */
static const struct vsl_key *ask(struct rules *r, const char *packet, struct rules_verdict *v)
{
	static struct nl_msg *key;
	struct vsl_text_error e;

	nlmsg_free(key);
	key = vsl_attrs_new();
	if (vsl_text_parse_flow(packet, NULL, key, NULL, NULL, NULL, &e))
		fail_msg("%s: %s", packet, e.msg);
	rules_ask(r, vsl_blob_of_msg(key), v);
	assert_true((v->looked_at == NULL) == (v->looked_id == 0));
	return v->looked_at;
}

static void a_match_shows_all_that_it_wants(void **state)
{
	const struct config_rule rule = { "t", 0, (char *)NO_TELNET, (char *)"drop" };
	struct rules *r = make(&rule, 1);
	struct rules_verdict v;
	const struct vsl_key *m = ask(r, TCP(23), &v);

	(void)state;
	assert_int_equal(v.type, RULES_DROP);
	assert_string_equal(v.why, "rule 't'");
	assert_int_equal(m->ipv4.ipv4_proto, 0xff);
	assert_int_equal(m->ipv4.ipv4_frag, 0xff);
	assert_int_equal(m->tcp.tcp_dst, 0xffff);
	/* and nothing else */
	assert_int_equal(m->tcp.tcp_src, 0);
	assert_int_equal(m->ipv4.ipv4_src | m->ipv4.ipv4_dst, 0);
	assert_int_equal(m->ipv4.ipv4_ttl | m->ipv4.ipv4_tos, 0);
	rules_destroy(r);
}

static void a_miss_shows_one_bit(void **state)
{
	const struct config_rule rule = { "t", 0, (char *)NO_TELNET, (char *)"drop" };
	struct rules *r = make(&rule, 1);
	struct rules_verdict v, w;
	const struct vsl_key *m;

	(void)state;
	/* 17 and 6 differ first in bit 0x10 */
	m = ask(r, UDP(23), &v);
	assert_int_equal(v.type, RULES_NORMAL);
	assert_int_equal(m->ipv4.ipv4_proto, 0x10);
	assert_int_equal(m->ipv4.ipv4_frag, 0);
	assert_false(vsl_key_has(m, OVS_KEY_ATTR_UDP));

	/* 80 = 0x50 and 23 = 0x17 differ first in bit 0x40 of the low byte */
	m = ask(r, TCP(80), &v);
	assert_int_equal(v.type, RULES_NORMAL);
	assert_int_equal(m->tcp.tcp_dst, htons(0x0040));
	assert_int_equal(m->ipv4.ipv4_proto, 0xff);
	assert_int_equal(m->ipv4.ipv4_frag, 0xff);

	/* so all ports with that bit have one flow, and others have others */
	ask(r, TCP(65), &w);
	assert_int_equal(v.looked_id, w.looked_id);
	ask(r, TCP(24), &w);
	assert_int_not_equal(v.looked_id, w.looked_id);
	rules_destroy(r);
}

/* Flows are known by it when the same rules are read again. */
static void rules_read_again_say_the_same(void **state)
{
	const struct config_rule rule = { "t", 0, (char *)NO_TELNET, (char *)"drop" };
	struct rules *before = make(&rule, 1), *after;
	struct rules_verdict v, w;

	(void)state;
	ask(before, TCP(80), &v);
	after = make(&rule, 1);
	ask(after, TCP(80), &w);
	assert_int_not_equal(v.looked_id, 0);
	assert_int_equal(v.looked_id, w.looked_id);
	rules_destroy(before);
	rules_destroy(after);
}

static void what_is_seen_anyway_costs_nothing(void **state)
{
	const struct config_rule rules[] = {
		{ "other type", 9, (char *)NO_TELNET, (char *)"drop" },
		{ "other port", 8, (char *)"in_port(2),eth(),eth_type(0x0806),arp(op=1)",
		  (char *)"drop" },
		{ "tagged", 7, (char *)"eth(),eth_type(0x8100),vlan(vid=5),encap(eth_type(0x0806),"
		  "arp(op=1))", (char *)"drop" },
	};
	struct rules *r = make(rules, 3);
	struct rules_verdict v;

	(void)state;
	assert_null(ask(r, ARP, &v));
	assert_int_equal(v.type, RULES_NORMAL);
	rules_destroy(r);
}

static void later_fragments_have_no_ports(void **state)
{
	const struct config_rule rule = { "t", 0, (char *)NO_TELNET, (char *)"drop" };
	struct rules *r = make(&rule, 1);
	struct rules_verdict v;
	const struct vsl_key *m = ask(r, LATER, &v);

	(void)state;
	assert_int_equal(v.type, RULES_NORMAL);
	assert_int_equal(m->ipv4.ipv4_frag, 0xff);
	assert_int_equal(m->ipv4.ipv4_proto, 0xff);
	assert_false(vsl_key_has(m, OVS_KEY_ATTR_TCP));
	rules_destroy(r);
}

/* Whether a header is there is told by those before it, in IPv6 as well. */
static void headers_rest_on_those_before_them(void **state)
{
	const struct config_rule rules[] = {
		{ "telnet", 9, (char *)"eth(),eth_type(0x86dd),ipv6(proto=6),tcp(dst=23)",
		  (char *)"drop" },
		{ "ask", 8, (char *)"eth(),eth_type(0x86dd),ipv6(proto=58),icmpv6(type=135),"
		  "nd(target=fe80::9)", (char *)"drop" },
	};
	struct rules *r = make(rules, 2);
	struct rules_verdict v;
	const struct vsl_key *m = ask(r, TCP6(23), &v);
	struct in6_addr all;

	(void)state;
	assert_int_equal(v.type, RULES_DROP);
	assert_int_equal(m->ipv6.ipv6_proto, 0xff);
	assert_int_equal(m->ipv6.ipv6_frag, 0xff);
	assert_int_equal(m->tcp.tcp_dst, 0xffff);
	assert_int_equal(m->tcp.tcp_src | m->ipv6.ipv6_tclass | m->ipv6.ipv6_hlimit, 0);

	m = ask(r, ND("fe80::9"), &v);
	assert_int_equal(v.type, RULES_DROP);
	assert_string_equal(v.why, "rule 'ask'");
	assert_int_equal(m->ipv6.ipv6_proto, 0xff);
	assert_int_equal(m->icmpv6.icmpv6_type, 0xff);
	assert_int_equal(m->icmpv6.icmpv6_code, 0xff);
	memset(&all, 0xff, sizeof(all));
	assert_memory_equal(m->nd.nd_target, &all, sizeof(all));
	assert_int_equal(m->nd.nd_sll[0], 0);

	/* 1 and 9 differ first in bit 8 of the last byte */
	m = ask(r, ND("fe80::1"), &v);
	assert_int_equal(v.type, RULES_NORMAL);
	memset(&all, 0, sizeof(all));
	all.s6_addr[15] = 8;
	assert_memory_equal(m->nd.nd_target, &all, sizeof(all));
	assert_int_equal(m->icmpv6.icmpv6_type, 0xff);
	rules_destroy(r);
}

static void tags_are_compared(void **state)
{
	const struct config_rule rule = {
		"tag", 0, (char *)"eth(),eth_type(0x8100),vlan(vid=5),encap(eth_type(0x0806),arp())",
		(char *)"drop",
	};
	struct rules *r = make(&rule, 1);
	struct rules_verdict v;

	(void)state;
	/* every flow is exact in its tags: no answer needs more */
	assert_null(ask(r, TAGGED(0x8100, 5), &v));
	assert_int_equal(v.type, RULES_DROP);
	assert_null(ask(r, TAGGED(0x8100, 6), &v));
	assert_int_equal(v.type, RULES_NORMAL);
	assert_null(ask(r, TAGGED(0x88a8, 5), &v));
	assert_int_equal(v.type, RULES_NORMAL);
	assert_null(ask(r, ARP, &v));
	assert_int_equal(v.type, RULES_NORMAL);
	rules_destroy(r);
}

static void one_bit_serves_several_rules(void **state)
{
	/* both differ from 10.0.0.1 in the first bit */
	const struct config_rule rules[] = {
		{ "a", 9, (char *)"eth(),eth_type(0x0800),ipv4(src=192.168.0.0/255.255.0.0)",
		  (char *)"drop" },
		{ "b", 8, (char *)"eth(),eth_type(0x0800),ipv4(src=200.0.0.0/255.0.0.0)",
		  (char *)"drop" },
	};
	struct rules *r = make(rules, 2);
	struct rules_verdict v;
	const struct vsl_key *m = ask(r, TCP(80), &v);

	(void)state;
	assert_int_equal(v.type, RULES_NORMAL);
	assert_int_equal(m->ipv4.ipv4_src, htonl(0x80000000));
	assert_int_equal(m->ipv4.ipv4_proto, 0);
	rules_destroy(r);
}

static void the_first_that_matches_decides(void **state)
{
	const struct config_rule rules[] = {
		{ "pass", 9, (char *)"eth(),eth_type(0x0800),ipv4(proto=6)", (char *)"normal" },
		{ "stop", 8, (char *)"eth(),eth_type(0x0800),ipv4()", (char *)"drop" },
		{ "send", 7, (char *)"eth()", (char *)"3" },
	};
	struct rules *r = make(rules, 3);
	struct rules_verdict v;

	(void)state;
	ask(r, TCP(23), &v);
	assert_int_equal(v.type, RULES_NORMAL);
	ask(r, UDP(23), &v);
	assert_int_equal(v.type, RULES_DROP);
	assert_null(ask(r, ARP, &v));
	assert_int_equal(v.type, RULES_ACTIONS);
	assert_int_equal(v.actions.len, 8);
	rules_destroy(r);
}

static bool has_a(const char *name, uint32_t *port_no, void *arg)
{
	(void)arg;
	*port_no = 1;
	return !strcmp(name, "a");
}

static void ports_by_name_come_and_go(void **state)
{
	const struct config_rule rules[] = {
		{ "from b", 9, (char *)"in_port(b),eth()", (char *)"drop" },
		{ "to b", 8, (char *)"in_port(a),eth()", (char *)"b" },
	};
	const struct vsl_text_ports ports = { .number = has_a };
	struct rules *r = make(rules, 2);
	struct rules_verdict v;

	(void)state;
	ask(r, ARP, &v);
	assert_int_equal(v.type, RULES_NORMAL);
	rules_resolve(r, &ports);
	ask(r, ARP, &v);
	/* where it is to go is not there: nowhere */
	assert_int_equal(v.type, RULES_DROP);
	assert_string_equal(v.why, "rule 'to b'");
	rules_destroy(r);
}

static void some_fields_cannot_be_matched(void **state)
{
	struct vsl_key mask = parse(TCP(23));

	(void)state;
	assert_true(vsl_key_can_match(&mask));
	vsl_key_add(&mask, OVS_KEY_ATTR_CT_ZONE);
	assert_true(vsl_key_can_match(&mask));
	mask.ct_zone = 1;
	assert_false(vsl_key_can_match(&mask));
	mask.ct_zone = 0;
	mask.n_unknown = 1;
	assert_false(vsl_key_can_match(&mask));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_match_shows_all_that_it_wants),
		cmocka_unit_test(a_miss_shows_one_bit),
		cmocka_unit_test(rules_read_again_say_the_same),
		cmocka_unit_test(what_is_seen_anyway_costs_nothing),
		cmocka_unit_test(later_fragments_have_no_ports),
		cmocka_unit_test(headers_rest_on_those_before_them),
		cmocka_unit_test(tags_are_compared),
		cmocka_unit_test(one_bit_serves_several_rules),
		cmocka_unit_test(the_first_that_matches_decides),
		cmocka_unit_test(ports_by_name_come_and_go),
		cmocka_unit_test(some_fields_cannot_be_matched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
