// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Requests to the family "vswitch_lite": see module.h.
 */
#include "module.h"

#include <errno.h>
#include <string.h>

#include <netlink/genl/genl.h>

#include "vswitch_lite.h"

static struct nla_policy policy[VSL_ATTR_MAX + 1] = {
	[VSL_ATTR_TIME] = { .minlen = sizeof(uint64_t) },
	[VSL_ATTR_VERSION] = { .type = NLA_STRING },
	[VSL_ATTR_FAMILY_PREFIX] = { .type = NLA_STRING },
	[VSL_ATTR_DATAPATHS] = { .type = NLA_U32 },
	[VSL_ATTR_LOOPED] = { .minlen = sizeof(uint64_t) },
};

static struct nla_policy table_policy[VSL_TABLE_ATTR_MAX + 1] = {
	[VSL_TABLE_ATTR_FLOWS] = { .type = NLA_U32 },
	[VSL_TABLE_ATTR_MASKS] = { .type = NLA_U32 },
	[VSL_TABLE_ATTR_BUCKETS] = { .type = NLA_U32 },
	[VSL_TABLE_ATTR_LONGEST_CHAIN] = { .type = NLA_U32 },
	[VSL_TABLE_ATTR_RESIZES] = { .type = NLA_U32 },
	[VSL_TABLE_ATTR_PARTITIONS] = { .type = NLA_U32 },
	[VSL_TABLE_ATTR_SUBTABLES] = { .type = NLA_U32 },
	[VSL_TABLE_ATTR_DEPTH] = { .type = NLA_U32 },
	[VSL_TABLE_ATTR_RESEEDS] = { .type = NLA_U32 },
	[VSL_TABLE_ATTR_SPLITS] = { .type = NLA_U32 },
	[VSL_TABLE_ATTR_CACHE_HITS] = { .minlen = sizeof(uint64_t) },
	[VSL_TABLE_ATTR_BYTES] = { .minlen = sizeof(uint64_t) },
};

static uint32_t u32_or_0(const struct nlattr *nla)
{
	return nla ? nla_get_u32(nla) : 0;
}

static uint64_t u64_or_0(const struct nlattr *nla)
{
	uint64_t value = 0;

	if (nla)
		memcpy(&value, nla_data(nla), sizeof(value));
	return value;
}

static int read_table(struct vsl_module *module, struct nlattr *nest)
{
	struct nlattr *tb[VSL_TABLE_ATTR_MAX + 1];

	if (nla_parse_nested(tb, VSL_TABLE_ATTR_MAX, nest, table_policy) < 0)
		return -EINVAL;
	module->has_table = true;
	module->flows = u32_or_0(tb[VSL_TABLE_ATTR_FLOWS]);
	module->masks = u32_or_0(tb[VSL_TABLE_ATTR_MASKS]);
	module->buckets = u32_or_0(tb[VSL_TABLE_ATTR_BUCKETS]);
	module->longest_chain = u32_or_0(tb[VSL_TABLE_ATTR_LONGEST_CHAIN]);
	module->resizes = u32_or_0(tb[VSL_TABLE_ATTR_RESIZES]);
	module->partitions = u32_or_0(tb[VSL_TABLE_ATTR_PARTITIONS]);
	module->subtables = u32_or_0(tb[VSL_TABLE_ATTR_SUBTABLES]);
	module->depth = u32_or_0(tb[VSL_TABLE_ATTR_DEPTH]);
	module->reseeds = u32_or_0(tb[VSL_TABLE_ATTR_RESEEDS]);
	module->splits = u32_or_0(tb[VSL_TABLE_ATTR_SPLITS]);
	module->cache_hits = u64_or_0(tb[VSL_TABLE_ATTR_CACHE_HITS]);
	module->bytes = u64_or_0(tb[VSL_TABLE_ATTR_BYTES]);
	return 0;
}

static int read_module(struct vsl_module *module, struct nl_msg *msg)
{
	struct nlattr *tb[VSL_ATTR_MAX + 1];

	if (genlmsg_parse(nlmsg_hdr(msg), 0, tb, VSL_ATTR_MAX, policy) < 0 ||
	    !tb[VSL_ATTR_VERSION] || !tb[VSL_ATTR_FAMILY_PREFIX])
		return -EINVAL;
	memset(module, 0, sizeof(*module));
	nla_strlcpy(module->version, tb[VSL_ATTR_VERSION],
		    sizeof(module->version));
	nla_strlcpy(module->prefix, tb[VSL_ATTR_FAMILY_PREFIX],
		    sizeof(module->prefix));
	module->datapaths = u32_or_0(tb[VSL_ATTR_DATAPATHS]);
	if (tb[VSL_ATTR_LOOPED])
		module->looped = nla_get_u64(tb[VSL_ATTR_LOOPED]);
	return tb[VSL_ATTR_TABLE] ? read_table(module, tb[VSL_ATTR_TABLE]) : 0;
}

int vsl_module_get(struct vsl_nl *nl, int dp_ifindex,
		   struct vsl_module *module)
{
	struct nl_msg *msg, *reply;
	int err;

	if (!vsl_nl_has(nl, VSL_FAM_MODULE))
		return -ENOENT;
	msg = vsl_nl_msg(nl, VSL_FAM_MODULE, VSL_CMD_INFO, 0, 0);
	if (msg && dp_ifindex)
		nla_put_u32(msg, VSL_ATTR_DP_IFINDEX, dp_ifindex);
	err = vsl_nl_transact(nl, msg, &reply);
	if (err)
		return err;
	err = reply ? read_module(module, reply) : -EPROTO;
	nlmsg_free(reply);
	return err;
}

static int check_echo(struct nl_msg *reply, const void *text, size_t len,
		      uint64_t *kernel_ns)
{
	struct nlattr *tb[VSL_ATTR_MAX + 1];
	struct vsl_blob back;

	if (genlmsg_parse(nlmsg_hdr(reply), 0, tb, VSL_ATTR_MAX, policy) < 0)
		return -EBADMSG;
	back = vsl_blob_of_attr(tb[VSL_ATTR_TEXT]);
	if (back.len != len || (len && memcmp(back.data, text, len)))
		return -EBADMSG;
	if (kernel_ns) {
		*kernel_ns = 0;
		if (tb[VSL_ATTR_TIME])
			memcpy(kernel_ns, nla_data(tb[VSL_ATTR_TIME]),
			       sizeof(*kernel_ns));
	}
	return 0;
}

int vsl_module_echo(struct vsl_nl *nl, const void *text, size_t len,
		    uint64_t *kernel_ns)
{
	struct nl_msg *msg, *reply;
	int err;

	if (!vsl_nl_has(nl, VSL_FAM_MODULE))
		return -ENOENT;
	msg = vsl_nl_msg(nl, VSL_FAM_MODULE, VSL_CMD_ECHO, 0, 0);
	if (msg && len)
		nla_put(msg, VSL_ATTR_TEXT, len, text);
	err = vsl_nl_transact(nl, msg, &reply);
	if (err)
		return err;
	err = reply ? check_echo(reply, text, len, kernel_ns) : -EPROTO;
	nlmsg_free(reply);
	return err;
}

int vsl_module_upcall_times(struct vsl_nl *nl, int dp_ifindex, bool on)
{
	struct nl_msg *msg;

	if (!vsl_nl_has(nl, VSL_FAM_MODULE))
		return -ENOENT;
	msg = vsl_nl_msg(nl, VSL_FAM_MODULE, VSL_CMD_SET, 0, 0);
	if (msg) {
		nla_put_u32(msg, VSL_ATTR_DP_IFINDEX, dp_ifindex);
		nla_put_u8(msg, VSL_ATTR_UPCALL_TIMES, on);
	}
	return vsl_nl_transact(nl, msg, NULL);
}
