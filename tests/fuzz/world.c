// SPDX-License-Identifier: GPL-2.0-or-later
/* Families, sockets, datapaths: see world.h. */
#include "world.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "ovs_abi.h"
#include "vswitch_lite.h"

static void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(2);
}

void world_resolve(struct fuzz_world *world, const char *prefix, int families)
{
	static const char *const suffixes[] = {
		VSL_SUFFIX_DATAPATH, VSL_SUFFIX_VPORT, VSL_SUFFIX_FLOW,
		VSL_SUFFIX_PACKET, VSL_SUFFIX_METER,
	};
	struct nl_sock *sk = nl_socket_alloc();
	char name[64];
	int i, id;

	if (!sk || genl_connect(sk))
		die("generic netlink");
	memset(world, 0, sizeof(*world));
	world->type[FUZZ_CTRL] = GENL_ID_CTRL;
	for (i = 0; i < families; i++) {
		if (i < FUZZ_MODULE)
			snprintf(name, sizeof(name), "%s%s", prefix,
				 suffixes[i]);
		else
			snprintf(name, sizeof(name), "%s", VSL_FAMILY);
		id = genl_ctrl_resolve(sk, name);
		if (id < 0) {
			fprintf(stderr, "no family %s: load the module\n",
				name);
			exit(2);
		}
		world->type[i] = id;
	}
	nl_socket_free(sk);
}

int world_socket(struct fuzz_world *world, uint32_t portid)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_pid = portid };
	socklen_t len = sizeof(addr);
	int on = 1;

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    getsockname(fd, (struct sockaddr *)&addr, &len))
		die("socket");
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	world->portid = addr.nl_pid;
	return fd;
}

int world_open(struct fuzz_world *world, const char *prefix)
{
	world_resolve(world, prefix, FUZZ_CTRL);
	return world_socket(world, 0);
}

/* A datapath that was deleted by mistake comes back. */
static void make_keep(const struct fuzz_world *world, int fd,
		      struct nl_msg *msg)
{
	struct genlmsghdr genl = { .cmd = OVS_DP_CMD_NEW,
				   .version = OVS_DATAPATH_VERSION };
	struct nlmsghdr *h = nlmsg_hdr(msg);
	uint32_t ifindex = 0;

	memset(h, 0, sizeof(*h));
	h->nlmsg_len = NLMSG_HDRLEN;
	h->nlmsg_type = world->type[FUZZ_DATAPATH];
	h->nlmsg_flags = NLM_F_REQUEST;
	nlmsg_append(msg, &genl, sizeof(genl), NLMSG_ALIGNTO);
	nlmsg_append(msg, &ifindex, sizeof(ifindex), NLMSG_ALIGNTO);
	nla_put_string(msg, OVS_DP_ATTR_NAME, "fzkeep");
	nla_put_u32(msg, OVS_DP_ATTR_UPCALL_PID, world->portid);
	send(fd, h, h->nlmsg_len, 0);
}

void world_look(struct fuzz_world *world, int fd, struct nl_msg *msg)
{
	char name[IFNAMSIZ];
	int i;

	world->keep = if_nametoindex("fzkeep");
	if (!world->keep)
		make_keep(world, fd, msg);
	for (i = 0; i < FUZZ_DPS; i++) {
		snprintf(name, sizeof(name), "fz%d", i);
		world->dps[i] = if_nametoindex(name);
	}
}
