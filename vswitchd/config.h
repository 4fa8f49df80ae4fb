/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config.h - what the switch is to be: the bridge, its ports, their rules
 *
 * A struct config is made by options.c from the command line or by config_file.c
 * from a file. It is complete and checked before anything acts on it, names
 * ports by name (they may not exist yet), and is not changed afterwards: a reload
 * (reload.c) makes a new one and compares.
 */
#ifndef VSWITCHD_CONFIG_H
#define VSWITCHD_CONFIG_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bridge.h"

/* Longer than eight days is a slip of the finger. */
#define CONFIG_MAX_SECONDS	(8 * 24 * 3600)

#define CONFIG_MAX_MACS		1048576
#define CONFIG_MAX_FLOWS	1000000
#define CONFIG_MAX_STORM	10000000
#define CONFIG_MAX_NAME		64

/**
 * struct config_port - a port that is to be in the bridge
 * @name: of the network device
 * @bridge: what the bridge is to know of it
 * @mac_limit: hosts that may be learned on it, 0 for no limit of its own
 * @storm_limit: flooded packets a second that it may cause, 0 for no limit
 * @storm_burst: packets beyond a second's that may come at once
 * @refused: noted by datapath.c: it cannot be added, and that was said
 */
struct config_port {
	char name[IF_NAMESIZE];
	struct bridge_port_config bridge;
	uint32_t mac_limit;
	uint32_t storm_limit, storm_burst;
	bool refused;
};

/**
 * struct config_static - a host whose port is given
 * @mac: its address
 * @vlan: its VLAN, 0 for none
 * @port: name of the port
 */
struct config_static {
	uint8_t mac[6];
	uint16_t vlan;
	char port[IF_NAMESIZE];
};

/**
 * struct config_rule - what is to be done with some packets before switching
 * @name: for people
 * @priority: of two rules that match, the higher one decides; if equal the first
 * @match: flow syntax (lib/text.h), ports by name or number; owned
 * @actions: actions in that syntax, "drop", or "normal": switched as usual; owned
 */
struct config_rule {
	char name[CONFIG_MAX_NAME];
	uint32_t priority;
	char *match, *actions;
};

/**
 * struct config_loops - loop protection
 * @probe_ms: time between probes of a port, 0: none are sent
 * @flaps: moves of a host between ports within a second that are a loop, 0: none
 * @shut_ms: time that a looping port stays shut
 */
struct config_loops {
	uint32_t probe_ms, flaps, shut_ms;
};

/**
 * struct config_trace - the upcall trace; strings are owned
 * @text: lines for people on standard output
 * @json: file for JSON lines, or NULL
 * @pcap: file for captured packets, or NULL
 * @filter: pcap filter expression, or NULL
 * @port: name of the only ingress port to trace, or NULL
 * @reason: the only reason to trace, or NULL
 * @rotate: bytes at which a file is put aside, 0 for never
 */
struct config_trace {
	bool text;
	char *json, *pcap, *filter, *port, *reason;
	uint64_t rotate;
};

/**
 * struct config - all of it
 * @name: of the datapath
 * @wait_for_ports: a port without a device is no error: it may come yet; and a device
 *	that is in the datapath at start but not named here is to leave
 * @mac_age: seconds of silence after which a host is forgotten
 * @mac_max: hosts in the MAC table
 * @vlan_mac_limit: hosts of one VLAN, 0 for no limit
 * @flow_idle: seconds without a packet after which a flow is removed
 * @flow_max: flows in the datapath
 * @ports: by config_port(); owned, as all that follow
 * @n_ports: their number
 * @statics: hosts whose port is given
 * @n_statics: their number
 * @rules: highest priority first
 * @n_rules: their number
 * @loops: loop protection
 * @trace: the upcall trace
 */
struct config {
	char name[IF_NAMESIZE];
	bool wait_for_ports;
	uint32_t mac_age, mac_max, vlan_mac_limit;
	uint32_t flow_idle, flow_max;
	struct config_port *ports;
	size_t n_ports;
	struct config_static *statics;
	size_t n_statics;
	struct config_rule *rules;
	size_t n_rules;
	struct config_loops loops;
	struct config_trace trace;
};

void config_init(struct config *c);
void config_free(struct config *c);
bool config_has_static(const struct config *c, const struct config_static *s);
struct config_port *config_port(const struct config *c, const char *name);
struct config_port *config_add_port(struct config *c, const char *name, size_t len);

bool config_number(const char *text, size_t len, uint32_t max, uint32_t *value);
bool config_size(const char *text, uint64_t *bytes);
bool config_vlan(const char *text, size_t len, uint16_t *vlan);
bool config_name_fits(const char *what, const char *text, size_t len, char *error,
		      size_t error_size);

bool config_read(struct config *c, const char *file, char *error, size_t error_size);
bool config_parse(struct config *c, const char *file, const char *text, char *error,
		  size_t error_size);

#endif
