// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registration of the families, and what their commands share; see nl.h.
 */
#include "nl.h"

#include <linux/ctype.h>
#include <linux/module.h>

#include "datapath.h"
#include "ovs_abi.h"
#include "vswitch_lite.h"

char *vsl_family_prefix = VSL_DEFAULT_FAMILY_PREFIX;
module_param_named(family_prefix, vsl_family_prefix, charp, 0444);
MODULE_PARM_DESC(family_prefix,
		 "first part of the netlink families' names (default ovs: ovs_datapath, ...)");

/* Families in the order of registration; the group is named as the family. */
static struct {
	struct genl_family *family;
	const char *suffix;		/* NULL: the name is as it is */
	bool has_group;
	struct genl_multicast_group group;
} families[] = {
	{ &vsl_datapath_family, VSL_SUFFIX_DATAPATH, true },
	{ &vsl_vport_family, VSL_SUFFIX_VPORT, true },
	{ &vsl_flow_family, VSL_SUFFIX_FLOW, true },
	{ &vsl_packet_family, VSL_SUFFIX_PACKET, false },
	{ &vsl_meter_family, VSL_SUFFIX_METER, true },
	{ &vsl_info_family, NULL, false },
};

/**
 * vsl_nl_check_prefix() - whether the module parameter can be used
 *
 * Return: 0 or -EINVAL, with a message in the kernel's log.
 */
int vsl_nl_check_prefix(void)
{
	const char *c;

	for (c = vsl_family_prefix; isalnum(*c); c++)
		;
	/* with its longest suffix it has to be a family's name */
	if (*c || c == vsl_family_prefix ||
	    c - vsl_family_prefix + sizeof(VSL_SUFFIX_DATAPATH) > GENL_NAMSIZ) {
		pr_err("vswitch_lite: family_prefix=%s: it takes 1 to 6 letters and digits\n",
		       vsl_family_prefix);
		return -EINVAL;
	}
	return 0;
}

static int register_one(int i)
{
	struct genl_family *family = families[i].family;
	int err;

	if (families[i].suffix)
		snprintf(family->name, sizeof(family->name), "%s%s",
			 vsl_family_prefix, families[i].suffix);
	if (families[i].has_group) {
		strscpy(families[i].group.name, family->name,
			sizeof(families[i].group.name));
		family->mcgrps = &families[i].group;
		family->n_mcgrps = 1;
	}
	err = genl_register_family(family);
	if (err == -EEXIST)
		pr_err("vswitch_lite: generic netlink family \"%s\" is taken: unload openvswitch first (rmmod openvswitch), or load with family_prefix=vsl to stand beside it\n",
		       family->name);
	return err;
}

/**
 * vsl_nl_init() - open for commands; last step of loading
 *
 * Return: 0; -EEXIST where a family's name is taken; -ENOMEM.
 */
int vsl_nl_init(void)
{
	int i, err;

	for (i = 0; i < ARRAY_SIZE(families); i++) {
		err = register_one(i);
		if (err)
			goto err_unregister;
	}
	return 0;

err_unregister:
	while (i--)
		genl_unregister_family(families[i].family);
	return err;
}

/**
 * vsl_nl_exit() - no more commands; first step of unloading
 *
 * Waits for those that run.
 */
void vsl_nl_exit(void)
{
	int i = ARRAY_SIZE(families);

	while (i--)
		genl_unregister_family(families[i].family);
}

/**
 * vsl_nl_datapath() - the datapath that a request names
 * @net: the sender's namespace
 * @ifindex: of struct ovs_header
 * @name: OVS_DP_ATTR_NAME, which wins over @ifindex; or NULL
 * @extack: what is wrong
 *
 * Context: as vsl_datapath_get().
 *
 * Return: the datapath, to be given back by vsl_datapath_put(); ENODEV.
 */
struct vsl_datapath *vsl_nl_datapath(struct net *net, int ifindex,
				     const struct nlattr *name,
				     struct netlink_ext_ack *extack)
{
	struct vsl_datapath *dp;

	dp = vsl_datapath_get(net, name ? nla_data(name) : NULL, ifindex);
	if (!dp) {
		NL_SET_ERR_MSG(extack,
			       "no such datapath in this network namespace");
		return ERR_PTR(-ENODEV);
	}
	return dp;
}

/**
 * vsl_nl_wants_reply() - whether to build a message on what has been done
 * @family: its group 0 is told
 * @info: the request
 *
 * Return: true where the sender wants an echo or somebody listens.
 */
bool vsl_nl_wants_reply(const struct genl_family *family,
			struct genl_info *info)
{
	return (info->nlhdr->nlmsg_flags & NLM_F_ECHO) ||
	       genl_has_listeners(family, genl_info_net(info), 0);
}

/**
 * vsl_nl_portids() - how many sockets an attribute lists
 * @attr: an UPCALL_PID or OVS_DP_ATTR_PER_CPU_PIDS
 * @max: how many there may be
 * @extack: what is wrong
 *
 * Return: the number; 0 where it is no such list.
 */
unsigned int vsl_nl_portids(const struct nlattr *attr, unsigned int max,
			    struct netlink_ext_ack *extack)
{
	unsigned int len = nla_len(attr);

	if (!len || len % sizeof(u32) || len / sizeof(u32) > max) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "socket ids: one u32 each, at least one, not more than there are CPUs");
		return 0;
	}
	return len / sizeof(u32);
}
