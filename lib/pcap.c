// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Capture files and filters over libpcap: see pcap.h.
 */
#include "pcap.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No packet is longer: netlink attributes hold at most 64 KiB. */
#define SNAPLEN 65535

struct vsl_pcap {
	pcap_t *pcap;
	pcap_dumper_t *dumper;
};

struct vsl_pcap_filter {
	struct bpf_program program;
};

struct vsl_pcap *vsl_pcap_new(FILE *file)
{
	struct vsl_pcap *pcap = calloc(1, sizeof(*pcap));

	if (pcap)
		pcap->pcap = pcap_open_dead_with_tstamp_precision(DLT_EN10MB, SNAPLEN,
							PCAP_TSTAMP_PRECISION_NANO);
	if (pcap && pcap->pcap)
		pcap->dumper = pcap_dump_fopen(pcap->pcap, file);
	if (!pcap || !pcap->dumper) {
		fclose(file);
		vsl_pcap_close(pcap);
		return NULL;
	}
	return pcap;
}

void vsl_pcap_write(struct vsl_pcap *pcap, uint64_t wall_ns, const void *data,
		    size_t caplen, size_t len)
{
	/* Nanosecond files hold nanoseconds in the microseconds' place. */
	struct pcap_pkthdr hdr = {
		.ts = { wall_ns / 1000000000, wall_ns % 1000000000 },
		.caplen = caplen,
		.len = len,
	};

	pcap_dump((u_char *)pcap->dumper, &hdr, data);
}

int vsl_pcap_flush(struct vsl_pcap *pcap)
{
	if (pcap_dump_flush(pcap->dumper) ||
	    ferror(pcap_dump_file(pcap->dumper)))
		return -EIO;
	return 0;
}

void vsl_pcap_close(struct vsl_pcap *pcap)
{
	if (!pcap)
		return;
	if (pcap->dumper)
		pcap_dump_close(pcap->dumper);
	if (pcap->pcap)
		pcap_close(pcap->pcap);
	free(pcap);
}

struct vsl_pcap_filter *vsl_pcap_filter_new(const char *expr, char *errbuf,
					    size_t errlen)
{
	struct vsl_pcap_filter *filter = calloc(1, sizeof(*filter));
	pcap_t *pcap = pcap_open_dead(DLT_EN10MB, SNAPLEN);

	if (!filter || !pcap) {
		snprintf(errbuf, errlen, "filter \"%s\": out of memory", expr);
		goto err;
	}
	if (pcap_compile(pcap, &filter->program, expr, 1,
			 PCAP_NETMASK_UNKNOWN)) {
		snprintf(errbuf, errlen, "filter \"%s\": %s (the syntax is tcpdump's: see pcap-filter(7))",
			 expr, pcap_geterr(pcap));
		goto err;
	}
	pcap_close(pcap);
	return filter;

err:
	if (pcap)
		pcap_close(pcap);
	free(filter);
	return NULL;
}

bool vsl_pcap_filter_match(const struct vsl_pcap_filter *filter,
			   const void *data, size_t caplen, size_t len)
{
	const struct pcap_pkthdr hdr = { .caplen = caplen, .len = len };

	return !filter || pcap_offline_filter(&filter->program, &hdr, data);
}

void vsl_pcap_filter_free(struct vsl_pcap_filter *filter)
{
	if (!filter)
		return;
	pcap_freecode(&filter->program);
	free(filter);
}
