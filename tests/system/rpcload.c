// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpcload SOCKET calls N REQUEST	N calls over one connection, one after the other
 * rpcload SOCKET connect N REQUEST	N connections with a call each
 * rpcload SOCKET hold N		N connections; what the last is told
 * rpcload SOCKET stall N REQUEST	N connections that ask and ask and never read,
 *					until all are hung up on
 *
 * Clients of the control socket, more or less welcome. Prints the last answer, or
 * for "stall" how many seconds it took.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "lib/rpc.h"
#include "lib/util.h"

#define HOLD_MAX 100

static const char *path;

static void fail(const char *what)
{
	fprintf(stderr, "rpcload: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int connect_to(void)
{
	struct sockaddr_un addr;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (!vsl_rpc_address(path, &addr) || fd < 0 ||
	    connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		fail(path);
	return fd;
}

static void ask(int fd, const char *request)
{
	struct vsl_str line = VSL_STR_INIT;

	vsl_str_printf(&line, "%s\n", request);
	if (send(fd, line.s, line.len, MSG_NOSIGNAL) != (ssize_t)line.len)
		fail("send");
	vsl_str_free(&line);
}

/* Up to the newline; the last answer is kept for printing. */
static void hear(int fd, struct vsl_str *answer)
{
	char buf[16384];
	ssize_t n;

	vsl_str_clear(answer);
	do {
		n = read(fd, buf, sizeof(buf));
		if (n <= 0)
			fail("read");
		vsl_str_putn(answer, buf, n);
	} while (buf[n - 1] != '\n');
}

static void stall(int n, const char *request)
{
	struct pollfd fds[HOLD_MAX];
	uint64_t start_ms = vsl_now_ms();
	struct vsl_str line = VSL_STR_INIT;
	int i, left = n;

	vsl_str_printf(&line, "%s\n", request);
	for (i = 0; i < n; i++)
		fds[i] = (struct pollfd){ connect_to(), POLLOUT, 0 };
	while (left) {
		if (poll(fds, n, 60000) <= 0)
			fail("nobody hangs up");
		for (i = 0; i < n; i++) {
			if (!fds[i].revents)
				continue;
			/* until it no longer fits: then only the hang-up is waited for */
			if (!(fds[i].revents & (POLLHUP | POLLERR)) &&
			    send(fds[i].fd, line.s, line.len, MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
				continue;
			if (errno == EAGAIN && !(fds[i].revents & (POLLHUP | POLLERR))) {
				fds[i].events = 0;
				continue;
			}
			close(fds[i].fd);
			fds[i].fd = -1;
			left--;
		}
	}
	vsl_str_free(&line);
	printf("%.1f\n", (vsl_now_ms() - start_ms) / 1e3);
}

int main(int argc, char *argv[])
{
	struct vsl_str answer = VSL_STR_INIT;
	int i, n, fd = -1;

	if (argc < 4)
		return 2;
	path = argv[1];
	n = atoi(argv[3]);
	if (!strcmp(argv[2], "stall") && argc == 5 && n <= HOLD_MAX) {
		stall(n, argv[4]);
		return 0;
	}
	for (i = 0; i < n; i++) {
		if (!i || strcmp(argv[2], "calls"))
			fd = connect_to();
		if (argc == 5) {
			ask(fd, argv[4]);
			hear(fd, &answer);
		}
		if (!strcmp(argv[2], "connect"))
			close(fd);
	}
	if (!strcmp(argv[2], "hold"))
		hear(fd, &answer);
	fputs(vsl_str_text(&answer), stdout);
	vsl_str_free(&answer);
	return 0;
}
