// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_sink.c - a reader that stalls keeps nobody waiting, and strangers read nothing
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vswitchd/sink.h"

#define NOBODY 65534

/* A pipe that another user made cannot be opened anew: its descriptor has to do. */
static void another_users_pipe_does_not_wait(void **state)
{
	static const char bytes[200000];
	static char room[4096];
	uid_t me = geteuid();
	struct sink *s;
	size_t got = 0;
	ssize_t n;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(fchmod(fds[1], 0), 0);
	if (!me)
		assert_int_equal(seteuid(NOBODY), 0);
	s = sink_from_fd(fds[1], "pipe");
	assert_int_equal(seteuid(me), 0);
	assert_non_null(s);
	assert_false(fcntl(fds[1], F_GETFL) & O_NONBLOCK);
	sink_write(s, bytes, sizeof(bytes));
	alarm(20);
	assert_int_equal(sink_flush(s), 0);
	assert_int_equal(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
	do {
		n = read(fds[0], room, sizeof(room));
		got += n > 0 ? n : 0;
		assert_int_equal(sink_flush(s), 0);
	} while (n > 0);
	alarm(0);
	assert_int_equal(got, sizeof(bytes));
	sink_close(s);
	close(fds[0]);
	close(fds[1]);
}

static void a_file_is_not_for_everybody(void **state)
{
	char path[] = "/tmp/test_sink.XXXXXX", error[128];
	mode_t mask = umask(0);
	struct stat st;
	struct sink *s;
	int fd = mkstemp(path);

	(void)state;
	close(fd);
	unlink(path);
	s = sink_open(path, 0, error, sizeof(error));
	umask(mask);
	assert_non_null(s);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	sink_close(s);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_users_pipe_does_not_wait),
		cmocka_unit_test(a_file_is_not_for_everybody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
