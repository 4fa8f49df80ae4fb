// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The first process of a test guest, alone in its initramfs with the kernel
 * modules that it needs.  tests/rig/vm builds it (static, so that it needs no
 * file of the host) and packs it.  main() tells what it does; it ends by
 * handing over to tests/rig/guest, a script in the host's files.  Whatever can
 * be done here is done here, because under emulation a program's start costs
 * a tenth of a second.
 *
 *   /modules          modules to load, one path a line, in this order
 *   /program          path of tests/rig/guest in the host's root
 *   /share            there if the guest shall have /mnt/share
 *
 * Whatever fails is said on the console, and the machine stops: the status
 * file that the rig waits for is then missing.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NINE	"trans=virtio,version=9p2000.L,msize=512000"

static void die(const char *fmt, ...)
{
	int err = errno;
	va_list ap;

	printf("rig: ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf(": %s\n", strerror(err));
	fflush(stdout);
	sync();
	reboot(RB_POWER_OFF);
	_exit(1);
}

static void make_dir(const char *path)
{
	if (mkdir(path, 0755) && errno != EEXIST)
		die("mkdir %s", path);
}

static void mount_on(const char *what, const char *where, const char *type,
		     unsigned long flags, const char *options)
{
	make_dir(where);
	if (mount(what, where, type, flags, options))
		die("mount %s on %s", what, where);
}

static int read_line(FILE *f, char *line, int size)
{
	if (!f || !fgets(line, size, f))
		return 0;
	line[strcspn(line, "\n")] = '\0';
	return 1;
}

static void load_modules(void)
{
	FILE *list = fopen("/modules", "r");
	char path[256];

	if (!list)
		die("/modules");
	while (read_line(list, path, sizeof(path))) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			die("%s", path);
		if (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST)
			die("loading %s", path);
		close(fd);
	}
	fclose(list);
}

/*
 * The host's files below, a tmpfs for what the guest writes above.  The new
 * root is moved onto / (not merely chroot()ed to): `ip netns exec` remounts
 * /sys, which works only in a root that is a mount of its own.
 */
static void enter_host_root(void)
{
	mount_on("host", "/host", "9p", MS_RDONLY, NINE ",cache=loose");
	mount_on("tmpfs", "/over", "tmpfs", 0, NULL);
	make_dir("/over/upper");
	make_dir("/over/work");
	mount_on("overlay", "/root", "overlay", 0,
		 "lowerdir=/host,upperdir=/over/upper,workdir=/over/work");
	if (chdir("/root") || mount(".", "/", NULL, MS_MOVE, NULL) ||
	    chroot(".") || chdir("/"))
		die("switching to the new root");
}

static void mount_system(int share)
{
	mount_on("proc", "/proc", "proc", 0, NULL);
	mount_on("sysfs", "/sys", "sysfs", 0, NULL);
	mount_on("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	mount_on("devpts", "/dev/pts", "devpts", 0,
		 "gid=5,mode=0620,ptmxmode=0666");
	mount_on("tmpfs", "/dev/shm", "tmpfs", 0, NULL);
	mount_on("tmpfs", "/run", "tmpfs", 0, "mode=0755");
	mount_on("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
	mount_on("tracefs", "/sys/kernel/tracing", "tracefs", 0, NULL);
	make_dir("/run/netns");
	make_dir("/run/lock");
	mount_on("control", "/run/rig", "9p", 0, NINE);
	if (share)
		mount_on("share", "/mnt/share", "9p", 0, NINE);
}

static void link_dev(const char *to, const char *path)
{
	if (symlink(to, path) && errno != EEXIST)
		die("%s", path);
}

static void name_and_loopback(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &lo))
		die("lo");
	close(fd);
	if (sethostname("vswitch-lite", 12))
		die("hostname");
}

int main(void)
{
	static char program[4096];
	int share = !access("/share", F_OK);

	if (!read_line(fopen("/program", "re"), program, sizeof(program)))
		die("/program");
	load_modules();
	enter_host_root();
	mount_system(share);
	link_dev("/proc/self/fd", "/dev/fd");
	link_dev("fd/0", "/dev/stdin");
	link_dev("fd/1", "/dev/stdout");
	link_dev("fd/2", "/dev/stderr");
	name_and_loopback();
	execl("/bin/bash", "bash", program, (char *)NULL);
	die("%s", program);
}
