/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The frames that packets.c sends: corpus.c lists them, a line each, in a
 * language of layers that frame.c reads.
 */
#ifndef VSL_INTEROP_CORPUS_H
#define VSL_INTEROP_CORPUS_H

#include <linux/virtio_net.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_MAX	12000
#define FRAME_BOUNDS	24

/**
 * struct frame - a frame to send
 * @data: from the Ethernet header on
 * @len: of it
 * @vnet: what a network card would be told: checksum to fill in, segment size
 * @bounds: where each header ends
 * @n_bounds: how many
 */
struct frame {
	uint8_t data[FRAME_MAX];
	size_t len;
	struct virtio_net_hdr vnet;
	size_t bounds[FRAME_BOUNDS];
	int n_bounds;
};

/**
 * struct corpus_row - a frame by its name
 * @name: for reports
 * @layers: for frame_build()
 */
struct corpus_row {
	const char *name;
	const char *layers;
};

extern const struct corpus_row corpus[];
extern const int corpus_count;

/**
 * frame_build() - make a frame out of its layers
 * @frame: filled
 * @layers: see frame.c
 *
 * A mistake in @layers ends the program with a word where.
 */
void frame_build(struct frame *frame, const char *layers);

#endif /* VSL_INTEROP_CORPUS_H */
