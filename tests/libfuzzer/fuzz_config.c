// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_config.c - whatever is in a configuration file
 *
 * libFuzzer's bytes are the file. What must hold, besides memory: a file that is
 * refused has an error of one line that starts with the file's name; one that is
 * taken is a whole configuration, whose rules can be used, and is taken again.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/pcap.h"
#include "vswitchd/config.h"
#include "vswitchd/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct vsl_pcap_filter *__real_vsl_pcap_filter_new(const char *expr, char *errbuf, size_t errlen);
struct vsl_pcap_filter *__wrap_vsl_pcap_filter_new(const char *expr, char *errbuf, size_t errlen);

/* libpcap is not ours to try, and asks name servers for the words that it does not know. */
struct vsl_pcap_filter *__wrap_vsl_pcap_filter_new(const char *expr, char *errbuf, size_t errlen)
{
	if (!strchr(expr, '('))
		return __real_vsl_pcap_filter_new("arp", errbuf, errlen);
	snprintf(errbuf, errlen, "'%s' is not a filter", expr);
	return NULL;
}

static bool any_port(const char *name, uint32_t *port_no, void *arg)
{
	(void)name;
	(void)arg;
	*port_no = 1;
	return true;
}

static void use(const struct config *c)
{
	const struct vsl_text_ports ports = { .number = any_port };
	struct rules *r = rules_create(c->rules, c->n_rules);
	size_t i;

	assert(r);
	rules_resolve(r, &ports);
	rules_destroy(r);

	assert(*c->name && strlen(c->name) < sizeof(c->name));
	for (i = 0; i < c->n_ports; i++)
		assert(config_port(c, c->ports[i].name) == &c->ports[i]);
	for (i = 1; i < c->n_rules; i++)
		assert(c->rules[i - 1].priority >= c->rules[i].priority);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char name[] = "fuzz.conf:";
	char *text = malloc(size + 1);
	struct config c;
	char error[256];
	int i;

	assert(text);
	memcpy(text, data, size);
	text[size] = 0;
	for (i = 0; i < 2; i++) {
		*error = 0;
		if (config_parse(&c, "fuzz.conf", text, error, sizeof(error)))
			use(&c);
		else
			assert(!strncmp(error, name, strlen(name)) && !strchr(error, '\n'));
		config_free(&c);
	}
	free(text);
	return 0;
}
