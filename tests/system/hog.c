// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hog DP flows|meters|datapaths [COUNT]
 *
 * Makes as many of them as the kernel allows, or COUNT, the costliest way there is:
 * flows that packets hit on two CPUs, so that each has its counters; meters whose numbers lie
 * so far apart that each wants a part of the index to itself; datapaths DP0, DP1
 * and so on. memory-is-charged.sh runs it. Prints how many there are, and what the kernel said
 * at the end. Status 0: COUNT were made; 1: one was refused.
 */
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netlink/attr.h>

#include "lib/dp.h"
#include "lib/meter.h"
#include "lib/nl.h"

#define TYPE	0x88b5		/* for experiments */
#define SAMPLE	64		/* of so many flows one is hit, on two CPUs: a page of counters */

static struct vsl_nl *nl;
static struct vsl_dp dp;
static const char *name;
static int frames = -1;
static unsigned long made;

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void end(int err, const char *extack)
{
	printf("%lu made: %s %s\n", made, strerrorname_np(-err), extack);
	exit(1);
}

static void done(uintptr_t cookie, int err, const char *extack, void *arg)
{
	(void)cookie;
	(void)arg;
	if (err)
		end(err, extack);
	made++;
}

static struct ethhdr header(unsigned long n)
{
	struct ethhdr eth = {
		.h_dest = { 2, 0, n >> 24, n >> 16, n >> 8, n },
		.h_source = { 2, 1 },
		.h_proto = htons(TYPE),
	};

	return eth;
}

/* A packet of the datapath's own device, sent by a CPU: it comes in by port 0. */
static void hit(unsigned long n, int cpu)
{
	struct ethhdr frame[4] = { header(n) };
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_ifindex = if_nametoindex(name),
	};
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);	/* there may be but one */
	if (sendto(frames, frame, sizeof(frame), 0, (void *)&to, sizeof(to)) < 0)
		die(name);
}

static void make_flows(unsigned long count)
{
	struct vsl_batch *batch = vsl_batch_new(nl, done, NULL);
	unsigned long n;

	frames = socket(AF_PACKET, SOCK_RAW, 0);
	if (!batch || frames < 0)
		die("socket");
	for (n = 0; n < count; n++) {
		struct ethhdr eth = header(n);
		struct ovs_key_ethernet key;
		struct nlattr *nest;
		struct nl_msg *msg;

		memcpy(key.eth_src, eth.h_source, ETH_ALEN);
		memcpy(key.eth_dst, eth.h_dest, ETH_ALEN);
		msg = vsl_batch_msg(batch, VSL_FAM_FLOW, OVS_FLOW_CMD_NEW,
				    NLM_F_CREATE, dp.ifindex);
		nest = nla_nest_start(msg, OVS_FLOW_ATTR_KEY);
		nla_put_u32(msg, OVS_KEY_ATTR_IN_PORT, 0);
		nla_put(msg, OVS_KEY_ATTR_ETHERNET, sizeof(key), &key);
		nla_put_u16(msg, OVS_KEY_ATTR_ETHERTYPE, eth.h_proto);
		nla_nest_end(msg, nest);
		nla_put(msg, OVS_FLOW_ATTR_ACTIONS, 0, NULL);
		vsl_batch_commit(batch, 0);
		if (n % SAMPLE)
			continue;
		vsl_batch_flush(batch);
		hit(n, 0);
		hit(n, 1);
	}
	vsl_batch_flush(batch);
	vsl_batch_free(batch);
}

static void make_meters(unsigned long count)
{
	struct vsl_meter meter = { .rate = 1000, .burst = 1000 };
	int err;

	for (; made < count; made++) {
		meter.id = made * 4096;
		err = vsl_meter_set(nl, dp.ifindex, &meter);
		if (err)
			end(err, vsl_nl_extack(nl));
	}
}

static void make_datapaths(unsigned long count)
{
	char own[IFNAMSIZ];
	int err;

	for (; made < count; made++) {
		snprintf(own, sizeof(own), "%.4s%u", name,
			 (unsigned int)made);
		err = vsl_dp_new(nl, own, 0, 0, NULL);
		if (err)
			end(err, vsl_nl_extack(nl));
	}
}

int main(int argc, char **argv)
{
	unsigned long count = argc > 3 ? strtoul(argv[3], NULL, 0) : -1UL;
	const char *what = argc > 2 ? argv[2] : "";
	char why[256];
	int err;

	if (argc < 3) {
		fprintf(stderr, "usage: hog DP flows|meters|datapaths [COUNT]\n");
		return 2;
	}
	/* or at his limit the kernel takes this program's own pages, which it reads
	 * back at once, again and again: it finds something each time, so it never
	 * refuses
	 */
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		die("mlockall");
	name = argv[1];
	err = vsl_nl_open(&nl, NULL, why, sizeof(why));
	if (err) {
		fprintf(stderr, "hog: %s\n", why);
		return 2;
	}
	if (*what != 'd' && vsl_dp_get(nl, name, 0, &dp)) {
		fprintf(stderr, "hog: no datapath %s\n", name);
		return 2;
	}
	if (*what == 'd')
		make_datapaths(count);
	else if (*what == 'm')
		make_meters(count);
	else
		make_flows(count);
	printf("%lu made\n", made);
	vsl_nl_close(nl);
	return 0;
}
