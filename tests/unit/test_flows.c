// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_flows.c - flows that the kernel does not do as it is told with
 *
 * Requests go out by outbox_flow_put() and outbox_flow_del(), of which this program
 * has its own: what they were told is kept, and answered when a case says so.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib/log.h"
#include "vswitchd/flows.h"

#define IDLE_MS 1000

struct fixture {
	struct mac_table *macs;
	struct bridge *bridge;
	struct flows *flows;
};

/* The last request of each kind. */
static struct request {
	unsigned int n;
	uint8_t ufid[FLOWS_UFID_SIZE];
	outbox_done_fn *done;
	void *ctx;
} put, del;

static void keep(struct request *r, const struct vsl_flow *flow, outbox_done_fn *done, void *ctx)
{
	r->n++;
	memcpy(r->ufid, flow->ufid, sizeof(r->ufid));
	r->done = done;
	r->ctx = ctx;
}

void __wrap_outbox_flow_put(struct outbox *o, const struct vsl_flow *flow,
			    outbox_done_fn *done, void *ctx);
void __wrap_outbox_flow_del(struct outbox *o, const struct vsl_flow *flow,
			    outbox_done_fn *done, void *ctx);

void __wrap_outbox_flow_put(struct outbox *o, const struct vsl_flow *flow,
			    outbox_done_fn *done, void *ctx)
{
	(void)o;
	keep(&put, flow, done, ctx);
}

void __wrap_outbox_flow_del(struct outbox *o, const struct vsl_flow *flow,
			    outbox_done_fn *done, void *ctx)
{
	(void)o;
	keep(&del, flow, done, ctx);
}

static int make(void **state)
{
	struct fixture *fx = calloc(1, sizeof(*fx));

	put = del = (struct request){ 0 };
	fx->macs = mac_table_create(100, 1000, NULL, NULL);
	fx->bridge = bridge_create(fx->macs);
	fx->flows = flows_create(fx->bridge, fx->macs, NULL, 1, IDLE_MS, 100);
	assert_true(bridge_port_add(fx->bridge, 1, "p1", NULL));
	assert_true(bridge_port_add(fx->bridge, 2, "p2", NULL));
	*state = fx;
	return 0;
}

static int drop(void **state)
{
	struct fixture *fx = *state;

	flows_destroy(fx->flows);
	bridge_destroy(fx->bridge);
	mac_table_destroy(fx->macs);
	free(fx);
	return 0;
}

/* A flow that the kernel has, and that has been silent for too long. */
static void idle_flow(struct fixture *fx)
{
	const struct frame frame = {
		.in_port = 1, .eth_type = htons(ETH_P_ARP),
		.src = { 2, 0, 0, 0, 0, 1 }, .dst = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
	};
	struct vsl_flow seen = { .ufid_len = FLOWS_UFID_SIZE };
	struct nl_msg *key = vsl_attrs_new(), *actions = vsl_attrs_new();
	struct flows_answer answer;
	struct ovs_key_ethernet eth;
	struct bridge_decision d;

	memcpy(eth.eth_src, frame.src, sizeof(eth.eth_src));
	memcpy(eth.eth_dst, frame.dst, sizeof(eth.eth_dst));
	nla_put_u32(key, OVS_KEY_ATTR_IN_PORT, 1);
	nla_put(key, OVS_KEY_ATTR_ETHERNET, sizeof(eth), &eth);
	nla_put_u16(key, OVS_KEY_ATTR_ETHERTYPE, htons(ETH_P_ARP));
	bridge_decide(fx->bridge, &frame, vsl_blob_of_msg(key), &d);
	assert_int_equal(flows_put_actions(actions, &d), 0);
	flows_put(fx->flows, &frame, &d, vsl_blob_of_msg(key), vsl_blob_of_msg(actions), 0,
		  &answer);
	nlmsg_free(key);
	nlmsg_free(actions);
	assert_int_equal(put.n, 1);
	put.done(put.ctx, 0, "");
	assert_int_equal(answer.result, FLOWS_PUT);
	flows_look(fx->flows);
	memcpy(seen.ufid, put.ufid, sizeof(seen.ufid));
	flows_saw(fx->flows, &seen, 10 * IDLE_MS);
	flows_revalidate(fx->flows);
	assert_int_equal(del.n, 1);
	assert_int_equal(flows_count(fx->flows), 0);
}

static void what_was_not_deleted_is_deleted_again(void **state)
{
	struct fixture *fx = *state;

	idle_flow(fx);
	del.done(del.ctx, -ENOBUFS, "");
	flows_delete_again(fx->flows);
	assert_int_equal(del.n, 2);
	assert_memory_equal(del.ufid, put.ufid, sizeof(put.ufid));
	/* while that is under way nothing more is sent */
	flows_delete_again(fx->flows);
	assert_int_equal(del.n, 2);
	del.done(del.ctx, -ENOMEM, "");
	flows_delete_again(fx->flows);
	assert_int_equal(del.n, 3);
	del.done(del.ctx, 0, "");
	flows_delete_again(fx->flows);
	assert_int_equal(del.n, 3);
}

static void what_has_gone_is_not(void **state)
{
	struct fixture *fx = *state;

	idle_flow(fx);
	del.done(del.ctx, -ENOENT, "");
	flows_delete_again(fx->flows);
	assert_int_equal(del.n, 1);
}

/* Its memory goes with the flows: that is for ASan to see. */
static void it_may_be_left_so(void **state)
{
	struct fixture *fx = *state;

	idle_flow(fx);
	del.done(del.ctx, -EBUSY, "");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make, drop)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(what_was_not_deleted_is_deleted_again),
		CASE(what_has_gone_is_not),
		CASE(it_may_be_left_so),
	};

	vsl_log_set_level(VSL_LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
