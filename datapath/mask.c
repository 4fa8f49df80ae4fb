// SPDX-License-Identifier: GPL-2.0-only
/*
 * Masks and shapes; see mask.h.  Called by flow.c, by the table and its parts.
 */
#include "mask.h"

#include <linux/jhash.h>
#include <linux/random.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

/**
 * vsl_mask_alloc() - a mask from its bits
 * @bits: as a key
 *
 * Not in a table yet: vsl_masks_intern() exchanges it for an equal one that
 * the table has.  Context: sleeps.
 *
 * Return: with one reference, or NULL without memory.
 */
struct vsl_mask *vsl_mask_alloc(const struct vsl_key *bits)
{
	const u64 *words = vsl_key_words(bits);
	struct vsl_mask *mask;
	int i;

	mask = kzalloc(sizeof(*mask), GFP_KERNEL_ACCOUNT);
	if (!mask)
		return NULL;
	refcount_set(&mask->refs, 1);
	for (i = 0; i < VSL_KEY_WORDS; i++) {
		if (!words[i])
			continue;
		mask->word[mask->nr_words] = i;
		mask->bits[mask->nr_words++] = words[i];
	}
	return mask;
}

/**
 * vsl_mask_put() - drop a reference
 * @mask: freed after a grace period if that was the last
 */
void vsl_mask_put(struct vsl_mask *mask)
{
	if (refcount_dec_and_test(&mask->refs))
		kfree_rcu(mask, rcu);
}

/**
 * vsl_mask_apply() - a key's bits that count
 * @mask: which
 * @key: whole
 * @masked: written: @mask->nr_words words
 */
void vsl_mask_apply(const struct vsl_mask *mask, const struct vsl_key *key,
		    u64 *masked)
{
	const u64 *words = vsl_key_words(key);
	int i;

	for (i = 0; i < mask->nr_words; i++)
		masked[i] = words[mask->word[i]] & mask->bits[i];
}

/**
 * vsl_mask_key() - a mask in the form of a key
 * @mask: of a flow, under RCU or its table's lock
 * @bits: written
 */
void vsl_mask_key(const struct vsl_mask *mask, struct vsl_key *bits)
{
	u64 *words = (u64 *)bits;
	int i;

	memset(bits, 0, sizeof(*bits));
	for (i = 0; i < mask->nr_words; i++)
		words[mask->word[i]] = mask->bits[i];
}

/* Words with addresses, of which masks have whole units of 32 bits, else of 16. */
static bool is_address(unsigned int word)
{
	return (word >= 5 && word <= 8) || word == 11 || word == 12;
}

static u64 whole_units(u64 bits, unsigned int width)
{
	unsigned int bit;
	u64 whole = 0;

	for (bit = 0; bit < 64; bit += width) {
		u64 unit = GENMASK_ULL(bit + width - 1, bit);

		if ((bits & unit) == unit)
			whole |= unit;
	}
	return whole;
}

/**
 * vsl_mask_relax() - what of a mask a new subtable is to hash
 * @mask: of the first flow in it
 * @bits: written, a key's words: whole units of at most two words of @mask
 *
 * The words that flows differ in most, so that most packets are told apart by
 * one product; buckets that get too full are refined by what their flows
 * differ in.  Prefixes are left out, so that flows with shorter and longer
 * ones meet in one subtable.
 */
void vsl_mask_relax(const struct vsl_mask *mask, u64 *bits)
{
	/* ends of IPv6 addresses, IPv4 addresses, ports, MAC addresses,... */
	static const u8 by_use[] = { 8, 6, 5, 4, 1, 2, 3, 11, 12, 7, 0, 9, 10, 13, 14 };
	unsigned int i, n = 0;
	struct vsl_key exact;

	static_assert(ARRAY_SIZE(by_use) == VSL_KEY_WORDS);
	vsl_mask_key(mask, &exact);
	memset(bits, 0, VSL_KEY_WORDS * sizeof(*bits));
	for (i = 0; i < VSL_KEY_WORDS && n < 2; i++) {
		unsigned int word = by_use[i];

		bits[word] = whole_units(vsl_key_words(&exact)[word],
					 is_address(word) ? 32 : 16);
		n += !!bits[word];
	}
}

/* --- the masks of a table, by their bits --- */

static u32 masks_hashfn(const void *data, u32 len, u32 seed)
{
	const struct vsl_mask *mask = data;

	return jhash2((const u32 *)mask->bits, mask->nr_words * 2,
		      jhash(mask->word, mask->nr_words, seed));
}

static int masks_cmpfn(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct vsl_mask *a = arg->key, *b = obj;

	return a->nr_words != b->nr_words ||
	       memcmp(a->word, b->word, a->nr_words) ||
	       memcmp(a->bits, b->bits, a->nr_words * sizeof(u64));
}

static const struct rhashtable_params masks_params = {
	.head_offset = offsetof(struct vsl_mask, by_bits),
	.hashfn = masks_hashfn,
	.obj_hashfn = masks_hashfn,
	.obj_cmpfn = masks_cmpfn,
	.automatic_shrinking = true,
};

/**
 * vsl_masks_init() - make an empty index of masks
 * @masks: written; the caller destroys it
 *
 * Return: 0 or -ENOMEM.
 */
int vsl_masks_init(struct rhashtable *masks)
{
	return rhashtable_init(masks, &masks_params);
}

/**
 * vsl_masks_intern() - the table's own copy of a mask
 * @masks: the table's
 * @mask: taken over: put into the index, or given up for the one there
 *
 * Counts a flow.  Context: the table's lock; sleeps.
 *
 * Return: the mask to use, with the reference that @mask came with; an error
 * pointer, with @mask still the caller's.
 */
struct vsl_mask *vsl_masks_intern(struct rhashtable *masks,
				  struct vsl_mask *mask)
{
	struct vsl_mask *own = rhashtable_lookup_fast(masks, mask,
						      masks_params);
	int err;

	if (own) {
		refcount_inc(&own->refs);
		vsl_mask_put(mask);
	} else {
		err = rhashtable_insert_fast(masks, &mask->by_bits,
					     masks_params);
		if (err)
			return ERR_PTR(err);
		own = mask;
	}
	own->flows++;
	return own;
}

/**
 * vsl_masks_release() - a flow leaves the table
 * @masks: the table's
 * @mask: of the flow, which keeps its reference
 *
 * Context: the table's lock.
 */
void vsl_masks_release(struct rhashtable *masks, struct vsl_mask *mask)
{
	if (!--mask->flows)
		rhashtable_remove_fast(masks, &mask->by_bits, masks_params);
}

/* --- shapes --- */

static unsigned int count_pairs(const u64 *bits)
{
	unsigned int i, n = 0;

	for (i = 0; i < VSL_KEY_WORDS; i++)
		n += !!bits[i];
	return max(DIV_ROUND_UP(n, 2), 1U);
}

/**
 * vsl_shape_size() - room for a shape
 * @bits: a key's words
 *
 * Return: bytes.
 */
size_t vsl_shape_size(const u64 *bits)
{
	return offsetof(struct vsl_shape, pair[count_pairs(bits)]);
}

/**
 * vsl_shape_init() - make a shape
 * @shape: written, vsl_shape_size() bytes
 * @bits: a key's words
 * @secrets: a shape of the same bits to take the secrets of, so that the
 *           hashes are the same; NULL: new ones
 */
void vsl_shape_init(struct vsl_shape *shape, const u64 *bits,
		    const struct vsl_shape *secrets)
{
	unsigned int i, n = 0;

	memset(shape, 0, vsl_shape_size(bits));
	shape->nr_pairs = count_pairs(bits);
	for (i = 0; i < VSL_KEY_WORDS; i++) {
		if (!bits[i])
			continue;
		shape->pair[n / 2].word[n % 2] = i;
		shape->pair[n / 2].bits[n % 2] = bits[i];
		n++;
	}
	for (i = 0; i < shape->nr_pairs; i++)
		for (n = 0; n < 2; n++)
			shape->pair[i].secret[n] =
				secrets ? secrets->pair[i].secret[n] :
					  get_random_u64();
}

/**
 * vsl_shape_bits() - a shape's bits
 * @shape: which
 * @bits: written, a key's words
 */
void vsl_shape_bits(const struct vsl_shape *shape, u64 *bits)
{
	const struct vsl_shape_pair *pair;

	memset(bits, 0, VSL_KEY_WORDS * sizeof(*bits));
	for (pair = shape->pair; pair < shape->pair + shape->nr_pairs; pair++) {
		bits[pair->word[0]] |= pair->bits[0];
		bits[pair->word[1]] |= pair->bits[1];
	}
}

/**
 * vsl_shape_within() - whether a mask has all bits of a shape
 * @shape: of a subtable
 * @mask: of a flow that may be put into it
 *
 * Return: true if so.
 */
bool vsl_shape_within(const struct vsl_shape *shape,
		      const struct vsl_mask *mask)
{
	unsigned int i, j = 0;

	for (i = 0; i < 2U * shape->nr_pairs; i++) {
		unsigned int word = shape->pair[i / 2].word[i % 2];
		u64 bits = shape->pair[i / 2].bits[i % 2];

		if (!bits)
			continue;
		while (j < mask->nr_words && mask->word[j] < word)
			j++;
		if (j == mask->nr_words || mask->word[j] != word ||
		    (bits & ~mask->bits[j]))
			return false;
	}
	return true;
}
