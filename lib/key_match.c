// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * key_match.c - a packet's key against a rule's, and the mask that proves the answer
 *
 * A flow may stand for all packets that get the same answer for the same reasons.
 * So each comparison says what it rests on: what a learning switch's flows match
 * anyway (vsl_key_mask_l2()) costs nothing, a difference is shown by one bit of it.
 */
#include "key_private.h"

#include <string.h>

#include <netlink/msg.h>

/* What a rule may match on beyond the Ethernet header, headers outside in. */
static const uint8_t upper[] = {
	OVS_KEY_ATTR_PRIORITY, OVS_KEY_ATTR_SKB_MARK,
	OVS_KEY_ATTR_IPV4, OVS_KEY_ATTR_IPV6, OVS_KEY_ATTR_ARP,
	OVS_KEY_ATTR_TCP, OVS_KEY_ATTR_TCP_FLAGS, OVS_KEY_ATTR_UDP,
	OVS_KEY_ATTR_SCTP, OVS_KEY_ATTR_ICMP, OVS_KEY_ATTR_ICMPV6,
	OVS_KEY_ATTR_ND,
};

static const uint8_t lower[] = { OVS_KEY_ATTR_IN_PORT, OVS_KEY_ATTR_ETHERNET };

static const uint8_t *bytes(const struct vsl_key *key, int type)
{
	return (const uint8_t *)key + vsl_key_places[type].offset;
}

static uint8_t *bytes_of(struct vsl_key *key, int type)
{
	return (uint8_t *)key + vsl_key_places[type].offset;
}

/* Has the mask a bit in this attribute? */
static bool wants(const struct vsl_key *mask, int type)
{
	const uint8_t *m = bytes(mask, type);
	size_t i;

	if (!vsl_key_has(mask, type))
		return false;
	for (i = 0; i < vsl_key_places[type].len; i++) {
		if (m[i])
			return true;
	}
	return false;
}

bool vsl_key_can_match(const struct vsl_key *mask)
{
	uint64_t can = 1ull << OVS_KEY_ATTR_ETHERTYPE;
	size_t i;
	int type;

	for (i = 0; i < VSL_ARRAY_SIZE(upper); i++)
		can |= 1ull << upper[i];
	for (i = 0; i < VSL_ARRAY_SIZE(lower); i++)
		can |= 1ull << lower[i];
	for (type = 0; type <= OVS_KEY_ATTR_MAX; type++) {
		if (vsl_key_has(mask, type) && !(can >> type & 1) &&
		    (!vsl_key_places[type].len || wants(mask, type)))
			return false;
	}
	return !mask->n_unknown;
}

static bool differs(const struct vsl_key *key, const struct vsl_key *want,
		    const struct vsl_key *mask, int type)
{
	const uint8_t *k = bytes(key, type), *w = bytes(want, type), *m = bytes(mask, type);
	size_t i;

	for (i = 0; i < vsl_key_places[type].len; i++) {
		if ((k[i] ^ w[i]) & m[i])
			return true;
	}
	return false;
}

/* The Ethernet header: every flow is exact in it, so no answer needs a proof. */
static bool match_l2(const struct vsl_key *key, const struct vsl_key *want,
		     const struct vsl_key *mask)
{
	unsigned int i;

	for (i = 0; i < VSL_ARRAY_SIZE(lower); i++) {
		if (wants(mask, lower[i]) && differs(key, want, mask, lower[i]))
			return false;
	}
	if (key->n_vlans < want->n_vlans)
		return false;
	for (i = 0; i < want->n_vlans; i++) {
		if ((key->vlan[i].tpid ^ want->vlan[i].tpid) & mask->vlan[i].tpid ||
		    (key->vlan[i].tci ^ want->vlan[i].tci) & mask->vlan[i].tci)
			return false;
	}
	if (!vsl_key_has(mask, OVS_KEY_ATTR_ETHERTYPE) || !mask->eth_type)
		return true;
	return key->n_vlans == want->n_vlans &&
	       !((key->eth_type ^ want->eth_type) & mask->eth_type);
}

/*
 * Whether a packet has this header is told by those before it: the Ethernet type
 * for IP and ARP, beyond that IP's protocol, and whether it is a later fragment.
 */
static void see_header(const struct vsl_key *key, int type, struct vsl_key *seen)
{
	switch (type) {
	case OVS_KEY_ATTR_ND:
		if (vsl_key_has(key, OVS_KEY_ATTR_ICMPV6)) {
			vsl_key_add(seen, OVS_KEY_ATTR_ICMPV6);
			seen->icmpv6.icmpv6_type = 0xff;
			seen->icmpv6.icmpv6_code = 0xff;
		}
		break;
	case OVS_KEY_ATTR_TCP:
	case OVS_KEY_ATTR_TCP_FLAGS:
	case OVS_KEY_ATTR_UDP:
	case OVS_KEY_ATTR_SCTP:
	case OVS_KEY_ATTR_ICMP:
	case OVS_KEY_ATTR_ICMPV6:
		break;
	default:
		return;
	}
	if (vsl_key_has(key, OVS_KEY_ATTR_IPV4)) {
		vsl_key_add(seen, OVS_KEY_ATTR_IPV4);
		seen->ipv4.ipv4_proto = 0xff;
		seen->ipv4.ipv4_frag = 0xff;
	} else if (vsl_key_has(key, OVS_KEY_ATTR_IPV6)) {
		vsl_key_add(seen, OVS_KEY_ATTR_IPV6);
		seen->ipv6.ipv6_proto = 0xff;
		seen->ipv6.ipv6_frag = 0xff;
	}
}

/* Of two values that differ, the first bit in which they do. */
static void see_difference(const struct vsl_key *key, const struct vsl_key *want,
			   const struct vsl_key *mask, int type, struct vsl_key *seen)
{
	const uint8_t *k = bytes(key, type), *w = bytes(want, type), *m = bytes(mask, type);
	uint8_t *s = bytes_of(seen, type);
	unsigned int diff;
	size_t i;

	for (i = 0; i < vsl_key_places[type].len; i++) {
		diff = (k[i] ^ w[i]) & m[i];
		if (!diff)
			continue;
		vsl_key_add(seen, type);
		s[i] |= 1u << (31 - __builtin_clz(diff));
		break;
	}
	see_header(key, type, seen);
}

static void see_all(const struct vsl_key *key, const struct vsl_key *mask, int type,
		    struct vsl_key *seen)
{
	const uint8_t *m = bytes(mask, type);
	uint8_t *s = bytes_of(seen, type);
	size_t i;

	vsl_key_add(seen, type);
	for (i = 0; i < vsl_key_places[type].len; i++)
		s[i] |= m[i];
	see_header(key, type, seen);
}

/* Do packets that are alike under @seen differ from @want all the same? */
static bool seen_to_differ(const struct vsl_key *key, const struct vsl_key *want,
			   const struct vsl_key *mask, int type, const struct vsl_key *seen)
{
	const uint8_t *k = bytes(key, type), *w = bytes(want, type);
	const uint8_t *m = bytes(mask, type), *s = bytes(seen, type);
	size_t i;

	if (!vsl_key_has(seen, type))
		return false;
	for (i = 0; i < vsl_key_places[type].len; i++) {
		if ((k[i] ^ w[i]) & m[i] & s[i])
			return true;
	}
	return false;
}

/* Metadata that a packet lacks is zero; a header that it lacks is not there. */
static bool lacks(const struct vsl_key *key, int type)
{
	return !vsl_key_has(key, type) && type != OVS_KEY_ATTR_PRIORITY &&
	       type != OVS_KEY_ATTR_SKB_MARK;
}

bool vsl_key_match(const struct vsl_key *key, const struct vsl_key *want,
		   const struct vsl_key *mask, struct vsl_key *seen)
{
	size_t i;
	int type;

	if (!match_l2(key, want, mask))
		return false;
	for (i = 0; i < VSL_ARRAY_SIZE(upper); i++) {
		type = upper[i];
		if (wants(mask, type) && !lacks(key, type) &&
		    seen_to_differ(key, want, mask, type, seen))
			return false;
	}
	for (i = 0; i < VSL_ARRAY_SIZE(upper); i++) {
		type = upper[i];
		if (!wants(mask, type))
			continue;
		if (lacks(key, type)) {
			see_header(key, type, seen);
			return false;
		}
		if (differs(key, want, mask, type)) {
			see_difference(key, want, mask, type, seen);
			return false;
		}
	}
	for (i = 0; i < VSL_ARRAY_SIZE(upper); i++) {
		if (wants(mask, upper[i]))
			see_all(key, mask, upper[i], seen);
	}
	return true;
}

uint64_t vsl_key_digest(const struct vsl_key *key, const struct vsl_key *seen, uint64_t secret)
{
	/* a polynomial of the bytes at a secret place, modulo a prime: 2^61 - 1 */
	const uint64_t prime = (1ull << 61) - 1, at = secret % prime;
	uint64_t sum = 1;
	bool any = false;
	size_t i, j;

	for (i = 0; i < VSL_ARRAY_SIZE(upper); i++) {
		const uint8_t *k = bytes(key, upper[i]), *s = bytes(seen, upper[i]);

		if (!wants(seen, upper[i]))
			continue;
		any = true;
		for (j = 0; j < vsl_key_places[upper[i]].len; j++) {
			sum = ((unsigned __int128)sum * at + upper[i]) % prime;
			sum = ((unsigned __int128)sum * at + (k[j] & s[j])) % prime;
			sum = ((unsigned __int128)sum * at + s[j]) % prime;
		}
	}
	return any ? sum | 1ull << 63 : 0;
}
