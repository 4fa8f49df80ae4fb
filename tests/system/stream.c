/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stream: bytes that anyone can check, over TCP, MPTCP or UDP. The scenarios run
 * one end in each of two hosts.
 *
 *	stream [-m | -u [-g]] listen PORT
 *	stream [-m | -u [-g]] [-r BYTES/S] send ADDRESS PORT BYTES
 *
 * Byte N of the stream is a function of N alone, so that the receiver notices
 * what is lost, doubled or altered. The receiver takes one stream, prints what
 * it got and ends; status 0: all of it was right. It says "listening" on
 * standard error once it is.
 *   -m  MPTCP instead of TCP
 *   -u  UDP datagrams of 8,000 bytes, which therefore travel in fragments. Each
 *       opens with its offset (8 bytes), the last with the length of it all.
 *   -g  with -u: send 50,000 bytes at a time, for the kernel to cut into
 *       datagrams of 1,200 bytes (UDP_SEGMENT)
 *   -r  send no faster than this
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

#define CHUNK		65536
#define DGRAM		8000
#define SEGMENT		1200
#define N_SEGMENTS	41	/* in one send with -g: some 50,000 bytes */
#define PATIENCE	60	/* seconds without anything new */
#define END		UINT64_MAX	/* offset of the datagram that ends it */

static bool mptcp, udp, gso;
static double rate;

static void die(const char *what)
{
	fprintf(stderr, "stream: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Eight bytes that depend on all bits of their offset, a multiple of eight. */
static uint64_t word_at(uint64_t offset)
{
	offset *= 0x9e3779b97f4a7c15;
	return offset ^ offset >> 29;
}

/* The bytes from @offset on; @p has room for up to 16 more than @len. */
static uint8_t *pattern(uint8_t *p, uint64_t offset, size_t len)
{
	uint64_t first = offset & ~7ull, word;

	for (uint64_t n = first; n < offset + len; n += 8) {
		word = word_at(n);
		memcpy(p + (n - first), &word, sizeof(word));
	}
	return p + (offset - first);
}

static void fill(uint8_t *p, uint64_t offset, size_t len)
{
	static uint8_t room[CHUNK + 16];

	memcpy(p, pattern(room, offset, len), len);
}

static void check(const uint8_t *p, uint64_t offset, size_t len)
{
	static uint8_t room[CHUNK + 16];
	uint8_t *want = pattern(room, offset, len);

	if (!memcmp(p, want, len))
		return;
	for (size_t i = 0; i < len; i++) {
		if (p[i] != want[i]) {
			printf("byte %llu is 0x%02x, expected 0x%02x\n",
			       (unsigned long long)(offset + i), p[i], want[i]);
			exit(1);
		}
	}
}

static socklen_t address(struct sockaddr_storage *ss, const char *text,
			 const char *port)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ss;
	struct sockaddr_in *in = (struct sockaddr_in *)ss;

	memset(ss, 0, sizeof(*ss));
	if (inet_pton(AF_INET, text, &in->sin_addr) == 1) {
		in->sin_family = AF_INET;
		in->sin_port = htons(atoi(port));
		return sizeof(*in);
	}
	if (inet_pton(AF_INET6, text, &in6->sin6_addr) != 1) {
		fprintf(stderr, "stream: not an address: %s\n", text);
		exit(2);
	}
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(atoi(port));
	return sizeof(*in6);
}

static int open_socket(int family)
{
	int fd = socket(family, udp ? SOCK_DGRAM : SOCK_STREAM,
			mptcp ? IPPROTO_MPTCP : 0);

	if (fd < 0)
		die("socket");
	return fd;
}

static void wait_readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (poll(&p, 1, PATIENCE * 1000) != 1) {
		printf("nothing new for %d s\n", PATIENCE);
		exit(1);
	}
}

static uint64_t receive_stream(int fd)
{
	static uint8_t buf[CHUNK];
	uint64_t got = 0;
	ssize_t n;

	for (;;) {
		wait_readable(fd);
		n = read(fd, buf, sizeof(buf));
		if (n < 0)
			die("read");
		if (n == 0)
			return got;
		check(buf, got, n);
		got += n;
	}
}

/* Datagrams may come in any order; the sum of their lengths must be right. */
static uint64_t receive_datagrams(int fd)
{
	static uint8_t buf[CHUNK];
	uint64_t got = 0, total = END, offset;
	ssize_t n;

	while (got < total) {
		wait_readable(fd);
		n = recv(fd, buf, sizeof(buf), 0);
		if (n < 0)
			die("recv");
		if (n < (ssize_t)sizeof(offset)) {
			printf("a datagram of %zd bytes\n", n);
			exit(1);
		}
		memcpy(&offset, buf, sizeof(offset));
		if (offset == END) {
			memcpy(&total, buf + 8, sizeof(total));
			continue;
		}
		if (n > 8)
			check(buf + 8, offset + 8, n - 8);
		got += n;
	}
	return got;
}

static int listen_on(const char *port)
{
	struct sockaddr_storage ss;
	socklen_t len = address(&ss, "::", port);
	int fd = open_socket(AF_INET6), on = 1, buf = 4 << 20;
	uint64_t got;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (udp)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buf, sizeof(buf));
	if (bind(fd, (struct sockaddr *)&ss, len))
		die("bind");
	if (!udp && listen(fd, 1))
		die("listen");
	fprintf(stderr, "listening\n");
	if (udp) {
		got = receive_datagrams(fd);
	} else {
		wait_readable(fd);
		fd = accept(fd, NULL, NULL);
		if (fd < 0)
			die("accept");
		got = receive_stream(fd);
	}
	printf("received %llu bytes, all of them right\n",
	       (unsigned long long)got);
	return 0;
}

static void pace(uint64_t sent)
{
	static struct timespec t0;
	struct timespec now, nap;
	double ahead;

	if (!rate)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (!t0.tv_sec)
		t0 = now;
	ahead = sent / rate - (now.tv_sec - t0.tv_sec) -
		(now.tv_nsec - t0.tv_nsec) / 1e9;
	if (ahead <= 0)
		return;
	nap.tv_sec = ahead;
	nap.tv_nsec = (ahead - nap.tv_sec) * 1e9;
	nanosleep(&nap, NULL);
}

static void send_stream(int fd, uint64_t total)
{
	static uint8_t buf[CHUNK];
	uint64_t sent = 0;
	ssize_t n;

	while (sent < total) {
		size_t want = total - sent < CHUNK ? total - sent : CHUNK;

		fill(buf, sent, want);
		n = write(fd, buf, want);
		if (n < 0)
			die("write");
		sent += n;
		pace(sent);
	}
	if (shutdown(fd, SHUT_WR))
		die("shutdown");
	/* Until the other end has read it all. */
	if (read(fd, buf, 1) < 0)
		die("waiting for the end");
}

static void send_datagrams(int fd, uint64_t total)
{
	static uint8_t buf[CHUNK];
	uint64_t sent = 0, end[2] = { END };
	size_t dgram = gso ? SEGMENT : DGRAM, len, i;
	int n_dgrams = gso ? N_SEGMENTS : 1, segment = SEGMENT;

	if (gso && setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &segment,
			      sizeof(segment)))
		die("UDP_SEGMENT");
	while (sent < total) {
		len = dgram * n_dgrams;
		fill(buf, sent, len);
		for (i = 0; i < len; i += dgram) {
			uint64_t offset = sent + i;

			memcpy(buf + i, &offset, sizeof(offset));
		}
		if (send(fd, buf, len, 0) != (ssize_t)len)
			die("send");
		sent += len;
		pace(sent);
	}
	end[1] = sent;
	if (send(fd, end, sizeof(end), 0) != sizeof(end))
		die("send");
	printf("sent %llu bytes\n", (unsigned long long)sent);
}

static int send_to(const char *addr, const char *port, uint64_t total)
{
	struct sockaddr_storage ss;
	socklen_t len = address(&ss, addr, port);
	int fd = open_socket(ss.ss_family);

	if (connect(fd, (struct sockaddr *)&ss, len))
		die("connect");
	if (udp)
		send_datagrams(fd, total);
	else
		send_stream(fd, total);
	return 0;
}

static int usage(void)
{
	fprintf(stderr, "usage: stream [-m | -u [-g]] listen PORT\n"
		"       stream [-m | -u [-g]] [-r BYTES/S] send ADDRESS PORT BYTES\n");
	return 2;
}

int main(int argc, char **argv)
{
	int opt;

	while ((opt = getopt(argc, argv, "mugr:")) != -1) {
		switch (opt) {
		case 'm':
			mptcp = true;
			break;
		case 'u':
			udp = true;
			break;
		case 'g':
			gso = true;
			break;
		case 'r':
			rate = atof(optarg);
			break;
		default:
			return usage();
		}
	}
	argv += optind;
	argc -= optind;
	if (argc == 2 && !strcmp(argv[0], "listen"))
		return listen_on(argv[1]);
	if (argc == 4 && !strcmp(argv[0], "send"))
		return send_to(argv[1], argv[2], strtoull(argv[3], NULL, 0));
	return usage();
}
