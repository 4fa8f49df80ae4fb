// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Upcalls and packets to be executed <-> messages of family PREFIX_packet, see
 * packet.h.
 */
#include "packet.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <string.h>

#include <netlink/genl/genl.h>

#include "attr.h"

static struct nla_policy packet_policy[OVS_PACKET_ATTR_MAX + 1] = {
	[OVS_PACKET_ATTR_PACKET] = { .minlen = ETH_HLEN },
	[OVS_PACKET_ATTR_MRU] = { .type = NLA_U16 },
	[OVS_PACKET_ATTR_LEN] = { .type = NLA_U32 },
	[OVS_PACKET_ATTR_HASH] = { .minlen = sizeof(uint64_t) },
};

int vsl_upcall_from_msg(struct vsl_upcall *upcall, const struct nlmsghdr *nlh)
{
	struct nlmsghdr *hdr = (struct nlmsghdr *)nlh;
	struct nlattr *tb[OVS_PACKET_ATTR_MAX + 1];
	const struct ovs_header *oh;
	const struct nlattr *birth;

	if (!genlmsg_valid_hdr(hdr, sizeof(*oh)) ||
	    genlmsg_parse(hdr, sizeof(*oh), tb, OVS_PACKET_ATTR_MAX,
			  packet_policy) < 0)
		return -EINVAL;
	if (!tb[OVS_PACKET_ATTR_KEY] || !tb[OVS_PACKET_ATTR_PACKET])
		return -EINVAL;

	memset(upcall, 0, sizeof(*upcall));
	oh = genlmsg_user_hdr(genlmsg_hdr(hdr));
	upcall->cmd = genlmsg_hdr(hdr)->cmd;
	if (upcall->cmd != OVS_PACKET_CMD_MISS &&
	    upcall->cmd != OVS_PACKET_CMD_ACTION)
		return -EINVAL;
	upcall->dp_ifindex = oh->dp_ifindex;
	upcall->key = vsl_blob_of_attr(tb[OVS_PACKET_ATTR_KEY]);
	upcall->packet = vsl_blob_of_attr(tb[OVS_PACKET_ATTR_PACKET]);
	upcall->userdata = vsl_blob_of_attr(tb[OVS_PACKET_ATTR_USERDATA]);
	upcall->actions = vsl_blob_of_attr(tb[OVS_PACKET_ATTR_ACTIONS]);
	upcall->len = upcall->packet.len;
	if (tb[OVS_PACKET_ATTR_LEN])
		upcall->len = nla_get_u32(tb[OVS_PACKET_ATTR_LEN]);
	if (tb[OVS_PACKET_ATTR_HASH]) {
		upcall->has_hash = true;
		memcpy(&upcall->hash, nla_data(tb[OVS_PACKET_ATTR_HASH]),
		       sizeof(upcall->hash));
	}
	if (tb[OVS_PACKET_ATTR_MRU])
		upcall->mru = nla_get_u16(tb[OVS_PACKET_ATTR_MRU]);
	/* beyond the numbers that tb has room for */
	birth = nlmsg_find_attr(hdr, GENL_HDRLEN + sizeof(*oh), VSL_PACKET_ATTR_BIRTH);
	if (birth && nla_len(birth) >= (int)sizeof(upcall->birth))
		memcpy(&upcall->birth, nla_data(birth), sizeof(upcall->birth));
	return 0;
}

static int put_attrs(struct nl_msg *msg, const struct vsl_execute *execute)
{
	int err;

	err = vsl_attr_put(msg, OVS_PACKET_ATTR_PACKET, execute->packet.data,
			   execute->packet.len);
	if (!err)
		err = vsl_attr_put(msg, OVS_PACKET_ATTR_KEY, execute->key.data,
				   execute->key.len);
	if (!err)
		err = vsl_attr_put(msg, OVS_PACKET_ATTR_ACTIONS, execute->actions.data,
				   execute->actions.len);
	if (!err && execute->mru)
		err = vsl_attr_put(msg, OVS_PACKET_ATTR_MRU, &execute->mru,
				   sizeof(execute->mru));
	if (!err && execute->has_hash)
		err = vsl_attr_put(msg, OVS_PACKET_ATTR_HASH, &execute->hash,
				   sizeof(execute->hash));
	return err;
}

int vsl_packet_execute(struct vsl_nl *nl, const struct vsl_execute *execute)
{
	struct nl_msg *msg = vsl_nl_msg(nl, VSL_FAM_PACKET,
					OVS_PACKET_CMD_EXECUTE, 0,
					execute->dp_ifindex);
	int err = msg ? put_attrs(msg, execute) : 0;

	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return vsl_nl_transact(nl, msg, NULL);
}

int vsl_packet_batch_execute(struct vsl_batch *batch,
			     const struct vsl_execute *execute,
			     uintptr_t cookie)
{
	struct nl_msg *msg = vsl_batch_msg(batch, VSL_FAM_PACKET,
					   OVS_PACKET_CMD_EXECUTE, 0,
					   execute->dp_ifindex);
	int err = put_attrs(msg, execute);

	if (!err)
		vsl_batch_commit(batch, cookie);
	return err;
}
