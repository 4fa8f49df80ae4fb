// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_config.c - the configuration file, right and wrong
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
#include "vswitchd/config.h"

static char error[512];

static bool parse(struct config *c, const char *text)
{
	memset(error, 0, sizeof(error));
	return config_parse(c, "test.conf", text, error, sizeof(error));
}

static void must_parse(struct config *c, const char *text)
{
	if (!parse(c, text))
		fail_msg("%s", error);
}

static void defaults(void **state)
{
	struct config c;

	(void)state;
	must_parse(&c, "bridge br0 { }");
	assert_string_equal(c.name, "br0");
	assert_int_equal(c.mac_age, 300);
	assert_int_equal(c.mac_max, 65536);
	assert_int_equal(c.flow_idle, 60);
	assert_int_equal(c.flow_max, 200000);
	assert_int_equal(c.n_ports + c.n_rules + c.n_statics, 0);
	assert_int_equal(c.loops.probe_ms + c.loops.flaps + c.loops.shut_ms, 0);
	assert_false(c.trace.text);
	assert_true(c.wait_for_ports);
	config_free(&c);
}

static void ports(void **state)
{
	const struct bridge_vlans *v;
	struct config c;

	(void)state;
	must_parse(&c,
		   "# a comment\n"
		   "bridge br0 {\n"
		   "  port eth1 { access = 10 mac-limit = 7 }\n"
		   "  port eth2 { trunk = {20, 30-32, 4094} native = 64 }\n"
		   "  port \"eth3\" { storm-limit = 100 }\n"
		   "  port eth4 { storm-limit = 100 storm-burst = 5 }\n"
		   "}\n");
	assert_int_equal(c.n_ports, 4);
	assert_int_equal(config_port(&c, "eth1")->mac_limit, 7);
	v = &config_port(&c, "eth1")->bridge.vlans;
	assert_int_equal(v->mode, BRIDGE_PORT_ACCESS);
	assert_int_equal(v->access, 10);
	v = &config_port(&c, "eth2")->bridge.vlans;
	assert_int_equal(v->mode, BRIDGE_PORT_TRUNK);
	assert_int_equal(v->native, 64);
	assert_int_equal(v->trunk[0], 1ULL << 20 | 7ULL << 30);
	assert_int_equal(v->trunk[1], 1);
	assert_int_equal(v->trunk[63], 1ULL << 62);
	assert_int_equal(config_port(&c, "eth3")->bridge.vlans.mode, BRIDGE_PORT_PLAIN);
	assert_true(config_port(&c, "eth3")->bridge.metered);
	assert_int_equal(config_port(&c, "eth3")->storm_burst, 0);
	assert_int_equal(config_port(&c, "eth4")->storm_burst, 5);
	assert_false(config_port(&c, "eth1")->bridge.metered);
	assert_null(config_port(&c, "eth5"));
	config_free(&c);
}

static void all_else(void **state)
{
	struct config c;

	(void)state;
	must_parse(&c,
		   "bridge br0 {\n"
		   "  mac-age = 5  mac-table-size = 100  vlan-mac-limit = 50\n"
		   "  flow-idle = 6  flow-limit = 1000\n"
		   "  port eth1 { access = 10 }\n"
		   "  port eth2 { }\n"
		   "  port eth3 { }\n"
		   "  port eth4 { }\n"
		   "  mirror a { from = {eth1, eth2} to = eth3 }\n"
		   "  mirror b { from = {eth2} to = eth4 direction = out }\n"
		   "  static s { mac = 02:00:00:00:00:01 port = eth1 }\n"
		   "  static t { mac = 02:00:00:00:00:01 port = eth2 vlan = 20 }\n"
		   "  rule low { match = \"eth(),eth_type(0x0806),arp()\" actions = drop }\n"
		   "  rule high { priority = 9 match = \"in_port(eth1),eth()\" actions = \"eth2\" }\n"
		   "  rule mid { priority = 5 match = \"in_port(2),eth()\" actions = normal }\n"
		   "  rule mid2 { priority = 5 match = \"in_port(2),eth()\" actions = normal }\n"
		   "  loop-protection { shut-time = 7 }\n"
		   "}\n"
		   "trace { text = true json = \"/x/y z\" filter = \"not arp\" port = eth1\n"
		   "  reason = learned rotate = 3M }\n");
	assert_int_equal(c.mac_age, 5);
	assert_int_equal(c.mac_max, 100);
	assert_int_equal(c.vlan_mac_limit, 50);
	assert_int_equal(c.flow_idle, 6);
	assert_int_equal(c.flow_max, 1000);

	assert_int_equal(config_port(&c, "eth1")->bridge.mirror_in, 1);
	assert_int_equal(config_port(&c, "eth1")->bridge.mirror_out, 1);
	assert_int_equal(config_port(&c, "eth2")->bridge.mirror_in, 1);
	assert_int_equal(config_port(&c, "eth2")->bridge.mirror_out, 3);
	assert_int_equal(config_port(&c, "eth3")->bridge.mirror_to, 1);
	assert_int_equal(config_port(&c, "eth4")->bridge.mirror_to, 2);

	assert_int_equal(c.n_statics, 2);
	/* an access port's one VLAN need not be said */
	assert_int_equal(c.statics[0].vlan, 10);
	assert_string_equal(c.statics[0].port, "eth1");
	assert_int_equal(c.statics[0].mac[5], 1);
	assert_int_equal(c.statics[1].vlan, 20);

	assert_int_equal(c.n_rules, 4);
	assert_string_equal(c.rules[0].name, "high");
	assert_string_equal(c.rules[1].name, "mid");
	assert_string_equal(c.rules[2].name, "mid2");
	assert_string_equal(c.rules[3].name, "low");

	assert_int_equal(c.loops.probe_ms, 1000);
	assert_int_equal(c.loops.shut_ms, 7000);
	assert_true(c.trace.text);
	assert_string_equal(c.trace.json, "/x/y z");
	assert_string_equal(c.trace.filter, "not arp");
	assert_string_equal(c.trace.port, "eth1");
	assert_string_equal(c.trace.reason, "learned");
	assert_int_equal(c.trace.rotate, 3 << 20);
	assert_null(c.trace.pcap);
	config_free(&c);
}

/* Each is wrong; its message has the line and the word that is. */
static const struct {
	const char *text;
	int line;
	const char *said;
} wrong[] = {
	{ "", 0, "bridge" },
	{ "bridge br0 { }\nbridge br1 { }", 2, "'br1'" },
	{ "bridge br0 { }\nbridge br0 { }", 2, "br0" },
	{ "bridge a-name-of-16-byt { }", 1, "a-name-of-16-byt" },
	{ "bridge br/0 { }", 1, "br/0" },
	{ "nonsense = 1", 1, "nonsense" },
	{ "bridge br0 {\n\nnonsense = 1 }", 3, "nonsense" },
	{ "bridge br0 {\n", 2, "" },
	{ "bridge br0 {\nport eth1 { access = 10\n", 3, "" },
	{ "bridge br0 {\nmac-age = 0 }", 2, "'0'" },
	{ "bridge br0 {\nmac-age = 5s }", 2, "'5s'" },
	{ "bridge br0 {\nmac-age = -5 }", 2, "'-5'" },
	{ "bridge br0 {\nmac-age = }", 2, "}" },
	{ "bridge br0 {\nmac-age 5 }", 2, "mac-age" },
	{ "bridge br0 {\nflow-limit = 99999999999999999999 }", 2, "'99999999999999999999'" },
	{ "bridge br0 {\nport eth1 { }\n\nport eth1 { } }", 4, "eth1" },
	{ "bridge br0 {\nport eth1 {\naccess = 4095 } }", 3, "'4095'" },
	{ "bridge br0 {\nport eth1 {\naccess = ten } }", 3, "'ten'" },
	{ "bridge br0 {\nport eth1 {\naccess = 10\ntrunk = {20} } }", 3, "access" },
	{ "bridge br0 {\nport eth1 {\naccess = 10\nnative = 20 } }", 3, "access" },
	{ "bridge br0 {\nport eth1 {\nnative = 20 } }", 3, "native" },
	{ "bridge br0 {\nport eth1 {\ntrunk = {10,\n20-15} } }", 4, "'20-15'" },
	{ "bridge br0 {\nport eth1 {\ntrunk = {10-} } }", 3, "'10-'" },
	{ "bridge br0 {\nport eth1 {\ntrunk = {} } }", 3, "the list of port 'eth1'" },
	{ "bridge br0 {\nport eth1 {\ntrunk = {-10} } }", 3, "'-10'" },
	{ "bridge br0 {\nport eth1 {\ntrunk = {1-2-3} } }", 3, "'1-2-3'" },
	{ "bridge br0 {\nport eth1 {\nstorm-burst = 5 } }", 3, "storm-burst" },
	{ "bridge br0 {\nmirror m {\nfrom = {eth1}\nto = eth2 } }", 4, "'eth2'" },
	{ "bridge br0 {\nport eth2 { }\nmirror m {\nfrom = {eth1}\nto = eth2 } }", 4, "'eth1'" },
	{ "bridge br0 {\nport eth2 { }\nmirror m {\nto = eth2\n} }", 5, "from" },
	{ "bridge br0 {\nport eth2 { }\nmirror m {\nfrom = {eth2}\n} }", 5, "to" },
	{ "bridge br0 {\nport eth2 { }\nmirror m {\nfrom = {eth2}\nto = eth2 } }", 4, "'eth2'" },
	{ "bridge br0 {\nport a { } port b { } port c { }\nmirror m { from = {a} to = b }\n"
	  "mirror n { from = {c}\nto = a } }", 5, "'a'" },
	{ "bridge br0 {\nport a { } port b { }\nmirror m { from = {a} to = b\n"
	  "direction = up } }", 4, "'up'" },
	{ "bridge br0 {\nport a { }\nstatic s {\nmac = 02:00 port = a } }", 4, "'02:00'" },
	{ "bridge br0 {\nport a { }\nstatic s {\nmac = 03:00:00:00:00:01 port = a } }", 4,
	  "'03:00:00:00:00:01'" },
	{ "bridge br0 {\nport a { }\nstatic s {\nmac = 02:00:00:00:00:01x port = a } }", 4, "01x" },
	{ "bridge br0 {\nstatic s { mac = 02:00:00:00:00:01\nport = a } }", 3, "'a'" },
	{ "bridge br0 {\nstatic s { mac = 02:00:00:00:00:01 } }", 2, "port" },
	{ "bridge br0 {\nstatic s { port = a } }", 2, "mac" },
	{ "bridge br0 {\nport a { access = 5 }\nstatic s { mac = 02:00:00:00:00:01\nport = a\n"
	  "vlan = 6 } }", 4, "VLAN 6" },
	{ "bridge br0 {\nport a { }\nstatic s { mac = 02:00:00:00:00:01 port = a }\n"
	  "static t { mac = 02:00:00:00:00:01 port = a } }", 4, "twice" },
	{ "bridge br0 {\nrule r { match = \"in_port(1),eth()\" } }", 2, "actions" },
	{ "bridge br0 {\nrule r { actions = drop } }", 2, "match" },
	{ "bridge br0 {\nrule r {\nmatch = \"in_port(a),eth()\"\nactions = drop } }", 3, "\"a\"" },
	{ "bridge br0 {\nrule r {\nmatch = \"in_port(1),eht()\"\nactions = drop } }", 3, "eht" },
	{ "bridge br0 {\nrule r {\nmatch = \"in_port(1),eth()\"\nactions = \"9x\" } }", 4, "9x" },
	{ "bridge br0 {\nrule r {\nmatch = \"ct_state(+trk),eth()\"\nactions = drop } }", 3, "match" },
	{ "bridge br0 {\nrule r {\npriority = 65536\nmatch = \"in_port(1),eth()\"\nactions = drop } }", 3,
	  "'65536'" },
	{ "bridge br0 {\nloop-protection {\nflaps = many } }", 3, "'many'" },
	{ "bridge br0 {\nmac-age = \"a\nb\" }", 3, "'a?b'" },
	{ "bridge br0 { }\ntrace {\ntext = yes }", 3, "'yes'" },
	{ "bridge br0 { }\ntrace {\nfilter = arp }", 3, "filter" },
	{ "bridge br0 { }\ntrace {\nport = eth1 }", 3, "port" },
	{ "bridge br0 { }\ntrace {\nreason = drop }", 3, "reason" },
	{ "bridge br0 { }\ntrace { text = true\nrotate = 1M }", 3, "json or pcap" },
	{ "bridge br0 { }\ntrace { text = true\nfilter = \"arp or or\" }", 3, "filter \"arp or or\"" },
	{ "bridge br0 { }\ntrace { text = true\nreason = boredom }", 3, "'boredom'" },
	{ "bridge br0 { }\ntrace { text = true\nport = a/b }", 3, "a/b" },
	{ "bridge br0 { }\ntrace { json = x\nrotate = 1T }", 3, "'1T'" },
	{ "bridge br0 { }\ntrace { json = x\nrotate = 0 }", 3, "'0'" },
	{ "bridge br0 { }\ntrace { json = x\nrotate = 1MM }", 3, "'1MM'" },
};

static void says_what_is_wrong(void **state)
{
	char place[32];
	struct config c;
	size_t i;

	(void)state;
	for (i = 0; i < VSL_ARRAY_SIZE(wrong); i++) {
		if (parse(&c, wrong[i].text))
			fail_msg("taken: %s", wrong[i].text);
		if (wrong[i].line)
			snprintf(place, sizeof(place), "test.conf:%d: ", wrong[i].line);
		else
			snprintf(place, sizeof(place), "test.conf: ");
		if (strncmp(error, place, strlen(place)))
			fail_msg("%s\n\"%s\" is not about %s", wrong[i].text, error, place);
		if (!strstr(error, wrong[i].said))
			fail_msg("%s\n\"%s\" does not say %s", wrong[i].text, error,
				 wrong[i].said);
		if (strchr(error, '\n'))
			fail_msg("%s\nmore than a line", wrong[i].text);
		config_free(&c);
	}
}

/* One wrong file must not spoil the next: libconfuse has state of its own. */
static void goes_on_after_an_error(void **state)
{
	static const char *const broken[] = {
		"bridge br0 { port \"eth", "bridge br0 { /* ", "bridge 'br", "${", "bridge br0 { (",
	};
	struct config c;
	size_t i;

	(void)state;
	for (i = 0; i < VSL_ARRAY_SIZE(broken); i++) {
		assert_false(parse(&c, broken[i]));
		config_free(&c);
		must_parse(&c, "bridge br0 { port eth1 { } }");
		assert_int_equal(c.n_ports, 1);
		config_free(&c);
	}
}

static void more_mirrors_than_fit(void **state)
{
	char text[4096];
	struct config c;
	size_t n;
	int i;

	(void)state;
	n = snprintf(text, sizeof(text), "bridge br0 {\nport a { } port b { }\n");
	for (i = 0; i <= BRIDGE_MIRRORS; i++)
		n += snprintf(text + n, sizeof(text) - n, "mirror m%d { from = {a} to = b }\n", i);
	snprintf(text + n, sizeof(text) - n, "}\n");
	assert_false(parse(&c, text));
	assert_non_null(strstr(error, "32 mirrors"));
	config_free(&c);
}

static void tells_fixed_hosts_apart(void **state)
{
	static const struct {
		const char *text;
		bool same;
	} others[] = {
		{ "mac = 02:00:00:00:00:01 port = eth1 vlan = 7", true },
		{ "mac = 02:00:00:00:00:02 port = eth1 vlan = 7", false },
		{ "mac = 02:00:00:00:00:01 port = eth2 vlan = 7", false },
		{ "mac = 02:00:00:00:00:01 port = eth1", false },
	};
	struct config c, other;
	char text[256];
	size_t i;

	(void)state;
	must_parse(&c, "bridge br0 { port eth1 { } port eth2 { }\n"
		   "static s { mac = 02:00:00:00:00:01 port = eth1 vlan = 7 } }");
	for (i = 0; i < VSL_ARRAY_SIZE(others); i++) {
		snprintf(text, sizeof(text), "bridge br0 { port eth1 { } port eth2 { }\n"
			 "static other { %s } }", others[i].text);
		must_parse(&other, text);
		assert_int_equal(config_has_static(&c, &other.statics[0]), others[i].same);
		config_free(&other);
	}
	config_free(&c);
}

static void reads_files(void **state)
{
	char name[] = "/tmp/test_config.XXXXXX";
	struct config c;
	int fd;

	(void)state;
	assert_false(config_read(&c, "/nowhere/test.conf", error, sizeof(error)));
	assert_non_null(strstr(error, "/nowhere/test.conf: No such file"));
	config_free(&c);
	assert_false(config_read(&c, "/", error, sizeof(error)));
	config_free(&c);

	fd = mkstemp(name);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "bridge br0 { }", 14), 14);
	assert_true(config_read(&c, name, error, sizeof(error)));
	assert_string_equal(c.name, "br0");
	config_free(&c);
	assert_int_equal(write(fd, "\0", 1), 1);
	assert_false(config_read(&c, name, error, sizeof(error)));
	assert_non_null(strstr(error, "NUL"));
	config_free(&c);
	assert_int_equal(ftruncate(fd, 3 << 20), 0);
	assert_false(config_read(&c, name, error, sizeof(error)));
	assert_non_null(strstr(error, "longer"));
	config_free(&c);
	close(fd);
	unlink(name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(ports),
		cmocka_unit_test(all_else),
		cmocka_unit_test(says_what_is_wrong),
		cmocka_unit_test(goes_on_after_an_error),
		cmocka_unit_test(more_mirrors_than_fit),
		cmocka_unit_test(tells_fixed_hosts_apart),
		cmocka_unit_test(reads_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
