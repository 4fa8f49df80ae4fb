// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vslctl echo and version: what only family "vswitch_lite" answers.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "lib/module.h"
#include "vswitch_lite.h"

#define ECHO_COUNT 10
#define ECHO_COUNT_MAX 1000000

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* The smallest sample that at least @percent of all are not above. */
static double percentile(const uint64_t *sorted, uint32_t n, uint32_t percent)
{
	uint64_t rank = ((uint64_t)n * percent + 99) / 100;

	return sorted[rank ? rank - 1 : 0] / 1000.0;
}

static int measure(struct vslctl *ctl, const char *text, uint64_t *ns,
		   uint32_t n)
{
	size_t len = strlen(text);

	for (uint32_t i = 0; i < n; i++) {
		uint64_t start = vsl_now_ns();
		int err = vsl_module_echo(ctl->nl, text, len, NULL);

		ns[i] = vsl_now_ns() - start;
		if (err)
			return vslctl_fail(ctl, "round trip %u: %s", i + 1,
					   vsl_nl_strerror(ctl->nl, err));
	}
	return VSLCTL_OK;
}

static int report(struct vslctl *ctl, const char *text, uint64_t *ns,
		  uint32_t n)
{
	struct vsl_out *out = vslctl_out(ctl, VSL_OUT_JSON_LINES);

	if (!out)
		return VSLCTL_REFUSED;
	qsort(ns, n, sizeof(*ns), compare);
	vsl_out_object(out, NULL);
	vsl_out_str(out, "text", "echo: ", text);
	vsl_out_u64(out, "count", "\n", n);
	vsl_out_text(out, " round trips");
	vsl_out_double(out, "min_us", ", us: min ", ns[0] / 1000.0, 1);
	vsl_out_double(out, "median_us", " median ", percentile(ns, n, 50), 1);
	vsl_out_double(out, "p99_us", " p99 ", percentile(ns, n, 99), 1);
	vsl_out_double(out, "max_us", " max ", ns[n - 1] / 1000.0, 1);
	vsl_out_text(out, "\n");
	vsl_out_end(out);
	return vslctl_out_end(ctl, out, VSLCTL_OK);
}

int vslctl_echo(struct vslctl *ctl, int argc, char **argv)
{
	const char *text = NULL;
	uint32_t n = ECHO_COUNT;
	uint64_t *ns;
	int status;

	for (int i = 0; i < argc; i++) {
		if (!strcmp(argv[i], "-c")) {
			if (++i == argc ||
			    !vsl_u32_parse(argv[i], ECHO_COUNT_MAX, &n) || !n)
				return vslctl_usage(ctl, "-c needs a number, 1 to %u",
						    ECHO_COUNT_MAX);
		} else if (text) {
			return vslctl_usage(ctl, "too many arguments: \"%s\"",
					    argv[i]);
		} else {
			text = argv[i];
		}
	}
	if (!text)
		text = "hello";
	if (strlen(text) > VSL_ECHO_MAX)
		return vslctl_fail(ctl, "the text is longer than %d bytes",
				   VSL_ECHO_MAX);
	if (!vsl_nl_has(ctl->nl, VSL_FAM_MODULE))
		return vslctl_fail(ctl, "the netlink family \"%s\" is not there: the module loaded is not vswitch_lite.ko but openvswitch, which has no echo",
				   VSL_FAMILY);
	ns = calloc(n, sizeof(*ns));
	if (!ns)
		return vslctl_fail(ctl, "%s", strerror(ENOMEM));
	status = measure(ctl, text, ns, n);
	if (!status)
		status = report(ctl, text, ns, n);
	free(ns);
	return status;
}

int vslctl_version(struct vslctl *ctl, int argc, char **argv)
{
	struct vsl_out *out = vslctl_out(ctl, VSL_OUT_JSON_LINES);
	struct vsl_module module;

	(void)argc;
	(void)argv;
	if (!out)
		return VSLCTL_REFUSED;
	vsl_out_object(out, NULL);
	vsl_out_str(out, "vslctl", "vslctl ", VSL_VERSION);
	vsl_out_text(out, "\n");
	if (!ctl->nl) {
		vsl_out_text(out, "module: %s\n", ctl->nl_error);
	} else if (!vsl_module_get(ctl->nl, 0, &module)) {
		vsl_out_str(out, "module", "", "vswitch_lite");
		vsl_out_str(out, "module_version", ".ko ", module.version);
		vsl_out_str(out, "family_prefix", ", families ",
			    module.prefix);
		vsl_out_u64(out, "datapaths", "_*, datapaths: ",
			    module.datapaths);
		vsl_out_text(out, "\n");
	} else {
		vsl_out_str(out, "module", "", "openvswitch");
		vsl_out_str(out, "family_prefix", ".ko (the stock module), families ",
			    vsl_nl_prefix(ctl->nl));
		vsl_out_text(out, "_*\n");
	}
	vsl_out_end(out);
	return vslctl_out_end(ctl, out, VSLCTL_OK);
}
