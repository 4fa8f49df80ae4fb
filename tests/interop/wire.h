/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What combos.c and packets.c share: attributes as text, for people and diff
 * alike, and errors by name.
 */
#ifndef VSL_INTEROP_WIRE_H
#define VSL_INTEROP_WIRE_H

#include <stdbool.h>
#include <stdio.h>

#include "lib/util.h"

/* What the numbers of a run of attributes mean. */
enum wire_set {
	WIRE_LEAF,		/* no attributes inside */
	WIRE_KEY,		/* OVS_KEY_ATTR_* */
	WIRE_ACTION,
	WIRE_USERSPACE,
	WIRE_SAMPLE,
	WIRE_CHECK_PKT_LEN,
	WIRE_TUNNEL,
};

/**
 * wire_print() - attributes as name=hex and name{...}, in one line
 * @out: where to
 * @set: what they are
 * @attrs: a run of attributes; if it is none, it is written as hex
 * @sorted: by number, not as they stand (keys and masks, whose order says
 *	nothing)
 */
void wire_print(FILE *out, enum wire_set set, struct vsl_blob attrs,
		bool sorted);

/** wire_print_hex() - bytes as hex; many as the first ones and a checksum */
void wire_print_hex(FILE *out, struct vsl_blob bytes);

/** wire_error() - "ok" for 0, else the errno's name; @err may be negative */
const char *wire_error(int err);

#endif /* VSL_INTEROP_WIRE_H */
