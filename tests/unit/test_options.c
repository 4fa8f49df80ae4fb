// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_options.c - vswitchd-lite's command line, right and wrong
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
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

static void as_a_service(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(parse("br0", &o), OPTIONS_RUN);
	assert_int_equal(o.service.log_level, VSL_LOG_INFO);
	assert_int_equal(o.service.control_mode, 0600);
	assert_false(o.service.detach || o.service.syslog || o.service.no_control);
	assert_null(o.service.control);
	options_free(&o);

	assert_int_equal(parse("--detach --pid-file /run/p --syslog --log-level debug "
			       "--control /run/c --control-mode 0660 --control-group adm br0", &o),
			 OPTIONS_RUN);
	assert_true(o.service.detach);
	assert_string_equal(o.service.pid_file, "/run/p");
	assert_true(o.service.syslog);
	assert_int_equal(o.service.log_level, VSL_LOG_DEBUG);
	assert_string_equal(o.service.control, "/run/c");
	assert_int_equal(o.service.control_mode, 0660);
	assert_string_equal(o.service.control_group, "adm");
	/* there is nobody to read it */
	assert_false(o.config.trace.text);
	options_free(&o);

	assert_int_equal(parse("--no-control br0", &o), OPTIONS_RUN);
	assert_true(o.service.no_control);
	options_free(&o);
}

static void what_is_traced(void **state)
{
	static const struct {
		const char *words;
		uint64_t bytes;
	} sizes[] = {
		{ "--trace-rotate 4096 br0", 4096 },
		{ "--trace-rotate 500K br0", 512000 },
		{ "--trace-rotate 10M br0", 10485760 },
		{ "--trace-rotate 6G br0", 6442450944 },
	};
	struct options o;
	size_t i;

	(void)state;
	assert_int_equal(parse("--trace-port veth1 --trace-reason drop br0", &o), OPTIONS_RUN);
	assert_string_equal(o.config.trace.port, "veth1");
	assert_string_equal(o.config.trace.reason, "drop");
	assert_int_equal(o.config.trace.rotate, 0);
	options_free(&o);
	for (i = 0; i < VSL_ARRAY_SIZE(sizes); i++) {
		assert_int_equal(parse(sizes[i].words, &o), OPTIONS_RUN);
		assert_int_equal(o.config.trace.rotate, sizes[i].bytes);
		options_free(&o);
	}
}

static void from_a_file(void **state)
{
	static const char text[] = "bridge br7 { port veth9 { } }\ntrace { text = true }\n";
	char path[] = "/tmp/test_options.XXXXXX", words[128];
	int fd = mkstemp(path);
	struct options o;

	(void)state;
	assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);

	snprintf(words, sizeof(words), "--config /tmp/../%s", path);
	assert_int_equal(parse(words, &o), OPTIONS_RUN);
	assert_string_equal(o.config.name, "br7");
	assert_string_equal(o.config.ports[0].name, "veth9");
	assert_true(o.config.trace.text);
	/* as it was given, so that a link is followed anew at each reload */
	assert_string_equal(o.config_file, words + strlen("--config "));
	options_free(&o);

	snprintf(words, sizeof(words), "--detach --config %s", path);
	assert_int_equal(parse(words, &o), OPTIONS_RUN);
	assert_false(o.config.trace.text);
	options_free(&o);

	snprintf(words, sizeof(words), "--check-config %s", path);
	assert_int_equal(parse(words, &o), OPTIONS_CHECKED);
	options_free(&o);

	snprintf(words, sizeof(words), "--config %s br0", path);
	assert_int_equal(parse(words, &o), OPTIONS_WRONG);
	assert_non_null(strstr(error, "not on the command line"));
	options_free(&o);
	snprintf(words, sizeof(words), "--config %s --mac-age 5", path);
	assert_int_equal(parse(words, &o), OPTIONS_WRONG);
	options_free(&o);

	assert_int_equal(ftruncate(fd, 10), 0);
	snprintf(words, sizeof(words), "--check-config %s", path);
	assert_int_equal(parse(words, &o), OPTIONS_WRONG);
	assert_non_null(strstr(error, path));
	options_free(&o);
	close(fd);
	unlink(path);
	assert_int_equal(parse(words, &o), OPTIONS_WRONG);
	assert_non_null(strstr(error, path));
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
	{ "--log-level loud br0", "'loud'" },
	{ "--control= br0", "--control" },
	{ "--control-mode 888 br0", "'888'" },
	{ "--control-mode 1777 br0", "'1777'" },
	{ "--control-mode -1 br0", "'-1'" },
	{ "--control-group= br0", "--control-group" },
	{ "--trace-rotate 0 br0", "'0'" },
	{ "--trace-rotate 10T br0", "'10T'" },
	{ "--trace-rotate 10MB br0", "'10MB'" },
	{ "--trace-rotate M br0", "'M'" },
	{ "--trace-port veth1 --no-trace br0", "--trace-port" },
	{ "--trace-reason drop --no-trace br0", "--trace-reason" },
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
		cmocka_unit_test(as_a_service),
		cmocka_unit_test(what_is_traced),
		cmocka_unit_test(from_a_file),
		cmocka_unit_test(help_and_version),
		cmocka_unit_test(says_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
