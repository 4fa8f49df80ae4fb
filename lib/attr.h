/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking at netlink attributes, and appending them.  libnl has functions for this too;
 * a dump of a million flows looks at thirty million attributes, each several times, and
 * a switch writes a dozen for each new flow, so here they are inline.  All else about
 * messages is libnl's work.
 */
#ifndef VSL_LIB_ATTR_H
#define VSL_LIB_ATTR_H

#include <errno.h>
#include <linux/netlink.h>
#include <netlink/msg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

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

/** vsl_attr_put() - append one; 0, or -EMSGSIZE where it does not fit */
static inline int vsl_attr_put(struct nl_msg *msg, int type, const void *data, size_t len)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	size_t at = NLMSG_ALIGN(nlh->nlmsg_len), end = at + NLA_ALIGN(NLA_HDRLEN + len);
	struct nlattr *nla = (void *)((char *)nlh + at);

	if (len > UINT16_MAX - NLA_HDRLEN || end > nlmsg_get_max_size(msg))
		return -EMSGSIZE;
	/* what pads it is zero */
	memset((char *)nlh + end - NLA_ALIGNTO, 0, NLA_ALIGNTO);
	nla->nla_type = type;
	nla->nla_len = NLA_HDRLEN + len;
	if (len)
		memcpy((char *)nla + NLA_HDRLEN, data, len);
	nlh->nlmsg_len = end;
	return 0;
}

#endif /* VSL_LIB_ATTR_H */
