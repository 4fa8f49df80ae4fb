// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hash.c - the secret of the daemon's hash tables: see hash.h
 */
#include "hash.h"

#include <sys/random.h>

uint64_t hash_secret[HASH_MAX_WORDS + 1];

/** hash_make_secret() - choose the factors, once, before the first key is hashed */
void hash_make_secret(void)
{
	/* short of entropy they are no secret: slower at worst */
	if (getrandom(hash_secret, sizeof(hash_secret), 0) < 0)
		memset(hash_secret, 0x5b, sizeof(hash_secret));
	hash_secret[0] |= 1;
}
