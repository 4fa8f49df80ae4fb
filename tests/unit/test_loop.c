// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/loop.c: descriptors, timers and signals; callbacks that remove others and
 * themselves; and lib/pcap.c, files and filters.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cmocka.h>
#include <pcap/pcap.h>

#include "lib/loop.h"
#include "lib/pcap.h"
#include "lib/util.h"

struct counts {
	struct vsl_loop *loop;
	struct vsl_watch *other;	/* to be removed by the first callback */
	struct vsl_watch *self;
	int fd_calls;
	int ticks;
	int signo;
};

static void on_fd(int fd, uint32_t events, void *arg)
{
	struct counts *counts = arg;
	char c;

	assert_true(events & EPOLLIN);
	assert_int_equal(read(fd, &c, 1), 1);
	counts->fd_calls++;
	vsl_loop_stop(counts->loop, 7);
}

static void test_fd(void **state)
{
	struct counts counts = { .loop = vsl_loop_new() };
	int fds[2];

	(void)state;
	assert_non_null(counts.loop);
	assert_int_equal(pipe(fds), 0);
	assert_non_null(vsl_loop_add_fd(counts.loop, fds[0], EPOLLIN, on_fd,
					&counts));
	for (int i = 1; i <= 2; i++) {
		assert_int_equal(write(fds[1], "x", 1), 1);
		assert_int_equal(vsl_loop_run(counts.loop), 7);
		assert_int_equal(counts.fd_calls, i);
	}
	assert_null(vsl_loop_add_fd(counts.loop, -1, EPOLLIN, on_fd, &counts));
	vsl_loop_free(counts.loop);
	close(fds[0]);
	close(fds[1]);
}

/* Both are ready in one round; whichever comes first removes the other. */
static void remove_other(int fd, uint32_t events, void *arg)
{
	struct counts *counts = arg;

	(void)fd;
	(void)events;
	counts->fd_calls++;
	vsl_loop_remove(counts->loop, counts->other);
	vsl_loop_remove(counts->loop, counts->self);
	vsl_loop_stop(counts->loop, 0);
}

static void test_remove(void **state)
{
	struct counts a = { .loop = vsl_loop_new() }, b = a;
	int fds[2], more[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(pipe(more), 0);
	assert_int_equal(write(fds[1], "x", 1), 1);
	assert_int_equal(write(more[1], "x", 1), 1);
	a.self = vsl_loop_add_fd(a.loop, fds[0], EPOLLIN, remove_other, &a);
	b.self = vsl_loop_add_fd(a.loop, more[0], EPOLLIN, remove_other, &b);
	a.other = b.self;
	b.other = a.self;
	assert_int_equal(vsl_loop_run(a.loop), 0);
	assert_int_equal(a.fd_calls + b.fd_calls, 1);
	vsl_loop_free(a.loop);
	for (int i = 0; i < 2; i++) {
		close(fds[i]);
		close(more[i]);
	}
}

static void on_tick(void *arg)
{
	struct counts *counts = arg;

	if (++counts->ticks == 3)
		vsl_loop_stop(counts->loop, 1);
}

static void test_timer(void **state)
{
	struct counts counts = { .loop = vsl_loop_new() };
	uint64_t start = vsl_now_ms();
	struct vsl_watch *watch;

	(void)state;
	watch = vsl_loop_add_timer(counts.loop, 20, on_tick, &counts);
	assert_non_null(watch);
	assert_int_equal(vsl_loop_run(counts.loop), 1);
	assert_int_equal(counts.ticks, 3);
	assert_true(vsl_now_ms() - start >= 58);
	vsl_loop_remove(counts.loop, watch);
	vsl_loop_free(counts.loop);
}

static void on_signal(int signo, void *arg)
{
	struct counts *counts = arg;

	counts->signo = signo;
	vsl_loop_stop(counts->loop, 0);
}

static void test_signal(void **state)
{
	struct counts counts = { .loop = vsl_loop_new() };
	sigset_t set, blocked;

	(void)state;
	assert_non_null(vsl_loop_add_signal(counts.loop, SIGUSR1, on_signal,
					    &counts));
	raise(SIGUSR1);		/* blocked: would end the process otherwise */
	assert_int_equal(vsl_loop_run(counts.loop), 0);
	assert_int_equal(counts.signo, SIGUSR1);
	vsl_loop_free(counts.loop);
	assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &set), 0);
	assert_false(sigismember(&set, SIGUSR1));

	/* what another has blocked stays so */
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	assert_int_equal(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	counts.loop = vsl_loop_new();
	assert_non_null(vsl_loop_add_signal(counts.loop, SIGUSR1, on_signal,
					    &counts));
	vsl_loop_free(counts.loop);
	assert_int_equal(sigprocmask(SIG_UNBLOCK, &set, &blocked), 0);
	assert_true(sigismember(&blocked, SIGUSR1));
}

static void note_events(int fd, uint32_t events, void *arg)
{
	struct counts *counts = arg;

	(void)fd;
	counts->fd_calls |= events;
	vsl_loop_stop(counts->loop, 0);
}

static void test_set_events(void **state)
{
	struct counts counts = { .loop = vsl_loop_new() };
	struct vsl_watch *watch;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_non_null(vsl_loop_add_timer(counts.loop, 20, on_tick, &counts));
	/* Room to write, but nobody wants to know. */
	watch = vsl_loop_add_fd(counts.loop, fds[1], 0, note_events, &counts);
	assert_int_equal(vsl_loop_run(counts.loop), 1);
	assert_int_equal(counts.fd_calls, 0);
	vsl_loop_set_events(counts.loop, watch, EPOLLOUT);
	counts.ticks = 0;
	assert_int_equal(vsl_loop_run(counts.loop), 0);
	assert_int_equal(counts.fd_calls, EPOLLOUT);
	/* Nobody again. */
	vsl_loop_set_events(counts.loop, watch, 0);
	vsl_loop_set_events(counts.loop, watch, 0);
	counts.fd_calls = 0;
	counts.ticks = 0;
	assert_int_equal(vsl_loop_run(counts.loop), 1);
	assert_int_equal(counts.fd_calls, 0);
	vsl_loop_free(counts.loop);
	close(fds[0]);
	close(fds[1]);
}

static const uint8_t arp_frame[42] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 0x08, 0x06,
};

static void test_pcap_file(void **state)
{
	char path[] = "/tmp/vsl-test-XXXXXX", err[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *hdr;
	struct vsl_pcap *pcap;
	const u_char *data;
	pcap_t *in;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	pcap = vsl_pcap_new(fdopen(fd, "w"));
	assert_non_null(pcap);
	vsl_pcap_write(pcap, 1700000000123456789ull, arp_frame, 42, 42);
	vsl_pcap_write(pcap, 1700000001000000000ull, arp_frame, 20, 1514);
	assert_int_equal(vsl_pcap_flush(pcap), 0);

	in = pcap_open_offline_with_tstamp_precision(path,
					PCAP_TSTAMP_PRECISION_NANO, err);
	assert_non_null(in);
	assert_int_equal(pcap_datalink(in), DLT_EN10MB);
	assert_int_equal(pcap_next_ex(in, &hdr, &data), 1);
	assert_int_equal(hdr->ts.tv_sec, 1700000000);
	assert_int_equal(hdr->ts.tv_usec, 123456789);
	assert_int_equal(hdr->len, 42);
	assert_memory_equal(data, arp_frame, 42);
	assert_int_equal(pcap_next_ex(in, &hdr, &data), 1);
	assert_int_equal(hdr->caplen, 20);
	assert_int_equal(hdr->len, 1514);
	assert_int_equal(pcap_next_ex(in, &hdr, &data), PCAP_ERROR_BREAK);
	pcap_close(in);
	vsl_pcap_close(pcap);
	vsl_pcap_close(NULL);
	unlink(path);
}

static void test_pcap_filter(void **state)
{
	struct vsl_pcap_filter *filter;
	char err[256];

	(void)state;
	filter = vsl_pcap_filter_new("arp", err, sizeof(err));
	assert_non_null(filter);
	assert_true(vsl_pcap_filter_match(filter, arp_frame, 42, 42));
	/* Cut off in front of the type: cannot match, must not read on. */
	assert_false(vsl_pcap_filter_match(filter, arp_frame, 13, 42));
	vsl_pcap_filter_free(filter);
	filter = vsl_pcap_filter_new("ether src 02:00:00:00:00:02", err,
				     sizeof(err));
	assert_false(vsl_pcap_filter_match(filter, arp_frame, 42, 42));
	vsl_pcap_filter_free(filter);
	filter = vsl_pcap_filter_new("", err, sizeof(err));
	assert_true(vsl_pcap_filter_match(filter, arp_frame, 42, 42));
	vsl_pcap_filter_free(filter);
	assert_true(vsl_pcap_filter_match(NULL, arp_frame, 42, 42));
	vsl_pcap_filter_free(NULL);
	assert_null(vsl_pcap_filter_new("arp and and", err, sizeof(err)));
	assert_non_null(strstr(err, "\"arp and and\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fd),
		cmocka_unit_test(test_remove),
		cmocka_unit_test(test_timer),
		cmocka_unit_test(test_signal),
		cmocka_unit_test(test_set_events),
		cmocka_unit_test(test_pcap_file),
		cmocka_unit_test(test_pcap_filter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
