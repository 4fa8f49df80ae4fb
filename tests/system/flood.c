// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flood INTERFACE RATE SECONDS: frames from made-up hosts
 *
 * Sends RATE frames a second, each with a source address of its own, to an address
 * that nobody has: what an attacker, or a loop, does to a learning switch. Says how
 * many a second it got rid of.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define BURST 64
#define FRAME_SIZE 60

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

int main(int argc, char *argv[])
{
	/* to a host that is not there, from 02:f1:xx:xx:xx:xx, of a type for experiments */
	static uint8_t frames[BURST][FRAME_SIZE];
	struct sockaddr_ll to = { .sll_family = AF_PACKET };
	struct mmsghdr msgs[BURST] = { 0 };
	struct iovec iov[BURST];
	uint64_t start, end, due, sent = 0;
	double rate, seconds;
	uint32_t n, host;
	int fd, i, done;

	if (argc != 4) {
		fprintf(stderr, "usage: flood INTERFACE RATE SECONDS\n");
		return 2;
	}
	rate = strtod(argv[2], NULL);
	seconds = strtod(argv[3], NULL);
	to.sll_ifindex = if_nametoindex(argv[1]);
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0 || !to.sll_ifindex || bind(fd, (struct sockaddr *)&to, sizeof(to))) {
		fprintf(stderr, "flood: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	for (i = 0; i < BURST; i++) {
		memcpy(frames[i], "\x02\xee\0\0\0\1\x02\xf1\0\0\0\0\x88\xb5", ETH_HLEN);
		iov[i] = (struct iovec){ frames[i], FRAME_SIZE };
		msgs[i].msg_hdr.msg_iov = &iov[i];
		msgs[i].msg_hdr.msg_iovlen = 1;
	}

	start = now_ns();
	end = start + seconds * 1e9;
	while (now_ns() < end) {
		due = (now_ns() - start) * rate / 1e9;
		if (due <= sent) {
			nanosleep(&(struct timespec){ 0, 500000 }, NULL);
			continue;
		}
		n = due - sent < BURST ? due - sent : BURST;
		for (i = 0; i < (int)n; i++) {
			host = htonl((uint32_t)sent + i);
			memcpy(frames[i] + 8, &host, sizeof(host));
		}
		done = sendmmsg(fd, msgs, n, 0);
		if (done > 0)
			sent += done;
	}
	printf("sent %llu, %.0f a second\n", (unsigned long long)sent, sent / seconds);
	return 0;
}
