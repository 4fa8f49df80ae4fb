/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Meters: how many bits or packets per second may pass.  Each is a token bucket:
 * it fills at its rate up to its burst size, a packet takes its size out of it,
 * and one for which there is not enough is dropped.
 *
 * A datapath's meters are known by numbers that user space chooses, any u32.
 * nl_meter.c makes them; action.c asks vsl_meter_exceeded(), under RCU.  A
 * meter's own lock protects what changes with each packet.
 */
#ifndef VSL_METER_H
#define VSL_METER_H

#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "ovs_abi.h"

struct sk_buff;
struct vsl_datapath;

/* How many a datapath may have. */
#define VSL_METERS_MAX		200000

/**
 * struct vsl_meter_band - the one thing that a meter does: it drops
 * @rate: kbit/s or packets/s, not 0
 * @burst: kbit or packets that may come at once, not 0
 */
struct vsl_meter_band {
	u32 rate;
	u32 burst;
};

/**
 * struct vsl_meter_stats - what a meter has counted
 * @all: all packets
 * @dropped: those for which the bucket had not enough
 * @used: ms of CLOCK_MONOTONIC, the last packet
 * @has_band: it may have dropped some
 */
struct vsl_meter_stats {
	struct ovs_flow_stats all;
	struct ovs_flow_stats dropped;
	u64 used;
	bool has_band;
};

/**
 * struct vsl_meter - a meter
 * @rcu: frees it
 * @lock: of @tokens and @stats; bottom halves off
 * @in_packets: counts packets, not bits
 * @band: see there; where @stats say that it is there
 * @tokens: in the bucket now: bits, or 1/1000 packets
 * @stats: see there
 */
struct vsl_meter {
	struct rcu_head rcu;
	spinlock_t lock;	/* of what changes */
	bool in_packets;
	struct vsl_meter_band band;
	u64 tokens;
	struct vsl_meter_stats stats;
};

struct vsl_meter *vsl_meter_alloc(bool in_packets,
				  const struct vsl_meter_band *band);
int vsl_meter_set(struct vsl_datapath *dp, u32 id, struct vsl_meter *meter,
		  struct vsl_meter_stats *old);
int vsl_meter_del(struct vsl_datapath *dp, u32 id, struct vsl_meter_stats *old);
int vsl_meter_get(struct vsl_datapath *dp, u32 id,
		  struct vsl_meter_stats *stats);
bool vsl_meter_exceeded(struct vsl_datapath *dp, const struct sk_buff *skb,
			u32 id);
void vsl_meter_free_all(struct vsl_datapath *dp);

#endif /* VSL_METER_H */
