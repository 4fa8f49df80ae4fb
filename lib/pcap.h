/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Captures by libpcap: a file that Wireshark reads, and filters in the syntax of
 * tcpdump ("arp or icmp6").  All packets are Ethernet frames.
 */
#ifndef VSL_LIB_PCAP_H
#define VSL_LIB_PCAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct vsl_pcap;
struct vsl_pcap_filter;

/**
 * vsl_pcap_new() - start a capture
 * @file: gets the file header now; the capture's from now on, also on failure
 *
 * Return: the writer; NULL without memory.
 */
struct vsl_pcap *vsl_pcap_new(FILE *file);

/**
 * vsl_pcap_write() - append a packet
 * @pcap: the writer
 * @wall_ns: its time, vsl_wall_ns()
 * @data: the bytes there are
 * @caplen: how many
 * @len: how long the packet was; at least @caplen
 */
void vsl_pcap_write(struct vsl_pcap *pcap, uint64_t wall_ns, const void *data,
		    size_t caplen, size_t len);

/**
 * vsl_pcap_flush() - write out what is buffered
 * @pcap: the writer
 *
 * Return: 0; -EIO where something could not be written.
 */
int vsl_pcap_flush(struct vsl_pcap *pcap);

/** vsl_pcap_close() - flush, close, free; takes NULL */
void vsl_pcap_close(struct vsl_pcap *pcap);

/**
 * vsl_pcap_filter_new() - compile a filter
 * @expr: as for tcpdump; "" matches everything
 * @errbuf: filled on failure with a sentence that quotes @expr
 * @errlen: size of @errbuf
 *
 * Return: the filter; NULL on failure.
 */
struct vsl_pcap_filter *vsl_pcap_filter_new(const char *expr, char *errbuf,
					    size_t errlen);

/**
 * vsl_pcap_filter_match() - whether a packet passes
 * @filter: NULL lets all pass
 * @data: from the Ethernet header on
 * @caplen: bytes there are
 * @len: how long the packet was
 */
bool vsl_pcap_filter_match(const struct vsl_pcap_filter *filter,
			   const void *data, size_t caplen, size_t len);

/** vsl_pcap_filter_free() - free; takes NULL */
void vsl_pcap_filter_free(struct vsl_pcap_filter *filter);

#endif /* VSL_LIB_PCAP_H */
