/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules.h - packets that are not to be switched as usual
 *
 * bridge_decide() asks for each frame that may come in. A rule matches on what a
 * flow can match on; what an answer depends on beyond struct frame is said with
 * it, for the flow that stands for it must match on that as well, and on no more.
 */
#ifndef VSWITCHD_RULES_H
#define VSWITCHD_RULES_H

#include "config.h"
#include "lib/key.h"
#include "lib/text.h"

struct rules;

enum rules_type {
	RULES_NORMAL,		/* as usual */
	RULES_DROP,
	RULES_ACTIONS,
};

/**
 * struct rules_verdict - an answer
 * @type: in one word
 * @why: names the rule; NULL where none matched. Lives as long as the rules
 * @actions: for RULES_ACTIONS; live until rules_resolve()
 * @looked_at: mask of a flow for such packets, NULL where that of a learning
 *	switch will do. Valid until the next question
 * @looked_id: tells flows apart that are alike but for @looked_at; 0 with NULL
 */
struct rules_verdict {
	enum rules_type type;
	const char *why;
	struct vsl_blob actions;
	const struct vsl_key *looked_at;
	uint64_t looked_id;
};

struct rules *rules_create(const struct config_rule *list, size_t n);
void rules_destroy(struct rules *r);
void rules_resolve(struct rules *r, const struct vsl_text_ports *ports);
void rules_ask(struct rules *r, struct vsl_blob key, struct rules_verdict *v);

#endif
