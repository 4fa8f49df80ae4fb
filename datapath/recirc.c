// SPDX-License-Identifier: GPL-2.0-only
/*
 * The queue of packets to be looked up once more; see recirc.h.
 */
#include "recirc.h"

#include <linux/bitops.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "datapath.h"
#include "trace.h"

/*
 * Longer ways than any pipeline has are loops: of one packet through the
 * table, and of all that become of one received packet, which are not to hold
 * a CPU for longer than some milliseconds, whatever actions they meet.
 */
#define ROUNDS_MAX	64
#define PACKETS_MAX	4096
#define STEPS_MAX	32768

/* Places that cost no allocation: few packets recirculate at a time. */
#define SLOTS		4

struct queue {
	struct vsl_recirc *last;
	unsigned int round;		/* of the packet in hand */
	unsigned int packets;		/* since the one that was received */
	unsigned int steps;		/* likewise, that they may have taken */
	unsigned long used;		/* bit n: slot[n] */
	struct vsl_recirc slot[SLOTS];
};

static DEFINE_PER_CPU(struct queue, queues);
DEFINE_PER_CPU(struct vsl_recirc *, vsl_recirc_first);

static struct vsl_recirc *recirc_alloc(struct queue *queue)
{
	unsigned int n = ffz(queue->used);

	if (likely(n < SLOTS)) {
		queue->used |= BIT(n);
		return &queue->slot[n];
	}
	return kmalloc(sizeof(struct vsl_recirc), GFP_ATOMIC | __GFP_NOWARN);
}

/**
 * vsl_recirc_add() - have a packet looked up once more
 * @dp: the datapath
 * @skb: consumed
 * @key: of the packet
 * @recirc_id: for the lookup
 * @max_len: as for vsl_actions_run()
 *
 * Context: RCU read section, bottom halves off, under vsl_execute().
 *
 * Return: 0; -ENETDOWN where the packet goes in a loop: dropped and counted;
 * -ENOMEM: dropped.
 */
int vsl_recirc_add(struct vsl_datapath *dp, struct sk_buff *skb,
		   const struct vsl_key *key, u32 recirc_id, u32 max_len)
{
	struct queue *queue = this_cpu_ptr(&queues);
	struct vsl_recirc *recirc;

	if (unlikely(queue->round >= ROUNDS_MAX ||
		     queue->packets >= PACKETS_MAX)) {
		net_dbg_ratelimited("%s: packet dropped, its recirculation is a loop\n",
				    vsl_datapath_name(dp));
		vsl_datapath_count_loop(dp);
		trace_drop(skb, "loop");
		kfree_skb(skb);
		return -ENETDOWN;
	}
	recirc = recirc_alloc(queue);
	if (unlikely(!recirc)) {
		trace_drop(skb, "no memory");
		kfree_skb(skb);
		return -ENOMEM;
	}
	recirc->next = NULL;
	recirc->dp = dp;
	recirc->skb = skb;
	recirc->max_len = max_len;
	recirc->round = queue->round + 1;
	recirc->key = *key;
	recirc->key.recirc_id = recirc_id;
	if (vsl_recirc_waits())
		queue->last->next = recirc;
	else
		__this_cpu_write(vsl_recirc_first, recirc);
	queue->last = recirc;
	queue->packets++;
	return 0;
}

/**
 * vsl_recirc_afford() - whether the packet in hand may run its actions
 * @steps: how many they are at most
 *
 * Context: as above, between vsl_recirc_take() and vsl_recirc_done().
 *
 * Return: false where all that became of the received packet has taken so many
 * that it is a loop.
 */
bool vsl_recirc_afford(unsigned int steps)
{
	struct queue *queue = this_cpu_ptr(&queues);

	queue->steps += steps;
	return queue->steps <= STEPS_MAX;
}

/**
 * vsl_recirc_take() - the packet that has waited longest
 *
 * Context: as above.
 *
 * Return: the packet, to be given back by vsl_recirc_done(), its skb being the
 * caller's; NULL: none waits.
 */
struct vsl_recirc *vsl_recirc_take(void)
{
	struct queue *queue = this_cpu_ptr(&queues);
	struct vsl_recirc *recirc = __this_cpu_read(vsl_recirc_first);

	if (!recirc)
		return NULL;
	__this_cpu_write(vsl_recirc_first, recirc->next);
	queue->round = recirc->round;
	return recirc;
}

/**
 * vsl_recirc_done() - the packet and its key are not needed any more
 * @recirc: from vsl_recirc_take()
 *
 * Context: as above.
 */
void vsl_recirc_done(struct vsl_recirc *recirc)
{
	struct queue *queue = this_cpu_ptr(&queues);
	ptrdiff_t n = recirc - queue->slot;

	if (likely(n >= 0 && n < SLOTS))
		queue->used &= ~BIT(n);
	else
		kfree(recirc);
}

/**
 * vsl_recirc_end() - all that became of the received packet has been done
 *
 * Context: as above, the queue being empty.
 */
void vsl_recirc_end(void)
{
	struct queue *queue = this_cpu_ptr(&queues);

	queue->round = 0;
	queue->packets = 0;
	queue->steps = 0;
}
