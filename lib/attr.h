/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking at netlink attributes.  libnl has functions for this too; a dump of a
 * million flows looks at thirty million attributes, each several times, so
 * here they are inline.  Building and checking messages is libnl's work.
 */
#ifndef VSL_LIB_ATTR_H
#define VSL_LIB_ATTR_H

#include <linux/netlink.h>
#include <stdbool.h>

#include "util.h"

/** vsl_attr_type() - its type, without flags */
static inline int vsl_attr_type(const struct nlattr *nla)
{
	return nla->nla_type & NLA_TYPE_MASK;
}

/** vsl_attr_len() - length of its payload */
static inline int vsl_attr_len(const struct nlattr *nla)
{
	return nla->nla_len - NLA_HDRLEN;
}

/** vsl_attr_data() - its payload */
static inline const void *vsl_attr_data(const struct nlattr *nla)
{
	return (const char *)nla + NLA_HDRLEN;
}

/** vsl_attr_ok() - whether @nla, with @rem bytes left from it on, is whole */
static inline bool vsl_attr_ok(const struct nlattr *nla, int rem)
{
	return rem >= NLA_HDRLEN && nla->nla_len >= NLA_HDRLEN &&
	       nla->nla_len <= rem;
}

/** vsl_attr_next() - the one behind @nla; @rem counts down, below 0 at the end */
static inline const struct nlattr *vsl_attr_next(const struct nlattr *nla,
						 int *rem)
{
	*rem -= NLA_ALIGN(nla->nla_len);
	return (const struct nlattr *)((const char *)nla +
				       NLA_ALIGN(nla->nla_len));
}

#endif /* VSL_LIB_ATTR_H */
