/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How memory is got whose size user space decides.
 */
#ifndef VSL_MEMORY_H
#define VSL_MEMORY_H

#include <linux/gfp.h>

/*
 * Charged to the memory cgroup of who asks; where there is none the request says
 * so, and the kernel's log has no warning that anyone could fill it with.
 */
#define VSL_GFP		(GFP_KERNEL_ACCOUNT | __GFP_NOWARN)

#endif /* VSL_MEMORY_H */
