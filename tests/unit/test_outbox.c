// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_outbox.c - whoever puts a request in is told once how it ended, also where the
 * socket takes nothing
 *
 * Generic netlink's own controller stands in the place of the module's families.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <linux/genetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nl_private.h"
#include "vswitchd/outbox.h"

#define REQUESTS 1000

static unsigned int told[REQUESTS];
static int last_err;

static void done(void *ctx, int err, const char *extack)
{
	(void)extack;
	++*(unsigned int *)ctx;
	last_err = err;
}

static void each_is_told_once(void **state)
{
	struct vsl_nl families = { .family = { [VSL_FAM_PACKET] = GENL_ID_CTRL } };
	static const char bytes[65536];
	struct vsl_execute e = { .packet = { bytes, 1000 }, .key = { bytes, 4 },
				 .actions = { bytes, 4 } };
	/* the outbox's socket will be the next descriptor */
	int fd = dup(STDERR_FILENO), small = 1;
	struct outbox *o;

	(void)state;
	close(fd);
	o = outbox_create(&families);
	assert_non_null(o);
	/* less than a batch: what is sent is refused as too long */
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)), 0);
	for (int i = 0; i < REQUESTS; i++) {
		/* and among them some that are too long for any message */
		e.packet.len = i % 10 == 9 ? sizeof(bytes) : 1000;
		outbox_execute(o, &e, done, &told[i]);
	}
	assert_int_equal(outbox_flush(o), -EMSGSIZE);
	for (int i = 0; i < REQUESTS; i++)
		assert_int_equal(told[i], 1);
	assert_int_equal(last_err, -EMSGSIZE);
	outbox_destroy(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_told_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
