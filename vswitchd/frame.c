// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * frame.c - key attributes to struct frame and to the mask of its megaflow
 *
 * Called by upcall.c for every packet and by flows.c for every flow that it
 * adopts. Attributes are read and written by lib/key.c.
 */
#include "frame.h"

#include <arpa/inet.h>
#include <string.h>

_Static_assert(sizeof(struct frame) == 40, "struct frame must have no padding");

/**
 * frame_from_key() - read what the switch decides by
 * @f: filled in, whatever is returned
 * @key: a packet's or a flow's key attributes
 *
 * Return: false if the key is malformed or not that of an Ethernet frame.
 */
bool frame_from_key(struct frame *f, struct vsl_blob key)
{
	struct vsl_key k;
	unsigned int i;
	uint16_t tci;

	memset(f, 0, sizeof(*f));
	f->in_port = FRAME_NO_PORT;
	if (vsl_key_from_attrs(&k, key, NULL))
		return false;
	if (vsl_key_has(&k, OVS_KEY_ATTR_IN_PORT))
		f->in_port = k.in_port;
	if (!vsl_key_has(&k, OVS_KEY_ATTR_ETHERNET))
		return false;

	f->recirc_id = k.recirc_id;
	memcpy(f->src, k.eth.eth_src, sizeof(f->src));
	memcpy(f->dst, k.eth.eth_dst, sizeof(f->dst));
	for (i = 0; i < k.n_vlans; i++) {
		tci = ntohs(k.vlan[i].tci);
		if (!(tci & VSL_VLAN_PRESENT)) {
			f->flags |= i ? FRAME_CUT_INNER_TAG : FRAME_CUT_OUTER_TAG;
			break;
		}
		f->tag[i].tpid = ntohs(k.vlan[i].tpid);
		f->tag[i].tci = tci;
	}
	f->eth_type = ntohs(k.eth_type);
	return true;
}

/**
 * frame_put_mask() - write the mask of the megaflow for all packets alike
 * @msg: where its attributes are put
 * @key: the key of one of them
 * @looked_at: mask of what rules looked at, that of struct frame included; or NULL
 *
 * Exact on what struct frame holds, wild elsewhere.
 *
 * Return: 0; -EINVAL for a malformed key; -EMSGSIZE where it does not fit.
 */
int frame_put_mask(struct nl_msg *msg, struct vsl_blob key, const struct vsl_key *looked_at)
{
	struct vsl_key k, mask;
	int err;

	if (looked_at)
		return vsl_key_put(msg, looked_at);
	err = vsl_key_from_attrs(&k, key, NULL);
	if (err)
		return err;
	vsl_key_mask_l2(&mask, &k);
	return vsl_key_put(msg, &mask);
}

/**
 * frame_is_masked_by() - is this the mask that frame_put_mask() writes?
 * @key: the key of a dumped flow
 * @mask: its mask; the kernel dumps wild fields as zeros, which do not matter
 * @looked_at: as for frame_put_mask()
 *
 * Return: true if so; then the flow can be kept as one of ours.
 */
bool frame_is_masked_by(struct vsl_blob key, struct vsl_blob mask,
			const struct vsl_key *looked_at)
{
	struct vsl_key k, want, is;

	if (!mask.data || vsl_key_from_attrs(&k, key, NULL) ||
	    vsl_key_from_attrs(&is, mask, NULL))
		return false;
	vsl_key_mask_l2(&want, &k);
	if (looked_at)
		want = *looked_at;

	/* what is there but zero is as wild as what is not there */
	is.present = 0;
	want.present = 0;
	/* the mask of the tunnel is in every dump: "not from a tunnel" */
	is.n_unknown = 0;
	want.n_unknown = 0;
	return !memcmp(&is, &want, sizeof(is));
}
