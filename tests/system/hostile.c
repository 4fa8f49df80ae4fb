// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hostile: lib/nl_recv.c, by which the daemon receives, against the module netlink30.ko,
 * which answers as no decent kernel would (tests/netlink30/netlink30.c has the words).
 * What is received is read as an upcall, as the daemon would.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/nl.h"
#include "lib/packet.h"
#include "nl_private.h"

#define PROTOCOL 30
#define GROUP 1
#define FLOOD 10000

static struct vsl_nl nl;

static void fail(const char *word, const char *what, long long expected, long long got)
{
	printf("%s: %s: expected %lld, got %lld\n", word, what, expected, got);
	exit(1);
}

static void is(const char *word, const char *what, long long expected, long long got)
{
	if (expected != got)
		fail(word, what, expected, got);
}

static void open_socket(struct nl_sock **sk)
{
	*sk = nl_socket_alloc();
	if (!*sk || nl_connect(*sk, PROTOCOL) < 0) {
		fprintf(stderr, "no netlink protocol %d: is netlink30.ko loaded?\n", PROTOCOL);
		exit(2);
	}
	nl_socket_set_nonblocking(*sk);
}

static void ask(struct nl_sock *sk, uint32_t to, const char *word)
{
	struct {
		struct nlmsghdr h;
		char word[32];
	} m = { .h = { .nlmsg_type = 0x40, .nlmsg_flags = NLM_F_REQUEST, .nlmsg_seq = 42 } };
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK, .nl_pid = to };

	m.h.nlmsg_len = NLMSG_LENGTH(strlen(word));
	memcpy(m.word, word, strlen(word));
	if (sendto(nl_socket_get_fd(sk), &m, m.h.nlmsg_len, 0, (struct sockaddr *)&kernel,
		   sizeof(kernel)) < 0) {
		perror("sendto");
		exit(2);
	}
}

/* What is received, and none of it may be taken for an upcall. */
static void receive(const char *word, struct vsl_nl_rx *rx)
{
	struct vsl_upcall upcall;
	unsigned int i;

	is(word, "error", 0, vsl_nl_recv(&nl, rx));
	for (i = 0; i < rx->n; i++) {
		is(word, "read as an upcall", -EINVAL, vsl_upcall_from_msg(&upcall, rx->msgs[i]));
		is(word, "family", -1, vsl_nl_family_of(&nl, rx->msgs[i]));
	}
}

/* @n messages "hello" come, and next time as if nothing had been. */
static void expect(const char *word, unsigned int n, bool lost)
{
	struct vsl_nl_rx rx;
	unsigned int i;

	ask(nl.sk, 0, word);
	receive(word, &rx);
	is(word, "messages", n, rx.n);
	is(word, "lost", lost, rx.lost);
	for (i = 0; i < n; i++)
		is(word, "the same bytes", 0, memcmp(nlmsg_data(rx.msgs[i]), "hello", 6));

	ask(nl.sk, 0, "hello");
	receive(word, &rx);
	is(word, "messages afterwards", 1, rx.n);
	is(word, "lost afterwards", false, rx.lost);
	printf("%s: held\n", word);
}

static void expect_order(void)
{
	static const uint32_t order[] = { 3, 1, 2 };
	struct vsl_nl_rx rx;
	unsigned int i;

	ask(nl.sk, 0, "unordered");
	receive("unordered", &rx);
	is("unordered", "messages", 3, rx.n);
	for (i = 0; i < 3; i++)
		is("unordered", "as they came", order[i], rx.msgs[i]->nlmsg_seq);
	printf("unordered: held\n");
}

/* More than the queue holds: some are lost, which is said once, and the rest is right. */
static void expect_overflow(void)
{
	unsigned int n = 0, told = 0;
	uint32_t last = 0, seq;
	struct vsl_nl_rx rx;
	unsigned int i;

	vsl_nl_set_rcvbuf(&nl, 64 << 10);
	ask(nl.sk, 0, "flood");
	do {
		receive("flood", &rx);
		told += rx.lost;
		for (i = 0; i < rx.n; i++) {
			seq = rx.msgs[i]->nlmsg_seq;
			if (n++ && seq <= last)
				fail("flood", "in order, each once", last + 1, seq);
			last = seq;
		}
	} while (rx.n);
	if (!n || n >= FLOOD)
		fail("flood", "a part of them", FLOOD / 2, n);
	is("flood", "times that it was said", 1, told);
	expect("hello", 1, false);
	printf("flood: held, %u of %d came\n", n, FLOOD);
}

/* Another process sends to our socket, as root may: it is not the kernel. */
static void expect_deaf_to_others(void)
{
	struct nl_sock *other;
	struct vsl_nl_rx rx;

	open_socket(&other);
	ask(other, nl_socket_get_local_port(nl.sk), "hello");
	receive("others", &rx);
	is("others", "messages", 0, rx.n);
	nl_socket_free(other);
	printf("others: held\n");
}

int main(void)
{
	nl.family[VSL_FAM_PACKET] = 0x41;	/* what is answered is of 0x40 */
	open_socket(&nl.sk);
	nl_socket_add_membership(nl.sk, GROUP);
	expect("hello", 1, false);
	expect("group", 1, false);
	expect("truncated", 0, false);
	expect("short", 0, false);
	expect("tiny", 0, false);
	expect("duplicate", 2, false);
	expect("oversized", 0, true);
	expect("foreign", 1, false);
	expect("many", VSL_NL_RECV_MAX, true);
	expect_order();
	expect_deaf_to_others();
	expect_overflow();
	vsl_nl_ring_free(nl.ring);
	nl_socket_free(nl.sk);
	return 0;
}
