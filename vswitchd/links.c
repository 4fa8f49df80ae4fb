// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * links.c - network devices that come, and links that go up and down
 *
 * The datapath's own events tell of its ports, not of devices that are none yet,
 * and not of their links: the routing family's do.
 */
#include "links.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>

#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "lib/log.h"

/* A namespace's end may bring very many at once. */
#define RECEIVE_BUFFER	(1 << 20)

struct links {
	struct nl_sock *sk;
	links_changed_fn *changed;
	void *ctx;
};

static void read_link(struct links *l, struct nlmsghdr *msg)
{
	const struct ifinfomsg *info;
	const struct nlattr *name;

	if (msg->nlmsg_type != RTM_NEWLINK || !nlmsg_valid_hdr(msg, sizeof(*info)))
		return;
	info = nlmsg_data(msg);
	/* a bridge's port and the like are told of a second time */
	if (info->ifi_family != AF_UNSPEC)
		return;
	name = nlmsg_find_attr(msg, sizeof(*info), IFLA_IFNAME);
	if (!name || !nla_len(name) || ((char *)nla_data(name))[nla_len(name) - 1])
		return;
	l->changed(l->ctx, nla_data(name), (info->ifi_flags & IFF_UP) &&
		   (info->ifi_flags & IFF_RUNNING));
}

static int on_message(struct nl_msg *msg, void *arg)
{
	read_link(arg, nlmsg_hdr(msg));
	return NL_OK;
}

/**
 * links_create() - listen
 * @changed: told of every change, from within links_follow()
 * @ctx: for @changed
 *
 * Return: to be given to links_destroy(); NULL and errno on failure.
 */
struct links *links_create(links_changed_fn *changed, void *ctx)
{
	struct links *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->changed = changed;
	l->ctx = ctx;
	l->sk = nl_socket_alloc();
	if (!l->sk)
		goto err;
	nl_socket_disable_seq_check(l->sk);
	nl_socket_modify_cb(l->sk, NL_CB_VALID, NL_CB_CUSTOM, on_message, l);
	if (nl_connect(l->sk, NETLINK_ROUTE) < 0 || nl_socket_set_nonblocking(l->sk) < 0 ||
	    nl_socket_add_membership(l->sk, RTNLGRP_LINK) < 0)
		goto err;
	nl_socket_set_buffer_size(l->sk, RECEIVE_BUFFER, 0);
	return l;

err:
	links_destroy(l);
	return NULL;
}

/**
 * links_destroy() - listen no more
 * @l: or NULL
 */
void links_destroy(struct links *l)
{
	if (!l)
		return;
	nl_socket_free(l->sk);
	free(l);
}

/**
 * links_fd() - what to poll
 * @l: the links
 *
 * Return: a descriptor, readable when links_follow() has something to do.
 */
int links_fd(const struct links *l)
{
	return nl_socket_get_fd(l->sk);
}

/* Some were lost: ask for all. The answers come as the events do. */
static void ask_again(struct links *l)
{
	struct ifinfomsg info = { .ifi_family = AF_UNSPEC };
	int err = nl_send_simple(l->sk, RTM_GETLINK, NLM_F_DUMP, &info, sizeof(info));

	if (err < 0)
		vsl_warn("events of links were lost: %s", nl_geterror(err));
}

/**
 * links_follow() - read what has come
 * @l: the links
 */
void links_follow(struct links *l)
{
	int err = nl_recvmsgs_default(l->sk);

	if (err == -NLE_NOMEM)
		ask_again(l);
}
