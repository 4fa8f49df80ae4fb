/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mesh: every host pings every other one; fifty-hosts-lose-nothing.sh runs it.
 *
 *	mesh HOSTS [WINDOW]
 *
 * Host N (1 to HOSTS, at most 250) is the network namespace /run/netns/hN with a
 * device eth0, which gets the address 10.0.0.N/24 here. All is done by this one
 * process, since starting 2,450 pings takes minutes where there is no KVM.
 * WINDOW (default 16) pings are on their way at a time; one that is not answered
 * within 20 s is lost. Prints the figures, and who got no answer from whom;
 * status 0: nothing was lost.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <linux/icmp.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_HOSTS	250
#define PATIENCE_MS	20000

static int n_hosts;
static struct pollfd socks[MAX_HOSTS + 1];	/* by host number, [0] unused */
static bool answered[MAX_HOSTS + 1][MAX_HOSTS + 1];
static int n_answered, n_twice;

static void die(const char *what)
{
	fprintf(stderr, "mesh: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void set_up(int fd, const char *dev)
{
	struct ifreq r = { 0 };

	strcpy(r.ifr_name, dev);
	if (ioctl(fd, SIOCGIFFLAGS, &r))
		die(dev);
	r.ifr_flags |= IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &r))
		die(dev);
}

static void set_address(int fd, int request, uint32_t address)
{
	struct sockaddr_in in = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(address),
	};
	struct ifreq r = { .ifr_name = "eth0" };

	memcpy(&r.ifr_addr, &in, sizeof(in));
	if (ioctl(fd, request, &r))
		die("setting an address");
}

static void set_sysctl(const char *path, const char *value, bool must)
{
	FILE *f = fopen(path, "w");

	if (!f && !must)
		return;
	if (!f || fputs(value, f) < 0 || fclose(f))
		die(path);
}

/* No packets but pings and what it takes to send the first: no IPv6, and who is
 * known as a neighbour stays known.
 */
static void be_quiet(void)
{
	set_sysctl("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1", false);
	set_sysctl("/proc/sys/net/ipv4/neigh/eth0/base_reachable_time_ms",
		   "1000000", true);
	set_sysctl("/proc/sys/net/ipv4/neigh/eth0/delay_first_probe_time",
		   "1000000", true);
}

/* Enters the host's namespace, sets its address, leaves a socket in it. */
static void open_host(int n)
{
	struct icmp_filter only_replies = { ~(1u << ICMP_ECHOREPLY) };
	char path[64];
	int ns, fd;

	snprintf(path, sizeof(path), "/run/netns/h%d", n);
	ns = open(path, O_RDONLY | O_CLOEXEC);
	if (ns < 0 || setns(ns, CLONE_NEWNET))
		die(path);
	close(ns);
	fd = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK, IPPROTO_ICMP);
	if (fd < 0)
		die("socket");
	set_address(fd, SIOCSIFADDR, 0x0a000000 + n);
	set_address(fd, SIOCSIFNETMASK, 0xffffff00);
	set_up(fd, "lo");
	be_quiet();
	set_up(fd, "eth0");
	if (setsockopt(fd, SOL_RAW, ICMP_FILTER, &only_replies,
		       sizeof(only_replies)))
		die("ICMP_FILTER");
	socks[n].fd = fd;
	socks[n].events = POLLIN;
}

static uint16_t checksum(const void *data, size_t len)
{
	const uint16_t *p = data;
	uint32_t sum = 0;

	for (; len > 1; len -= 2)
		sum += *p++;
	sum = (sum & 0xffff) + (sum >> 16);
	return ~(sum + (sum >> 16));
}

/* The identifier and the sequence number say who asks whom. */
static void ask(int from, int to)
{
	struct sockaddr_in in = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x0a000000 + to),
	};
	struct {
		struct icmphdr h;
		char data[56];
	} m = { .h = { .type = ICMP_ECHO } };

	m.h.un.echo.id = htons(from);
	m.h.un.echo.sequence = htons(to);
	m.h.checksum = checksum(&m, sizeof(m));
	if (sendto(socks[from].fd, &m, sizeof(m), 0, (struct sockaddr *)&in,
		   sizeof(in)) != sizeof(m))
		die("sendto");
}

static void read_answers(int n)
{
	unsigned char buf[256];
	struct icmphdr h;
	ssize_t len;
	int from, to;

	while ((len = recv(socks[n].fd, buf, sizeof(buf), 0)) >= 28) {
		memcpy(&h, buf + 20, sizeof(h));
		from = ntohs(h.un.echo.id);
		to = ntohs(h.un.echo.sequence);
		if (from != n || to < 1 || to > n_hosts)
			continue;
		if (answered[from][to]) {
			n_twice++;
			continue;
		}
		answered[from][to] = true;
		n_answered++;
	}
}

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int main(int argc, char **argv)
{
	int window = argc > 2 ? atoi(argv[2]) : 16;
	int sent = 0, total, from = 1, step = 1, i, to, before;
	long last, t0;

	n_hosts = argc > 1 ? atoi(argv[1]) : 0;
	if (n_hosts < 2 || n_hosts > MAX_HOSTS || window < 1) {
		fprintf(stderr, "usage: mesh HOSTS [WINDOW]\n");
		return 2;
	}
	for (i = 1; i <= n_hosts; i++)
		open_host(i);
	total = n_hosts * (n_hosts - 1);
	t0 = last = now_ms();
	while (n_answered < total && now_ms() - last < PATIENCE_MS) {
		/* All hosts ask their next neighbour, then the one after. */
		while (sent < total && sent - n_answered < window) {
			ask(from, (from - 1 + step) % n_hosts + 1);
			sent++;
			if (++from > n_hosts) {
				from = 1;
				step++;
			}
		}
		if (poll(socks + 1, n_hosts, 1000) < 0)
			die("poll");
		before = n_answered;
		for (i = 1; i <= n_hosts; i++) {
			if (socks[i].revents)
				read_answers(i);
		}
		if (n_answered > before)
			last = now_ms();
	}
	for (i = 1; i <= n_hosts; i++) {
		for (to = 1; to <= n_hosts; to++) {
			if (i != to && !answered[i][to])
				printf("no answer to h%d from h%d\n", i, to);
		}
	}
	printf("%d hosts: %d of %d pings sent, %d answered, %d of them twice, %ld ms\n",
	       n_hosts, sent, total, n_answered, n_twice, now_ms() - t0);
	return n_answered != total || n_twice;
}
