// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * answers [-n COUNT] [-s SEED]: COUNT made-up requests (request.h) about datapaths,
 * ports and meters, half of them with mistakes, one after the other; for each a line
 *
 *   #SEED FAMILY CMD FLAGS DP {REQUEST} | ERRNO {REPLY}...
 *
 * Run under either module by tests/interop/guest-run; compare compares. Each
 * GROUP of them finds a network namespace of its own, with everything as in any
 * other: what one request does to the next is compared as well, but a difference
 * is over at the end of its group.  The exit status is 0 unless there was nothing
 * to talk to.
 */
#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "lib/util.h"
#include "ovs_abi.h"
#include "request.h"
#include "tests/interop/wire.h"
#include "world.h"

#define GROUP		64
#define PORTID		4242	/* in its namespace it is nobody else's */
#define FAMILY_HDRLEN	((int)(GENL_HDRLEN + sizeof(struct ovs_header)))
#define HDRLEN		(NLMSG_HDRLEN + FAMILY_HDRLEN)
#define REPLIES_MAX	64
#define WAIT_S		10

static struct fuzz_world world;

static void die(const char *what)
{
	fprintf(stderr, "answers: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void make_devices(void)
{
	FILE *ip = popen("ip -batch -", "w");
	int i;

	if (!ip)
		die("ip");
	for (i = 0; i < FUZZ_DEVICES; i++)
		fprintf(ip, "link add fd%d type veth peer name fp%d\n", i, i);
	if (pclose(ip))
		die("devices");
}

static int open_socket(void)
{
	int fd = world_socket(&world, PORTID);
	struct timeval wait = { .tv_sec = WAIT_S };

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)))
		die("socket");
	return fd;
}

/* A meter's band of a type that there is not: stock takes it, and it does nothing. */
static bool has_odd_band(struct nlmsghdr *h)
{
	struct nlattr *bands, *band, *type;

	bands = nlmsg_find_attr(h, FAMILY_HDRLEN, OVS_METER_ATTR_BANDS);
	if (!bands)
		return false;
	band = nla_data(bands);
	if (!nla_ok(band, nla_len(bands)))
		return false;
	type = nla_find(nla_data(band), nla_len(band), OVS_BAND_ATTR_TYPE);
	return type && nla_len(type) >= 4 &&
	       nla_get_u32(type) != OVS_METER_BAND_TYPE_DROP;
}

/*
 * A SET by which stock's features change and ours do not: there are none in it, or a
 * list of sockets for which it is refused, but by stock when it has changed them.
 */
static bool has_odd_features(struct nlmsghdr *h)
{
	const struct nlattr *ids = nlmsg_find_attr(h, FAMILY_HDRLEN,
						   OVS_DP_ATTR_PER_CPU_PIDS);
	struct genlmsghdr *g = NLMSG_DATA(h);

	if (g->cmd != OVS_DP_CMD_SET)
		return false;
	return !nlmsg_find_attr(h, FAMILY_HDRLEN, OVS_DP_ATTR_USER_FEATURES) ||
	       (ids && (!nla_len(ids) || nla_len(ids) % sizeof(uint32_t)));
}

/*
 * Whether the comparison is about it: flows and packets have one of their own, and
 * of what ours refuses, and changes nothing for, requests after it would tell again
 * and again.
 */
static bool is_compared(int family, struct nlmsghdr *h)
{
	switch (family) {
	case FUZZ_DATAPATH:
		return !has_odd_features(h);
	case FUZZ_VPORT:
		return true;
	case FUZZ_METER:
		return !has_odd_band(h);
	}
	return false;
}

/* What follows the headers, however long the message says that it is. */
static void print_message(FILE *out, struct nlmsghdr *h)
{
	const char *data = (const char *)h;
	struct genlmsghdr *g = NLMSG_DATA(h);
	struct vsl_blob attrs = { data + HDRLEN, 0 };
	int32_t dp;

	if (h->nlmsg_len < HDRLEN) {
		fprintf(out, "%u bytes", h->nlmsg_len);
		return;
	}
	memcpy(&dp, data + NLMSG_HDRLEN + GENL_HDRLEN, sizeof(dp));
	attrs.len = h->nlmsg_len - HDRLEN;
	fprintf(out, "cmd=%d dp=%d {", g->cmd, dp);
	wire_print(out, WIRE_LEAF, attrs, false);
	fputc('}', out);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In what order a dump has them is the table's own affair. */
static void print_replies(char **replies, int n)
{
	int i;

	qsort(replies, n, sizeof(replies[0]), by_text);
	for (i = 0; i < n; i++) {
		printf(" %s", replies[i]);
		free(replies[i]);
	}
}

static char *reply_text(struct nlmsghdr *h)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		die("memory");
	print_message(out, h);
	fclose(out);
	return text;
}

/* Each request asks for an acknowledgement, or is a dump, which has an end. */
static void read_answer(int fd, uint32_t seq)
{
	static char buf[256 * 1024];
	char *replies[REPLIES_MAX];
	struct nlmsghdr *h;
	int len, n = 0;

	for (;;) {
		len = recv(fd, buf, sizeof(buf), 0);
		if (len < 0 && errno == EAGAIN) {
			printf(" no answer");
			break;
		}
		if (len < 0)
			die("recv");
		for (h = (void *)buf; NLMSG_OK(h, len); h = NLMSG_NEXT(h, len)) {
			if (h->nlmsg_seq != seq)
				continue;
			if (h->nlmsg_type == NLMSG_ERROR ||
			    h->nlmsg_type == NLMSG_DONE) {
				printf(" %s", wire_error(*(int *)NLMSG_DATA(h)));
				goto out;
			}
			if (n < REPLIES_MAX)
				replies[n++] = reply_text(h);
		}
	}
out:
	print_replies(replies, n);
}

static void one(int fd, struct nl_msg *msg, uint64_t seed)
{
	static const char *const names[] = {
		[FUZZ_DATAPATH] = "dp", [FUZZ_VPORT] = "vport",
		[FUZZ_METER] = "meter",
	};
	struct nlmsghdr *h = nlmsg_hdr(msg);
	struct fuzz_kind kind;

	kind = fuzz_request(msg, &world, seed);
	if (!is_compared(kind.family, h))
		return;
	h->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	h->nlmsg_seq = (uint32_t)seed;
	h->nlmsg_pid = 0;
	printf("#%llu %s %s flags=%x ", (unsigned long long)seed,
	       kind.mistakes ? "near" : "valid", names[kind.family],
	       h->nlmsg_flags);
	print_message(stdout, h);
	printf(" |");
	if (send(fd, h, h->nlmsg_len, 0) < 0)
		printf(" send %s", wire_error(errno));
	else
		read_answer(fd, h->nlmsg_seq);
	putchar('\n');
}

static void group(uint64_t seed, uint64_t count)
{
	struct nl_msg *msg = nlmsg_alloc_size(64 * 1024);
	uint64_t i;
	int fd;

	if (!msg)
		die("memory");
	if (unshare(CLONE_NEWNET))
		die("network namespace");
	make_devices();
	fd = open_socket();
	/* it makes the datapath that stays, which the next look finds */
	world_look(&world, fd, msg);
	for (i = 0; i < count; i++) {
		world_look(&world, fd, msg);
		one(fd, msg, seed + i);
	}
	exit(fflush(stdout) ? 2 : 0);
}

int main(int argc, char **argv)
{
	unsigned long long seed = 1, count = 4096, done, n;
	int opt, status;

	while ((opt = getopt(argc, argv, "n:s:")) != -1) {
		switch (opt) {
		case 'n':
			count = strtoull(optarg, NULL, 0);
			break;
		case 's':
			seed = strtoull(optarg, NULL, 0);
			break;
		default:
			fprintf(stderr, "usage: answers [-n COUNT] [-s SEED]\n");
			return 2;
		}
	}
	world_resolve(&world, VSL_DEFAULT_FAMILY_PREFIX, FUZZ_MODULE);
	for (done = 0; done < count; done += n) {
		pid_t pid = fork();

		n = count - done < GROUP ? count - done : GROUP;
		if (pid < 0)
			die("fork");
		if (!pid)
			group(seed + done, n);
		if (waitpid(pid, &status, 0) < 0 || status)
			return 2;
	}
	return 0;
}
