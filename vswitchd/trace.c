// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trace.c - which upcalls are told of, and to whom
 *
 *  1. trace_write() asks the budget of time and the filters
 *  2. describe() makes a struct vsl_trace_line of the event, which lib/ writes as
 *     text and as JSON
 *  3. each output gets its record, or counts it where its sink is full
 *  4. trace_flush(), at the end of a turn, lets them go and reckons up the time
 */
#include "trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "lib/pcap.h"
#include "lib/text.h"
#include "lib/trace_line.h"
#include "sink.h"
#include "trace_filter.h"

/* Of the time, at most one part in so many goes into tracing, */
#define TIME_SHARE 8
/* but so much may be spent at once, nanoseconds. */
#define TIME_SAVED 1000000000LL

/**
 * struct output - one of the three
 * @sink: NULL where there is none, or none any more
 * @what: for messages
 * @skipped: upcalls that are missing since the last record
 */
struct output {
	struct sink *sink;
	const char *what;
	uint64_t skipped;
};

struct trace {
	const char *dp;
	struct trace_filter *filter;
	bool off;
	struct output text, json, packets;
	trace_follower_fn *follower;
	void *follower_ctx;
	/* the capture is made in memory, and moved to its sink turn by turn */
	struct vsl_pcap *pcap;
	FILE *memory;
	char *memory_data;
	size_t memory_len;
	int64_t time_left;		/* nanoseconds that may be spent */
	uint64_t last_ns;		/* @time_left was reckoned */
	uint64_t turn_ns;		/* the first record of this turn; 0: none yet */
	uint64_t skipped;
	struct nl_msg *short_key;
	struct vsl_str key, actions, learned, record;	/* kept for their memory */
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

static const char *key_text(struct trace *t, struct vsl_blob key)
{
	const struct nlattr *a;
	int rem;

	vsl_attrs_reset(t->short_key);
	nla_for_each_attr(a, (struct nlattr *)key.data, (int)key.len, rem) {
		if (!is_dull(a))
			nla_put(t->short_key, a->nla_type, nla_len(a), nla_data(a));
	}
	vsl_str_clear(&t->key);
	vsl_text_put_key(&t->key, vsl_blob_of_msg(t->short_key),
			 (struct vsl_blob){ NULL, 0 }, NULL);
	return vsl_str_text(&t->key);
}

static const char *kind_word(const struct trace_event *e)
{
	return e->kind == TRACE_MISS ? "miss" : "action";
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
		return strerror(-flow->err);
	case FLOWS_NONE:
		break;
	}
	return "none";
}

static void describe_outputs(struct vsl_trace_line *line, struct vsl_blob actions)
{
	const struct nlattr *a;
	int rem;

	nla_for_each_attr(a, (struct nlattr *)actions.data, (int)actions.len, rem) {
		if (nla_type(a) == OVS_ACTION_ATTR_OUTPUT && line->n_outputs < VSL_TRACE_OUTPUTS)
			line->outputs[line->n_outputs++] = nla_get_u32(a);
	}
}

static void describe(struct trace *t, const struct trace_event *e, struct vsl_trace_line *line)
{
	*line = (struct vsl_trace_line){
		.wall_ns = e->wall_ns,
		.dp = t->dp,
		.port = e->port,
		.port_no = e->port_no,
		.kind = kind_word(e),
		.key = key_text(t, e->key),
		.decision = decision_word(e),
		.why = e->why,
		.vlan = e->vlan,
		.flow = flow_word(&e->flow),
		.execute = e->execute_err ? strerror(-e->execute_err) : NULL,
		.taken_ns = e->taken_ns,
		.decided_ns = e->decided_ns,
		.number = e->number,
		.waited_ns = e->waited_ns,
	};
	if (e->actions.len) {
		vsl_str_clear(&t->actions);
		vsl_text_put_actions(&t->actions, e->actions, NULL);
		line->actions = vsl_str_text(&t->actions);
		describe_outputs(line, e->actions);
	}
	if (e->news == MAC_TABLE_LEARNED || e->news == MAC_TABLE_MOVED) {
		vsl_str_clear(&t->learned);
		vsl_str_putmac(&t->learned, e->src);
		line->learned = vsl_str_text(&t->learned);
		line->moved = e->news == MAC_TABLE_MOVED;
		line->moved_from = e->moved_from;
	}
}

static void give_up(struct output *o, int err)
{
	vsl_warn("the %s cannot be written to %s any more: %s", o->what, sink_name(o->sink),
		 strerror(-err));
	sink_close(o->sink);
	o->sink = NULL;
}

/* Appends @line to one of the two outputs of text; false where it had no memory. */
static bool put_line(struct trace *t, struct output *o, const struct vsl_trace_line *line)
{
	vsl_str_clear(&t->record);
	if (o == &t->text)
		vsl_trace_line_put_text(&t->record, line);
	else
		vsl_trace_line_put_json(&t->record, line);
	/* half a record would spoil its neighbours */
	if (t->record.failed)
		return false;
	sink_write(o->sink, t->record.s, t->record.len);
	return true;
}

static void put_gap(struct trace *t, struct output *o, uint64_t wall_ns)
{
	struct vsl_trace_line gap = { .wall_ns = wall_ns, .dp = t->dp, .skipped = o->skipped };

	if (!o->sink || !o->skipped || !sink_has_room(o->sink))
		return;
	if (put_line(t, o, &gap))
		o->skipped = 0;
}

static void skip(struct trace *t, struct output *o)
{
	o->skipped++;
	t->skipped++;
}

static void write_line(struct trace *t, struct output *o, const struct vsl_trace_line *line)
{
	if (!o->sink || t->off)
		return;
	if (!sink_has_room(o->sink)) {
		skip(t, o);
		return;
	}
	put_gap(t, o, line->wall_ns);
	if (!put_line(t, o, line))
		skip(t, o);
}

static void tell_follower(struct trace *t, const struct vsl_trace_line *line)
{
	if (!t->follower)
		return;
	vsl_str_clear(&t->record);
	vsl_trace_line_put_json(&t->record, line);
	if (t->record.failed)
		return;
	/* without its newline */
	t->record.s[--t->record.len] = '\0';
	t->follower(t->follower_ctx, t->record.s, t->record.len);
}

static void write_packet(struct trace *t, const struct trace_event *e)
{
	if (!t->pcap || t->off)
		return;
	if (sink_has_room(t->packets.sink))
		vsl_pcap_write(t->pcap, e->wall_ns, e->packet.data, e->packet.len,
			       e->packet_len);
	else
		t->packets.skipped++;
}

static void end_capture(struct trace *t)
{
	/* closes @memory as well */
	vsl_pcap_close(t->pcap);
	t->pcap = NULL;
	free(t->memory_data);
	t->memory_data = NULL;
}

static void move_capture(struct trace *t)
{
	if (vsl_pcap_flush(t->pcap) || !t->memory_len)
		return;
	sink_write(t->packets.sink, t->memory_data, t->memory_len);
	rewind(t->memory);
}

/* The file's header goes out at once, so that a reader need not wait for a packet. */
static bool start_capture(struct trace *t)
{
	t->memory = open_memstream(&t->memory_data, &t->memory_len);
	if (t->memory)
		t->pcap = vsl_pcap_new(t->memory);
	if (!t->pcap) {
		end_capture(t);
		return false;
	}
	move_capture(t);
	return true;
}

static void flush(struct trace *t, struct output *o)
{
	int err;

	if (!o->sink)
		return;
	err = sink_flush(o->sink);
	if (!err && sink_is_due(o->sink)) {
		err = sink_rotate(o->sink);
		if (!err && o == &t->packets) {
			end_capture(t);
			err = start_capture(t) ? sink_flush(o->sink) : -ENOMEM;
		}
	}
	if (!err)
		return;
	give_up(o, err);
	if (o == &t->packets)
		end_capture(t);
}

static bool open_outputs(struct trace *t, const struct trace_options *o, char *error,
			 size_t error_size)
{
	t->text.what = "trace";
	t->json.what = "JSON trace";
	t->packets.what = "capture";
	if (o->text) {
		fflush(o->text);
		t->text.sink = sink_from_fd(fileno(o->text), "standard output");
		/* closed by whoever started us: then nobody reads it */
		if (!t->text.sink && errno != EBADF) {
			snprintf(error, error_size, "cannot write to standard output: %s",
				 strerror(errno));
			return false;
		}
	}
	if (o->json) {
		t->json.sink = sink_open(o->json, o->rotate_at, error, error_size);
		if (!t->json.sink)
			return false;
	}
	if (o->pcap) {
		t->packets.sink = sink_open(o->pcap, o->rotate_at, error, error_size);
		if (!t->packets.sink)
			return false;
		if (!start_capture(t)) {
			snprintf(error, error_size, "no memory for the trace");
			return false;
		}
		flush(t, &t->packets);
	}
	return true;
}

/**
 * trace_create() - open the trace's outputs
 * @options: what is wanted
 * @error: filled on failure: a sentence that names the file or the expression
 * @error_size: room for it
 *
 * Filters are checked before any file is opened.
 *
 * Return: the trace, to be given to trace_destroy(); NULL on failure.
 */
struct trace *trace_create(const struct trace_options *options, char *error,
			   size_t error_size)
{
	struct trace *t = calloc(1, sizeof(*t));

	if (t)
		t->short_key = vsl_attrs_new();
	if (!t || !t->short_key)
		goto no_memory;
	t->dp = options->dp;
	t->time_left = TIME_SAVED;
	t->last_ns = vsl_now_ns();
	t->filter = trace_filter_new(options->filter, options->port, options->reason, error,
				     error_size);
	if (!t->filter || !open_outputs(t, options, error, error_size))
		goto err;
	return t;

no_memory:
	snprintf(error, error_size, "no memory for the trace");
err:
	trace_destroy(t);
	return NULL;
}

/**
 * trace_destroy() - write what can be written at once, close the files
 * @t: the trace, or NULL
 */
void trace_destroy(struct trace *t)
{
	if (!t)
		return;
	if (t->pcap)
		move_capture(t);
	end_capture(t);
	sink_close(t->text.sink);
	sink_close(t->json.sink);
	sink_close(t->packets.sink);
	trace_filter_free(t->filter);
	nlmsg_free(t->short_key);
	vsl_str_free(&t->key);
	vsl_str_free(&t->actions);
	vsl_str_free(&t->learned);
	vsl_str_free(&t->record);
	free(t);
}

static bool has_output(const struct trace *t)
{
	return t->text.sink || t->json.sink || t->packets.sink;
}

/* Whether there is time for one more. */
static bool has_time(struct trace *t)
{
	if (!t->turn_ns) {
		t->turn_ns = vsl_now_ns();
		t->time_left += (t->turn_ns - t->last_ns) / TIME_SHARE;
		t->last_ns = t->turn_ns;
		if (t->time_left > TIME_SAVED)
			t->time_left = TIME_SAVED;
	}
	return t->time_left > 0;
}

/**
 * trace_is_wanted() - does anybody hear of upcalls?
 * @t: the trace
 *
 * Return: false if trace_write() has nobody to tell.
 */
bool trace_is_wanted(const struct trace *t)
{
	return t->follower || trace_is_on(t);
}

/**
 * trace_write() - tell of one upcall, if it passes the filters and there is time
 * @t: the trace
 * @e: the upcall
 */
void trace_write(struct trace *t, const struct trace_event *e)
{
	struct vsl_trace_line line;

	if (!trace_is_wanted(t))
		return;
	if (!has_time(t)) {
		t->text.skipped++;
		t->json.skipped++;
		t->packets.skipped++;
		t->skipped++;
		return;
	}
	if (!trace_filter_passes(t->filter, e))
		return;
	write_packet(t, e);
	if (!t->follower && !t->text.sink && !t->json.sink)
		return;
	describe(t, e, &line);
	write_line(t, &t->text, &line);
	write_line(t, &t->json, &line);
	tell_follower(t, &line);
}

/**
 * trace_flush() - let the readers of the outputs see what was written
 * @t: the trace
 *
 * To be called at the end of a turn, and now and then when there are none: what a
 * slow reader left goes out then.
 */
void trace_flush(struct trace *t)
{
	uint64_t now;

	if (!t->turn_ns) {
		uint64_t wall_ns = vsl_wall_ns();

		put_gap(t, &t->text, wall_ns);
		put_gap(t, &t->json, wall_ns);
	}
	if (t->pcap)
		move_capture(t);
	flush(t, &t->text);
	flush(t, &t->json);
	flush(t, &t->packets);
	if (!t->turn_ns)
		return;
	now = vsl_now_ns();
	t->time_left -= now - t->turn_ns;
	t->last_ns = now;
	t->turn_ns = 0;
}

/**
 * trace_skipped() - how many upcalls were left out
 * @t: the trace
 *
 * Return: of those that may have passed the filters, the ones that there was no
 * time for, or whose reader was too slow, since the start.
 */
uint64_t trace_skipped(const struct trace *t)
{
	return t->skipped;
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
	return has_output(t);
}

/**
 * trace_is_on() - is anything written to an output?
 * @t: the trace
 *
 * Return: whether it is.
 */
bool trace_is_on(const struct trace *t)
{
	return !t->off && has_output(t);
}

/**
 * trace_set_filter() - have other upcalls traced from now on
 * @t: the trace
 * @filter: the trace's from now on
 */
void trace_set_filter(struct trace *t, struct trace_filter *filter)
{
	trace_filter_free(t->filter);
	t->filter = filter;
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
