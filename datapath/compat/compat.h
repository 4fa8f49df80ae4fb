/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel differences that cannot be had by a header of the kernel's own name
 * (those are in compat/linux/ and compat/net/, found before the kernel's).
 * The code is written for the newest kernel.
 */
#ifndef VSL_COMPAT_H
#define VSL_COMPAT_H

#include <linux/netdevice.h>
#include <linux/version.h>

/* Transmit without the queue's lock: a feature bit before Linux 6.12. */
static inline void vsl_compat_set_lltx(struct net_device *dev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	dev->lltx = true;
#else
	dev->features |= NETIF_F_LLTX;
#endif
}

/* Not to leave its namespace: a feature bit before Linux 6.12. */
static inline void vsl_compat_set_netns_immutable(struct net_device *dev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
	dev->netns_immutable = true;
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	dev->netns_local = true;
#else
	dev->features |= NETIF_F_NETNS_LOCAL;
#endif
}

/*
 * A variable that is written as a whole before it is read: kernels are built to
 * zero all of them first.  A compiler that cannot do that knows no such attribute.
 */
#if __has_attribute(uninitialized)
#define VSL_UNINITIALIZED	__attribute__((uninitialized))
#else
#define VSL_UNINITIALIZED
#endif

#endif /* VSL_COMPAT_H */
