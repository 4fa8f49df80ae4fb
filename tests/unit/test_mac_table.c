// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_mac_table.c - what the table of learned addresses must hold
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "vswitchd/mac_table.h"

#define A ((const uint8_t[6]){ 0x02, 0, 0, 0, 0, 0xa })
#define B ((const uint8_t[6]){ 0x02, 0, 0, 0, 0, 0xb })
#define C ((const uint8_t[6]){ 0x02, 0, 0, 0, 0, 0xc })

/* The last change that was told of, and how many there were. */
static struct {
	unsigned int n;
	uint16_t vlan;
	uint8_t mac[6];
	uint32_t from, to;
} told;

static void changed(void *ctx, uint16_t vlan, const uint8_t mac[6], uint32_t from, uint32_t to)
{
	(void)ctx;
	told.n++;
	told.vlan = vlan;
	memcpy(told.mac, mac, 6);
	told.from = from;
	told.to = to;
}

static struct mac_table *table(size_t max, uint64_t age_ms)
{
	struct mac_table *t = mac_table_create(max, age_ms, changed, NULL);

	assert_non_null(t);
	memset(&told, 0, sizeof(told));
	return t;
}

static void learns_per_vlan(void **state)
{
	struct mac_table *t = table(10, 1000);

	(void)state;
	assert_int_equal(mac_table_port(t, 0, A), MAC_TABLE_NO_PORT);
	assert_int_equal(mac_table_learn(t, 0, A, 1, 0), MAC_TABLE_LEARNED);
	assert_int_equal(mac_table_learn(t, 10, A, 2, 0), MAC_TABLE_LEARNED);
	assert_int_equal(mac_table_port(t, 0, A), 1);
	assert_int_equal(mac_table_port(t, 10, A), 2);
	assert_int_equal(mac_table_port(t, 20, A), MAC_TABLE_NO_PORT);
	assert_int_equal(mac_table_port(t, 0, B), MAC_TABLE_NO_PORT);
	assert_int_equal(mac_table_count(t), 2);
	mac_table_destroy(t);
}

static void tells_of_changes_only(void **state)
{
	struct mac_table *t = table(10, 1000);

	(void)state;
	mac_table_learn(t, 10, A, 1, 0);
	assert_int_equal(told.n, 1);
	assert_int_equal(told.vlan, 10);
	assert_memory_equal(told.mac, A, 6);
	assert_int_equal(told.from, MAC_TABLE_NO_PORT);
	assert_int_equal(told.to, 1);

	assert_int_equal(mac_table_learn(t, 10, A, 1, 5), MAC_TABLE_KNOWN);
	assert_int_equal(told.n, 1);

	assert_int_equal(mac_table_learn(t, 10, A, 3, 6), MAC_TABLE_MOVED);
	assert_int_equal(told.n, 2);
	assert_int_equal(told.from, 1);
	assert_int_equal(told.to, 3);
	assert_int_equal(mac_table_port(t, 10, A), 3);
	assert_int_equal(mac_table_count(t), 1);

	/* the end of the table is no news of its hosts */
	mac_table_destroy(t);
	assert_int_equal(told.n, 2);
}

static void forgets_the_silent(void **state)
{
	struct mac_table *t = table(10, 300000);

	(void)state;
	mac_table_learn(t, 0, A, 1, 0);
	mac_table_learn(t, 0, B, 1, 100000);
	mac_table_learn(t, 0, C, 2, 0);
	/* heard again */
	mac_table_learn(t, 0, C, 2, 200000);

	assert_int_equal(mac_table_age(t, 299999, SIZE_MAX), 0);
	assert_int_equal(mac_table_age(t, 300000, SIZE_MAX), 1);
	assert_int_equal(mac_table_port(t, 0, A), MAC_TABLE_NO_PORT);
	assert_int_equal(told.from, 1);
	assert_int_equal(told.to, MAC_TABLE_NO_PORT);
	assert_int_equal(mac_table_port(t, 0, B), 1);
	assert_int_equal(mac_table_age(t, 400000, SIZE_MAX), 1);
	assert_int_equal(mac_table_age(t, 499999, SIZE_MAX), 0);
	assert_int_equal(mac_table_age(t, 500000, SIZE_MAX), 1);
	assert_int_equal(mac_table_count(t), 0);
	mac_table_destroy(t);
}

/* So that many that go at once keep nobody waiting. */
static void forgets_a_part_at_a_time(void **state)
{
	struct mac_table *t = table(1000, 1000);
	uint8_t mac[6] = { 2 };
	int i;

	(void)state;
	for (i = 0; i < 100; i++) {
		mac[5] = i;
		mac_table_learn(t, 0, mac, i % 7, 0);
	}
	assert_int_equal(mac_table_age(t, 1000, 60), 60);
	assert_int_equal(mac_table_count(t), 40);
	assert_int_equal(mac_table_age(t, 1000, 60), 40);
	assert_int_equal(mac_table_age(t, 1000, 60), 0);
	mac_table_destroy(t);
}

static void touch_keeps_alive(void **state)
{
	struct mac_table *t = table(10, 1000);

	(void)state;
	mac_table_learn(t, 0, A, 1, 0);
	mac_table_learn(t, 0, B, 1, 0);
	mac_table_touch(t, 0, A, 1, 900);
	/* a flow on the port where it was before says nothing */
	mac_table_touch(t, 0, B, 2, 900);
	/* nor does an old use make it older */
	mac_table_touch(t, 0, A, 1, 100);
	/* and an unknown host is not learned by it */
	mac_table_touch(t, 0, C, 1, 900);

	assert_int_equal(mac_table_age(t, 1000, SIZE_MAX), 1);
	assert_int_equal(mac_table_port(t, 0, A), 1);
	assert_int_equal(mac_table_port(t, 0, B), MAC_TABLE_NO_PORT);
	assert_int_equal(mac_table_port(t, 0, C), MAC_TABLE_NO_PORT);
	assert_int_equal(mac_table_age(t, 1900, SIZE_MAX), 1);
	mac_table_destroy(t);
}

static void port_takes_its_hosts_along(void **state)
{
	struct mac_table *t = table(10, 1000);

	(void)state;
	mac_table_learn(t, 0, A, 1, 0);
	mac_table_learn(t, 7, B, 1, 0);
	mac_table_learn(t, 0, C, 2, 0);
	assert_int_equal(mac_table_forget_port(t, 3), 0);
	assert_int_equal(mac_table_forget_port(t, 1), 2);
	assert_int_equal(mac_table_port(t, 0, A), MAC_TABLE_NO_PORT);
	assert_int_equal(mac_table_port(t, 7, B), MAC_TABLE_NO_PORT);
	assert_int_equal(mac_table_port(t, 0, C), 2);
	/* the port may come again */
	assert_int_equal(mac_table_learn(t, 0, A, 1, 0), MAC_TABLE_LEARNED);
	mac_table_destroy(t);
}

/* One port makes up addresses, another has two hosts that must stay. */
static void full_table_is_fair(void **state)
{
	struct mac_table *t = table(100, 1000);
	uint8_t mac[6] = { 0x02, 0xee };
	unsigned int i;

	(void)state;
	mac_table_learn(t, 0, A, 1, 0);
	mac_table_learn(t, 0, B, 1, 0);
	for (i = 0; i < 10000; i++) {
		memcpy(mac + 2, &i, sizeof(i));
		assert_int_equal(mac_table_learn(t, 0, mac, 2, i), MAC_TABLE_LEARNED);
	}
	assert_int_equal(mac_table_count(t), 100);
	assert_int_equal(mac_table_port(t, 0, A), 1);
	assert_int_equal(mac_table_port(t, 0, B), 1);
	assert_int_equal(mac_table_port(t, 0, mac), 2);
	/* 98 of them have room: the last 98 */
	i = 10000 - 98;
	memcpy(mac + 2, &i, sizeof(i));
	assert_int_equal(mac_table_port(t, 0, mac), 2);
	i--;
	memcpy(mac + 2, &i, sizeof(i));
	assert_int_equal(mac_table_port(t, 0, mac), MAC_TABLE_NO_PORT);
	mac_table_destroy(t);
}

static void one_entry_is_a_table(void **state)
{
	struct mac_table *t = table(1, 1000);

	(void)state;
	mac_table_learn(t, 0, A, 1, 0);
	mac_table_learn(t, 0, B, 1, 0);
	assert_int_equal(mac_table_count(t), 1);
	assert_int_equal(mac_table_port(t, 0, B), 1);
	assert_int_equal(mac_table_learn(t, 0, B, 2, 0), MAC_TABLE_MOVED);
	assert_int_equal(mac_table_port(t, 0, B), 2);
	mac_table_destroy(t);
	mac_table_destroy(NULL);
}

/* Neither time nor packets nor want of room touch what was fixed. */
static void fixed_stays(void **state)
{
	struct mac_table *t = table(2, 1000);

	(void)state;
	assert_true(mac_table_fix(t, 0, A, 1, 0));
	assert_int_equal(told.to, 1);
	assert_int_equal(mac_table_learn(t, 0, A, 2, 1), MAC_TABLE_KNOWN);
	assert_int_equal(mac_table_port(t, 0, A), 1);
	assert_int_equal(mac_table_age(t, 5000, SIZE_MAX), 0);
	mac_table_learn(t, 0, B, 1, 5000);
	assert_int_equal(mac_table_learn(t, 0, C, 2, 5000), MAC_TABLE_LEARNED);
	assert_int_equal(mac_table_port(t, 0, A), 1);
	assert_int_equal(mac_table_port(t, 0, B), MAC_TABLE_NO_PORT);

	/* a learned one can be fixed where it is; then there is no room */
	assert_true(mac_table_fix(t, 0, C, 2, 5000));
	assert_int_equal(mac_table_learn(t, 0, B, 3, 5000), MAC_TABLE_FULL);
	assert_false(mac_table_fix(t, 0, B, 3, 5000));
	assert_int_equal(mac_table_flush(t, MAC_TABLE_ANY_VLAN, MAC_TABLE_NO_PORT), 0);
	assert_int_equal(mac_table_count(t), 2);

	/* it is fixed elsewhere, goes when told, and with its port */
	assert_true(mac_table_fix(t, 0, A, 2, 5000));
	assert_int_equal(told.from, 1);
	assert_int_equal(mac_table_port(t, 0, A), 2);
	assert_true(mac_table_forget(t, 0, C));
	assert_false(mac_table_forget(t, 0, C));
	mac_table_learn(t, 0, B, 2, 5000);
	assert_int_equal(mac_table_forget_port(t, 2), 2);
	assert_int_equal(mac_table_count(t), 0);
	mac_table_destroy(t);
}

static void flush_takes_what_is_named(void **state)
{
	struct mac_table *t = table(10, 1000);

	(void)state;
	mac_table_learn(t, 0, A, 1, 0);
	mac_table_learn(t, 10, A, 1, 0);
	mac_table_learn(t, 10, B, 2, 0);
	mac_table_learn(t, 20, C, 2, 0);
	assert_int_equal(mac_table_flush(t, 10, 2), 1);
	assert_int_equal(mac_table_port(t, 10, B), MAC_TABLE_NO_PORT);
	assert_int_equal(mac_table_flush(t, 0, MAC_TABLE_NO_PORT), 1);
	assert_int_equal(mac_table_port(t, 10, A), 1);
	assert_int_equal(mac_table_flush(t, MAC_TABLE_ANY_VLAN, 2), 1);
	assert_int_equal(mac_table_flush(t, MAC_TABLE_ANY_VLAN, MAC_TABLE_NO_PORT), 1);
	assert_int_equal(mac_table_count(t), 0);
	mac_table_destroy(t);
}

static void note(void *ctx, const struct mac_table_entry *e)
{
	struct mac_table_entry *seen = ctx;

	seen[e->fixed] = *e;
}

static void each_shows_all(void **state)
{
	struct mac_table *t = table(10, 1000);
	struct mac_table_entry seen[2] = { 0 };

	(void)state;
	mac_table_learn(t, 10, A, 1, 7);
	mac_table_fix(t, 20, B, 2, 8);
	mac_table_each(t, note, seen);
	assert_int_equal(seen[0].vlan, 10);
	assert_memory_equal(seen[0].mac, A, 6);
	assert_int_equal(seen[0].port, 1);
	assert_int_equal(seen[0].used_ms, 7);
	assert_int_equal(seen[1].vlan, 20);
	assert_memory_equal(seen[1].mac, B, 6);
	assert_int_equal(seen[1].port, 2);
	mac_table_destroy(t);
}

static void fill(struct mac_table *t, uint16_t vlan, uint32_t port, unsigned int n)
{
	uint8_t mac[6] = { 2, 1 };
	unsigned int i;

	mac[2] = port;
	for (i = 0; i < n; i++) {
		mac[4] = i >> 8;
		mac[5] = i;
		mac_table_learn(t, vlan, mac, port, i);
	}
}

static void a_vlan_has_its_limit(void **state)
{
	struct mac_table *t = table(1000, 100000);

	(void)state;
	mac_table_set_limits(t, 1000, 20, 100000);
	mac_table_learn(t, 10, A, 1, 0);
	mac_table_learn(t, 20, B, 2, 0);
	/* who makes up addresses pushes out his own, though A is older than all */
	fill(t, 10, 2, 500);
	assert_int_equal(mac_table_count(t), 21);
	assert_int_equal(mac_table_port(t, 10, A), 1);
	/* another VLAN of that very port is not the VLAN's matter */
	assert_int_equal(mac_table_port(t, 20, B), 2);
	fill(t, 20, 3, 500);
	assert_int_equal(mac_table_count(t), 40);
	/* lowered: what is too much goes at once */
	mac_table_set_limits(t, 1000, 5, 100000);
	assert_int_equal(mac_table_count(t), 10);
	assert_int_equal(mac_table_port(t, 10, A), 1);
	mac_table_set_limits(t, 4, 5, 100000);
	assert_int_equal(mac_table_count(t), 4);
	mac_table_destroy(t);
}

static void a_port_has_its_limit(void **state)
{
	struct mac_table *t = table(1000, 100000);

	(void)state;
	assert_true(mac_table_set_port_limit(t, 2, 10));
	fill(t, 0, 1, 50);
	fill(t, 0, 2, 50);
	fill(t, 10, 2, 50);
	assert_int_equal(mac_table_count(t), 60);
	/* one that moves there takes another's place */
	mac_table_learn(t, 0, A, 1, 1000);
	assert_int_equal(mac_table_learn(t, 0, A, 2, 1001), MAC_TABLE_MOVED);
	assert_int_equal(mac_table_port(t, 0, A), 2);
	assert_int_equal(mac_table_count(t), 60);
	/* the limit stays when the hosts are gone */
	mac_table_forget_port(t, 2);
	fill(t, 0, 2, 50);
	assert_int_equal(mac_table_count(t), 60);
	assert_true(mac_table_set_port_limit(t, 2, 1));
	assert_int_equal(mac_table_count(t), 51);
	/* the one place of the port, and of its share of the VLAN, changes hands */
	mac_table_learn(t, 0, B, 1, 2000);
	assert_int_equal(mac_table_learn(t, 0, B, 2, 2001), MAC_TABLE_MOVED);
	assert_int_equal(mac_table_count(t), 51);
	assert_true(mac_table_set_port_limit(t, 2, 0));
	fill(t, 0, 2, 50);
	assert_int_equal(mac_table_count(t), 101);
	mac_table_destroy(t);
}

static void fixed_ones_count_for_no_limit(void **state)
{
	struct mac_table *t = table(1000, 100000);

	(void)state;
	mac_table_set_limits(t, 1000, 1, 100000);
	assert_true(mac_table_set_port_limit(t, 1, 1));
	assert_true(mac_table_fix(t, 10, A, 1, 0));
	mac_table_learn(t, 10, B, 1, 0);
	mac_table_learn(t, 10, C, 1, 1);
	assert_int_equal(mac_table_port(t, 10, A), 1);
	assert_int_equal(mac_table_port(t, 10, B), MAC_TABLE_NO_PORT);
	assert_int_equal(mac_table_port(t, 10, C), 1);
	assert_int_equal(mac_table_fixed_port(t, 10, A), 1);
	assert_int_equal(mac_table_fixed_port(t, 10, C), MAC_TABLE_NO_PORT);
	/* one that was learned becomes fixed: out of the lists of the learned */
	assert_true(mac_table_fix(t, 10, C, 1, 2));
	mac_table_learn(t, 10, B, 1, 3);
	assert_int_equal(mac_table_count(t), 3);
	mac_table_set_limits(t, 1, 1, 100000);
	assert_int_equal(mac_table_count(t), 2);
	mac_table_destroy(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(learns_per_vlan),
		cmocka_unit_test(tells_of_changes_only),
		cmocka_unit_test(forgets_the_silent),
		cmocka_unit_test(forgets_a_part_at_a_time),
		cmocka_unit_test(touch_keeps_alive),
		cmocka_unit_test(port_takes_its_hosts_along),
		cmocka_unit_test(full_table_is_fair),
		cmocka_unit_test(one_entry_is_a_table),
		cmocka_unit_test(fixed_stays),
		cmocka_unit_test(flush_takes_what_is_named),
		cmocka_unit_test(each_shows_all),
		cmocka_unit_test(a_vlan_has_its_limit),
		cmocka_unit_test(a_port_has_its_limit),
		cmocka_unit_test(fixed_ones_count_for_no_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
