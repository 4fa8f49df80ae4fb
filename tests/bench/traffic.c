// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * traffic.c: sets of flows, and frames that hit them evenly.
 *
 *	traffic flows SET N ACTIONS			the flows, for vslctl add-flows
 *	traffic send SET N DEVICE COUNT [BURSTS]	COUNT frames, sent on DEVICE
 *
 * SET is
 *	exact	N flows that match all of a UDP datagram, from N source addresses
 *	attack	N flows of N masks: what a client installs that derives prefixes
 *		from an access list with one entry, when someone sends it the
 *		worst packets (tuple space explosion, CVE-2019-25076).  N is a
 *		multiple of 256, 8192 at most.
 *	collide	N flows, 65536 at most, like those of exact, but of addresses 0 and N
 *		source ports: where the table multiplies two words of a key
 *		without a secret, all come out as 0.
 *	tagged	frames of exact that bear a VLAN tag (send alone)
 *
 * send prints the nanoseconds that it took, for the fastest of BURSTS bursts (of
 * fewer, where they take long).  Frames are made beforehand; each flow is hit as often
 * as any other, in random order, always the same.
 */
#include <arpa/inet.h>
#include <err.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <net/if.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define SRC_MAC "02:00:00:00:00:aa"
#define DST_MAC "02:00:00:00:00:bb"

enum {
	IP_BITS = 32,
	PORT_BITS = 16,
	PORT = 9,		/* of both sides, in set exact */
	BATCH = 64,		/* frames given to the kernel at a time */
	FRAMES = 1 << 16,	/* as many different ones, if the set is no larger */
	VLAN = 10,
	PARTS = 3,		/* of a frame: see send_frames() */
};

static const int64_t ENOUGH = 1000000000;	/* ns, then no fourth burst */

static const uint32_t src_ip = 0x0a000001, dst_ip = 0x0a000002;

/* What tells the frames of a set apart; host byte order. */
struct tuple {
	uint32_t src, dst;
	uint16_t sport, dport;
};

struct frame {
	struct ethhdr eth;
	struct iphdr ip;
	struct udphdr udp;
	uint8_t data[18];
} __attribute__((packed));

static uint32_t next_random(void)
{
	static uint32_t x = 2463534242u;	/* any but 0 (xorshift32) */

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x;
}

/*
 * The value that differs from @base at bit @bit (0 is the highest of @bits) and
 * agrees with it before; what follows is @rest's.
 */
static uint32_t branch_off(uint32_t base, int bits, int bit, uint32_t rest)
{
	uint32_t at = 1u << (bits - 1 - bit);

	return ((base ^ at) & ~(at - 1)) | (rest & (at - 1));
}

static uint32_t prefix(int bits, int length)
{
	uint32_t all = bits == 32 ? UINT32_MAX : (1u << bits) - 1;

	return all & ~(uint32_t)((1ull << (bits - length)) - 1);
}

/* Attack flow @i in tuples of three bit positions. */
static int ip_bit(long i) { return i / (PORT_BITS * PORT_BITS); }
static int sport_bit(long i) { return i / PORT_BITS % PORT_BITS; }
static int dport_bit(long i) { return i % PORT_BITS; }

static struct tuple attack_tuple(long i, uint32_t rest_ip, uint32_t rest_ports)
{
	return (struct tuple){
		.src = branch_off(src_ip, IP_BITS, ip_bit(i), rest_ip),
		.dst = dst_ip,
		.sport = branch_off(PORT, PORT_BITS, sport_bit(i), rest_ports),
		.dport = branch_off(PORT, PORT_BITS, dport_bit(i), rest_ports >> 16),
	};
}

static struct tuple exact_tuple(long i)
{
	return (struct tuple){ .src = src_ip + i, .dst = dst_ip,
			       .sport = PORT, .dport = PORT };
}

static struct tuple colliding_tuple(long i)
{
	return (struct tuple){ .sport = i, .dport = PORT };
}

enum set { EXACT, ATTACK, COLLIDE, TAGGED };

/* Of flow @i; what an attacker's flow does not look at is random. */
static struct tuple tuple_of(enum set set, long i)
{
	switch (set) {
	case ATTACK:
		return attack_tuple(i, next_random(), next_random());
	case COLLIDE:
		return colliding_tuple(i);
	default:
		return exact_tuple(i);
	}
}

static const char *ip_text(uint32_t ip)
{
	static char text[2][INET_ADDRSTRLEN];
	static int turn;
	struct in_addr addr = { .s_addr = htonl(ip) };

	turn ^= 1;
	return inet_ntop(AF_INET, &addr, text[turn], sizeof(text[turn]));
}

static void print_exact(struct tuple t, const char *actions)
{
	printf("recirc_id(0),in_port(1),eth(src=" SRC_MAC ",dst=" DST_MAC "),"
	       "eth_type(0x0800),ipv4(src=%s,dst=%s,proto=17,tos=0,ttl=32,frag=no),"
	       "udp(src=%d,dst=%d) %s\n", ip_text(t.src), ip_text(t.dst),
	       t.sport, t.dport, actions);
}

static void print_attack(long i, const char *actions)
{
	struct tuple t = attack_tuple(i, 0, 0);

	printf("recirc_id(0),in_port(1),eth(),eth_type(0x0800),"
	       "ipv4(src=%s/%s,proto=17,frag=no),udp(src=%d/%#x,dst=%d/%#x) %s\n",
	       ip_text(t.src), ip_text(prefix(IP_BITS, ip_bit(i) + 1)),
	       t.sport, prefix(PORT_BITS, sport_bit(i) + 1),
	       t.dport, prefix(PORT_BITS, dport_bit(i) + 1), actions);
}

static uint16_t ip_checksum(struct iphdr ip)
{
	uint16_t words[sizeof(ip) / 2];
	uint32_t sum = 0;

	memcpy(words, &ip, sizeof(ip));
	for (unsigned int i = 0; i < sizeof(ip) / 2; i++)
		sum += words[i];
	sum = (sum & 0xffff) + (sum >> 16);
	return ~(sum + (sum >> 16));
}

static void make_frame(struct frame *frame, struct tuple t)
{
	*frame = (struct frame){
		.eth = { .h_dest = { 2, 0, 0, 0, 0, 0xbb },
			 .h_source = { 2, 0, 0, 0, 0, 0xaa },
			 .h_proto = htons(ETH_P_IP) },
		.ip = { .version = 4, .ihl = 5, .ttl = 32, .protocol = IPPROTO_UDP,
			.tot_len = htons(sizeof(*frame) - sizeof(frame->eth)),
			.saddr = htonl(t.src), .daddr = htonl(t.dst) },
		.udp = { .source = htons(t.sport), .dest = htons(t.dport),
			 .len = htons(sizeof(frame->udp) + sizeof(frame->data)) },
	};
	frame->ip.check = ip_checksum(frame->ip);
}

/* Each flow of @n as often as any other, then mixed (Fisher and Yates). */
static struct frame *make_frames(enum set set, long n, long *count)
{
	struct frame *frames, tmp;

	*count = n >= FRAMES ? n : FRAMES - FRAMES % n;
	*count += -*count & (BATCH - 1);
	frames = calloc(*count, sizeof(*frames));
	if (!frames)
		err(1, "%ld frames", *count);
	for (long i = 0; i < *count; i++)
		make_frame(&frames[i], tuple_of(set, i % n));
	for (long i = *count - 1; i > 0; i--) {
		long j = next_random() % (i + 1);

		tmp = frames[i];
		frames[i] = frames[j];
		frames[j] = tmp;
	}
	return frames;
}

static int open_device(const char *name)
{
	struct sockaddr_ll addr = { .sll_family = AF_PACKET,
				    .sll_ifindex = if_nametoindex(name) };
	int one = 1, fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (!addr.sll_ifindex)
		err(1, "%s", name);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one)))
		err(1, "packet socket on %s", name);
	return fd;
}

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

/* A tag goes between the addresses and the rest. Returns where to go on. */
static long send_frames(int fd, enum set set, struct frame *frames, long n, long at, long count)
{
	uint16_t tag[] = { htons(ETH_P_8021Q), htons(VLAN) };
	const size_t rest = offsetof(struct frame, eth.h_proto);
	struct mmsghdr msgs[BATCH] = { 0 };
	struct iovec parts[BATCH][PARTS];

	for (int i = 0; i < BATCH; i++) {
		parts[i][0].iov_len = rest;
		parts[i][1] = (struct iovec){ tag, set == TAGGED ? sizeof(tag) : 0 };
		parts[i][2].iov_len = sizeof(*frames) - rest;
		msgs[i].msg_hdr.msg_iov = parts[i];
		msgs[i].msg_hdr.msg_iovlen = PARTS;
	}
	while (count > 0) {
		int batch = count < BATCH ? count : BATCH;

		for (int i = 0; i < batch; i++) {
			parts[i][0].iov_base = &frames[at + i];
			parts[i][2].iov_base = (char *)&frames[at + i] + rest;
		}
		if (sendmmsg(fd, msgs, batch, 0) != batch)
			err(1, "could not send all of %d frames", batch);
		count -= batch;
		at = at + BATCH < n ? at + BATCH : 0;
	}
	return at;
}

static int64_t fastest(int fd, enum set set, struct frame *frames, long n, long count,
		       long bursts)
{
	int64_t best = INT64_MAX, total = 0;
	long at = 0;

	for (long i = 0; i < bursts && (i < 3 || total < ENOUGH); i++) {
		int64_t start = now(), took;

		at = send_frames(fd, set, frames, n, at, count);
		took = now() - start;
		total += took;
		if (took < best)
			best = took;
	}
	return best;
}

static _Noreturn void usage(void)
{
	fputs("usage: traffic flows exact|attack|collide N ACTIONS\n"
	      "       traffic send exact|attack|collide|tagged N DEVICE COUNT [BURSTS]\n",
	      stderr);
	exit(2);
}

static enum set read_set(const char *name, long n)
{
	static const struct {
		const char *name;
		long most, step;
	} sets[] = {
		[EXACT] = { "exact", 1 << 24, 1 },
		[ATTACK] = { "attack", IP_BITS * PORT_BITS * PORT_BITS,
			     PORT_BITS * PORT_BITS },
		[COLLIDE] = { "collide", 1 << PORT_BITS, 1 },
		[TAGGED] = { "tagged", 1 << 24, 1 },
	};

	for (enum set set = EXACT; set <= TAGGED; set++)
		if (!strcmp(name, sets[set].name) && n >= 1 &&
		    n <= sets[set].most && n % sets[set].step == 0)
			return set;
	usage();
}

static void print_flow(enum set set, long i, const char *actions)
{
	if (set == ATTACK)
		print_attack(i, actions);
	else
		print_exact(tuple_of(set, i), actions);
}

int main(int argc, char **argv)
{
	struct frame *frames;
	enum set set;
	long n, made;
	int fd;

	if (argc < 5)
		usage();
	n = atol(argv[3]);
	set = read_set(argv[2], n);
	if (!strcmp(argv[1], "flows") && set != TAGGED) {
		for (long i = 0; i < n; i++)
			print_flow(set, i, argv[4]);
		return fflush(stdout) ? 1 : 0;
	}
	if (strcmp(argv[1], "send") || argc < 6)
		usage();
	fd = open_device(argv[4]);
	frames = make_frames(set, n, &made);
	printf("%lld\n", (long long)fastest(fd, set, frames, made, atol(argv[5]),
					    argc > 6 ? atol(argv[6]) : 1));
	return 0;
}
