// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ports: struct vsl_port <-> messages of family PREFIX_vport, see port.h.
 */
#include "port.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netlink/genl/genl.h>

#define PORT_ATTR_MAX VSL_OVS_VPORT_ATTR_UPCALL_STATS

static struct nla_policy port_policy[PORT_ATTR_MAX + 1] = {
	[OVS_VPORT_ATTR_PORT_NO] = { .type = NLA_U32 },
	[OVS_VPORT_ATTR_TYPE] = { .type = NLA_U32 },
	[OVS_VPORT_ATTR_NAME] = { .type = NLA_STRING, .maxlen = IFNAMSIZ },
	[OVS_VPORT_ATTR_STATS] = { .minlen = sizeof(struct ovs_vport_stats) },
	[OVS_VPORT_ATTR_IFINDEX] = { .type = NLA_U32 },
	[OVS_VPORT_ATTR_NETNSID] = { .type = NLA_U32 },
};

static const struct {
	const char *name;
	uint32_t type;
} types[] = {
	{ "netdev", OVS_VPORT_TYPE_NETDEV },
	{ "system", OVS_VPORT_TYPE_NETDEV },	/* ovs-dpctl's word for it */
	{ "internal", OVS_VPORT_TYPE_INTERNAL },
	{ "gre", OVS_VPORT_TYPE_GRE },
	{ "vxlan", OVS_VPORT_TYPE_VXLAN },
	{ "geneve", OVS_VPORT_TYPE_GENEVE },
};

/* OVS_VPORT_ATTR_UPCALL_STATS holds two u64: 0 is success, 1 is failure. */
static void read_upcall_stats(struct vsl_port *port, struct nlattr *nest)
{
	struct nlattr *nla;
	int rem;

	nla_for_each_nested(nla, nest, rem) {
		if (nla_len(nla) != sizeof(uint64_t))
			continue;
		if (nla_type(nla) == 0)
			memcpy(&port->upcall_success, nla_data(nla),
			       sizeof(uint64_t));
		else if (nla_type(nla) == 1)
			memcpy(&port->upcall_fail, nla_data(nla),
			       sizeof(uint64_t));
	}
	port->has_upcall_stats = true;
}

static void read_optional(struct vsl_port *port, struct nlattr **tb)
{
	struct nlattr *nla = tb[OVS_VPORT_ATTR_STATS];

	if (nla) {
		port->has_stats = true;
		memcpy(&port->stats, nla_data(nla), sizeof(port->stats));
	}
	if (tb[VSL_OVS_VPORT_ATTR_UPCALL_STATS])
		read_upcall_stats(port, tb[VSL_OVS_VPORT_ATTR_UPCALL_STATS]);
	if (tb[OVS_VPORT_ATTR_IFINDEX])
		port->ifindex = nla_get_u32(tb[OVS_VPORT_ATTR_IFINDEX]);
	nla = tb[OVS_VPORT_ATTR_NETNSID];
	if (nla) {
		port->has_netnsid = true;
		port->netnsid = (int)nla_get_u32(nla);
	}
	nla = tb[OVS_VPORT_ATTR_UPCALL_PID];
	if (nla && nla_len(nla) >= (int)sizeof(uint32_t)) {
		port->n_pids = nla_len(nla) / sizeof(uint32_t);
		memcpy(&port->pid, nla_data(nla), sizeof(port->pid));
	}
}

int vsl_port_from_msg(struct vsl_port *port, const struct nlmsghdr *nlh)
{
	struct nlmsghdr *hdr = (struct nlmsghdr *)nlh;
	struct nlattr *tb[PORT_ATTR_MAX + 1];
	const struct ovs_header *oh;

	if (!genlmsg_valid_hdr(hdr, sizeof(*oh)) ||
	    genlmsg_parse(hdr, sizeof(*oh), tb, PORT_ATTR_MAX, port_policy) < 0)
		return -EINVAL;
	if (!tb[OVS_VPORT_ATTR_PORT_NO] || !tb[OVS_VPORT_ATTR_TYPE] ||
	    !tb[OVS_VPORT_ATTR_NAME])
		return -EINVAL;

	memset(port, 0, sizeof(*port));
	oh = genlmsg_user_hdr(genlmsg_hdr(hdr));
	port->cmd = genlmsg_hdr(hdr)->cmd;
	port->dp_ifindex = oh->dp_ifindex;
	port->port_no = nla_get_u32(tb[OVS_VPORT_ATTR_PORT_NO]);
	port->type = nla_get_u32(tb[OVS_VPORT_ATTR_TYPE]);
	nla_strlcpy(port->name, tb[OVS_VPORT_ATTR_NAME], sizeof(port->name));
	read_optional(port, tb);
	return 0;
}

/* Send @msg (consumed) and read the port that comes back into @port. */
static int transact(struct vsl_nl *nl, struct nl_msg *msg,
		    struct vsl_port *port)
{
	struct nl_msg *reply;
	int err = vsl_nl_transact(nl, msg, &reply);

	if (err)
		return err;
	if (port)
		err = reply ? vsl_port_from_msg(port, nlmsg_hdr(reply)) :
			      -EPROTO;
	nlmsg_free(reply);
	return err;
}

int vsl_port_new(struct vsl_nl *nl, int dp_ifindex, const char *name,
		 uint32_t type, uint32_t port_no, uint32_t upcall_pid,
		 struct vsl_port *port)
{
	struct nl_msg *msg = vsl_nl_msg(nl, VSL_FAM_VPORT, OVS_VPORT_CMD_NEW,
					NLM_F_ECHO, dp_ifindex);

	if (msg) {
		nla_put_u32(msg, OVS_VPORT_ATTR_TYPE, type);
		nla_put_string(msg, OVS_VPORT_ATTR_NAME, name);
		nla_put_u32(msg, OVS_VPORT_ATTR_UPCALL_PID, upcall_pid);
		if (port_no != VSL_PORT_ANY)
			nla_put_u32(msg, OVS_VPORT_ATTR_PORT_NO, port_no);
	}
	return transact(nl, msg, port);
}

int vsl_port_get(struct vsl_nl *nl, int dp_ifindex, const char *name,
		 uint32_t port_no, struct vsl_port *port)
{
	struct nl_msg *msg = vsl_nl_msg(nl, VSL_FAM_VPORT, OVS_VPORT_CMD_GET, 0,
					dp_ifindex);

	if (msg && name)
		nla_put_string(msg, OVS_VPORT_ATTR_NAME, name);
	else if (msg)
		nla_put_u32(msg, OVS_VPORT_ATTR_PORT_NO, port_no);
	return transact(nl, msg, port);
}

int vsl_port_set_pid(struct vsl_nl *nl, int dp_ifindex, uint32_t port_no,
		     uint32_t upcall_pid)
{
	struct nl_msg *msg = vsl_nl_msg(nl, VSL_FAM_VPORT, OVS_VPORT_CMD_SET, 0,
					dp_ifindex);

	if (msg) {
		nla_put_u32(msg, OVS_VPORT_ATTR_PORT_NO, port_no);
		nla_put_u32(msg, OVS_VPORT_ATTR_UPCALL_PID, upcall_pid);
	}
	return transact(nl, msg, NULL);
}

int vsl_port_del(struct vsl_nl *nl, int dp_ifindex, uint32_t port_no)
{
	struct nl_msg *msg = vsl_nl_msg(nl, VSL_FAM_VPORT, OVS_VPORT_CMD_DEL, 0,
					dp_ifindex);

	if (msg)
		nla_put_u32(msg, OVS_VPORT_ATTR_PORT_NO, port_no);
	return transact(nl, msg, NULL);
}

struct dump {
	vsl_port_cb cb;
	void *arg;
};

static int dump_one(const struct nlmsghdr *nlh, void *arg)
{
	const struct dump *dump = arg;
	struct vsl_port port;
	int err = vsl_port_from_msg(&port, nlh);

	return err ? err : dump->cb(&port, dump->arg);
}

int vsl_port_dump(struct vsl_nl *nl, int dp_ifindex, vsl_port_cb cb, void *arg)
{
	struct dump dump = { cb, arg };

	return vsl_nl_dump(nl, vsl_nl_msg(nl, VSL_FAM_VPORT, OVS_VPORT_CMD_GET,
					  0, dp_ifindex), dump_one, &dump);
}

const char *vsl_port_type_name(uint32_t type)
{
	for (size_t i = 0; i < VSL_ARRAY_SIZE(types); i++)
		if (types[i].type == type)
			return types[i].name;
	return "unknown";
}

uint32_t vsl_port_type_parse(const char *name)
{
	for (size_t i = 0; i < VSL_ARRAY_SIZE(types); i++)
		if (!strcmp(types[i].name, name))
			return types[i].type;
	return OVS_VPORT_TYPE_UNSPEC;
}

int vsl_port_link_up(const char *name)
{
	/* any socket will do, and a service may make no others */
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq ifr = { 0 };
	int err = 0;

	if (fd < 0)
		return -errno;
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	if (ioctl(fd, SIOCGIFFLAGS, &ifr)) {
		err = -errno;
	} else if (!(ifr.ifr_flags & IFF_UP)) {
		ifr.ifr_flags |= IFF_UP;
		if (ioctl(fd, SIOCSIFFLAGS, &ifr))
			err = -errno;
	}
	close(fd);
	return err;
}
