/* SPDX-License-Identifier: GPL-2.0-only */
/* Before Linux 6.15, crc32c() is in a module of its own, libcrc32c. */
#ifndef VSL_COMPAT_LINUX_CRC32_H
#define VSL_COMPAT_LINUX_CRC32_H

#include_next <linux/crc32.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)
static inline u32 crc32c(u32 crc, const void *p, size_t len)
{
	return __crc32c_le(crc, p, len);
}
#endif

#endif /* VSL_COMPAT_LINUX_CRC32_H */
