/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys, masks and action lists made up from a seed, for combos.c.  A third
 * party's well-formed ones, ones with a mistake or two, and nonsense.
 */
#ifndef VSL_INTEROP_GENERATE_H
#define VSL_INTEROP_GENERATE_H

#include <stdbool.h>
#include <stdint.h>

#include <netlink/msg.h>

/* How good a request is meant to be. */
enum gen_kind {
	GEN_VALID,	/* as a well-behaved client builds it */
	GEN_NEAR,	/* that, and one or two changes */
	GEN_RANDOM,	/* attributes in no order that makes sense */
};

/* How far the actions go: those of the plan's stages S1, S2 and S3. */
enum gen_stage {
	GEN_STAGE_MIN = 1,
	GEN_STAGE_MAX = 3,
};

/**
 * struct gen - one made-up flow
 * @kind: how good it is meant to be
 * @has_mask: @mask is part of it
 * @key: as messages of vsl_attrs_new(); likewise the next
 * @mask: OVS_KEY_ATTR_*
 * @actions: OVS_ACTION_ATTR_*
 * @other_actions: for the same key, to replace @actions
 */
struct gen {
	enum gen_kind kind;
	bool has_mask;
	struct nl_msg *key, *mask, *actions, *other_actions;
};

/**
 * gen_make() - make up a flow
 * @gen: filled; its messages are reused if they are there, so zero it at first
 * @seed: the same seed and stage make the same flow
 * @stage: what actions, and what keys with them
 */
void gen_make(struct gen *gen, uint64_t seed, int stage);

#endif /* VSL_INTEROP_GENERATE_H */
