// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_service.c - pid file, systemd's notifications and sockets, the control
 * socket's place, messages with levels
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "lib/log.h"
#include "vswitchd/control.h"
#include "vswitchd/service.h"

static char folder[] = "/tmp/test_service.XXXXXX";
static char error[256];

static const char *in_folder(const char *name)
{
	static char path[96];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

static void pid_file_is_locked(void **state)
{
	struct service s = SERVICE_INIT, other = SERVICE_INIT;
	const char *path = in_folder("pid");
	int number;
	FILE *f;

	(void)state;
	/* one that was left by a longer number */
	f = fopen(path, "w");
	fputs("1234567890\n", f);
	fclose(f);
	assert_true(service_pid_file(&s, path, error, sizeof(error)));
	f = fopen(path, "r");
	assert_int_equal(fscanf(f, "%d\n", &number), 1);
	assert_int_equal(number, getpid());
	assert_int_equal(fgetc(f), EOF);
	fclose(f);

	assert_false(service_pid_file(&other, path, error, sizeof(error)));
	assert_non_null(strstr(error, "another running process's"));
	service_end(&other);
	assert_int_equal(access(path, F_OK), 0);
	service_end(&s);
	assert_int_equal(access(path, F_OK), -1);
	assert_false(service_pid_file(&s, "/nowhere/pid", error, sizeof(error)));
}

static void systemd_is_told(void **state)
{
	struct service s = SERVICE_INIT;
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	char name[64], buf[64];
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	(void)state;
	snprintf(name, sizeof(name), "@test-service-%d", getpid());
	memcpy(addr.sun_path, name, strlen(name));
	addr.sun_path[0] = 0;
	assert_int_equal(bind(fd, (struct sockaddr *)&addr,
			      offsetof(struct sockaddr_un, sun_path) + strlen(name)), 0);
	unsetenv("NOTIFY_SOCKET");
	service_ready(&s);
	assert_int_equal(recv(fd, buf, sizeof(buf), MSG_DONTWAIT), -1);
	setenv("NOTIFY_SOCKET", name, 1);
	service_ready(&s);
	assert_int_equal(recv(fd, buf, sizeof(buf), MSG_DONTWAIT), 7);
	assert_memory_equal(buf, "READY=1", 7);

	/* nobody there, or no name: not a reason to fail */
	close(fd);
	service_notify("STOPPING=1");
	setenv("NOTIFY_SOCKET", "", 1);
	service_notify("STOPPING=1");
	unsetenv("NOTIFY_SOCKET");
}

/* What a process made by fork() ends with. */
static int status_of(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* A service that goes into the background, is ready if @ready, and ends with 3. */
static int detached(bool ready)
{
	struct service s = SERVICE_INIT;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		if (!service_detach(&s, error, sizeof(error)))
			_exit(9);
		if (getsid(0) != getpid())
			_exit(8);
		if (ready)
			service_ready(&s);
		service_end(&s);
		_exit(3);
	}
	return status_of(pid);
}

static void background_says_when_ready(void **state)
{
	(void)state;
	assert_int_equal(detached(true), 0);
	/* ended before it was ready: its status is the one that is seen */
	assert_int_equal(detached(false), 3);
}

static int take_listener(const char *count, const char *pid, int fd)
{
	char me[16];
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child)
		return (signed char)status_of(child);
	snprintf(me, sizeof(me), "%d", getpid());
	setenv("LISTEN_FDS", count, 1);
	setenv("LISTEN_PID", pid ?: me, 1);
	dup2(fd, 3);
	status = service_listener();
	if (status == 3 && (!(fcntl(3, F_GETFL) & O_NONBLOCK) ||
			    !(fcntl(3, F_GETFD) & FD_CLOEXEC)))
		status = 99;
	_exit(status & 0xff);
}

static void systemd_passes_the_listener(void **state)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	unsetenv("LISTEN_FDS");
	assert_int_equal(service_listener(), -1);
	/* not listening yet, so it is not what was meant */
	assert_int_equal(take_listener("1", NULL, fd), -2);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(sa_family_t)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(take_listener("1", NULL, fd), 3);
	assert_int_equal(take_listener("2", NULL, fd), -2);
	/* another process's */
	assert_int_equal(take_listener("1", "1", fd), -1);
	assert_int_equal(take_listener("1", "me", fd), -1);
	close(fd);
	fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	assert_int_equal(take_listener("1", NULL, fd), -2);
	close(fd);
	fd = open("/dev/null", O_RDONLY);
	assert_int_equal(take_listener("1", NULL, fd), -2);
	close(fd);
}

static void stop(void *arg)
{
	vsl_loop_stop(arg, 0);
}

static void watchdog_is_fed(void **state)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	struct vsl_loop *loop = vsl_loop_new();
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	char text[16], buf[64];

	(void)state;
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", in_folder("notify"));
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	setenv("NOTIFY_SOCKET", addr.sun_path, 1);

	/* another process's, or nonsense: no timer */
	setenv("WATCHDOG_USEC", "20000", 1);
	setenv("WATCHDOG_PID", "1", 1);
	assert_true(service_watchdog(loop));
	unsetenv("WATCHDOG_PID");
	setenv("WATCHDOG_USEC", "soon", 1);
	assert_true(service_watchdog(loop));
	assert_non_null(vsl_loop_add_timer(loop, 100, stop, loop));
	vsl_loop_run(loop);
	assert_int_equal(recv(fd, buf, sizeof(buf), MSG_DONTWAIT), -1);

	setenv("WATCHDOG_USEC", "20000", 1);
	snprintf(text, sizeof(text), "%d", getpid());
	setenv("WATCHDOG_PID", text, 1);
	assert_true(service_watchdog(loop));
	vsl_loop_run(loop);
	assert_int_equal(recv(fd, buf, sizeof(buf), MSG_DONTWAIT), 10);
	assert_memory_equal(buf, "WATCHDOG=1", 10);

	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	unsetenv("NOTIFY_SOCKET");
	vsl_loop_free(loop);
	close(fd);
	unlink(addr.sun_path);
}

static int listen_at(const char *path, mode_t mode, const char *group)
{
	struct control_options o = { .path = path, .mode = mode, .group = group };

	return control_listen(&o, error, sizeof(error));
}

static void control_socket_has_its_place(void **state)
{
	const char *path = in_folder("control.sock");
	struct stat st;
	char number[16], long_path[200];
	int fd, second;
	FILE *f;

	(void)state;
	fd = listen_at(path, 0600, NULL);
	assert_true(fd >= 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(listen_at(path, 0600, NULL), -1);
	assert_non_null(strstr(error, "another process listens"));

	/* nobody listens any more: the place is taken over */
	close(fd);
	snprintf(number, sizeof(number), "%u", (unsigned int)getgid());
	fd = listen_at(path, 0660, number);
	assert_true(fd >= 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
	assert_int_equal(st.st_gid, getgid());
	close(fd);
	unlink(path);

	assert_int_equal(listen_at(path, 0660, "no-such-group"), -1);
	assert_non_null(strstr(error, "there is no group 'no-such-group'"));
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(listen_at("/nowhere/control.sock", 0600, NULL), -1);
	assert_non_null(strstr(error, "cannot make the socket"));
	memset(long_path, 'x', sizeof(long_path) - 1);
	long_path[sizeof(long_path) - 1] = 0;
	assert_int_equal(listen_at(long_path, 0600, NULL), -1);
	assert_non_null(strstr(error, "cannot name a socket"));

	/* somebody's file stays */
	f = fopen(path, "w");
	fclose(f);
	second = listen_at(path, 0600, NULL);
	assert_int_equal(second, -1);
	assert_non_null(strstr(error, "is not a socket"));
	assert_int_equal(access(path, F_OK), 0);
	unlink(path);
}

static void control_socket_folder_is_made(void **state)
{
	struct control_options o = { .mode = 0600, .make_folder = true };
	char sub[96], path[128];
	int fd;
	FILE *f;

	(void)state;
	snprintf(sub, sizeof(sub), "%s", in_folder("sub"));
	snprintf(path, sizeof(path), "%s/control.sock", sub);
	o.path = path;
	fd = control_listen(&o, error, sizeof(error));
	assert_true(fd >= 0);
	close(fd);
	unlink(path);
	/* there already: as good */
	fd = control_listen(&o, error, sizeof(error));
	assert_true(fd >= 0);
	close(fd);
	unlink(path);
	assert_int_equal(rmdir(sub), 0);

	/* in the way of it is a file: one level deeper, no folder can be made */
	f = fopen(sub, "w");
	fclose(f);
	snprintf(path, sizeof(path), "%s/deeper/control.sock", sub);
	assert_int_equal(control_listen(&o, error, sizeof(error)), -1);
	assert_non_null(strstr(error, "cannot make"));
	assert_non_null(strstr(error, "deeper"));
	unlink(sub);
}

/* What vsl_log() writes to standard error. */
static const char *logged(void (*fn)(void))
{
	static char buf[256];
	int saved = dup(STDERR_FILENO), fds[2];
	ssize_t n;

	assert_int_equal(pipe(fds), 0);
	dup2(fds[1], STDERR_FILENO);
	close(fds[1]);
	fn();
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	n = read(fds[0], buf, sizeof(buf) - 1);
	buf[n] = 0;
	close(fds[0]);
	return buf;
}

static void say_all(void)
{
	vsl_error("e");
	vsl_warn("w");
	vsl_info("i");
	vsl_debug("d");
}

static void messages_have_levels(void **state)
{
	enum vsl_log_level level;

	(void)state;
	vsl_log_init("/usr/sbin/prog");
	assert_string_equal(logged(say_all), "prog: e\nprog: warning: w\nprog: i\n");
	assert_true(vsl_log_level_parse("debug", &level));
	vsl_log_set_level(level);
	assert_string_equal(logged(say_all),
			    "prog: e\nprog: warning: w\nprog: i\nprog: debug: d\n");
	vsl_log_to(VSL_LOG_TO_JOURNAL);
	assert_string_equal(logged(say_all), "<3>e\n<4>w\n<6>i\n<7>d\n");
	assert_true(vsl_log_level_parse("error", &level));
	vsl_log_set_level(level);
	assert_string_equal(logged(say_all), "<3>e\n");
	assert_false(vsl_log_level_parse("loud", &level));
	vsl_log_to(VSL_LOG_TO_STDERR);
	vsl_log_set_level(VSL_LOG_INFO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pid_file_is_locked),
		cmocka_unit_test(systemd_is_told),
		cmocka_unit_test(background_says_when_ready),
		cmocka_unit_test(systemd_passes_the_listener),
		cmocka_unit_test(watchdog_is_fed),
		cmocka_unit_test(control_socket_has_its_place),
		cmocka_unit_test(control_socket_folder_is_made),
		cmocka_unit_test(messages_have_levels),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
