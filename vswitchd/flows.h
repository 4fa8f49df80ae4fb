/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flows.h - the flows that this daemon has in the datapath
 *
 * The life of a flow:
 *  1. flows_put(), asked by upcall.c, or flows_add_known() at start, by adopt.c;
 *  2. whenever something changes that its actions depend on (its hosts, the
 *     ports), it is marked stale, and flows_revalidate() asks bridge.c again:
 *     the flow is then kept, given other actions in place, or deleted;
 *  3. ageing.c looks at all of them now and then: flows_saw() has one deleted when
 *     no packet came for long, and keeps the MAC table's entry of its source alive
 *     as long as packets come.
 *
 * Requests go to the outbox; who calls sees to the flush. Flows made by hand
 * (without a ufid, as vslctl and ovs-dpctl make them) are never touched.
 */
#ifndef VSWITCHD_FLOWS_H
#define VSWITCHD_FLOWS_H

#include "bridge.h"
#include "frame.h"
#include "mac_table.h"
#include "outbox.h"

/* All flows of this daemon have a unique id of this many bytes. */
#define FLOWS_UFID_SIZE 16

struct flows;

enum flows_result {
	FLOWS_NONE,		/* nothing was asked of the kernel */
	FLOWS_PUT,
	FLOWS_EXISTS,		/* another packet of the same flow was faster */
	FLOWS_FAILED,		/* @err says why */
};

/**
 * struct flows_answer - what became of a flows_put()
 * @result: final once the outbox is flushed
 * @err: negative errno for FLOWS_FAILED
 */
struct flows_answer {
	enum flows_result result;
	int err;
};

struct flows *flows_create(struct bridge *bridge, struct mac_table *macs,
			   struct outbox *outbox, int dp_ifindex, uint64_t idle_ms,
			   size_t max);
void flows_set_limits(struct flows *f, uint64_t idle_ms, size_t max);
void flows_destroy(struct flows *f);

int flows_put_actions(struct nl_msg *msg, const struct bridge_decision *d);
void flows_put(struct flows *f, const struct frame *frame,
	       const struct bridge_decision *d, struct vsl_blob key,
	       struct vsl_blob actions, uint64_t now_ms, struct flows_answer *answer);

void flows_host_changed(struct flows *f, uint16_t vlan, const uint8_t mac[6]);
void flows_ports_changed(struct flows *f);
bool flows_revalidate(struct flows *f);
bool flows_stale(const struct flows *f);
void flows_delete_again(struct flows *f);

int flows_add_known(struct flows *f, const struct frame *frame,
		    const struct vsl_flow *known, uint64_t now_ms);
void flows_learn_hosts(struct flows *f, uint64_t now_ms);

void flows_look(struct flows *f);
void flows_saw(struct flows *f, const struct vsl_flow *seen, uint64_t now_ms);
void flows_looked(struct flows *f, uint64_t took_ns);
uint64_t flows_looks(const struct flows *f);
uint64_t flows_look_ns(const struct flows *f);
bool flows_forget_unseen(struct flows *f);

size_t flows_count(const struct flows *f);
size_t flows_limit(const struct flows *f);

#endif
