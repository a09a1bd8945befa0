/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "access.h"
#include "fake_host.h"
#include "hostile_host.h"
#include "processor.h"
#include "reach.h"

/* The host is the first member of its machine. */
static struct machine *to_machine(struct host *host)
{
    return (struct machine *)host;
}

/*
 * A point where something may happen: a hook is called once, and may set itself
 * again.
 */
static void pass(struct machine *m, enum machine_point point)
{
    void (*hook)(struct machine * m, enum machine_point point) = m->hook;

    m->hook = NULL;
    if ( hook )
        hook(m, point);
}

/* The same inside an access to the hardware, where the MMU's lock may be held. */
static void pass_register(struct machine *m, unsigned int offset)
{
    void (*hook)(struct machine * m, unsigned int offset) = m->register_hook;

    m->register_hook = NULL;
    if ( hook )
        hook(m, offset);
}

static bool fails(struct machine *m, enum machine_point point)
{
    if ( !m->fail_at[point] || --m->fail_at[point] )
        return false;

    m->fail_at[point] = m->failures_last && point != POINT_BUSY;
    m->count.failures++;

    return true;
}

static void must_be_unlocked(struct machine *m, const char *call)
{
    if ( m->locked )
        machine_wrong(m, "%s with the lock held", call);
}

static void lock(struct host *host)
{
    struct machine *m = to_machine(host);

    must_be_unlocked(m, "lock");
    m->locked = true;
}

static void unlock(struct host *host)
{
    struct machine *m = to_machine(host);

    if ( !m->locked )
        machine_wrong(m, "unlock of a lock not held");
    m->locked = false;
}

static bool read_guest(struct host *host, ipa_t ipa, void *buf, size_t len)
{
    struct machine *m = to_machine(host);
    const uint32_t *word;

    must_be_unlocked(m, "read_guest");
    m->count.read_guests++;
    pass(m, POINT_READ);

    if ( ipa.v % PAGE_SIZE + len > PAGE_SIZE )
        machine_wrong(m, "read_guest across pages");
    word = ipa.v < MEM_4GIB ? memory_ipa_word(&m->mem, ipa.v) : NULL;
    if ( !word || fails(m, POINT_READ) )
    {
        memset(buf, MEM_POISON_BYTE, len);
        return false;
    }

    memcpy(buf, word, len);
    pass(m, POINT_READ_DONE);

    return true;
}

static struct host_page page_at(const struct memory *mem, uint64_t ipa)
{
    struct p2m_entry entry = memory_p2m(mem, ipa);

    if ( entry.kind != P2M_RAM && entry.kind != P2M_MMIO )
        return host_denied(entry.kind == P2M_FOREIGN ? DENIED_NOT_OWN
                                                     : DENIED_UNMAPPED);

    return host_page(entry.kind == P2M_RAM ? HOST_RAM : HOST_MMIO,
                     _maddr((uint64_t)entry.mfn * PAGE_SIZE));
}

/* Returns whether next follows page by n pages, and is of the same kind. */
static bool goes_on(struct host_page page, struct host_page next,
                    unsigned int n)
{
    return host_kind(page) == HOST_DENIED
               ? host_kind(next) == HOST_DENIED
               : next.v == page.v + (uint64_t)n * PAGE_SIZE;
}

/* References for n pages of one stretch; for how many of them, in order. */
static unsigned int hold_pages(struct machine *m, struct host_page page,
                               unsigned int n)
{
    unsigned int i;

    if ( host_kind(page) != HOST_RAM )
        return n;
    if ( fails(m, POINT_HOLD) )
        n = m->hold_pages < n ? m->hold_pages : n - 1;
    for ( i = 0; i < n; i++ )
        memory_get(&m->mem, host_maddr(page).v + (uint64_t)i * PAGE_SIZE);

    return n;
}

/*
 * Takes a stretch of pages, with references; or denies it if a test asks for
 * that, such as for one page being freed. Returns how many words it covers.
 */
static unsigned int take_stretch(struct machine *m, const uint32_t *view,
                                 unsigned int n, struct host_page *page)
{
    unsigned int pages = 0, held, i;

    do
    {
        page[pages] = page_at(&m->mem, view_ipa(view[pages]).v);
    }
    while ( goes_on(page[0], page[pages], pages) && ++pages < n &&
            view_is_mapped(view[pages]) );

    if ( fails(m, POINT_PAGES) )
        for ( i = 0; i < pages; i++ )
            page[i] = host_denied(DENIED_UNMAPPED);
    held = hold_pages(m, page[0], pages);
    if ( held == pages )
        return pages;

    page[held] = host_denied(DENIED_GOING);

    return held + 1;
}

static void check_request(struct machine *m, unsigned int pages,
                          const char *what)
{
    must_be_unlocked(m, what);
    m->count.look_ups++;
    pass(m, POINT_PAGES);
    if ( !pages )
        machine_wrong(m, "%s of nothing", what);
}

static unsigned int get_pages(struct host *host, const uint32_t *view,
                              unsigned int n, struct host_page *page)
{
    struct machine *m = to_machine(host);
    unsigned int done = 0;

    check_request(m, n, "get_pages");
    if ( fails(m, POINT_BUSY) )
        n = m->busy_words < n ? m->busy_words : n - 1;
    else if ( m->options.short_answers && !rng_below(&m->mem.rng, 4) )
        n = rng_below(&m->mem.rng, n);

    while ( done < n )
        if ( view_is_mapped(view[done]) )
            done += take_stretch(m, view + done, n - done, page + done);
        else
            page[done++].v = 0xbad001; /* of what is not asked for */
    pass(m, POINT_PAGES_DONE);

    return n;
}

/* Are pages pages from ipa on one piece as first is, and aligned? */
static bool is_block(const struct memory *mem, uint64_t ipa, unsigned int pages,
                     struct host_page first)
{
    unsigned int i;

    for ( i = 1; i < pages; i++ )
        if ( !goes_on(first, page_at(mem, ipa + (uint64_t)i * PAGE_SIZE), i) )
            return false;

    return host_kind(first) != HOST_DENIED &&
           !(host_maddr(first).v % ((uint64_t)pages * PAGE_SIZE));
}

static bool get_block(struct host *host, ipa_t ipa, unsigned int pages,
                      struct host_page *first)
{
    struct machine *m = to_machine(host);
    uint64_t maddr;
    unsigned int held;
    bool whole;

    check_request(m, pages, "get_block");
    if ( ipa.v + (uint64_t)pages * PAGE_SIZE > MEM_4GIB || ipa.v % PAGE_SIZE )
        machine_wrong(m, "get_block of %u pages from %#llx", pages,
                      (unsigned long long)ipa.v);
    *first = page_at(&m->mem, ipa.v);
    maddr = host_maddr(*first).v;
    whole = is_block(&m->mem, ipa.v, pages, *first) && !fails(m, POINT_BUSY) &&
            !fails(m, POINT_PAGES);
    if ( whole )
    {
        held = hold_pages(m, *first, pages);
        whole = held == pages;
        while ( !whole && held-- > 0 )
            memory_put(&m->mem, maddr + (uint64_t)held * PAGE_SIZE);
    }
    if ( !whole )
        first->v = 0xbad001;
    pass(m, POINT_PAGES_DONE);

    return whole;
}

/* A page may go only when the hardware has fewer mappings of it than references. */
static void put_page(struct machine *m, uint64_t maddr)
{
    const struct mem_page *page = memory_page(&m->mem, maddr);

    if ( !page || !page->refs )
        machine_wrong(m, "put of page %#llx, which has no reference",
                      (unsigned long long)maddr);
    else if ( machine_reaches(m, maddr) >= page->refs )
        machine_wrong(m, "put of page %#llx, which the hardware still reaches",
                      (unsigned long long)maddr);
    memory_put(&m->mem, maddr);
}

static void put_pages(struct host *host, maddr_t maddr, unsigned int pages)
{
    struct machine *m = to_machine(host);
    unsigned int i;

    m->count.puts++;
    m->count.pages_put += pages;
    processor_check_end(m, "a reference is given back");
    for ( i = 0; i < pages; i++ )
        put_page(m, maddr.v + (uint64_t)i * PAGE_SIZE);
}

static void defer(struct host *host)
{
    to_machine(host)->deferred = true;
}

static void clean(struct host *host, const void *p, size_t len)
{
    struct machine *m = to_machine(host);
    size_t offset = (const uint8_t *)p - m->host_cpu;

    m->count.cleans++;
    m->reach_known = false;
    processor_check_end(m, "a table changes");
    if ( (const uint8_t *)p < m->host_cpu || offset + len > m->host_bytes )
        machine_wrong(m, "clean of memory that is no table");
    else
        memcpy(m->host_mem + offset, m->host_cpu + offset, len);
}

static void in_window(struct machine *m, unsigned int offset)
{
    if ( offset >= m->options.window )
        machine_wrong(m, "register %#x of the hardware does not exist", offset);
}

static uint32_t reg_read(struct host *host, unsigned int offset)
{
    struct machine *m = to_machine(host);

    m->count.reg_reads++;
    in_window(m, offset);
    pass_register(m, offset);
    if ( !processor_mmu_read(m, offset) )
        return 0;
    if ( offset == MMU_WALKING_ST )
        machine_walk_on(m);

    return mmu_reg_read(&m->mmu, offset, 4);
}

static bool is_region_size(unsigned int offset)
{
    unsigned int n;

    for ( n = 0; n < MMU_BYPASS_REGIONS; n++ )
        if ( offset == MMU_BYPASS_REGION_SIZE(n) )
            return true;

    return false;
}

/*
 * Checks for writes that let device addresses out untranslated, or translated
 * by words that are not the host's.
 */
static void check_hw_write(struct machine *m, unsigned int offset,
                           uint32_t value)
{
    in_window(m, offset);

    if ( offset == MMU_CNTL && (value & (CNTL_MMUENABLE | CNTL_TWLENABLE)) !=
                                   (CNTL_MMUENABLE | CNTL_TWLENABLE) )
        machine_wrong(m, "the hardware's CNTL becomes %#x", value);
    if ( offset == MMU_SYSCONFIG && (value & SYSCONFIG_SOFTRESET) )
        machine_wrong(m, "the hardware is reset");
    if ( offset == MMU_TTB && value != HOST_EMPTY && value != HOST_ROOT )
        machine_wrong(m, "the hardware's TTB becomes %#x", value);
    if ( offset == MMU_TTB )
        processor_check_end(m, "TTB changes");
    if ( is_region_size(offset) && value )
        machine_wrong(m, "the hardware has a bypass region");
    if ( offset == MMU_LD_TLB && (mmu_reg_read(&m->mmu, MMU_CAM, 4) & CAM_V) )
        machine_wrong(m, "a valid entry is loaded into the hardware's TLB");
}

static void reg_write(struct host *host, unsigned int offset, uint32_t value)
{
    struct machine *m = to_machine(host);

    m->count.reg_writes++;
    pass_register(m, offset);
    if ( !processor_mmu_write(m, offset, value) )
        return;
    check_hw_write(m, offset, value);
    mmu_reg_write(&m->mmu, offset, 4, value);
    m->reach_known = false;
}

static void set_irq(struct host *host, bool level)
{
    to_machine(host)->irq = level;
}

static bool host_log(struct host *host, const char *fmt, ...)
{
    struct machine *m = to_machine(host);
    va_list args;

    if ( m->silent )
        return false;

    va_start(args, fmt);
    vsnprintf(m->said, sizeof(m->said), fmt, args);
    va_end(args);
    m->count.logs++;

    return true;
}

const struct host_ops hostile_host_ops = {
    FAKE_HOST(lock, unlock, get_block, clean),
    .set_irq = set_irq,
    .defer = defer,
    .log = host_log,
};
