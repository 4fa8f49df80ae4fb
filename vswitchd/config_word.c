// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * config_word.c - values of the configuration file, and the first thing that is wrong
 */
#include "config_word.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

static struct {
	const char *file;
	char *error;
	size_t error_size;
	bool failed;
} reading;

/**
 * config_words_begin() - a file is read from now on
 * @file: what it is called in errors
 * @error: gets the first error, one line
 * @error_size: room for it
 */
void config_words_begin(const char *file, char *error, size_t error_size)
{
	reading.file = file;
	reading.error = error;
	reading.error_size = error_size;
	reading.failed = false;
}

/** config_words_end() - the file is read */
void config_words_end(void)
{
	reading.file = NULL;
	reading.error = NULL;
}

/**
 * config_wrong() - say what is wrong
 * @line: of the file; 0 for the file as a whole
 * @fmt: quotes the word
 *
 * Return: false.
 */
bool config_wrong(int line, const char *fmt, ...)
{
	size_t n;
	va_list ap;

	/* the first error is the cause of those that follow */
	if (reading.failed)
		return false;
	reading.failed = true;
	n = line > 0 ? snprintf(reading.error, reading.error_size, "%s:%d: ", reading.file, line) :
		       snprintf(reading.error, reading.error_size, "%s: ", reading.file);
	if (n >= reading.error_size)
		return false;
	va_start(ap, fmt);
	vsnprintf(reading.error + n, reading.error_size - n, fmt, ap);
	va_end(ap);
	/* a word of the file may have anything in it */
	for (; reading.error[n]; n++) {
		if (iscntrl((unsigned char)reading.error[n]))
			reading.error[n] = '?';
	}
	return false;
}

/**
 * config_no_memory() - say that there was none
 *
 * Return: false.
 */
bool config_no_memory(void)
{
	return config_wrong(0, "no memory to read it");
}

/** config_word_read() - libconfuse has found a value: see CONFIG_WORD() */
int config_word_read(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	size_t len = strlen(value) + 1;
	struct config_word *w = malloc(sizeof(*w) + len);

	(void)opt;
	if (!w) {
		config_no_memory();
		return -1;
	}
	w->line = cfg->line;
	memcpy(w->text, value, len);
	*(struct config_word **)result = w;
	return 0;
}

/**
 * config_word() - the value of an option
 * @cfg: the section
 * @name: of the option
 *
 * Return: the value, which lives as long as @cfg; NULL where the file has none.
 */
const struct config_word *config_word(cfg_t *cfg, const char *name)
{
	return cfg_size(cfg, name) ? cfg_getptr(cfg, name) : NULL;
}

/**
 * config_word_number() - an option's value as a number
 * @cfg: the section
 * @name: of the option
 * @min: the smallest that is right
 * @max: the largest
 * @value: filled in; left as it is where the file has none
 *
 * Return: false if it is wrong, which has been said.
 */
bool config_word_number(cfg_t *cfg, const char *name, uint32_t min, uint32_t max,
			uint32_t *value)
{
	const struct config_word *w = config_word(cfg, name);

	if (!w)
		return true;
	if (!config_number(w->text, strlen(w->text), max, value) || *value < min)
		return config_wrong(w->line, "%s: '%s' is not a number from %u to %u", name,
				    w->text, min, max);
	return true;
}

/**
 * config_word_vlan() - an option's value as a VLAN
 * @cfg: the section
 * @name: of the option
 * @vlan: filled in; left as it is where the file has none
 *
 * Return: false if it is wrong, which has been said.
 */
bool config_word_vlan(cfg_t *cfg, const char *name, uint16_t *vlan)
{
	const struct config_word *w = config_word(cfg, name);

	if (w && !config_vlan(w->text, strlen(w->text), vlan))
		return config_wrong(w->line, "%s: '%s' is not a VLAN, a number from 1 to %d", name,
				    w->text, BRIDGE_VLANS - 2);
	return true;
}

/**
 * config_word_text() - an option's value, whatever it is
 * @cfg: the section
 * @name: of the option
 * @value: a copy, the caller's to free; left as it is where the file has none
 *
 * Return: false for want of memory, which has been said.
 */
bool config_word_text(cfg_t *cfg, const char *name, char **value)
{
	const struct config_word *w = config_word(cfg, name);

	if (!w)
		return true;
	*value = strdup(w->text);
	return *value || config_no_memory();
}

/**
 * config_title_fits() - is a section's title the name of a device?
 * @cfg: the section; a title's line is not known, but that of its section's end
 * @what: what is called so
 *
 * Return: false if not, which has been said.
 */
bool config_title_fits(cfg_t *cfg, const char *what)
{
	char error[160];

	if (config_name_fits(what, cfg_title(cfg), strlen(cfg_title(cfg)), error, sizeof(error)))
		return true;
	return config_wrong(cfg->line, "in the section that ends here: %s", error);
}
