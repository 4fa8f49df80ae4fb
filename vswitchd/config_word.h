/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config_word.h - the configuration file's values as they stand there
 *
 * libconfuse takes the text apart; each value becomes a struct config_word that
 * knows its line, so that what is wrong with it can be said with file, line and word.
 * config_file.c and config_bridge.c make of them what they mean.
 *
 * libconfuse hands nothing of ours to its callbacks: one file is read at a time,
 * between config_words_begin() and config_words_end().
 */
#ifndef VSWITCHD_CONFIG_WORD_H
#define VSWITCHD_CONFIG_WORD_H

#include <confuse.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct config;

/**
 * struct config_word - a value as it stands in the file
 * @line: where
 * @text: without quotes
 */
struct config_word {
	int line;
	char text[];
};

/* For tables of options: one value, a list of them, a section that has a name. */
#define CONFIG_WORD(name) CFG_PTR_CB(name, NULL, CFGF_NONE, config_word_read, free)
#define CONFIG_WORDS(name) CFG_PTR_LIST_CB(name, NULL, CFGF_NONE, config_word_read, free)
#define CONFIG_TITLED (CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES)

int config_word_read(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result);

void config_words_begin(const char *file, char *error, size_t error_size);
void config_words_end(void);

__attribute__((format(printf, 2, 3)))
bool config_wrong(int line, const char *fmt, ...);
bool config_no_memory(void);

const struct config_word *config_word(cfg_t *cfg, const char *name);
bool config_word_number(cfg_t *cfg, const char *name, uint32_t min, uint32_t max,
			uint32_t *value);
bool config_word_vlan(cfg_t *cfg, const char *name, uint16_t *vlan);
bool config_word_text(cfg_t *cfg, const char *name, char **value);
bool config_title_fits(cfg_t *cfg, const char *what);

/* Of config_bridge.c: what a bridge section may have, and what it means. */
extern cfg_opt_t config_bridge_options[];
bool config_bridge_read(cfg_t *cfg, struct config *c);

#endif
