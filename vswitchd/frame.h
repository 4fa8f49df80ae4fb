/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * frame.h - the part of a packet's key that the switch decides by
 *
 * A struct frame is read from the key attributes of an upcall or of a dumped
 * flow; the megaflow that stands for all packets alike in it has the mask that
 * frame_put_mask() writes. bridge.c decides by it, flows.c keeps flows by it.
 */
#ifndef VSWITCHD_FRAME_H
#define VSWITCHD_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/key.h"

/* A tag's priority, beside VSL_VLAN_VID and VSL_VLAN_PRESENT. */
#define FRAME_TCI_PCP		0xe000

/*
 * A tag's type with no tag behind it, for want of bytes. With the outer tag cut
 * short the VLAN cannot be told; no mask can be written for either.
 */
#define FRAME_CUT_OUTER_TAG	0x0001
#define FRAME_CUT_INNER_TAG	0x0002

/* For a key that names no port. */
#define FRAME_NO_PORT UINT32_MAX

/**
 * struct frame_tag - one VLAN tag, in host order
 * @tpid: 0x8100 or 0x88a8
 * @tci: with VSL_VLAN_PRESENT set, or 0 where there is no tag
 */
struct frame_tag {
	uint16_t tpid;
	uint16_t tci;
};

/**
 * struct frame - what is exact in a flow of this switch; numbers in host order
 * @recirc_id: 0, but for flows made by hand that send packets round again
 * @in_port: port number, or FRAME_NO_PORT
 * @src: source address
 * @dst: destination address
 * @tag: outer one first
 * @eth_type: behind the tags; 0 for a frame with a length there and no SNAP type
 * @flags: FRAME_CUT_*
 * @looked_id: of a flow that rules looked further into, see struct bridge_decision;
 *	else 0
 *
 * Without padding, and with unused fields zero: compared and hashed as it lies.
 */
struct frame {
	uint32_t recirc_id;
	uint32_t in_port;
	uint8_t src[6];
	uint8_t dst[6];
	struct frame_tag tag[VSL_KEY_MAX_VLANS];
	uint16_t eth_type;
	uint16_t flags;
	uint64_t looked_id;
};

bool frame_from_key(struct frame *f, struct vsl_blob key);
int frame_put_mask(struct nl_msg *msg, struct vsl_blob key, const struct vsl_key *looked_at);
bool frame_is_masked_by(struct vsl_blob key, struct vsl_blob mask,
			const struct vsl_key *looked_at);

#endif
