/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The malformed requests of badreq.c, which includes this file and nobody else
 * does: a row says what is wrong, the command, the errno and the attributes.
 */
#ifndef BADREQ_REQUESTS_H
#define BADREQ_REQUESTS_H

/* ---- requests of the other commands: their attributes as a list ---- */

struct attr {
	int type, len;
	const void *bytes;	/* NULL: `n` in host order; or DP, PORT below */
	uint32_t n;
	const struct key *key;	/* instead of bytes: a nest of these */
};

static const char name_of_dp[1], name_of_port[1];

#define U32(type, n)		{ type, 4, NULL, n }
#define U16(type, n)		{ type, 2, NULL, n }
#define U8(type, n)		{ type, 1, NULL, n }
#define RAW(type, len, bytes)	{ type, len, bytes }
#define STR(type, string)	{ type, sizeof(string), string }
#define NEST(type, k)		{ type, .key = k }

static const struct key no_attrs;
static const struct key meta_key = { .attrs = K(IN_PORT) };
static const struct key odd_meta_key = { .attrs = K(IN_PORT), .odd = odd_unknown };
static const struct key odd_actions = { .odd = act_unknown };
static const struct key absent_actions = { .odd = act_absent };
static const char frame[14] = "\2\0\0\0\0\2\2\0\0\0\0\1\x12\x34";

#define DP_NAME(string)		STR(OVS_DP_ATTR_NAME, string)
#define DP_PID			U32(OVS_DP_ATTR_UPCALL_PID, 0)
#define DP_GOOD			DP_NAME("bad-dp"), DP_PID
#define DP_FEATURES(bits)	U32(OVS_DP_ATTR_USER_FEATURES, bits)
#define DP_CACHE(n)		U32(OVS_DP_ATTR_MASKS_CACHE_SIZE, n)
#define BIT_31			(1u << 31)
#define P_TYPE(t)		U32(OVS_VPORT_ATTR_TYPE, OVS_VPORT_TYPE_##t)
#define P_NAME(string)		STR(OVS_VPORT_ATTR_NAME, string)
#define P_PID			U32(OVS_VPORT_ATTR_UPCALL_PID, 0)
#define P_NO(n)			U32(OVS_VPORT_ATTR_PORT_NO, n)
#define P_INTERNAL(string)	P_TYPE(INTERNAL), P_NAME(string), P_PID
#define F_KEY(k)		NEST(OVS_FLOW_ATTR_KEY, k)
#define F_ACTIONS		NEST(OVS_FLOW_ATTR_ACTIONS, &no_attrs)
#define F_UFID			RAW(OVS_FLOW_ATTR_UFID, 16, "no such flow id.")
#define PKT(len)		RAW(OVS_PACKET_ATTR_PACKET, len, frame)
#define PKT_KEY			NEST(OVS_PACKET_ATTR_KEY, &meta_key)
#define PKT_ACTIONS		NEST(OVS_PACKET_ATTR_ACTIONS, &no_attrs)

#define M_ID			U32(OVS_METER_ATTR_ID, 7)
#define M_BANDS(k)		NEST(OVS_METER_ATTR_BANDS, k)

static void put_band(struct nl_msg *m, uint32_t type, uint32_t rate)
{
	struct nlattr *band = nla_nest_start(m, OVS_BAND_ATTR_UNSPEC);

	nla_put_u32(m, OVS_BAND_ATTR_TYPE, type);
	if (rate)
		nla_put_u32(m, OVS_BAND_ATTR_RATE, rate);
	nla_put_u32(m, OVS_BAND_ATTR_BURST, 0);
	nla_nest_end(m, band);
}

static void band_one(struct nl_msg *m)
{
	put_band(m, OVS_METER_BAND_TYPE_DROP, 1000);
}

static void band_two(struct nl_msg *m)
{
	band_one(m);
	put_band(m, OVS_METER_BAND_TYPE_DROP, 2000);
}

static void band_remark(struct nl_msg *m)
{
	put_band(m, OVS_METER_BAND_TYPE_DROP + 1, 1000);
}

static void band_no_rate(struct nl_msg *m)
{
	put_band(m, OVS_METER_BAND_TYPE_DROP, 0);
}

static const struct key one_band = { .odd = band_one };
static const struct key two_bands = { .odd = band_two };
static const struct key remark_band = { .odd = band_remark };
static const struct key no_rate_band = { .odd = band_no_rate };

#define D(cmd)	DATAPATH, OVS_DP_CMD_##cmd
#define P(cmd)	VPORT, OVS_VPORT_CMD_##cmd
#define F(cmd)	FLOW, OVS_FLOW_CMD_##cmd
#define X(cmd)	PACKET, OVS_PACKET_CMD_##cmd
#define M(cmd)	METER, OVS_METER_CMD_##cmd

#define THIS_DP	(-1)	/* as ifindex: that of DP */
#define LO	1	/* the loopback's, which is no datapath */

enum {
	LITE = 1,	/* stock is known to differ */
	GENERIC = 2,	/* refused by generic netlink, which says nothing */
	SHORT = 4,	/* without the family's own header */
	EXCL = 8,	/* NLM_F_CREATE | NLM_F_EXCL */
	CUT = 16,	/* the last attribute's length is beyond the message */
};

static const struct {
	const char *what;
	int family, cmd, ifindex, err;
	struct attr attrs[5];
	int flags;
} bad_requests[] = {
	{ "datapath NEW without NAME", D(NEW), 0, EINVAL, { DP_PID } },
	{ "datapath NEW without UPCALL_PID", D(NEW), 0, EINVAL,
	  { DP_NAME("bad-dp") } },
	{ "datapath NEW with an empty name", D(NEW), 0, EINVAL,
	  { DP_NAME(""), DP_PID } },
	{ "datapath NEW with a slash in its name", D(NEW), 0, EINVAL,
	  { DP_NAME("bad/dp"), DP_PID } },
	{ "datapath NEW with a name of 16 letters", D(NEW), 0, EINVAL,
	  { DP_NAME("0123456789abcdef"), DP_PID } },
	{ "datapath NEW with a name without its NUL", D(NEW), 0, EINVAL,
	  { RAW(OVS_DP_ATTR_NAME, 6, "bad-dp"), DP_PID } },
	{ "datapath NEW with the name of a datapath", D(NEW), 0, EEXIST,
	  { RAW(OVS_DP_ATTR_NAME, 0, name_of_dp), DP_PID } },
	{ "datapath NEW with the name of a device", D(NEW), 0, EEXIST,
	  { RAW(OVS_DP_ATTR_NAME, 0, name_of_port), DP_PID } },
	{ "datapath NEW with an UPCALL_PID of 2 bytes", D(NEW), 0, ERANGE,
	  { DP_NAME("bad-dp"), U16(OVS_DP_ATTR_UPCALL_PID, 0) } },
	{ "datapath NEW with feature bit 31", D(NEW), 0, EOPNOTSUPP,
	  { DP_GOOD, DP_FEATURES(BIT_31) } },
	{ "datapath NEW with feature bit 31 and known ones", D(NEW), 0,
	  EOPNOTSUPP, { DP_GOOD, DP_FEATURES(BIT_31 | OVS_DP_F_UNALIGNED |
					     OVS_DP_F_VPORT_PIDS) } },
	{ "datapath NEW with a mask cache of 80000", D(NEW), 0, ERANGE,
	  { DP_GOOD, DP_CACHE(80000) } },
	{ "datapath NEW without the family's header", D(NEW), 0, EINVAL, { },
	  GENERIC | SHORT },
	{ "datapath SET of an unknown name", D(SET), 0, ENODEV,
	  { DP_NAME("no-such-dp") } },
	{ "datapath SET of feature bit 31", D(SET), THIS_DP, EOPNOTSUPP,
	  { DP_FEATURES(BIT_31 | OVS_DP_F_UNALIGNED) } },
	{ "datapath SET of TC_RECIRC_SHARING", D(SET), THIS_DP, EOPNOTSUPP,
	  { DP_FEATURES(OVS_DP_F_UNALIGNED | OVS_DP_F_TC_RECIRC_SHARING) } },
	{ "datapath SET of a mask cache of 80000", D(SET), THIS_DP, ERANGE,
	  { DP_FEATURES(0), DP_CACHE(80000) } },
	{ "datapath SET of a mask cache of 3", D(SET), THIS_DP, EINVAL,
	  { DP_FEATURES(0), DP_CACHE(3) } },
	{ "datapath SET of PER_CPU_PIDS of 3 bytes", D(SET), THIS_DP, EINVAL,
	  { DP_FEATURES(OVS_DP_F_DISPATCH_UPCALL_PER_CPU),
	    RAW(OVS_DP_ATTR_PER_CPU_PIDS, 3, "\0\0") }, LITE },
	{ "datapath DEL of an unknown name", D(DEL), 0, ENODEV,
	  { DP_NAME("no-such-dp") } },
	{ "datapath DEL of nothing", D(DEL), 0, ENODEV },
	{ "datapath GET of an unknown name", D(GET), 0, ENODEV,
	  { DP_NAME("no-such-dp") } },
	{ "datapath GET by the name of a port", D(GET), 0, ENODEV,
	  { RAW(OVS_DP_ATTR_NAME, 0, name_of_port) } },
	{ "datapath GET of the loopback", D(GET), LO, ENODEV },
	{ "datapath command 99", DATAPATH, 99, THIS_DP, EOPNOTSUPP, { },
	  GENERIC },

	{ "port NEW without NAME", P(NEW), THIS_DP, EINVAL,
	  { P_TYPE(INTERNAL), P_PID } },
	{ "port NEW without TYPE", P(NEW), THIS_DP, EINVAL,
	  { P_NAME("bad-port"), P_PID } },
	{ "port NEW without UPCALL_PID", P(NEW), THIS_DP, EINVAL,
	  { P_TYPE(INTERNAL), P_NAME("bad-port") } },
	{ "port NEW in no datapath", P(NEW), LO, ENODEV,
	  { P_INTERNAL("bad-port") } },
	{ "port NEW of an unknown device", P(NEW), THIS_DP, ENODEV,
	  { P_TYPE(NETDEV), P_NAME("no-such-dev"), P_PID } },
	{ "port NEW of type 77", P(NEW), THIS_DP, EAFNOSUPPORT,
	  { U32(OVS_VPORT_ATTR_TYPE, 77), P_NAME("bad-port"), P_PID } },
	{ "port NEW with a number that is taken", P(NEW), THIS_DP, EBUSY,
	  { P_INTERNAL("bad-port"), P_NO(1) } },
	{ "port NEW of a device that is a port", P(NEW), THIS_DP, EEXIST,
	  { P_TYPE(NETDEV), RAW(OVS_VPORT_ATTR_NAME, 0, name_of_port), P_PID,
	    P_NO(9) } },
	{ "port NEW of the loopback", P(NEW), THIS_DP, EINVAL,
	  { P_TYPE(NETDEV), P_NAME("lo"), P_PID } },
	{ "port NEW of the local port as a device", P(NEW), THIS_DP, EINVAL,
	  { P_TYPE(NETDEV), RAW(OVS_VPORT_ATTR_NAME, 0, name_of_dp), P_PID } },
	{ "port NEW internal, with the name of a device", P(NEW), THIS_DP,
	  EEXIST, { P_TYPE(INTERNAL),
		    RAW(OVS_VPORT_ATTR_NAME, 0, name_of_port), P_PID } },
	{ "port NEW with number 65535", P(NEW), THIS_DP, EFBIG,
	  { P_INTERNAL("bad-port"), P_NO(65535) } },
	{ "port NEW with number 0xffffffff", P(NEW), THIS_DP, EFBIG,
	  { P_INTERNAL("bad-port"), P_NO(0xffffffff) } },
	{ "port NEW with a name of 16 letters", P(NEW), THIS_DP, EINVAL,
	  { P_INTERNAL("0123456789abcdef") } },
	{ "port NEW with a number of 1 byte", P(NEW), THIS_DP, ERANGE,
	  { P_INTERNAL("bad-port"), U8(OVS_VPORT_ATTR_PORT_NO, 1) } },
	{ "port SET of 6 bytes of upcall PIDs", P(SET), THIS_DP, EINVAL,
	  { P_NO(1), RAW(OVS_VPORT_ATTR_UPCALL_PID, 6, "\0\0\0\0\0") } },
	{ "port SET of no upcall PID at all", P(SET), THIS_DP, EINVAL,
	  { P_NO(1), NEST(OVS_VPORT_ATTR_UPCALL_PID, &no_attrs) } },
	{ "port SET to another type", P(SET), THIS_DP, EINVAL,
	  { P_NO(1), P_TYPE(INTERNAL) } },
	{ "port SET of options where none exist", P(SET), THIS_DP, EOPNOTSUPP,
	  { P_NO(1), NEST(OVS_VPORT_ATTR_OPTIONS, &no_attrs) } },
	{ "port SET of an unknown number", P(SET), THIS_DP, ENODEV,
	  { P_NO(4242) } },
	{ "port DEL of port 0", P(DEL), THIS_DP, EINVAL, { P_NO(0) } },
	{ "port DEL of an unknown number", P(DEL), THIS_DP, ENODEV,
	  { P_NO(4242) } },
	{ "port DEL in no datapath", P(DEL), LO, ENODEV, { P_NO(1) } },
	{ "port GET of nothing", P(GET), THIS_DP, EINVAL },
	{ "port GET of an unknown number", P(GET), THIS_DP, ENODEV,
	  { P_NO(4242) } },
	{ "port GET by ifindex", P(GET), THIS_DP, EOPNOTSUPP,
	  { U32(OVS_VPORT_ATTR_IFINDEX, LO) } },
	{ "port GET of a device that is no port", P(GET), 0, ENODEV,
	  { P_NAME("lo") } },
	{ "port GET by name in another datapath", P(GET), LO, ENODEV,
	  { RAW(OVS_VPORT_ATTR_NAME, 0, name_of_port) } },

	{ "flow NEW without KEY", F(NEW), THIS_DP, EINVAL, { F_ACTIONS } },
	{ "flow NEW without ACTIONS", F(NEW), THIS_DP, EINVAL,
	  { F_KEY(&good_key) } },
	{ "flow NEW in no datapath", F(NEW), LO, ENODEV,
	  { F_KEY(&good_key), F_ACTIONS } },
	{ "flow NEW of a flow that exists", F(NEW), THIS_DP, EEXIST,
	  { F_KEY(&good_flow), F_ACTIONS }, EXCL },
	{ "flow NEW, ACTIONS longer than the message", F(NEW), THIS_DP,
	  EINVAL, { F_KEY(&good_key), F_ACTIONS }, CUT },
	{ "flow SET of an unknown flow", F(SET), THIS_DP, ENOENT,
	  { F_KEY(&good_key), F_ACTIONS } },
	{ "flow SET of nothing", F(SET), THIS_DP, EINVAL },
	{ "flow SET of actions by UFID alone", F(SET), THIS_DP, EINVAL,
	  { F_UFID, F_ACTIONS } },
	{ "flow GET of nothing", F(GET), THIS_DP, EINVAL },
	{ "flow GET of an unknown key", F(GET), THIS_DP, ENOENT,
	  { F_KEY(&good_key) } },
	{ "flow GET of an unknown UFID", F(GET), THIS_DP, ENOENT, { F_UFID } },
	{ "flow DEL of an unknown key", F(DEL), THIS_DP, ENOENT,
	  { F_KEY(&good_key) } },
	{ "flow DEL of an unknown UFID", F(DEL), THIS_DP, ENOENT, { F_UFID } },
	{ "flow DEL in no datapath", F(DEL), LO, ENODEV },

	{ "execute without PACKET", X(EXECUTE), THIS_DP, EINVAL,
	  { PKT_KEY, PKT_ACTIONS } },
	{ "execute without KEY", X(EXECUTE), THIS_DP, EINVAL,
	  { PKT(14), PKT_ACTIONS } },
	{ "execute without ACTIONS", X(EXECUTE), THIS_DP, EINVAL,
	  { PKT(14), PKT_KEY } },
	{ "execute of a packet of 13 bytes", X(EXECUTE), THIS_DP, ERANGE,
	  { PKT(13), PKT_KEY, PKT_ACTIONS } },
	{ "execute of a packet of 1 byte", X(EXECUTE), THIS_DP, ERANGE,
	  { PKT(1), PKT_KEY, PKT_ACTIONS } },
	{ "execute in no datapath", X(EXECUTE), LO, ENODEV,
	  { PKT(14), PKT_KEY, PKT_ACTIONS } },
	{ "execute with key attribute 40", X(EXECUTE), THIS_DP, EINVAL,
	  { PKT(14), NEST(OVS_PACKET_ATTR_KEY, &odd_meta_key), PKT_ACTIONS } },
	{ "execute with action 99", X(EXECUTE), THIS_DP, EINVAL,
	  { PKT(14), PKT_KEY, NEST(OVS_PACKET_ATTR_ACTIONS, &odd_actions) } },

	{ "meter SET without ID", M(SET), THIS_DP, EINVAL,
	  { M_BANDS(&one_band) } },
	{ "meter SET without BANDS", M(SET), THIS_DP, EINVAL, { M_ID } },
	{ "meter SET in no datapath", M(SET), LO, ENODEV,
	  { M_ID, M_BANDS(&one_band) } },
	{ "meter SET with two bands", M(SET), THIS_DP, EINVAL,
	  { M_ID, M_BANDS(&two_bands) } },
	{ "meter SET with a band that remarks", M(SET), THIS_DP, EINVAL,
	  { M_ID, M_BANDS(&remark_band) }, LITE },
	{ "meter SET with a band without rate", M(SET), THIS_DP, EINVAL,
	  { M_ID, M_BANDS(&no_rate_band) } },
	{ "meter SET with an ID of 2 bytes", M(SET), THIS_DP, ERANGE,
	  { U16(OVS_METER_ATTR_ID, 7), M_BANDS(&one_band) } },
	{ "meter GET of one that is not there", M(GET), THIS_DP, ENOENT,
	  { M_ID } },
	{ "meter GET of nothing", M(GET), THIS_DP, EINVAL },
	{ "meter DEL of nothing", M(DEL), THIS_DP, EINVAL },
	{ "meter DEL in no datapath", M(DEL), LO, ENODEV, { M_ID } },

	/* what is to be taken, and changes nothing all the same */
	{ "datapath GET with an attribute of a later version", D(GET), THIS_DP,
	  0, { U32(200, 1) } },
	{ "port GET with an attribute of a later version", P(GET), THIS_DP, 0,
	  { P_NO(1), U32(200, 1) } },
	{ "flow GET with an attribute of a later version", F(GET), THIS_DP, 0,
	  { F_KEY(&good_flow), U32(200, 1) } },
	{ "datapath SET without USER_FEATURES", D(SET), THIS_DP, 0, { },
	  LITE },
	{ "port SET of nothing", P(SET), THIS_DP, 0, { P_NO(1) } },
	{ "meter DEL of one that is not there", M(DEL), THIS_DP, 0, { M_ID } },
	{ "execute with a meter and a port that are not there", X(EXECUTE),
	  THIS_DP, 0, { PKT(14), PKT_KEY,
			NEST(OVS_PACKET_ATTR_ACTIONS, &absent_actions) } },
};

/* What CAP_NET_ADMIN is needed for; each would do something if it had it. */
static const struct {
	const char *what;
	int family, cmd;
	struct attr attrs[5];
} admin_requests[] = {
	{ "datapath NEW", D(NEW), { DP_GOOD } },
	{ "datapath SET", D(SET), { DP_FEATURES(OVS_DP_F_VPORT_PIDS) } },
	{ "datapath DEL", D(DEL) },
	{ "port NEW", P(NEW), { P_INTERNAL("bad-port") } },
	{ "port SET", P(SET), { P_NO(1), U32(OVS_VPORT_ATTR_UPCALL_PID, 7) } },
	{ "port DEL", P(DEL), { P_NO(1) } },
	{ "flow NEW", F(NEW), { F_KEY(&good_key), F_ACTIONS } },
	{ "flow SET", F(SET), { F_KEY(&good_flow), F_ACTIONS } },
	{ "flow DEL", F(DEL), { F_KEY(&good_flow) } },
	{ "flow flush", F(DEL) },
	{ "packet EXECUTE", X(EXECUTE), { PKT(14), PKT_KEY, PKT_ACTIONS } },
	{ "meter SET", M(SET), { M_ID, M_BANDS(&one_band) } },
	{ "meter DEL", M(DEL), { M_ID } },
};

#endif /* BADREQ_REQUESTS_H */
