// SPDX-License-Identifier: GPL-2.0-only
/*
 * Meters; see meter.h.
 */
#include "meter.h"

#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "datapath.h"

/* Tokens of a full bucket: a kbit is 1000 bits, a packet 1000/1000 packets. */
static u64 capacity(const struct vsl_meter *meter)
{
	return meter->band.burst * 1000ULL;
}

static u64 now_ms(void)
{
	return div_u64(ktime_get_ns(), NSEC_PER_MSEC);
}

/**
 * vsl_meter_alloc() - a meter, with a full bucket
 * @in_packets: counts packets, not bits
 * @band: copied; NULL: it only counts
 *
 * Context: sleeps.  Return: the meter, for vsl_meter_set(), or to be freed by
 * kfree(); NULL without memory.
 */
struct vsl_meter *vsl_meter_alloc(bool in_packets,
				  const struct vsl_meter_band *band)
{
	struct vsl_meter *meter = kzalloc(sizeof(*meter), GFP_KERNEL_ACCOUNT);

	if (!meter)
		return NULL;
	spin_lock_init(&meter->lock);
	meter->in_packets = in_packets;
	if (band) {
		meter->stats.has_band = true;
		meter->band = *band;
		meter->tokens = capacity(meter);
	}
	meter->stats.used = now_ms();
	return meter;
}

static void read_stats(struct vsl_meter *meter, struct vsl_meter_stats *stats)
{
	spin_lock_bh(&meter->lock);
	*stats = meter->stats;
	spin_unlock_bh(&meter->lock);
}

/* @meter is not in the table any more. */
static void retire(struct vsl_datapath *dp, struct vsl_meter *meter,
		   struct vsl_meter_stats *stats)
{
	read_stats(meter, stats);
	atomic_dec(&dp->meter_count);
	kfree_rcu(meter, rcu);
}

/**
 * vsl_meter_set() - give a datapath a meter
 * @dp: the datapath
 * @id: its number
 * @meter: taken over
 * @old: written: what the meter that had that number counted
 *
 * Context: sleeps.
 *
 * Return: 1 where there was one with that number, which is replaced; 0 where
 * there was none; -EFBIG there are too many; -ENOMEM.  On errors @meter stays
 * the caller's, and what there was stays as well.
 */
int vsl_meter_set(struct vsl_datapath *dp, u32 id, struct vsl_meter *meter,
		  struct vsl_meter_stats *old)
{
	struct vsl_meter *replaced;

	if (atomic_inc_return(&dp->meter_count) > VSL_METERS_MAX &&
	    !xa_load(&dp->meters, id)) {
		atomic_dec(&dp->meter_count);
		return -EFBIG;
	}
	replaced = xa_store(&dp->meters, id, meter, GFP_KERNEL_ACCOUNT);
	if (xa_is_err(replaced)) {
		atomic_dec(&dp->meter_count);
		return xa_err(replaced);
	}
	if (!replaced)
		return 0;
	retire(dp, replaced, old);
	return 1;
}

/**
 * vsl_meter_del() - take a meter from a datapath
 * @dp: the datapath
 * @id: its number
 * @old: written: what it counted
 *
 * Context: process.  Return: 1, or 0 where there was none.
 */
int vsl_meter_del(struct vsl_datapath *dp, u32 id, struct vsl_meter_stats *old)
{
	struct vsl_meter *meter = xa_erase(&dp->meters, id);

	if (!meter)
		return 0;
	retire(dp, meter, old);
	return 1;
}

/**
 * vsl_meter_get() - what a meter has counted
 * @dp: the datapath
 * @id: the meter's number
 * @stats: written
 *
 * Context: process.  Return: 0, or -ENOENT.
 */
int vsl_meter_get(struct vsl_datapath *dp, u32 id,
		  struct vsl_meter_stats *stats)
{
	struct vsl_meter *meter;

	rcu_read_lock();
	meter = xa_load(&dp->meters, id);
	if (meter)
		read_stats(meter, stats);
	rcu_read_unlock();
	return meter ? 0 : -ENOENT;
}

/* What has come in since the last packet.  Under the meter's lock. */
static void fill(struct vsl_meter *meter, u64 elapsed_ms)
{
	u64 room = capacity(meter) - meter->tokens;

	/* the rate is tokens per ms; the product of two that large overflows */
	if (elapsed_ms > U32_MAX || elapsed_ms * meter->band.rate > room)
		meter->tokens = capacity(meter);
	else
		meter->tokens += elapsed_ms * meter->band.rate;
}

static void count(struct ovs_flow_stats *stats, const struct sk_buff *skb)
{
	stats->n_packets++;
	stats->n_bytes += skb->len;
}

/**
 * vsl_meter_exceeded() - whether a packet is too much
 * @dp: the datapath
 * @skb: the packet, which is counted
 * @id: the meter's number; one that does not exist lets all pass
 *
 * Context: RCU read section, bottom halves off.
 *
 * Return: true where it is to be dropped.
 */
bool vsl_meter_exceeded(struct vsl_datapath *dp, const struct sk_buff *skb,
			u32 id)
{
	struct vsl_meter *meter = xa_load(&dp->meters, id);
	bool exceeded = false;
	u64 cost, now;

	if (unlikely(!meter))
		return false;
	now = now_ms();
	cost = meter->in_packets ? 1000 : skb->len * 8ULL;
	spin_lock(&meter->lock);
	/* another CPU's packet may have been a ms later */
	if (now > meter->stats.used) {
		fill(meter, now - meter->stats.used);
		meter->stats.used = now;
	}
	count(&meter->stats.all, skb);
	if (meter->stats.has_band) {
		exceeded = meter->tokens < cost;
		if (exceeded)
			count(&meter->stats.dropped, skb);
		else
			meter->tokens -= cost;
	}
	spin_unlock(&meter->lock);
	return exceeded;
}

/**
 * vsl_meter_free_all() - at a datapath's end
 * @dp: nobody uses its meters any more
 *
 * Context: process.
 */
void vsl_meter_free_all(struct vsl_datapath *dp)
{
	struct vsl_meter *meter;
	unsigned long id;

	xa_for_each(&dp->meters, id, meter)
		kfree(meter);
	xa_destroy(&dp->meters);
}
