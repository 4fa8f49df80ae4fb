/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * badreq: requests that no well-behaved client sends, each with the errno that
 * it must be refused with. malformed-requests-refused.sh and
 * unprivileged-refused.sh run it.
 *
 *   badreq [-x] [-l] refused DP PORT
 *   badreq           eperm DP PORT
 *
 * `refused` sends every malformed request of the tables below, and some that are odd
 * and yet to be taken, without effect. `eperm` sends
 * a correct request of every command that changes something, and is to be run
 * without CAP_NET_ADMIN. Around each request all datapaths, ports and flows are
 * dumped, and the network devices listed: both must be the same byte for byte.
 * -x asks for an explanation (extack text) with every refusal, -l adds the
 * cases that stock openvswitch.ko is known to treat otherwise.
 *
 * DP is a datapath with a device PORT as its port 1, and one flow that
 * `good_flow` names; the scenario makes them.
 *
 * Requests carry no NLM_F_ACK and the answer is read without waiting: a refusal
 * has to be in the socket's queue when send() returns, as clients rely on it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <netlink/netlink.h>
#include <netlink/genl/genl.h>
#include <netlink/genl/ctrl.h>
#include "ovs_abi.h"

/* The tables below name what a row has and leave out what it has not. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

enum family { DATAPATH, VPORT, FLOW, PACKET, METER, N_FAMILIES };

static const char *const suffixes[N_FAMILIES] = {
	VSL_SUFFIX_DATAPATH, VSL_SUFFIX_VPORT, VSL_SUFFIX_FLOW, VSL_SUFFIX_PACKET,
	VSL_SUFFIX_METER,
};

static const int versions[N_FAMILIES] = {
	OVS_DATAPATH_VERSION, OVS_VPORT_VERSION, OVS_FLOW_VERSION,
	OVS_PACKET_VERSION, OVS_METER_VERSION,
};

static struct nl_sock *sock;
static int family_ids[N_FAMILIES];
static const char *dp_name, *port_name;
static int dp_ifindex;
static bool want_text;
static int n_cases, n_failed;

#include "badreq_flow.h"
#include "badreq_requests.h"

static void put_attrs(struct nl_msg *m, const struct attr *a, int n)
{
	uint16_t u16;
	uint8_t u8;

	for (; n && (a->len || a->bytes || a->key); a++, n--) {
		u16 = a->n;
		u8 = a->n;
		if (a->key)
			put_key(m, a->type, a->key);
		else if (a->bytes == name_of_dp)
			nla_put_string(m, a->type, dp_name);
		else if (a->bytes == name_of_port)
			nla_put_string(m, a->type, port_name);
		else if (a->bytes)
			nla_put(m, a->type, a->len, a->bytes);
		else if (a->len == 4)
			nla_put_u32(m, a->type, a->n);
		else
			nla_put(m, a->type, a->len,
				a->len == 2 ? (void *)&u16 : (void *)&u8);
	}
}

/* ---- sending, and the state before and after ---- */

static void die(const char *what, int err)
{
	fprintf(stderr, "badreq: %s: %s\n", what, nl_geterror(err));
	exit(2);
}

/* All that the kernel says in answer to three dumps and a device list. */
struct state {
	char *bytes;
	size_t len;
};

static void no_actions(struct nl_msg *m)
{
	put_key(m, OVS_FLOW_ATTR_ACTIONS, &no_attrs);
}

static int append_message(struct nl_msg *m, void *arg)
{
	struct nlmsghdr *h = nlmsg_hdr(m);
	struct state *s = arg;
	size_t len = h->nlmsg_len - sizeof(*h);

	s->bytes = realloc(s->bytes, s->len + len);
	if (!s->bytes)
		die("memory", NLE_NOMEM);
	memcpy(s->bytes + s->len, nlmsg_data(h), len);
	s->len += len;
	return NL_OK;
}

static void dump(struct state *s, int family, int cmd)
{
	struct nl_sock *sk = nl_socket_alloc();
	struct ovs_header *oh;
	struct nl_msg *m;
	int err;

	err = genl_connect(sk);
	if (err)
		die("connecting", err);
	m = nlmsg_alloc();
	oh = genlmsg_put(m, NL_AUTO_PORT, NL_AUTO_SEQ, family_ids[family],
			 sizeof(*oh), NLM_F_DUMP, cmd, versions[family]);
	oh->dp_ifindex = family == DATAPATH ? 0 : dp_ifindex;
	nl_socket_modify_cb(sk, NL_CB_VALID, NL_CB_CUSTOM, append_message, s);
	err = nl_send_auto(sk, m);
	if (err >= 0)
		err = nl_recvmsgs_default(sk);
	if (err < 0)
		die("dumping", err);
	nlmsg_free(m);
	nl_socket_free(sk);
}

static struct state take_state(void)
{
	struct if_nameindex *list = if_nameindex(), *i;
	struct state s = { 0 };

	dump(&s, DATAPATH, OVS_DP_CMD_GET);
	dump(&s, VPORT, OVS_VPORT_CMD_GET);
	dump(&s, FLOW, OVS_FLOW_CMD_GET);
	for (i = list; i && i->if_index; i++) {
		size_t len = strlen(i->if_name) + 1;

		s.bytes = realloc(s.bytes, s.len + len);
		if (!s.bytes)
			die("memory", NLE_NOMEM);
		memcpy(s.bytes + s.len, i->if_name, len);
		s.len += len;
	}
	if_freenameindex(list);
	return s;
}

/* Reads the one answer that is there: 0 for none (or success), else an errno;
 * `text` is then what the kernel explains, or empty.
 */
static int read_answer(char *text, size_t size)
{
	struct sockaddr_nl from;
	unsigned char *buf = NULL;
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1];
	struct nlmsghdr *h;
	struct nlmsgerr *e;
	int n, off, err = 0;

	text[0] = '\0';
	n = nl_recv(sock, &from, &buf, NULL);
	if (n == 0 || n == -NLE_AGAIN)
		return 0;
	if (n < 0)
		die("reading the answer", n);
	h = (struct nlmsghdr *)buf;
	if (h->nlmsg_type == NLMSG_ERROR) {
		e = nlmsg_data(h);
		err = -e->error;
		off = sizeof(*e);
		if (!(h->nlmsg_flags & NLM_F_CAPPED))
			off += e->msg.nlmsg_len - sizeof(e->msg);
		if (h->nlmsg_flags & NLM_F_ACK_TLVS &&
		    !nlmsg_parse(h, off, tb, NLMSGERR_ATTR_MAX, NULL) &&
		    tb[NLMSGERR_ATTR_MSG])
			snprintf(text, size, "%s",
				 nla_get_string(tb[NLMSGERR_ATTR_MSG]));
	}
	free(buf);
	return err;
}

static struct nl_msg *start(int family, int cmd, int ifindex, int nl_flags,
			    bool with_header)
{
	struct nl_msg *m = nlmsg_alloc();
	struct ovs_header *oh;

	oh = genlmsg_put(m, NL_AUTO_PORT, NL_AUTO_SEQ, family_ids[family],
			 with_header ? sizeof(*oh) : 0,
			 NLM_F_REQUEST | nl_flags, cmd, versions[family]);
	if (with_header)
		oh->dp_ifindex = ifindex == THIS_DP ? dp_ifindex : ifindex;
	return m;
}

static const char *err_name(int err)
{
	const char *name = err ? strerrorname_np(err) : "no error";

	return name ? name : "an unknown error";
}

/* Sends and frees `m`; what read_answer() says. */
static int ask(struct nl_msg *m, char *text, size_t size)
{
	int err;

	nl_complete_msg(sock, m);
	err = nl_send(sock, m);
	if (err < 0)
		die("sending", err);
	nlmsg_free(m);
	return read_answer(text, size);
}

/* Reports whether `m`, which is freed, was answered as it should be. */
static void must_get(const char *what, struct nl_msg *m, int want,
		     bool text_wanted)
{
	struct state before = take_state(), after;
	char text[256];
	bool same;
	int err;

	err = ask(m, text, sizeof(text));
	after = take_state();
	same = before.len == after.len &&
	       !memcmp(before.bytes, after.bytes, before.len);
	n_cases++;
	if (err == want && same && (!text_wanted || text[0])) {
		printf("ok: %s: %s%s%s\n", what, err_name(err),
		       text[0] ? ": " : "", text);
	} else {
		n_failed++;
		printf("NOT OK: %s: expected %s, got %s%s%s%s%s\n", what,
		       err_name(want), err_name(err), text[0] ? ": " : "", text,
		       same ? "" : "; and something changed",
		       text_wanted && !text[0] ? "; without a word why" : "");
	}
	free(before.bytes);
	free(after.bytes);
}

/* So that there is something that a request which does not name it could clear. */
static void set_feature(void)
{
	struct nl_msg *m = start(DATAPATH, OVS_DP_CMD_SET, THIS_DP, 0, true);
	char text[256];

	nla_put_u32(m, OVS_DP_ATTR_USER_FEATURES, OVS_DP_F_UNALIGNED);
	if (ask(m, text, sizeof(text)))
		die(text, NLE_FAILURE);
}

static void run_refused(bool with_lite)
{
	struct nlattr *n;
	struct nl_msg *m;
	char what[128];
	size_t i;

	set_feature();
	for (i = 0; i < sizeof(bad_requests) / sizeof(bad_requests[0]); i++) {
		if (bad_requests[i].flags & LITE && !with_lite)
			continue;
		m = start(bad_requests[i].family, bad_requests[i].cmd,
			  bad_requests[i].ifindex,
			  bad_requests[i].flags & EXCL ?
				NLM_F_CREATE | NLM_F_EXCL : 0,
			  !(bad_requests[i].flags & SHORT));
		put_attrs(m, bad_requests[i].attrs, 5);
		if (bad_requests[i].flags & CUT)
			((struct nlattr *)nlmsg_tail(nlmsg_hdr(m)))[-1].nla_len
				= 255;
		must_get(bad_requests[i].what, m, bad_requests[i].err,
			 want_text && bad_requests[i].err &&
			 !(bad_requests[i].flags & GENERIC));
	}
	for (i = 0; i < sizeof(bad_keys) / sizeof(bad_keys[0]); i++) {
		m = start(FLOW, OVS_FLOW_CMD_NEW, THIS_DP, NLM_F_CREATE, true);
		put_key(m, OVS_FLOW_ATTR_KEY, &bad_keys[i].key);
		no_actions(m);
		snprintf(what, sizeof(what), "flow: %s", bad_keys[i].what);
		must_get(what, m, EINVAL, want_text);
	}
	for (i = 0; i < sizeof(bad_masks) / sizeof(bad_masks[0]); i++) {
		m = start(FLOW, OVS_FLOW_CMD_NEW, THIS_DP, NLM_F_CREATE, true);
		put_key(m, OVS_FLOW_ATTR_KEY, &bad_masks[i].key);
		put_key(m, OVS_FLOW_ATTR_MASK, &bad_masks[i].mask);
		no_actions(m);
		snprintf(what, sizeof(what), "flow: %s", bad_masks[i].what);
		must_get(what, m, EINVAL, want_text);
	}
	for (i = 0; i < sizeof(bad_actions) / sizeof(bad_actions[0]); i++) {
		m = start(FLOW, OVS_FLOW_CMD_NEW, THIS_DP, NLM_F_CREATE, true);
		put_key(m, OVS_FLOW_ATTR_KEY, &good_key);
		n = nla_nest_start(m, OVS_FLOW_ATTR_ACTIONS);
		bad_actions[i].put(m);
		nla_nest_end_keep_empty(m, n);
		snprintf(what, sizeof(what), "flow: %s", bad_actions[i].what);
		must_get(what, m, bad_actions[i].err, want_text);
	}
}

static void run_eperm(void)
{
	struct nl_msg *m;
	size_t i;

	for (i = 0; i < sizeof(admin_requests) / sizeof(admin_requests[0]); i++) {
		m = start(admin_requests[i].family, admin_requests[i].cmd,
			  THIS_DP, 0, true);
		put_attrs(m, admin_requests[i].attrs, 5);
		must_get(admin_requests[i].what, m, EPERM, false);
	}
}

static int usage(void)
{
	fprintf(stderr,
		"usage: badreq [-x] [-l] refused|eperm DP PORT\n");
	return 2;
}

int main(int argc, char **argv)
{
	const char *prefix = getenv("FAMILY_PREFIX") ?: VSL_DEFAULT_FAMILY_PREFIX;
	bool with_lite = false;
	char name[64];
	int opt, i, on = 1;

	while ((opt = getopt(argc, argv, "xl")) != -1) {
		switch (opt) {
		case 'x':
			want_text = true;
			break;
		case 'l':
			with_lite = true;
			break;
		default:
			return usage();
		}
	}
	if (argc - optind != 3)
		return usage();
	dp_name = argv[optind + 1];
	port_name = argv[optind + 2];
	dp_ifindex = if_nametoindex(dp_name);
	if (!dp_ifindex) {
		fprintf(stderr, "badreq: no device %s\n", dp_name);
		return 2;
	}
	sock = nl_socket_alloc();
	if (genl_connect(sock))
		die("connecting", NLE_NOMEM);
	for (i = 0; i < N_FAMILIES; i++) {
		snprintf(name, sizeof(name), "%s%s", prefix, suffixes[i]);
		family_ids[i] = genl_ctrl_resolve(sock, name);
		if (family_ids[i] < 0)
			die(name, family_ids[i]);
	}
	nl_socket_set_nonblocking(sock);
	nl_socket_disable_auto_ack(sock);
	setsockopt(nl_socket_get_fd(sock), SOL_NETLINK, NETLINK_EXT_ACK, &on,
		   sizeof(on));
	if (!strcmp(argv[optind], "refused"))
		run_refused(with_lite);
	else if (!strcmp(argv[optind], "eperm"))
		run_eperm();
	else
		return usage();
	printf("%d requests, %d not as they should be\n", n_cases, n_failed);
	return n_failed != 0;
}
