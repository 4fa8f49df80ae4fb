// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_trace.c - an upcall as a line for people, as JSON, as a captured packet
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <fcntl.h>
#include <arpa/inet.h>
#include <unistd.h>
#include <json-c/json.h>
#include <pcap/pcap.h>
#include <cmocka.h>

#include "lib/trace_line.h"
#include "vswitchd/trace.h"

/* An ARP request from A, who is looking for 10.0.0.2. */
static const uint8_t arp_packet[42] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 0xa, 0x08, 0x06,
	0, 1, 8, 0, 6, 4, 0, 1,
	2, 0, 0, 0, 0, 0xa, 10, 0, 0, 1,
	0, 0, 0, 0, 0, 0, 10, 0, 0, 2,
};

struct fixture {
	char json[64], pcap[64], text[64];
	FILE *text_file;
	struct nl_msg *key, *actions;
	struct trace_event event;
};

static void temp_name(char *name, size_t size)
{
	int fd;

	snprintf(name, size, "/tmp/test_trace.XXXXXX");
	fd = mkstemp(name);
	assert_true(fd >= 0);
	close(fd);
}

static void put_key(struct nl_msg *msg)
{
	struct ovs_key_ethernet eth;
	struct ovs_key_arp arp = { .arp_op = htons(1) };

	memcpy(eth.eth_dst, arp_packet, 6);
	memcpy(eth.eth_src, arp_packet + 6, 6);
	memcpy(arp.arp_sha, arp_packet + 22, 6);
	memcpy(&arp.arp_sip, arp_packet + 28, 4);
	memcpy(&arp.arp_tip, arp_packet + 38, 4);
	nla_put_u32(msg, OVS_KEY_ATTR_RECIRC_ID, 0);
	nla_put_u32(msg, OVS_KEY_ATTR_DP_HASH, 0);
	nla_put_u32(msg, OVS_KEY_ATTR_PRIORITY, 0);
	nla_put_u32(msg, OVS_KEY_ATTR_IN_PORT, 1);
	nla_put_u32(msg, OVS_KEY_ATTR_SKB_MARK, 0);
	nla_put_u32(msg, OVS_KEY_ATTR_CT_STATE, 0);
	nla_put(msg, OVS_KEY_ATTR_ETHERNET, sizeof(eth), &eth);
	nla_put_u16(msg, OVS_KEY_ATTR_ETHERTYPE, htons(0x0806));
	nla_put(msg, OVS_KEY_ATTR_ARP, sizeof(arp), &arp);
}

static int setup(void **state)
{
	struct fixture *fx = calloc(1, sizeof(*fx));
	struct trace_event *e = &fx->event;

	temp_name(fx->json, sizeof(fx->json));
	temp_name(fx->pcap, sizeof(fx->pcap));
	temp_name(fx->text, sizeof(fx->text));
	fx->text_file = fopen(fx->text, "w");
	fx->key = vsl_attrs_new();
	fx->actions = vsl_attrs_new();
	put_key(fx->key);
	nla_put_u32(fx->actions, OVS_ACTION_ATTR_OUTPUT, 2);
	nla_put_u32(fx->actions, OVS_ACTION_ATTR_OUTPUT, 3);

	e->wall_ns = 1700000000123456000;
	e->taken_ns = 85400;
	e->kind = TRACE_MISS;
	e->port = "veth1";
	e->port_no = 1;
	e->key = vsl_blob_of_msg(fx->key);
	e->packet = (struct vsl_blob){ arp_packet, sizeof(arp_packet) };
	e->packet_len = sizeof(arp_packet);
	e->verdict = BRIDGE_FLOOD;
	e->actions = vsl_blob_of_msg(fx->actions);
	memcpy(e->src, arp_packet + 6, 6);
	e->news = MAC_TABLE_LEARNED;
	e->flow.result = FLOWS_PUT;
	*state = fx;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fx = *state;

	fclose(fx->text_file);
	unlink(fx->json);
	unlink(fx->pcap);
	unlink(fx->text);
	nlmsg_free(fx->key);
	nlmsg_free(fx->actions);
	free(fx);
	return 0;
}

static struct trace *trace(struct fixture *fx, const char *filter)
{
	struct trace_options o = {
		.dp = "br0", .text = fx->text_file, .json = fx->json, .pcap = fx->pcap,
		.filter = filter,
	};
	char error[256];
	struct trace *t = trace_create(&o, error, sizeof(error));

	if (!t)
		fail_msg("%s", error);
	return t;
}

static size_t slurp(const char *path, char *buf, size_t size)
{
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(buf, 1, size - 1, f);
	buf[n] = 0;
	fclose(f);
	return n;
}

/* The line behind its time, which depends on where the test runs. */
static const char *text_line(struct fixture *fx)
{
	static char buf[2048];

	assert_true(slurp(fx->text, buf, sizeof(buf)) > 16);
	assert_int_equal(buf[8], '.');
	assert_memory_equal(buf + 9, "123456 ", 7);
	return buf + 16;
}

static void for_people(void **state)
{
	struct fixture *fx = *state;
	struct trace *t = trace(fx, NULL);

	trace_write(t, &fx->event);
	trace_flush(t);
	assert_string_equal(text_line(fx),
		"veth1 miss in_port(1),eth(src=02:00:00:00:00:0a,dst=ff:ff:ff:ff:ff:ff),"
		"eth_type(0x0806),arp(sip=10.0.0.1,tip=10.0.0.2,op=1,"
		"sha=02:00:00:00:00:0a,tha=00:00:00:00:00:00) -> flood 2,3 "
		"(learned 02:00:00:00:00:0a on 1), flow put, 85 us\n");
	trace_destroy(t);
}

static const char *ending(struct fixture *fx)
{
	struct trace *t;
	const char *line;

	rewind(fx->text_file);
	assert_int_equal(ftruncate(fileno(fx->text_file), 0), 0);
	t = trace(fx, NULL);
	trace_write(t, &fx->event);
	trace_flush(t);
	line = strstr(text_line(fx), " -> ");
	assert_non_null(line);
	trace_destroy(t);
	return line;
}

static void for_people_otherwise(void **state)
{
	struct fixture *fx = *state;
	struct trace_event *e = &fx->event;

	e->news = MAC_TABLE_MOVED;
	e->moved_from = 7;
	e->flow.result = FLOWS_EXISTS;
	assert_string_equal(ending(fx), " -> flood 2,3 (02:00:00:00:00:0a moved from 7 to 1), "
			    "flow exists, 85 us\n");
	e->vlan = 10;
	assert_string_equal(ending(fx), " -> flood 2,3 (02:00:00:00:00:0a moved from 7 to 1 "
			    "in VLAN 10), flow exists, 85 us\n");

	e->news = MAC_TABLE_KNOWN;
	e->verdict = BRIDGE_DROP;
	e->why = "tagged frame on an access port";
	e->actions.len = 0;
	e->flow.result = FLOWS_NONE;
	assert_string_equal(ending(fx), " -> drop: tagged frame on an access port, "
			    "flow none, 85 us\n");

	e->kind = TRACE_ACTION;
	assert_string_equal(ending(fx), " -> none, 85 us\n");

	e->kind = TRACE_MISS;
	e->flow.result = FLOWS_FAILED;
	e->flow.err = -ENOMEM;
	e->execute_err = -ENODEV;
	assert_non_null(strstr(ending(fx), strerror(ENOMEM)));
	assert_non_null(strstr(ending(fx), "packet not sent"));
	assert_non_null(strstr(ending(fx), strerror(ENODEV)));
}

static struct json_object *json_line(struct fixture *fx)
{
	static char buf[4096];
	struct json_object *o;
	size_t n = slurp(fx->json, buf, sizeof(buf));

	/* a line, and only one */
	assert_true(n > 1);
	assert_ptr_equal(strchr(buf, '\n'), buf + n - 1);
	o = json_tokener_parse(buf);
	assert_non_null(o);
	return o;
}

static const char *json_text(struct json_object *o, const char *name)
{
	return json_object_get_string(json_object_object_get(o, name));
}

static void for_programs(void **state)
{
	struct fixture *fx = *state;
	struct trace *t = trace(fx, NULL);
	struct json_object *o, *out;

	trace_write(t, &fx->event);
	trace_flush(t);
	/* the trace is still open: a reader need not wait for its end */
	o = json_line(fx);
	assert_float_equal(json_object_get_double(json_object_object_get(o, "time")),
			   1700000000.123456, 1e-6);
	assert_string_equal(json_text(o, "dp"), "br0");
	assert_string_equal(json_text(o, "port"), "veth1");
	assert_int_equal(json_object_get_int(json_object_object_get(o, "port_no")), 1);
	assert_string_equal(json_text(o, "kind"), "miss");
	assert_string_equal(json_text(o, "decision"), "flood");
	assert_string_equal(json_text(o, "flow"), "put");
	assert_string_equal(json_text(o, "learned"), "02:00:00:00:00:0a");
	assert_non_null(strstr(json_text(o, "key"), "in_port(1),eth("));
	assert_float_equal(json_object_get_double(json_object_object_get(o, "us")), 85.4, 0.01);
	out = json_object_object_get(o, "out");
	assert_int_equal(json_object_array_length(out), 2);
	assert_int_equal(json_object_get_int(json_object_array_get_idx(out, 0)), 2);
	assert_int_equal(json_object_get_int(json_object_array_get_idx(out, 1)), 3);
	json_object_put(o);
	trace_destroy(t);
}

static void for_wireshark(void **state)
{
	struct fixture *fx = *state;
	struct trace *t = trace(fx, NULL);
	char error[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *hdr;
	const u_char *data;
	pcap_t *p;

	trace_write(t, &fx->event);
	trace_flush(t);
	/* the trace is still open: a reader need not wait for its end */
	p = pcap_open_offline(fx->pcap, error);
	assert_non_null(p);
	assert_int_equal(pcap_datalink(p), DLT_EN10MB);
	assert_int_equal(pcap_next_ex(p, &hdr, &data), 1);
	assert_int_equal(hdr->caplen, sizeof(arp_packet));
	assert_int_equal(hdr->len, sizeof(arp_packet));
	assert_int_equal(hdr->ts.tv_sec, 1700000000);
	assert_int_equal(hdr->ts.tv_usec, 123456);
	assert_memory_equal(data, arp_packet, sizeof(arp_packet));
	assert_int_equal(pcap_next_ex(p, &hdr, &data), PCAP_ERROR_BREAK);
	pcap_close(p);
	trace_destroy(t);
}

static void filter_holds_for_all(void **state)
{
	struct fixture *fx = *state;
	struct trace *t = trace(fx, "icmp");
	char buf[256];

	trace_write(t, &fx->event);
	trace_destroy(t);
	assert_int_equal(slurp(fx->text, buf, sizeof(buf)), 0);
	assert_int_equal(slurp(fx->json, buf, sizeof(buf)), 0);
	/* the file's header alone */
	assert_int_equal(slurp(fx->pcap, buf, sizeof(buf)), 24);

	t = trace(fx, "arp and ether src 02:00:00:00:00:0a");
	trace_write(t, &fx->event);
	trace_flush(t);
	json_object_put(json_line(fx));
	trace_destroy(t);
}

static void refuses_what_is_wrong(void **state)
{
	struct fixture *fx = *state;
	struct trace_options o = { .dp = "br0", .json = fx->json, .filter = "arp or or" };
	char error[256], buf[16];
	FILE *f;

	/* a bad expression touches no file */
	f = fopen(fx->json, "w");
	fputs("kept", f);
	fclose(f);
	error[0] = 0;
	assert_null(trace_create(&o, error, sizeof(error)));
	assert_non_null(strstr(error, "arp or or"));
	slurp(fx->json, buf, sizeof(buf));
	assert_string_equal(buf, "kept");

	o = (struct trace_options){ .dp = "br0", .json = "/nowhere/trace.json" };
	assert_null(trace_create(&o, error, sizeof(error)));
	assert_non_null(strstr(error, "/nowhere/trace.json"));

	o = (struct trace_options){ .dp = "br0", .pcap = "/nowhere/trace.pcap" };
	assert_null(trace_create(&o, error, sizeof(error)));
	assert_non_null(strstr(error, "/nowhere/trace.pcap"));
}

static void outlives_its_outputs(void **state)
{
	struct fixture *fx = *state;
	struct trace_options o = { .dp = "br0", .json = fx->json };
	char error[256];
	struct trace *t;

	o.text = fopen("/dev/full", "w");
	t = trace_create(&o, error, sizeof(error));
	assert_non_null(t);
	trace_write(t, &fx->event);
	trace_flush(t);
	/* the other output has it all the same */
	json_object_put(json_line(fx));
	trace_write(t, &fx->event);
	trace_flush(t);
	trace_destroy(t);
	fclose(o.text);

	o = (struct trace_options){ .dp = "br0", .json = "/dev/full" };
	t = trace_create(&o, error, sizeof(error));
	assert_non_null(t);
	trace_write(t, &fx->event);
	trace_write(t, &fx->event);
	trace_destroy(t);
}

/* What is stored as JSON says the same as what was shown live. */
static void back_from_json(void **state)
{
	struct fixture *fx = *state;
	struct trace *t = trace(fx, NULL);
	struct vsl_str text = VSL_STR_INIT;
	struct vsl_trace_line line;
	struct json_object *o;
	char live[2048];

	fx->event.news = MAC_TABLE_MOVED;
	fx->event.moved_from = 7;
	fx->event.vlan = 10;
	fx->event.number = 5;
	fx->event.waited_ns = 12999;	/* 12 us, in both */
	fx->event.flow.result = FLOWS_FAILED;
	fx->event.flow.err = -ENOMEM;
	fx->event.execute_err = -ENODEV;
	trace_write(t, &fx->event);
	trace_flush(t);
	assert_non_null(strstr(text_line(fx), "85 us after 12 us in the queue\n"));
	slurp(fx->text, live, sizeof(live));
	o = json_line(fx);
	assert_true(vsl_trace_line_from_json(&line, o));
	vsl_trace_line_put_text(&text, &line);
	assert_string_equal(vsl_str_text(&text), live);
	assert_int_equal(line.n_outputs, 2);
	assert_int_equal(line.outputs[1], 3);
	json_object_put(o);
	vsl_str_free(&text);
	trace_destroy(t);

	/* what is not of a trace is none */
	o = json_tokener_parse("{\"time\": 1}");
	assert_false(vsl_trace_line_from_json(&line, o));
	json_object_put(o);
	o = json_tokener_parse("[1]");
	assert_false(vsl_trace_line_from_json(&line, o));
	json_object_put(o);
}

static size_t lines_of(struct fixture *fx)
{
	static char buf[1 << 20];
	size_t i, n = 0, len = slurp(fx->text, buf, sizeof(buf));

	for (i = 0; i < len; i++)
		n += buf[i] == '\n';
	return n;
}

static void narrowed_to_port_and_reason(void **state)
{
	struct fixture *fx = *state;
	struct trace_options o = { .dp = "br0", .text = fx->text_file, .reason = "moved" };
	char error[256];
	struct trace *t = trace_create(&o, error, sizeof(error));

	trace_write(t, &fx->event);
	trace_flush(t);
	assert_int_equal(lines_of(fx), 0);
	fx->event.news = MAC_TABLE_MOVED;
	trace_write(t, &fx->event);
	trace_flush(t);
	assert_int_equal(lines_of(fx), 1);
	trace_destroy(t);

	o.port = "veth2";
	t = trace_create(&o, error, sizeof(error));
	trace_write(t, &fx->event);
	trace_flush(t);
	assert_int_equal(lines_of(fx), 1);
	fx->event.port = "veth2";
	trace_write(t, &fx->event);
	trace_flush(t);
	assert_int_equal(lines_of(fx), 2);
	trace_destroy(t);

	o.reason = "mvoed";
	assert_null(trace_create(&o, error, sizeof(error)));
	assert_non_null(strstr(error, "'mvoed'"));
	assert_non_null(strstr(error, "moved"));
}

/* Of a flood of a host just learned, a forwarded one, a drop, an action's packet, one
 * of a host that moved, one whose flow and one whose packet failed.
 */
static void each_reason_has_its_own(void **state)
{
	static const struct {
		const char *reason, *passing;
	} reasons[] = {
		{ "miss", "1110111" }, { "action", "0001000" }, { "forward", "0100111" },
		{ "flood", "1000000" }, { "drop", "0010000" }, { "learned", "1000000" },
		{ "moved", "0000100" }, { "failed", "0000011" },
	};
	struct fixture *fx = *state;
	struct trace_event e[7];
	struct trace_options o = { .dp = "br0", .text = fx->text_file };
	char error[256], passed[8];
	size_t i, j, before, seen = 0;
	struct trace *t;

	for (i = 0; i < 7; i++) {
		e[i] = fx->event;
		e[i].news = i ? MAC_TABLE_KNOWN : MAC_TABLE_LEARNED;
		e[i].verdict = i ? BRIDGE_FORWARD : BRIDGE_FLOOD;
	}
	e[2].verdict = BRIDGE_DROP;
	e[3].kind = TRACE_ACTION;
	e[4].news = MAC_TABLE_MOVED;
	e[5].flow.result = FLOWS_FAILED;
	e[6].execute_err = -ENODEV;

	for (i = 0; i < VSL_ARRAY_SIZE(reasons); i++) {
		o.reason = reasons[i].reason;
		t = trace_create(&o, error, sizeof(error));
		assert_non_null(t);
		for (j = 0; j < 7; j++) {
			before = seen;
			trace_write(t, &e[j]);
			trace_flush(t);
			seen = lines_of(fx);
			passed[j] = '0' + (seen - before);
		}
		passed[7] = '\0';
		if (strcmp(passed, reasons[i].passing))
			fail_msg("%s: %s", reasons[i].reason, passed);
		trace_destroy(t);
	}
}

/* Nobody reads the pipe: the trace goes on, and says later how many are missing. */
static void slow_reader_misses_some(void **state)
{
	struct fixture *fx = *state;
	struct trace_options o = { .dp = "br0" };
	char error[256], buf[8192], *at;
	unsigned long long missing = 0;
	size_t told = 0, all = 0;
	struct vsl_str out = VSL_STR_INIT;
	struct trace *t;
	int pipe_fd[2];
	ssize_t n;

	assert_int_equal(pipe(pipe_fd), 0);
	o.text = fdopen(pipe_fd[1], "w");
	t = trace_create(&o, error, sizeof(error));
	assert_non_null(t);
	/* 64 KiB are the pipe's, 256 KiB the trace's: a record has about 200 bytes */
	for (; all < 4000; all++) {
		trace_write(t, &fx->event);
		trace_flush(t);
	}
	assert_true(trace_skipped(t) > 0);

	/* now somebody does; what is written next comes behind the gap */
	fcntl(pipe_fd[0], F_SETFL, O_NONBLOCK);
	for (; all < 4100; all++) {
		while ((n = read(pipe_fd[0], buf, sizeof(buf))) > 0)
			vsl_str_putn(&out, buf, n);
		trace_write(t, &fx->event);
		trace_flush(t);
	}
	while ((n = read(pipe_fd[0], buf, sizeof(buf))) > 0)
		vsl_str_putn(&out, buf, n);
	for (at = out.s; (at = strchr(at, '\n')); at++)
		told++;
	at = strstr(out.s, " ... ");
	assert_non_null(at);
	assert_int_equal(sscanf(at, " ... %llu upcalls are not in this trace\n", &missing), 1);
	/* every one is either told of or counted; one line tells of the gap */
	assert_int_equal(told - 1 + missing, all);
	assert_int_equal(missing, trace_skipped(t));
	trace_destroy(t);
	fclose(o.text);
	close(pipe_fd[0]);
	vsl_str_free(&out);
}

static void files_are_put_aside(void **state)
{
	struct fixture *fx = *state;
	struct trace_options o = {
		.dp = "br0", .json = fx->json, .pcap = fx->pcap, .rotate_at = 1000,
	};
	char error[256], name[80], buf[4096];
	struct trace *t = trace_create(&o, error, sizeof(error));
	int i;

	/* an object is longer than 250 bytes and shorter than 500 */
	for (i = 0; i < 40; i++) {
		trace_write(t, &fx->event);
		trace_flush(t);
	}
	trace_destroy(t);
	for (i = 1; i <= 4; i++) {
		snprintf(name, sizeof(name), "%s.%d", fx->json, i);
		assert_in_range(slurp(name, buf, sizeof(buf)), 1000, 1500);
		assert_int_equal(buf[0], '{');
		unlink(name);
	}
	snprintf(name, sizeof(name), "%s.5", fx->json);
	assert_int_equal(access(name, F_OK), -1);
	/* each capture has its header: 24 bytes, then 16 + 42 for each packet */
	snprintf(name, sizeof(name), "%s.1", fx->pcap);
	assert_int_equal(slurp(name, buf, sizeof(buf)), 24 + 17 * (16 + 42));
	unlink(name);
	snprintf(name, sizeof(name), "%s.2", fx->pcap);
	assert_int_equal(slurp(name, buf, sizeof(buf)), 24 + 17 * (16 + 42));
	assert_memory_equal(buf, "\x4d\x3c\xb2\xa1", 4);
	unlink(name);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

struct heard {
	unsigned int n;
	char json[2048];
};

static void hear(void *ctx, const char *json, size_t len)
{
	struct heard *h = ctx;

	assert_true(len < sizeof(h->json));
	memcpy(h->json, json, len);
	h->json[len] = 0;
	h->n++;
}

/* The outputs are silent while switched off; who follows hears all the same. */
static void off_but_followed(void **state)
{
	struct fixture *fx = *state;
	struct trace *t = trace(fx, NULL);
	struct heard heard = { 0 };
	struct json_object *o;
	size_t long_one;
	char buf[64];

	assert_true(trace_is_on(t));
	assert_true(trace_switch(t, false));
	assert_false(trace_is_on(t));
	trace_follow(t, hear, &heard);
	trace_write(t, &fx->event);
	trace_flush(t);
	assert_int_equal(heard.n, 1);
	o = json_tokener_parse(heard.json);
	assert_string_equal(json_text(o, "learned"), "02:00:00:00:00:0a");
	json_object_put(o);
	assert_int_equal(slurp(fx->text, buf, sizeof(buf)), 0);
	assert_int_equal(slurp(fx->json, buf, sizeof(buf)), 0);

	/* a shorter one shows nothing of the longer one's end */
	long_one = strlen(heard.json);
	fx->event.news = MAC_TABLE_KNOWN;
	trace_switch(t, true);
	trace_write(t, &fx->event);
	trace_flush(t);
	assert_true(strlen(heard.json) < long_one);
	o = json_line(fx);
	assert_string_equal(json_text(o, "kind"), "miss");
	json_object_put(o);
	o = json_tokener_parse(heard.json);
	assert_null(json_object_object_get(o, "learned"));
	json_object_put(o);

	trace_follow(t, NULL, NULL);
	trace_write(t, &fx->event);
	assert_int_equal(heard.n, 2);
	trace_destroy(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(for_people),
		CASE(for_people_otherwise),
		CASE(for_programs),
		CASE(for_wireshark),
		CASE(filter_holds_for_all),
		CASE(refuses_what_is_wrong),
		CASE(outlives_its_outputs),
		CASE(off_but_followed),
		CASE(back_from_json),
		CASE(narrowed_to_port_and_reason),
		CASE(each_reason_has_its_own),
		CASE(slow_reader_misses_some),
		CASE(files_are_put_aside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
