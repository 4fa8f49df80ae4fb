/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests made up from a seed, for every family of the module: request.c makes
 * those that a client could send, mutate.c spoils them.
 */
#ifndef VSL_FUZZ_REQUEST_H
#define VSL_FUZZ_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include <netlink/msg.h>

enum fuzz_family {
	FUZZ_DATAPATH, FUZZ_VPORT, FUZZ_FLOW, FUZZ_PACKET, FUZZ_METER,
	FUZZ_MODULE, FUZZ_CTRL, FUZZ_FAMILIES,
};

#define FUZZ_DPS	4	/* datapaths named fz0 to fz3 */
#define FUZZ_DEVICES	4	/* devices named fd0 to fd3, which become ports */
#define FUZZ_CMDS	12	/* more than any family has */

/**
 * struct fuzz_world - what requests can be about
 * @type: message types, by family; 0: not there
 * @keep: ifindex of a datapath that stays, if it can
 * @dps: those of the ones that come and go; 0: not there
 * @portid: a socket that upcalls can be sent to
 */
struct fuzz_world {
	uint16_t type[FUZZ_FAMILIES];
	int keep;
	int dps[FUZZ_DPS];
	uint32_t portid;
};

/* What a request was before it was spoiled. */
struct fuzz_kind {
	uint8_t family;
	uint8_t cmd;
	uint8_t mistakes;
};

/**
 * fuzz_request() - make up a request
 * @msg: emptied and filled, netlink header included
 * @world: what there is
 * @seed: the same seed makes the same request of the same world
 *
 * Return: what it is.
 */
struct fuzz_kind fuzz_request(struct nl_msg *msg,
			      const struct fuzz_world *world, uint64_t seed);

/**
 * fuzz_mutate() - put a mistake into a request
 * @msg: well-formed at first; its header goes on saying how long it is
 * @first: where its first attribute is
 *
 * Draws from rnd().
 */
void fuzz_mutate(struct nl_msg *msg, int first);

#endif /* VSL_FUZZ_REQUEST_H */
