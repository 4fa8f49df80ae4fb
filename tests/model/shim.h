/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * As much of the kernel as the flow table needs, for building its very sources
 * for user space: the Makefile includes this before anything else and makes the
 * <linux/...> headers that they ask for empty.
 *
 * There is one thread, and a writer is no reader: so a grace period is over at
 * once, and memory given to kfree_rcu() is gone when it returns.  What touches
 * it afterwards is found by AddressSanitizer.  Any allocation may fail: see
 * shim_fail.
 */
#ifndef VSL_MODEL_SHIM_H
#define VSL_MODEL_SHIM_H

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef u16 __be16;
typedef u32 __be32;
#define U16_MAX		UINT16_MAX
#define U32_MAX		UINT32_MAX
#define U64_MAX		UINT64_MAX

#define __rcu
#define __percpu
#define __aligned(n)	__attribute__((aligned(n)))
#define likely(x)	(x)
#define unlikely(x)	(x)
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define container_of(p, type, member) \
	((type *)((char *)(p) - offsetof(type, member)))
#define struct_size_t(type, member, n) \
	(offsetof(type, member) + (n) * sizeof(((type *)0)->member[0]))
#define struct_size(p, member, n) \
	(offsetof(__typeof__(*(p)), member) + (n) * sizeof((p)->member[0]))
#define ALIGN(x, a)	(((x) + (a) - 1) / (a) * (a))
#define round_up(x, a)	ALIGN(x, a)
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define max(a, b)	((a) > (b) ? (a) : (b))
#define min(a, b)	((a) < (b) ? (a) : (b))
#define max_t(t, a, b)	max((t)(a), (t)(b))
#define clamp_t(t, x, low, high) min(max((t)(x), (t)(low)), (t)(high))
#define WARN_ON_ONCE(x)	assert(!(x))
#define PAGE_SIZE	4096UL
#define cond_resched()	((void)0)
#define cpu_to_be16(x)	__builtin_bswap16(x)
#define mul_u64_u64_shr(a, b, n) ((u64)((unsigned __int128)(a) * (b) >> (n)))

#define MAX_ERRNO	4095
#define ERR_PTR(err)	((void *)(long)(err))
#define PTR_ERR(p)	((long)(p))
#define IS_ERR(p)	((unsigned long)(p) >= (unsigned long)-MAX_ERRNO)
#define ERR_CAST(p)	((void *)(p))

/* --- bits --- */

#define BIT(n)		(1UL << (n))
#define GENMASK_ULL(h, l) (~0ULL >> (63 - (h)) & ~0ULL << (l))
#define BITS_TO_LONGS(n) (((n) + 63) / 64)
#define DECLARE_BITMAP(name, n) unsigned long name[BITS_TO_LONGS(n)]
#define hweight16(x)	((unsigned int)__builtin_popcount((u16)(x)))
#define hweight64(x)	__builtin_popcountll(x)
#define __ffs(x)	((unsigned int)__builtin_ctzl(x))

#define ilog2(n)	(63 - __builtin_clzll(n))

static inline unsigned long roundup_pow_of_two(unsigned long n)
{
	unsigned long p = 1;

	while (p < n)
		p *= 2;
	return p;
}

static inline void __set_bit(unsigned long i, unsigned long *map)
{
	map[i / 64] |= BIT(i % 64);
}

static inline void __clear_bit(unsigned long i, unsigned long *map)
{
	map[i / 64] &= ~BIT(i % 64);
}

static inline bool __test_and_set_bit(unsigned long i, unsigned long *map)
{
	bool was = map[i / 64] & BIT(i % 64);

	__set_bit(i, map);
	return was;
}

static inline unsigned long find_first_zero_bit(const unsigned long *map,
						unsigned long n)
{
	unsigned long i;

	for (i = 0; i < n && map[i / 64] & BIT(i % 64); i++)
		;
	return i;
}

static inline bool bitmap_full(const unsigned long *map, unsigned long n)
{
	return find_first_zero_bit(map, n) == n;
}

static inline bool bitmap_empty(const unsigned long *map, unsigned long n)
{
	unsigned long i;

	for (i = 0; i < BITS_TO_LONGS(n); i++)
		if (map[i])
			return false;
	return true;
}

/* --- memory --- */

extern unsigned int shim_fail;	/* one allocation in so many fails; 0: none */
extern long shim_allocated;	/* pieces */
u64 shim_random(void);

#define GFP_KERNEL		0
#define GFP_KERNEL_ACCOUNT	0
#define GFP_NOWAIT		0
#define __GFP_ACCOUNT		0
#define __GFP_NOWARN		0

/* nobody is charged */
struct mem_cgroup;
#define get_mem_cgroup_from_mm(mm) NULL
#define mem_cgroup_put(memcg)	((void)(memcg))

static inline struct mem_cgroup *set_active_memcg(struct mem_cgroup *memcg)
{
	return memcg;
}

static inline void *shim_alloc(size_t size)
{
	if (shim_fail && !(shim_random() % shim_fail))
		return NULL;
	shim_allocated++;
	return calloc(1, size);
}

static inline void shim_free(void *p)
{
	shim_allocated -= !!p;
	free(p);
}

#define kmalloc(size, gfp)	shim_alloc(size)
#define kzalloc(size, gfp)	shim_alloc(size)
#define kvzalloc(size, gfp)	shim_alloc(size)
#define kvcalloc(n, size, gfp)	shim_alloc((n) * (size))
#define kvmalloc_array(n, size, gfp) shim_alloc((n) * (size))
#define get_zeroed_page(gfp)	((unsigned long)shim_alloc(PAGE_SIZE))
#define free_page(p)		shim_free((void *)(p))
#define kfree(p)		shim_free(p)
#define kvfree(p)		shim_free(p)
#define kfree_rcu(p, member)	shim_free(p)
#define kvfree_rcu(p, member)	shim_free(p)

/* --- readers and writers --- */

struct rcu_head {
	void *unused[2];
};

#define call_rcu(head, fn)	(fn)(head)
#define rcu_barrier()		((void)0)
#define rcu_read_lock()		((void)0)
#define rcu_read_unlock()	((void)0)
#define rcu_dereference(p)	(p)
#define rcu_dereference_raw(p)	(p)
#define rcu_dereference_check(p, c)	(p)
#define rcu_access_pointer(p)	(p)
#define rcu_dereference_protected(p, c)	(p)
#define rcu_assign_pointer(p, v)	((p) = (v))
#define RCU_INIT_POINTER(p, v)		((p) = (v))
#define rcu_replace_pointer(p, v, c) \
	({ __typeof__(p) _old = (p); (p) = (v); _old; })
#define lockdep_is_held(l)	true
#define READ_ONCE(x)		(*(volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v)	(*(volatile __typeof__(x) *)&(x) = (v))
#define smp_store_release(p, v)	WRITE_ONCE(*(p), v)

struct mutex {
	int locked;
};

#define mutex_init(m)		((m)->locked = 0)
#define mutex_destroy(m)	assert(!(m)->locked)
#define mutex_lock(m)		assert(!(m)->locked++)
#define mutex_unlock(m)		assert(!--(m)->locked)

typedef int spinlock_t;
#define spin_lock_init(l)	(*(l) = 0)
#define spin_lock_bh(l)		assert(!(*(l))++)
#define spin_unlock_bh(l)	assert(!--(*(l)))

typedef struct {
	int v;
} atomic_t;
typedef struct {
	u64 v;
} atomic64_t;
#define atomic_set(a, n)	((a)->v = (n))
#define atomic_read(a)		((a)->v)
#define atomic_inc(a)		((a)->v++)
#define atomic_dec(a)		((a)->v--)
#define atomic64_read(a)	((a)->v)
#define atomic64_inc(a)		((a)->v++)
#define atomic64_add(n, a)	((a)->v += (n))
#define atomic64_sub(n, a)	((a)->v -= (n))

typedef atomic_t refcount_t;
#define refcount_set(r, n)	atomic_set(r, n)
#define refcount_inc(r)		atomic_inc(r)
#define refcount_dec_and_test(r) (assert((r)->v > 0), !--(r)->v)

#define prefetch(p)		((void)(p))

/* --- two processors, one at a time; what is per CPU in the kernel both share here --- */

extern int shim_cpu;		/* which */

#define nr_cpu_ids		2
#define num_possible_cpus()	1
#define smp_processor_id()	shim_cpu
#define cmpxchg(p, old, new)	__sync_val_compare_and_swap(p, old, new)
#define this_cpu_ptr(p)		(p)
#define __alloc_percpu_gfp(size, align, gfp) shim_alloc(size)
#define free_percpu(p)		shim_free(p)

typedef struct {
	u64 v;
} u64_stats_t;
struct u64_stats_sync {
};
#define u64_stats_init(s)		((void)(s))
#define u64_stats_update_begin(s)	((void)(s))
#define u64_stats_update_end(s)		((void)(s))
#define u64_stats_fetch_begin(s)	((void)(s), 0)
#define u64_stats_fetch_retry(s, start)	((void)(s), (void)(start), false)
#define u64_stats_inc(p)		((p)->v++)
#define u64_stats_add(p, n)		((p)->v += (n))
#define u64_stats_read(p)		((p)->v)

/* --- lists --- */

struct list_head {
	struct list_head *next, *prev;
};

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list->prev = list;
}

static inline void list_add(struct list_head *new, struct list_head *head)
{
	new->next = head->next;
	new->prev = head;
	head->next->prev = new;
	head->next = new;
}

static inline void list_del_init(struct list_head *entry)
{
	entry->next->prev = entry->prev;
	entry->prev->next = entry->next;
	INIT_LIST_HEAD(entry);
}

#define list_add_tail(new, head)	list_add(new, (head)->prev)
#define list_del(entry)			list_del_init(entry)
#define list_empty(list)		((list)->next == (list))
#define list_first_entry(list, type, member) \
	container_of((list)->next, type, member)

/* --- hash tables: of a fixed size, by the caller's own hash --- */

#define RHT_BUCKETS	4096

struct rhash_head {
	struct rhash_head *next;
};

struct rhashtable {
	struct rhash_head *bucket[RHT_BUCKETS];
	atomic_t nelems;
};

struct rhashtable_compare_arg {
	const void *key;
};

struct rhashtable_params {
	size_t head_offset;
	u32 (*hashfn)(const void *key, u32 len, u32 seed);
	u32 (*obj_hashfn)(const void *obj, u32 len, u32 seed);
	int (*obj_cmpfn)(struct rhashtable_compare_arg *arg, const void *obj);
	bool automatic_shrinking;
};

static inline int rhashtable_init(struct rhashtable *ht,
				  const struct rhashtable_params *params)
{
	(void)params;
	memset(ht, 0, sizeof(*ht));
	return 0;
}

#define rht_object(ht_params, head) \
	((void *)((char *)(head) - (ht_params).head_offset))

static inline void *rhashtable_lookup(struct rhashtable *ht, const void *key,
				      struct rhashtable_params params)
{
	struct rhashtable_compare_arg arg = { .key = key };
	struct rhash_head *head;

	head = ht->bucket[params.hashfn(key, 0, 1) % RHT_BUCKETS];
	for (; head; head = head->next)
		if (!params.obj_cmpfn(&arg, rht_object(params, head)))
			return rht_object(params, head);
	return NULL;
}

#define rhashtable_lookup_fast	rhashtable_lookup

static inline int rhashtable_insert_fast(struct rhashtable *ht,
					 struct rhash_head *head,
					 struct rhashtable_params params)
{
	struct rhash_head **at;

	if (shim_fail && !(shim_random() % shim_fail))
		return -ENOMEM;
	at = &ht->bucket[params.obj_hashfn(rht_object(params, head), 0, 1) %
			 RHT_BUCKETS];
	head->next = *at;
	*at = head;
	ht->nelems.v++;
	return 0;
}

static inline int rhashtable_lookup_insert_key(struct rhashtable *ht,
					       const void *key,
					       struct rhash_head *head,
					       struct rhashtable_params params)
{
	if (rhashtable_lookup(ht, key, params))
		return -EEXIST;
	return rhashtable_insert_fast(ht, head, params);
}

static inline int rhashtable_remove_fast(struct rhashtable *ht,
					 struct rhash_head *head,
					 struct rhashtable_params params)
{
	struct rhash_head **at;

	at = &ht->bucket[params.obj_hashfn(rht_object(params, head), 0, 1) %
			 RHT_BUCKETS];
	while (*at && *at != head)
		at = &(*at)->next;
	assert(*at);
	*at = head->next;
	ht->nelems.v--;
	return 0;
}

#define rhashtable_destroy(ht)	assert(!(ht)->nelems.v)

static inline u32 jhash(const void *data, u32 len, u32 seed)
{
	const u8 *bytes = data;
	u64 hash = seed;

	while (len--)
		hash = (hash ^ *bytes++) * 0x100000001b3ULL;
	return hash ^ hash >> 32;
}

#define jhash2(words, n, seed)	jhash(words, (n) * sizeof(u32), seed)
#define get_random_u64()	shim_random()

/* --- packets --- */

#define ETH_ALEN	6
#define VLAN_HLEN	4
#define VLAN_CFI_MASK	0x1000

struct in6_addr {
	u8 bytes[16];
};

struct sk_buff {
	unsigned int len;
};

#define skb_vlan_tag_present(skb)	((void)(skb), false)
extern unsigned long jiffies;
#define time_after(a, b)	((long)((b) - (a)) < 0)

#endif /* VSL_MODEL_SHIM_H */
