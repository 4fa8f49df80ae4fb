/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * key_private.h - what key.c (reading, writing) and key_match.c (rules) share
 */
#ifndef VSL_LIB_KEY_PRIVATE_H
#define VSL_LIB_KEY_PRIVATE_H

#include "key.h"

/**
 * struct vsl_key_place - where an attribute's payload, all of it, is in struct vsl_key
 * @offset: of the first byte
 * @len: 0 for attributes that are kept otherwise, or not at all
 */
struct vsl_key_place {
	uint16_t offset;
	uint16_t len;
};

extern const struct vsl_key_place vsl_key_places[OVS_KEY_ATTR_MAX + 1];

#endif /* VSL_LIB_KEY_PRIVATE_H */
