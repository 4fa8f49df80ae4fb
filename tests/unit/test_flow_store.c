// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_flow_store.c - flows in memory: found each way, stale one by one or all at once
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "vswitchd/flow_store.h"

#define N 300

/* Flow number @i: from host i % 17 to host i % 13, told apart by its port. */
static struct frame frame_of(unsigned int i)
{
	return (struct frame){
		.in_port = i, .src = { 2, 0, 0, 0, 0, i % 17 }, .dst = { 2, 0, 0, 0, 1, i % 13 },
	};
}

static void ufid_of(unsigned int i, uint8_t ufid[FLOWS_UFID_SIZE])
{
	memset(ufid, 0, FLOWS_UFID_SIZE);
	memcpy(ufid, &i, sizeof(i));
}

static struct flow *add(struct flow_store *s, unsigned int i)
{
	struct frame frame = frame_of(i);
	uint8_t ufid[FLOWS_UFID_SIZE];

	ufid_of(i, ufid);
	return flow_store_add(s, &frame, 1, ufid, (struct vsl_blob){ "key", 3 },
			      (struct vsl_blob){ "actions", 7 });
}

static void drop(struct flow_store *s, struct flow *flow)
{
	flow_store_remove(s, flow);
	flow_free(flow);
}

static void fill(struct flow_store *s)
{
	unsigned int i;

	for (i = 0; i < N; i++)
		assert_non_null(add(s, i));
	assert_int_equal(flow_store_count(s), N);
}

static void empty(struct flow_store *s)
{
	while (s->by_frame)
		drop(s, s->by_frame);
	assert_null(s->hosts);
	assert_null(s->by_ufid);
	assert_null(s->fresh);
	assert_null(s->stale);
}

static size_t length(const struct flow *list)
{
	size_t n = 0;

	for (; list; list = list->next)
		n++;
	return n;
}

/* Each is on one list, the one that it says. */
static void check_lists(struct flow_store *s, size_t stale)
{
	const struct flow *flow;

	assert_int_equal(length(s->stale), stale);
	assert_int_equal(length(s->fresh), flow_store_count(s) - stale);
	for (flow = s->stale; flow; flow = flow->next)
		assert_true(flow_is_stale(s, flow));
	for (flow = s->fresh; flow; flow = flow->next)
		assert_false(flow_is_stale(s, flow));
}

static void found_by_frame_and_name(void **state)
{
	struct flow_store s = { 0 };
	uint8_t ufid[FLOWS_UFID_SIZE];
	struct frame frame;
	struct flow *flow;
	unsigned int i;

	(void)state;
	fill(&s);
	for (i = 0; i < N; i++) {
		frame = frame_of(i);
		ufid_of(i, ufid);
		flow = flow_store_by_frame(&s, &frame);
		assert_non_null(flow);
		assert_ptr_equal(flow, flow_store_by_ufid(&s, ufid));
		assert_int_equal(flow->frame.in_port, i);
		assert_memory_equal(flow->key, "key", 3);
		assert_memory_equal(flow->actions, "actions", 7);
	}
	drop(&s, flow);
	assert_null(flow_store_by_frame(&s, &frame));
	assert_null(flow_store_by_ufid(&s, ufid));
	check_lists(&s, 0);
	empty(&s);
}

static void hosts_flows_come_first(void **state)
{
	const uint8_t as_source[6] = { 2, 0, 0, 0, 0, 3 }, as_sink[6] = { 2, 0, 0, 0, 1, 5 };
	struct flow_store s = { 0 };
	size_t sends = 0, receives = 0;
	unsigned int i;

	(void)state;
	fill(&s);
	for (i = 0; i < N; i++) {
		sends += i % 17 == 3;
		receives += i % 13 == 5;
	}
	flow_store_host_stale(&s, 2, as_source);
	check_lists(&s, 0);
	flow_store_host_stale(&s, 1, as_source);
	check_lists(&s, sends);
	flow_store_all_stale(&s);
	check_lists(&s, N);
	flow_store_host_stale(&s, 1, as_sink);
	check_lists(&s, N);
	for (i = 0; i < receives; i++) {
		assert_int_equal(s.stale->frame.dst[5], 5);
		flow_make_fresh(&s, s.stale);
	}
	check_lists(&s, N - receives);
	empty(&s);
}

static void all_at_once(void **state)
{
	struct flow_store s = { 0 };
	struct flow *flow;
	unsigned int i;

	(void)state;
	flow_store_all_stale(&s);
	fill(&s);
	check_lists(&s, 0);
	flow = s.fresh->next;
	flow_make_stale(&s, flow);
	flow_make_stale(&s, flow);
	check_lists(&s, 1);
	flow_store_all_stale(&s);
	flow_store_all_stale(&s);
	check_lists(&s, N);
	/* one that comes meanwhile is decided by what holds now */
	assert_non_null(add(&s, N));
	check_lists(&s, N);
	for (i = 0; i < N; i++)
		flow_make_fresh(&s, s.stale);
	check_lists(&s, 0);
	flow_store_all_stale(&s);
	drop(&s, s.stale);
	check_lists(&s, N);
	empty(&s);
}

/* Of the fresh ones those come first that dumps keep missing. */
static void the_unseen_come_first(void **state)
{
	struct flow_store s = { 0 };
	struct flow *flow, *next;
	int i;

	(void)state;
	fill(&s);
	for (i = 0, next = s.fresh; i < N; i++) {
		flow = next;
		next = flow->next;
		if (flow->frame.in_port % 10)
			flow_seen(&s, flow, 1);
	}
	check_lists(&s, 0);
	for (flow = s.fresh; flow && !flow->seen; flow = flow->next)
		assert_int_equal(flow->frame.in_port % 10, 0);
	assert_non_null(flow);
	for (; flow; flow = flow->next)
		assert_int_equal(flow->seen, 1);
	flow_store_all_stale(&s);
	flow_seen(&s, s.stale, 2);
	check_lists(&s, N);
	empty(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found_by_frame_and_name),
		cmocka_unit_test(hosts_flows_come_first),
		cmocka_unit_test(all_at_once),
		cmocka_unit_test(the_unseen_come_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
