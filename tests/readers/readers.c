// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flow table under readers on all CPUs: a thread bound to each looks up flows
 * that are there, as fast as it goes, while a writer makes the table do all that
 * it does to itself.  No lookup may miss.  Nothing but tests loads it.
 *
 * Loading runs it, for @secs; what came out is in /sys/module/table_readers/parameters.
 *
 * Flows come in sections, each of which makes the table move them in another way:
 *
 *	prefixes	one port, 32 * 8 * 8 masks, ever closer to one another:
 *			leaves become subtables, these are widened, and collapse
 *	exact		one mask, many flows: the subtable grows and shrinks; now
 *			and then some that are made to collide: it gets new secrets
 *	types		a partition each: the directory is made anew
 *	anywhere	flows of no one partition
 *
 * Every eighth lasts from begin to end, the others come and go.  A reader takes
 * those too, for as long as the writer says that they are there.  Half of its lookups
 * are of a flow that is close to the one that the writer has in hand.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "action.h"
#include "flow.h"
#include "lookup.h"
#include "mask.h"
#include "table.h"

#define PREFIXES	(32 * 8 * 8)
#define EXACT		4096
#define TYPES		512
#define ANYWHERE	64
#define ENTRIES		(PREFIXES + EXACT + TYPES + ANYWHERE)
#define LASTING		8	/* one in so many */
#define BATCH		64	/* lookups without a break */
#define COLLIDING	64

#define PORT_PREFIXES	1
#define PORT_EXACT	2
#define PORT_TYPES	3
#define PORT_ANYWHERE	4

static unsigned int secs = 5;
module_param(secs, uint, 0444);
MODULE_PARM_DESC(secs, "how long");

/* What came out. */
static unsigned long lookups, missed, wrong, miscounted;
static unsigned int readers, changes, resizes, splits, reseeds;

module_param(lookups, ulong, 0444);
module_param(missed, ulong, 0444);
module_param(wrong, ulong, 0444);
module_param(miscounted, ulong, 0444);
module_param(readers, uint, 0444);
module_param(changes, uint, 0444);
module_param(resizes, uint, 0444);
module_param(splits, uint, 0444);
module_param(reseeds, uint, 0444);

/*
 * A flow that may be in the table.  @flow is it while it is there for certain: set
 * after it was inserted, cleared before it is removed.
 */
struct entry {
	struct vsl_key key;
	struct vsl_key mask;
	struct vsl_flow *flow;
};

struct reader {
	struct task_struct *task;
	struct sk_buff *skb;
	u32 random;
	unsigned long lookups, missed, wrong;
	u32 hits[ENTRIES];
};

static struct vsl_table table;
static struct entry *entries;
static u16 *order;		/* in which the writer goes through them */
static unsigned int at_work;	/* a flow that lasts, close to what it changes now */

/* Flows here do nothing. */
void vsl_actions_free(struct vsl_actions *actions)
{
	WARN_ON_ONCE(actions);
}

static u64 *words(struct vsl_key *key)
{
	return (u64 *)key;
}

/* --- flows --- */

static void exact_word(struct entry *entry, unsigned int word)
{
	words(&entry->mask)[word] = U64_MAX;
}

static void start_entry(struct entry *entry, u16 port)
{
	entry->key = (struct vsl_key){
		.in_port = port, .eth_type = htons(ETH_P_IP), .ip_proto = 17,
		.eth_src = { 2, 0, 0, 0, 0, 1 }, .eth_dst = { 2, 0, 0, 0, 0, 2 },
		.ip_ttl = 64, .tp_src = htons(9), .tp_dst = htons(9),
		.ipv4 = { htonl(0x0a000001), htonl(0x0a000002) },
	};
	exact_word(entry, 0);
}

/* Differs from all others of these in the last bit of some prefix. */
static void make_prefixes(struct entry *entry, unsigned int i)
{
	unsigned int ip = i / 64, src = i / 8 % 8, dst = i % 8;

	start_entry(entry, PORT_PREFIXES);
	entry->mask.ip_proto = 0xff;
	entry->mask.ipv4.src = htonl(~0U << (31 - ip));
	entry->mask.tp_src = htons(0xffff << (15 - src));
	entry->mask.tp_dst = htons(0xffff << (15 - dst));
	entry->key.ipv4.src ^= htonl(0x80000000U >> ip);
	entry->key.tp_src ^= htons(0x8000 >> src);
	entry->key.tp_dst ^= htons(0x8000 >> dst);
}

static void make_exact(struct entry *entry, unsigned int i)
{
	unsigned int w;

	start_entry(entry, PORT_EXACT);
	entry->key.ipv4.src = htonl(0x0a010000 + i);
	for (w = 1; w < 6; w++)
		exact_word(entry, w);
}

static void make_types(struct entry *entry, unsigned int i)
{
	start_entry(entry, PORT_TYPES);
	entry->key.eth_type = htons(0x6000 + i);
}

static void make_anywhere(struct entry *entry, unsigned int i)
{
	start_entry(entry, PORT_ANYWHERE);
	words(&entry->mask)[0] = 0;
	entry->key.eth_src[5] = 0x80 + i;
	memset(entry->mask.eth_src, 0xff, ETH_ALEN);
	if (i % 2)
		memset(entry->mask.eth_dst, 0xff, ETH_ALEN);
}

static void make_entries(void)
{
	static const struct {
		void (*make)(struct entry *entry, unsigned int i);
		unsigned int n;
	} sections[] = {
		{ make_prefixes, PREFIXES }, { make_exact, EXACT },
		{ make_types, TYPES }, { make_anywhere, ANYWHERE },
	};
	struct entry *entry = entries;
	unsigned int s, i;

	for (s = 0; s < ARRAY_SIZE(sections); s++)
		for (i = 0; i < sections[s].n; i++)
			sections[s].make(entry++, i);
}

static struct vsl_flow *insert(struct vsl_key *key, struct vsl_key *mask_bits)
{
	struct vsl_flow_id id = { .key = *key };
	struct vsl_mask *mask = vsl_mask_alloc(mask_bits);
	struct vsl_flow *flow;
	int err;

	if (!mask)
		return NULL;
	flow = vsl_flow_alloc(key, mask, &id, NULL);
	if (!flow) {
		vsl_mask_put(mask);
		return NULL;
	}
	mutex_lock(&table.lock);
	err = vsl_table_insert(&table, flow);
	mutex_unlock(&table.lock);
	if (!err)
		return flow;
	vsl_flow_free(flow);
	return NULL;
}

static void remove(struct vsl_flow *flow)
{
	mutex_lock(&table.lock);
	vsl_table_remove(&table, flow);
	mutex_unlock(&table.lock);
	vsl_flow_free_rcu(flow);
}

/* --- readers --- */

static u32 next_random(u32 *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 17;
	*x ^= *x << 5;
	return *x;
}

/* A key that @entry's flow takes, and no other: any bits where its mask has none. */
static void key_for(struct reader *reader, const struct entry *entry,
		    struct vsl_key *key)
{
	*key = entry->key;
	key->ip_ttl ^= next_random(&reader->random) & ~entry->mask.ip_ttl;
	key->ipv4.src ^= (__force __be32)next_random(&reader->random) &
			 ~entry->mask.ipv4.src;
	key->tp_src ^= (__force __be16)next_random(&reader->random) &
		       ~entry->mask.tp_src;
}

/* Under RCU, bottom halves off. */
static void look_up(struct reader *reader)
{
	u32 random = next_random(&reader->random);
	unsigned int i = random & 1 ? READ_ONCE(at_work) : random / 2 % ENTRIES;
	struct entry *entry = &entries[i];
	struct vsl_lookup lookup = {};
	struct vsl_flow *flow, *found;
	struct vsl_key key;

	/* inserted before it could be read here */
	flow = smp_load_acquire(&entry->flow);
	if (!flow)
		return;
	key_for(reader, entry, &key);
	found = vsl_table_receive(&table, &key, &lookup);
	reader->lookups++;
	if (likely(found == flow)) {
		vsl_flow_count(flow, reader->skb, 0);
		reader->hits[i]++;
		return;
	}
	/* what was found is older than whether it should have been */
	smp_rmb();
	if (READ_ONCE(entry->flow) != flow)
		return;
	if (found)
		reader->wrong++;
	else
		reader->missed++;
}

static int reader_main(void *arg)
{
	struct reader *reader = arg;
	unsigned int i;

	while (!kthread_should_stop()) {
		local_bh_disable();
		rcu_read_lock();
		for (i = 0; i < BATCH; i++)
			look_up(reader);
		rcu_read_unlock();
		local_bh_enable();
		cond_resched();
	}
	return 0;
}

static void reader_free(struct reader *reader)
{
	if (!reader)
		return;
	kfree_skb(reader->skb);
	vfree(reader);
}

static struct reader *reader_start(unsigned int cpu)
{
	struct reader *reader = vzalloc(sizeof(*reader));

	if (!reader)
		return NULL;
	reader->random = 2463534242U + cpu;
	reader->skb = alloc_skb(64, GFP_KERNEL);
	if (!reader->skb)
		goto err;
	skb_put_zero(reader->skb, 60);
	reader->task = kthread_create(reader_main, reader, "reader/%u", cpu);
	if (IS_ERR(reader->task))
		goto err;
	kthread_bind(reader->task, cpu);
	wake_up_process(reader->task);
	return reader;

err:
	reader_free(reader);
	return NULL;
}

/* --- the writer --- */

static void come(struct entry *entry)
{
	struct vsl_flow *flow = insert(&entry->key, &entry->mask);

	/* in the table before readers are told so */
	if (flow)
		smp_store_release(&entry->flow, flow);
	changes++;
}

static void go(struct entry *entry)
{
	struct vsl_flow *flow = entry->flow;

	if (!flow)
		return;
	WRITE_ONCE(entry->flow, NULL);
	/* readers that miss it know from here on that they may */
	smp_mb();
	remove(flow);
	changes++;
}

static bool lasts(unsigned int i)
{
	return !(i % LASTING);
}

static void shuffle(void)
{
	unsigned int i;

	for (i = ENTRIES - 1; i; i--)
		swap(order[i], order[get_random_u32() % (i + 1)]);
}

/* Who knows the secrets can make flows that meet; the table takes new ones then. */
static void collide(void)
{
	struct vsl_flow *flows[COLLIDING];
	struct entry entry = {};
	unsigned int n = 0;
	u32 hash, first = 0;

	make_exact(&entry, 0);
	/* the only writer: what it reads without the lock does not change */
	for (entry.key.ipv4.dst = 0; n < COLLIDING; ) {
		u32 type = vsl_partition_type(words(&entry.key));
		struct vsl_subtables *subs;
		struct vsl_subtable *sub;

		be32_add_cpu(&entry.key.ipv4.dst, 1);
		rcu_read_lock();
		subs = rcu_dereference(vsl_directory_find(&table.directory, type)->subtables);
		sub = vsl_entry_ptr(subs->at[0]);
		hash = vsl_shape_hash(&sub->shape, words(&entry.key)) & sub->last;
		rcu_read_unlock();
		if (!n)
			first = hash;
		if (hash != first)
			continue;
		flows[n] = insert(&entry.key, &entry.mask);
		if (!flows[n])
			break;
		n++;
		if (table.events.reseeds)
			break;
	}
	while (n)
		remove(flows[--n]);
}

/* @change all entries that do not last, in any order. */
static void wave(void (*change)(struct entry *entry), unsigned long end)
{
	unsigned int i;

	shuffle();
	for (i = 0; i < ENTRIES && time_before(jiffies, end); i++) {
		WRITE_ONCE(at_work, order[i] - order[i] % LASTING);
		if (!lasts(order[i]))
			change(&entries[order[i]]);
		cond_resched();
	}
}

static void churn(unsigned long end)
{
	static const u32 sizes[] = { 256, 0, 1, 4096 };
	unsigned int round = 0;

	while (time_before(jiffies, end)) {
		wave(come, end);
		vsl_table_set_cache(&table, sizes[round++ % ARRAY_SIZE(sizes)]);
		table.events.reseeds = 0;
		collide();
		reseeds += table.events.reseeds;
		wave(go, end);
	}
}

/* --- all of it --- */

static void add_up(const struct reader *reader)
{
	lookups += reader->lookups;
	missed += reader->missed;
	wrong += reader->wrong;
}

/* Each lookup that hit a flow was counted there. */
static void check_counters(struct reader *const *all)
{
	struct vsl_flow_totals totals;
	unsigned int i, cpu;

	for (i = 0; i < ENTRIES; i += LASTING) {
		u64 hits = 0;

		for_each_online_cpu(cpu)
			hits += all[cpu]->hits[i];
		vsl_flow_totals(entries[i].flow, &totals);
		miscounted += totals.packets != hits;
	}
}

static int run(struct reader **all)
{
	unsigned int i, cpu;
	int err = 0;

	for (i = 0; i < ENTRIES; i++) {
		order[i] = i;
		if (!lasts(i))
			continue;
		come(&entries[i]);
		if (!entries[i].flow)
			return -ENOMEM;
	}
	for_each_online_cpu(cpu) {
		all[cpu] = reader_start(cpu);
		if (!all[cpu])
			err = -ENOMEM;
		readers++;
	}
	if (!err)
		churn(jiffies + secs * HZ);
	for_each_online_cpu(cpu)
		if (all[cpu])
			kthread_stop(all[cpu]->task);
	if (err)
		return err;
	for_each_online_cpu(cpu)
		add_up(all[cpu]);
	check_counters(all);
	resizes = table.events.resizes;
	splits = table.events.splits;
	return 0;
}

static int __init readers_init(void)
{
	struct reader **all;
	unsigned int cpu;
	int err = -ENOMEM;

	all = kcalloc(nr_cpu_ids, sizeof(*all), GFP_KERNEL);
	entries = vzalloc(ENTRIES * sizeof(*entries));
	order = vzalloc(ENTRIES * sizeof(*order));
	if (!all || !entries || !order)
		goto out;
	make_entries();
	err = vsl_table_init(&table);
	if (err)
		goto out;
	err = run(all);
	mutex_lock(&table.lock);
	vsl_table_flush(&table);
	mutex_unlock(&table.lock);
	rcu_barrier();
	vsl_table_destroy(&table);
	for_each_online_cpu(cpu)
		reader_free(all[cpu]);
out:
	vfree(order);
	vfree(entries);
	kfree(all);
	return err;
}

static void __exit readers_exit(void)
{
	/* cache and masks are freed by callbacks of the module's own */
	rcu_barrier();
}

module_init(readers_init);
module_exit(readers_exit);
MODULE_DESCRIPTION("Tests' readers of the flow table on all CPUs");
MODULE_LICENSE("GPL");
