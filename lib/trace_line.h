/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One upcall of a trace, as the daemon tells of it: a line for people, a JSON
 * object, and the way back from the JSON. The daemon writes both from the same
 * struct, vslctl reads what it stored and prints the same line.
 */
#ifndef VSL_LIB_TRACE_LINE_H
#define VSL_LIB_TRACE_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "util.h"

/* Outputs beyond this many are not listed in JSON; "actions" has them all. */
#define VSL_TRACE_OUTPUTS 64

/**
 * struct vsl_trace_line - an upcall, or a gap in the trace
 * @wall_ns: when it was received, nanoseconds since 1970
 * @skipped: not an upcall: so many were left out here; only @wall_ns and @dp count
 * @dp: name of the datapath, or NULL
 * @port: name of the ingress port
 * @port_no: its number
 * @kind: "miss" or "action"
 * @key: as text
 * @decision: "forward", "flood", "drop", "none"
 * @actions: as text, or NULL
 * @why: reason of a drop, or NULL
 * @vlan: in this switch, 0 for none
 * @outputs: ports that @actions name
 * @n_outputs: of them
 * @learned: the source's address, where something was learned, or NULL
 * @moved: it was on another port before, @moved_from
 * @moved_from: see there
 * @flow: "put", "exists", "none", or why it failed
 * @execute: why the packet could not be sent on, or NULL
 * @taken_ns: from receipt until the kernel had taken flow and packet
 * @decided_ns: from receipt until it was decided
 * @number: of the datapath's upcalls, 0 where the module does not tell
 * @waited_ns: from the miss in the kernel until receipt; counts where @number does
 *
 * Strings belong to somebody else.
 */
struct vsl_trace_line {
	uint64_t wall_ns;
	uint64_t skipped;
	const char *dp, *port;
	uint32_t port_no;
	const char *kind, *key, *decision, *actions, *why;
	uint16_t vlan;
	uint32_t outputs[VSL_TRACE_OUTPUTS];
	unsigned int n_outputs;
	const char *learned;
	bool moved;
	uint32_t moved_from;
	const char *flow, *execute;
	uint64_t taken_ns, decided_ns, number, waited_ns;
};

/** vsl_trace_line_put_text() - append the line for people, with its newline */
void vsl_trace_line_put_text(struct vsl_str *str, const struct vsl_trace_line *line);

/** vsl_trace_line_put_json() - append the JSON object, with a newline */
void vsl_trace_line_put_json(struct vsl_str *str, const struct vsl_trace_line *line);

struct json_object;

/**
 * vsl_trace_line_from_json() - the way back
 * @line: filled on success; its strings live as long as @json
 * @json: an object
 *
 * Return: false where it is not one of a trace.
 */
bool vsl_trace_line_from_json(struct vsl_trace_line *line, struct json_object *json);

#endif /* VSL_LIB_TRACE_LINE_H */
