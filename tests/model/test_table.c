// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The flow table against a model that cannot be wrong: a list of flows, looked
 * through from one end to the other.
 *
 *	test_table [OPERATIONS [SEED]]
 *
 * Rounds of random insert, delete, lookup, walk and change of the cache's size,
 * each round with flows of another sort, none of which overlap.  In some of them
 * memory allocation fails at random: what is refused then must have changed
 * nothing.  Then the attacks that the table is made for.
 */
#include <stdio.h>

#include "action.h"
#include "build.h"
#include "cache.h"
#include "flow.h"
#include "lookup.h"

#define FLOWS_MAX	8192

unsigned int shim_fail;
long shim_allocated;
int shim_cpu;
unsigned long jiffies;
static u64 random_state;

/* SplitMix64. */
u64 shim_random(void)
{
	u64 z = random_state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

/* Flows here do nothing. */
void vsl_actions_free(struct vsl_actions *actions)
{
	assert(!actions);
}

static unsigned int below(unsigned int n)
{
	return shim_random() % n;
}

#define CHECK(ok, ...) \
	do { \
		if (!(ok)) { \
			fprintf(stderr, "%s:%d: ", __FILE__, __LINE__); \
			fprintf(stderr, __VA_ARGS__); \
			fputc('\n', stderr); \
			abort(); \
		} \
	} while (0)

/* --- the model --- */

struct entry {
	struct vsl_key key;	/* masked */
	struct vsl_key mask;
	struct vsl_flow *flow;
	u64 packets;
	unsigned int walk;
};

static struct entry model[FLOWS_MAX];
static unsigned int count, walks;
static struct vsl_table table;

static u64 *words(struct vsl_key *key)
{
	return (u64 *)key;
}

static bool takes(struct entry *entry, struct vsl_key *key)
{
	unsigned int i;

	for (i = 0; i < VSL_KEY_WORDS; i++)
		if ((words(key)[i] ^ words(&entry->key)[i]) &
		    words(&entry->mask)[i])
			return false;
	return true;
}

static struct entry *scan(struct vsl_key *key)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (takes(&model[i], key))
			return &model[i];
	return NULL;
}

/* Whether some key would be taken by both. */
static bool overlap(struct entry *a, struct vsl_key *key, struct vsl_key *mask)
{
	unsigned int i;

	for (i = 0; i < VSL_KEY_WORDS; i++)
		if ((words(key)[i] ^ words(&a->key)[i]) &
		    words(&a->mask)[i] & words(mask)[i])
			return false;
	return true;
}

static bool overlaps(struct vsl_key *key, struct vsl_key *mask)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (overlap(&model[i], key, mask))
			return true;
	return false;
}

/* --- sorts of flows --- */

static const struct vsl_key base = {
	.in_port = 1, .eth_type = 0x0008, .ip_proto = 17,
	.eth_src = { 2, 0, 0, 0, 0, 1 }, .eth_dst = { 2, 0, 0, 0, 0, 2 },
	.ip_ttl = 64, .tp_src = 0x3930, .tp_dst = 0x5000,
	.ipv4 = { 0x0100000a, 0x0200000a },
};

static void exact_word(struct vsl_key *mask, int word)
{
	words(mask)[word] = U64_MAX;
}

static u32 prefix32(unsigned int len)
{
	return len ? __builtin_bswap32(~0U << (32 - len)) : 0;
}

static u16 prefix16(unsigned int len)
{
	return __builtin_bswap16((u16)(0xffffU << (16 - len)));
}

/* Exact flows of a few partitions, as of a switch with many connections. */
static void sort_exact(struct vsl_key *key, struct vsl_key *mask)
{
	int i;

	*key = base;
	key->in_port = 1 + below(5);
	key->eth_src[5] = below(4);
	key->tp_src = below(100);
	key->ipv4.src = below(100);
	for (i = 0; i < 6; i++)
		exact_word(mask, i);
}

/* A partition for nearly each of them, as of one who sends all EtherTypes. */
static void sort_types(struct vsl_key *key, struct vsl_key *mask)
{
	*key = base;
	key->in_port = below(40);
	key->eth_type = 1 + below(200);
	key->eth_src[5] = below(4);
	exact_word(mask, 0);
	exact_word(mask, 1);
}

/* What a client makes of an attacker's packets: prefixes of all lengths. */
static void sort_prefixes(struct vsl_key *key, struct vsl_key *mask)
{
	unsigned int i = below(32), j = below(16), k = below(16);

	*key = base;
	exact_word(mask, 0);
	mask->ip_proto = 0xff;
	mask->ip_frag = 0xff;
	mask->ipv4.src = prefix32(i + 1);
	mask->tp_src = prefix16(j + 1);
	mask->tp_dst = prefix16(k + 1);
	key->ipv4.src ^= __builtin_bswap32(0x80000000U >> i);
	key->tp_src ^= __builtin_bswap16(0x8000 >> j);
	key->tp_dst ^= __builtin_bswap16(0x8000 >> k);
}

/* Any bits of few values, so that many keys are taken. */
static void sort_bits(struct vsl_key *key, struct vsl_key *mask)
{
	unsigned int i;

	*key = base;
	exact_word(mask, 0);
	words(key)[1] = shim_random() & 0x0f000f000f000fULL;
	words(key)[5] = shim_random() & 0x0f000f000f000fULL;
	for (i = 0; i < 3; i++)
		words(mask)[below(2) ? 1 : 5] |= 0x0fULL << 16 * below(4);
	words(mask)[4] = shim_random() & shim_random() & 0x0f0f;
	words(key)[4] = shim_random() & 0x0f0f;
}

/* Any words of the key; not all have the first of them. */
static void sort_words(struct vsl_key *key, struct vsl_key *mask)
{
	unsigned int i;

	*key = base;
	for (i = 0; i < VSL_KEY_WORDS; i++) {
		words(key)[i] ^= below(3);
		if (below(3))
			exact_word(mask, i);
	}
	if (below(2))
		exact_word(mask, 0);
	else
		words(mask)[0] &= below(2) ? ~0xffULL : 0;
}

/* Any two units of 16 bits: far more shapes than a partition has subtables. */
static void sort_units(struct vsl_key *key, struct vsl_key *mask)
{
	unsigned int i, word[2] = { 1 + below(3), 4 };

	*key = base;
	words(mask)[0] = ~(u64)U32_MAX;
	/* what they do not overlap in; no whole unit, so not in a shape */
	key->recirc_id = below(0x8000);
	mask->recirc_id = 0x7fff;
	for (i = 0; i < 2; i++) {
		int shift = 16 * below(4);

		words(mask)[word[i]] = 0xffffULL << shift;
		words(key)[word[i]] ^= (u64)below(3) << shift;
	}
}

static void sort_mixed(struct vsl_key *key, struct vsl_key *mask);

static const struct sort {
	const char *name;
	void (*make)(struct vsl_key *key, struct vsl_key *mask);
	unsigned int flows;
} sorts[] = {
	{ "exact", sort_exact, 1500 },
	{ "prefixes", sort_prefixes, 800 },
	{ "bits", sort_bits, 300 },
	{ "words", sort_words, 300 },
	{ "mixed", sort_mixed, 500 },
	{ "types", sort_types, 3000 },
	{ "units", sort_units, 300 },
};

static void sort_mixed(struct vsl_key *key, struct vsl_key *mask)
{
	sorts[below(4)].make(key, mask);
}

/* --- operations --- */

/* A key near to those of the flows: often one that a flow takes. */
static void any_key(const struct sort *sort, struct vsl_key *key)
{
	struct vsl_key mask = {}, noise;
	unsigned int i;

	if (count && below(4)) {
		struct entry *entry = &model[below(count)];

		*key = entry->key;
		mask = entry->mask;
	} else {
		sort->make(key, &mask);
	}
	for (i = 0; i < VSL_KEY_WORDS; i++)
		words(&noise)[i] = shim_random() & shim_random();
	for (i = 0; i < VSL_KEY_WORDS; i++)
		words(key)[i] ^= words(&noise)[i] & ~words(&mask)[i];
}

static struct vsl_flow *new_flow(struct vsl_key *key, struct vsl_key *mask)
{
	struct vsl_flow_id id = {};
	struct vsl_mask *shared;
	struct vsl_flow *flow;
	u64 ufid[2] = { shim_random(), shim_random() };

	if (below(2)) {
		id.ufid_len = 16;
		memcpy(id.ufid, ufid, sizeof(ufid));
	} else {
		id.key = *key;
	}
	shared = vsl_mask_alloc(mask);
	if (!shared)
		return NULL;
	flow = vsl_flow_alloc(key, shared, &id, NULL);
	if (!flow)
		vsl_mask_put(shared);
	return flow;
}

/* Whether the flow could be inserted. */
static bool insert(struct vsl_key *key, struct vsl_key *mask)
{
	struct vsl_flow *flow = new_flow(key, mask);
	struct entry *entry = &model[count];
	unsigned int i;
	int err;

	if (!flow) {
		CHECK(shim_fail, "no flow");
		return false;
	}
	mutex_lock(&table.lock);
	err = vsl_table_insert(&table, flow);
	mutex_unlock(&table.lock);
	if (err) {
		/* a flow's name is its unmasked key: another's, by chance */
		CHECK(err == -EEXIST || (err == -ENOMEM && shim_fail),
		      "insert: %d", err);
		vsl_flow_free(flow);
		return false;
	}
	entry->flow = flow;
	entry->packets = 0;
	entry->mask = *mask;
	for (i = 0; i < VSL_KEY_WORDS; i++)
		words(&entry->key)[i] = words(key)[i] & words(mask)[i];
	count++;
	return true;
}

static void try_insert(const struct sort *sort)
{
	struct vsl_key key = {}, mask = {};

	sort->make(&key, &mask);
	if (!overlaps(&key, &mask))
		insert(&key, &mask);
}

static void delete(unsigned int i)
{
	struct vsl_flow_totals totals;
	struct vsl_flow_id id = {};

	vsl_flow_id(model[i].flow, &id);
	CHECK(vsl_table_by_id(&table, &id) == model[i].flow, "by id");
	mutex_lock(&table.lock);
	vsl_table_remove(&table, model[i].flow);
	mutex_unlock(&table.lock);
	CHECK(!vsl_table_by_id(&table, &id), "by id after delete");
	vsl_flow_totals(model[i].flow, &totals);
	CHECK(totals.packets == model[i].packets, "counted %llu, not %llu",
	      (unsigned long long)totals.packets,
	      (unsigned long long)model[i].packets);
	vsl_flow_free_rcu(model[i].flow);
	model[i] = model[--count];
}

static void lookup(struct vsl_key *key)
{
	struct entry *entry = scan(key);
	struct vsl_flow *right = entry ? entry->flow : NULL;
	struct vsl_lookup how = {};
	struct sk_buff skb = { .len = 60 };
	struct vsl_flow *flow;

	flow = vsl_table_lookup(&table, key);
	CHECK(flow == right, "lookup: %p, not %p", (void *)flow, (void *)right);
	flow = vsl_table_receive(&table, key, &how);
	CHECK(flow == right, "cached lookup: %p, not %p", (void *)flow,
	      (void *)right);
	if (!flow)
		return;
	jiffies++;
	shim_cpu = below(nr_cpu_ids);
	vsl_flow_count(flow, &skb, key->tcp_flags);
	entry->packets++;
}

/* All flows are shown, once. */
static void walk(void)
{
	unsigned long slot = 0;
	unsigned int i, n = 0;
	struct vsl_flow *flow;

	walks++;
	for (; (flow = vsl_table_next(&table, &slot)); slot++) {
		CHECK(vsl_flow_slot(flow) == slot, "slot");
		n++;
	}
	CHECK(n == count, "%u flows in the walk, not %u", n, count);
	for (i = 0; i < count; i++) {
		slot = vsl_flow_slot(model[i].flow);
		CHECK(vsl_table_next(&table, &slot) == model[i].flow, "walk");
	}
}

static void empty(void)
{
	mutex_lock(&table.lock);
	vsl_table_flush(&table);
	mutex_unlock(&table.lock);
	CHECK(!table.count, "flush");
	count = 0;
}

static void check_figures(struct vsl_table_figures *figures)
{
	vsl_table_figures(&table, figures);
	CHECK(figures->flows == count, "figures: %u flows", figures->flows);
}

static void operate(const struct sort *sort, unsigned int target)
{
	struct vsl_key key;
	unsigned int what = below(100);

	if (what < 70) {
		any_key(sort, &key);
		lookup(&key);
	} else if (what < 99) {
		/* towards the target, with a sway */
		if (count < below(2 * target) && count < FLOWS_MAX)
			try_insert(sort);
		else if (count)
			delete(below(count));
	} else if (!below(100)) {
		vsl_table_set_cache(&table, below(3) ? 1 << below(8) : 0);
	} else if (!below(10)) {
		walk();
	}
}

static void random_rounds(unsigned long operations)
{
	const unsigned long round = 20000;
	struct vsl_table_figures figures;
	unsigned long done, i;
	unsigned int n = 0;

	for (done = 0; done < operations; done += round, n++) {
		const struct sort *sort = &sorts[n % ARRAY_SIZE(sorts)];
		unsigned int target = 1 + below(sort->flows);

		shim_fail = below(3) ? 0 : 2 + below(50);
		for (i = 0; i < round && done + i < operations; i++)
			operate(sort, target);
		shim_fail = 0;
		check_figures(&figures);
		if (below(2))
			empty();
	}
	empty();
	check_figures(&figures);
	CHECK(!figures.masks, "masks left");
	printf("%lu random operations: resizes %u, splits %u, reseeds %u\n",
	       operations, figures.events.resizes, figures.events.splits,
	       figures.events.reseeds);
	CHECK(figures.events.resizes && figures.events.splits, "nothing moved");
}

/* --- attacks --- */

/* Each of the 8,192 flows of a tuple space explosion has a mask of its own. */
static void tuple_space_explosion(void)
{
	struct vsl_table_figures figures;
	struct vsl_lookup how = {};
	unsigned long tried = 0;
	unsigned int i;

	while (count < 32 * 16 * 16)
		try_insert(&sorts[1]);
	check_figures(&figures);
	CHECK(figures.masks == 32 * 16 * 16, "%u masks", figures.masks);
	CHECK(figures.longest_chain <= VSL_LEAF_MAX, "a leaf of %u flows",
	      figures.longest_chain);
	vsl_table_set_cache(&table, 0);
	for (i = 0; i < count; i++) {
		how.tried = 0;
		CHECK(vsl_table_receive(&table, &model[i].key, &how) ==
		      model[i].flow, "attacker's flow");
		tried += how.tried;
	}
	printf("%u masks: %u subtables, depth %u, %lu looked at for a packet\n",
	       figures.masks, figures.subtables, figures.depth, tried / count);
	CHECK(tried / count < 32, "the attack succeeds");
	empty();
}

static int insert_one(u64 bits, u64 n)
{
	struct vsl_key key = {}, mask = {};
	struct vsl_flow *flow;
	int err;

	words(&mask)[4] = bits;
	words(&key)[4] = n;
	flow = new_flow(&key, &mask);
	CHECK(flow, "no flow");
	mutex_lock(&table.lock);
	err = vsl_table_insert(&table, flow);
	mutex_unlock(&table.lock);
	if (err)
		vsl_flow_free(flow);
	return err;
}

/* A refused flow leaves nothing behind, not even its mask. */
static void limits(void)
{
	struct vsl_table_figures figures;

	table.max_masks = 1;
	CHECK(!insert_one(0xff, 1) && !insert_one(0xff, 2), "one mask");
	CHECK(insert_one(0xffff, 3) == -ENOSPC, "a second mask");
	table.max_flows = 3;
	CHECK(!insert_one(0xff, 3), "a third flow");
	CHECK(insert_one(0xff, 4) == -ENOSPC, "a fourth flow");
	table.max_masks = 0;
	table.max_flows = 0;
	vsl_table_counts(&table, &figures);
	CHECK(figures.flows == 3 && figures.masks == 1, "%u flows, %u masks",
	      figures.flows, figures.masks);
	empty();
}

/* Someone has found out the secrets: all keys meet in one bucket. */
static void collisions(void)
{
	struct vsl_table_figures figures;
	unsigned int before = table.events.reseeds;
	struct vsl_key key = {}, mask = {};
	unsigned int found = 0;
	u32 first = 0;

	sort_exact(&key, &mask);
	for (key.ipv4.dst = 0; found < 200; key.ipv4.dst++) {
		struct vsl_partition *partition = NULL;
		unsigned int place = 0;
		struct vsl_subtable *sub;
		u32 hash;

		if (count) {
			partition = vsl_directory_next(&table.directory, &place);
			sub = vsl_entry_ptr(partition->subtables->at[0]);
			hash = vsl_shape_hash(&sub->shape, words(&key));
			if (found && ((hash ^ first) & 1023))
				continue;
			if (table.events.reseeds != before)
				break;
			first = hash;
		}
		found++;
		CHECK(insert(&key, &mask), "insert");
	}
	check_figures(&figures);
	CHECK(figures.events.reseeds > before, "not reseeded");
	CHECK(figures.longest_chain <= VSL_LEAF_MAX, "a leaf of %u flows",
	      figures.longest_chain);
	walk();
	empty();
}

/* Flows of a partition that has all the subtables that it may have. */
static void leftovers(void)
{
	const struct vsl_partition *partition;
	const struct vsl_subtable *first;
	unsigned int i, place = 0;

	while (count < 1000)
		try_insert(&sorts[6]);
	partition = vsl_directory_next(&table.directory, &place);
	CHECK(partition->subtables->count == VSL_SUBTABLES_MAX,
	      "%u subtables", partition->subtables->count);
	first = vsl_entry_ptr(partition->subtables->at[0]);
	CHECK(first->rest, "nothing is left over");
	for (i = 0; i < count; i++)
		lookup(&model[i].key);
	walk();
	empty();
}

/* As many flows as a busy host has: few in each leaf, and they all go. */
static void many(unsigned int n)
{
	struct vsl_flow **flows = calloc(n, sizeof(*flows));
	struct vsl_table_figures figures;
	struct vsl_key key = base, mask = {};
	unsigned int i;

	for (i = 0; i < 6; i++)
		exact_word(&mask, i);
	for (i = 0; i < n; i++) {
		key.ipv4.src = i;
		flows[i] = new_flow(&key, &mask);
		mutex_lock(&table.lock);
		CHECK(!vsl_table_insert(&table, flows[i]), "insert %u", i);
		mutex_unlock(&table.lock);
	}
	vsl_table_figures(&table, &figures);
	printf("%u flows: %u subtables, %u buckets, longest chain %u, %llu bytes a flow\n",
	       n, figures.subtables, figures.buckets, figures.longest_chain,
	       (unsigned long long)figures.bytes / n);
	CHECK(figures.subtables == 1 && !figures.events.reseeds,
	      "chance taken for an attack");
	CHECK(figures.buckets >= n / 2 && figures.buckets <= 4 * n, "size");
	CHECK(figures.longest_chain <= 12, "hash no good");
	for (i = 0; i < n; i++) {
		key.ipv4.src = i;
		CHECK(vsl_table_lookup(&table, &key) == flows[i], "lookup");
	}
	for (i = 0; i < n; i++) {
		mutex_lock(&table.lock);
		vsl_table_remove(&table, flows[i]);
		mutex_unlock(&table.lock);
		vsl_flow_free_rcu(flows[i]);
	}
	vsl_table_figures(&table, &figures);
	CHECK(!figures.flows && !figures.subtables, "not empty");
	free(flows);
}

int main(int argc, char **argv)
{
	unsigned long operations = argc > 1 ? strtoul(argv[1], NULL, 0) :
					      500000;

	random_state = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
	CHECK(!vsl_table_init(&table), "init");
	limits();
	many(100000);
	tuple_space_explosion();
	collisions();
	leftovers();
	random_rounds(operations);
	vsl_table_destroy(&table);
	CHECK(!shim_allocated, "%ld pieces of memory left", shim_allocated);
	return 0;
}
