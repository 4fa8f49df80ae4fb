// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trace_filter.c - which upcalls are worth telling of: by packet, port and reason
 */
#include "trace_filter.h"

#include <stdlib.h>
#include <string.h>

#include "lib/pcap.h"
#include "lib/util.h"

struct trace_filter {
	struct vsl_pcap_filter *packet;
	char *port;
	const struct reason *reason;	/* NULL: any */
};

static bool is_miss(const struct trace_event *e) { return e->kind == TRACE_MISS; }
static bool is_action(const struct trace_event *e) { return e->kind == TRACE_ACTION; }

static bool is_decision(const struct trace_event *e, enum bridge_verdict verdict)
{
	return is_miss(e) && e->verdict == verdict;
}

static bool is_forward(const struct trace_event *e) { return is_decision(e, BRIDGE_FORWARD); }
static bool is_flood(const struct trace_event *e) { return is_decision(e, BRIDGE_FLOOD); }
static bool is_rule(const struct trace_event *e) { return is_decision(e, BRIDGE_RULE); }
static bool is_drop(const struct trace_event *e) { return is_decision(e, BRIDGE_DROP); }
static bool is_learned(const struct trace_event *e) { return e->news == MAC_TABLE_LEARNED; }
static bool is_moved(const struct trace_event *e) { return e->news == MAC_TABLE_MOVED; }

static bool is_failed(const struct trace_event *e)
{
	return e->flow.result == FLOWS_FAILED || e->execute_err;
}

/* One list for the check at start, for the words in messages, and for matching. */
static const struct reason {
	const char *word;
	bool (*is)(const struct trace_event *e);
} reasons[] = {
	{ "miss", is_miss }, { "action", is_action },
	{ "forward", is_forward }, { "flood", is_flood }, { "drop", is_drop },
	{ "rule", is_rule },
	{ "learned", is_learned }, { "moved", is_moved }, { "failed", is_failed },
};

/* Returns NULL, and says which words there are, where @word is none of them. */
static const struct reason *find_reason(const char *word, char *error, size_t error_size)
{
	struct vsl_str words = {};
	size_t i;

	for (i = 0; i < VSL_ARRAY_SIZE(reasons); i++) {
		if (!strcmp(reasons[i].word, word))
			return &reasons[i];
	}
	for (i = 0; i < VSL_ARRAY_SIZE(reasons); i++)
		vsl_str_printf(&words, "%s%s", i ? ", " : "", reasons[i].word);
	snprintf(error, error_size, "'%s' is no reason for an upcall: it is one of %s", word,
		 vsl_str_text(&words));
	vsl_str_free(&words);
	return NULL;
}

/**
 * trace_filter_new() - what passes is what passes all three
 * @packet: pcap filter expression, or NULL for all
 * @port: name of the ingress port, or NULL for all
 * @reason: one of the words above, or NULL for all
 * @error: filled on failure: a sentence that names the word
 * @error_size: room for it
 *
 * Return: the filter, to be given to trace_filter_free(); NULL on failure.
 */
struct trace_filter *trace_filter_new(const char *packet, const char *port, const char *reason,
				      char *error, size_t error_size)
{
	struct trace_filter *f = calloc(1, sizeof(*f));

	if (f && port)
		f->port = strdup(port);
	if (!f || (port && !f->port)) {
		snprintf(error, error_size, "no memory for the trace");
		goto err;
	}
	if (reason) {
		f->reason = find_reason(reason, error, error_size);
		if (!f->reason)
			goto err;
	}
	if (packet) {
		f->packet = vsl_pcap_filter_new(packet, error, error_size);
		if (!f->packet)
			goto err;
	}
	return f;

err:
	trace_filter_free(f);
	return NULL;
}

/**
 * trace_filter_free() - free a filter
 * @f: or NULL
 */
void trace_filter_free(struct trace_filter *f)
{
	if (!f)
		return;
	vsl_pcap_filter_free(f->packet);
	free(f->port);
	free(f);
}

/**
 * trace_filter_passes() - is an upcall to be told of?
 * @f: the filter
 * @e: the upcall, answered
 *
 * Return: true if so.
 */
bool trace_filter_passes(const struct trace_filter *f, const struct trace_event *e)
{
	return (!f->port || !strcmp(f->port, e->port)) &&
	       (!f->reason || f->reason->is(e)) &&
	       vsl_pcap_filter_match(f->packet, e->packet.data, e->packet.len, e->packet_len);
}
