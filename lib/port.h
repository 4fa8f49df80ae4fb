/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A port of a datapath: family PREFIX_vport <-> struct vsl_port.
 */
#ifndef VSL_LIB_PORT_H
#define VSL_LIB_PORT_H

#include <net/if.h>

#include "nl.h"

/* Port number of a datapath's local port. */
#define VSL_PORT_LOCAL 0u
/* "Pick the lowest free number" in vsl_port_new(). */
#define VSL_PORT_ANY UINT32_MAX
/* Port numbers are below this. */
#define VSL_PORT_LIMIT 65535u

/**
 * struct vsl_port - a port as the kernel describes it
 * @cmd: OVS_VPORT_CMD_* of the message it was read from
 * @dp_ifindex: its datapath
 * @port_no: OVS_VPORT_ATTR_PORT_NO
 * @type: OVS_VPORT_TYPE_*
 * @name: of its network device
 * @ifindex: of its network device, 0 if not told
 * @has_netnsid: the device lives in another network namespace, @netnsid
 * @netnsid: see above
 * @has_stats: @stats is there
 * @stats: OVS_VPORT_ATTR_STATS
 * @has_upcall_stats: the two below are there (newer kernels)
 * @upcall_success: upcalls delivered
 * @upcall_fail: upcalls lost
 * @n_pids: entries of OVS_VPORT_ATTR_UPCALL_PID
 * @pid: the first of them, 0 for no upcalls
 *
 * Holds no pointers: copy it freely.
 */
struct vsl_port {
	uint8_t cmd;
	int dp_ifindex;
	uint32_t port_no;
	uint32_t type;
	char name[IFNAMSIZ];
	int ifindex;
	bool has_netnsid;
	int netnsid;
	bool has_stats;
	struct ovs_vport_stats stats;
	bool has_upcall_stats;
	uint64_t upcall_success;
	uint64_t upcall_fail;
	unsigned int n_pids;
	uint32_t pid;
};

/**
 * vsl_port_from_msg() - read a port out of a message
 * @port: filled on success
 * @nlh: of family VSL_FAM_VPORT
 *
 * Return: 0; -EINVAL where the message is not well-formed or lacks number,
 * type or name.
 */
int vsl_port_from_msg(struct vsl_port *port, const struct nlmsghdr *nlh);

/**
 * vsl_port_new() - add a port
 * @nl: a request socket
 * @dp_ifindex: of the datapath
 * @name: of the network device: an existing one (OVS_VPORT_TYPE_NETDEV), or
 *	one to be made (OVS_VPORT_TYPE_INTERNAL)
 * @type: OVS_VPORT_TYPE_*
 * @port_no: wanted number, or VSL_PORT_ANY
 * @upcall_pid: netlink port id for its upcalls, 0 for none
 * @port: the new one; may be NULL
 *
 * The device is not brought up: see vsl_port_link_up().
 *
 * Return: 0; -ENODEV no such device or datapath; -EBUSY number taken or device
 * in use; -EEXIST; -EAFNOSUPPORT type unknown; else a negative errno.
 */
int vsl_port_new(struct vsl_nl *nl, int dp_ifindex, const char *name,
		 uint32_t type, uint32_t port_no, uint32_t upcall_pid,
		 struct vsl_port *port);

/**
 * vsl_port_get() - look a port up
 * @nl: a request socket
 * @dp_ifindex: of the datapath; 0 with @name means any
 * @name: of its device, or NULL to go by @port_no
 * @port_no: used where @name is NULL
 * @port: filled on success; may be NULL
 *
 * Return: 0; -ENODEV where there is none; else a negative errno.
 */
int vsl_port_get(struct vsl_nl *nl, int dp_ifindex, const char *name,
		 uint32_t port_no, struct vsl_port *port);

/**
 * vsl_port_set_pid() - send a port's upcalls to another socket
 * @nl: a request socket
 * @dp_ifindex: of the datapath
 * @port_no: of the port
 * @upcall_pid: netlink port id, 0 for no upcalls
 *
 * Return: 0 or a negative errno.
 */
int vsl_port_set_pid(struct vsl_nl *nl, int dp_ifindex, uint32_t port_no,
		     uint32_t upcall_pid);

/**
 * vsl_port_del() - take a port off its datapath
 * @nl: a request socket
 * @dp_ifindex: of the datapath
 * @port_no: of the port; the local port is refused by the kernel (-EINVAL)
 *
 * Return: 0 or a negative errno.
 */
int vsl_port_del(struct vsl_nl *nl, int dp_ifindex, uint32_t port_no);

/** typedef vsl_port_cb - one port of a dump; non-zero ends the dump */
typedef int (*vsl_port_cb)(const struct vsl_port *port, void *arg);

/**
 * vsl_port_dump() - all ports of the datapath @dp_ifindex
 *
 * Return: as vsl_nl_dump().
 */
int vsl_port_dump(struct vsl_nl *nl, int dp_ifindex, vsl_port_cb cb,
		  void *arg);

/** vsl_port_type_name() - "netdev", "internal", ...; "unknown" for others */
const char *vsl_port_type_name(uint32_t type);

/** vsl_port_type_parse() - the reverse ("system" is "netdev" too); 0 unknown */
uint32_t vsl_port_type_parse(const char *name);

/**
 * vsl_port_link_up() - bring a network device of this namespace up
 * @name: of the device
 *
 * Return: 0 or a negative errno.
 */
int vsl_port_link_up(const char *name);

#endif /* VSL_LIB_PORT_H */
