/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kinds of packets, as wide flows: between them they match whatever comes, so
 * that every packet meets the actions that its flow was given.
 */
#ifndef VSL_FUZZ_SHAPES_H
#define VSL_FUZZ_SHAPES_H

#include <stdint.h>

#include "lib/flow.h"

extern const int shapes_count;

/**
 * shape_flow() - a flow for a kind of packet, with made-up actions
 * @flow: key, mask and actions are set; they are good until the next call
 * @in_port: where the packets come in
 * @recirc_id: which time around they are
 * @shape: below shapes_count
 * @seed: of the actions
 */
void shape_flow(struct vsl_flow *flow, int in_port, int recirc_id, int shape,
		uint64_t seed);

#endif /* VSL_FUZZ_SHAPES_H */
