/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>
#include <sys/mman.h>

#include "bench_host.h"
#include "fake_host.h"

/* The p2m: 512 words a table; a word's low bits are its kind. */
#define P2M_WORDS       512
#define P2M_TABLE_BYTES (P2M_WORDS * 8)
#define P2M_ENTRY       1u
#define P2M_TABLE       3u
#define P2M_KIND        3u
#define GIB_SHIFT       30
#define LEVEL_BITS      9

#define MACHINE_BYTES (1ull << 32)
#define RAM_END       (MACHINE_RAM + 2ull * RAM_BYTES)
#define RAM_END_PAGE  (RAM_END >> PT_PAGE_SHIFT)
#define PAGES_BYTES   (RAM_END_PAGE * sizeof(struct page))
#define GUEST         1 /* the owner of its pages */

static struct bench_host *to_bench(struct host *host)
{
    return (struct bench_host *)host;
}

uint32_t random_below(uint32_t limit)
{
    static uint64_t state = 0x9e3779b97f4a7c15ull;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;

    return (state >> 32) % limit;
}

void shuffle(uint32_t *number, uint32_t n)
{
    while ( n > 1 )
    {
        uint32_t other = random_below(n--), kept = number[n];

        number[n] = number[other];
        number[other] = kept;
    }
}

/* Machine memory */

void *machine_at(const struct bench_host *h, maddr_t maddr)
{
    return h->machine + maddr.v;
}

maddr_t machine_alloc(struct bench_host *h, uint32_t bytes)
{
    maddr_t maddr = { (h->free + bytes - 1) / bytes * bytes };

    h->free = maddr.v + bytes;

    return maddr;
}

/* As a hypervisor maps its own memory: with large pages, at the start of it. */
static void *map_zeroed(size_t bytes, size_t large)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if ( p == MAP_FAILED )
        die("no address space for a machine\n");
    madvise(p, large, MADV_HUGEPAGE); /* no harm done if it cannot */

    return p;
}

/* Locks and references */

void take(uint32_t *lock)
{
    while ( __atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE) )
        continue;
}

void give(uint32_t *lock)
{
    __atomic_store_n(lock, 0, __ATOMIC_RELEASE);
}

bool get_page(struct bench_host *h, maddr_t maddr)
{
    struct page *page = &h->page[maddr.v >> PT_PAGE_SHIFT];

    if ( page->owner != GUEST )
        return false;
    __atomic_fetch_add(&page->references, 1, __ATOMIC_ACQUIRE);

    return true;
}

void put_page(struct bench_host *h, maddr_t maddr)
{
    struct page *page = &h->page[maddr.v >> PT_PAGE_SHIFT];

    if ( !__atomic_fetch_sub(&page->references, 1, __ATOMIC_RELEASE) )
        die("a reference was given back that nobody held\n");
}

uint64_t references(const struct bench_host *h)
{
    uint64_t sum = 0, i;

    for ( i = MACHINE_RAM >> PT_PAGE_SHIFT; i < RAM_END_PAGE; i++ )
        sum += h->page[i].references;

    return sum;
}

/* The p2m */

static unsigned int level_shift(unsigned int level)
{
    return GIB_SHIFT - LEVEL_BITS * level;
}

static uint64_t *p2m_word(const struct bench_host *h, uint64_t table,
                          uint64_t ipa, unsigned int level)
{
    uint64_t *words = machine_at(h, _maddr(table & ~(uint64_t)P2M_KIND));

    return &words[(ipa >> level_shift(level)) % P2M_WORDS];
}

/* Enters what covers 1 GiB, 2 MiB or 4 KiB at level 0, 1 or 2. */
static void p2m_map(struct bench_host *h, uint64_t ipa, uint64_t maddr,
                    unsigned int level)
{
    uint64_t table = h->p2m;
    unsigned int i;

    for ( i = 0; i < level; i++ )
    {
        uint64_t *word = p2m_word(h, table, ipa, i);

        if ( !*word )
            *word = machine_alloc(h, P2M_TABLE_BYTES).v | P2M_TABLE;
        table = *word;
    }
    *p2m_word(h, table, ipa, level) = maddr | P2M_ENTRY;
}

/* Where ipa lies, by its word in a table of one level above this one. */
static unsigned int read_word(uint64_t word, unsigned int level, ipa_t ipa,
                              maddr_t *maddr)
{
    unsigned int shift = level_shift(level - 1);
    uint64_t offset = ipa.v & ((1ull << shift) - 1);

    if ( (word & P2M_KIND) != P2M_ENTRY )
        return 0;

    *maddr = _maddr((word - P2M_ENTRY) + offset);

    return (1u << (shift - PT_PAGE_SHIFT)) - (offset >> PT_PAGE_SHIFT);
}

unsigned int p2m_lookup(struct bench_host *h, ipa_t ipa, maddr_t *maddr)
{
    struct p2m_walk walk = { .table = 0 };

    return p2m_walk_lookup(h, &walk, ipa, maddr);
}

unsigned int p2m_walk_lookup(struct bench_host *h, struct p2m_walk *walk,
                             ipa_t ipa, maddr_t *maddr)
{
    uint64_t word = h->p2m | P2M_TABLE;
    unsigned int level;

    h->count[COUNT_LOOKUPS]++;
    if ( walk->table && ipa.v >> level_shift(1) == walk->covers )
        return read_word(*p2m_word(h, walk->table, ipa.v, 2), 3, ipa, maddr);

    walk->table = 0;
    for ( level = 0; level < 3 && (word & P2M_KIND) == P2M_TABLE; level++ )
    {
        if ( level == 2 )
            walk->table = word;
        word = *p2m_word(h, word, ipa.v, level);
    }
    walk->covers = ipa.v >> level_shift(1);

    return read_word(word, level, ipa, maddr);
}

static void map_contiguous(struct bench_host *h)
{
    uint32_t offset;

    for ( offset = 0; offset < RAM_BYTES; offset += 2 * MIB )
        p2m_map(h, RAM_IPA + offset, MACHINE_RAM + offset, 1);
}

/* Of twice as many machine pages as the guest has, any. */
static void map_random(struct bench_host *h)
{
    uint32_t *frame = malloc(2 * RAM_PAGES * sizeof(*frame)), i;

    if ( !frame )
        die("no memory\n");
    for ( i = 0; i < 2 * RAM_PAGES; i++ )
        frame[i] = i;
    shuffle(frame, 2 * RAM_PAGES);
    for ( i = 0; i < RAM_PAGES; i++ )
        p2m_map(h, RAM_IPA + i * PAGE_BYTES,
                MACHINE_RAM + (uint64_t)frame[i] * PAGE_BYTES, 2);
    free(frame);
}

/* What the core asks for */

static void lock(struct host *host)
{
    take(&to_bench(host)->mmu_lock);
}

static void unlock(struct host *host)
{
    give(&to_bench(host)->mmu_lock);
}

static bool read_guest(struct host *host, ipa_t ipa, void *buf, size_t len)
{
    struct bench_host *h = to_bench(host);
    unsigned int found;
    maddr_t maddr;

    take(&h->p2m_lock);
    found = p2m_lookup(h, ipa, &maddr);
    if ( found && !get_page(h, maddr) )
        found = 0;
    give(&h->p2m_lock);
    if ( !found )
        return false;

    memcpy(buf, machine_at(h, maddr), len);
    put_page(h, maddr);

    return true;
}

static void hold(struct bench_host *h, maddr_t maddr)
{
    if ( !get_page(h, maddr) )
        die("the p2m names a page that is not the guest's\n");
}

/* Where ipa lies; the p2m's lock is held. Returns the pages from there to the end of its
 * entry. */
static unsigned int find(struct bench_host *h, struct p2m_walk *walk, ipa_t ipa,
                         maddr_t *maddr)
{
    unsigned int found = p2m_walk_lookup(h, walk, ipa, maddr);

    if ( !found )
        die("a page of the guest is not in its p2m\n");

    return found;
}

/* One look-up for all pages of an entry that rise together. */
static void find_pages(struct bench_host *h, const uint32_t *view,
                       unsigned int n, struct host_page *page)
{
    struct p2m_walk walk = { .table = 0 };
    unsigned int i, left = 0; /* of the entry */
    maddr_t maddr;

    for ( i = 0; i < n; i++, left-- )
    {
        if ( !view_is_mapped(view[i]) )
            left = 1;
        else
        {
            if ( left && view_rises(view[i - 1], view[i], 1) )
                maddr.v += PAGE_BYTES;
            else
                left = find(h, &walk, view_ipa(view[i]), &maddr);
            page[i] = host_page(HOST_RAM, maddr);
        }
    }
}

/* References after all look-ups: the processor overlaps what misses its cache. */
static unsigned int get_pages(struct host *host, const uint32_t *view,
                              unsigned int n, struct host_page *page)
{
    struct bench_host *h = to_bench(host);
    unsigned int i;

    take(&h->p2m_lock);
    find_pages(h, view, n, page);
    for_each_mapped(i, view, n)
        hold(h, host_maddr(page[i]));
    give(&h->p2m_lock);

    return n;
}

/*
 * Returns whether pages pages from ipa on are one piece from *maddr on. The p2m's lock
 * is held.
 */
static bool is_piece(struct bench_host *h, ipa_t ipa, unsigned int pages,
                     maddr_t *maddr)
{
    struct p2m_walk walk = { .table = 0 };
    unsigned int done = find(h, &walk, ipa, maddr);
    maddr_t next;

    while ( done < pages )
    {
        unsigned int found =
            find(h, &walk, _ipa(ipa.v + (uint64_t)done * PAGE_BYTES), &next);

        if ( next.v != maddr->v + (uint64_t)done * PAGE_BYTES )
            return false;
        done += found;
    }

    return true;
}

static bool get_block(struct host *host, ipa_t ipa, unsigned int pages,
                      struct host_page *first)
{
    struct bench_host *h = to_bench(host);
    uint64_t mask = (uint64_t)pages * PAGE_BYTES - 1;
    maddr_t maddr;
    unsigned int i;
    bool whole;

    take(&h->p2m_lock);
    whole = is_piece(h, ipa, pages, &maddr) && !(maddr.v & mask);
    for ( i = 0; whole && i < pages; i++ )
        hold(h, _maddr(maddr.v + i * PAGE_BYTES));
    give(&h->p2m_lock);
    *first = host_page(HOST_RAM, maddr);

    return whole;
}

static void put_pages(struct host *host, maddr_t maddr, unsigned int pages)
{
    unsigned int i;

    for ( i = 0; i < pages; i++ )
        put_page(to_bench(host), _maddr(maddr.v + i * PAGE_BYTES));
}

static void defer(struct host *host)
{
    to_bench(host)->deferred = true;
}

static void clean(struct host *host, const void *p, size_t len)
{
    to_bench(host)->count[COUNT_CLEANED] += len;
    __asm__ volatile("" : : "r"(p) : "memory");
}

static uint32_t reg_read(struct host *host, unsigned int offset)
{
    to_bench(host)->count[COUNT_REGISTERS]++;

    return to_bench(host)->reg[offset / 4];
}

static void reg_write(struct host *host, unsigned int offset, uint32_t value)
{
    uint32_t *reg = &to_bench(host)->reg[offset / 4];

    to_bench(host)->count[COUNT_REGISTERS]++;
    *reg = offset == MMU_IRQSTATUS ? *reg & ~value : value;
}

static const struct host_ops bench_ops = {
    FAKE_HOST(lock, unlock, get_block, clean),
    .set_irq = quiet_set_irq,
    .defer = defer,
    .log = quiet_log,
};

void bench_host_init(struct bench_host *h, enum memory memory)
{
    uint64_t i;

    memset(h, 0, sizeof(*h));
    h->host.ops = &bench_ops;
    h->machine = map_zeroed(MACHINE_BYTES, MACHINE_RAM);
    h->page = map_zeroed(PAGES_BYTES, PAGES_BYTES);
    h->free = MACHINE_FREE;
    h->p2m = machine_alloc(h, P2M_TABLE_BYTES).v;

    if ( memory == MEMORY_RANDOM )
        map_random(h);
    else
        map_contiguous(h);
    for ( i = MACHINE_RAM >> PT_PAGE_SHIFT; i < RAM_END_PAGE; i++ )
        h->page[i].owner = GUEST;
}

void bench_host_free(struct bench_host *h)
{
    munmap(h->machine, MACHINE_BYTES);
    munmap(h->page, PAGES_BYTES);
}

/* The device */

bool device_walk(const struct bench_host *h, maddr_t root, da_t da,
                 maddr_t *maddr)
{
    const uint32_t *words = machine_at(h, root);
    uint32_t word = words[da.v >> PT_SLOT_SHIFT], size = MIB;
    enum pt_kind kind = pt_slot_kind(word);

    if ( kind == PT_TABLE )
    {
        words = machine_at(h, _maddr(pt_address(PT_TABLE, word)));
        word = words[(da.v >> PT_PAGE_SHIFT) % PT_PAGES];
        kind = pt_page_kind(word);
        size = kind == PT_LARGE ? PT_CHUNK * PAGE_BYTES : PAGE_BYTES;
    }
    else if ( kind == PT_SUPERSECTION )
        size = PT_GROUP * MIB;

    *maddr = _maddr(pt_address(kind, word) | (da.v & (size - 1)));

    return kind != PT_FAULT;
}
