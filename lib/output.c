// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Text or JSON from the same calls: see output.h.  A record is built as json-c
 * objects and written when it is complete, so that a dump of any length needs
 * the memory of one record.
 */
#include "output.h"

#include <errno.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdlib.h>

#include "util.h"

/* Records are shallow: record, array in it, object in that, and so on. */
#define MAX_DEPTH 8

struct vsl_out {
	FILE *file;
	enum vsl_out_mode mode;
	unsigned int records;
	int depth;
	json_object *stack[MAX_DEPTH];
	struct vsl_str scratch;
};

struct vsl_out *vsl_out_new(FILE *file, enum vsl_out_mode mode)
{
	struct vsl_out *out = calloc(1, sizeof(*out));

	if (!out)
		return NULL;
	out->file = file;
	out->mode = mode;
	if (mode == VSL_OUT_JSON)
		fputs("[", file);
	return out;
}

int vsl_out_free(struct vsl_out *out)
{
	int err = 0;

	if (!out)
		return 0;
	if (out->mode == VSL_OUT_JSON)
		fputs(out->records ? "\n]\n" : "]\n", out->file);
	if (fflush(out->file) || ferror(out->file))
		err = -EIO;
	if (out->depth)
		json_object_put(out->stack[0]);
	vsl_str_free(&out->scratch);
	free(out);
	return err;
}

struct vsl_str *vsl_out_scratch(struct vsl_out *out)
{
	vsl_str_clear(&out->scratch);
	return &out->scratch;
}

bool vsl_out_is_json(const struct vsl_out *out)
{
	return out->mode != VSL_OUT_TEXT;
}

/* Put @value (consumed) into what is open. */
static void add(struct vsl_out *out, const char *name, json_object *value)
{
	json_object *top;

	if (!out->depth) {
		json_object_put(value);
		return;
	}
	top = out->stack[out->depth - 1];
	if (json_object_is_type(top, json_type_array))
		json_object_array_add(top, value);
	else
		json_object_object_add(top, name, value);
}

static void open_nest(struct vsl_out *out, const char *name, json_object *nest)
{
	if (out->depth == MAX_DEPTH)
		abort();
	if (out->depth)
		add(out, name, nest);
	out->stack[out->depth++] = nest;
}

void vsl_out_object(struct vsl_out *out, const char *name)
{
	if (out->mode != VSL_OUT_TEXT)
		open_nest(out, name, json_object_new_object());
}

void vsl_out_array(struct vsl_out *out, const char *name)
{
	if (out->mode != VSL_OUT_TEXT)
		open_nest(out, name, json_object_new_array());
}

void vsl_out_end(struct vsl_out *out)
{
	const char *sep = "";

	if (out->mode == VSL_OUT_TEXT || --out->depth)
		return;
	if (out->mode == VSL_OUT_JSON)
		sep = out->records ? ",\n" : "\n";
	out->records++;
	fputs(sep, out->file);
	fputs(json_object_to_json_string_ext(out->stack[0],
					     JSON_C_TO_STRING_NOSLASHESCAPE),
	      out->file);
	if (out->mode == VSL_OUT_JSON_LINES) {
		fputc('\n', out->file);
		fflush(out->file);
	}
	json_object_put(out->stack[0]);
}

void vsl_out_text(struct vsl_out *out, const char *fmt, ...)
{
	va_list ap;

	if (out->mode != VSL_OUT_TEXT)
		return;
	va_start(ap, fmt);
	vfprintf(out->file, fmt, ap);
	va_end(ap);
}

void vsl_out_str(struct vsl_out *out, const char *name, const char *lead,
		 const char *value)
{
	if (out->mode != VSL_OUT_TEXT)
		add(out, name, json_object_new_string(value));
	else if (lead && fputs(lead, out->file) >= 0)
		fputs(value, out->file);
}

void vsl_out_u64(struct vsl_out *out, const char *name, const char *lead,
		 uint64_t value)
{
	if (out->mode != VSL_OUT_TEXT)
		add(out, name, json_object_new_uint64(value));
	else if (lead)
		fprintf(out->file, "%s%" PRIu64, lead, value);
}

void vsl_out_i64(struct vsl_out *out, const char *name, const char *lead,
		 int64_t value)
{
	if (out->mode != VSL_OUT_TEXT)
		add(out, name, json_object_new_int64(value));
	else if (lead)
		fprintf(out->file, "%s%" PRId64, lead, value);
}

void vsl_out_double(struct vsl_out *out, const char *name, const char *lead,
		    double value, int digits)
{
	char buf[64];

	snprintf(buf, sizeof(buf), "%.*f", digits, value);
	if (out->mode != VSL_OUT_TEXT)
		add(out, name, json_object_new_double_s(value, buf));
	else if (lead)
		fprintf(out->file, "%s%s", lead, buf);
}

void vsl_out_bool(struct vsl_out *out, const char *name, bool value)
{
	if (out->mode != VSL_OUT_TEXT)
		add(out, name, json_object_new_boolean(value));
}
