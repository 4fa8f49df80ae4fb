// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dpctl.so: runs dpctl.script inside ovs-dpctl.  guest-run preloads it:
 *
 *   LD_PRELOAD=dpctl.so DPCTL_SCRIPT=FILE [DPCTL_TIME=1] ovs-dpctl
 *
 * In an emulated guest the dynamic linker needs half a second for ovs-dpctl's
 * libraries, the command itself a few hundredths.  So the program is linked
 * once; instead of its main() runs ours, which forks for every line of the
 * script, and the child calls ovs-dpctl's main() with the line's words.
 *
 * For each line the output, standard error included, goes to standard output
 * between "> LINE" and "= STATUS".  Lines of the script:
 *
 *   # ...         a comment
 *   ! COMMAND     a shell command that prepares something; must succeed
 *   WORD...       the arguments of one ovs-dpctl, quoted as for a shell
 *   @N WORD...    the same, but only if DPCTL_STAGE is at least N
 */

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <wordexp.h>

#define SECONDS_A_COMMAND	60

typedef int (*main_fn)(int argc, char **argv, char **env);

static main_fn ovs_main;

static void die(const char *what)
{
	fprintf(stderr, "dpctl.so: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* In the child: becomes ovs-dpctl.  Its messages go without a time of day. */
static void be_dpctl(const wordexp_t *words, char **env)
{
	char *argv[words->we_wordc + 3];
	size_t i, argc = 0;

	argv[argc++] = "ovs-dpctl";
	argv[argc++] = "-vPATTERN:console:%c|%p|%m";
	for (i = 0; i < words->we_wordc; i++)
		argv[argc++] = words->we_wordv[i];
	argv[argc] = NULL;
	dup2(STDOUT_FILENO, STDERR_FILENO);
	alarm(SECONDS_A_COMMAND);
	exit(ovs_main(argc, argv, env));
}

static int run_dpctl(const char *line, char **env)
{
	wordexp_t words;
	int status;
	pid_t pid;

	if (wordexp(line, &words, WRDE_NOCMD | WRDE_UNDEF)) {
		errno = EINVAL;
		die(line);
	}
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid)
		be_dpctl(&words, env);
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	wordfree(&words);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
				     WEXITSTATUS(status);
}

/*
 * The whole script, before the first fork: a child's exit() would move the file
 * position that it shares with us.
 */
static char *read_script(void)
{
	const char *path = getenv("DPCTL_SCRIPT");
	FILE *f = path ? fopen(path, "re") : NULL;
	char *text = NULL;
	size_t size = 0;

	if (!f || getdelim(&text, &size, '\0', f) < 0)
		die("DPCTL_SCRIPT");
	fclose(f);
	return text;
}

static int stage(void)
{
	const char *text = getenv("DPCTL_STAGE");

	return text ? atoi(text) : 1;
}

static int run_line(const char *line, char **env)
{
	struct timespec t0, t1;
	int status;

	if (line[0] == '!') {
		fflush(stdout);
		status = system(line + 1);
		if (status)
			fprintf(stderr, "dpctl.so: status %d of%s\n", status,
				line + 1);
		return status;
	}
	if (line[0] == '@') {
		if (atoi(line + 1) > stage())
			return 0;
		line += strcspn(line, " ") + 1;
	}
	clock_gettime(CLOCK_MONOTONIC, &t0);
	printf("> %s\n", line);
	status = run_dpctl(line, env);
	printf("= %d\n", status);
	clock_gettime(CLOCK_MONOTONIC, &t1);
	if (getenv("DPCTL_TIME"))
		fprintf(stderr, "%5ld ms %s\n",
			(t1.tv_sec - t0.tv_sec) * 1000 +
			(t1.tv_nsec - t0.tv_nsec) / 1000000, line);
	return 0;
}

static int run_script(int argc, char **argv, char **env)
{
	char *next = read_script(), *line;

	(void)argc;
	(void)argv;
	while ((line = strsep(&next, "\n")))
		if (line[0] && line[0] != '#' && run_line(line, env))
			return 2;
	fflush(stdout);
	return 0;
}

/* What a program's start-up code calls, and glibc exports, to reach main(). */
int __libc_start_main(main_fn main, int argc, char **argv, void (*init)(void),
		      void (*fini)(void), void (*rtld_fini)(void), void *stack);

int __libc_start_main(main_fn main, int argc, char **argv, void (*init)(void),
		      void (*fini)(void), void (*rtld_fini)(void), void *stack)
{
	typeof(&__libc_start_main) next = dlsym(RTLD_NEXT, "__libc_start_main");

	unsetenv("LD_PRELOAD");
	ovs_main = main;
	return next(run_script, argc, argv, init, fini, rtld_fini, stack);
}
