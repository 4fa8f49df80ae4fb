// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * record WORD DP-IFINDEX UPCALLS COMMAND...: what the kernel answers about a
 * datapath, and the UPCALLS that COMMAND makes, message by message, as lines
 * "WORD KIND HEX" for tests/unit/recorded.txt.  KIND is datapath, port, flow or
 * upcall; HEX a whole netlink message.
 *
 * `tests/interop/run record` makes the datapath by ovs-dpctl under either module,
 * so that the library is tested with what kernels say and not with what we think
 * they do.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <netlink/msg.h>

#include "lib/dp.h"
#include "lib/nl.h"
#include "wire.h"

#define WAIT_MS	10000

static struct vsl_nl *nl;
static const char *word;

static int print(const struct nlmsghdr *nlh, void *kind)
{
	const unsigned char *p = (const unsigned char *)nlh;
	uint32_t i;

	printf("%s %s ", word, (const char *)kind);
	for (i = 0; i < nlh->nlmsg_len; i++)
		printf("%02x", p[i]);
	putchar('\n');
	return 0;
}

static void die(const char *what, int err)
{
	fprintf(stderr, "record: %s: %s\n", what, vsl_nl_strerror(nl, err));
	exit(1);
}

static void dump(enum vsl_family family, int cmd, int dp_ifindex, char *kind)
{
	int err = vsl_nl_dump(nl, vsl_nl_msg(nl, family, cmd, 0, dp_ifindex),
			      print, kind);

	if (err)
		die(kind, err);
}

static void run(char **command)
{
	int status;

	if (!fork()) {
		execv(command[0], command);
		_exit(127);
	}
	if (wait(&status) < 0 || status)
		die(command[0], -EINVAL);
}

static void record_upcalls(int dp_ifindex, unsigned int wanted, char **command)
{
	struct pollfd pfd = { .events = POLLIN };
	struct vsl_nl *upcalls;
	struct vsl_nl_rx rx;
	struct vsl_dp dp;
	unsigned int i;
	uint32_t pid;
	int err;

	err = vsl_nl_clone(nl, &upcalls);
	if (err)
		die("a second socket", err);
	pid = vsl_nl_pid(upcalls);
	err = vsl_dp_set(nl, dp_ifindex,
			 OVS_DP_F_UNALIGNED | OVS_DP_F_DISPATCH_UPCALL_PER_CPU,
			 &pid, 1, &dp);
	if (err)
		die("upcalls", err);
	run(command);
	pfd.fd = vsl_nl_fd(upcalls);
	while (wanted) {
		if (poll(&pfd, 1, WAIT_MS) <= 0)
			die("upcalls", -ETIMEDOUT);
		err = vsl_nl_recv(upcalls, &rx);
		if (err || rx.n > wanted)
			die("upcalls", err ? err : -E2BIG);
		for (i = 0; i < rx.n; i++)
			print(rx.msgs[i], "upcall");
		wanted -= rx.n;
	}
	vsl_nl_close(upcalls);
}

int main(int argc, char **argv)
{
	int dp_ifindex;
	char why[256];

	if (argc < 5 || vsl_nl_open(&nl, "ovs", why, sizeof(why))) {
		fprintf(stderr, "record: %s\n",
			argc < 5 ? "usage: record WORD DP-IFINDEX UPCALLS COMMAND..." :
				   why);
		return 2;
	}
	word = argv[1];
	dp_ifindex = atoi(argv[2]);
	dump(VSL_FAM_DATAPATH, OVS_DP_CMD_GET, 0, "datapath");
	dump(VSL_FAM_VPORT, OVS_VPORT_CMD_GET, dp_ifindex, "port");
	dump(VSL_FAM_FLOW, OVS_FLOW_CMD_GET, dp_ifindex, "flow");
	record_upcalls(dp_ifindex, atoi(argv[3]), argv + 4);
	vsl_nl_close(nl);
	return 0;
}
