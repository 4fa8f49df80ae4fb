/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What made-up requests are about, and a socket to send them by. */
#ifndef VSL_FUZZ_WORLD_H
#define VSL_FUZZ_WORLD_H

#include "request.h"

/**
 * world_resolve() - find the module's families
 * @prefix: of their names
 * @families: how many, in the order of enum fuzz_family: FUZZ_CTRL for all that ours
 *	has, FUZZ_MODULE for those that openvswitch.ko has too
 *
 * Ends the program, with a word, where they are not there.
 */
void world_resolve(struct fuzz_world *world, const char *prefix, int families);

/**
 * world_socket() - open a socket, which upcalls can go to as well
 * @portid: its number; 0: any
 */
int world_socket(struct fuzz_world *world, uint32_t portid);

/** world_open() - world_resolve() all, then world_socket() */
int world_open(struct fuzz_world *world, const char *prefix);

/**
 * world_look() - see which datapaths are there
 * @fd: a socket; by it the one that is to stay is made, where it is not there
 * @msg: to build that request in
 */
void world_look(struct fuzz_world *world, int fd, struct nl_msg *msg);

#endif /* VSL_FUZZ_WORLD_H */
