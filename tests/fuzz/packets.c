// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * packets [-s SEED] [-n COUNT] [-t SECS] [-f DP] [-l LEN] [-c] DEVICE...
 *
 * Sends frames of tests/interop's corpus, most of them with mistakes, out of the
 * DEVICEs (the far ends of a datapath's ports), COUNT in all or until SECS are
 * over.  Meanwhile
 *   -f DP   every kind of packet that enters DP is given other actions, made up,
 *           again and again
 *   -l LEN  frames that come back to the DEVICEs and are longer are counted, but
 *           for those that are still to be cut; there must be none
 *   -c      somebody else looks at the frames too, so that they are clones whose data is
 *           not for the module to write
 *
 * Prints what it did.  Exit status 1: a frame that was too long came, or no flow
 * with more than the simplest actions was ever accepted.
 */
#include <errno.h>
#include <getopt.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "lib/dp.h"
#include "lib/flow.h"
#include "lib/nl.h"
#include "lib/util.h"
#include "shapes.h"
#include "tests/interop/attr_tree.h"
#include "tests/interop/corpus.h"
#include "tests/interop/packet_socket.h"

#define BURST		32
#define DEVICES_MAX	8
#define PORTS		6
#define RECIRC_IDS	4	/* that generate_action.c uses */

/* Shared by all processes. */
struct tally {
	uint64_t sent, refused, too_long, flows, flows_refused;
	uint32_t longest;
};

static struct tally *tally;
static volatile sig_atomic_t over;

static void die(const char *what)
{
	fprintf(stderr, "packets: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void on_signal(int sig)
{
	(void)sig;
	over = 1;
}

/* ---- frames out ---- */

/* Changes what stands in the headers, and how much of the frame there is. */
static void spoil(struct frame *f)
{
	size_t headers = f->n_bounds ? f->bounds[f->n_bounds - 1] : f->len;
	size_t at;
	int n;

	if (headers > f->len)
		headers = f->len;
	for (n = chance(40) ? 0 : 1 + rnd(4); n && headers; n--) {
		at = rnd(headers);
		f->data[at] = chance(50) ? rnd(256) :
			      f->data[at] ^ 1u << rnd(8);
	}
	if (chance(10) && f->n_bounds)
		f->len = f->bounds[rnd(f->n_bounds)];
	else if (chance(5))
		f->len = rnd(f->len + 1);
	else if (chance(3))
		f->len = rnd(8900);
	if (f->len < ETH_HLEN)
		f->len = ETH_HLEN;
	/* the socket puts so much in one piece, the rest in pages */
	if (f->len > 4096 && chance(70))
		f->vnet.hdr_len = 1 + rnd(chance(70) ? 100 : f->len);
	if (f->vnet.gso_type && chance(30))
		f->vnet.gso_size = 1 + rnd(f->len);
	if (chance(2)) {
		f->vnet.flags ^= VIRTIO_NET_HDR_F_NEEDS_CSUM;
		f->vnet.csum_start = rnd(f->len);
		f->vnet.csum_offset = rnd(20);
	}
}

/* What the sockets have is theirs until it is taken from them. */
static void drain(const int *fds, int n)
{
	int i;

	for (i = 0; i < n; i++)
		while (recv(fds[i], NULL, 0, MSG_DONTWAIT | MSG_TRUNC) >= 0)
			;
}

static void send_frames(const int *fds, int n_fds, const int *lookers,
			int n_lookers, uint64_t seed, uint64_t count)
{
	static struct frame *base, frames[BURST];
	struct mmsghdr msgs[BURST] = { 0 };
	struct iovec iov[BURST][2];
	uint64_t done = 0;
	int i, n;

	base = calloc(corpus_count, sizeof(*base));
	if (!base)
		die("memory");
	for (i = 0; i < corpus_count; i++)
		frame_build(&base[i], corpus[i].layers);
	while (done < count && !over) {
		rnd_seed(seed + done);
		for (i = 0; i < BURST; i++) {
			struct frame *f = &frames[i];

			*f = base[rnd(corpus_count)];
			spoil(f);
			iov[i][0].iov_base = &f->vnet;
			iov[i][0].iov_len = sizeof(f->vnet);
			iov[i][1].iov_base = f->data;
			iov[i][1].iov_len = f->len;
			msgs[i].msg_hdr.msg_iov = iov[i];
			msgs[i].msg_hdr.msg_iovlen = 2;
		}
		/* it stops at one that the socket does not take */
		for (i = 0; i < BURST; i += n > 0 ? n : 1) {
			n = sendmmsg(fds[rnd(n_fds)], msgs + i, BURST - i, 0);
			if (n > 0)
				tally->sent += n;
			else
				tally->refused++;
		}
		done += BURST;
		drain(lookers, n_lookers);
	}
}

/* ---- frames that come back ---- */

/* The kernel looks at the length: what is in order costs nothing. */
static void only_longer(int fd, uint32_t limit)
{
	struct sock_filter code[] = {
		{ BPF_LD | BPF_W | BPF_LEN, 0, 0, 0 },
		{ BPF_JMP | BPF_JGT | BPF_K, 0, 1, limit },
		{ BPF_RET | BPF_K, 0, 0, 0x40000 },
		{ BPF_RET | BPF_K, 0, 0, 0 },
	};
	struct sock_fprog filter = { VSL_ARRAY_SIZE(code), code };
	int one = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter,
		       sizeof(filter)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one,
		       sizeof(one)))
		die("filter");
}

static void watch(const char *device, uint32_t limit)
{
	struct {
		struct virtio_net_hdr vnet;
		uint8_t data[70000];
	} in;
	int fd = packet_socket(device, 0), n;
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(device),
	};

	if (fd < 0)
		die(device);
	only_longer(fd, limit);
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		die(device);
	while (!over) {
		n = recv(fd, &in, sizeof(in), 0);
		if (n < (int)sizeof(in.vnet) || in.vnet.gso_type)
			continue;
		n -= sizeof(in.vnet);
		tally->too_long++;
		if ((uint32_t)n > tally->longest)
			tally->longest = n;
	}
}

/* ---- flows ---- */

static void replace_flows(const char *dp_name, uint64_t seed)
{
	struct vsl_nl *nl;
	struct vsl_dp dp;
	char why[256];
	int err, in_port, recirc_id, shape;

	if (vsl_nl_open(&nl, NULL, why, sizeof(why))) {
		fprintf(stderr, "packets: %s\n", why);
		exit(2);
	}
	/* there may be no memory for that, of purpose */
	do {
		err = vsl_dp_get(nl, dp_name, 0, &dp);
	} while (err == -ENOMEM && !over);
	if (err) {
		fprintf(stderr, "packets: %s: %s\n", dp_name,
			vsl_nl_strerror(nl, err));
		exit(2);
	}
	for (shape = 0; !over; shape = (shape + 1) % shapes_count)
		for (in_port = 0; in_port < PORTS; in_port++)
			for (recirc_id = 0; recirc_id < RECIRC_IDS; recirc_id++) {
				struct vsl_flow flow = {
					.dp_ifindex = dp.ifindex };

				shape_flow(&flow, in_port, recirc_id, shape,
					   seed++);
				err = vsl_flow_new(nl, &flow, false);
				if (err)
					tally->flows_refused++;
				else
					tally->flows++;
			}
	vsl_nl_close(nl);
}

static pid_t children[DEVICES_MAX + 1];
static int n_children;

static bool child(void)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (!pid)
		return true;
	children[n_children++] = pid;
	return false;
}

int main(int argc, char **argv)
{
	unsigned long long seed = 1, count = -1ULL;
	int opt, i, n, secs = 0, limit = 0, n_lookers = 0;
	int fds[DEVICES_MAX], lookers[DEVICES_MAX];
	bool cloned = false;
	const char *dp = NULL;
	struct sigaction action = { .sa_handler = on_signal };

	while ((opt = getopt(argc, argv, "s:n:t:f:l:c")) != -1) {
		switch (opt) {
		case 's':
			seed = strtoull(optarg, NULL, 0);
			break;
		case 'n':
			count = strtoull(optarg, NULL, 0);
			break;
		case 't':
			secs = atoi(optarg);
			break;
		case 'f':
			dp = optarg;
			break;
		case 'l':
			limit = atoi(optarg);
			break;
		case 'c':
			cloned = true;
			break;
		default:
			optind = argc;
		}
	}
	n = argc - optind;
	if (n < 1 || n > DEVICES_MAX) {
		fprintf(stderr, "usage: packets [-s SEED] [-n COUNT] [-t SECS] [-f DP] [-l LEN] [-c] DEVICE...\n");
		return 2;
	}
	tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (tally == MAP_FAILED)
		die("memory");
	/* no SA_RESTART: whoever waits for a frame is to look up */
	sigaction(SIGALRM, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	for (i = 0; i < n; i++) {
		fds[i] = packet_socket(argv[optind + i], 0);
		if (fds[i] < 0)
			die(argv[optind + i]);
		if (cloned) {
			lookers[i] = packet_socket(argv[optind + i], ETH_P_ALL);
			if (lookers[i] < 0)
				die(argv[optind + i]);
			n_lookers++;
		}
		if (limit && child()) {
			watch(argv[optind + i], limit);
			exit(0);
		}
	}
	if (dp && child()) {
		replace_flows(dp, seed);
		exit(0);
	}
	alarm(secs);
	send_frames(fds, n, lookers, n_lookers, seed, count);
	for (i = 0; i < n_children; i++)
		kill(children[i], SIGTERM);
	while (wait(NULL) > 0)
		;
	printf("%llu frames sent, %llu not taken by the socket, seed %llu\n",
	       (unsigned long long)tally->sent,
	       (unsigned long long)tally->refused, seed);
	if (dp)
		printf("%llu times other actions, %llu refused\n",
		       (unsigned long long)tally->flows,
		       (unsigned long long)tally->flows_refused);
	if (limit)
		printf("%llu frames came back that are longer than %d bytes (%u)\n",
		       (unsigned long long)tally->too_long, limit,
		       tally->longest);
	return tally->too_long || (dp && !tally->flows);
}
