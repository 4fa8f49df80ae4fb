/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Generic netlink family "vswitch_lite": what Open vSwitch's ABI has no word
 * for.  Its name does not follow the family_prefix parameter: whoever finds it
 * knows that vswitch_lite.ko is loaded, and learns the prefix from it.
 *
 * No family header (hdrsize 0).  Requests and replies:
 *
 * VSL_CMD_ECHO   liveness and round-trip time; anyone may ask
 *   request   [VSL_ATTR_TEXT]
 *   reply     [VSL_ATTR_TEXT]        the same bytes
 *             VSL_ATTR_TIME          when the kernel answered
 *
 * VSL_CMD_INFO   version and figures; anyone may ask
 *   request   [VSL_ATTR_DP_IFINDEX]  ENODEV where it is no datapath's
 *   reply     VSL_ATTR_VERSION
 *             VSL_ATTR_FAMILY_PREFIX
 *             VSL_ATTR_DATAPATHS     those of the asker's network namespace
 *             [VSL_ATTR_DP_IFINDEX, VSL_ATTR_TABLE { VSL_TABLE_ATTR_* },
 *              VSL_ATTR_LOOPED]
 *
 * VSL_CMD_SET    change a datapath; needs CAP_NET_ADMIN
 *   request   VSL_ATTR_DP_IFINDEX
 *             [VSL_ATTR_UPCALL_TIMES] whether upcalls carry
 *                                    VSL_PACKET_ATTR_BIRTH, which else they do not
 */
#ifndef VSL_VSWITCH_LITE_H
#define VSL_VSWITCH_LITE_H

#include <linux/types.h>

#define VSL_FAMILY		"vswitch_lite"
#define VSL_FAMILY_VERSION	1
#define VSL_VERSION		"0.1.0"

/* The most bytes that ECHO takes; more is ERANGE. */
#define VSL_ECHO_MAX		1024

enum vsl_cmd {
	VSL_CMD_UNSPEC,
	VSL_CMD_ECHO,
	VSL_CMD_INFO,
	VSL_CMD_SET,
	__VSL_CMD_MAX,
};

#define VSL_CMD_MAX (__VSL_CMD_MAX - 1)

enum vsl_attr {
	VSL_ATTR_UNSPEC,
	VSL_ATTR_PAD,
	VSL_ATTR_TEXT,		/* bytes, at most VSL_ECHO_MAX */
	VSL_ATTR_TIME,		/* u64, ns of CLOCK_MONOTONIC */
	VSL_ATTR_VERSION,	/* string, VSL_VERSION of the module */
	VSL_ATTR_FAMILY_PREFIX,	/* string */
	VSL_ATTR_DATAPATHS,	/* u32 */
	VSL_ATTR_DP_IFINDEX,	/* u32, as in struct ovs_header */
	VSL_ATTR_TABLE,		/* nested VSL_TABLE_ATTR_* */
	VSL_ATTR_LOOPED,	/* u64, packets dropped for going in a loop */
	VSL_ATTR_UPCALL_TIMES,	/* u8, 0 or 1 */
	__VSL_ATTR_MAX,
};

#define VSL_ATTR_MAX (__VSL_ATTR_MAX - 1)

enum vsl_table_attr {
	VSL_TABLE_ATTR_UNSPEC,
	VSL_TABLE_ATTR_FLOWS,		/* u32 */
	VSL_TABLE_ATTR_MASKS,		/* u32, different masks of flows */
	VSL_TABLE_ATTR_BUCKETS,		/* u32, of all hash tables */
	VSL_TABLE_ATTR_LONGEST_CHAIN,	/* u32, flows in the fullest bucket */
	VSL_TABLE_ATTR_RESIZES,		/* u32, since the datapath was made */
	VSL_TABLE_ATTR_PAD,
	VSL_TABLE_ATTR_PARTITIONS,	/* u32, of flows by port and type */
	VSL_TABLE_ATTR_SUBTABLES,	/* u32, hash tables */
	VSL_TABLE_ATTR_DEPTH,		/* u32, most of them below one another */
	VSL_TABLE_ATTR_RESEEDS,		/* u32, hash tables given new secrets */
	VSL_TABLE_ATTR_SPLITS,		/* u32, full buckets made hash tables */
	VSL_TABLE_ATTR_CACHE_HITS,	/* u64, packets */
	VSL_TABLE_ATTR_BYTES,		/* u64, memory without actions */
	__VSL_TABLE_ATTR_MAX,
};

#define VSL_TABLE_ATTR_MAX (__VSL_TABLE_ATTR_MAX - 1)

/*
 * In upcalls of family PREFIX_packet, beside OVS_PACKET_ATTR_*, of whose numbers
 * this one is far: struct vsl_birth.  Who does not know it reads over it.
 */
#define VSL_PACKET_ATTR_BIRTH	0x1000

/**
 * struct vsl_birth - when an upcall was made
 * @number: of the datapath's upcalls since it was asked to count, from 1, with
 *	none left out: what is missing was lost on the way
 * @time: ns of CLOCK_MONOTONIC
 */
struct vsl_birth {
	__u64 number;
	__u64 time;
};

#endif /* VSL_VSWITCH_LITE_H */
