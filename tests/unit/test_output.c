// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/output.c: the same calls as text, as a JSON document and as JSON lines; and
 * lib/util.c, whose strings it prints.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <json-c/json.h>

#include "lib/output.h"
#include "lib/util.h"

static void put_record(struct vsl_out *out, unsigned int i)
{
	vsl_out_object(out, NULL);
	vsl_out_str(out, "name", "", i ? "b" : "a \"quoted\" \\ name");
	vsl_out_u64(out, "big", ": ", UINT64_MAX - i);
	vsl_out_i64(out, "neg", " ", -5);
	vsl_out_bool(out, "yes", true);
	vsl_out_u64(out, "hidden", NULL, 1);
	vsl_out_double(out, "ratio", " ", 1.0 / 3, 2);
	vsl_out_array(out, "list");
	vsl_out_str(out, NULL, " ", "x");
	vsl_out_object(out, NULL);
	vsl_out_u64(out, "n", "=", i);
	vsl_out_end(out);
	vsl_out_end(out);
	vsl_out_text(out, " %s\n", "text");
	vsl_out_end(out);
}

static char *render(enum vsl_out_mode mode, unsigned int n)
{
	char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);
	struct vsl_out *out = vsl_out_new(file, mode);

	assert_non_null(out);
	assert_int_equal(vsl_out_is_json(out), mode != VSL_OUT_TEXT);
	for (unsigned int i = 0; i < n; i++)
		put_record(out, i);
	assert_int_equal(vsl_out_free(out), 0);
	fclose(file);
	return text;
}

static void test_text(void **state)
{
	char *text = render(VSL_OUT_TEXT, 2);

	(void)state;
	assert_string_equal(text,
			    "a \"quoted\" \\ name: 18446744073709551615 -5 0.33 x=0 text\n"
			    "b: 18446744073709551614 -5 0.33 x=1 text\n");
	free(text);
}

static void check_record(json_object *record, unsigned int i)
{
	json_object *v;

	assert_true(json_object_object_get_ex(record, "name", &v));
	assert_string_equal(json_object_get_string(v),
			    i ? "b" : "a \"quoted\" \\ name");
	assert_true(json_object_object_get_ex(record, "big", &v));
	assert_true(json_object_get_uint64(v) == UINT64_MAX - i);
	assert_true(json_object_object_get_ex(record, "neg", &v));
	assert_int_equal(json_object_get_int(v), -5);
	assert_true(json_object_object_get_ex(record, "yes", &v));
	assert_true(json_object_get_boolean(v));
	assert_true(json_object_object_get_ex(record, "hidden", &v));
	assert_true(json_object_object_get_ex(record, "ratio", &v));
	assert_string_equal(json_object_to_json_string(v), "0.33");
	assert_true(json_object_object_get_ex(record, "list", &v));
	assert_int_equal(json_object_array_length(v), 2);
}

static void test_json(void **state)
{
	(void)state;
	for (unsigned int n = 0; n < 3; n++) {
		char *text = render(VSL_OUT_JSON, n);
		json_object *all = json_tokener_parse(text);

		assert_non_null(all);
		assert_true(json_object_is_type(all, json_type_array));
		assert_int_equal(json_object_array_length(all), n);
		for (unsigned int i = 0; i < n; i++)
			check_record(json_object_array_get_idx(all, i), i);
		json_object_put(all);
		free(text);
	}
}

static void test_json_lines(void **state)
{
	char *text = render(VSL_OUT_JSON_LINES, 2), *line, *rest = text;
	unsigned int i = 0;

	(void)state;
	while ((line = strsep(&rest, "\n")) && *line) {
		json_object *record = json_tokener_parse(line);

		assert_non_null(record);
		check_record(record, i++);
		json_object_put(record);
	}
	assert_int_equal(i, 2);
	free(text);
}

static void test_disk_full(void **state)
{
	FILE *full = fopen("/dev/full", "w");
	struct vsl_out *out = vsl_out_new(full, VSL_OUT_JSON);

	(void)state;
	assert_non_null(full);
	put_record(out, 0);
	assert_int_equal(vsl_out_free(out), -EIO);
	fclose(full);
	assert_int_equal(vsl_out_free(NULL), 0);
}

static void test_str(void **state)
{
	struct vsl_str str = VSL_STR_INIT;

	(void)state;
	assert_string_equal(vsl_str_text(&str), "");
	for (int i = 0; i < 1000; i++)
		vsl_str_printf(&str, "%03d", i);
	assert_int_equal(str.len, 3000);
	assert_memory_equal(str.s + 2997, "999", 4);
	vsl_str_clear(&str);
	vsl_str_putu64(&str, 0);
	vsl_str_putc(&str, ' ');
	vsl_str_putu64(&str, UINT64_MAX);
	vsl_str_putn(&str, " abc", 2);
	vsl_str_puthex(&str, "\x00\xff", 2);
	vsl_str_putmac(&str, (const uint8_t *)"\x01\x02\x03\xa4\xb5\xc6");
	assert_string_equal(vsl_str_text(&str),
			    "0 18446744073709551615 a00ff01:02:03:a4:b5:c6");
	assert_false(str.failed);
	vsl_str_free(&str);
	assert_string_equal(vsl_str_text(&str), "");
}

static void test_parsers(void **state)
{
	uint8_t mac[6] = { 0 }, hex[2];
	uint32_t v;

	(void)state;
	assert_int_equal(vsl_mac_parse("00:11:22:aa:BB:c,", mac), 16);
	assert_memory_equal(mac, "\x00\x11\x22\xaa\xbb\x0c", 6);
	assert_int_equal(vsl_mac_parse("00:11:22:aa:bb", mac), 0);
	assert_int_equal(vsl_mac_parse("00:11:22:aa:bb:", mac), 0);
	assert_int_equal(vsl_mac_parse("00-11-22-aa-bb-cc", mac), 0);
	assert_int_equal(vsl_mac_parse("", mac), 0);
	assert_true(vsl_mac_is_multicast((const uint8_t *)"\x01\0\0\0\0"));
	assert_false(vsl_mac_is_multicast((const uint8_t *)"\x02\0\0\0\0"));

	assert_true(vsl_hex_parse("0fF0", 4, hex));
	assert_memory_equal(hex, "\x0f\xf0", 2);
	assert_false(vsl_hex_parse("0fg0", 4, hex));
	assert_false(vsl_hex_parse("0ff", 3, hex));

	assert_true(vsl_u32_parse("4294967295", UINT32_MAX, &v));
	assert_true(v == UINT32_MAX);
	assert_true(vsl_u32_parse("0x1F", 31, &v));
	assert_int_equal(v, 31);
	assert_true(vsl_u32_parse("010", 10, &v));	/* no octal */
	assert_int_equal(v, 10);
	assert_false(vsl_u32_parse("32", 31, &v));
	assert_false(vsl_u32_parse("", 31, &v));
	assert_false(vsl_u32_parse("-1", UINT32_MAX, &v));
	assert_false(vsl_u32_parse(" 1", 31, &v));
	assert_false(vsl_u32_parse("1 ", 31, &v));
	assert_false(vsl_u32_parse("f", 31, &v));
	assert_false(vsl_u32_parse("99999999999999999999999", 31, &v));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_json_lines),
		cmocka_unit_test(test_disk_full),
		cmocka_unit_test(test_str),
		cmocka_unit_test(test_parsers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
