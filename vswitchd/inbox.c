// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * inbox.c - many sockets as one: see inbox.h
 *
 * Sockets lie in an epoll set of their own, whose descriptor is what the loop
 * polls. The set is level-triggered: a socket that is not emptied goes to the end
 * of the kernel's list of readable ones, so however many there are, each comes
 * round.
 */
#include "inbox.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

/*
 * Ports whose numbers are this far apart share a socket, so that neither file
 * descriptors nor memory for upcalls grow without bound.
 */
#define MAX_SOCKETS 256

/*
 * What the kernel may queue for one socket before it drops upcalls: those of some
 * thousand small packets. More would be answered when nobody waits any more.
 */
#define RECEIVE_BUFFER (1 << 20)

/* Sockets that one turn looks at. */
#define MAX_READY VSL_NL_RECV_MAX

struct inbox {
	int epoll_fd;
	const struct vsl_nl *like;	/* sockets are made after it; borrowed */
	struct vsl_nl *shared;
	struct vsl_nl *ports[MAX_SOCKETS];
	struct vsl_nl_ring *ring;
};

static struct vsl_nl *open_socket(struct inbox *in)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct vsl_nl *nl;
	int err;

	err = vsl_nl_clone(in->like, &nl);
	if (err) {
		errno = -err;
		return NULL;
	}
	vsl_nl_set_rcvbuf(nl, RECEIVE_BUFFER);
	event.data.ptr = nl;
	if (epoll_ctl(in->epoll_fd, EPOLL_CTL_ADD, vsl_nl_fd(nl), &event)) {
		vsl_nl_close(nl);
		return NULL;
	}
	return nl;
}

/**
 * inbox_create() - an inbox with one socket, for whatever has none of its own
 * @nl: a socket to the module's families, only copied from; must live longer
 *
 * Nothing comes until the datapath is told inbox_port_pid() and
 * inbox_shared_pid().
 *
 * Return: to be given to inbox_destroy(); NULL and errno on failure.
 */
struct inbox *inbox_create(const struct vsl_nl *nl)
{
	struct inbox *in = calloc(1, sizeof(*in));

	if (!in)
		return NULL;
	in->like = nl;
	in->ring = vsl_nl_ring_new();
	in->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (in->epoll_fd >= 0)
		in->shared = open_socket(in);
	if (!in->ring || !in->shared) {
		inbox_destroy(in);
		return NULL;
	}
	return in;
}

/**
 * inbox_destroy() - close all sockets: upcalls to them are lost from now on
 * @in: or NULL
 */
void inbox_destroy(struct inbox *in)
{
	unsigned int i;

	if (!in)
		return;
	for (i = 0; i < MAX_SOCKETS; i++)
		vsl_nl_close(in->ports[i]);
	vsl_nl_close(in->shared);
	vsl_nl_ring_free(in->ring);
	if (in->epoll_fd >= 0)
		close(in->epoll_fd);
	free(in);
}

/**
 * inbox_fd() - what to poll
 * @in: the inbox
 *
 * Return: a descriptor, readable when inbox_receive() has something to take.
 */
int inbox_fd(const struct inbox *in)
{
	return in->epoll_fd;
}

/**
 * inbox_port_pid() - where a port's upcalls are to be sent
 * @in: the inbox
 * @port_no: the port
 *
 * Return: a netlink port id: of the port's own socket, which is opened if need be;
 * of the shared one where that cannot be done.
 */
uint32_t inbox_port_pid(struct inbox *in, uint32_t port_no)
{
	struct vsl_nl **nl = &in->ports[port_no % MAX_SOCKETS];

	if (!*nl)
		*nl = open_socket(in);
	return *nl ? vsl_nl_pid(*nl) : inbox_shared_pid(in);
}

/**
 * inbox_shared_pid() - where upcalls of no port in particular are to be sent
 * @in: the inbox
 *
 * Return: a netlink port id.
 */
uint32_t inbox_shared_pid(const struct inbox *in)
{
	return vsl_nl_pid(in->shared);
}

/**
 * inbox_receive() - take upcalls of one turn, as many from each port as from others
 * @in: the inbox
 * @rx: filled; its messages live until the next turn
 * @max: how many at most
 *
 * Where more than @max ports have upcalls, the others' turn is next. Never blocks.
 *
 * Return: 0 or a negative errno.
 */
int inbox_receive(struct inbox *in, struct vsl_nl_rx *rx, unsigned int max)
{
	struct epoll_event ready[MAX_READY];
	unsigned int share;
	int i, n, err;

	vsl_nl_rx_clear(rx);
	if (max > MAX_READY)
		max = MAX_READY;
	do {
		n = epoll_wait(in->epoll_fd, ready, max, 0);
	} while (n < 0 && errno == EINTR);
	if (n <= 0)
		return n ? -errno : 0;
	share = max / n;
	for (i = 0; i < n; i++) {
		err = vsl_nl_recv_more(ready[i].data.ptr, in->ring, rx, share);
		if (err < 0)
			return err;
	}
	return 0;
}
