/* SPDX-License-Identifier: GPL-2.0-only */
/* Before Linux 6.5, segmentation is declared by <linux/netdevice.h>. */
#ifndef VSL_COMPAT_NET_GSO_H
#define VSL_COMPAT_NET_GSO_H

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#include_next <net/gso.h>
#else
#include <linux/netdevice.h>
#endif

#endif /* VSL_COMPAT_NET_GSO_H */
