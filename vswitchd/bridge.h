/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bridge.h - the switch as a matter of rules: ports, VLANs, where a frame goes
 *
 * Knows nothing of netlink or sockets. upcall.c asks it about new frames, flows.c
 * asks the same question again about flows that are installed; that both get
 * their answer here is what keeps the kernel's flows equal to what the switch
 * would decide today.
 *
 * VLAN 0 is the VLAN of frames without a tag. One thread only.
 */
#ifndef VSWITCHD_BRIDGE_H
#define VSWITCHD_BRIDGE_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"
#include "mac_table.h"

#define BRIDGE_VLANS 4096

enum bridge_port_mode {
	BRIDGE_PORT_PLAIN,	/* all VLANs: tagged, and untagged as VLAN 0 */
	BRIDGE_PORT_ACCESS,	/* one VLAN, without tags on the wire */
	BRIDGE_PORT_TRUNK,	/* some VLANs, with tags on the wire */
};

/**
 * struct bridge_vlans - what a port carries
 * @mode: which of the two below counts, if any
 * @access: VLAN of an access port, 1 to 4094
 * @trunk: bit map of a trunk port's VLANs
 */
struct bridge_vlans {
	enum bridge_port_mode mode;
	uint16_t access;
	uint64_t trunk[BRIDGE_VLANS / 64];
};

struct bridge;

enum bridge_verdict {
	BRIDGE_DROP,
	BRIDGE_FORWARD,		/* to the one port that the host is behind */
	BRIDGE_FLOOD,		/* to all ports of the VLAN but the one it came by */
};

enum bridge_step_type {
	BRIDGE_STEP_OUTPUT,	/* @port gets the frame as it is at this point */
	BRIDGE_STEP_POP_VLAN,	/* the outer tag goes */
	BRIDGE_STEP_PUSH_VLAN,	/* a tag of @tpid and @tci is put on */
};

struct bridge_step {
	enum bridge_step_type type;
	uint32_t port;
	uint16_t tpid, tci;
};

/**
 * struct bridge_decision - what is to be done with a frame
 * @verdict: in one word
 * @vlan: VLAN that the frame belongs to, 0 for none; meaningless when !@may_learn
 * @may_learn: the frame may come in by its port, so its source may be learned
 * @cacheable: frames of the same struct frame may be handled alike by a flow
 * @why: for BRIDGE_DROP the reason, a static text; NULL otherwise
 * @steps: what to do, in this order; belongs to the bridge, valid until its
 *	next decision
 * @n_steps: number of @steps; 0 is a drop
 */
struct bridge_decision {
	enum bridge_verdict verdict;
	uint16_t vlan;
	bool may_learn;
	bool cacheable;
	const char *why;
	const struct bridge_step *steps;
	size_t n_steps;
};

struct bridge *bridge_create(struct mac_table *macs);
void bridge_destroy(struct bridge *b);

bool bridge_port_add(struct bridge *b, uint32_t no, const char *name,
		     const struct bridge_vlans *vlans);
bool bridge_port_remove(struct bridge *b, uint32_t no);
const char *bridge_port_name(const struct bridge *b, uint32_t no);
const struct bridge_vlans *bridge_port_vlans(const struct bridge *b, uint32_t no);
size_t bridge_port_count(const struct bridge *b);
void bridge_port_each(const struct bridge *b,
		      void (*fn)(void *ctx, uint32_t no, const char *name), void *ctx);

void bridge_classify(const struct bridge *b, const struct frame *f,
		     struct bridge_decision *d);
void bridge_decide(struct bridge *b, const struct frame *f, struct bridge_decision *d);

#endif
