/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A datapath: family PREFIX_datapath <-> struct vsl_dp.  It is known by the name
 * and the ifindex of its local port.
 */
#ifndef VSL_LIB_DP_H
#define VSL_LIB_DP_H

#include <net/if.h>

#include "nl.h"

/* As many of OVS_DP_ATTR_PER_CPU_PIDS as struct vsl_dp keeps. */
#define VSL_DP_PIDS_KEPT 256

/**
 * struct vsl_dp - a datapath as the kernel describes it
 * @cmd: OVS_DP_CMD_* of the message it was read from (tells what happened,
 *	in multicast)
 * @ifindex: of the local port; the dp_ifindex of everything else
 * @name: OVS_DP_ATTR_NAME
 * @has_stats: @stats is there
 * @stats: OVS_DP_ATTR_STATS
 * @has_megaflow: @megaflow is there
 * @megaflow: OVS_DP_ATTR_MEGAFLOW_STATS
 * @has_features: @features is there
 * @features: OVS_DP_ATTR_USER_FEATURES, OVS_DP_F_*
 * @has_cache_size: @cache_size is there
 * @cache_size: OVS_DP_ATTR_MASKS_CACHE_SIZE
 * @n_pids: entries of OVS_DP_ATTR_PER_CPU_PIDS, 0 if absent; may be more than
 *	are kept
 * @pids: the first of them
 *
 * Holds no pointers: copy it freely.
 */
struct vsl_dp {
	uint8_t cmd;
	int ifindex;
	char name[IFNAMSIZ];
	bool has_stats;
	struct ovs_dp_stats stats;
	bool has_megaflow;
	struct ovs_dp_megaflow_stats megaflow;
	bool has_features;
	uint32_t features;
	bool has_cache_size;
	uint32_t cache_size;
	unsigned int n_pids;
	uint32_t pids[VSL_DP_PIDS_KEPT];
};

/**
 * vsl_dp_from_msg() - read a datapath out of a message
 * @dp: filled on success
 * @nlh: of family VSL_FAM_DATAPATH
 *
 * Return: 0; -EINVAL where the message is not well-formed or has no name.
 */
int vsl_dp_from_msg(struct vsl_dp *dp, const struct nlmsghdr *nlh);

/**
 * vsl_dp_new() - create a datapath and its local port
 * @nl: a request socket
 * @name: of the datapath, which a new network device gets
 * @features: OVS_DP_F_*
 * @upcall_pid: netlink port id for the local port's upcalls, 0 for none
 * @dp: the new one; may be NULL
 *
 * Return: 0; -EEXIST, -EOPNOTSUPP for a feature not known, else a negative
 * errno.
 */
int vsl_dp_new(struct vsl_nl *nl, const char *name, uint32_t features,
	       uint32_t upcall_pid, struct vsl_dp *dp);

/**
 * vsl_dp_get() - look a datapath up
 * @nl: a request socket
 * @name: of the datapath, or NULL to go by @ifindex
 * @ifindex: used where @name is NULL
 * @dp: filled on success; may be NULL
 *
 * Return: 0; -ENODEV where there is none; else a negative errno.
 */
int vsl_dp_get(struct vsl_nl *nl, const char *name, int ifindex,
	       struct vsl_dp *dp);

/**
 * vsl_dp_set() - change features and the upcall ports of the CPUs
 * @nl: a request socket
 * @ifindex: of the datapath
 * @features: OVS_DP_F_*, the whole set: what is not in it is switched off
 * @pids: for OVS_DP_ATTR_PER_CPU_PIDS, or NULL to leave that as it is
 * @n_pids: entries of @pids
 * @dp: the datapath afterwards; may be NULL
 *
 * Return: 0 or a negative errno.
 */
int vsl_dp_set(struct vsl_nl *nl, int ifindex, uint32_t features,
	       const uint32_t *pids, unsigned int n_pids, struct vsl_dp *dp);

/**
 * vsl_dp_del() - delete a datapath with all ports and flows
 * @nl: a request socket
 * @ifindex: of the datapath
 *
 * Return: 0 or a negative errno.
 */
int vsl_dp_del(struct vsl_nl *nl, int ifindex);

/** typedef vsl_dp_cb - one datapath of a dump; non-zero ends the dump */
typedef int (*vsl_dp_cb)(const struct vsl_dp *dp, void *arg);

/**
 * vsl_dp_dump() - all datapaths of this network namespace
 *
 * Return: as vsl_nl_dump().
 */
int vsl_dp_dump(struct vsl_nl *nl, vsl_dp_cb cb, void *arg);

#endif /* VSL_LIB_DP_H */
