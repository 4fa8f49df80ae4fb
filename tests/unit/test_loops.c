// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_loops.c - loop protection: which port a probe shuts, whoever sends it
 *
 * Probes go out by outbox_execute(), of which this program has its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "vswitchd/loops.h"

#define SHUT_MS 3000

struct fixture {
	struct loops_parts p;
	struct loops *loops;
	uint64_t start_ms;
};

/* The last probe of each port, by its number. */
static uint8_t probes[4][60];

void __wrap_outbox_execute(struct outbox *o, const struct vsl_execute *execute,
			   outbox_done_fn *done, void *ctx);

void __wrap_outbox_execute(struct outbox *o, const struct vsl_execute *execute,
			   outbox_done_fn *done, void *ctx)
{
	/* the only action is the output: a header and the port's number */
	const uint8_t *actions = execute->actions.data;
	uint32_t no;

	(void)o;
	(void)done;
	(void)ctx;
	assert_int_equal(execute->actions.len, 8);
	memcpy(&no, actions + 4, sizeof(no));
	assert_in_range(no, 1, 3);
	assert_int_equal(execute->packet.len, sizeof(probes[no]));
	memcpy(probes[no], execute->packet.data, sizeof(probes[no]));
}

static int make(void **state)
{
	const struct config_loops c = { .probe_ms = 1000, .flaps = 0, .shut_ms = SHUT_MS };
	struct fixture *f = calloc(1, sizeof(*f));
	char name[] = "eth0";

	f->p.macs = mac_table_create(100, 1000, NULL, NULL);
	f->p.bridge = bridge_create(f->p.macs);
	f->p.flows = flows_create(f->p.bridge, f->p.macs, NULL, 1, 1000, 1000);
	f->loops = loops_create(&f->p);
	for (uint32_t no = 0; no < 4; no++) {
		name[3] = '0' + no;
		assert_true(bridge_port_add(f->p.bridge, no, name, NULL));
	}
	loops_configure(f->loops, &c);
	f->start_ms = vsl_now_ms();
	loops_tick(f->loops, f->start_ms);
	*state = f;
	return 0;
}

static int drop(void **state)
{
	struct fixture *f = *state;

	loops_destroy(f->loops);
	flows_destroy(f->p.flows);
	bridge_destroy(f->p.bridge);
	mac_table_destroy(f->p.macs);
	free(f);
	return 0;
}

/* The probe of port @sent comes in by port @in. */
static void comes(struct fixture *f, uint32_t sent, uint32_t in)
{
	loops_probe_came(f->loops, in, (struct vsl_blob){ probes[sent], sizeof(probes[sent]) });
	loops_act(f->loops);
}

static void the_higher_of_two_is_shut(void **state)
{
	struct fixture *f = *state;

	comes(f, 1, 2);
	assert_false(bridge_port_is_shut(f->p.bridge, 1));
	assert_true(bridge_port_is_shut(f->p.bridge, 2));
	assert_false(bridge_port_is_shut(f->p.bridge, 3));
	loops_tick(f->loops, f->start_ms + SHUT_MS - 1);
	assert_true(bridge_port_is_shut(f->p.bridge, 2));
	loops_tick(f->loops, f->start_ms + 2 * SHUT_MS);
	assert_false(bridge_port_is_shut(f->p.bridge, 2));
	comes(f, 1, 2);
	assert_true(bridge_port_is_shut(f->p.bridge, 2));
}

/* Who hears the probes of his port knows nothing of another's. */
static void a_host_can_shut_its_own_port_alone(void **state)
{
	struct fixture *f = *state;
	/* the port's number is behind the header and the token */
	uint8_t *number = probes[1] + 14 + 8;

	assert_int_equal(number[3], 1);
	number[3] = 3;
	comes(f, 1, 1);
	number[3] = 2;
	comes(f, 1, 1);
	assert_false(bridge_port_is_shut(f->p.bridge, 2));
	assert_false(bridge_port_is_shut(f->p.bridge, 3));
	number[3] = 1;
	comes(f, 1, 1);
	assert_true(bridge_port_is_shut(f->p.bridge, 1));
}

static void a_port_that_came_back_is_shut_anew(void **state)
{
	struct fixture *f = *state;

	comes(f, 1, 2);
	bridge_port_remove(f->p.bridge, 2);
	loops_port_left(f->loops, 2);
	assert_true(bridge_port_add(f->p.bridge, 2, "back", NULL));
	assert_false(bridge_port_is_shut(f->p.bridge, 2));
	/* the probes of before are another port's */
	comes(f, 2, 2);
	assert_false(bridge_port_is_shut(f->p.bridge, 2));
	comes(f, 1, 2);
	assert_true(bridge_port_is_shut(f->p.bridge, 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_higher_of_two_is_shut, make, drop),
		cmocka_unit_test_setup_teardown(a_host_can_shut_its_own_port_alone, make, drop),
		cmocka_unit_test_setup_teardown(a_port_that_came_back_is_shut_anew, make, drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
