/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Masks, which say what bits of a key a flow matches, and shapes, which say
 * what bits of a key a hash is taken over.
 *
 * A mask is shared by all flows of a table that have it.  A shape belongs to
 * one subtable or one partition, and has a secret for each of its words: who
 * does not know them cannot make keys that collide.
 */
#ifndef VSL_MASK_H
#define VSL_MASK_H

#include <linux/math64.h>
#include <linux/refcount.h>
#include <linux/rhashtable-types.h>
#include <linux/types.h>

#include "key.h"

/**
 * struct vsl_mask - which bits of a key count
 * @by_bits: link in the table's index of masks
 * @refs: flows that have it, and vsl_mask_alloc()'s caller until it gives it on
 * @flows: flows in the table that have it; the table's lock
 * @rcu: frees it
 * @nr_words: words of a key with a bit in this mask
 * @word: their numbers, ascending
 * @bits: the bits of these words
 */
struct vsl_mask {
	struct rhash_head by_bits;
	refcount_t refs;
	unsigned int flows;
	struct rcu_head rcu;
	u8 nr_words;
	u8 word[VSL_KEY_WORDS];
	u64 bits[VSL_KEY_WORDS];
};

/**
 * struct vsl_shape_pair - two words of a key that are multiplied
 * @bits: of them that count; none where the number of words was odd
 * @secret: added to them
 * @word: their numbers
 */
struct vsl_shape_pair {
	u64 bits[2];
	u64 secret[2];
	u8 word[2];
};

/**
 * struct vsl_shape - what a hash is taken over; never changes
 * @nr_pairs: at least 1
 * @pair: words, ascending
 */
struct vsl_shape {
	u8 nr_pairs;
	struct vsl_shape_pair pair[];
};

struct vsl_mask *vsl_mask_alloc(const struct vsl_key *bits);
void vsl_mask_put(struct vsl_mask *mask);
void vsl_mask_apply(const struct vsl_mask *mask, const struct vsl_key *key,
		    u64 *masked);
void vsl_mask_key(const struct vsl_mask *mask, struct vsl_key *bits);
void vsl_mask_relax(const struct vsl_mask *mask, u64 *bits);

int vsl_masks_init(struct rhashtable *masks);
struct vsl_mask *vsl_masks_intern(struct rhashtable *masks,
				  struct vsl_mask *mask);
void vsl_masks_release(struct rhashtable *masks, struct vsl_mask *mask);

size_t vsl_shape_size(const u64 *bits);
void vsl_shape_init(struct vsl_shape *shape, const u64 *bits,
		    const struct vsl_shape *secrets);
void vsl_shape_bits(const struct vsl_shape *shape, u64 *bits);
bool vsl_shape_within(const struct vsl_shape *shape,
		      const struct vsl_mask *mask);

static __always_inline bool vsl_mask_match_word(const struct vsl_mask *mask,
						const u64 *masked,
						const u64 *words,
						unsigned int i)
{
	return (words[mask->word[i]] & mask->bits[i]) == masked[i];
}

/*
 * Whether a key has the masked words @masked.  From the last, since flows of one
 * table differ in addresses and ports rather than in what stands before.  In pairs:
 * most of it is the loop.
 */
static __always_inline bool vsl_mask_match(const struct vsl_mask *mask,
					   const u64 *masked, const u64 *words)
{
	unsigned int i;

	for (i = mask->nr_words; i > 1; i -= 2)
		if (!vsl_mask_match_word(mask, masked, words, i - 1) ||
		    !vsl_mask_match_word(mask, masked, words, i - 2))
			return false;
	return !i || vsl_mask_match_word(mask, masked, words, 0);
}

/* The product of two words, its upper half mixed into the lower. */
static inline u64 vsl_mix(u64 a, u64 b)
{
	return a * b ^ mul_u64_u64_shr(a, b, 64);
}

/*
 * Sum of products of two words, each with its secret added: the construction
 * of UMAC's NH, whose collisions depend on the secrets.  A jhash of as many
 * words takes three times the instructions.
 */
static __always_inline u32 vsl_shape_hash(const struct vsl_shape *shape,
					  const u64 *words)
{
	const struct vsl_shape_pair *pair = shape->pair;
	const struct vsl_shape_pair *end = pair + shape->nr_pairs;
	u64 sum = 0;

	do {
		u64 a = words[pair->word[0]] & pair->bits[0];
		u64 b = words[pair->word[1]] & pair->bits[1];

		sum += vsl_mix(a + pair->secret[0], b + pair->secret[1]);
	} while (++pair < end);
	/* what two sums differ in may be their upper bits alone */
	return vsl_mix(sum, 0x9e3779b97f4a7c15ULL);
}

#endif /* VSL_MASK_H */
