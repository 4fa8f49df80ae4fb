/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Made-up action lists: the part of generate.c that knows actions. */
#ifndef VSL_INTEROP_GENERATE_ACTION_H
#define VSL_INTEROP_GENERATE_ACTION_H

#include "generate.h"

struct node;

/**
 * gen_actions() - a list of actions, as a tree
 * @key: of the flow: what is set is mostly what it has
 * @kind: how good it is to be
 * @stage: what there may be in it
 */
struct node *gen_actions(const struct node *key, enum gen_kind kind, int stage);

#endif /* VSL_INTEROP_GENERATE_ACTION_H */
