// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * faults [-s SEED] [-n COUNT] [-t SECS]: made-up requests (request.h), each sent
 * again and again, with its first allocation made to fail, then its second, and
 * so on, until it got by without reaching the one that was to fail.  One that may
 * fail without harm has the request done, and so ends this, for what is there is
 * not made again; so each other request starts further on.
 *
 * The kernel's fail-nth does it; which allocations count is set up by whoever
 * runs this, in debugfs.  A request whose memory failed may be refused for that
 * or for another reason, or be done all the same; what must not happen is in the
 * kernel's log.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netlink.h>

#include "lib/util.h"
#include "ovs_abi.h"
#include "request.h"
#include "tests/interop/attr_tree.h"
#include "world.h"

#define NTH_MAX		200
#define NTH_FIRST	60	/* a device has about as many */

static int fail_nth;

static void die(const char *what)
{
	fprintf(stderr, "faults: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void arm(int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", nth);

	if (pwrite(fail_nth, text, len, 0) != len)
		die("fail-nth");
}

/* How many allocations are still to come before one fails; 0: it has failed. */
static int left(void)
{
	char text[16] = "";

	if (pread(fail_nth, text, sizeof(text) - 1, 0) < 0)
		die("fail-nth");
	return atoi(text);
}

static void drain(int fd)
{
	static char buf[256 * 1024];
	int n;

	for (n = 0; n < 64; n++)
		if (recv(fd, buf, sizeof(buf), MSG_DONTWAIT) < 0 &&
		    errno != ENOBUFS)
			return;
}

/* Returns how many allocations were made to fail, from the FIRST on. */
static int send_failing(int fd, struct nl_msg *msg, int first)
{
	struct nlmsghdr *h = nlmsg_hdr(msg);
	int nth, rest;

	for (nth = first; nth <= NTH_MAX; nth++) {
		arm(nth);
		send(fd, h, h->nlmsg_len, 0);
		rest = left();
		arm(0);
		drain(fd);
		if (rest)
			break;
	}
	return nth - first;
}

int main(int argc, char **argv)
{
	unsigned long long seed = 1, count = 1000, done, failed = 0;
	struct nl_msg *msg = nlmsg_alloc_size(64 * 1024);
	uint64_t end = UINT64_MAX;
	struct fuzz_world world;
	int opt, fd;

	while ((opt = getopt(argc, argv, "s:n:t:")) != -1) {
		switch (opt) {
		case 's':
			seed = strtoull(optarg, NULL, 0);
			break;
		case 'n':
			count = strtoull(optarg, NULL, 0);
			break;
		case 't':
			end = vsl_now_ms() + 1000ULL * atoi(optarg);
			break;
		default:
			fprintf(stderr, "usage: faults [-s SEED] [-n COUNT] [-t SECS]\n");
			return 2;
		}
	}
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR);
	if (fail_nth < 0 || !msg)
		die("fail-nth");
	fd = world_open(&world, VSL_DEFAULT_FAMILY_PREFIX);
	for (done = 0; done < count && vsl_now_ms() < end; done++) {
		if (done % 32 == 0)
			world_look(&world, fd, msg);
		fuzz_request(msg, &world, seed + done);
		failed += send_failing(fd, msg, done % 2 ? 1 + rnd(NTH_FIRST) : 1);
	}
	printf("%llu requests, %llu allocations failed, seed %llu\n", done,
	       failed, seed);
	return !failed;
}
