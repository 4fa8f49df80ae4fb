// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lib/nl*.c against a family that every kernel has: generic netlink's own
 * controller ("nlctrl"), in the place of the module's family.  It answers
 * CTRL_CMD_GETFAMILY for its own name, and with ENOENT for unknown ones.
 */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/genetlink.h>
#include <netlink/genl/genl.h>

#include "lib/module.h"
#include "lib/nl.h"
#include "nl_private.h"

static struct vsl_nl *nl;

static int setup(void **state)
{
	struct vsl_nl families = {
		.family = { [VSL_FAM_MODULE] = GENL_ID_CTRL },
		.prefix = "ovs",
	};

	(void)state;
	return vsl_nl_clone(&families, &nl);
}

static int teardown(void **state)
{
	(void)state;
	vsl_nl_close(nl);
	return 0;
}

static struct nl_msg *ask(const char *name, int flags)
{
	struct nl_msg *msg = vsl_nl_msg(nl, VSL_FAM_MODULE, CTRL_CMD_GETFAMILY,
					flags, 0);

	assert_non_null(msg);
	if (name)
		nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, name);
	return msg;
}

static const char *name_in(const struct nlmsghdr *nlh)
{
	struct nlattr *tb[CTRL_ATTR_MAX + 1];

	if (genlmsg_parse((struct nlmsghdr *)nlh, 0, tb, CTRL_ATTR_MAX, NULL) ||
	    !tb[CTRL_ATTR_FAMILY_NAME])
		return "";
	return nla_get_string(tb[CTRL_ATTR_FAMILY_NAME]);
}

static void test_transact(void **state)
{
	struct nl_msg *reply;

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(vsl_nl_transact(nl, ask("nlctrl", 0), &reply),
				 0);
		assert_non_null(reply);
		assert_string_equal(name_in(nlmsg_hdr(reply)), "nlctrl");
		assert_int_equal(vsl_nl_family_of(nl, nlmsg_hdr(reply)),
				 VSL_FAM_MODULE);
		nlmsg_free(reply);
		/* An answer that nobody wants must not stay for the next. */
		assert_int_equal(vsl_nl_transact(nl, ask("nlctrl", 0), NULL),
				 0);
		assert_int_equal(vsl_nl_transact(nl, ask("no-such", 0),
						 &reply), -ENOENT);
		assert_null(reply);
	}
	assert_int_equal(vsl_nl_transact(nl, NULL, &reply), -ENOMEM);
}

/* Kernels differ in their errno for it. */
static bool is_too_long(int err)
{
	return err == -ERANGE || err == -EINVAL;
}

/* A name that is too long is refused by policy, and the kernel has words. */
static void test_extack(void **state)
{
	char name[64];
	int err;

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	err = vsl_nl_transact(nl, ask(name, 0), NULL);
	assert_true(is_too_long(err));
	assert_non_null(strstr(vsl_nl_extack(nl), "policy"));
	assert_non_null(strstr(vsl_nl_strerror(nl, err), vsl_nl_extack(nl)));
	/* The next request has no use for the words on the last. */
	assert_int_equal(vsl_nl_transact(nl, ask("nlctrl", 0), NULL), 0);
	assert_string_equal(vsl_nl_extack(nl), "");
	assert_non_null(strstr(vsl_nl_strerror(NULL, -EPERM),
			       "CAP_NET_ADMIN"));
}

struct dump {
	unsigned int n;
	unsigned int stop_at;
	bool nlctrl;
};

static int dump_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct dump *dump = arg;

	dump->nlctrl |= !strcmp(name_in(nlh), "nlctrl");
	return ++dump->n == dump->stop_at ? -ECANCELED : 0;
}

static void test_dump(void **state)
{
	struct dump all = { 0 }, some = { .stop_at = 1 };
	struct nl_msg *reply;

	(void)state;
	assert_int_equal(vsl_nl_dump(nl, ask(NULL, 0), dump_cb, &all), 0);
	assert_true(all.n >= 1);
	assert_true(all.nlctrl);
	assert_int_equal(vsl_nl_dump(nl, ask(NULL, 0), dump_cb, &some),
			 -ECANCELED);
	assert_int_equal(some.n, 1);
	/* The socket is clean after a dump that was stopped. */
	assert_int_equal(vsl_nl_transact(nl, ask("nlctrl", 0), &reply), 0);
	assert_string_equal(name_in(nlmsg_hdr(reply)), "nlctrl");
	nlmsg_free(reply);
	assert_int_equal(vsl_nl_dump(nl, NULL, dump_cb, &all), -ENOMEM);
}

/* Piece by piece comes what comes at once, and the end is told. */
static void test_dump_in_pieces(void **state)
{
	struct dump all = { 0 }, pieces = { 0 }, some = { .stop_at = 1 };
	int left, calls = 0;

	(void)state;
	assert_int_equal(vsl_nl_dump(nl, ask(NULL, 0), dump_cb, &all), 0);
	assert_int_equal(vsl_nl_dump_start(nl, ask(NULL, 0), dump_cb, &pieces), 0);
	assert_int_equal(pieces.n, 0);
	while ((left = vsl_nl_dump_more(nl)) == 1)
		assert_true(++calls < 1000);
	assert_int_equal(left, 0);
	assert_int_equal(pieces.n, all.n);
	assert_true(pieces.nlctrl);

	assert_int_equal(vsl_nl_dump_start(nl, ask(NULL, 0), dump_cb, &some), 0);
	while ((left = vsl_nl_dump_more(nl)) == 1)
		;
	assert_int_equal(left, -ECANCELED);
	assert_int_equal(some.n, 1);
	assert_int_equal(vsl_nl_transact(nl, ask("nlctrl", 0), NULL), 0);
	assert_int_equal(vsl_nl_dump_start(nl, NULL, dump_cb, &all), -ENOMEM);
}

struct done {
	unsigned int n;
	unsigned int failed;
	bool words;
};

/* Every third request asks for a family that is not there. */
static void batch_done(uintptr_t cookie, int err, const char *extack,
		       void *arg)
{
	struct done *done = arg;

	assert_int_equal(cookie, done->n);
	assert_int_equal(err, cookie % 3 ? 0 : -ENOENT);
	done->words |= *extack;
	done->failed += !!err;
	done->n++;
}

static void add(struct vsl_batch *batch, const char *name, uintptr_t cookie)
{
	struct nl_msg *msg = vsl_batch_msg(batch, VSL_FAM_MODULE,
					   CTRL_CMD_GETFAMILY, 0, 0);

	nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, name);
	vsl_batch_commit(batch, cookie);
}

static void test_batch(void **state)
{
	struct done done = { 0 };
	struct vsl_batch *batch = vsl_batch_new(nl, batch_done, &done);
	unsigned int n = 0;

	(void)state;
	assert_non_null(batch);
	assert_int_equal(vsl_batch_flush(batch), 0);	/* empty */
	for (unsigned int size = 1; size < 6; size++) {
		for (unsigned int i = 0; i < size; i++, n++)
			add(batch, n % 3 ? "nlctrl" : "no-such", n);
		assert_int_equal(vsl_batch_count(batch), size);
		assert_int_equal(vsl_batch_flush(batch), 0);
		assert_int_equal(vsl_batch_count(batch), 0);
		assert_int_equal(done.n, n);
	}
	/* More than one batch takes: some go out before the flush. */
	for (unsigned int i = 0; i < 1000; i++, n++)
		add(batch, n % 3 ? "nlctrl" : "no-such", n);
	assert_true(done.n > 0 && done.n < n);
	assert_int_equal(vsl_batch_flush(batch), 0);
	assert_int_equal(done.n, 1015);
	assert_int_equal(done.failed, 339);	/* 0, 3, ... 1014 */
	vsl_batch_free(batch);
}

/* Half-built requests leave nothing behind. */
static void test_batch_restart(void **state)
{
	struct done done = { .n = 1 };
	struct vsl_batch *batch = vsl_batch_new(nl, batch_done, &done);

	(void)state;
	assert_non_null(batch);
	nla_put_string(vsl_batch_msg(batch, VSL_FAM_MODULE, CTRL_CMD_GETFAMILY,
				     0, 0), CTRL_ATTR_FAMILY_NAME, "no-such");
	add(batch, "nlctrl", 1);
	assert_int_equal(vsl_batch_flush(batch), 0);
	assert_int_equal(done.n, 2);
	vsl_batch_free(batch);
}

static void extack_done(uintptr_t cookie, int err, const char *extack,
			void *arg)
{
	struct done *done = arg;

	assert_true(cookie == 1 ? is_too_long(err) : !err);
	assert_true(!*extack == (cookie != 1));
	done->n++;
}

static void test_batch_extack(void **state)
{
	struct done done = { 0 };
	struct vsl_batch *batch = vsl_batch_new(nl, extack_done, &done);
	char name[64] = { 0 };

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	add(batch, "nlctrl", 0);
	add(batch, name, 1);
	add(batch, "nlctrl", 2);
	assert_int_equal(vsl_batch_flush(batch), 0);
	assert_int_equal(done.n, 3);
	/* An old batch's answers do not disturb a request. */
	assert_int_equal(vsl_nl_transact(nl, ask("nlctrl", 0), NULL), 0);
	vsl_batch_free(batch);
}

static void test_recv(void **state)
{
	struct vsl_nl_rx rx;
	struct pollfd pfd;
	struct vsl_nl *stream;

	(void)state;
	assert_int_equal(vsl_nl_clone(nl, &stream), 0);
	assert_int_equal(vsl_nl_recv(stream, &rx), 0);
	assert_int_equal(rx.n, 0);
	assert_false(rx.lost);
	/* Replies are as good as upcalls: the kernel sends both. */
	for (unsigned int i = 0; i < VSL_NL_RECV_MAX + 5; i++) {
		struct nl_msg *msg = ask("nlctrl", 0);

		assert_int_equal(vsl_nl_send(stream, nlmsg_hdr(msg),
					     nlmsg_hdr(msg)->nlmsg_len), 0);
		nlmsg_free(msg);
	}
	pfd = (struct pollfd){ .fd = vsl_nl_fd(stream), .events = POLLIN };
	assert_int_equal(poll(&pfd, 1, 0), 1);
	assert_int_equal(vsl_nl_recv(stream, &rx), 0);
	assert_int_equal(rx.n, VSL_NL_RECV_MAX);
	for (unsigned int i = 0; i < rx.n; i++)
		assert_string_equal(name_in(rx.msgs[i]), "nlctrl");
	assert_int_equal(vsl_nl_recv(stream, &rx), 0);
	assert_int_equal(rx.n, 5);
	assert_int_equal(vsl_nl_recv(stream, &rx), 0);
	assert_int_equal(rx.n, 0);
	vsl_nl_close(stream);
}

/* A small queue overflows: that is told, and what is left is received. */
static void test_recv_lost(void **state)
{
	struct vsl_nl_rx rx;
	struct vsl_nl *stream;
	bool lost = false;
	unsigned int n = 0;

	(void)state;
	assert_int_equal(vsl_nl_clone(nl, &stream), 0);
	assert_int_equal(vsl_nl_set_rcvbuf(stream, 1), 0);
	for (unsigned int i = 0; i < 100; i++) {
		struct nl_msg *msg = ask("nlctrl", 0);

		vsl_nl_send(stream, nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len);
		nlmsg_free(msg);
	}
	do {
		assert_int_equal(vsl_nl_recv(stream, &rx), 0);
		lost |= rx.lost;
		n += rx.n;
	} while (rx.n);
	assert_true(lost);
	assert_true(n > 0 && n < 100);
	vsl_nl_close(stream);
}

static void test_no_family(void **state)
{
	struct vsl_nl *out;
	char text[256] = "";

	(void)state;
	assert_int_equal(vsl_nl_open(&out, "no_such", text, sizeof(text)),
			 -ENOENT);
	assert_null(out);
	assert_non_null(strstr(text, "no_such_datapath"));
	assert_non_null(strstr(text, "insmod"));
	assert_false(vsl_nl_has(nl, VSL_FAM_FLOW));
	assert_int_equal(vsl_nl_join(nl, VSL_FAM_PACKET), -ENOENT);
	vsl_nl_close(NULL);
}

/* nlctrl is no vswitch_lite: its answer to "info" is none. */
static void test_module(void **state)
{
	struct vsl_nl families = { .prefix = "ovs" };
	struct vsl_module module;
	struct vsl_nl *stock;

	(void)state;
	assert_int_equal(vsl_nl_clone(&families, &stock), 0);
	assert_int_equal(vsl_module_get(stock, 0, &module), -ENOENT);
	assert_int_equal(vsl_module_echo(stock, "x", 1, NULL), -ENOENT);
	vsl_nl_close(stock);
	assert_true(vsl_module_get(nl, 0, &module) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_transact),
		cmocka_unit_test(test_extack),
		cmocka_unit_test(test_dump),
		cmocka_unit_test(test_dump_in_pieces),
		cmocka_unit_test(test_batch),
		cmocka_unit_test(test_batch_restart),
		cmocka_unit_test(test_batch_extack),
		cmocka_unit_test(test_recv),
		cmocka_unit_test(test_recv_lost),
		cmocka_unit_test(test_no_family),
		cmocka_unit_test(test_module),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
