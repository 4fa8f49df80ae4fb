/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The Open vSwitch datapath ABI, as the module, the library and the tests see
 * it: <linux/openvswitch.h>, plus the few names that the oldest supported
 * header (Linux 6.1) does not have yet.  Each is guarded by what its newer
 * header defines, so that this file shrinks to an #include over time.
 */
#ifndef VSL_OVS_ABI_H
#define VSL_OVS_ABI_H

#include <linux/openvswitch.h>

/*
 * Enumerators cannot be tested by the preprocessor; their values can be
 * given again under names of our own.  They are ABI and never change.
 */
#define VSL_OVS_ACTION_ATTR_DROP	24	/* u32 reason; Linux 6.6 */
#define VSL_OVS_VPORT_ATTR_UPCALL_STATS	10	/* nested; Linux 6.4 */
#define VSL_OVS_HASH_ALG_SYM_L4		1	/* Linux 6.5 */

/* OVS_PACKET_ATTR_HASH: skb->hash in the low half, and how it was made. */
#define VSL_PACKET_HASH_SW	0x100000000ULL
#define VSL_PACKET_HASH_L4	0x200000000ULL

/* Nothing in the ABI nests deeper; a longer nest is refused (EOVERFLOW). */
#define VSL_MAX_ACTION_DEPTH		16

/* Families, for the prefix that the module was loaded with ("ovs", "vsl"). */
#define VSL_DEFAULT_FAMILY_PREFIX	"ovs"
#define VSL_SUFFIX_DATAPATH		"_datapath"
#define VSL_SUFFIX_VPORT		"_vport"
#define VSL_SUFFIX_FLOW			"_flow"
#define VSL_SUFFIX_PACKET		"_packet"
#define VSL_SUFFIX_METER		"_meter"

#endif /* VSL_OVS_ABI_H */
