/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hash.h - the hash function under the daemon's uthash tables
 *
 * Included, before uthash.h, by the files that keep a table whose keys come off
 * the wire (mac_entry.c, flow_store.c). Hosts choose their MAC addresses, so a fixed
 * hash would let one of them put thousands of addresses on one chain. This one
 * is multilinear hashing over 32-bit words with secret random factors: whoever
 * does not know the factors cannot find collisions better than by chance.
 *
 * Keys are a multiple of 4 bytes, up to 4 * HASH_MAX_WORDS, without padding.
 */
#ifndef VSWITCHD_HASH_H
#define VSWITCHD_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define HASH_MAX_WORDS 16

extern uint64_t hash_secret[HASH_MAX_WORDS + 1];
void hash_make_secret(void);

static inline uint32_t hash_words(const void *key, size_t len)
{
	uint64_t sum;
	uint32_t word;
	size_t i;

	if (!hash_secret[0])
		hash_make_secret();
	sum = hash_secret[0];
	for (i = 0; i < len / 4; i++) {
		memcpy(&word, (const char *)key + 4 * i, 4);
		sum += hash_secret[i + 1] * word;
	}
	return sum >> 32;
}

#define HASH_FUNCTION(key, len, hashv) ((hashv) = hash_words(key, len))

/* Out of memory is the caller's to handle, never the table's reason to exit. */
#define HASH_NONFATAL_OOM 1

#endif
