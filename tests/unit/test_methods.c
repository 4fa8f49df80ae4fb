// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_methods.c - what the control socket's methods give: pages that have all and
 * nothing twice, figures that Prometheus can read
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/libfuzzer/daemon.h"
#include "vswitchd/methods.h"
#include "vswitchd/metrics.h"

#define HOSTS 1000

static int make(void **state)
{
	struct vswitchd *v = calloc(1, sizeof(*v));

	daemon_without_kernel(v, 2 * HOSTS);
	*state = v;
	return 0;
}

static int drop(void **state)
{
	struct vswitchd *v = *state;

	flows_destroy(v->flows);
	bridge_destroy(v->bridge);
	mac_table_destroy(v->macs);
	trace_destroy(v->trace);
	free(v);
	return 0;
}

/* The result of a call; NULL where it fails, @text then has the error. */
static json_object *call(struct vswitchd *v, const char *method, const char *params,
			 struct vsl_str *text)
{
	struct vsl_str request = VSL_STR_INIT;
	json_object *o, *result = NULL;

	vsl_str_clear(text);
	vsl_str_printf(&request, "{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"params\":%s,\"id\":1}",
		       method, params);
	rpc_answer(methods_table(), v, NULL, vsl_str_text(&request), request.len, text);
	vsl_str_free(&request);
	o = json_tokener_parse(vsl_str_text(text));
	assert_non_null(o);
	if (json_object_object_get_ex(o, "result", &result))
		json_object_get(result);
	json_object_put(o);
	return result;
}

static json_object *member(json_object *o, const char *name)
{
	json_object *value = NULL;

	json_object_object_get_ex(o, name, &value);
	return value;
}

static void learn(struct vswitchd *v, unsigned int n, uint16_t vlan, uint32_t port)
{
	uint8_t mac[6] = { 2, 0, 0, 0, n >> 8, n };

	assert_int_equal(mac_table_learn(v->macs, vlan, mac, port, 0), MAC_TABLE_LEARNED);
}

/* Each host once, in order, whatever the order in which they were learned. */
static void pages_have_all(void **state)
{
	struct vswitchd *v = *state;
	struct vsl_str text = VSL_STR_INIT, params = VSL_STR_INIT;
	unsigned int i, n = 0, pages = 0;
	char last[32] = "", now[32];
	json_object *page, *entries, *next;

	for (i = 0; i < HOSTS; i++)
		learn(v, i * 617 % HOSTS, i * 617 % HOSTS % 2 * 10, i % 2);
	vsl_str_puts(&params, "{}");
	do {
		page = call(v, "fdb.show", vsl_str_text(&params), &text);
		entries = member(page, "entries");
		assert_true(json_object_array_length(entries) <= METHODS_PAGE);
		for (i = 0; i < json_object_array_length(entries); i++) {
			json_object *e = json_object_array_get_idx(entries, i);

			snprintf(now, sizeof(now), "%04d %s",
				 json_object_get_int(member(e, "vlan")),
				 json_object_get_string(member(e, "mac")));
			assert_true(strcmp(last, now) < 0);
			strcpy(last, now);
			n++;
		}
		next = member(page, "next");
		vsl_str_clear(&params);
		vsl_str_printf(&params, "{\"after\":\"%s\"}", json_object_get_string(next));
		pages++;
		json_object_put(page);
	} while (next);
	assert_int_equal(n, HOSTS);
	assert_int_equal(pages, (HOSTS + METHODS_PAGE - 1) / METHODS_PAGE);
	vsl_str_free(&params);
	vsl_str_free(&text);
}

static size_t count(struct vswitchd *v, const char *params)
{
	struct vsl_str text = VSL_STR_INIT;
	json_object *page = call(v, "fdb.show", params, &text);
	size_t n = json_object_array_length(member(page, "entries"));

	json_object_put(page);
	vsl_str_free(&text);
	return n;
}

static void hosts_are_chosen(void **state)
{
	struct vswitchd *v = *state;
	struct vsl_str text = VSL_STR_INIT;
	json_object *o;

	learn(v, 1, 0, 0);
	learn(v, 1, 10, 1);
	learn(v, 2, 10, 0);
	assert_int_equal(count(v, "{}"), 3);
	assert_int_equal(count(v, "{\"vlan\":10}"), 2);
	assert_int_equal(count(v, "{\"port\":\"eth1\"}"), 1);
	assert_int_equal(count(v, "{\"vlan\":0,\"port\":\"eth1\"}"), 0);
	/* the next one after it, in the same VLAN and in the one above */
	assert_int_equal(count(v, "{\"after\":\"10/02:00:00:00:00:01\"}"), 1);
	assert_int_equal(count(v, "{\"after\":\"0/ff:ff:ff:ff:ff:ff\"}"), 2);

	o = call(v, "fdb.flush", "{\"vlan\":10,\"port\":\"eth1\"}", &text);
	assert_int_equal(json_object_get_int(member(o, "flushed")), 1);
	json_object_put(o);
	assert_int_equal(count(v, "{}"), 2);
	assert_null(call(v, "fdb.add", "{\"mac\":\"02:00:00:00:00:09\",\"port\":\"eth1\"}", &text));
	assert_non_null(strstr(vsl_str_text(&text), "\"result\":null"));
	o = call(v, "fdb.show", "{\"port\":\"eth1\"}", &text);
	assert_true(json_object_get_boolean(member(json_object_array_get_idx(
						   member(o, "entries"), 0), "static")));
	json_object_put(o);
	assert_null(call(v, "fdb.del", "{\"mac\":\"02:00:00:00:00:09\"}", &text));
	assert_int_equal(count(v, "{\"port\":\"eth1\"}"), 0);

	assert_null(call(v, "fdb.show", "{\"after\":\"10\"}", &text));
	assert_non_null(strstr(vsl_str_text(&text), "-32602"));
	assert_null(call(v, "fdb.show", "{\"after\":\"x/02:00:00:00:00:01\"}", &text));
	assert_non_null(strstr(vsl_str_text(&text), "-32602"));
	assert_null(call(v, "fdb.show", "{\"vlan\":4095}", &text));
	assert_non_null(strstr(vsl_str_text(&text), "-32602"));
	vsl_str_free(&text);
}

/* Fixed in a VLAN that the port does not carry, a host would be behind none. */
static void hosts_are_fixed_where_they_can_be(void **state)
{
	const struct bridge_port_config access = {
		.vlans = { .mode = BRIDGE_PORT_ACCESS, .access = 10 },
	};
	const struct bridge_port_config outlet = { .mirror_to = 1 };
	const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
	struct vsl_str text = VSL_STR_INIT;
	struct vswitchd *v = *state;

	bridge_port_add(v->bridge, 2, "eth2", &access);
	bridge_port_add(v->bridge, 3, "eth3", &outlet);
	json_object_put(call(v, "fdb.add", "{\"mac\":\"02:00:00:00:00:01\",\"port\":\"eth2\"}",
			     &text));
	assert_int_equal(mac_table_fixed_port(v->macs, 10, mac), 2);
	assert_int_equal(mac_table_fixed_port(v->macs, 0, mac), MAC_TABLE_NO_PORT);
	call(v, "fdb.add", "{\"mac\":\"02:00:00:00:00:01\",\"port\":\"eth2\",\"vlan\":20}", &text);
	assert_non_null(strstr(vsl_str_text(&text), "does not carry VLAN 20"));
	call(v, "fdb.add", "{\"mac\":\"02:00:00:00:00:01\",\"port\":\"eth3\"}", &text);
	assert_non_null(strstr(vsl_str_text(&text), "where a mirror sends to"));
	assert_int_equal(mac_table_fixed_port(v->macs, 20, mac), MAC_TABLE_NO_PORT);
	vsl_str_free(&text);
}

static void many_ports_have_pages(void **state)
{
	struct vswitchd *v = *state;
	struct vsl_str text = VSL_STR_INIT;
	json_object *page, *ports;
	char name[16];
	uint32_t i;

	for (i = 2; i < METHODS_PAGE + 10; i++) {
		snprintf(name, sizeof(name), "p%u", i);
		bridge_port_add(v->bridge, i, name, NULL);
	}
	page = call(v, "ports", "{}", &text);
	ports = member(page, "ports");
	assert_int_equal(json_object_array_length(ports), METHODS_PAGE);
	assert_string_equal(json_object_get_string(member(json_object_array_get_idx(ports, 1),
							  "trunk")), "0,2-3,8-63");
	assert_int_equal(json_object_get_int(member(page, "next")), METHODS_PAGE - 1);
	json_object_put(page);
	page = call(v, "ports", "{\"after\":255}", &text);
	assert_int_equal(json_object_array_length(member(page, "ports")), 10);
	assert_null(member(page, "next"));
	json_object_put(page);
	vsl_str_free(&text);
}

/* Prometheus' text format: a metric's lines together, behind its HELP and TYPE. */
/* A device may be called by bytes that are no UTF-8; an answer has nothing else. */
static void any_name_makes_json(void **state)
{
	struct vsl_str text = VSL_STR_INIT;
	struct vswitchd *v = *state;
	json_object *o = NULL;

	bridge_port_add(v->bridge, 2, "e\xff\xc3\xa4\xc0\xaf\xe2\x82", NULL);
	json_object_put(call(v, "ports", "{}", &text));
	assert_null(vsl_rpc_parse(vsl_str_text(&text), text.len, &o));
	assert_non_null(strstr(vsl_str_text(&text), "\"e?\xc3\xa4????\""));
	json_object_put(o);
	vsl_str_free(&text);
}

static void metrics_can_be_read(void **state)
{
	struct vswitchd *v = *state;
	struct trace_event e = { .kind = TRACE_MISS, .verdict = BRIDGE_FLOOD,
				 .taken_ns = 60000, .flow.result = FLOWS_PUT };
	struct vsl_str text = VSL_STR_INIT;
	char metric[80] = "", name[80], type[16] = "", *line, *save;
	unsigned int samples = 0;

	stats_count(&v->stats, &e);
	e.taken_ns = 1000000000;
	stats_count(&v->stats, &e);
	e.kind = TRACE_ACTION;
	stats_count(&v->stats, &e);
	metrics_put(&text, v);
	assert_non_null(strstr(vsl_str_text(&text), "vswitchd_lite_upcalls_total"
			       "{datapath=\"br\\\"0\",kind=\"miss\"} 2\n"));
	assert_non_null(strstr(vsl_str_text(&text), "vswitchd_lite_upcall_seconds_bucket"
			       "{datapath=\"br\\\"0\",le=\"5e-05\"} 0\n"));
	assert_non_null(strstr(vsl_str_text(&text), ",le=\"0.0001\"} 1\n"));
	assert_non_null(strstr(vsl_str_text(&text), ",le=\"+Inf\"} 2\n"));
	assert_non_null(strstr(vsl_str_text(&text), "_sum{datapath=\"br\\\"0\"} 1.000060000\n"));

	for (line = strtok_r(text.s, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (sscanf(line, "# HELP %79s", metric) == 1) {
			assert_null(strstr(metric, "{"));
			*type = 0;
		} else if (sscanf(line, "# TYPE %79s %15s", name, type) == 2) {
			assert_string_equal(name, metric);
		} else {
			assert_int_equal(sscanf(line, "%79[a-z_]{", name), 1);
			/* a histogram's have endings of their own */
			assert_int_equal(strncmp(name, metric, strlen(metric)), 0);
			assert_true(!strcmp(name, metric) || !strcmp(type, "histogram"));
			assert_non_null(strstr(line, "} "));
			samples++;
		}
	}
	assert_true(samples > 30);
	vsl_str_free(&text);
}

static void status_and_stats(void **state)
{
	struct vswitchd *v = *state;
	struct vsl_str text = VSL_STR_INIT;
	json_object *o = call(v, "status", "{}", &text);

	assert_string_equal(json_object_get_string(member(o, "datapath")), "br\"0");
	assert_int_equal(json_object_get_int(member(o, "ports")), 2);
	assert_false(json_object_get_boolean(member(o, "trace")));
	json_object_put(o);
	v->stats.moved = 7;
	o = call(v, "stats", "{}", &text);
	assert_int_equal(json_object_get_int(member(member(o, "hosts"), "moved")), 7);
	assert_true(json_object_get_int64(member(member(o, "daemon"), "memory")) > 100000);
	assert_int_equal(json_object_array_length(member(o, "times")), STATS_N_TIMES);
	json_object_put(o);

	/* without an output there is nothing to be switched on */
	assert_null(call(v, "trace", "{\"on\":true}", &text));
	assert_non_null(strstr(vsl_str_text(&text), "without an output"));
	assert_null(call(v, "reload", "{}", &text));
	assert_non_null(strstr(vsl_str_text(&text), "there is nothing to reload"));
	vsl_str_free(&text);
}

#define CASE(fn) cmocka_unit_test_setup_teardown(fn, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(pages_have_all),
		CASE(hosts_are_chosen),
		CASE(hosts_are_fixed_where_they_can_be),
		CASE(many_ports_have_pages),
		CASE(any_name_makes_json),
		CASE(metrics_can_be_read),
		CASE(status_and_stats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
