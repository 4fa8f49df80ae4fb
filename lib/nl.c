// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sockets, requests and dumps over libnl: see nl.h.  dp.c, port.c, flow.c,
 * packet.c and module.c build on this; nl_answer.c receives the answers, and
 * nl_batch.c and nl_recv.c are the two ways of moving many messages at once.
 */
#include "nl_private.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/family.h>
#include <netlink/genl/genl.h>

#include "module.h"
#include "vswitch_lite.h"

#define SOCKET_BUF (4 * 1024 * 1024)

static const char *const suffixes[] = {
	[VSL_FAM_DATAPATH] = VSL_SUFFIX_DATAPATH,
	[VSL_FAM_VPORT] = VSL_SUFFIX_VPORT,
	[VSL_FAM_FLOW] = VSL_SUFFIX_FLOW,
	[VSL_FAM_PACKET] = VSL_SUFFIX_PACKET,
	[VSL_FAM_METER] = VSL_SUFFIX_METER,
};

static const int versions[] = {
	[VSL_FAM_DATAPATH] = OVS_DATAPATH_VERSION,
	[VSL_FAM_VPORT] = OVS_VPORT_VERSION,
	[VSL_FAM_FLOW] = OVS_FLOW_VERSION,
	[VSL_FAM_PACKET] = OVS_PACKET_VERSION,
	[VSL_FAM_METER] = OVS_METER_VERSION,
	[VSL_FAM_MODULE] = VSL_FAMILY_VERSION,
};

/* libnl's error numbers lose which errno it was; errno itself is still there. */
static int libnl_errno(int nlerr)
{
	switch (-nlerr) {
	case NLE_NOMEM:
		return errno == ENOBUFS ? -ENOBUFS : -ENOMEM;
	case NLE_AGAIN:
		return -EAGAIN;
	case NLE_OBJ_NOTFOUND:
		return -ENOENT;
	case NLE_PERM:
		return -EPERM;
	default:
		return errno ? -errno : -EPROTO;
	}
}

static int socket_open(struct nl_sock **out)
{
	struct nl_sock *sk = nl_socket_alloc();
	int one = 1, size = SOCKET_BUF;
	int err;

	if (!sk)
		return -ENOMEM;
	nl_socket_disable_auto_ack(sk);
	errno = 0;
	err = genl_connect(sk);
	if (err < 0) {
		err = libnl_errno(err);
		nl_socket_free(sk);
		return err;
	}
	/* What the kernel has to say is queued when sendmsg() returns, so an
	 * empty queue means that nothing comes: never wait for it.
	 */
	nl_socket_set_nonblocking(sk);
	nl_socket_set_buffer_size(sk, SOCKET_BUF, SOCKET_BUF);
	setsockopt(nl_socket_get_fd(sk), SOL_SOCKET, SO_RCVBUFFORCE, &size,
		   sizeof(size));
	setsockopt(nl_socket_get_fd(sk), SOL_SOCKET, SO_SNDBUFFORCE, &size,
		   sizeof(size));
	setsockopt(nl_socket_get_fd(sk), SOL_NETLINK, NETLINK_EXT_ACK, &one,
		   sizeof(one));
	setsockopt(nl_socket_get_fd(sk), SOL_NETLINK, NETLINK_CAP_ACK, &one,
		   sizeof(one));
	*out = sk;
	return 0;
}

static int nl_alloc(struct vsl_nl **out)
{
	struct vsl_nl *nl = calloc(1, sizeof(*nl));
	int err = -ENOMEM;

	if (!nl)
		return err;
	err = socket_open(&nl->sk);
	if (err) {
		free(nl);
		return err;
	}
	nl->seq = 1;
	*out = nl;
	return 0;
}

/*
 * All families that there are. To ask for one by its name would have the kernel load a
 * module that has it: openvswitch.ko, where vswitch_lite.ko is away for a moment.
 */
static int list_families(struct vsl_nl *nl, struct nl_cache **all)
{
	int err;

	errno = 0;
	err = genl_ctrl_alloc_cache(nl->sk, all);
	return err < 0 ? libnl_errno(err) : 0;
}

/* Returns the family's number, or -ENOENT. */
static int resolve(struct nl_cache *all, const char *name)
{
	struct genl_family *family = genl_ctrl_search_by_name(all, name);
	int id = family ? (int)genl_family_get_id(family) : -ENOENT;

	genl_family_put(family);
	return id;
}

/* Resolve all families called @prefix...; on failure @missing is a name. */
static int resolve_prefix(struct vsl_nl *nl, struct nl_cache *all,
			  const char *prefix, char missing[64])
{
	for (int f = 0; f < VSL_FAM_MODULE; f++) {
		int id;

		snprintf(missing, 64, "%s%s", prefix, suffixes[f]);
		id = resolve(all, missing);
		if (id < 0)
			return id;
		nl->family[f] = id;
	}
	snprintf(nl->prefix, sizeof(nl->prefix), "%s", prefix);
	return 0;
}

static int find_prefix(struct vsl_nl *nl, struct nl_cache *all, char *errbuf,
		       size_t errlen)
{
	static const char *const prefixes[] = { "ovs", "vsl" };
	struct vsl_module module;
	char missing[64];
	int err = -ENOENT;

	if (nl->family[VSL_FAM_MODULE] && !vsl_module_get(nl, 0, &module)) {
		err = resolve_prefix(nl, all, module.prefix, missing);
		if (!err)
			return 0;
	}
	for (size_t i = 0; err && i < VSL_ARRAY_SIZE(prefixes); i++)
		err = resolve_prefix(nl, all, prefixes[i], missing);
	if (err)
		snprintf(errbuf, errlen,
			 "no Open vSwitch datapath module is loaded: insmod vswitch_lite.ko or modprobe openvswitch");
	return err;
}

static int find_families(struct vsl_nl *nl, const char *prefix, char *errbuf,
			 size_t errlen)
{
	struct vsl_module module;
	struct nl_cache *all;
	char missing[64];
	int id, err;

	err = list_families(nl, &all);
	if (err) {
		snprintf(errbuf, errlen, "looking for netlink families: %s",
			 strerror(-err));
		return err;
	}
	id = resolve(all, VSL_FAMILY);
	if (id > 0)
		nl->family[VSL_FAM_MODULE] = id;
	err = prefix ? resolve_prefix(nl, all, prefix, missing) :
		       find_prefix(nl, all, errbuf, errlen);
	nl_cache_free(all);
	if (!prefix)
		return err;
	/* Beside the stock module: what it says is not about these families. */
	if (!err && nl->family[VSL_FAM_MODULE] &&
	    !vsl_module_get(nl, 0, &module) && strcmp(module.prefix, prefix))
		nl->family[VSL_FAM_MODULE] = 0;
	if (err)
		snprintf(errbuf, errlen,
			 "no datapath module with family prefix \"%s\" is loaded (no netlink family %s): insmod vswitch_lite.ko family_prefix=%s, or leave --family-prefix out",
			 prefix, missing, prefix);
	return err;
}

int vsl_nl_open(struct vsl_nl **out, const char *prefix, char *errbuf,
		size_t errlen)
{
	struct vsl_nl *nl;
	int err;

	*out = NULL;
	err = nl_alloc(&nl);
	if (err) {
		snprintf(errbuf, errlen, "opening a netlink socket: %s",
			 strerror(-err));
		return err;
	}
	err = find_families(nl, prefix, errbuf, errlen);
	if (err) {
		vsl_nl_close(nl);
		return err;
	}
	*out = nl;
	return 0;
}

int vsl_nl_clone(const struct vsl_nl *nl, struct vsl_nl **out)
{
	int err = nl_alloc(out);

	if (err) {
		*out = NULL;
		return err;
	}
	memcpy((*out)->family, nl->family, sizeof(nl->family));
	memcpy((*out)->prefix, nl->prefix, sizeof(nl->prefix));
	return 0;
}

bool vsl_nl_same(const struct vsl_nl *a, const struct vsl_nl *b)
{
	return !memcmp(a->family, b->family, sizeof(a->family));
}

void vsl_nl_close(struct vsl_nl *nl)
{
	if (!nl)
		return;
	nlmsg_free(nl->req.reply);
	vsl_nl_ring_free(nl->ring);
	free(nl->inbox);
	nl_socket_free(nl->sk);
	free(nl);
}

int vsl_nl_fd(const struct vsl_nl *nl)
{
	return nl_socket_get_fd(nl->sk);
}

uint32_t vsl_nl_pid(const struct vsl_nl *nl)
{
	return nl_socket_get_local_port(nl->sk);
}

const char *vsl_nl_prefix(const struct vsl_nl *nl)
{
	return nl->prefix;
}

bool vsl_nl_has(const struct vsl_nl *nl, enum vsl_family family)
{
	return nl->family[family];
}

int vsl_nl_family_of(const struct vsl_nl *nl, const struct nlmsghdr *nlh)
{
	for (int f = 0; f < VSL_N_FAMILIES; f++)
		if (nl->family[f] && nl->family[f] == nlh->nlmsg_type)
			return f;
	return -1;
}

int vsl_nl_set_rcvbuf(struct vsl_nl *nl, int bytes)
{
	int fd = vsl_nl_fd(nl);

	if (!setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		return 0;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes)))
		return -errno;
	return 0;
}

void vsl_nl_put_header(const struct vsl_nl *nl, struct nl_msg *msg,
		       enum vsl_family family, int cmd, int flags,
		       int dp_ifindex)
{
	size_t hdrlen = family == VSL_FAM_MODULE ? 0 : sizeof(struct ovs_header);
	struct ovs_header *oh;

	nlmsg_hdr(msg)->nlmsg_len = NLMSG_HDRLEN;
	oh = genlmsg_put(msg, vsl_nl_pid(nl), 0, nl->family[family], hdrlen,
			 NLM_F_REQUEST | flags, cmd, versions[family]);
	if (hdrlen)
		oh->dp_ifindex = dp_ifindex;
}

struct nl_msg *vsl_nl_msg(struct vsl_nl *nl, enum vsl_family family, int cmd,
			  int flags, int dp_ifindex)
{
	struct nl_msg *msg = nlmsg_alloc_size(VSL_MSG_SIZE);

	if (msg)
		vsl_nl_put_header(nl, msg, family, cmd, flags, dp_ifindex);
	return msg;
}

int vsl_nl_send(struct vsl_nl *nl, void *data, size_t len)
{
	int n;

	errno = 0;
	n = nl_sendto(nl->sk, data, len);
	return n < 0 ? libnl_errno(n) : 0;
}

/* Send @msg (consumed). */
static int send_request(struct vsl_nl *nl, struct nl_msg *msg)
{
	struct nlmsghdr *nlh;
	int err;

	nl->extack[0] = '\0';
	if (!msg)
		return -ENOMEM;
	nlh = nlmsg_hdr(msg);
	nlh->nlmsg_seq = nl->req.seq = nl->seq++;
	err = vsl_nl_send(nl, nlh, nlh->nlmsg_len);
	nlmsg_free(msg);
	return err;
}

/* Take up to @max datagrams of the request's answers. */
static int take_answers(struct vsl_nl *nl, unsigned int max)
{
	int err = vsl_nl_pump(nl, max);

	if (err == -ENOBUFS) {
		nl->req.lost = true;
		return 0;
	}
	if (err == -EAGAIN)
		return nl->req.lost ? -ENOBUFS : -EPROTO;
	return err;
}

/* How the request has ended. */
static int request_result(const struct vsl_nl *nl)
{
	if (nl->req.err)
		return nl->req.err;
	return nl->req.lost ? -ENOBUFS : 0;
}

/* Send @msg (consumed), take its answers until it has ended. */
static int request(struct vsl_nl *nl, struct nl_msg *msg)
{
	int err = send_request(nl, msg);

	while (!err && !nl->req.done)
		err = take_answers(nl, VSL_NL_PUMP_MAX);
	return err ? err : request_result(nl);
}

int vsl_nl_transact(struct vsl_nl *nl, struct nl_msg *msg,
		    struct nl_msg **reply)
{
	int err;

	memset(&nl->req, 0, sizeof(nl->req));
	if (msg)
		nlmsg_hdr(msg)->nlmsg_flags |= NLM_F_ACK;
	err = request(nl, msg);
	if (reply)
		*reply = err ? NULL : nl->req.reply;
	if (err || !reply)
		nlmsg_free(nl->req.reply);
	nl->req.reply = NULL;
	return err;
}

int vsl_nl_dump_start(struct vsl_nl *nl, struct nl_msg *msg, vsl_nl_msg_cb cb, void *arg)
{
	memset(&nl->req, 0, sizeof(nl->req));
	nl->req.cb = cb;
	nl->req.arg = arg;
	if (msg)
		nlmsg_hdr(msg)->nlmsg_flags |= NLM_F_DUMP;
	return send_request(nl, msg);
}

/* @max datagrams at a time. */
static int dump_more(struct vsl_nl *nl, unsigned int max)
{
	int err = take_answers(nl, max);

	if (!err && !nl->req.done)
		return 1;
	if (!err)
		err = request_result(nl);
	if (err)
		return err;
	if (nl->req.stopped)
		return nl->req.stopped;
	return nl->req.interrupted ? -EAGAIN : 0;
}

int vsl_nl_dump_more(struct vsl_nl *nl)
{
	return dump_more(nl, 1);
}

int vsl_nl_dump(struct vsl_nl *nl, struct nl_msg *msg, vsl_nl_msg_cb cb,
		void *arg)
{
	int err = vsl_nl_dump_start(nl, msg, cb, arg);

	if (err)
		return err;
	do {
		err = dump_more(nl, VSL_NL_PUMP_MAX);
	} while (!nl->req.done && err == 1);
	return err;
}

int vsl_nl_join(struct vsl_nl *nl, enum vsl_family family)
{
	char name[64];
	int group, err;

	if (family >= VSL_FAM_PACKET)
		return -ENOENT;
	/* Each of these families has one group, of the same name. */
	snprintf(name, sizeof(name), "%s%s", nl->prefix, suffixes[family]);
	errno = 0;
	group = genl_ctrl_resolve_grp(nl->sk, name, name);
	if (group < 0)
		return libnl_errno(group);
	err = nl_socket_add_membership(nl->sk, group);
	return err < 0 ? libnl_errno(err) : 0;
}

const char *vsl_nl_extack(const struct vsl_nl *nl)
{
	return nl->extack;
}

const char *vsl_nl_strerror(const struct vsl_nl *nl, int err)
{
	static char buf[VSL_EXTACK_MAX + 128];
	const char *extack = nl ? nl->extack : "";
	const char *hint = "";

	if (err == -EPERM)
		hint = ": needs CAP_NET_ADMIN (run it as root, e.g. with sudo)";
	snprintf(buf, sizeof(buf), "%s%s%s%s", strerror(-err),
		 *extack ? ": " : "", extack, hint);
	return buf;
}
