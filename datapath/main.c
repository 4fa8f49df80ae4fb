// SPDX-License-Identifier: GPL-2.0-only
/*
 * vswitch_lite: a datapath that speaks Open vSwitch's netlink ABI.  Here is
 * what happens at load and unload; for a packet's way start at receive.c, for
 * a command's at nl.h.
 */
#include <linux/module.h>
#include <net/net_namespace.h>

#include "action.h"
#include "datapath.h"
#include "nl.h"
#include "port.h"
#include "vswitch_lite.h"

static void net_exit(struct net *net)
{
	vsl_datapath_del_net(net);
}

/* A device operation, so that it runs before the namespace's devices go. */
static struct pernet_operations net_ops = {
	.exit = net_exit,
};

static int __init vswitch_lite_init(void)
{
	int err;

	err = vsl_nl_check_prefix();
	if (err)
		return err;
	err = vsl_actions_init();
	if (err)
		return err;
	err = vsl_datapath_init();
	if (err)
		goto err_actions;
	err = vsl_port_internal_init();
	if (err)
		goto err_datapath;
	err = vsl_port_netdev_init();
	if (err)
		goto err_port_internal;
	err = register_pernet_device(&net_ops);
	if (err)
		goto err_port_netdev;
	err = vsl_nl_init();
	if (err)
		goto err_pernet;
	pr_info("vswitch_lite: version %s, generic netlink families %s_datapath, %s_vport, %s_flow, %s_packet\n",
		VSL_VERSION, vsl_family_prefix, vsl_family_prefix,
		vsl_family_prefix, vsl_family_prefix);
	return 0;

err_pernet:
	unregister_pernet_device(&net_ops);
err_port_netdev:
	vsl_port_netdev_exit();
err_port_internal:
	vsl_port_internal_exit();
err_datapath:
	vsl_datapath_exit();
err_actions:
	vsl_actions_exit();
	return err;
}

static void __exit vswitch_lite_exit(void)
{
	vsl_nl_exit();
	unregister_pernet_device(&net_ops);
	vsl_port_netdev_exit();
	vsl_port_internal_exit();
	vsl_datapath_exit();
	vsl_actions_exit();
}

module_init(vswitch_lite_init);
module_exit(vswitch_lite_exit);

MODULE_DESCRIPTION("Open vSwitch-style datapath");
MODULE_AUTHOR("The vswitch-lite authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(VSL_VERSION);
