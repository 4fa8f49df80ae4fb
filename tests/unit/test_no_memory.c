// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_no_memory.c - memory that cannot be had
 *
 * Each part lives a short life, again and again: first its first allocation fails, then
 * its second alone, until a life has none that failed. Every time it must say what it
 * could not do, and be as it was before; that nothing is lost or used when it is gone
 * is for the sanitizers to see. Allocations of the library's and the daemon's own fail,
 * not those of the libraries beneath.
 */
#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <cmocka.h>

#include <linux/genetlink.h>
#include <netlink/msg.h>

#include "lib/log.h"
#include "lib/loop.h"
#include "lib/nl.h"
#include "lib/nl_private.h"
#include "vswitchd/config.h"
#include "vswitchd/flows.h"
#include "vswitchd/loops.h"
#include "vswitchd/options.h"
#include "vswitchd/rules.h"
#include "vswitchd/session.h"
#include "vswitchd/trace.h"

static unsigned int countdown;	/* to the allocation that fails; 0: none will */
static bool failed;

static bool fails(void)
{
	if (!countdown || --countdown)
		return false;
	failed = true;
	errno = ENOMEM;
	return true;
}

#define FAILING(type, name, params, args)					\
	type __real_##name params;						\
	type __wrap_##name params;						\
	type __wrap_##name params { return fails() ? NULL : __real_##name args; }

FAILING(void *, malloc, (size_t size), (size))
FAILING(void *, calloc, (size_t n, size_t size), (n, size))
FAILING(void *, realloc, (void *p, size_t size), (p, size))
FAILING(char *, strdup, (const char *s), (s))
FAILING(struct nl_msg *, nlmsg_alloc_size, (size_t size), (size))
FAILING(struct nl_sock *, nl_socket_alloc, (void), ())

/* Lives @life once for each allocation in it; @life says if all could be done. */
static void live_without(bool (*life)(void))
{
	unsigned int n = 0;
	bool done;

	do {
		failed = false;
		countdown = ++n;
		done = life();
		countdown = 0;
		if (!done && !failed)
			fail_msg("refused for no reason, at allocation %u", n);
	} while (failed);
	/* not one that never asked */
	assert_true(n > 1);
}

static const uint8_t *mac(uint8_t n)
{
	static uint8_t bytes[6] = { 2 };

	bytes[5] = n;
	return bytes;
}

static bool hosts(void)
{
	struct mac_table *t = mac_table_create(100, 1000, NULL, NULL);
	bool all = true, ok;
	size_t known = 0;
	uint8_t i;

	if (!t)
		return false;
	all &= mac_table_set_port_limit(t, 1, 50);
	/* enough for the table to grow */
	for (i = 0; i < 60; i++) {
		ok = mac_table_learn(t, i % 2, mac(i), i % 3, 0) == MAC_TABLE_LEARNED;
		assert_int_equal(mac_table_port(t, i % 2, mac(i)),
				 ok ? i % 3 : MAC_TABLE_NO_PORT);
		known += ok;
		all &= ok;
	}
	if (mac_table_port(t, 0, mac(0)) == 0) {
		ok = mac_table_learn(t, 0, mac(0), 9, 0) == MAC_TABLE_MOVED;
		assert_int_equal(mac_table_port(t, 0, mac(0)), ok ? 9 : 0);
		all &= ok;
	}
	ok = mac_table_fix(t, 5, mac(99), 8, 0);
	assert_int_equal(mac_table_fixed_port(t, 5, mac(99)), ok ? 8 : MAC_TABLE_NO_PORT);
	known += ok;
	assert_int_equal(mac_table_count(t), known);
	mac_table_destroy(t);
	return all && ok;
}

static bool ports_and_rules(void)
{
	const struct config_rule list[] = {
		{ "a", 2, (char *)"eth(),eth_type(0x0800),ipv4(proto=6)", (char *)"3" },
		{ "b", 1, (char *)"eth(),eth_type(0x0806),arp()", (char *)"drop" },
	};
	struct rules *rules = rules_create(list, 2);
	struct mac_table *macs = mac_table_create(10, 1000, NULL, NULL);
	struct bridge *b = macs ? bridge_create(macs) : NULL;
	bool all = rules && b, ok;
	size_t count = 0;
	uint32_t no;

	for (no = 0; b && no < 20; no++) {
		ok = bridge_port_add(b, no, "p", NULL);
		count += ok;
		assert_int_equal(bridge_port_count(b), count);
		assert_int_equal(bridge_port_name(b, no) != NULL, ok);
		all &= ok;
	}
	if (b)
		bridge_set_rules(b, rules);
	bridge_destroy(b);
	mac_table_destroy(macs);
	rules_destroy(rules);
	return all;
}

static bool configuration(void)
{
	static const char text[] =
		"bridge br0 {\n"
		"  mac-age = 5 flow-limit = 1000\n"
		"  port eth1 { access = 10 mac-limit = 7 }\n"
		"  port eth2 { trunk = {20, 30-32} native = 64 }\n"
		"  port eth3 { }\n"
		"  mirror a { from = {eth1, eth2} to = eth3 direction = out }\n"
		"  static s { mac = 02:00:00:00:00:01 port = eth1 vlan = 10 }\n"
		"  rule r { match = \"eth(),eth_type(0x0806),arp()\" actions = eth2 }\n"
		"}\n"
		"trace { text = true json = \"/x\" filter = \"not arp\" }\n";
	char error[256] = "";
	struct config c;
	bool ok = config_parse(&c, "test.conf", text, error, sizeof(error));

	if (ok) {
		assert_int_equal(c.n_ports, 3);
		assert_int_equal(c.n_rules + c.n_statics, 2);
	} else if (!strstr(error, "memory")) {
		fail_msg("\"%s\" does not say why", error);
	}
	config_free(&c);
	return ok;
}

static bool command_line(void)
{
	static char *argv[] = { (char *)"vswitchd-lite", (char *)"--trace-json", (char *)"x",
				(char *)"--trace-filter", (char *)"arp", (char *)"br0",
				(char *)"eth1:access=10", (char *)"eth2", NULL };
	char error[256] = "";
	struct options o;
	bool ok = options_parse(8, argv, &o, error, sizeof(error)) == OPTIONS_RUN;

	if (ok)
		assert_int_equal(o.config.n_ports, 2);
	else if (!strstr(error, "memory"))
		fail_msg("\"%s\" does not say why", error);
	options_free(&o);
	return ok;
}

static char json_file[] = "/tmp/test_no_memory.XXXXXX";
static unsigned int followed;

static void follow(void *ctx, const char *json, size_t len)
{
	(void)ctx;
	assert_int_equal(strlen(json), len);
	followed++;
}

/* How many records are there, none of them half a one? */
static size_t whole_records(FILE *f, bool (*is_whole)(const char *line))
{
	char line[4096];
	size_t n = 0;

	rewind(f);
	while (fgets(line, sizeof(line), f)) {
		/* some may be missing, and one says so */
		if (strstr(line, "\"skipped\"") || strstr(line, "are not in this trace"))
			continue;
		if (!is_whole(line))
			fail_msg("not a record: %s", line);
		n++;
	}
	return n;
}

static bool is_json(const char *line)
{
	struct json_object *o = json_tokener_parse(line);

	json_object_put(o);
	return o;
}

static bool is_text(const char *line)
{
	const char *end = strstr(line, " us\n");

	return strstr(line, " eth1 miss ") == line + 15 && end && !end[4];
}

/* Writes two upcalls; false where there was no memory for the trace itself. */
static bool trace_two(const struct trace_options *o)
{
	static const uint8_t packet[60] __attribute__((aligned(4))) = { 2, 0, 0, 0, 0, 1 };
	struct trace_event e = {
		.kind = TRACE_MISS, .port = "eth1", .packet = { packet, 60 }, .packet_len = 60,
		.news = MAC_TABLE_LEARNED, .verdict = BRIDGE_DROP,
		.why = "a reason that takes more than a few words, so that lines have to grow "
		       "while they are being written, which is when memory may be short of them",
	};
	char error[256] = "";
	struct trace *t = trace_create(o, error, sizeof(error));

	if (!t) {
		if (!strstr(error, "memory") && !strstr(error, strerror(ENOMEM)))
			fail_msg("\"%s\" does not say why", error);
		return false;
	}
	followed = 0;
	trace_follow(t, follow, NULL);
	trace_write(t, &e);
	trace_write(t, &e);
	trace_flush(t);
	trace_destroy(t);
	return true;
}

static bool upcalls_traced(void)
{
	struct trace_options o = {
		.dp = "br0", .json = json_file, .text = tmpfile(), .filter = "not arp",
		.port = "eth1", .reason = "miss",
	};
	FILE *json;
	bool all;

	assert_non_null(o.text);
	all = trace_two(&o);
	all &= whole_records(o.text, is_text) == 2;
	fclose(o.text);
	json = fopen(json_file, "r");
	assert_non_null(json);
	all &= whole_records(json, is_json) == 2;
	fclose(json);
	return all;
}

static bool upcalls_followed(void)
{
	const struct trace_options o = { .dp = "br0" };

	return trace_two(&o) && followed == 2;
}

static int echo(struct rpc_call *call)
{
	call->result = json_object_new_string("here");
	return 0;
}

static bool clients_answered(void)
{
	static const char ask[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\"}\n";
	static const struct rpc_method methods[] = { { "echo", NULL, echo }, { NULL, NULL, NULL } };
	struct session *s = session_create(methods, NULL);
	struct vsl_blob said;
	char *at;
	bool all;

	if (!s)
		return false;
	assert_true(session_room(s, &at) >= sizeof(ask));
	memcpy(at, ask, sizeof(ask) - 1);
	session_took(s, sizeof(ask) - 1);
	session_work(s);
	/* a whole answer, or the end */
	all = !session_is_over(s);
	if (all) {
		said = session_output(s);
		assert_int_equal(((const char *)said.data)[said.len - 1], '\n');
	}
	session_destroy(s);
	return all;
}

static size_t open_files(void)
{
	DIR *d = opendir("/proc/self/fd");
	size_t n = 0;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static void on_any_fd(int fd, uint32_t events, void *arg)
{
	(void)fd;
	(void)events;
	(void)arg;
}

static void on_any_tick(void *arg)
{
	(void)arg;
}

static void on_any_signal(int signo, void *arg)
{
	(void)signo;
	(void)arg;
}

static bool loop(void)
{
	struct vsl_loop *l = vsl_loop_new();
	bool all = l, ok;
	sigset_t set;

	if (!l)
		return false;
	all &= !!vsl_loop_add_fd(l, STDOUT_FILENO, 0, on_any_fd, NULL) || errno == EPERM;
	all &= !!vsl_loop_add_timer(l, 1000, on_any_tick, NULL);
	ok = vsl_loop_add_signal(l, SIGUSR2, on_any_signal, NULL);
	/* what nobody listens to is not held back */
	sigprocmask(SIG_BLOCK, NULL, &set);
	assert_int_equal(sigismember(&set, SIGUSR2), ok);
	vsl_loop_free(l);
	return all && ok;
}

/* Generic netlink's own family stands for the module's, and refuses all of it. */
static const struct vsl_nl families = {
	.family = { [VSL_FAM_FLOW] = GENL_ID_CTRL, [VSL_FAM_PACKET] = GENL_ID_CTRL },
	.prefix = "ovs",
};

static bool netlink(void)
{
	struct vsl_nl_ring *ring = vsl_nl_ring_new();
	struct vsl_batch *batch = NULL;
	struct vsl_nl *nl = NULL;
	int err = vsl_nl_clone(&families, &nl);
	bool all;

	assert_true(err ? err == -ENOMEM && !nl : nl != NULL);
	if (nl)
		batch = vsl_batch_new(nl, NULL, NULL);
	all = ring && batch;
	vsl_batch_free(batch);
	vsl_nl_close(nl);
	vsl_nl_ring_free(ring);
	return all;
}

static bool flows_queued(struct flows *f, struct bridge *b)
{
	static const uint8_t key[] __attribute__((aligned(4))) = { 8, 0, 3, 0, 1, 0, 0, 0 };
	struct frame frame = { .in_port = 1, .eth_type = 0x0800, .src = { 2 }, .dst = { 4 } };
	static struct flows_answer answers[20];
	struct bridge_decision d;
	size_t before;
	bool all = true;
	uint8_t i;

	for (i = 0; i < 20; i++) {
		frame.dst[5] = i;
		bridge_decide(b, &frame, (struct vsl_blob){ key, sizeof(key) }, &d);
		answers[i] = (struct flows_answer){ FLOWS_NONE, 0 };
		before = flows_count(f);
		flows_put(f, &frame, &d, (struct vsl_blob){ key, sizeof(key) },
			  (struct vsl_blob){ key, 0 }, 0, &answers[i]);
		if (flows_count(f) == before + 1)
			continue;
		assert_int_equal(flows_count(f), before);
		assert_int_equal(answers[i].result, FLOWS_FAILED);
		assert_int_equal(answers[i].err, -ENOMEM);
		all = false;
	}
	return all;
}

static bool flows(void)
{
	struct mac_table *macs = mac_table_create(100, 1000, NULL, NULL);
	struct bridge *b = macs ? bridge_create(macs) : NULL;
	struct outbox *outbox = NULL;
	struct loops *loops = NULL;
	struct vsl_nl *nl = NULL;
	struct flows *f = NULL;
	bool all = false;

	if (b && !vsl_nl_clone(&families, &nl))
		outbox = outbox_create(nl);
	if (outbox)
		f = flows_create(b, macs, outbox, 1, 1000, 100);
	if (f) {
		const struct loops_parts parts = { b, macs, f, outbox, 1 };

		loops = loops_create(&parts);
	}
	if (loops)
		all = bridge_port_add(b, 1, "p1", NULL) && bridge_port_add(b, 2, "p2", NULL) &&
		      flows_queued(f, b);
	if (outbox)
		outbox_flush(outbox);
	if (f)
		assert_int_equal(flows_count(f), 0);
	loops_destroy(loops);
	outbox_destroy(outbox);
	flows_destroy(f);
	vsl_nl_close(nl);
	bridge_destroy(b);
	mac_table_destroy(macs);
	return all;
}

#define LIFE(name)						\
	static void without_##name(void **state)		\
	{							\
		size_t files = open_files();			\
								\
		(void)state;					\
		live_without(name);				\
		assert_int_equal(open_files(), files);		\
	}

LIFE(hosts)
LIFE(ports_and_rules)
LIFE(configuration)
LIFE(command_line)
LIFE(upcalls_traced)
LIFE(upcalls_followed)
LIFE(clients_answered)
LIFE(loop)
LIFE(netlink)
LIFE(flows)

static int make_file(void **state)
{
	(void)state;
	return close(mkstemp(json_file));
}

static int drop_file(void **state)
{
	(void)state;
	return unlink(json_file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_hosts),
		cmocka_unit_test(without_ports_and_rules),
		cmocka_unit_test(without_configuration),
		cmocka_unit_test(without_command_line),
		cmocka_unit_test(without_upcalls_traced),
		cmocka_unit_test(without_upcalls_followed),
		cmocka_unit_test(without_clients_answered),
		cmocka_unit_test(without_loop),
		cmocka_unit_test(without_netlink),
		cmocka_unit_test(without_flows),
	};

	/* warnings by the hundred */
	vsl_log_set_level(VSL_LOG_ERROR);
	return cmocka_run_group_tests(tests, make_file, drop_file);
}
