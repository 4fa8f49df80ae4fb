/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace.h - the upcall trace: what came up, what was decided, how long it took
 *
 * upcall.c fills a struct trace_event per upcall, hands it in when the answer is
 * on its way, and flushes at the end of the turn, so that a reader of the outputs
 * waits no longer than the hosts do. Up to three outputs get it: lines for people,
 * JSON lines, a capture of the packets.
 *
 * The switch never waits for its trace. What a reader is too slow for is left out,
 * and so is what would take more than an eighth of the time; each output says how
 * many upcalls are missing, where they are missing. An output that cannot be
 * written to any more is given up with a message.
 */
#ifndef VSWITCHD_TRACE_H
#define VSWITCHD_TRACE_H

#include <stdio.h>

#include "bridge.h"
#include "flows.h"
#include "mac_table.h"

enum trace_kind {
	TRACE_MISS,		/* no flow for the packet */
	TRACE_ACTION,		/* a flow's userspace action sent a copy */
};

/**
 * struct trace_event - one upcall from its receipt to its answer
 * @wall_ns: when it was received, nanoseconds since 1970
 * @taken_ns: from then until the kernel had taken the flow and sent the packet on;
 *	one system call does both, for all of a turn
 * @decided_ns: from then until it was decided
 * @number: of the datapath's upcalls, 0 where the module does not tell
 * @waited_ns: from the miss in the kernel until it was received; with @number alone
 * @kind: why it came up
 * @port: name of the ingress port, "?" for none known
 * @port_no: its number
 * @key: the packet's key
 * @packet: the packet
 * @packet_len: its length, more than @packet.len if it was cut
 * @verdict: for TRACE_MISS, what was decided
 * @why: reason of a drop, or NULL
 * @actions: the decision as actions, tags included
 * @vlan: VLAN of the packet in this switch, 0 for none or where it may not come in
 * @src: source address, that @news is about
 * @news: what the MAC table learned; MAC_TABLE_KNOWN for nothing
 * @moved_from: for MAC_TABLE_MOVED, the port it was on
 * @flow: what became of the flow
 * @execute_err: negative errno if the packet could not be sent on
 */
struct trace_event {
	uint64_t wall_ns, taken_ns, decided_ns;
	uint64_t number, waited_ns;
	enum trace_kind kind;
	const char *port;
	uint32_t port_no;
	struct vsl_blob key, packet;
	size_t packet_len;
	enum bridge_verdict verdict;
	const char *why;
	struct vsl_blob actions;
	uint16_t vlan;
	uint8_t src[6];
	enum mac_table_news news;
	uint32_t moved_from;
	struct flows_answer flow;
	int execute_err;
};

/**
 * struct trace_options - where the trace goes
 * @dp: name of the datapath, for JSON; must live as long as the trace
 * @text: for people, or NULL; stays the caller's
 * @json: file name, or NULL
 * @pcap: file name, or NULL
 * @filter: pcap filter expression, or NULL for all packets
 * @port: name of the ingress port that is traced alone, or NULL
 * @reason: the word of one, that is traced alone, or NULL
 * @rotate_at: size of a file, in bytes, at which it is put aside; 0: never
 */
struct trace_options {
	const char *dp;
	FILE *text;
	const char *json, *pcap, *filter, *port, *reason;
	uint64_t rotate_at;
};

struct trace;
struct trace_filter;

/**
 * typedef trace_follower_fn - gets an upcall as it is traced
 * @ctx: as given to trace_follow()
 * @json: the JSON object, without a newline; lives only during the call
 * @len: its length
 *
 * Must not wait for anything, and must not call the trace.
 */
typedef void trace_follower_fn(void *ctx, const char *json, size_t len);

struct trace *trace_create(const struct trace_options *options, char *error,
			   size_t error_size);
void trace_destroy(struct trace *t);
bool trace_is_wanted(const struct trace *t);
void trace_write(struct trace *t, const struct trace_event *e);
void trace_flush(struct trace *t);
uint64_t trace_skipped(const struct trace *t);

void trace_set_filter(struct trace *t, struct trace_filter *filter);
bool trace_switch(struct trace *t, bool on);
bool trace_is_on(const struct trace *t);
void trace_follow(struct trace *t, trace_follower_fn *fn, void *ctx);

#endif
