// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * families COMMAND ARG...: runs COMMAND, which can make no sockets but netlink and Unix
 * ones from then on: RestrictAddressFamilies=AF_NETLINK AF_UNIX of a systemd unit,
 * by the means of systemd's.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOAD(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define SKIP_IF(value, n) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, n, 0)
#define SKIP_UNLESS(value, n) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, n)
#define END(action) BPF_STMT(BPF_RET | BPF_K, action)

int main(int argc, char *argv[])
{
	struct sock_filter filter[] = {
		LOAD(nr),
		SKIP_UNLESS(SYS_socket, 4),
		LOAD(args[0]),		/* its lower half, on little-endian machines */
		SKIP_IF(AF_NETLINK, 2),
		SKIP_IF(AF_UNIX, 1),
		END(SECCOMP_RET_ERRNO | EAFNOSUPPORT),
		END(SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(filter) / sizeof(filter[0]), filter };

	if (argc < 2) {
		fprintf(stderr, "usage: families COMMAND ARG...\n");
		return 2;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
		fprintf(stderr, "families: seccomp: %s\n", strerror(errno));
		return 1;
	}
	execvp(argv[1], argv + 1);
	fprintf(stderr, "%s: %s\n", argv[1], strerror(errno));
	return 1;
}
