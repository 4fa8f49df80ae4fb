// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_bridge.c - the forwarding decision, case by case
 *
 * The switch of all cases:
 *
 *	port 1, 2	plain		port 5	trunk 10,20
 *	port 3, 4	access 10	port 6	access 20
 *
 * A decision is compared as text: verdict, then its steps. "+10" is a tag pushed
 * (with "p3" for a priority), "-" a tag popped, a number an output.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <netlink/msg.h>

#include "vswitchd/bridge.h"
#include "vswitchd/rules.h"

#define A ((const uint8_t[6]){ 0x02, 0, 0, 0, 0, 0xa })
#define B ((const uint8_t[6]){ 0x02, 0, 0, 0, 0, 0xb })
#define GROUP ((const uint8_t[6]){ 0x01, 0, 0x5e, 0, 0, 1 })
/* For cases without rules. */
static const struct vsl_blob no_key;

#define ALL ((const uint8_t[6]){ 0xff, 0xff, 0xff, 0xff, 0xff, 0xff })

struct fixture {
	struct mac_table *macs;
	struct bridge *bridge;
};

static struct bridge_port_config access_vlan(uint16_t vlan)
{
	return (struct bridge_port_config){
		.vlans = { .mode = BRIDGE_PORT_ACCESS, .access = vlan },
	};
}

static int setup(void **state)
{
	static struct fixture fx;
	struct bridge_port_config access10 = access_vlan(10), access20 = access_vlan(20);
	struct bridge_port_config trunk = { .vlans.mode = BRIDGE_PORT_TRUNK };

	trunk.vlans.trunk[0] = 1ULL << 10 | 1ULL << 20;
	fx.macs = mac_table_create(100, 1000, NULL, NULL);
	fx.bridge = bridge_create(fx.macs);
	assert_non_null(fx.bridge);
	/* not in the order of their numbers: decisions are, all the same */
	assert_true(bridge_port_add(fx.bridge, 6, "p6", &access20));
	assert_true(bridge_port_add(fx.bridge, 5, "p5", &trunk));
	assert_true(bridge_port_add(fx.bridge, 1, "p1", NULL));
	assert_true(bridge_port_add(fx.bridge, 2, "p2", NULL));
	assert_true(bridge_port_add(fx.bridge, 3, "p3", &access10));
	assert_true(bridge_port_add(fx.bridge, 4, "p4", &access10));
	*state = &fx;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fx = *state;

	bridge_destroy(fx->bridge);
	mac_table_destroy(fx->macs);
	return 0;
}

/* A frame from A; @tci 0 for no tag. */
static struct frame frame(uint32_t in_port, const uint8_t dst[6], uint16_t tci)
{
	struct frame f = { .in_port = in_port, .eth_type = 0x0800 };

	memcpy(f.src, A, 6);
	memcpy(f.dst, dst, 6);
	if (tci) {
		f.tag[0].tpid = 0x8100;
		f.tag[0].tci = tci;
	}
	return f;
}

#define TAG(vid) (VSL_VLAN_PRESENT | (vid))
#define PCP(pcp) ((pcp) << VSL_VLAN_PCP_SHIFT)

static const char *steps(const struct bridge_decision *d)
{
	static char text[256];
	size_t i, n;

	n = snprintf(text, sizeof(text), "%s", d->verdict == BRIDGE_FLOOD ? "flood" :
		     d->verdict == BRIDGE_FORWARD ? "forward" :
		     d->verdict == BRIDGE_RULE ? "rule" : "drop");
	for (i = 0; i < d->n_steps; i++) {
		const struct bridge_step *s = &d->steps[i];

		switch (s->type) {
		case BRIDGE_STEP_OUTPUT:
			n += snprintf(text + n, sizeof(text) - n, " %u", s->port);
			break;
		case BRIDGE_STEP_POP_VLAN:
			n += snprintf(text + n, sizeof(text) - n, " -");
			break;
		case BRIDGE_STEP_PUSH_VLAN:
			assert_int_equal(s->tpid, 0x8100);
			assert_true(s->tci & VSL_VLAN_PRESENT);
			n += snprintf(text + n, sizeof(text) - n, " +%u", s->tci & VSL_VLAN_VID);
			if (s->tci >> VSL_VLAN_PCP_SHIFT)
				n += snprintf(text + n, sizeof(text) - n, "p%u",
					      s->tci >> VSL_VLAN_PCP_SHIFT);
			break;
		case BRIDGE_STEP_METER:
			n += snprintf(text + n, sizeof(text) - n, " m%u", s->port);
			break;
		case BRIDGE_STEP_ACTIONS:
			n += snprintf(text + n, sizeof(text) - n, " (%zu)", s->actions.len);
			break;
		}
	}
	return text;
}

static void check(struct fixture *fx, struct frame f, const char *want)
{
	struct bridge_decision d;

	bridge_decide(fx->bridge, &f, no_key, &d);
	assert_string_equal(steps(&d), want);
	/* a drop says why, and nothing else does */
	assert_true((d.verdict == BRIDGE_DROP) == (d.why != NULL));
	assert_true((d.verdict == BRIDGE_DROP) == (d.n_steps == 0));
}

static void check_drop(struct fixture *fx, struct frame f, const char *why, bool cacheable)
{
	struct bridge_decision d;

	bridge_decide(fx->bridge, &f, no_key, &d);
	assert_string_equal(steps(&d), "drop");
	assert_non_null(strstr(d.why, why));
	assert_int_equal(d.cacheable, cacheable);
}

static void floods_what_it_does_not_know(void **state)
{
	struct fixture *fx = *state;

	/* VLAN 0: the plain ports alone, never back */
	check(fx, frame(1, B, 0), "flood 2");
	check(fx, frame(2, B, 0), "flood 1");
	check(fx, frame(1, ALL, 0), "flood 2");
	check(fx, frame(1, GROUP, 0), "flood 2");
}

static void floods_between_forms(void **state)
{
	struct fixture *fx = *state;

	/* access in: as it came to access, then tagged to plain and trunk */
	check(fx, frame(3, ALL, 0), "flood 4 +10 1 2 5");
	/* tagged in: as it came, then without the tag */
	check(fx, frame(1, ALL, TAG(10)), "flood 2 5 - 3 4");
	check(fx, frame(5, ALL, TAG(20)), "flood 1 2 - 6");
	check(fx, frame(6, ALL, 0), "flood +20 1 2 5");
	/* a VLAN that only the plain ports carry */
	check(fx, frame(1, ALL, TAG(30)), "flood 2");
}

static void forwards_what_it_knows(void **state)
{
	struct fixture *fx = *state;

	mac_table_learn(fx->macs, 0, B, 2, 0);
	check(fx, frame(1, B, 0), "forward 2");
	/* known in VLAN 0 is not known in VLAN 10 */
	check(fx, frame(1, B, TAG(10)), "flood 2 5 - 3 4");

	mac_table_learn(fx->macs, 10, B, 4, 0);
	check(fx, frame(3, B, 0), "forward 4");
	check(fx, frame(1, B, TAG(10)), "forward - 4");
	check(fx, frame(5, B, TAG(10)), "forward - 4");
	mac_table_learn(fx->macs, 10, B, 5, 0);
	check(fx, frame(3, B, 0), "forward +10 5");
	check(fx, frame(1, B, TAG(10)), "forward 5");
	/* group addresses are nobody's, whatever the table says */
	mac_table_learn(fx->macs, 0, GROUP, 2, 0);
	check(fx, frame(1, GROUP, 0), "flood 2");
}

static void never_sends_back(void **state)
{
	struct fixture *fx = *state;

	mac_table_learn(fx->macs, 0, B, 1, 0);
	check_drop(fx, frame(1, B, 0), "behind the port", true);
}

static void keeps_priorities(void **state)
{
	struct fixture *fx = *state;

	check(fx, frame(1, ALL, PCP(5) | TAG(0)), "flood 2");
	check(fx, frame(1, ALL, PCP(5) | TAG(10)), "flood 2 5 - 3 4");
	/* a mere priority on an access port is a frame of its VLAN */
	check(fx, frame(3, ALL, PCP(5) | TAG(0)), "flood - 4 +10p5 1 2 5");
	mac_table_learn(fx->macs, 10, B, 1, 0);
	check(fx, frame(3, B, PCP(5) | TAG(0)), "forward - +10p5 1");
	mac_table_learn(fx->macs, 10, B, 4, 0);
	check(fx, frame(3, B, PCP(5) | TAG(0)), "forward - 4");
}

static void outer_tag_decides(void **state)
{
	struct fixture *fx = *state;
	struct frame f = frame(5, ALL, TAG(10));

	f.tag[0].tpid = 0x88a8;
	f.tag[1].tpid = 0x8100;
	f.tag[1].tci = TAG(20);
	check(fx, f, "flood 1 2 - 3 4");
}

static void keeps_out_what_must_not_come_in(void **state)
{
	struct fixture *fx = *state;
	struct frame f;

	check_drop(fx, frame(3, ALL, TAG(10)), "tagged frame on an access port", true);
	check_drop(fx, frame(3, ALL, TAG(20)), "tagged frame on an access port", true);
	check_drop(fx, frame(5, ALL, TAG(30)), "not one of this trunk's", true);
	check_drop(fx, frame(5, ALL, 0), "untagged frame on a trunk", true);
	check_drop(fx, frame(5, ALL, PCP(1) | TAG(0)), "untagged frame on a trunk", true);
	check_drop(fx, frame(1, ALL, TAG(4095)), "4095", true);
	/* the port may join yet, and then a flow would be in the way */
	check_drop(fx, frame(9, ALL, 0), "not one of this switch", false);

	f = frame(1, ALL, 0);
	f.flags = FRAME_CUT_OUTER_TAG;
	check_drop(fx, f, "cut short", false);
}

static void link_local_stays_here(void **state)
{
	struct fixture *fx = *state;
	uint8_t stp[6] = { 0x01, 0x80, 0xc2, 0, 0, 0 };

	check_drop(fx, frame(1, stp, 0), "link-local", true);
	stp[5] = 0x0f;
	check_drop(fx, frame(1, stp, 0), "link-local", true);
	stp[5] = 0x10;
	check(fx, frame(1, stp, 0), "flood 2");
	stp[5] = 0;
	stp[4] = 1;
	check(fx, frame(1, stp, 0), "flood 2");
}

static void says_what_may_be_learned(void **state)
{
	struct fixture *fx = *state;
	struct bridge_decision d;
	struct frame f;

	f = frame(3, ALL, 0);
	bridge_classify(fx->bridge, &f, &d);
	assert_true(d.may_learn);
	assert_int_equal(d.vlan, 10);

	f = frame(3, ALL, TAG(10));
	bridge_classify(fx->bridge, &f, &d);
	assert_false(d.may_learn);

	f = frame(1, ALL, TAG(30));
	bridge_classify(fx->bridge, &f, &d);
	assert_true(d.may_learn);
	assert_int_equal(d.vlan, 30);
}

static void cut_inner_tag_passes_without_a_flow(void **state)
{
	struct fixture *fx = *state;
	struct frame f = frame(1, ALL, TAG(10));
	struct bridge_decision d;

	f.flags = FRAME_CUT_INNER_TAG;
	bridge_decide(fx->bridge, &f, no_key, &d);
	assert_string_equal(steps(&d), "flood 2 5 - 3 4");
	assert_false(d.cacheable);
}

static void ports_come_and_go(void **state)
{
	struct fixture *fx = *state;
	struct bridge_port_config access30 = access_vlan(30);
	uint32_t no;

	assert_true(bridge_port_remove(fx->bridge, 2));
	assert_false(bridge_port_remove(fx->bridge, 2));
	assert_null(bridge_port_name(fx->bridge, 2));
	check_drop(fx, frame(1, ALL, 0), "no other port in its VLAN", true);

	/* the host's port is not there any more: as if it were not known */
	mac_table_learn(fx->macs, 10, B, 2, 0);
	check(fx, frame(3, B, 0), "flood 4 +10 1 5");

	/* a number may come again as another port */
	assert_true(bridge_port_add(fx->bridge, 2, "other", &access30));
	assert_string_equal(bridge_port_name(fx->bridge, 2), "other");
	check(fx, frame(1, ALL, TAG(30)), "flood - 2");
	check(fx, frame(3, B, 0), "flood 4 +10 1 5");

	/* changed under its own name */
	assert_true(bridge_port_add(fx->bridge, 2, bridge_port_name(fx->bridge, 2), &access30));
	assert_string_equal(bridge_port_name(fx->bridge, 2), "other");

	assert_int_equal(bridge_port_count(fx->bridge), 6);
	for (no = 100; no < 400; no++)
		assert_true(bridge_port_add(fx->bridge, no, "many", &access30));
	assert_int_equal(bridge_port_count(fx->bridge), 306);
}

static void floods_to_very_many(void **state)
{
	struct fixture *fx = *state;
	struct bridge_port_config access30 = access_vlan(30);
	struct frame f = frame(1, ALL, TAG(30));
	struct bridge_decision d;
	uint32_t no;

	for (no = 100; no < 1100; no++)
		assert_true(bridge_port_add(fx->bridge, no, "many", &access30));
	bridge_decide(fx->bridge, &f, no_key, &d);
	/* port 2 as it is, the pop, a thousand outputs */
	assert_int_equal(d.n_steps, 1002);
	assert_int_equal(d.steps[1001].port, 1099);
}

static void native_vlan_goes_bare(void **state)
{
	struct fixture *fx = *state;
	struct bridge_port_config trunk = { .vlans.mode = BRIDGE_PORT_TRUNK, .vlans.native = 10 };

	trunk.vlans.trunk[0] = 1ULL << 10 | 1ULL << 20;
	assert_true(bridge_port_add(fx->bridge, 5, "p5", &trunk));
	/* in and out without a tag; with its tag it is taken as well */
	check(fx, frame(5, ALL, 0), "flood 3 4 +10 1 2");
	check(fx, frame(5, ALL, PCP(5) | TAG(0)), "flood - 3 4 +10p5 1 2");
	check(fx, frame(5, ALL, TAG(10)), "flood 1 2 - 3 4");
	check(fx, frame(3, ALL, 0), "flood 4 5 +10 1 2");
	check(fx, frame(1, ALL, TAG(10)), "flood 2 - 3 4 5");
	/* the others as before */
	check(fx, frame(1, ALL, TAG(20)), "flood 2 5 - 6");
}

static void mirrors_copy(void **state)
{
	struct fixture *fx = *state;
	struct bridge_port_config in = { .mirror_in = 1 }, out = { .mirror_out = 2 };
	struct bridge_port_config to = { .mirror_to = 3 };

	assert_true(bridge_port_add(fx->bridge, 1, "p1", &in));
	assert_true(bridge_port_add(fx->bridge, 2, "p2", &out));
	assert_true(bridge_port_add(fx->bridge, 7, "p7", &to));
	/* once, and as it came in, whichever of its mirrors it is for */
	check(fx, frame(1, ALL, TAG(10)), "flood 7 2 5 - 3 4");
	check(fx, frame(2, ALL, 0), "flood 1");
	mac_table_learn(fx->macs, 10, B, 2, 0);
	check(fx, frame(3, B, 0), "forward 7 +10 2");
	/* no part of switching itself */
	check_drop(fx, frame(7, ALL, 0), "mirror", true);
	assert_true(bridge_port_is_outlet(fx->bridge, 7));
	assert_false(bridge_port_is_outlet(fx->bridge, 1));
	assert_false(bridge_port_is_outlet(fx->bridge, 99));
	mac_table_learn(fx->macs, 20, B, 7, 0);
	check(fx, frame(6, B, 0), "flood 7 +20 1 2 5");
}

static void a_mirrored_drop_is_copied(void **state)
{
	struct bridge_port_config in = { .mirror_in = 1 }, to = { .mirror_to = 1 };
	struct fixture *fx = *state;
	struct frame f = frame(1, B, 0);
	struct bridge_decision d;

	assert_true(bridge_port_add(fx->bridge, 1, "p1", &in));
	assert_true(bridge_port_add(fx->bridge, 7, "p7", &to));
	mac_table_learn(fx->macs, 0, B, 1, 0);
	bridge_decide(fx->bridge, &f, no_key, &d);
	assert_string_equal(steps(&d), "drop 7");
}

static void floods_pass_the_meter(void **state)
{
	struct bridge_port_config metered = { .metered = true };
	struct fixture *fx = *state;

	assert_true(bridge_port_add(fx->bridge, 1, "p1", &metered));
	check(fx, frame(1, ALL, 0), "flood m1 2");
	check(fx, frame(2, ALL, 0), "flood 1");
	mac_table_learn(fx->macs, 0, B, 2, 0);
	check(fx, frame(1, B, 0), "forward 2");
	/* nobody to flood to: no meter either */
	assert_true(bridge_port_remove(fx->bridge, 2));
	check_drop(fx, frame(1, ALL, 0), "no other port", true);
}

static void a_shut_port_is_out(void **state)
{
	struct fixture *fx = *state;

	assert_true(bridge_port_shut(fx->bridge, 4, true));
	assert_false(bridge_port_shut(fx->bridge, 4, true));
	assert_true(bridge_port_is_shut(fx->bridge, 4));
	assert_false(bridge_port_is_shut(fx->bridge, 3));
	assert_false(bridge_port_shut(fx->bridge, 99, true));
	assert_false(bridge_port_is_shut(fx->bridge, 99));
	check(fx, frame(3, ALL, 0), "flood +10 1 2 5");
	check_drop(fx, frame(4, ALL, 0), "loop", true);
	mac_table_learn(fx->macs, 10, B, 4, 0);
	check(fx, frame(3, B, 0), "flood +10 1 2 5");
	assert_true(bridge_port_shut(fx->bridge, 4, false));
	check(fx, frame(3, B, 0), "forward 4");
}

static void probes_are_known(void **state)
{
	struct fixture *fx = *state;
	struct frame f = frame(1, GROUP, 0);
	struct bridge_decision d;

	f.eth_type = BRIDGE_PROBE_TYPE;
	check(fx, f, "flood 2");
	bridge_set_probe(fx->bridge, A);
	check_drop(fx, f, "probe", false);
	bridge_decide(fx->bridge, &f, no_key, &d);
	assert_true(d.probe);
	/* each comes up, but not from a port that is shut already */
	bridge_port_shut(fx->bridge, 1, true);
	check_drop(fx, f, "loop", true);
}

static void fixed_hosts_stay_where_they_are(void **state)
{
	struct fixture *fx = *state;

	assert_true(mac_table_fix(fx->macs, 0, A, 1, 0));
	check(fx, frame(1, ALL, 0), "flood 2");
	check_drop(fx, frame(2, ALL, 0), "fixed host", true);
	/* of another VLAN, it is another host */
	check(fx, frame(2, ALL, TAG(30)), "flood 1");
}

/* What a rule sends is mirrored, and not sent to ports that are shut or away. */
static void rules_know_mirrors_and_shut_ports(void **state)
{
	const struct config_rule rule = {
		"r", 0, (char *)"in_port(p1),eth()",
		(char *)"p3,sample(sample=50%,actions(clone(p4)))",
	};
	struct bridge_port_config out = { .mirror_out = 1 }, to = { .mirror_to = 1 };
	struct nl_msg *key = vsl_attrs_new();
	struct fixture *fx = *state;
	struct rules *rules = rules_create(&rule, 1);
	struct frame f = frame(1, ALL, 0);
	struct bridge_decision d;
	struct vsl_text_error e;

	bridge_set_rules(fx->bridge, rules);
	assert_int_equal(vsl_text_parse_flow("in_port(1),eth(src=02:00:00:00:00:0a,"
					     "dst=ff:ff:ff:ff:ff:ff),eth_type(0x0806),arp()",
					     NULL, key, NULL, NULL, NULL, &e), 0);
	assert_true(bridge_port_add(fx->bridge, 7, "p7", &to));
	/* 8 bytes of output; sample and its two attributes, clone, and 8 more */
	bridge_decide(fx->bridge, &f, vsl_blob_of_msg(key), &d);
	assert_string_equal(steps(&d), "rule (36)");
	assert_true(bridge_port_add(fx->bridge, 4, "p4", &out));
	bridge_decide(fx->bridge, &f, vsl_blob_of_msg(key), &d);
	assert_string_equal(steps(&d), "rule 7 (36)");
	bridge_port_shut(fx->bridge, 4, true);
	bridge_decide(fx->bridge, &f, vsl_blob_of_msg(key), &d);
	assert_string_equal(steps(&d), "drop");
	assert_string_equal(d.why, "rule 'r'");
	bridge_port_shut(fx->bridge, 4, false);
	bridge_port_remove(fx->bridge, 3);
	bridge_decide(fx->bridge, &f, vsl_blob_of_msg(key), &d);
	assert_string_equal(steps(&d), "drop");
	assert_true(bridge_port_add(fx->bridge, 8, "p3", NULL));
	bridge_decide(fx->bridge, &f, vsl_blob_of_msg(key), &d);
	assert_string_equal(steps(&d), "rule 7 (36)");
	rules_destroy(rules);
	nlmsg_free(key);
}

/* Rules name ports, and hold for whichever port has the name. */
static void rules_follow_their_ports(void **state)
{
	const struct config_rule list[] = {
		{ "divert", 1, (char *)"in_port(p1),eth()", (char *)"p6" },
	};
	struct rules *rules = rules_create(list, 1);
	struct nl_msg *key = vsl_attrs_new();
	struct fixture *fx = *state;
	struct frame f = frame(1, ALL, 0);
	struct bridge_decision d;
	struct ovs_key_ethernet eth = { 0 };

	nla_put_u32(key, OVS_KEY_ATTR_IN_PORT, 1);
	nla_put(key, OVS_KEY_ATTR_ETHERNET, sizeof(eth), &eth);
	bridge_set_rules(fx->bridge, rules);
	bridge_decide(fx->bridge, &f, vsl_blob_of_msg(key), &d);
	assert_int_equal(d.verdict, BRIDGE_RULE);
	assert_string_equal(d.why, "rule 'divert'");
	assert_int_equal(d.n_steps, 1);
	assert_int_equal(d.steps[0].actions.len, 8);
	assert_int_equal(nla_get_u32((struct nlattr *)d.steps[0].actions.data), 6);

	/* under another number */
	assert_true(bridge_port_remove(fx->bridge, 6));
	bridge_decide(fx->bridge, &f, vsl_blob_of_msg(key), &d);
	assert_int_equal(d.verdict, BRIDGE_DROP);
	assert_true(bridge_port_add(fx->bridge, 9, "p6", NULL));
	bridge_decide(fx->bridge, &f, vsl_blob_of_msg(key), &d);
	assert_int_equal(d.verdict, BRIDGE_RULE);
	assert_int_equal(nla_get_u32((struct nlattr *)d.steps[0].actions.data), 9);

	/* the port that it is about is not there: as if it were not either */
	assert_true(bridge_port_add(fx->bridge, 1, "other", NULL));
	bridge_decide(fx->bridge, &f, vsl_blob_of_msg(key), &d);
	assert_string_equal(steps(&d), "flood 2 9");
	bridge_set_rules(fx->bridge, NULL);
	bridge_decide(fx->bridge, &f, vsl_blob_of_msg(key), &d);
	assert_string_equal(steps(&d), "flood 2 9");
	rules_destroy(rules);
	nlmsg_free(key);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(floods_what_it_does_not_know),
		CASE(floods_between_forms),
		CASE(forwards_what_it_knows),
		CASE(never_sends_back),
		CASE(keeps_priorities),
		CASE(outer_tag_decides),
		CASE(keeps_out_what_must_not_come_in),
		CASE(link_local_stays_here),
		CASE(says_what_may_be_learned),
		CASE(cut_inner_tag_passes_without_a_flow),
		CASE(native_vlan_goes_bare),
		CASE(mirrors_copy),
		CASE(a_mirrored_drop_is_copied),
		CASE(floods_pass_the_meter),
		CASE(a_shut_port_is_out),
		CASE(probes_are_known),
		CASE(fixed_hosts_stay_where_they_are),
		CASE(rules_know_mirrors_and_shut_ports),
		CASE(rules_follow_their_ports),
		CASE(ports_come_and_go),
		CASE(floods_to_very_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
