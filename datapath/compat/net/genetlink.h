/* SPDX-License-Identifier: GPL-2.0-only */
/* A request's own header got an accessor in Linux 6.6. */
#ifndef VSL_COMPAT_NET_GENETLINK_H
#define VSL_COMPAT_NET_GENETLINK_H

#include_next <net/genetlink.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
static inline void *genl_info_userhdr(const struct genl_info *info)
{
	return info->userhdr;
}
#endif

#endif /* VSL_COMPAT_NET_GENETLINK_H */
