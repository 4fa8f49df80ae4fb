/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the text_*.c files share.  From the bottom up: text_lex.c (words, errors),
 * text_field.c (one value in a struct <-> text), text_row.c (the table of key
 * attributes), text_key.c (keys and masks), text_leaf.c (actions),
 * text_action.c (lists of actions), text.c (flows, lines).
 */
#ifndef VSL_LIB_TEXT_PRIVATE_H
#define VSL_LIB_TEXT_PRIVATE_H

#include <string.h>

#include "text.h"

struct nlattr;

/**
 * struct vsl_lex - a text being read
 * @start: its first character
 * @p: next character to read
 * @ports: names of ports; may be NULL
 * @err: where the first error goes
 */
struct vsl_lex {
	const char *start;
	const char *p;
	const struct vsl_text_ports *ports;
	struct vsl_text_error *err;
};

/**
 * vsl_lex_error() - note what is wrong at @at
 *
 * Return: -EINVAL, for the caller to return.
 */
int vsl_lex_error(struct vsl_lex *lex, const char *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* True of what ends a word: blanks, ",()=/" and the text's end. */
extern const bool vsl_lex_ends[256];

/**
 * vsl_lex_word() - the length of the word at @p: up to a blank or one of ",()=/"
 *
 * At such a character itself, and at the end, the length is 0.
 */
static inline size_t vsl_lex_word(const char *p)
{
	size_t n = 0;

	while (!vsl_lex_ends[(unsigned char)p[n]])
		n++;
	return n;
}

static inline bool vsl_lex_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/** vsl_lex_quote() - for messages: the word at @p, or the character there */
const char *vsl_lex_quote(const char *p);

/** vsl_lex_blanks() - go on to the next character that is no blank */
static inline void vsl_lex_blanks(struct vsl_lex *lex)
{
	while (vsl_lex_is_blank(*lex->p))
		lex->p++;
}

/** vsl_lex_separators() - go on over blanks and commas */
static inline void vsl_lex_separators(struct vsl_lex *lex)
{
	while (vsl_lex_is_blank(*lex->p) || *lex->p == ',')
		lex->p++;
}

/** vsl_lex_same() - whether the @n characters at @p are @word */
static inline bool vsl_lex_same(const char *p, size_t n, const char *word)
{
	return *p == *word && !strncmp(p, word, n) && !word[n];
}

/** vsl_lex_is() - whether the word (the whole of it) at @p is @word */
static inline bool vsl_lex_is(const char *p, const char *word)
{
	return *p == *word && vsl_lex_same(p, vsl_lex_word(p), word);
}

/** vsl_lex_expect() - take character @c, or an error: "expected 'c' after..." */
int vsl_lex_expect(struct vsl_lex *lex, char c, const char *after);

/**
 * vsl_lex_number() - take a number, decimal or 0x hex
 * @lex: the text
 * @max: the greatest value taken
 * @what: for the message
 * @value: filled on success
 *
 * Return: 0 or -EINVAL.
 */
int vsl_lex_number(struct vsl_lex *lex, uint64_t max, const char *what,
		   uint64_t *value);

/** vsl_lex_port() - take a port, by number or name; 0 or -EINVAL */
int vsl_lex_port(struct vsl_lex *lex, uint32_t *port_no);

/* How a field is written. */
enum vsl_field_kind {
	VSL_FIELD_DEC,		/* 80, 80/0xff00 */
	VSL_FIELD_HEX,		/* 0x5, 0x5/0xf */
	VSL_FIELD_HEX4,		/* 0x0800, 0x0800/0xff00 */
	VSL_FIELD_PORT,		/* 1, or its name */
	VSL_FIELD_MAC,
	VSL_FIELD_IP4,
	VSL_FIELD_IP6,
	VSL_FIELD_NAMED,	/* one of @words by value: "no" */
	VSL_FIELD_FLAGS,	/* @words by bit: "syn|ack", "+syn-ack" */
	VSL_FIELD_U128,		/* 0x5, 0x5/0xf */
};

/**
 * struct vsl_field - a value within a struct
 * @name: "src" in "src=10.0.0.1"; NULL where it is alone in its parentheses
 * @kind: how it is written
 * @offset: of its bytes
 * @size: of its bytes
 * @be: an integer in network order (else the host's)
 * @bits: which bits of the integer are the field's; 0 for all
 * @words: names of values or bits, NULL for those without one
 * @n_words: entries of @words
 */
struct vsl_field {
	const char *name;
	enum vsl_field_kind kind;
	uint8_t offset;
	uint8_t size;
	bool be;
	uint32_t bits;
	const char *const *words;
	uint8_t n_words;
};

/** vsl_field_get() - an integer field's value, shifted down */
uint32_t vsl_field_get(const struct vsl_field *field, const void *data);

/** vsl_field_set() - set an integer field; other bits of @data stay */
void vsl_field_set(const struct vsl_field *field, void *data, uint32_t value);

/** vsl_field_is_wild() - no bit of the field is set in @mask */
bool vsl_field_is_wild(const struct vsl_field *field, const void *mask);

/** vsl_field_is_exact() - every bit of the field is set in @mask */
bool vsl_field_is_exact(const struct vsl_field *field, const void *mask);

/** vsl_field_set_exact() - set every bit of the field in @mask */
void vsl_field_set_exact(const struct vsl_field *field, void *mask);

/**
 * vsl_field_put() - append "VALUE" or "VALUE/MASK"
 * @str: where to
 * @field: which
 * @data: the struct
 * @mask: same struct; NULL for exact
 * @ports: names of ports; may be NULL
 */
void vsl_field_put(struct vsl_str *str, const struct vsl_field *field,
		   const void *data, const void *mask,
		   const struct vsl_text_ports *ports);

/**
 * vsl_field_parse() - take "VALUE" or "VALUE/MASK" into @data and @mask
 *
 * Return: 0 or -EINVAL.
 */
int vsl_field_parse(struct vsl_lex *lex, const struct vsl_field *field,
		    void *data, void *mask);

/**
 * vsl_fields_put() - append fields that are not wild, "a=1,b=2"
 *
 * Parameters as for vsl_field_put().
 */
void vsl_fields_put(struct vsl_str *str, const struct vsl_field *fields,
		    unsigned int n, const void *data, const void *mask,
		    const struct vsl_text_ports *ports);

/**
 * vsl_fields_parse() - take "a=1,b=2)" or "1)", the closing parenthesis included
 * @lex: behind the opening parenthesis
 * @what: whose fields, for messages: "ipv4"
 * @fields: those that may stand there
 * @n: how many
 * @data: fields that stand there are set
 * @mask: the same
 * @given: a bit for each field that stood there; may be NULL
 *
 * Return: 0 or -EINVAL.
 */
int vsl_fields_parse(struct vsl_lex *lex, const char *what,
		     const struct vsl_field *fields, unsigned int n,
		     void *data, void *mask, uint32_t *given);

/* The longest payload of a key attribute with fields. */
#define VSL_KEY_PAYLOAD_MAX 64

/**
 * struct vsl_key_row - a key attribute in text
 * @name: "ipv4"
 * @attr: OVS_KEY_ATTR_*
 * @len: of its payload
 * @fields: its parts
 * @n_fields: entries of @fields
 */
struct vsl_key_row {
	const char *name;
	int attr;
	uint8_t len;
	const struct vsl_field *fields;
	uint8_t n_fields;
};

/** vsl_key_row_by_attr() - the row of OVS_KEY_ATTR_* @attr, or NULL */
const struct vsl_key_row *vsl_key_row_by_attr(int attr);

/** vsl_key_row_by_name() - the row whose name is the word at @p, or NULL */
const struct vsl_key_row *vsl_key_row_by_name(const char *p);

/**
 * vsl_key_row_put() - append "ipv4(src=10.0.0.1)"
 * @str: where to
 * @row: which attribute
 * @data: its payload, @len bytes
 * @mask: its mask, as long; NULL for exact
 * @len: length of both: @row->len, but for MPLS
 * @ports: names of ports; may be NULL
 */
void vsl_key_row_put(struct vsl_str *str, const struct vsl_key_row *row,
		     const void *data, const void *mask, size_t len,
		     const struct vsl_text_ports *ports);

/**
 * vsl_key_row_parse() - take "(src=10.0.0.1)"
 * @lex: at the opening parenthesis
 * @row: which attribute
 * @data: VSL_KEY_PAYLOAD_MAX bytes, zeroed; filled
 * @mask: VSL_KEY_PAYLOAD_MAX bytes, zeroed; filled
 * @len: length of the payload, filled
 *
 * Return: 0 or -EINVAL.
 */
int vsl_key_row_parse(struct vsl_lex *lex, const struct vsl_key_row *row,
		      void *data, void *mask, size_t *len);

/** vsl_key_row_is_exact() - every field of the attribute is set in @mask */
bool vsl_key_row_is_exact(const struct vsl_key_row *row, const void *mask);

/**
 * vsl_lex_key() - take a key up to the end of the text
 *
 * Parameters as for vsl_text_parse_flow().  Return: 0, -EINVAL, -EMSGSIZE.
 */
int vsl_lex_key(struct vsl_lex *lex, struct nl_msg *key, struct nl_msg *mask);

/**
 * struct vsl_action_row - an action
 * @name: its word; NULL for output, which is a bare port
 * @attr: OVS_ACTION_ATTR_*
 * @len: of its payload, or -1 where that varies
 * @put: append what is in parentheses; NULL for an action without
 * @parse: take what is in parentheses (the opening one is taken) with the
 *	closing one, and put the attribute; NULL for an action without
 */
struct vsl_action_row {
	const char *name;
	int attr;
	int len;
	bool (*put)(struct vsl_str *str, const struct nlattr *nla,
		    const struct vsl_text_ports *ports, int depth);
	int (*parse)(struct vsl_lex *lex, struct nl_msg *msg, int depth);
};

/* The actions that hold no other actions; text_action.c adds those that do. */
extern const struct vsl_action_row vsl_action_leaves[];
extern const unsigned int vsl_n_action_leaves;

#endif /* VSL_LIB_TEXT_PRIVATE_H */
