// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * packets [-s STAGE] [-p PREFIX] [NAME]: every frame of the corpus goes into a
 * datapath, whole and cut off around the end of each header; NAME, that one
 * alone.  A line for each thing done, as compare wants it:
 *
 *   #NAME[@LEN] miss | UPCALL...           without a flow
 *   #NAME[@LEN] ACTION | ERRNO SEEN...     with a flow of the upcall's key
 *   #NAME[@LEN] ACTION! | ERRNO SEEN...    by EXECUTE, with the upcall's packet
 *
 *     in_peer --veth-- port 1 [datapath] port 2 --veth-- out_peer
 *
 * guest-run makes the devices.  Frames enter by a packet socket on in_peer, with
 * a virtio_net_hdr, so that checksums may be unfinished and frames larger than
 * the MTU; SEEN is what a packet socket on out_peer gets, its virtio_net_hdr and
 * tag put back in, and the upcalls of userspace actions.  After each comes a
 * marker frame, which a flow of its own sends on: once it is out, what was to be
 * seen has been.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "actions.h"
#include "corpus.h"
#include "lib/dp.h"
#include "lib/flow.h"
#include "lib/nl.h"
#include "lib/packet.h"
#include "lib/port.h"
#include "packet_socket.h"
#include "wire.h"

#define DP_NAME		"packets"
#define IN_PEER		"pkin_p"
#define OUT_PEER	"pkout_p"
#define MARKER_TYPE	0x88b6
#define WAIT_MS		3000
#define KEY_MAX		1024

static struct vsl_nl *nl, *upcalls;
static int dp_ifindex, in_fd, out_fd;
static int n_lines, n_lost_markers;

static void die(const char *what, int err)
{
	fprintf(stderr, "packets: %s: %s\n", what, vsl_nl_strerror(nl, err));
	exit(2);
}

/* ---- frames in and out ---- */

static int send_frame(const struct frame *f, size_t len)
{
	struct iovec iov[2] = {
		{ (void *)&f->vnet, sizeof(f->vnet) },
		{ (void *)f->data, len },
	};

	return writev(in_fd, iov, 2) < 0 ? -errno : 0;
}

/* ---- what is seen ---- */

struct seen {
	uint8_t data[70000];
	size_t len;
	struct virtio_net_hdr vnet;
};

/* The tag that the kernel keeps beside the data goes back where it was. */
static void put_tag_back(struct seen *s, const struct tpacket_auxdata *aux)
{
	uint16_t tag[2];

	if (!(aux->tp_status & TP_STATUS_VLAN_VALID))
		return;
	tag[0] = htons(aux->tp_status & TP_STATUS_VLAN_TPID_VALID ?
		       aux->tp_vlan_tpid : ETH_P_8021Q);
	tag[1] = htons(aux->tp_vlan_tci);
	memmove(s->data + 16, s->data + 12, s->len - 12);
	memcpy(s->data + 12, tag, sizeof(tag));
	s->len += sizeof(tag);
	if (s->vnet.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM)
		s->vnet.csum_start += sizeof(tag);
}

/* The next frame at out_peer; false if none comes in time. */
static bool next_seen(struct seen *s)
{
	struct pollfd pfd = { .fd = out_fd, .events = POLLIN };
	char control[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	struct sockaddr_ll from;
	struct iovec iov[2] = {
		{ &s->vnet, sizeof(s->vnet) },
		{ s->data, sizeof(s->data) - 4 },
	};
	struct msghdr m = {
		.msg_name = &from, .msg_namelen = sizeof(from),
		.msg_iov = iov, .msg_iovlen = 2,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c;
	ssize_t n;

	do {
		if (poll(&pfd, 1, WAIT_MS) <= 0)
			return false;
		m.msg_controllen = sizeof(control);
		n = recvmsg(out_fd, &m, 0);
		if (n < (ssize_t)sizeof(s->vnet))
			die("receiving", -errno);
	} while (from.sll_pkttype == PACKET_OUTGOING);
	s->len = n - sizeof(s->vnet);
	for (c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
		if (c->cmsg_level == SOL_PACKET &&
		    c->cmsg_type == PACKET_AUXDATA)
			put_tag_back(s, (void *)CMSG_DATA(c));
	return true;
}

static void print_seen(const struct seen *s)
{
	struct vsl_blob blob = { s->data, s->len };

	printf(" out{");
	wire_print_hex(stdout, blob);
	if (s->vnet.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM)
		printf(" csum=%d+%d", s->vnet.csum_start, s->vnet.csum_offset);
	if (s->vnet.gso_type)
		printf(" gso=%x,%d", s->vnet.gso_type, s->vnet.gso_size);
	putchar('}');
}

/* Our own port id is another one each time: it is written as 0xeeeeeeee. */
static void print_actions(struct vsl_blob actions)
{
	const uint32_t own = vsl_nl_pid(upcalls);
	uint8_t copy[4096], *at;

	if (actions.len > sizeof(copy))
		die("an upcall's actions too long", -EMSGSIZE);
	memcpy(copy, actions.data, actions.len);
	while ((at = memmem(copy, actions.len, &own, sizeof(own))))
		memset(at, 0xee, sizeof(own));
	actions.data = copy;
	printf(" actions{");
	wire_print(stdout, WIRE_ACTION, actions, false);
	putchar('}');
}

static void print_upcall(const struct vsl_upcall *u)
{
	printf(" upcall{cmd=%d key{", u->cmd);
	wire_print(stdout, WIRE_KEY, u->key, false);
	putchar('}');
	if (u->userdata.data) {
		printf(" userdata=");
		wire_print_hex(stdout, u->userdata);
	}
	if (u->actions.data)
		print_actions(u->actions);
	if (u->len != u->packet.len)
		printf(" len=%u", u->len);
	if (u->mru)
		printf(" mru=%u", u->mru);
	if (u->has_hash)
		printf(" hash=%llx", (unsigned long long)u->hash);
	printf(" packet=");
	wire_print_hex(stdout, u->packet);
	putchar('}');
}

/* The first upcall of a frame, kept beyond the message that it came in. */
struct kept {
	bool there;
	uint8_t key[KEY_MAX];
	uint8_t packet[70000];
	struct vsl_upcall upcall;
};

static void keep(struct kept *k, const struct vsl_upcall *u)
{
	if (u->key.len > sizeof(k->key) || u->packet.len > sizeof(k->packet))
		die("an upcall too large", -EMSGSIZE);
	k->there = true;
	k->upcall = *u;
	memcpy(k->key, u->key.data, u->key.len);
	memcpy(k->packet, u->packet.data, u->packet.len);
	k->upcall.key.data = k->key;
	k->upcall.packet.data = k->packet;
}

static void drain_upcalls(struct kept *first)
{
	struct vsl_upcall u;
	struct vsl_nl_rx rx;
	unsigned int i;
	int err;

	do {
		err = vsl_nl_recv(upcalls, &rx);
		if (err)
			die("upcalls", err);
		for (i = 0; i < rx.n; i++) {
			if (vsl_upcall_from_msg(&u, rx.msgs[i])) {
				printf(" (not an upcall)");
				continue;
			}
			if (first && !first->there)
				keep(first, &u);
			print_upcall(&u);
		}
		if (rx.lost)
			printf(" (upcalls lost)");
	} while (rx.n == VSL_NL_RECV_MAX);
}

static bool is_marker(const struct seen *s)
{
	return s->len >= ETH_HLEN && s->data[12] == MARKER_TYPE >> 8 &&
	       s->data[13] == (MARKER_TYPE & 0xff);
}

/* Sends the marker, and prints all that is seen until it is out. */
static void print_all_seen(struct kept *first)
{
	/* of other addresses, so that no flow under test is for it */
	static const struct frame marker = {
		.data = { 2, 0, 0, 0, 0, 0xd, 2, 0, 0, 0, 0, 0xc,
			  MARKER_TYPE >> 8, MARKER_TYPE & 0xff },
	};
	static struct seen s;
	int err = send_frame(&marker, 60);

	if (err)
		die("sending the marker", err);
	for (;;) {
		if (!next_seen(&s)) {
			printf(" (no marker)");
			n_lost_markers++;
			break;
		}
		if (is_marker(&s))
			break;
		print_seen(&s);
	}
	drain_upcalls(first);
	putchar('\n');
	n_lines++;
}

/* ---- what is done ---- */

static void put_marker_flow(void)
{
	struct nl_msg *key = vsl_attrs_new(), *mask = vsl_attrs_new();
	struct nl_msg *actions = vsl_attrs_new();
	struct vsl_flow flow = { .dp_ifindex = dp_ifindex };
	static const uint8_t zeros[12];
	int err;

	nla_put_u32(key, OVS_KEY_ATTR_IN_PORT, PORT_IN);
	nla_put(key, OVS_KEY_ATTR_ETHERNET, sizeof(zeros), zeros);
	nla_put_u16(key, OVS_KEY_ATTR_ETHERTYPE, htons(MARKER_TYPE));
	nla_put_u32(mask, OVS_KEY_ATTR_IN_PORT, UINT32_MAX);
	nla_put_u16(mask, OVS_KEY_ATTR_ETHERTYPE, 0xffff);
	nla_put_u32(actions, OVS_ACTION_ATTR_OUTPUT, PORT_OUT);
	flow.key = vsl_blob_of_msg(key);
	flow.mask = vsl_blob_of_msg(mask);
	flow.actions = vsl_blob_of_msg(actions);
	err = vsl_flow_new(nl, &flow, true);
	if (err)
		die("the marker's flow", err);
	nlmsg_free(key);
	nlmsg_free(mask);
	nlmsg_free(actions);
}

static void by_flow(const struct frame *f, size_t len, const struct kept *k,
		    struct vsl_blob actions)
{
	struct vsl_flow flow = { .dp_ifindex = dp_ifindex,
				 .key = k->upcall.key, .actions = actions };
	int err = vsl_flow_new(nl, &flow, true);

	printf(" %s", wire_error(err));
	if (err) {
		putchar('\n');
		n_lines++;
		return;
	}
	err = send_frame(f, len);
	if (err)
		printf(" send %s", wire_error(err));
	print_all_seen(NULL);
	err = vsl_flow_del(nl, &flow);
	if (err)
		die("deleting the flow", err);
}

static void by_execute(const struct kept *k, struct vsl_blob actions)
{
	struct vsl_execute x = {
		.dp_ifindex = dp_ifindex, .key = k->upcall.key,
		.packet = k->upcall.packet, .actions = actions,
		.has_hash = k->upcall.has_hash, .hash = k->upcall.hash,
		.mru = k->upcall.mru,
	};

	printf(" %s", wire_error(vsl_packet_execute(nl, &x)));
	print_all_seen(NULL);
}

/* Stage 1's all, of the others one in four: an emulated machine takes its time. */
static bool execute_too(const struct action_row *row, size_t len)
{
	return row->stage == 1 || !((len + (row - action_rows)) % 4);
}

/* @stage 0: no more than the upcall */
static void one(const char *name, const struct frame *f, size_t len, int stage)
{
	static struct kept k;
	bool cut = len < f->len;
	char title[80];
	int i, err;

	snprintf(title, sizeof(title), cut ? "%s@%zu" : "%s", name, len);
	k.there = false;
	printf("#%s miss |", title);
	err = send_frame(f, len);
	if (err)
		printf(" send %s", wire_error(err));
	print_all_seen(&k);
	for (i = 0; k.there && i < action_rows_count; i++) {
		const struct action_row *row = &action_rows[i];
		struct nl_msg *msg;

		if (row->stage > stage || (cut && !row->cut_too))
			continue;
		msg = vsl_attrs_new();
		if (row->put(msg, k.upcall.key, row->n)) {
			printf("#%s %s |", title, row->name);
			by_flow(f, len, &k, vsl_blob_of_msg(msg));
			if (!cut && execute_too(row, len)) {
				printf("#%s %s! |", title, row->name);
				by_execute(&k, vsl_blob_of_msg(msg));
			}
		}
		nlmsg_free(msg);
	}
}

static void one_row(const struct corpus_row *row, int stage)
{
	static struct frame f;
	size_t done = 0;
	int i, around;

	frame_build(&f, row->layers);
	one(row->name, &f, f.len, stage);
	/* a checksum or segments beyond the end: the kernel refuses to send */
	if (f.vnet.flags)
		return;
	for (i = 0; i < f.n_bounds; i++) {
		for (around = -1; around <= 1; around++) {
			size_t len = f.bounds[i] + around;

			if (len <= done || len < ETH_HLEN || len >= f.len)
				continue;
			done = len;
			one(row->name, &f, len, around ? 0 : stage);
		}
	}
}

static void set_up(const char *prefix)
{
	struct vsl_dp dp;
	char why[256];
	cpu_set_t cpu;
	int err;

	/* what is sent from one processor arrives in that order */
	CPU_ZERO(&cpu);
	CPU_SET(0, &cpu);
	sched_setaffinity(0, sizeof(cpu), &cpu);
	if (vsl_nl_open(&nl, prefix, why, sizeof(why))) {
		fprintf(stderr, "packets: %s\n", why);
		exit(2);
	}
	err = vsl_nl_clone(nl, &upcalls);
	if (!err)
		err = vsl_nl_set_rcvbuf(upcalls, 4 << 20);
	if (!err)
		err = vsl_dp_new(nl, DP_NAME, OVS_DP_F_UNALIGNED, 0, &dp);
	if (err)
		die(DP_NAME, err);
	dp_ifindex = dp.ifindex;
	actions_set_portid(vsl_nl_pid(upcalls));
	err = vsl_port_new(nl, dp_ifindex, "pkin", OVS_VPORT_TYPE_NETDEV,
			   PORT_IN, vsl_nl_pid(upcalls), NULL);
	if (!err)
		err = vsl_port_new(nl, dp_ifindex, "pkout",
				   OVS_VPORT_TYPE_NETDEV, PORT_OUT, 0, NULL);
	if (err)
		die("ports", err);
	in_fd = packet_socket(IN_PEER, 0);
	if (in_fd < 0)
		die(IN_PEER, -errno);
	out_fd = packet_socket(OUT_PEER, ETH_P_ALL);
	if (out_fd < 0)
		die(OUT_PEER, -errno);
	put_marker_flow();
}

int main(int argc, char **argv)
{
	const char *prefix = NULL;
	int opt, i, err, stage = 1;

	while ((opt = getopt(argc, argv, "s:p:")) != -1) {
		switch (opt) {
		case 's':
			stage = atoi(optarg);
			break;
		case 'p':
			prefix = optarg;
			break;
		default:
			fprintf(stderr, "usage: packets [-s STAGE] [-p PREFIX] [NAME]\n");
			return 2;
		}
	}
	set_up(prefix);
	for (i = 0; i < corpus_count; i++)
		if (optind == argc || !strcmp(argv[optind], corpus[i].name))
			one_row(&corpus[i], stage);
	err = vsl_dp_del(nl, dp_ifindex);
	if (err)
		die(DP_NAME, err);
	fprintf(stderr, "%d things done, %d markers lost\n", n_lines,
		n_lost_markers);
	return n_lost_markers != 0;
}
