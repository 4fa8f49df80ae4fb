/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What nl_key.c reads keys by and nl_key_put.c writes them by: for each
 * OVS_KEY_ATTR_* how long it is and which of its bytes are which of a key's, and
 * which attributes a kind of packet has.
 */
#ifndef VSL_NL_KEY_ROWS_H
#define VSL_NL_KEY_ROWS_H

#include <linux/types.h>

struct vsl_key;

/* The highest attribute of the ABI that can be in a key or a mask. */
#define VSL_KEY_ATTR_MAX	32

/* A run of bytes that is in an attribute and in a key. */
struct vsl_key_field {
	u8 attr_at;
	u8 key_at;
	u8 size;
};

#define VSL_KEY_FIELDS_MAX	7

struct vsl_key_row {
	const char *name;
	u8 len;
	struct vsl_key_field field[VSL_KEY_FIELDS_MAX + 1]; /* size 0 ends it */
};

/* By attribute; one without a name cannot be in a key. */
extern const struct vsl_key_row vsl_key_rows[VSL_KEY_ATTR_MAX + 1];

/* What is not of the packet itself, in the order that it is written. */
#define VSL_KEY_METADATA	5
extern const u8 vsl_key_metadata[VSL_KEY_METADATA];

u64 vsl_key_upper_attrs(const struct vsl_key *key);

#endif /* VSL_NL_KEY_ROWS_H */
