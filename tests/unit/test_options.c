// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_options.c - vswitchd-lite's command line, right and wrong
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "lib/util.h"
#include "vswitchd/options.h"

static char error[256];

/* @words is what follows the program's name, blanks between. */
static enum options_result parse(const char *words, struct options *o)
{
	static char copy[1024];
	static char *argv[64];
	char *save, *word;
	int argc = 0;

	argv[argc++] = (char *)"vswitchd-lite";
	assert_true(strlen(words) < sizeof(copy));
	strcpy(copy, words);
	for (word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	argv[argc] = NULL;
	memset(error, 0, sizeof(error));
	return options_parse(argc, argv, o, error, sizeof(error));
}

static void defaults(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(parse("br0", &o), OPTIONS_RUN);
	assert_string_equal(o.config.name, "br0");
	assert_int_equal(o.config.n_ports, 0);
	assert_int_equal(o.config.mac_age, 300);
	assert_int_equal(o.config.flow_idle, 60);
	assert_true(o.config.trace.text);
	assert_null(o.config.trace.json);
	assert_null(o.config.trace.pcap);
	assert_null(o.config.trace.filter);
	assert_null(o.family_prefix);
	options_free(&o);
}

static void everything(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(parse("--family-prefix vsl --mac-age 5 --flow-idle=7 --no-trace "
			       "--trace-json t.json --trace-pcap t.pcap --trace-filter arp "
			       "br0 veth1 veth2:access=4094 veth3:trunk=1,64,4094", &o),
			 OPTIONS_RUN);
	assert_string_equal(o.family_prefix, "vsl");
	assert_int_equal(o.config.mac_age, 5);
	assert_int_equal(o.config.flow_idle, 7);
	assert_false(o.config.trace.text);
	assert_string_equal(o.config.trace.json, "t.json");
	assert_string_equal(o.config.trace.pcap, "t.pcap");
	assert_string_equal(o.config.trace.filter, "arp");
	assert_int_equal(o.config.n_ports, 3);
	assert_string_equal(o.config.ports[0].name, "veth1");
	assert_int_equal(o.config.ports[0].bridge.vlans.mode, BRIDGE_PORT_PLAIN);
	assert_string_equal(o.config.ports[1].name, "veth2");
	assert_int_equal(o.config.ports[1].bridge.vlans.mode, BRIDGE_PORT_ACCESS);
	assert_int_equal(o.config.ports[1].bridge.vlans.access, 4094);
	assert_int_equal(o.config.ports[2].bridge.vlans.mode, BRIDGE_PORT_TRUNK);
	assert_int_equal(o.config.ports[2].bridge.vlans.trunk[0], 1ULL << 1);
	assert_int_equal(o.config.ports[2].bridge.vlans.trunk[1], 1ULL << 0);
	assert_int_equal(o.config.ports[2].bridge.vlans.trunk[63], 1ULL << 62);
	assert_ptr_equal(config_port(&o.config, "veth3"), &o.config.ports[2]);
	assert_null(config_port(&o.config, "veth4"));
	options_free(&o);
}

static void help_and_version(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(parse("-h", &o), OPTIONS_HELP);
	assert_int_equal(parse("--help", &o), OPTIONS_HELP);
	assert_int_equal(parse("-V", &o), OPTIONS_VERSION);
	assert_int_equal(parse("--version", &o), OPTIONS_VERSION);
	assert_non_null(strstr(options_usage(), "--trace-filter"));
}

/* Each is wrong, and its message has the word that is. */
static const struct {
	const char *words, *said;
} wrong[] = {
	{ "", "datapath" },
	{ "--no-trace", "datapath" },
	{ "--nonsense br0", "--nonsense" },
	{ "--config x --trace-port eth1", "with a configuration file" },
	{ "--config x --trace-reason drop", "with a configuration file" },
	{ "--config x --trace-rotate 1M", "with a configuration file" },
	{ "-x br0", "-x" },
	{ "br0 --mac-age", "--mac-age" },
	{ "--mac-age 0 br0", "'0'" },
	{ "--mac-age -1 br0", "'-1'" },
	{ "--mac-age 5s br0", "'5s'" },
	{ "--mac-age= br0", "''" },
	{ "--flow-idle 99999999999999999999 br0", "'99999999999999999999'" },
	{ "--flow-idle 0x10 br0", "'0x10'" },
	{ "--family-prefix= br0", "prefix" },
	{ "--trace-filter arp --no-trace br0", "--trace-filter" },
	{ "a-name-of-16-bytes", "a-name-of-16-bytes" },
	{ "br/0", "br/0" },
	{ "br0 veth1:", "veth1:" },
	{ "br0 :access=1", ":access=1" },
	{ "br0 veth1:native=1", "native=1" },
	{ "br0 veth1:access=", "veth1:access=" },
	{ "br0 veth1:access=0", "'0'" },
	{ "br0 veth1:access=4095", "'4095'" },
	{ "br0 veth1:access=10,20", "'10,20'" },
	{ "br0 veth1:access=ten", "'ten'" },
	{ "br0 veth1:trunk=", "veth1:trunk=" },
	{ "br0 veth1:trunk=10,", "''" },
	{ "br0 veth1:trunk=10,,20", "''" },
	{ "br0 veth1:trunk=10,0", "'0'" },
	{ "br0 veth1:trunk=10;20", "'10;20'" },
	{ "br0 veth1 veth2 veth1:access=3", "'veth1'" },
	{ "br0 a-port-of-16-byt", "a-port-of-16-byt" },
};

static void says_what_is_wrong(void **state)
{
	struct options o;
	size_t i;

	(void)state;
	for (i = 0; i < VSL_ARRAY_SIZE(wrong); i++) {
		if (parse(wrong[i].words, &o) != OPTIONS_WRONG)
			fail_msg("taken: %s", wrong[i].words);
		if (!strstr(error, wrong[i].said))
			fail_msg("%s: \"%s\" does not say %s", wrong[i].words, error,
				 wrong[i].said);
		if (strchr(error, '\n'))
			fail_msg("%s: more than a line", wrong[i].words);
		options_free(&o);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(everything),
		cmocka_unit_test(help_and_version),
		cmocka_unit_test(says_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
