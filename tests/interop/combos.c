// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * combos [-n COUNT] [-s STAGE] [-f FIRST] [-p PREFIX]: made-up flows (generate.h)
 * put into a datapath's table, one after the other; for each a line
 *
 *   #SEED KIND [REMARK...] [ufid] key{...} mask{...} actions{...} | new ERRNO get ERRNO {FLOW}
 *   brief ERRNO {FLOW} again ERRNO set ERRNO {FLOW} del ERRNO {FLOW} del ERRNO
 *
 * guest-run runs it under either module, compare compares.  FLOW is what the
 * kernel gives back, its attributes sorted.  Errors are what the test is about:
 * the exit status is 0 unless there was nothing to talk to.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/genl/genl.h>

#include "generate.h"
#include "lib/dp.h"
#include "lib/flow.h"
#include "lib/nl.h"
#include "remark.h"
#include "wire.h"

#define DP_NAME		"combos"
#define UFID_LEN	16

static struct vsl_nl *nl;
static int dp_ifindex;

static void die(const char *what, int err)
{
	fprintf(stderr, "combos: %s: %s\n", what, vsl_nl_strerror(nl, err));
	exit(2);
}

static void put_nest(struct nl_msg *msg, int type, struct nl_msg *attrs)
{
	struct vsl_blob blob = vsl_blob_of_msg(attrs);

	nla_put(msg, type, blob.len, blob.data);
}

struct request {
	const struct gen *gen;
	uint8_t ufid[UFID_LEN];
	int ufid_len;
	uint32_t omit;		/* OVS_UFID_F_*: what the answer is to do without */
};

/* One command on the flow; *reply is what it answered, or NULL. */
static int command(const struct request *r, int cmd, int flags,
		   struct nl_msg *actions, struct nl_msg **reply)
{
	struct nl_msg *msg = vsl_nl_msg(nl, VSL_FAM_FLOW, cmd,
					flags | NLM_F_ECHO, dp_ifindex);
	const bool whole = cmd == OVS_FLOW_CMD_NEW || cmd == OVS_FLOW_CMD_SET;

	*reply = NULL;
	if (r->ufid_len)
		nla_put(msg, OVS_FLOW_ATTR_UFID, r->ufid_len, r->ufid);
	if (r->omit)
		nla_put_u32(msg, OVS_FLOW_ATTR_UFID_FLAGS, r->omit);
	put_nest(msg, OVS_FLOW_ATTR_KEY, r->gen->key);
	if (whole && r->gen->has_mask)
		put_nest(msg, OVS_FLOW_ATTR_MASK, r->gen->mask);
	if (whole)
		put_nest(msg, OVS_FLOW_ATTR_ACTIONS, actions);
	return vsl_nl_transact(nl, msg, reply);
}

static void print_blob(const char *name, enum wire_set set,
		       struct vsl_blob blob, bool sorted)
{
	if (!blob.data)
		return;
	printf(" %s{", name);
	wire_print(stdout, set, blob, sorted);
	putchar('}');
}

static void print_flow(struct nl_msg *reply)
{
	struct vsl_flow flow;

	if (!reply || vsl_flow_from_msg(&flow, nlmsg_hdr(reply))) {
		printf(" (no flow in the answer)");
		return;
	}
	printf(" {cmd=%d ufid=%d", flow.cmd, flow.ufid_len);
	print_blob("key", WIRE_KEY, flow.key, true);
	print_blob("mask", WIRE_KEY, flow.mask, true);
	print_blob("actions", WIRE_ACTION, flow.actions, false);
	putchar('}');
}

static void one_command(const struct request *r, const char *name, int cmd,
			int flags, struct nl_msg *actions)
{
	struct nl_msg *reply;
	int err = command(r, cmd, flags, actions, &reply);

	printf(" %s %s", name, wire_error(err));
	if (!err)
		print_flow(reply);
	nlmsg_free(reply);
}

static void one(struct gen *gen, uint64_t seed, int stage)
{
	static const char *const kinds[] = { "valid", "near", "random" };
	struct request r = { .gen = gen };
	struct nl_msg *reply;
	int err;

	gen_make(gen, seed, stage);
	memcpy(r.ufid, &seed, sizeof(seed));
	/* half with an id; one that is too long does not count as one */
	r.ufid_len = seed % 2 ? UFID_LEN : seed % 40 ? 0 : seed % 17;
	printf("#%llu %s", (unsigned long long)seed, kinds[gen->kind]);
	remark_print(stdout, vsl_blob_of_msg(gen->key),
		     gen->has_mask ? vsl_blob_of_msg(gen->mask) :
				     (struct vsl_blob){ NULL, 0 });
	if (r.ufid_len)
		printf(" ufid=%d", r.ufid_len);
	print_blob("key", WIRE_KEY, vsl_blob_of_msg(gen->key), false);
	if (gen->has_mask)
		print_blob("mask", WIRE_KEY, vsl_blob_of_msg(gen->mask), false);
	print_blob("actions", WIRE_ACTION, vsl_blob_of_msg(gen->actions), false);
	printf(" |");
	err = command(&r, OVS_FLOW_CMD_NEW, NLM_F_CREATE, gen->actions, &reply);
	printf(" new %s", wire_error(err));
	nlmsg_free(reply);
	if (!err) {
		one_command(&r, "get", OVS_FLOW_CMD_GET, 0, NULL);
		r.omit = seed / 2 % 8;
		one_command(&r, "brief", OVS_FLOW_CMD_GET, 0, NULL);
		r.omit = 0;
		one_command(&r, "again", OVS_FLOW_CMD_NEW, NLM_F_CREATE,
			    gen->actions);
		print_blob("other", WIRE_ACTION,
			   vsl_blob_of_msg(gen->other_actions), false);
		one_command(&r, "set", OVS_FLOW_CMD_SET, 0, gen->other_actions);
		one_command(&r, "del", OVS_FLOW_CMD_DEL, 0, NULL);
		one_command(&r, "del", OVS_FLOW_CMD_DEL, 0, NULL);
		/* whatever was said: the next one is to find nothing */
		err = vsl_flow_flush(nl, dp_ifindex);
		if (err)
			die("flush", err);
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	unsigned long long first = 1, count = 2800, seed;
	int opt, err, stage = GEN_STAGE_MIN;
	const char *prefix = NULL;
	struct gen gen = { 0 };
	struct vsl_dp dp;
	char why[256];

	while ((opt = getopt(argc, argv, "n:s:f:p:")) != -1) {
		switch (opt) {
		case 'n':
			count = strtoull(optarg, NULL, 0);
			break;
		case 's':
			stage = atoi(optarg);
			break;
		case 'f':
			first = strtoull(optarg, NULL, 0);
			break;
		case 'p':
			prefix = optarg;
			break;
		default:
			fprintf(stderr, "usage: combos [-n COUNT] [-s STAGE] [-f FIRST] [-p PREFIX]\n");
			return 2;
		}
	}
	if (vsl_nl_open(&nl, prefix, why, sizeof(why))) {
		fprintf(stderr, "combos: %s\n", why);
		return 2;
	}
	err = vsl_dp_new(nl, DP_NAME, OVS_DP_F_UNALIGNED, 0, &dp);
	if (err)
		die(DP_NAME, err);
	dp_ifindex = dp.ifindex;
	for (seed = first; seed < first + count; seed++)
		one(&gen, seed, stage);
	err = vsl_dp_del(nl, dp_ifindex);
	if (err)
		die(DP_NAME, err);
	vsl_nl_close(nl);
	return 0;
}
