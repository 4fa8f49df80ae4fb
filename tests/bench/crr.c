// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crr FROM TO SECONDS WINDOW: how fast user space sets up flows, in closed loop
 *
 * Sends Ethernet frames out of interface FROM and waits for them at TO. Each has
 * a source address that was never seen before, in no earlier run either, so a learning
 * switch between the two meets each with a miss and a decision. WINDOW frames are under way at a
 * time; a new one is sent for each that arrives, so a slow switch is asked less,
 * and what is lost is lost for other reasons than haste.
 *
 * One line on standard output:
 *	window W setups N per_second R median_us M p99_us P max_us X lost L
 * Exit status 1 where frames were lost.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <linux/if_ether.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define FRAME_SIZE 64

/*
 * Frames that one system call sends or takes, and one look at the clock is for:
 * what is measured here is the switch, and where system calls are dear (User Mode
 * Linux) those of this program would be most of it.
 */
#define BATCH 64
#define MAX_WINDOW 4096
#define MAX_SETUPS (1 << 21)

/* Nothing comes for so long: what is under way is lost. */
#define LOST_MS 2000

struct frame {
	uint8_t dst[6], src[6];
	uint16_t type;
	uint8_t magic[6];
	uint32_t number;
	uint8_t rest[FRAME_SIZE - 24];
} __attribute__((packed));

/* What the source addresses of this run have in common; MAX_SETUPS takes three bytes. */
static uint8_t source[3] = { 2 };

static const uint8_t receiver[6] = { 2, 0, 0, 0, 0, 0xbb };
static const uint8_t magic[6] = "setups";

static struct {
	uint64_t sent_ns[MAX_SETUPS];
	uint32_t took_ns[2 * MAX_SETUPS];	/* room for frames doubled, too */
	uint32_t n_sent, n_taken, n_lost;
} run;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static void die(const char *what)
{
	fprintf(stderr, "crr: %s: %s\n", what, strerror(errno));
	exit(2);
}

static int open_interface(const char *name)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_802_EX1),	/* ours, and no others */
		.sll_ifindex = if_nametoindex(name),
	};
	struct packet_mreq promisc = {
		.mr_ifindex = addr.sll_ifindex,
		.mr_type = PACKET_MR_PROMISC,
	};
	int size = 16 << 20;
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (fd < 0 || !addr.sll_ifindex || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &promisc, sizeof(promisc)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		die(name);
	return fd;
}

static bool readable(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ms) > 0;
}

static struct {
	struct frame frame[BATCH];
	struct sockaddr_ll from[BATCH];
	struct iovec iov[BATCH];
	struct mmsghdr msg[BATCH];
} batch;

static void prepare_batch(bool with_sender)
{
	int i;

	for (i = 0; i < BATCH; i++) {
		batch.iov[i] = (struct iovec){ &batch.frame[i], sizeof(batch.frame[i]) };
		batch.msg[i].msg_hdr = (struct msghdr){
			.msg_name = with_sender ? &batch.from[i] : NULL,
			.msg_namelen = with_sender ? sizeof(batch.from[i]) : 0,
			.msg_iov = &batch.iov[i],
			.msg_iovlen = 1,
		};
	}
}

/*
 * Takes what is there, up to a batch. Our frames that came in by the interface are
 * put first; returns their number, or -1 where nothing at all was there.
 */
static int take(int fd)
{
	int i, n, ours = 0;

	prepare_batch(true);
	n = recvmmsg(fd, batch.msg, BATCH, MSG_DONTWAIT, NULL);
	for (i = 0; i < n; i++) {
		if (batch.from[i].sll_pkttype != PACKET_OUTGOING &&
		    batch.msg[i].msg_len == sizeof(struct frame) &&
		    !memcmp(batch.frame[i].magic, magic, sizeof(magic)))
			batch.frame[ours++] = batch.frame[i];
	}
	return n > 0 ? ours : -1;
}

/* So that the switch knows where the receiver is, and floods nothing. */
static void introduce_receiver(int from, int to)
{
	struct frame f = { .type = htons(ETH_P_802_EX1) };

	memset(f.dst, 0xff, sizeof(f.dst));
	memcpy(f.src, receiver, sizeof(f.src));
	memcpy(f.magic, magic, sizeof(magic));
	if (send(to, &f, sizeof(f), 0) != sizeof(f))
		die("send");
	if (!readable(from, 5000)) {
		fprintf(stderr, "crr: no frame gets through\n");
		exit(2);
	}
	while (take(from) >= 0)
		;
}

static void send_new(int fd, unsigned int n)
{
	uint64_t now = now_ns();
	struct frame *f;
	uint32_t number;
	unsigned int i;

	prepare_batch(false);
	for (i = 0; i < n; i++) {
		f = &batch.frame[i];
		*f = (struct frame){ .type = htons(ETH_P_802_EX1) };
		number = htonl(run.n_sent);
		memcpy(f->dst, receiver, sizeof(f->dst));
		memcpy(f->src + 2, &number, sizeof(number));
		memcpy(f->src, source, sizeof(source));
		memcpy(f->magic, magic, sizeof(magic));
		f->number = number;
		run.sent_ns[run.n_sent++] = now;
	}
	if (sendmmsg(fd, batch.msg, n, 0) != (int)n)
		die("send");
}

static unsigned int take_answers(int fd, uint64_t *now)
{
	unsigned int taken = 0;
	uint32_t number;
	int i, n;

	while ((n = take(fd)) >= 0) {
		*now = now_ns();
		for (i = 0; i < n; i++) {
			number = ntohl(batch.frame[i].number);
			if (number >= run.n_sent || run.n_taken == 2 * MAX_SETUPS)
				continue;
			run.took_ns[run.n_taken++] = *now - run.sent_ns[number];
			taken++;
		}
		if (n < BATCH)
			break;
	}
	return taken;
}

static int by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

int main(int argc, char *argv[])
{
	uint64_t start_ns, end_ns, last_ns;
	unsigned int window, taken, n, under_way = 0;
	int from, to;

	window = argc == 5 ? strtoul(argv[4], NULL, 10) : 0;
	if (!window || window > MAX_WINDOW) {
		fprintf(stderr, "usage: crr FROM TO SECONDS WINDOW(1..%d)\n", MAX_WINDOW);
		return 2;
	}
	if (getrandom(source + 1, sizeof(source) - 1, 0) < 0)
		die("getrandom");
	source[1] |= 0x80;	/* not the receiver's, nor another host's of the tests */
	from = open_interface(argv[1]);
	to = open_interface(argv[2]);
	introduce_receiver(from, to);

	start_ns = last_ns = now_ns();
	end_ns = start_ns + strtod(argv[3], NULL) * 1e9;
	/* those under way at the end must come all the same */
	while (last_ns < end_ns || under_way) {
		while (last_ns < end_ns && under_way < window && run.n_sent < MAX_SETUPS) {
			n = window - under_way;
			n = n < BATCH ? n : BATCH;
			n = n < MAX_SETUPS - run.n_sent ? n : MAX_SETUPS - run.n_sent;
			send_new(from, n);
			under_way += n;
		}
		if (!under_way)
			break;
		if (!readable(to, LOST_MS)) {
			run.n_lost += under_way;
			under_way = 0;
			last_ns = now_ns();
			continue;
		}
		taken = take_answers(to, &last_ns);
		/* more than asked for: the switch has doubled some */
		under_way -= taken < under_way ? taken : under_way;
	}

	qsort(run.took_ns, run.n_taken, sizeof(run.took_ns[0]), by_size);
	printf("window %u setups %u per_second %.0f median_us %.1f p99_us %.1f "
	       "max_us %.1f lost %u\n",
	       window, run.n_taken, run.n_taken / ((last_ns - start_ns) / 1e9 + 1e-9),
	       run.n_taken ? run.took_ns[run.n_taken / 2] / 1e3 : 0,
	       run.n_taken ? run.took_ns[(uint64_t)run.n_taken * 99 / 100] / 1e3 : 0,
	       run.n_taken ? run.took_ns[run.n_taken - 1] / 1e3 : 0,
	       run.n_lost);
	return run.n_lost > 0;
}
