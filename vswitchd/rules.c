// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rules.c - packets that are not to be switched as usual
 *
 * Rules are few and packets that come up are few: they are tried one by one, the
 * highest priority first. They are kept as text as well, for a port's name stands
 * for another number when the port has come back.
 */
#include "rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <netlink/msg.h>

struct rule {
	char *match, *actions_text;
	char why[CONFIG_MAX_NAME + 16];
	bool active;			/* the port that it is about is there */
	enum rules_type type;
	struct vsl_key key, mask;
	struct nl_msg *actions;		/* of RULES_ACTIONS */
};

struct rules {
	struct rule *list;		/* in the order in which they are tried */
	size_t n;
	struct vsl_key looked_at;	/* of the last answer */
	struct nl_msg *scratch_key, *scratch_mask;
};

/*
 * Under looked_id. One for the life of the process: flows outlive rules, and are known
 * by it when the configuration is read again.
 */
static uint64_t secret;

static bool have_secret(void)
{
	return secret || getrandom(&secret, sizeof(secret), 0) == sizeof(secret);
}

/**
 * rules_create() - rules from the configuration
 * @list: checked, in the order in which they are to be tried; copied
 * @n: their number
 *
 * None is in force before rules_resolve().
 *
 * Return: the rules, to be given to rules_destroy(); NULL for want of memory.
 */
struct rules *rules_create(const struct config_rule *list, size_t n)
{
	struct rules *r = calloc(1, sizeof(*r));
	struct rule *rule;
	size_t i;

	if (!r)
		return NULL;
	r->list = calloc(n + 1, sizeof(*r->list));
	r->scratch_key = vsl_attrs_new();
	r->scratch_mask = vsl_attrs_new();
	if (!r->list || !r->scratch_key || !r->scratch_mask ||
	    !have_secret())
		goto err;
	for (i = 0; i < n; i++) {
		rule = &r->list[r->n++];
		rule->match = strdup(list[i].match);
		rule->actions_text = strdup(list[i].actions);
		rule->actions = vsl_attrs_new();
		if (!rule->match || !rule->actions_text || !rule->actions)
			goto err;
		snprintf(rule->why, sizeof(rule->why), "rule '%s'", list[i].name);
	}
	return r;

err:
	rules_destroy(r);
	return NULL;
}

/**
 * rules_destroy() - free rules
 * @r: the rules, or NULL
 */
void rules_destroy(struct rules *r)
{
	size_t i;

	if (!r)
		return;
	for (i = 0; i < r->n; i++) {
		free(r->list[i].match);
		free(r->list[i].actions_text);
		nlmsg_free(r->list[i].actions);
	}
	free(r->list);
	nlmsg_free(r->scratch_key);
	nlmsg_free(r->scratch_mask);
	free(r);
}

static void resolve(struct rules *r, struct rule *rule, const struct vsl_text_ports *ports)
{
	struct vsl_text_error e;

	rule->active = false;
	vsl_attrs_reset(r->scratch_key);
	vsl_attrs_reset(r->scratch_mask);
	/* the port that packets are to come by is not there: none can */
	if (vsl_text_parse_flow(rule->match, ports, r->scratch_key, r->scratch_mask, NULL,
				NULL, &e) ||
	    vsl_key_from_attrs(&rule->key, vsl_blob_of_msg(r->scratch_key), NULL) ||
	    vsl_key_from_attrs(&rule->mask, vsl_blob_of_msg(r->scratch_mask), NULL))
		return;
	rule->active = true;

	rule->type = RULES_NORMAL;
	if (!strcmp(rule->actions_text, "normal"))
		return;
	rule->type = RULES_ACTIONS;
	vsl_attrs_reset(rule->actions);
	/* where they are to go is not there: then nowhere, not as usual */
	if (vsl_text_parse_actions(rule->actions_text, ports, rule->actions, &e) ||
	    !vsl_blob_of_msg(rule->actions).len)
		rule->type = RULES_DROP;
}

/**
 * rules_resolve() - ports came or left: look at the names in rules again
 * @r: the rules
 * @ports: what numbers the ports have now
 */
void rules_resolve(struct rules *r, const struct vsl_text_ports *ports)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		resolve(r, &r->list[i], ports);
}

/**
 * rules_ask() - what is to be done with a packet?
 * @r: the rules
 * @key: the packet's key
 * @v: filled in
 */
void rules_ask(struct rules *r, struct vsl_blob key, struct rules_verdict *v)
{
	struct vsl_key k;
	struct rule *rule;
	size_t i;

	*v = (struct rules_verdict){ .type = RULES_NORMAL };
	if (!r->n || vsl_key_from_attrs(&k, key, NULL))
		return;
	vsl_key_mask_l2(&r->looked_at, &k);
	for (i = 0; i < r->n; i++) {
		rule = &r->list[i];
		if (!rule->active || !vsl_key_match(&k, &rule->key, &rule->mask, &r->looked_at))
			continue;
		v->type = rule->type;
		v->why = rule->why;
		if (rule->type == RULES_ACTIONS)
			v->actions = vsl_blob_of_msg(rule->actions);
		break;
	}
	v->looked_id = vsl_key_digest(&k, &r->looked_at, secret);
	if (v->looked_id)
		v->looked_at = &r->looked_at;
}
