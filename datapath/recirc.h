/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packets that are to be looked up once more: action.c adds them, receive.c
 * takes them when the actions of the packet in hand have ended.  So a
 * recirculation costs no stack, however many there are in a row.
 *
 * One queue per CPU, used with bottom halves off.  What has been put there is
 * taken within the same RCU read section: see vsl_execute().
 */
#ifndef VSL_RECIRC_H
#define VSL_RECIRC_H

#include <linux/percpu.h>
#include <linux/types.h>

#include "key.h"

struct sk_buff;
struct vsl_datapath;

/**
 * struct vsl_recirc - a packet on its way back to the flow table
 * @next: in the queue
 * @dp: the datapath
 * @skb: the packet, owned
 * @max_len: as for vsl_actions_run()
 * @round: how many times it has been here
 * @key: of the packet, with its recirc_id
 */
struct vsl_recirc {
	struct vsl_recirc *next;
	struct vsl_datapath *dp;
	struct sk_buff *skb;
	u32 max_len;
	unsigned int round;
	struct vsl_key key;
};

/* This CPU's queue's first one. */
DECLARE_PER_CPU(struct vsl_recirc *, vsl_recirc_first);

/* Whether any packet waits.  Context: as for vsl_recirc_add(). */
static inline bool vsl_recirc_waits(void)
{
	return __this_cpu_read(vsl_recirc_first);
}

int vsl_recirc_add(struct vsl_datapath *dp, struct sk_buff *skb,
		   const struct vsl_key *key, u32 recirc_id, u32 max_len);
struct vsl_recirc *vsl_recirc_take(void);
bool vsl_recirc_afford(unsigned int steps);
void vsl_recirc_done(struct vsl_recirc *recirc);
void vsl_recirc_end(void);

#endif /* VSL_RECIRC_H */
