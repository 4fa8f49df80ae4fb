// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * send DEVICE HEX...: each HEX is a frame that leaves by the device, as it is.
 * dpctl.script uses it; it returns when the frames have gone through a veth.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static size_t from_hex(const char *hex, unsigned char *out, size_t size)
{
	size_t n = 0;
	unsigned int byte;

	for (; n < size && sscanf(hex, "%2x", &byte) == 1; hex += 2)
		out[n++] = byte;
	return n;
}

int main(int argc, char **argv)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET };
	unsigned char frame[2048];
	int fd, i;

	if (argc < 3) {
		fprintf(stderr, "usage: send DEVICE HEX...\n");
		return 2;
	}
	to.sll_ifindex = if_nametoindex(argv[1]);
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	for (i = 2; i < argc; i++) {
		size_t len = from_hex(argv[i], frame, sizeof(frame));

		if (sendto(fd, frame, len, 0, (struct sockaddr *)&to,
			   sizeof(to)) != (ssize_t)len) {
			fprintf(stderr, "send: %s: %s\n", argv[1],
				strerror(errno));
			return 1;
		}
	}
	return 0;
}
