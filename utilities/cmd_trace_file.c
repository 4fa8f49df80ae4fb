// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vslctl trace show, vslctl trace summary: a trace that was stored as JSON lines.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>
#include <uthash.h>

#include "ctl.h"
#include "lib/trace_line.h"

/* Of talkers and causes, the summary names so many. */
#define TOP 10

/* Called for each record; @json is the line that it was read from. */
typedef void record_fn(void *ctx, const struct vsl_trace_line *line, const char *json);

static FILE *open_file(struct vslctl *ctl, const char *path)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "re") : stdin;

	if (!f)
		vslctl_fail(ctl, "%s: %s", path, strerror(errno));
	return f;
}

/* What is no record is told of and left out: a file may end in the middle of one. */
static int read_file(struct vslctl *ctl, const char *path, record_fn *fn, void *ctx)
{
	FILE *f = open_file(ctl, path);
	unsigned long number = 0, wrong = 0, right = 0;
	struct vsl_trace_line line;
	json_object *json;
	char *text = NULL;
	size_t size = 0;

	if (!f)
		return VSLCTL_REFUSED;
	while (getline(&text, &size, f) > 0) {
		number++;
		json = json_tokener_parse(text);
		if (json && vsl_trace_line_from_json(&line, json)) {
			fn(ctx, &line, text);
			right++;
		} else if (!wrong++) {
			vslctl_fail(ctl, "%s: line %lu is not a record of a trace (--trace-json) and is left out",
				    path, number);
		}
		json_object_put(json);
	}
	if (ferror(f))
		vslctl_fail(ctl, "%s: %s", path, strerror(errno));
	else if (wrong > 1)
		vslctl_fail(ctl, "%s: %lu lines were left out", path, wrong);
	wrong += ferror(f) != 0;
	free(text);
	if (f != stdin)
		fclose(f);
	return wrong && !right ? VSLCTL_REFUSED : VSLCTL_OK;
}

struct show {
	bool json;
	struct vsl_str text;
};

static void show_record(void *ctx, const struct vsl_trace_line *line, const char *json)
{
	struct show *show = ctx;

	if (show->json) {
		fputs(json, stdout);
		return;
	}
	vsl_str_clear(&show->text);
	vsl_trace_line_put_text(&show->text, line);
	fputs(vsl_str_text(&show->text), stdout);
}

int vslctl_trace_show(struct vslctl *ctl, const char *path)
{
	struct show show = { .json = ctl->json };
	int status = read_file(ctl, path, show_record, &show);

	vsl_str_free(&show.text);
	if (fflush(stdout) || ferror(stdout))
		return vslctl_fail(ctl, "the output could not be written");
	return status;
}

/* How often something was seen, by a text that names it. */
struct count {
	uint64_t n;
	UT_hash_handle hh;
	char name[];
};

struct times {
	uint64_t *ns;
	size_t n, max;
};

struct summary {
	uint64_t upcalls, skipped, first_ns, last_ns;
	struct count *causes, *ports, *talkers;
	struct times waited, decided, taken;
	struct vsl_str name;
	bool failed;			/* for want of memory */
};

static void count(struct summary *s, struct count **counts, const char *name)
{
	struct count *c;

	HASH_FIND_STR(*counts, name, c);
	if (!c) {
		c = calloc(1, sizeof(*c) + strlen(name) + 1);
		if (!c) {
			s->failed = true;
			return;
		}
		strcpy(c->name, name);
		HASH_ADD_STR(*counts, name, c);
	}
	c->n++;
}

static void note_time(struct summary *s, struct times *t, uint64_t ns)
{
	uint64_t *grown;
	size_t max;

	if (t->n == t->max) {
		max = t->max ? 2 * t->max : 1024;
		grown = realloc(t->ns, max * sizeof(*grown));
		if (!grown) {
			s->failed = true;
			return;
		}
		t->ns = grown;
		t->max = max;
	}
	t->ns[t->n++] = ns;
}

static const char *cause(struct summary *s, const struct vsl_trace_line *line)
{
	struct vsl_str *name = &s->name;

	vsl_str_clear(name);
	if (strcmp(line->kind, "miss")) {
		vsl_str_puts(name, line->kind);
		return vsl_str_text(name);
	}
	vsl_str_puts(name, line->decision);
	if (line->why)
		vsl_str_printf(name, ": %s", line->why);
	if (line->learned)
		vsl_str_puts(name, line->moved ? ", source moved" : ", source new");
	if (!strcmp(line->flow, "exists"))
		vsl_str_puts(name, ", flow was on its way");
	else if (strcmp(line->flow, "put") && strcmp(line->flow, "none"))
		vsl_str_printf(name, ", flow refused: %s", line->flow);
	return vsl_str_text(name);
}

static const char *talker(struct summary *s, const struct vsl_trace_line *line)
{
	const char *src = strstr(line->key, "eth(src=");

	if (!src)
		return NULL;
	src += strlen("eth(src=");
	vsl_str_clear(&s->name);
	vsl_str_printf(&s->name, "%s %.*s", line->port, (int)strcspn(src, ",)/"), src);
	return vsl_str_text(&s->name);
}

static void sum_record(void *ctx, const struct vsl_trace_line *line, const char *json)
{
	struct summary *s = ctx;
	const char *name;

	(void)json;
	/* not in this order where the clock was set back */
	if (!s->first_ns || line->wall_ns < s->first_ns)
		s->first_ns = line->wall_ns;
	if (line->wall_ns > s->last_ns)
		s->last_ns = line->wall_ns;
	if (line->skipped) {
		s->skipped += line->skipped;
		return;
	}
	s->upcalls++;
	count(s, &s->causes, cause(s, line));
	count(s, &s->ports, line->port);
	name = talker(s, line);
	if (name)
		count(s, &s->talkers, name);
	if (line->number)
		note_time(s, &s->waited, line->waited_ns);
	note_time(s, &s->decided, line->decided_ns);
	note_time(s, &s->taken, line->taken_ns);
}

static int most_first(const struct count *a, const struct count *b)
{
	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	return strcmp(a->name, b->name);
}

static void put_counts(struct vsl_out *out, struct count **counts, const char *what,
		       const char *heading)
{
	struct count *c, *next;
	unsigned int n = 0;

	HASH_SORT(*counts, most_first);
	vsl_out_text(out, "%s\n", heading);
	vsl_out_array(out, what);
	HASH_ITER(hh, *counts, c, next) {
		if (n++ < TOP) {
			vsl_out_object(out, NULL);
			vsl_out_text(out, "%10llu  %s\n", (unsigned long long)c->n, c->name);
			vsl_out_str(out, "name", NULL, c->name);
			vsl_out_u64(out, "upcalls", NULL, c->n);
			vsl_out_end(out);
		}
		HASH_DEL(*counts, c);
		free(c);
	}
	vsl_out_end(out);
	if (n > TOP)
		vsl_out_text(out, "            and %u more\n", n - TOP);
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* The least that so many of 100 do not exceed. */
static double percentile_us(const struct times *t, unsigned int percent)
{
	size_t rank = (t->n * percent + 99) / 100;

	return t->ns[rank ? rank - 1 : 0] / 1e3;
}

static void put_times(struct vsl_out *out, struct times *t, const char *what,
		      const char *heading)
{
	static const unsigned int percents[] = { 50, 90, 99, 100 };
	static const char *const names[] = { "p50", "p90", "p99", "max" };
	size_t i;

	if (!t->n)
		return;
	qsort(t->ns, t->n, sizeof(*t->ns), by_size);
	vsl_out_object(out, what);
	vsl_out_text(out, "  %-26s", heading);
	for (i = 0; i < VSL_ARRAY_SIZE(percents); i++) {
		double us = percentile_us(t, percents[i]);

		vsl_out_text(out, "%10.1f", us);
		vsl_out_double(out, names[i], NULL, us, 1);
	}
	vsl_out_text(out, "\n");
	vsl_out_end(out);
	free(t->ns);
}

static void put_summary(struct vsl_out *out, struct summary *s)
{
	vsl_out_object(out, NULL);
	vsl_out_u64(out, "upcalls", "upcalls ", s->upcalls);
	vsl_out_double(out, "seconds", " in ", (s->last_ns - s->first_ns) / 1e9, 3);
	vsl_out_u64(out, "skipped", " s; not in the trace: ", s->skipped);
	vsl_out_text(out, "\n");
	put_counts(out, &s->causes, "causes", "causes");
	put_counts(out, &s->ports, "ports", "ports");
	put_counts(out, &s->talkers, "talkers", "talkers, by port and source");
	vsl_out_text(out, "  %-26s%10s%10s%10s%10s\n", "microseconds", "50%", "90%", "99%", "most");
	vsl_out_object(out, "microseconds");
	put_times(out, &s->waited, "waited", "from miss to receipt");
	put_times(out, &s->decided, "decided", "from receipt to decision");
	put_times(out, &s->taken, "taken", "from receipt to sent on");
	vsl_out_end(out);
	vsl_out_end(out);
}

int vslctl_trace_summary(struct vslctl *ctl, const char *path)
{
	struct summary s = { 0 };
	struct vsl_out *out;
	int status = read_file(ctl, path, sum_record, &s);

	if (s.failed)
		status = vslctl_fail(ctl, "%s: %s", path, strerror(ENOMEM));
	out = vslctl_out(ctl, VSL_OUT_JSON_LINES);
	if (!out)
		return VSLCTL_REFUSED;
	put_summary(out, &s);
	vsl_str_free(&s.name);
	return vslctl_out_end(ctl, out, status);
}
