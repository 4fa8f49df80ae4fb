// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines of an upcall trace: see trace_line.h.
 */
#include "trace_line.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

void vsl_trace_line_put_text(struct vsl_str *str, const struct vsl_trace_line *line)
{
	vsl_str_puttime(str, line->wall_ns);
	if (line->skipped) {
		vsl_str_printf(str, " ... %llu upcalls are not in this trace\n",
			       (unsigned long long)line->skipped);
		return;
	}
	vsl_str_printf(str, " %s %s %s -> %s", line->port, line->kind, line->key,
		       line->decision);
	if (!strcmp(line->kind, "miss")) {
		if (line->actions)
			vsl_str_printf(str, " %s", line->actions);
		if (line->why)
			vsl_str_printf(str, ": %s", line->why);
		if (line->learned) {
			vsl_str_printf(str, line->moved ? " (%s moved" : " (learned %s",
				       line->learned);
			if (line->moved)
				vsl_str_printf(str, " from %u to %u", line->moved_from,
					       line->port_no);
			else
				vsl_str_printf(str, " on %u", line->port_no);
			if (line->vlan)
				vsl_str_printf(str, " in VLAN %u", line->vlan);
			vsl_str_putc(str, ')');
		}
		vsl_str_printf(str, ", flow %s", line->flow);
		if (line->execute)
			vsl_str_printf(str, ", packet not sent: %s", line->execute);
	}
	vsl_str_printf(str, ", %llu us", (unsigned long long)line->taken_ns / 1000);
	if (line->number)
		vsl_str_printf(str, " after %llu us in the queue",
			       (unsigned long long)line->waited_ns / 1000);
	vsl_str_putc(str, '\n');
}

static void add_str(json_object *o, const char *name, const char *value)
{
	if (value)
		json_object_object_add(o, name, json_object_new_string(value));
}

static void add_u64(json_object *o, const char *name, uint64_t value)
{
	json_object_object_add(o, name, json_object_new_uint64(value));
}

/* As it is to be read: a double would get seventeen digits. */
static void add_decimal(json_object *o, const char *name, double value, int digits)
{
	char text[64];

	snprintf(text, sizeof(text), "%.*f", digits, value);
	json_object_object_add(o, name, json_object_new_double_s(value, text));
}

static void add_outputs(json_object *o, const struct vsl_trace_line *line)
{
	json_object *out = json_object_new_array();
	unsigned int i;

	for (i = 0; i < line->n_outputs; i++)
		json_object_array_add(out, json_object_new_uint64(line->outputs[i]));
	json_object_object_add(o, "out", out);
}

static void add_upcall(json_object *o, const struct vsl_trace_line *line)
{
	add_str(o, "port", line->port);
	add_u64(o, "port_no", line->port_no);
	add_str(o, "kind", line->kind);
	add_str(o, "key", line->key);
	add_str(o, "decision", line->decision);
	add_str(o, "why", line->why);
	if (line->vlan)
		add_u64(o, "vlan", line->vlan);
	add_str(o, "actions", line->actions);
	add_outputs(o, line);
	add_str(o, "learned", line->learned);
	if (line->moved)
		add_u64(o, "moved_from", line->moved_from);
	add_str(o, "flow", line->flow);
	add_str(o, "execute", line->execute);
	/* times are cut as well, or their microseconds were others than in the text */
	if (line->number) {
		add_u64(o, "number", line->number);
		add_decimal(o, "waited_us", line->waited_ns / 100 / 10.0, 1);
	}
	add_decimal(o, "decided_us", line->decided_ns / 100 / 10.0, 1);
	add_decimal(o, "us", line->taken_ns / 100 / 10.0, 1);
}

void vsl_trace_line_put_json(struct vsl_str *str, const struct vsl_trace_line *line)
{
	json_object *o = json_object_new_object();
	const char *text;

	if (!o) {
		str->failed = true;
		return;
	}
	/* cut to microseconds, not rounded: as the other outputs have it */
	add_decimal(o, "time", line->wall_ns / 1000 / 1e6, 6);
	add_str(o, "dp", line->dp);
	if (line->skipped)
		add_u64(o, "skipped", line->skipped);
	else
		add_upcall(o, line);
	text = json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
						 JSON_C_TO_STRING_NOSLASHESCAPE);
	vsl_str_pututf8(str, text, strlen(text));
	vsl_str_putc(str, '\n');
	json_object_put(o);
}

static const char *get_str(json_object *json, const char *name)
{
	json_object *o;

	return json_object_object_get_ex(json, name, &o) &&
	       json_object_is_type(o, json_type_string) ? json_object_get_string(o) : NULL;
}

static bool get_number(json_object *json, const char *name, double *value)
{
	json_object *o;

	if (!json_object_object_get_ex(json, name, &o) ||
	    !(json_object_is_type(o, json_type_int) || json_object_is_type(o, json_type_double)))
		return false;
	*value = json_object_get_double(o);
	return *value >= 0 && *value < 1e18;
}

static uint64_t get_u64(json_object *json, const char *name, double scale)
{
	double value;

	return get_number(json, name, &value) ? (uint64_t)(value * scale + 0.5) : 0;
}

static void get_outputs(struct vsl_trace_line *line, json_object *json)
{
	json_object *out;
	size_t i, n;

	if (!json_object_object_get_ex(json, "out", &out) ||
	    !json_object_is_type(out, json_type_array))
		return;
	n = json_object_array_length(out);
	for (i = 0; i < n && i < VSL_TRACE_OUTPUTS; i++)
		line->outputs[line->n_outputs++] =
			json_object_get_int64(json_object_array_get_idx(out, i));
}

bool vsl_trace_line_from_json(struct vsl_trace_line *line, struct json_object *json)
{
	double time;

	*line = (struct vsl_trace_line){ 0 };
	if (!json_object_is_type(json, json_type_object) || !get_number(json, "time", &time) ||
	    time > 1e10)
		return false;
	line->wall_ns = (uint64_t)(time * 1e6 + 0.5) * 1000;
	line->dp = get_str(json, "dp");
	line->skipped = get_u64(json, "skipped", 1);
	if (line->skipped)
		return true;
	line->port = get_str(json, "port");
	line->port_no = get_u64(json, "port_no", 1);
	line->kind = get_str(json, "kind");
	line->key = get_str(json, "key");
	line->decision = get_str(json, "decision");
	line->actions = get_str(json, "actions");
	line->why = get_str(json, "why");
	line->vlan = get_u64(json, "vlan", 1);
	get_outputs(line, json);
	line->learned = get_str(json, "learned");
	line->moved = json_object_object_get_ex(json, "moved_from", NULL);
	line->moved_from = get_u64(json, "moved_from", 1);
	line->flow = get_str(json, "flow");
	line->execute = get_str(json, "execute");
	line->number = get_u64(json, "number", 1);
	line->waited_ns = get_u64(json, "waited_us", 1e3);
	line->decided_ns = get_u64(json, "decided_us", 1e3);
	line->taken_ns = get_u64(json, "us", 1e3);
	return line->port && line->kind && line->key && line->decision && line->flow;
}
