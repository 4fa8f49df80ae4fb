/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output for people or for programs from the same calls: each value is given
 * once, with the text that leads to it and with its JSON name.  JSON is built
 * by json-c; nobody writes a quote.
 *
 *	vsl_out_object(out, NULL);
 *	vsl_out_str(out, "name", "", dp->name);
 *	vsl_out_u64(out, "hit", "  lookups: hit:", hit);
 *	vsl_out_text(out, "\n");
 *	vsl_out_end(out);
 */
#ifndef VSL_LIB_OUTPUT_H
#define VSL_LIB_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct vsl_out;
struct vsl_str;

enum vsl_out_mode {
	VSL_OUT_TEXT,
	VSL_OUT_JSON,		/* one array; its elements as they complete */
	VSL_OUT_JSON_LINES,	/* one object a line, each flushed at once */
};

/**
 * vsl_out_new() - start output
 * @file: stays the caller's
 * @mode: see above; VSL_OUT_JSON opens the array now
 *
 * Return: the writer, to be ended with vsl_out_free(); NULL without memory.
 */
struct vsl_out *vsl_out_new(FILE *file, enum vsl_out_mode mode);

/**
 * vsl_out_free() - end the output (closes the array), flush, free
 * @out: may be NULL
 *
 * Return: 0; -EIO where something could not be written, e.g. a full disk.
 */
int vsl_out_free(struct vsl_out *out);

/**
 * vsl_out_scratch() - an empty string to build a value in
 *
 * Return: the same one each time, so that its memory is used again.
 */
struct vsl_str *vsl_out_scratch(struct vsl_out *out);

/** vsl_out_is_json() - whether the text parts go nowhere */
bool vsl_out_is_json(const struct vsl_out *out);

/**
 * vsl_out_object() - open an object; end it with vsl_out_end()
 * @out: the writer
 * @name: within an object its name, else NULL
 *
 * At top level each object is a record: it is written when it is ended.
 */
void vsl_out_object(struct vsl_out *out, const char *name);

/** vsl_out_array() - open an array called @name within an object */
void vsl_out_array(struct vsl_out *out, const char *name);

/** vsl_out_end() - end what was opened last */
void vsl_out_end(struct vsl_out *out);

/** vsl_out_text() - for people only */
void vsl_out_text(struct vsl_out *out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * vsl_out_str() - a string
 * @out: the writer
 * @name: in JSON; NULL within an array
 * @lead: text in front of the value; NULL: JSON only
 * @value: the string
 */
void vsl_out_str(struct vsl_out *out, const char *name, const char *lead,
		 const char *value);

/** vsl_out_u64() - a number; parameters as for vsl_out_str() */
void vsl_out_u64(struct vsl_out *out, const char *name, const char *lead,
		 uint64_t value);

/** vsl_out_i64() - a number with a sign; parameters as for vsl_out_str() */
void vsl_out_i64(struct vsl_out *out, const char *name, const char *lead,
		 int64_t value);

/**
 * vsl_out_double() - a number with @digits digits behind the point
 *
 * Parameters else as for vsl_out_str().
 */
void vsl_out_double(struct vsl_out *out, const char *name, const char *lead,
		    double value, int digits);

/** vsl_out_bool() - true or false; JSON only */
void vsl_out_bool(struct vsl_out *out, const char *name, bool value);

#endif /* VSL_LIB_OUTPUT_H */
