// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Requests that a client could send, see request.h; then, in most of them, one
 * to three mistakes.  Keys and actions are those of tests/interop/generate.h,
 * packets those of its corpus.
 */
#include "request.h"

#include <linux/genetlink.h>
#include <stdio.h>
#include <string.h>

#include "lib/util.h"
#include "ovs_abi.h"
#include "tests/interop/attr_tree.h"
#include "tests/interop/corpus.h"
#include "tests/interop/generate.h"
#include "vswitch_lite.h"

static const struct fuzz_world *world;
static struct nl_msg *msg;

static void put_u32(int type, uint32_t n)
{
	nla_put_u32(msg, type, n);
}

static void put_blob(int type, struct nl_msg *attrs)
{
	struct vsl_blob blob = vsl_blob_of_msg(attrs);

	nla_put(msg, type, blob.len, blob.data);
}

static void put_name(int type, const char *stem, int n)
{
	char name[40];

	if (chance(97))
		snprintf(name, sizeof(name), "%s%u", stem, rnd(n));
	else
		snprintf(name, sizeof(name), "%s", chance(50) ? "lo" :
			 chance(50) ? "" : "a name/that no device can have");
	nla_put_string(msg, type, name);
}

static void put_portids(int type)
{
	uint32_t ids[64];
	int i, n = chance(80) ? 1 : rnd(chance(50) ? 4 : 65);

	for (i = 0; i < n; i++)
		ids[i] = chance(80) ? world->portid : rnd(-1);
	nla_put(msg, type, 4 * n, ids);
}

/* Of a device that is to be made; some are taken. */
static void put_ifindex(int type)
{
	put_u32(type, chance(80) ? 1 + rnd(50) : rnd(-1));
}

/* Mostly one that is there. */
static int some_dp(void)
{
	int ifindex = chance(70) ? world->keep : world->dps[rnd(FUZZ_DPS)];

	return ifindex ? ifindex : (int)rnd(40);
}

static void put_dp(int cmd)
{
	if (cmd == OVS_DP_CMD_NEW || chance(50))
		put_name(OVS_DP_ATTR_NAME, "fz", FUZZ_DPS);
	if (cmd == OVS_DP_CMD_NEW)
		put_u32(OVS_DP_ATTR_UPCALL_PID, world->portid);
	if (cmd == OVS_DP_CMD_NEW && chance(5))
		put_ifindex(OVS_DP_ATTR_IFINDEX);
	if (cmd == OVS_DP_CMD_GET || cmd == OVS_DP_CMD_DEL)
		return;
	if (chance(70))
		put_u32(OVS_DP_ATTR_USER_FEATURES,
			chance(95) ? (1 | rnd(2) << 1 | rnd(2) << 3) : rnd(16));
	if (chance(30))
		put_portids(OVS_DP_ATTR_PER_CPU_PIDS);
	if (chance(20))
		put_u32(OVS_DP_ATTR_MASKS_CACHE_SIZE,
			chance(80) ? (1u << rnd(14)) & ~1u : rnd(-1));
}

static void put_vport(int cmd)
{
	bool internal = chance(40);

	if (cmd == OVS_VPORT_CMD_NEW || chance(70))
		put_name(OVS_VPORT_ATTR_NAME, internal ? "fi" : "fd",
			 FUZZ_DEVICES);
	if (cmd == OVS_VPORT_CMD_NEW || chance(10))
		put_u32(OVS_VPORT_ATTR_TYPE,
			chance(95) ? internal ? OVS_VPORT_TYPE_INTERNAL :
						OVS_VPORT_TYPE_NETDEV : rnd(9));
	if (chance(cmd == OVS_VPORT_CMD_NEW ? 20 : 50))
		put_u32(OVS_VPORT_ATTR_PORT_NO, chance(90) ? rnd(9) : rnd(-1));
	if (cmd == OVS_VPORT_CMD_NEW ||
	    (cmd == OVS_VPORT_CMD_SET && chance(80)))
		put_portids(OVS_VPORT_ATTR_UPCALL_PID);
	if (chance(cmd == OVS_VPORT_CMD_NEW ? 10 : 1))
		put_ifindex(OVS_VPORT_ATTR_IFINDEX);
}

static void put_ufid(void)
{
	uint8_t ufid[20] = { rnd(64) };

	nla_put(msg, OVS_FLOW_ATTR_UFID, chance(97) ? 16 : rnd(20), ufid);
}

static void put_flow(int cmd, uint64_t seed)
{
	static struct gen gen;
	bool whole = cmd == OVS_FLOW_CMD_NEW || cmd == OVS_FLOW_CMD_SET;
	bool by_ufid = chance(50);

	/* DEL of nothing in particular is DEL of all */
	if (cmd == OVS_FLOW_CMD_DEL && chance(1))
		return;
	/* requests in a row are about one flow, so that SET finds what NEW has put */
	gen_make(&gen, seed / 16 % 20000, GEN_STAGE_MAX);
	rnd_seed(seed);
	if (by_ufid)
		put_ufid();
	if (whole || !by_ufid || chance(30))
		put_blob(OVS_FLOW_ATTR_KEY, gen.key);
	if (whole && gen.has_mask)
		put_blob(OVS_FLOW_ATTR_MASK, gen.mask);
	if (cmd == OVS_FLOW_CMD_NEW ||
	    (cmd == OVS_FLOW_CMD_SET && chance(80)))
		put_blob(OVS_FLOW_ATTR_ACTIONS,
			 chance(50) ? gen.actions : gen.other_actions);
	if (chance(20))
		put_u32(OVS_FLOW_ATTR_UFID_FLAGS, rnd(8));
	if (chance(10))
		nla_put_flag(msg, OVS_FLOW_ATTR_PROBE);
	if (cmd == OVS_FLOW_CMD_SET && chance(30))
		nla_put_flag(msg, OVS_FLOW_ATTR_CLEAR);
}

static void put_packet(uint64_t seed)
{
	static struct frame frame;
	static struct gen gen;
	int flips;

	gen_make(&gen, seed, GEN_STAGE_MAX);
	rnd_seed(seed);
	frame_build(&frame, corpus[rnd(corpus_count)].layers);
	for (flips = chance(70) ? 0 : 1 + rnd(8); flips; flips--)
		frame.data[rnd(frame.len < 100 ? frame.len : 100)] = rnd(256);
	if (chance(20))
		frame.len = rnd(frame.len + 1);
	nla_put(msg, OVS_PACKET_ATTR_PACKET, frame.len, frame.data);
	put_blob(OVS_PACKET_ATTR_KEY, gen.key);
	put_blob(OVS_PACKET_ATTR_ACTIONS, gen.actions);
	if (chance(10))
		nla_put_flag(msg, OVS_PACKET_ATTR_PROBE);
	if (chance(10))
		nla_put_u16(msg, OVS_PACKET_ATTR_MRU, rnd(0x10000));
	if (chance(50))
		nla_put_u64(msg, OVS_PACKET_ATTR_HASH, rnd(-1));
}

static void put_meter(int cmd)
{
	struct nlattr *bands, *band;
	int n;

	if (cmd != OVS_METER_CMD_FEATURES)
		put_u32(OVS_METER_ATTR_ID, chance(90) ? rnd(8) : rnd(-1));
	if (cmd != OVS_METER_CMD_SET)
		return;
	if (chance(50))
		nla_put_flag(msg, OVS_METER_ATTR_KBPS);
	bands = vsl_nest_start(msg, OVS_METER_ATTR_BANDS);
	for (n = chance(80) ? 1 : rnd(4); n; n--) {
		band = vsl_nest_start(msg, chance(90) ? 0 : rnd(9));
		put_u32(OVS_BAND_ATTR_TYPE, chance(95) ? 1 : rnd(4));
		put_u32(OVS_BAND_ATTR_RATE, rnd(chance(80) ? 10000 : -1));
		put_u32(OVS_BAND_ATTR_BURST, rnd(chance(80) ? 10000 : -1));
		vsl_nest_end(msg, band);
	}
	vsl_nest_end(msg, bands);
}

static void put_module(int cmd)
{
	char text[VSL_ECHO_MAX];

	if (cmd == VSL_CMD_ECHO && chance(80)) {
		memset(text, 'e', sizeof(text));
		nla_put(msg, VSL_ATTR_TEXT, rnd(sizeof(text) + 1), text);
	}
	if (cmd == VSL_CMD_INFO && chance(80))
		put_u32(VSL_ATTR_DP_IFINDEX, some_dp());
}

/* Ask the controller for a family's policy: it walks what we registered. */
static void put_ctrl(void)
{
	nla_put_u16(msg, CTRL_ATTR_FAMILY_ID,
		    world->type[rnd(FUZZ_CTRL)]);
	if (chance(30))
		put_u32(CTRL_ATTR_OP, rnd(6));
}

/* How often each command is sent, of a thousand. */
static const struct {
	uint8_t family, cmd;
	uint16_t weight;
} mix[] = {
	{ FUZZ_DATAPATH, OVS_DP_CMD_NEW, 12 },
	{ FUZZ_DATAPATH, OVS_DP_CMD_DEL, 4 },
	{ FUZZ_DATAPATH, OVS_DP_CMD_SET, 40 },
	{ FUZZ_DATAPATH, OVS_DP_CMD_GET, 30 },
	{ FUZZ_VPORT, OVS_VPORT_CMD_NEW, 20 },
	{ FUZZ_VPORT, OVS_VPORT_CMD_DEL, 10 },
	{ FUZZ_VPORT, OVS_VPORT_CMD_SET, 40 },
	{ FUZZ_VPORT, OVS_VPORT_CMD_GET, 40 },
	{ FUZZ_FLOW, OVS_FLOW_CMD_NEW, 300 },
	{ FUZZ_FLOW, OVS_FLOW_CMD_DEL, 80 },
	{ FUZZ_FLOW, OVS_FLOW_CMD_SET, 100 },
	{ FUZZ_FLOW, OVS_FLOW_CMD_GET, 60 },
	{ FUZZ_PACKET, OVS_PACKET_CMD_EXECUTE, 200 },
	{ FUZZ_METER, OVS_METER_CMD_FEATURES, 4 },
	{ FUZZ_METER, OVS_METER_CMD_SET, 20 },
	{ FUZZ_METER, OVS_METER_CMD_DEL, 10 },
	{ FUZZ_METER, OVS_METER_CMD_GET, 10 },
	{ FUZZ_MODULE, VSL_CMD_ECHO, 8 },
	{ FUZZ_MODULE, VSL_CMD_INFO, 10 },
	{ FUZZ_CTRL, CTRL_CMD_GETPOLICY, 2 },
};

static const uint8_t versions[FUZZ_FAMILIES] = {
	OVS_DATAPATH_VERSION, OVS_VPORT_VERSION, OVS_FLOW_VERSION,
	OVS_PACKET_VERSION, OVS_METER_VERSION, VSL_FAMILY_VERSION, 2,
};

static int pick_command(void)
{
	int left = rnd(1000), i = 0;

	while (left >= mix[i].weight)
		left -= mix[i++].weight;
	return i;
}

/* Whether @cmd can be answered by a list, or reports what it has done. */
static int pick_flags(int family, int cmd)
{
	int flags = NLM_F_REQUEST;

	if (family == FUZZ_CTRL)
		return flags | NLM_F_DUMP;
	if (chance(12))
		flags |= NLM_F_ACK;
	if (chance(10))
		flags |= NLM_F_ECHO;
	if (family == FUZZ_FLOW && cmd == OVS_FLOW_CMD_NEW && chance(60))
		flags |= NLM_F_CREATE;
	/* GET is 3 in all three families that have dumps */
	if (family <= FUZZ_FLOW && cmd == OVS_FLOW_CMD_GET && chance(5))
		flags |= NLM_F_DUMP;
	return flags;
}

static void put_attributes(int family, int cmd, uint64_t seed)
{
	switch (family) {
	case FUZZ_DATAPATH:
		put_dp(cmd);
		break;
	case FUZZ_VPORT:
		put_vport(cmd);
		break;
	case FUZZ_FLOW:
		put_flow(cmd, seed);
		break;
	case FUZZ_PACKET:
		put_packet(seed);
		break;
	case FUZZ_METER:
		put_meter(cmd);
		break;
	case FUZZ_MODULE:
		put_module(cmd);
		break;
	default:
		put_ctrl();
	}
}

static void put_soup(void)
{
	uint8_t data[64];
	int n;

	for (n = rnd(12); n; n--) {
		rnd_fill(data, sizeof(data));
		nla_put(msg, rnd(34), rnd(sizeof(data)), data);
	}
}

struct fuzz_kind fuzz_request(struct nl_msg *to, const struct fuzz_world *w,
			      uint64_t seed)
{
	struct fuzz_kind kind = { 0 };
	struct genlmsghdr genl = { 0 };
	struct nlmsghdr *h = nlmsg_hdr(to);
	uint32_t ifindex;
	int i, first;

	msg = to;
	world = w;
	rnd_seed(seed);
	i = pick_command();
	kind.family = mix[i].family;
	kind.cmd = mix[i].cmd;
	memset(h, 0, sizeof(*h));
	h->nlmsg_len = NLMSG_HDRLEN;
	h->nlmsg_type = world->type[kind.family];
	h->nlmsg_flags = pick_flags(kind.family, kind.cmd);
	genl.cmd = kind.cmd;
	genl.version = versions[kind.family];
	nlmsg_append(msg, &genl, sizeof(genl), NLMSG_ALIGNTO);
	/* the one that stays is not deleted on purpose */
	if (kind.family == FUZZ_DATAPATH && kind.cmd == OVS_DP_CMD_DEL)
		ifindex = world->dps[rnd(FUZZ_DPS)];
	else
		ifindex = some_dp();
	if (kind.family < FUZZ_MODULE)
		nlmsg_append(msg, &ifindex, sizeof(ifindex), NLMSG_ALIGNTO);
	first = h->nlmsg_len;
	if (chance(5)) {
		kind.mistakes = 9;
		put_soup();
		return kind;
	}
	put_attributes(kind.family, kind.cmd, seed);
	if (chance(50))
		for (i = 1 + rnd(3); i; i--, kind.mistakes++)
			fuzz_mutate(msg, first);
	return kind;
}
