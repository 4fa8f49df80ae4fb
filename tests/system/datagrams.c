// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * datagrams SOCKET: stands in for systemd or syslog. Listens at the Unix datagram
 * socket SOCKET ("@name" for an abstract one), says "listening" on standard error,
 * and prints what comes, a line a datagram, newlines within as blanks.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

int main(int argc, char *argv[])
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	size_t len = argc == 2 ? strlen(argv[1]) : 0;
	char buf[4096];
	ssize_t n;
	int fd;

	if (!len || len >= sizeof(addr.sun_path)) {
		fprintf(stderr, "usage: datagrams SOCKET\n");
		return 2;
	}
	memcpy(addr.sun_path, argv[1], len);
	if (addr.sun_path[0] == '@')
		addr.sun_path[0] = 0;
	fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr,
			   offsetof(struct sockaddr_un, sun_path) + len)) {
		fprintf(stderr, "%s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	/* anybody may say something, as with syslog's */
	if (addr.sun_path[0])
		chmod(argv[1], 0666);
	fprintf(stderr, "listening\n");
	for (;;) {
		n = recv(fd, buf, sizeof(buf) - 1, 0);
		if (n < 0)
			return 1;
		buf[n] = 0;
		for (ssize_t i = 0; i < n; i++)
			if (buf[i] == '\n')
				buf[i] = ' ';
		puts(buf);
		fflush(stdout);
	}
}
