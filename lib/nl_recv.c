// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Receiving upcalls and multicast messages, many in one system call: see
 * vsl_nl_recv() in nl.h.  recvmmsg() on libnl's socket, since libnl takes one
 * datagram a call and allocates for each.
 */
#define _GNU_SOURCE	/* recvmmsg() */
#include "nl_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* The longest attribute (64 KiB: the packet), headers, key and actions. */
#define SLOT_SIZE (VSL_MSG_SIZE)

/*
 * One buffer a datagram.  Memory is taken by the system page by page as
 * datagrams need it, so small packets do not cost the size of large ones.
 */
struct vsl_nl_ring {
	struct mmsghdr hdr[VSL_NL_RECV_MAX];
	struct iovec iov[VSL_NL_RECV_MAX];
	struct sockaddr_nl from[VSL_NL_RECV_MAX];
	char *slots;
};

struct vsl_nl_ring *vsl_nl_ring_new(void)
{
	struct vsl_nl_ring *ring = calloc(1, sizeof(*ring));

	if (!ring)
		return NULL;
	ring->slots = malloc((size_t)VSL_NL_RECV_MAX * SLOT_SIZE);
	if (!ring->slots) {
		free(ring);
		return NULL;
	}
	for (unsigned int i = 0; i < VSL_NL_RECV_MAX; i++) {
		ring->iov[i].iov_base = ring->slots + (size_t)i * SLOT_SIZE;
		ring->iov[i].iov_len = SLOT_SIZE;
		ring->hdr[i].msg_hdr.msg_iov = &ring->iov[i];
		ring->hdr[i].msg_hdr.msg_iovlen = 1;
		ring->hdr[i].msg_hdr.msg_name = &ring->from[i];
	}
	return ring;
}

void vsl_nl_ring_free(struct vsl_nl_ring *ring)
{
	if (!ring)
		return;
	free(ring->slots);
	free(ring);
}

/* Put the messages of datagram @i into @rx. */
static void take(const struct vsl_nl_ring *ring, unsigned int i,
		 struct vsl_nl_rx *rx)
{
	const struct nlmsghdr *nlh = ring->iov[i].iov_base;
	int len = ring->hdr[i].msg_len;

	/* Other processes can send to this socket: only the kernel counts. */
	if (ring->hdr[i].msg_hdr.msg_namelen < sizeof(ring->from[i]) ||
	    ring->from[i].nl_pid)
		return;
	if (ring->hdr[i].msg_hdr.msg_flags & MSG_TRUNC) {
		rx->lost = true;
		return;
	}
	for (; nlmsg_ok(nlh, len);
	     nlh = nlmsg_next((struct nlmsghdr *)nlh, &len)) {
		if (nlh->nlmsg_type < NLMSG_MIN_TYPE)
			continue;
		if (rx->n == VSL_NL_RECV_MAX) {
			rx->lost = true;
			return;
		}
		rx->msgs[rx->n++] = nlh;
	}
}

int vsl_nl_recv_more(struct vsl_nl *nl, struct vsl_nl_ring *ring,
		     struct vsl_nl_rx *rx, unsigned int max)
{
	unsigned int first = rx->n_slots;
	int n;

	if (max > VSL_NL_RECV_MAX - first)
		max = VSL_NL_RECV_MAX - first;
	for (unsigned int i = first; i < first + max; i++)
		ring->hdr[i].msg_hdr.msg_namelen = sizeof(ring->from[i]);
	do {
		n = recvmmsg(vsl_nl_fd(nl), ring->hdr + first, max,
			     MSG_DONTWAIT, NULL);
		if (n < 0 && errno == ENOBUFS)
			rx->lost = true;
	} while (n < 0 && (errno == EINTR || errno == ENOBUFS));
	if (n < 0)
		return errno == EAGAIN ? 0 : -errno;
	rx->n_slots += n;
	for (int i = 0; i < n; i++)
		take(ring, first + i, rx);
	return n;
}

int vsl_nl_recv(struct vsl_nl *nl, struct vsl_nl_rx *rx)
{
	int n;

	vsl_nl_rx_clear(rx);
	if (!nl->ring)
		nl->ring = vsl_nl_ring_new();
	if (!nl->ring)
		return -ENOMEM;
	n = vsl_nl_recv_more(nl, nl->ring, rx, VSL_NL_RECV_MAX);
	return n < 0 ? n : 0;
}
