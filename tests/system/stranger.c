// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stranger SOCKET: what listens at a control socket, and is no vswitchd-lite. Whatever
 * a client asks, it is told the standard input, and hung up on.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/rpc.h"

#define MOST (64 << 20)

/* An answer that is not read to its end is not this program's end. */
static void answer(int fd, const char *text, size_t len)
{
	char ask[65536];
	ssize_t n = recv(fd, ask, sizeof(ask), 0);

	while (n > 0 && len) {
		n = send(fd, text, len, MSG_NOSIGNAL);
		if (n > 0) {
			text += n;
			len -= n;
		}
	}
	close(fd);
}

int main(int argc, char **argv)
{
	char *text = malloc(MOST);
	struct sockaddr_un addr;
	int fd, client;
	size_t len;

	if (argc != 2 || !text || !vsl_rpc_address(argv[1], &addr))
		errx(2, "usage: stranger SOCKET <ANSWER");
	len = fread(text, 1, MOST, stdin);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) || listen(fd, 8))
		err(1, "%s", argv[1]);
	while ((client = accept(fd, NULL, NULL)) >= 0)
		answer(client, text, len);
	err(1, "accept");
}
