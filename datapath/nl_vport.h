/* SPDX-License-Identifier: GPL-2.0-only */
/* Family PREFIX_vport: what others than its commands need of it. */
#ifndef VSL_NL_VPORT_H
#define VSL_NL_VPORT_H

struct vsl_port;

void vsl_nl_vport_gone(struct vsl_port *port);

#endif /* VSL_NL_VPORT_H */
