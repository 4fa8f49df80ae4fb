// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trace.c - upcalls as text, JSON lines and captured packets
 */
#include "trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "lib/output.h"
#include "lib/pcap.h"
#include "lib/text.h"

struct trace {
	const char *dp;
	struct vsl_pcap_filter *filter;
	FILE *text;
	FILE *json_file;
	/* an upcall as JSON is made once, in memory, for the file and who follows */
	FILE *memory;
	char *memory_text;
	size_t memory_len;
	struct vsl_out *json;
	bool off;
	trace_follower_fn *follower;
	void *follower_ctx;
	struct vsl_pcap *pcap;
	struct nl_msg *short_key;
	struct vsl_str key, line;	/* kept for their memory */
};

/* Metadata that is worth a reader's time only where it is not zero. */
static bool is_dull(const struct nlattr *a)
{
	const uint8_t *p = nla_data(a);
	int i;

	switch (nla_type(a)) {
	case OVS_KEY_ATTR_RECIRC_ID:
	case OVS_KEY_ATTR_DP_HASH:
	case OVS_KEY_ATTR_PRIORITY:
	case OVS_KEY_ATTR_SKB_MARK:
	case OVS_KEY_ATTR_CT_STATE:
	case OVS_KEY_ATTR_CT_ZONE:
	case OVS_KEY_ATTR_CT_MARK:
	case OVS_KEY_ATTR_CT_LABELS:
		break;
	default:
		return false;
	}
	for (i = 0; i < nla_len(a); i++) {
		if (p[i])
			return false;
	}
	return true;
}

static void put_key(struct trace *t, struct vsl_blob key)
{
	const struct nlattr *a;
	int rem;

	vsl_attrs_reset(t->short_key);
	nla_for_each_attr(a, (struct nlattr *)key.data, (int)key.len, rem) {
		if (!is_dull(a))
			nla_put(t->short_key, a->nla_type, nla_len(a), nla_data(a));
	}
	vsl_text_put_key(&t->key, vsl_blob_of_msg(t->short_key),
			 (struct vsl_blob){ NULL, 0 }, NULL);
}

static const char *kind_word(enum trace_kind kind)
{
	return kind == TRACE_MISS ? "miss" : "action";
}

static const char *decision_word(const struct trace_event *e)
{
	if (e->kind == TRACE_ACTION)
		return "none";
	switch (e->verdict) {
	case BRIDGE_FORWARD:
		return "forward";
	case BRIDGE_FLOOD:
		return "flood";
	case BRIDGE_RULE:
		return "rule";
	case BRIDGE_DROP:
		break;
	}
	return "drop";
}

static const char *flow_word(const struct flows_answer *flow)
{
	switch (flow->result) {
	case FLOWS_PUT:
		return "put";
	case FLOWS_EXISTS:
		return "exists";
	case FLOWS_FAILED:
		return vsl_nl_strerror(NULL, flow->err);
	case FLOWS_NONE:
		break;
	}
	return "none";
}

static void put_news(struct vsl_str *s, const struct trace_event *e)
{
	if (e->news != MAC_TABLE_LEARNED && e->news != MAC_TABLE_MOVED)
		return;
	vsl_str_puts(s, e->news == MAC_TABLE_LEARNED ? " (learned " : " (");
	vsl_str_putmac(s, e->src);
	if (e->news == MAC_TABLE_LEARNED)
		vsl_str_printf(s, " on %u", e->port_no);
	else
		vsl_str_printf(s, " moved from %u to %u", e->moved_from, e->port_no);
	if (e->vlan)
		vsl_str_printf(s, " in VLAN %u", e->vlan);
	vsl_str_putc(s, ')');
}

static void write_text(struct trace *t, const struct trace_event *e)
{
	struct vsl_str *s = &t->line;

	vsl_str_clear(s);
	vsl_str_puttime(s, e->wall_ns);
	vsl_str_printf(s, " %s %s %s -> %s", e->port, kind_word(e->kind),
		       vsl_str_text(&t->key), decision_word(e));
	if (e->kind == TRACE_MISS) {
		if (e->actions.len) {
			vsl_str_putc(s, ' ');
			vsl_text_put_actions(s, e->actions, NULL);
		}
		if (e->why)
			vsl_str_printf(s, ": %s", e->why);
		put_news(s, e);
		vsl_str_printf(s, ", flow %s", flow_word(&e->flow));
		if (e->execute_err)
			vsl_str_printf(s, ", packet not sent: %s",
				       vsl_nl_strerror(NULL, e->execute_err));
	}
	vsl_str_printf(s, ", %llu us\n", (unsigned long long)e->taken_ns / 1000);
	/* a failure shows when it is flushed */
	fputs(vsl_str_text(s), t->text);
}

static void put_outputs(struct vsl_out *out, struct vsl_blob actions)
{
	const struct nlattr *a;
	int rem;

	vsl_out_array(out, "out");
	nla_for_each_attr(a, (struct nlattr *)actions.data, (int)actions.len, rem) {
		if (nla_type(a) == OVS_ACTION_ATTR_OUTPUT)
			vsl_out_u64(out, NULL, NULL, nla_get_u32(a));
	}
	vsl_out_end(out);
}

static void write_json(struct trace *t, const struct trace_event *e)
{
	struct vsl_out *out = t->json;
	struct vsl_str *s = &t->line;

	vsl_out_object(out, NULL);
	/* cut to microseconds, not rounded: as the other outputs have it */
	vsl_out_double(out, "time", NULL, e->wall_ns / 1000 / 1e6, 6);
	vsl_out_str(out, "dp", NULL, t->dp);
	vsl_out_str(out, "port", NULL, e->port);
	vsl_out_u64(out, "port_no", NULL, e->port_no);
	vsl_out_str(out, "kind", NULL, kind_word(e->kind));
	vsl_out_str(out, "key", NULL, vsl_str_text(&t->key));
	vsl_out_str(out, "decision", NULL, decision_word(e));
	if (e->why)
		vsl_out_str(out, "why", NULL, e->why);
	if (e->vlan)
		vsl_out_u64(out, "vlan", NULL, e->vlan);
	put_outputs(out, e->actions);
	if (e->news == MAC_TABLE_LEARNED || e->news == MAC_TABLE_MOVED) {
		vsl_str_clear(s);
		vsl_str_putmac(s, e->src);
		vsl_out_str(out, "learned", NULL, vsl_str_text(s));
		if (e->news == MAC_TABLE_MOVED)
			vsl_out_u64(out, "moved_from", NULL, e->moved_from);
	}
	vsl_out_str(out, "flow", NULL, flow_word(&e->flow));
	if (e->execute_err)
		vsl_out_str(out, "execute", NULL, vsl_nl_strerror(NULL, e->execute_err));
	vsl_out_double(out, "us", NULL, e->taken_ns / 1e3, 1);
	vsl_out_end(out);

	if (t->follower)
		t->follower(t->follower_ctx, t->memory_text, t->memory_len - 1);
	if (t->json_file && !t->off) {
		fwrite(t->memory_text, 1, t->memory_len, t->json_file);
		if (fflush(t->json_file) || ferror(t->json_file)) {
			vsl_warn("the JSON trace cannot be written any more: %s",
				 strerror(errno));
			fclose(t->json_file);
			t->json_file = NULL;
		}
	}
	rewind(t->memory);
}

/**
 * trace_create() - open the trace's outputs
 * @options: what is wanted
 * @error: filled on failure: a sentence that names the file or the expression
 * @error_size: room for it
 *
 * The filter is checked before any file is opened.
 *
 * Return: the trace, to be given to trace_destroy(); NULL on failure.
 */
struct trace *trace_create(const struct trace_options *options, char *error,
			   size_t error_size)
{
	struct trace *t = calloc(1, sizeof(*t));

	if (!t) {
		snprintf(error, error_size, "no memory for the trace");
		return NULL;
	}
	t->dp = options->dp;
	t->text = options->text;
	t->short_key = vsl_attrs_new();
	t->memory = open_memstream(&t->memory_text, &t->memory_len);
	if (t->memory)
		t->json = vsl_out_new(t->memory, VSL_OUT_JSON_LINES);
	if (!t->short_key || !t->json) {
		snprintf(error, error_size, "no memory for the trace");
		goto err;
	}
	if (options->filter) {
		t->filter = vsl_pcap_filter_new(options->filter, error, error_size);
		if (!t->filter)
			goto err;
	}
	if (options->json) {
		t->json_file = fopen(options->json, "we");
		if (!t->json_file) {
			snprintf(error, error_size, "cannot write the trace to '%s': %s",
				 options->json, strerror(errno));
			goto err;
		}
	}
	if (options->pcap) {
		t->pcap = vsl_pcap_open(options->pcap, error, error_size);
		if (!t->pcap)
			goto err;
		/* the header, so that a reader need not wait for a packet */
		vsl_pcap_flush(t->pcap);
	}
	return t;

err:
	trace_destroy(t);
	return NULL;
}

/**
 * trace_destroy() - close the files
 * @t: the trace, or NULL
 */
void trace_destroy(struct trace *t)
{
	if (!t)
		return;
	vsl_pcap_close(t->pcap);
	vsl_out_free(t->json);
	if (t->memory)
		fclose(t->memory);
	free(t->memory_text);
	if (t->json_file)
		fclose(t->json_file);
	vsl_pcap_filter_free(t->filter);
	nlmsg_free(t->short_key);
	vsl_str_free(&t->key);
	vsl_str_free(&t->line);
	free(t);
}

/**
 * trace_write() - write one upcall to all outputs, if it passes the filter
 * @t: the trace
 * @e: the upcall
 */
void trace_write(struct trace *t, const struct trace_event *e)
{
	bool text = t->text && !t->off;
	bool json = t->follower || (t->json_file && !t->off);
	bool pcap = t->pcap && !t->off;

	if (!text && !json && !pcap)
		return;
	if (!vsl_pcap_filter_match(t->filter, e->packet.data, e->packet.len, e->packet_len))
		return;

	if (text || json) {
		vsl_str_clear(&t->key);
		put_key(t, e->key);
	}
	if (text)
		write_text(t, e);
	if (json)
		write_json(t, e);
	if (pcap)
		vsl_pcap_write(t->pcap, e->wall_ns, e->packet.data, e->packet.len,
			       e->packet_len);
}

/**
 * trace_switch() - have the outputs written to, or not; they stay open
 * @t: the trace
 * @on: whether
 *
 * Who follows is told in any case.
 *
 * Return: whether there is an output at all.
 */
bool trace_switch(struct trace *t, bool on)
{
	t->off = !on;
	return t->text || t->json_file || t->pcap;
}

/**
 * trace_is_on() - is anything written to an output?
 * @t: the trace
 *
 * Return: whether it is.
 */
bool trace_is_on(const struct trace *t)
{
	return !t->off && (t->text || t->json_file || t->pcap);
}

/**
 * trace_follow() - hand each upcall that passes the filter to somebody
 * @t: the trace
 * @fn: instead of who was told before; NULL for nobody
 * @ctx: for @fn
 */
void trace_follow(struct trace *t, trace_follower_fn *fn, void *ctx)
{
	t->follower = fn;
	t->follower_ctx = ctx;
}

/**
 * trace_flush() - let the readers of the outputs see what was written
 * @t: the trace
 */
void trace_flush(struct trace *t)
{
	if (t->text && (fflush(t->text) || ferror(t->text))) {
		vsl_warn("the trace cannot be written to standard output any more: %s",
			 strerror(errno));
		t->text = NULL;
	}
	if (t->pcap && vsl_pcap_flush(t->pcap)) {
		vsl_warn("the capture cannot be written any more: %s", strerror(errno));
		vsl_pcap_close(t->pcap);
		t->pcap = NULL;
	}
}
