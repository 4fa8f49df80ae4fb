/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is odd about a made-up flow, for combos.c: a word of its line that says
 * so is what an entry of `exceptions` can go by.
 */
#ifndef VSL_INTEROP_REMARK_H
#define VSL_INTEROP_REMARK_H

#include <stdbool.h>
#include <stdio.h>

#include "lib/util.h"

/**
 * remark_print() - write what is odd, a word each
 * @out: where to
 * @key: OVS_KEY_ATTR_*
 * @mask: likewise; data NULL where there is none
 *
 * "no-eth": the key has no ETHERNET.  "extra": it has an attribute that its
 * EtherType or IP protocol does not go with.  "untagged-encap": the mask has
 * ENCAP without the VLAN and EtherType that belong to it.  "no-type": the key
 * has no EtherType, and there is no mask.  "empty-encap": there is a tag in the
 * key or the mask, and nothing behind it.
 */
void remark_print(FILE *out, struct vsl_blob key, struct vsl_blob mask);

#endif /* VSL_INTEROP_REMARK_H */
