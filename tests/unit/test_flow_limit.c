// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_flow_limit.c - how many flows a slow machine and a quick one may have
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>
#include <cmocka.h>

#include "vswitchd/flow_limit.h"

#define MS 1000000ULL

/* A machine that needs @ns for a flow, and has @flows of them for many looks. */
static void look(struct flow_limit *l, size_t flows, uint64_t ns, int times)
{
	while (times--)
		flow_limit_looked(l, flows, flows * ns);
}

static void starts_with_what_is_configured(void **state)
{
	struct flow_limit l = { 0 };

	(void)state;
	flow_limit_set(&l, 200000, 60000);
	assert_int_equal(l.now, 200000);
	flow_limit_looked(&l, 0, 0);
	/* 1 us a flow: all of 200,000 take 200 ms */
	look(&l, 200000, 1000, 10);
	assert_int_equal(l.now, 200000);
}

static void slow_machine_may_have_fewer(void **state)
{
	struct flow_limit l = { 0 };
	size_t once;

	(void)state;
	flow_limit_set(&l, 200000, 60000);
	/* 10 us a flow: 50,000 take 500 ms */
	look(&l, 200000, 10000, 1);
	once = l.now;
	assert_true(once > 50000 && once < 200000);
	look(&l, once, 10000, 1);
	assert_true(l.now < once);
	while (l.now > 51000) {
		once = l.now;
		look(&l, once, 10000, 1);
		assert_true(l.now < once);
	}
	assert_true(l.now >= 50000);

	/* few flows say nothing of many */
	look(&l, 100, 1000, 100);
	assert_true(l.now < 51000);
	look(&l, 5, 1000 * MS, 100);
	assert_true(l.now >= 50000);
	/* but many do, once the machine has become quicker */
	look(&l, 50000, 1000, 1);
	assert_true(l.now > 90000 && l.now <= 102000);
	look(&l, 90000, 1000, 2);
	assert_int_equal(l.now, 200000);
}

static void never_beyond_the_configuration(void **state)
{
	struct flow_limit l = { 0 };
	int i;

	(void)state;
	flow_limit_set(&l, 500, 60000);
	look(&l, 500, 100 * MS, 20);
	assert_int_equal(l.now, 500);
	flow_limit_set(&l, 100000, 60000);
	assert_int_equal(l.now, 100000);
	/* however slow, some are allowed */
	look(&l, 100000, 100 * MS, 1);
	assert_true(l.now >= 50000);
	for (i = 0; i < 10; i++)
		look(&l, l.now, 100 * MS, 1);
	assert_int_equal(l.now, FLOW_LIMIT_MIN);
	/* a reload does not forget what the machine can do */
	flow_limit_set(&l, 50000, 60000);
	assert_int_equal(l.now, FLOW_LIMIT_MIN);
	look(&l, 1000, 1, 20);
	assert_true(l.now > FLOW_LIMIT_MIN && l.now <= 50000);
}

static void idle_ones_go_sooner_where_room_is_short(void **state)
{
	struct flow_limit l = { 0 };
	uint64_t idle, before = 60000;
	size_t n;

	(void)state;
	flow_limit_set(&l, 1000, 60000);
	assert_int_equal(flow_limit_idle(&l, 0), 60000);
	assert_int_equal(flow_limit_idle(&l, 500), 60000);
	assert_int_equal(flow_limit_idle(&l, 750), 33000);
	assert_int_equal(flow_limit_idle(&l, 1000), 6000);
	assert_int_equal(flow_limit_idle(&l, 5000), 6000);
	for (n = 0; n < 1100; n++) {
		idle = flow_limit_idle(&l, n);
		assert_true(idle <= before);
		before = idle;
	}
	flow_limit_set(&l, 1, 1000);
	assert_int_equal(flow_limit_idle(&l, 0), 1000);
	assert_int_equal(flow_limit_idle(&l, 1), 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_with_what_is_configured),
		cmocka_unit_test(slow_machine_may_have_fewer),
		cmocka_unit_test(never_beyond_the_configuration),
		cmocka_unit_test(idle_ones_go_sooner_where_room_is_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
