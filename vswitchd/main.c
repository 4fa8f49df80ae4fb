// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * main.c - vswitchd-lite: the command line, start, the loop, end
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "reconnect.h"
#include "vswitch_lite.h"
#include "vswitchd.h"

/* Before anything is opened: who we are to those who started us. */
static bool become_service(struct vswitchd *v)
{
	const struct service_options *o = &v->options.service;
	char error[256];

	vsl_log_set_level(o->log_level);
	if (o->syslog && !o->detach)
		vsl_log_to(VSL_LOG_TO_SYSLOG);
	if ((!o->detach || service_detach(&v->service, error, sizeof(error))) &&
	    (!o->pid_file || service_pid_file(&v->service, o->pid_file, error, sizeof(error))))
		return true;
	vsl_error("%s", error);
	return false;
}

/* From start to the end of the loop. */
static int serve(struct vswitchd *v)
{
	size_t ports;
	int status;

	v->started_ms = vsl_now_ms();
	if (!vswitchd_start(v)) {
		datapath_undo(v->dp);
		return EXIT_FAILURE;
	}
	ports = bridge_port_count(v->bridge);
	vsl_info("ready: datapath %s, %zu port%s", v->options.config.name, ports,
		 ports == 1 ? "" : "s");

	service_ready(&v->service);
	status = vsl_loop_run(v->loop);
	if (status < 0) {
		vsl_error("waiting for events: %s", strerror(-status));
		return EXIT_FAILURE;
	}
	return status;
}

static int run(struct vswitchd *v)
{
	sigset_t signals;
	int status;

	if (!become_service(v))
		return EXIT_FAILURE;
	/* whenever one comes, there is a loop that takes it, or who waits for the module */
	vswitchd_signals(&signals);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	do {
		status = serve(v);
		if (status == VSWITCHD_GONE)
			status = vswitchd_await_module(v);
	} while (status == VSWITCHD_GONE);
	service_notify("STOPPING=1");
	return status;
}

int main(int argc, char *argv[])
{
	struct vswitchd v = { .service = SERVICE_INIT };
	char error[256];
	int status = EXIT_SUCCESS;

	vsl_log_init("vswitchd-lite");
	vswitchd_init(&v);
	/* a reader of the trace that goes away must not end the switch */
	signal(SIGPIPE, SIG_IGN);
	/* whole lines also where that is a pipe; trace.c flushes them */
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);

	switch (options_parse(argc, argv, &v.options, error, sizeof(error))) {
	case OPTIONS_HELP:
		fputs(options_usage(), stdout);
		break;
	case OPTIONS_VERSION:
		printf("vswitchd-lite %s\n", VSL_VERSION);
		break;
	case OPTIONS_CHECKED:
		printf("%s: right\n", v.options.config_file);
		break;
	case OPTIONS_WRONG:
		vsl_error("%s", error);
		if (!v.options.config_file)
			fputs("Try 'vswitchd-lite --help'.\n", stderr);
		status = 2;
		break;
	case OPTIONS_RUN:
		status = run(&v);
		break;
	}
	vswitchd_end(&v);
	trace_destroy(v.trace);
	options_free(&v.options);
	service_end(&v.service);
	return status;
}
