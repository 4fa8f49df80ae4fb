// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * netlink [-p PREFIX] [-s SEED] [-n COUNT] [-j PROCESSES] [-t SECS]
 *
 * Sends made-up requests (request.h) to every family of the module, by itself or
 * from several processes at once, until COUNT have been sent or SECS are over,
 * and prints how often each command was granted and refused, and with what.
 * Request number N of process P has seed SEED + P * 2^40 + N.
 *
 * What it looks for is what the kernel says meanwhile: whoever runs it reads the
 * log.  It fails (1) where a command was never granted or never refused, so that
 * the module was not met, or where an error comes that no client expects.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/netlink.h>

#include "ovs_abi.h"
#include "request.h"
#include "world.h"

#define BATCH		32
#define BATCH_BYTES	(128 * 1024)
#define PROCESSES_MAX	16
#define ERRNO_MAX	134
#define SEED_STEP	(1ULL << 40)

static const char *const family_names[FUZZ_FAMILIES] = {
	"datapath", "vport", "flow", "packet", "meter", "module", "ctrl",
};

/* Shared by all processes; each writes what is its own. */
struct tally {
	uint64_t sent;
	uint32_t answers[FUZZ_FAMILIES][FUZZ_CMDS][ERRNO_MAX];
	uint32_t requests[FUZZ_FAMILIES][FUZZ_CMDS];
};

static struct tally *tallies;
static struct fuzz_world world;
static const char *prefix = VSL_DEFAULT_FAMILY_PREFIX;
static volatile sig_atomic_t over;

static void die(const char *what)
{
	fprintf(stderr, "netlink: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void on_signal(int sig)
{
	(void)sig;
	over = 1;
}

/* ---- one process ---- */

static void count_answer(struct tally *tally, const struct fuzz_kind *kinds,
			 const struct nlmsghdr *h)
{
	const struct nlmsgerr *e = NLMSG_DATA(h);
	const struct fuzz_kind *kind = &kinds[h->nlmsg_seq % BATCH];
	int err = -e->error;

	if (h->nlmsg_len < NLMSG_LENGTH(sizeof(*e)))
		return;
	if (err < 0 || err >= ERRNO_MAX)
		err = ERRNO_MAX - 1;
	tally->answers[kind->family][kind->cmd][err]++;
}

/* Upcalls, replies, dumps, errors: only the last are looked at. */
static void read_answers(int fd, struct tally *tally,
			 const struct fuzz_kind *kinds)
{
	static char buf[256 * 1024];
	struct nlmsghdr *h;
	int len, left = 4 * BATCH;

	while (left--) {
		len = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (len < 0 && errno == ENOBUFS)
			continue;
		if (len <= 0)
			return;
		for (h = (void *)buf; NLMSG_OK(h, len); h = NLMSG_NEXT(h, len))
			if (h->nlmsg_type == NLMSG_ERROR)
				count_answer(tally, kinds, h);
	}
}

static void run(int process, uint64_t seed, uint64_t count)
{
	struct nl_msg *msg = nlmsg_alloc_size(64 * 1024);
	struct tally *tally = &tallies[process];
	static char batch[BATCH_BYTES];
	struct fuzz_kind kinds[BATCH];
	uint64_t done = 0;
	int fd = world_socket(&world, 0), n, len;

	if (!msg)
		die("memory");
	seed += process * SEED_STEP;
	while (done < count && !over) {
		if (done % (16 * BATCH) == 0)
			world_look(&world, fd, msg);
		/* in the middle of a dump, it may be */
		if (done % (1024 * BATCH) == 1023 * BATCH) {
			close(fd);
			fd = world_socket(&world, 0);
		}
		len = 0;
		for (n = 0; n < BATCH; n++) {
			struct nlmsghdr *h = nlmsg_hdr(msg);
			int size;

			kinds[n] = fuzz_request(msg, &world, seed + done + n);
			size = NLMSG_ALIGN(h->nlmsg_len);
			if (len + size > BATCH_BYTES)
				break;
			h->nlmsg_seq = n;
			h->nlmsg_pid = 0;
			memcpy(batch + len, h, size);
			len += size;
			tally->requests[kinds[n].family][kinds[n].cmd]++;
		}
		if (send(fd, batch, len, 0) < 0 && errno != ENOBUFS)
			die("send");
		read_answers(fd, tally, kinds);
		done += n;
		tally->sent = done;
	}
	exit(0);
}

/* ---- the sum ---- */

/* What a client has to expect of some command or other. */
static bool is_known(int err)
{
	switch (err) {
	case 0:
	case EPERM:		/* from who may not */
	case ENOENT:
	case E2BIG:
	case ENOMEM:
	case EBUSY:
	case EEXIST:
	case ENODEV:
	case EINVAL:
	case EFBIG:
	case ENOSPC:
	case ERANGE:
	case ENODATA:
	case EOVERFLOW:
	case EPROTO:		/* POP_ETH, but there is a tag */
	case EMSGSIZE:
	case EOPNOTSUPP:
	case EAFNOSUPPORT:
	case EADDRINUSE:
	case ENOBUFS:
	case ELOOP:
		return true;
	}
	return false;
}

static int report_command(const struct tally *sum, int family, int cmd,
			  bool unprivileged)
{
	uint32_t sent = sum->requests[family][cmd], refused = 0;
	int err, bad = 0;

	if (!sent)
		return 0;
	for (err = 1; err < ERRNO_MAX; err++)
		refused += sum->answers[family][cmd][err];
	printf("%-8s %d: %9u sent, %9u granted;", family_names[family], cmd,
	       sent, sent - refused);
	for (err = 1; err < ERRNO_MAX; err++) {
		if (!sum->answers[family][cmd][err])
			continue;
		printf(" %s %u", strerrorname_np(err) ?: "?",
		       sum->answers[family][cmd][err]);
		if (!is_known(err))
			bad = 1;
	}
	putchar('\n');
	if (bad)
		printf("NOT OK: an error that no client expects\n");
	/* few are sent in a short run, and dumps answer without an error */
	if (sent > 1000 && family != FUZZ_CTRL &&
	    (!refused || (refused == sent && !unprivileged))) {
		printf("NOT OK: never %s\n", refused ? "granted" : "refused");
		bad = 1;
	}
	return bad;
}

static int report(int processes, bool unprivileged, uint64_t seed)
{
	static struct tally sum;
	int p, f, c, e, bad = 0;

	for (p = 0; p < processes; p++) {
		sum.sent += tallies[p].sent;
		for (f = 0; f < FUZZ_FAMILIES; f++)
			for (c = 0; c < FUZZ_CMDS; c++) {
				sum.requests[f][c] += tallies[p].requests[f][c];
				for (e = 0; e < ERRNO_MAX; e++)
					sum.answers[f][c][e] +=
						tallies[p].answers[f][c][e];
			}
	}
	for (f = 0; f < FUZZ_FAMILIES; f++)
		for (c = 0; c < FUZZ_CMDS; c++)
			bad |= report_command(&sum, f, c, unprivileged);
	printf("%llu requests, seed %llu, %d processes\n",
	       (unsigned long long)sum.sent, (unsigned long long)seed,
	       processes);
	return bad;
}

int main(int argc, char **argv)
{
	unsigned long long seed = 1, count = -1ULL;
	int opt, p, status, secs = 0, processes = 1, bad = 0;
	bool unprivileged = false;

	while ((opt = getopt(argc, argv, "p:s:n:j:t:u")) != -1) {
		switch (opt) {
		case 'p':
			prefix = optarg;
			break;
		case 's':
			seed = strtoull(optarg, NULL, 0);
			break;
		case 'n':
			count = strtoull(optarg, NULL, 0);
			break;
		case 'j':
			processes = atoi(optarg);
			break;
		case 't':
			secs = atoi(optarg);
			break;
		case 'u':
			unprivileged = true;
			break;
		default:
			fprintf(stderr, "usage: netlink [-u] [-p PREFIX] [-s SEED] [-n COUNT] [-j PROCESSES] [-t SECS]\n");
			return 2;
		}
	}
	if (processes < 1 || processes > PROCESSES_MAX)
		processes = 1;
	tallies = mmap(NULL, processes * sizeof(*tallies),
		       PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		       0);
	if (tallies == MAP_FAILED)
		die("memory");
	world_resolve(&world, prefix, FUZZ_CTRL);
	signal(SIGALRM, on_signal);
	signal(SIGTERM, on_signal);
	for (p = 0; p < processes; p++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (!pid) {
			alarm(secs);
			run(p, seed, count / processes);
		}
	}
	signal(SIGTERM, SIG_IGN);
	while (wait(&status) > 0)
		if (status)
			bad = 1;
	return report(processes, unprivileged, seed) || bad;
}
