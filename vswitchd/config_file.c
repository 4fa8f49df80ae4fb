// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * config_file.c - the configuration file
 *
 * libconfuse takes the text apart by the tables of options. What the words mean is
 * read afterwards, section by section, into a struct config, and the first thing
 * that is wrong ends it: with file, line and word (config_word.h).
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_word.h"
#include "lib/util.h"
#include "trace_filter.h"

/* A file beyond this is not a configuration. */
#define MAX_FILE	(1 << 20)

/*
 * For libconfuse the end of the file closes all that is open. This option is put
 * behind the text: it can be set only where nothing is open any more.
 */
#define THE_END "end-of-file"

static cfg_opt_t trace_options[] = {
	CONFIG_WORD("text"), CONFIG_WORD("json"), CONFIG_WORD("pcap"), CONFIG_WORD("rotate"),
	CONFIG_WORD("filter"), CONFIG_WORD("port"), CONFIG_WORD("reason"), CFG_END()
};

static cfg_opt_t file_options[] = {
	CFG_SEC("bridge", config_bridge_options, CONFIG_TITLED),
	CFG_SEC("trace", trace_options, CFGF_NODEFAULT),
	CONFIG_WORD(THE_END),
	CFG_END()
};

/* What libconfuse finds wrong: syntax, and names that are not options. */
static void on_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	char text[256];

	vsnprintf(text, sizeof(text), fmt, ap);
	if (strstr(text, THE_END))
		snprintf(text, sizeof(text), "the file ends, but a '}' is missing");
	config_wrong(cfg ? cfg->line : 0, "%s", text);
}

/* An option that has no effect unless one of those outputs is there. */
static bool in_vain(cfg_t *cfg, const char *name, bool any, const char *outputs)
{
	const struct config_word *w = config_word(cfg, name);

	if (!w || any)
		return false;
	return !config_wrong(w->line, "%s: has no effect without an output; add %s", name, outputs);
}

/* Those that trace_create() would refuse, but with the line that they are in. */
static bool check_filter(cfg_t *cfg)
{
	const struct config_word *filter = config_word(cfg, "filter");
	const struct config_word *port = config_word(cfg, "port");
	const struct config_word *reason = config_word(cfg, "reason");
	struct trace_filter *f;
	char error[256];

	if (port && !config_name_fits("port", port->text, strlen(port->text), error, sizeof(error)))
		return config_wrong(port->line, "port: %s", error);
	f = trace_filter_new(NULL, NULL, reason ? reason->text : NULL, error, sizeof(error));
	if (!f)
		return config_wrong(reason ? reason->line : 0, "reason: %s", error);
	trace_filter_free(f);
	f = trace_filter_new(filter ? filter->text : NULL, NULL, NULL, error, sizeof(error));
	if (!f)
		return config_wrong(filter ? filter->line : 0, "%s", error);
	trace_filter_free(f);
	return true;
}

static bool read_trace(cfg_t *cfg, struct config_trace *t)
{
	const struct config_word *w = config_word(cfg, "text"), *rotate = config_word(cfg, "rotate");
	bool any;

	if (w && strcmp(w->text, "true") && strcmp(w->text, "false"))
		return config_wrong(w->line, "text: '%s' is neither true nor false", w->text);
	t->text = w && !strcmp(w->text, "true");
	if (!config_word_text(cfg, "json", &t->json) || !config_word_text(cfg, "pcap", &t->pcap) ||
	    !config_word_text(cfg, "filter", &t->filter) ||
	    !config_word_text(cfg, "port", &t->port) ||
	    !config_word_text(cfg, "reason", &t->reason))
		return false;
	if (rotate && !config_size(rotate->text, &t->rotate))
		return config_wrong(rotate->line, "rotate: '%s' is not a size, as in 500K or 10M",
				    rotate->text);
	any = t->text || t->json || t->pcap;
	if (in_vain(cfg, "filter", any, "text, json or pcap") ||
	    in_vain(cfg, "port", any, "text, json or pcap") ||
	    in_vain(cfg, "reason", any, "text, json or pcap") ||
	    in_vain(cfg, "rotate", t->json || t->pcap, "json or pcap"))
		return false;
	return check_filter(cfg);
}

static bool read_all(cfg_t *cfg, struct config *c)
{
	unsigned int n = cfg_size(cfg, "bridge");

	/* no trace where none is asked for: a service's output goes to a log */
	c->trace.text = false;
	if (!n)
		return config_wrong(0, "there is no bridge; add: bridge \"br0\" { }");
	if (n > 1)
		return config_wrong(cfg_getnsec(cfg, "bridge", 1)->line, "bridge '%s', which ends "
				    "here, is the second one; a daemon serves one: give each a "
				    "file and a daemon of its own",
				    cfg_title(cfg_getnsec(cfg, "bridge", 1)));
	if (!config_bridge_read(cfg_getnsec(cfg, "bridge", 0), c))
		return false;
	return !cfg_size(cfg, "trace") || read_trace(cfg_getsec(cfg, "trace"), &c->trace);
}

/**
 * config_parse() - read a configuration from a text
 * @c: filled in; to be given to config_free() whatever is returned
 * @file: what the text is called in errors
 * @text: the text
 * @error: on failure one line: file, line, word, what is wrong
 * @error_size: room for it
 *
 * Not reentrant, as libconfuse is not.
 *
 * Return: false if the text is not a configuration.
 */
bool config_parse(struct config *c, const char *file, const char *text, char *error,
		  size_t error_size)
{
	struct vsl_str all = VSL_STR_INIT;
	cfg_t *cfg;
	bool ok;

	config_init(c);
	c->wait_for_ports = true;
	config_words_begin(file, error, error_size);
	vsl_str_puts(&all, text);
	if (*text && text[strlen(text) - 1] != '\n')
		vsl_str_putc(&all, '\n');
	vsl_str_puts(&all, THE_END " = yes\n");
	cfg = all.failed ? NULL : cfg_init(file_options, CFGF_NONE);
	if (!cfg) {
		ok = config_no_memory();
		goto out;
	}
	cfg_set_error_function(cfg, on_error);
	if (cfg_parse_buf(cfg, all.s) != CFG_SUCCESS)
		ok = config_wrong(cfg->line, "this is not understood");
	else if (!cfg_size(cfg, THE_END))
		ok = config_wrong(cfg->line, "the file ends within a section, a string or a comment");
	else
		ok = read_all(cfg, c);
	cfg_free(cfg);
out:
	vsl_str_free(&all);
	config_words_end();
	return ok;
}

static bool unreadable(const char *file, const char *why, char *error, size_t error_size)
{
	snprintf(error, error_size, "%s: %s", file, why);
	return false;
}

/**
 * config_read() - read a configuration file
 * @c: filled in; to be given to config_free() whatever is returned
 * @file: its name
 * @error: on failure one line: file, line, word, what is wrong
 * @error_size: room for it
 *
 * Return: false if there is no configuration in it.
 */
bool config_read(struct config *c, const char *file, char *error, size_t error_size)
{
	FILE *in = fopen(file, "re");
	char *text = NULL;
	bool ok = false;
	size_t len;

	*c = (struct config){ 0 };
	if (!in)
		return unreadable(file, strerror(errno), error, error_size);
	text = malloc(MAX_FILE + 1);
	len = text ? fread(text, 1, MAX_FILE + 1, in) : 0;
	if (!text) {
		unreadable(file, "no memory to read it", error, error_size);
	} else if (ferror(in)) {
		unreadable(file, strerror(errno), error, error_size);
	} else if (len > MAX_FILE) {
		unreadable(file, "longer than a configuration can be", error, error_size);
	} else {
		text[len] = 0;
		if (strlen(text) != len)
			unreadable(file, "not a text: it has a NUL byte", error, error_size);
		else
			ok = config_parse(c, file, text, error, error_size);
	}
	free(text);
	fclose(in);
	return ok;
}
