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

/* Ethernet type of loop probes: one that is free for local use (IEEE 802, 10.4). */
#define BRIDGE_PROBE_TYPE 0x88b5

enum bridge_port_mode {
	BRIDGE_PORT_PLAIN,	/* all VLANs: tagged, and untagged as VLAN 0 */
	BRIDGE_PORT_ACCESS,	/* one VLAN, without tags on the wire */
	BRIDGE_PORT_TRUNK,	/* some VLANs, with tags on the wire */
};

/**
 * struct bridge_vlans - what a port carries
 * @mode: which of the two below counts, if any
 * @access: VLAN of an access port, 1 to 4094
 * @native: VLAN of a trunk's untagged frames, both ways; 0: it has none
 * @trunk: bit map of a trunk port's VLANs, @native among them
 */
struct bridge_vlans {
	enum bridge_port_mode mode;
	uint16_t access;
	uint16_t native;
	uint64_t trunk[BRIDGE_VLANS / 64];
};

/* As many as there are bits in struct bridge_port_config's masks. */
#define BRIDGE_MIRRORS 32

/**
 * struct bridge_port_config - what a port is to be
 * @vlans: what it carries
 * @mirror_in: mirrors, a bit each, that get a copy of what comes in by it
 * @mirror_out: mirrors that get a copy of what is sent to it
 * @mirror_to: mirrors whose copies it gets; if there are any, it takes no part in
 *	switching
 * @metered: what it floods passes the datapath's meter of its number
 */
struct bridge_port_config {
	struct bridge_vlans vlans;
	uint32_t mirror_in, mirror_out, mirror_to;
	bool metered;
};

struct bridge;
struct rules;

enum bridge_verdict {
	BRIDGE_DROP,
	BRIDGE_FORWARD,		/* to the one port that the host is behind */
	BRIDGE_FLOOD,		/* to all ports of the VLAN but the one it came by */
	BRIDGE_RULE,		/* what a rule's actions say */
};

enum bridge_step_type {
	BRIDGE_STEP_OUTPUT,	/* @port gets the frame as it is at this point */
	BRIDGE_STEP_POP_VLAN,	/* the outer tag goes */
	BRIDGE_STEP_PUSH_VLAN,	/* a tag of @tpid and @tci is put on */
	BRIDGE_STEP_METER,	/* goes on only if the meter of number @port lets it */
	BRIDGE_STEP_ACTIONS,	/* @actions, ready made */
};

struct bridge_step {
	enum bridge_step_type type;
	uint32_t port;
	uint16_t tpid, tci;
	struct vsl_blob actions;
};

/**
 * struct bridge_decision - what is to be done with a frame
 * @verdict: in one word
 * @vlan: VLAN that the frame belongs to, 0 for none; meaningless when !@may_learn
 * @may_learn: the frame may come in by its port, so its source may be learned
 * @cacheable: frames of the same struct frame may be handled alike by a flow
 * @probe: a loop probe of this very switch: there is a loop
 * @why: for BRIDGE_DROP the reason, for BRIDGE_RULE the rule; NULL otherwise. A
 *	static text, or one that lives as long as the rules
 * @looked_at: mask of what was looked at beyond struct frame; NULL for nothing.
 *	Belongs to the bridge, as @steps, valid until its next decision
 * @looked_id: tells apart frames that are alike but for what @looked_at shows;
 *	0 for nothing
 * @steps: what to do, in this order; a drop has some if it is mirrored
 * @n_steps: number of @steps
 */
struct bridge_decision {
	enum bridge_verdict verdict;
	uint16_t vlan;
	bool may_learn;
	bool cacheable;
	bool probe;
	const char *why;
	const struct vsl_key *looked_at;
	uint64_t looked_id;
	const struct bridge_step *steps;
	size_t n_steps;
};

struct bridge *bridge_create(struct mac_table *macs);
void bridge_destroy(struct bridge *b);

bool bridge_port_add(struct bridge *b, uint32_t no, const char *name,
		     const struct bridge_port_config *config);
bool bridge_port_remove(struct bridge *b, uint32_t no);
bool bridge_port_shut(struct bridge *b, uint32_t no, bool shut);
bool bridge_port_is_shut(const struct bridge *b, uint32_t no);
bool bridge_port_is_outlet(const struct bridge *b, uint32_t no);
const struct bridge_vlans *bridge_port_vlans(const struct bridge *b, uint32_t no);
const char *bridge_port_name(const struct bridge *b, uint32_t no);
size_t bridge_port_count(const struct bridge *b);
void bridge_port_each(const struct bridge *b,
		      void (*fn)(void *ctx, uint32_t no, const char *name), void *ctx);

void bridge_set_rules(struct bridge *b, struct rules *rules);
void bridge_set_probe(struct bridge *b, const uint8_t mac[6]);

bool bridge_vlans_have(const struct bridge_vlans *v, uint16_t vlan);
void bridge_classify(const struct bridge *b, const struct frame *f,
		     struct bridge_decision *d);
void bridge_decide(struct bridge *b, const struct frame *f, struct vsl_blob key,
		   struct bridge_decision *d);

#endif
