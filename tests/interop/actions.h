/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The action lists that packets.c tries on each frame. */
#ifndef VSL_INTEROP_ACTIONS_H
#define VSL_INTEROP_ACTIONS_H

#include <stdbool.h>

#include <netlink/msg.h>

#include "lib/util.h"

/* Ports of the datapath that packets.c makes. */
enum { PORT_IN = 1, PORT_OUT = 2 };

/**
 * struct action_row - a list to try
 * @name: for reports
 * @stage: of the plan: what the module has to have for it
 * @cut_too: on frames that are cut off as well
 * @put: writes the list; false where the frame has not what it would change
 * @n: for @put
 */
struct action_row {
	const char *name;
	int stage;
	bool cut_too;
	bool (*put)(struct nl_msg *msg, struct vsl_blob key, int n);
	int n;
};

extern const struct action_row action_rows[];
extern const int action_rows_count;

/** actions_set_portid() - where a userspace action sends to */
void actions_set_portid(uint32_t portid);

#endif /* VSL_INTEROP_ACTIONS_H */
