/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The family "vswitch_lite": what vswitch_lite.ko says about itself.  The stock
 * openvswitch module has no such family; every function then says -ENOENT.
 */
#ifndef VSL_LIB_MODULE_H
#define VSL_LIB_MODULE_H

#include "nl.h"

/**
 * struct vsl_module - version and figures of the loaded module
 * @version: e.g. "0.1.0"
 * @prefix: of its family names, e.g. "ovs"
 * @datapaths: in this network namespace
 * @has_table: the figures below are of the datapath that was asked for
 * @flows: flows in the table
 * @masks: different masks among them
 * @buckets: hash buckets of all tables
 * @longest_chain: flows in the fullest bucket
 * @resizes: since the datapath was made
 * @partitions: sets of flows with the same in_port and eth_type
 * @subtables: hash tables, of all partitions
 * @depth: the most of them below one another
 * @reseeds: hash tables given new secrets since the datapath was made
 * @splits: buckets made hash tables since then
 * @cache_hits: packets whose flow the cache knew
 * @bytes: memory of flows, masks and hash tables; not of actions
 * @looped: packets dropped since then for going in a loop
 */
struct vsl_module {
	char version[32];
	char prefix[32];
	uint32_t datapaths;
	bool has_table;
	uint32_t flows;
	uint32_t masks;
	uint32_t buckets;
	uint32_t longest_chain;
	uint32_t resizes;
	uint32_t partitions;
	uint32_t subtables;
	uint32_t depth;
	uint32_t reseeds;
	uint32_t splits;
	uint64_t cache_hits;
	uint64_t bytes;
	uint64_t looped;
};

/**
 * vsl_module_get() - ask for version and figures
 * @nl: a request socket
 * @dp_ifindex: of the datapath whose table figures are wanted, or 0 for none
 * @module: filled on success
 *
 * Return: 0; -ENOENT where the family is not there; -ENODEV where @dp_ifindex
 * is no datapath; else a negative errno.
 */
int vsl_module_get(struct vsl_nl *nl, int dp_ifindex,
		   struct vsl_module *module);

/**
 * vsl_module_echo() - one round trip to the module and back
 * @nl: a request socket
 * @text: bytes to send; must come back the same
 * @len: at most VSL_ECHO_MAX
 * @kernel_ns: CLOCK_MONOTONIC when the kernel answered; may be NULL
 *
 * Return: 0; -EBADMSG where other bytes came back; -ENOENT where the family is
 * not there; else a negative errno.
 */
int vsl_module_echo(struct vsl_nl *nl, const void *text, size_t len,
		    uint64_t *kernel_ns);

/**
 * vsl_module_upcall_times() - have upcalls carry their number and time, or not
 * @nl: a request socket
 * @dp_ifindex: of the datapath
 * @on: whether
 *
 * Return: 0; -ENOENT where the family is not there; -EOPNOTSUPP from a module too
 * old for it; -ENODEV where @dp_ifindex is no datapath; else a negative errno.
 */
int vsl_module_upcall_times(struct vsl_nl *nl, int dp_ifindex, bool on);

#endif /* VSL_LIB_MODULE_H */
