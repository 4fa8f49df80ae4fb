// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * requests WORD COUNT COMMAND...: the flows and packets that COMMAND, or a daemon
 * which it sets to work, sends to the datapath: COUNT requests, as the device
 * nlmon0 has heard them on their way to the kernel, as lines "WORD KIND HEX" for
 * tests/unit/recorded.txt.  KIND is put (of a flow) or execute; what only probes
 * for features is left out.  See record.sh.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include "lib/nl.h"
#include "lib/util.h"

#define WAIT_MS	20000
#define OVS_HDRLEN	sizeof(struct ovs_header)

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* Everything that goes through the device, without a header of its own. */
static int listen_to(const char *device)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(device),
	};
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	/* it is read when COMMAND has ended: a client's dumps at its start are long */
	int size = 64 << 20;

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		die(device);
	return fd;
}

static const char *kind_of(const struct vsl_nl *nl, struct nlmsghdr *nlh)
{
	int family = vsl_nl_family_of(nl, nlh);
	int cmd = genlmsg_hdr(nlh)->cmd;

	/* answers have the commands' numbers */
	if (!(nlh->nlmsg_flags & NLM_F_REQUEST))
		return NULL;
	if (family == VSL_FAM_FLOW && cmd == OVS_FLOW_CMD_NEW &&
	    !nlmsg_find_attr(nlh, GENL_HDRLEN + OVS_HDRLEN, OVS_FLOW_ATTR_PROBE))
		return "put";
	if (family == VSL_FAM_PACKET && cmd == OVS_PACKET_CMD_EXECUTE &&
	    !nlmsg_find_attr(nlh, GENL_HDRLEN + OVS_HDRLEN, OVS_PACKET_ATTR_PROBE))
		return "execute";
	return NULL;
}

/* A datagram holds several requests, where its sender had several. */
static unsigned int print(const struct vsl_nl *nl, const char *word,
			  struct nlmsghdr *nlh, int len)
{
	struct vsl_str str = VSL_STR_INIT;
	unsigned int n = 0;
	const char *kind;

	for (; nlmsg_ok(nlh, len); nlh = nlmsg_next(nlh, &len)) {
		kind = kind_of(nl, nlh);
		if (!kind)
			continue;
		vsl_str_clear(&str);
		vsl_str_puthex(&str, nlh, nlh->nlmsg_len);
		printf("%s %s %s\n", word, kind, str.s);
		n++;
	}
	vsl_str_free(&str);
	return n;
}

static void run(char **command)
{
	int status;

	if (!fork()) {
		/* standard output is for what is recorded */
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execvp(command[0], command);
		_exit(127);
	}
	if (wait(&status) < 0 || status)
		die(command[0]);
}

int main(int argc, char **argv)
{
	struct sockaddr_ll from;
	socklen_t from_len;
	static char buf[1 << 20] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct pollfd pfd = { .events = POLLIN };
	unsigned int wanted, n = 0;
	struct vsl_nl *nl;
	char why[256];
	ssize_t len;

	if (argc < 4 || vsl_nl_open(&nl, "ovs", why, sizeof(why))) {
		fprintf(stderr, "requests: %s\n", argc < 4 ?
			"usage: requests WORD COUNT COMMAND..." : why);
		return 2;
	}
	wanted = atoi(argv[2]);
	pfd.fd = listen_to("nlmon0");
	run(argv + 3);
	while (n < wanted) {
		if (poll(&pfd, 1, WAIT_MS) <= 0) {
			errno = ETIMEDOUT;
			die("requests");
		}
		from_len = sizeof(from);
		len = recvfrom(pfd.fd, buf, sizeof(buf), 0,
			       (struct sockaddr *)&from, &from_len);
		if (len < 0)
			die("recvfrom");
		if (ntohs(from.sll_protocol) == NETLINK_GENERIC)
			n += print(nl, argv[1], (void *)buf, len);
	}
	close(pfd.fd);
	vsl_nl_close(nl);
	return 0;
}
