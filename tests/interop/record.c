// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * record WORD DP-IFINDEX: what the kernel answers about a datapath, message by
 * message, as lines "WORD KIND HEX" for tests/unit/recorded.txt.  KIND is
 * datapath, port or flow; HEX a whole netlink message.
 *
 * `tests/interop/run record` makes the datapath by ovs-dpctl under either module,
 * so that the library is tested with what kernels say and not with what we think
 * they do.
 */
#include <stdio.h>
#include <stdlib.h>

#include <netlink/msg.h>

#include "lib/nl.h"
#include "wire.h"

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

static void dump(enum vsl_family family, int cmd, int dp_ifindex, char *kind)
{
	int err = vsl_nl_dump(nl, vsl_nl_msg(nl, family, cmd, 0, dp_ifindex),
			      print, kind);

	if (err) {
		fprintf(stderr, "record: %s: %s\n", kind,
			vsl_nl_strerror(nl, err));
		exit(1);
	}
}

int main(int argc, char **argv)
{
	int dp_ifindex;
	char why[256];

	if (argc != 3 || vsl_nl_open(&nl, "ovs", why, sizeof(why))) {
		fprintf(stderr, "record: %s\n",
			argc == 3 ? why : "usage: record WORD DP-IFINDEX");
		return 2;
	}
	word = argv[1];
	dp_ifindex = atoi(argv[2]);
	dump(VSL_FAM_DATAPATH, OVS_DP_CMD_GET, 0, "datapath");
	dump(VSL_FAM_VPORT, OVS_VPORT_CMD_GET, dp_ifindex, "port");
	dump(VSL_FAM_FLOW, OVS_FLOW_CMD_GET, dp_ifindex, "flow");
	vsl_nl_close(nl);
	return 0;
}
