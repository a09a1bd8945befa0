/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "hostile_host.h"

/* The host is the first member of its machine. */
static struct machine *to_machine(struct host *host)
{
    return (struct machine *)host;
}

/* Something happens here: a hook is called once, and may set itself again. */
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

/* How many of up to pages entries from ipa on are one stretch; its kind. */
static unsigned int stretch(const struct memory *mem, uint32_t ipa,
                            unsigned int pages, struct run *run)
{
    struct p2m_entry first = memory_p2m(mem, ipa);
    unsigned int n;

    run->kind = first.kind == P2M_RAM    ? RUN_RAM
                : first.kind == P2M_MMIO ? RUN_MMIO
                                         : RUN_DENIED;
    run->maddr = _maddr((uint64_t)first.mfn * PAGE_SIZE);

    for ( n = 1; n < pages && ipa / PAGE_SIZE + n < P2M_PAGES; n++ )
    {
        struct p2m_entry entry = mem->p2m[ipa / PAGE_SIZE + n];

        if ( entry.kind != first.kind ||
             (run->kind != RUN_DENIED && entry.mfn != first.mfn + n) )
            break;
    }

    return n;
}

/* What a denied run says of its address means nothing. */
static void deny(struct run *run, enum denial why, unsigned int pages)
{
    *run = (struct run){ .why = why, .maddr = { 0xbad000 }, .pages = pages };
}

static enum denial why_denied(const struct memory *mem, uint32_t ipa)
{
    return memory_p2m(mem, ipa).kind == P2M_FOREIGN ? DENIED_NOT_OWN
                                                    : DENIED_UNMAPPED;
}

/* References for a run, in order: for how many of its pages there are any. */
static unsigned int hold_run(struct machine *m, const struct run *run)
{
    unsigned int pages = run->pages, i;

    if ( run->kind != RUN_RAM )
        return pages;
    if ( fails(m, POINT_HOLD) )
        pages = m->hold_pages < pages ? m->hold_pages : pages - 1;
    for ( i = 0; i < pages; i++ )
        memory_get(&m->mem, run->maddr.v + (uint64_t)i * PAGE_SIZE);

    return pages;
}

/*
 * One stretch from ipa on, with references; or denied, as a test asks. False: a
 * page that is going away ended it, and ends the answer.
 */
static bool take_run(struct machine *m, uint32_t ipa, unsigned int pages,
                     struct run *run)
{
    unsigned int held;

    run->pages = stretch(&m->mem, ipa, pages, run);
    if ( fails(m, POINT_RUN) )
        run->kind = RUN_DENIED;
    if ( m->options.short_runs )
        run->pages = 1 + rng_below(&m->mem.rng, run->pages);
    if ( run->kind == RUN_DENIED )
        deny(run, why_denied(&m->mem, ipa), run->pages);

    held = hold_run(m, run);
    if ( held == run->pages )
        return true;

    run->pages = held;
    if ( !held )
        deny(run, DENIED_GOING, 1);

    return false;
}

static void check_request(struct machine *m, ipa_t ipa, unsigned int pages,
                          const char *what)
{
    must_be_unlocked(m, what);
    m->count.get_runs++;
    pass(m, POINT_RUN);
    if ( !pages || ipa.v % PAGE_SIZE )
        machine_wrong(m, "%s of nothing", what);
    if ( ipa.v + (uint64_t)pages * PAGE_SIZE > MEM_4GIB )
        machine_wrong(m, "%s beyond 4 GiB: %u pages from %#llx", what, pages,
                      (unsigned long long)ipa.v);
}

static unsigned int get_runs(struct host *host, ipa_t ipa, unsigned int pages,
                             struct run *runs, unsigned int max)
{
    struct machine *m = to_machine(host);
    unsigned int n = 0, done = 0;
    bool more = true;

    check_request(m, ipa, pages, "get_runs");
    if ( !max )
        machine_wrong(m, "get_runs into nothing");
    if ( fails(m, POINT_BUSY) )
        return 0;

    while ( more && done < pages && n < max )
    {
        more = take_run(m, ipa.v + done * PAGE_SIZE, pages - done, &runs[n]);
        done += runs[n++].pages;
        if ( m->options.short_runs && !rng_below(&m->mem.rng, 4) )
            break;
    }
    pass(m, POINT_RUN_DONE);

    return n;
}

static bool get_block(struct host *host, ipa_t ipa, unsigned int pages,
                      struct run *run)
{
    struct machine *m = to_machine(host);
    unsigned int held;
    bool whole;

    check_request(m, ipa, pages, "get_block");
    whole = stretch(&m->mem, ipa.v, pages, run) == pages &&
            !fails(m, POINT_BUSY) && !fails(m, POINT_RUN) &&
            run->kind != RUN_DENIED &&
            !(run->maddr.v % ((uint64_t)pages * PAGE_SIZE));
    run->pages = pages;
    if ( whole )
    {
        held = hold_run(m, run);
        whole = held == pages;
        while ( !whole && held-- > 0 )
            memory_put(&m->mem, run->maddr.v + (uint64_t)held * PAGE_SIZE);
    }
    if ( !whole )
        deny(run, DENIED_NOTHING, 0);
    pass(m, POINT_RUN_DONE);

    return whole;
}

/* A page may go only when the hardware has fewer ways to it than it is held. */
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

static void put_run(struct host *host, maddr_t maddr, unsigned int pages)
{
    struct machine *m = to_machine(host);
    unsigned int i;

    m->count.put_runs++;
    m->count.pages_put += pages;
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
    if ( (const uint8_t *)p < m->host_cpu || offset + len > m->host_bytes )
        machine_wrong(m, "clean of memory that is no table");
    else
        memcpy(m->host_mem + offset, m->host_cpu + offset, len);
}

const uint32_t *host_table_word(const struct machine *m, uint32_t maddr)
{
    if ( maddr < HOST_BASE || maddr - HOST_BASE >= m->host_bytes )
        return NULL;

    return (const uint32_t *)(m->host_mem + (maddr - HOST_BASE));
}

const uint32_t *host_first_level(const struct machine *m)
{
    return host_table_word(m, mmu_reg_read(&m->mmu, MMU_TTB, 4));
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
    if ( offset == MMU_WALKING_ST )
        machine_walk_on(m);

    return mmu_reg_read(&m->mmu, offset, 4);
}

/* What would let device addresses out untranslated, or through others' words. */
static void judge_write(struct machine *m, unsigned int offset, uint32_t value)
{
    in_window(m, offset);

    if ( offset == MMU_CNTL && (value & (CNTL_MMUENABLE | CNTL_TWLENABLE)) !=
                                   (CNTL_MMUENABLE | CNTL_TWLENABLE) )
        machine_wrong(m, "the hardware's CNTL becomes %#x", value);
    if ( offset == MMU_SYSCONFIG && (value & SYSCONFIG_SOFTRESET) )
        machine_wrong(m, "the hardware is reset");
    if ( offset == MMU_TTB && value != HOST_EMPTY && value != HOST_ROOT )
        machine_wrong(m, "the hardware's TTB becomes %#x", value);
    if ( offset == MMU_LD_TLB && (mmu_reg_read(&m->mmu, MMU_CAM, 4) & CAM_V) )
        machine_wrong(m, "a valid entry is loaded into the hardware's TLB");
}

static void reg_write(struct host *host, unsigned int offset, uint32_t value)
{
    struct machine *m = to_machine(host);

    m->count.reg_writes++;
    pass_register(m, offset);
    judge_write(m, offset, value);
    mmu_reg_write(&m->mmu, offset, 4, value);
    m->reach_known = false;
}

static void set_irq(struct host *host, bool level)
{
    to_machine(host)->irq = level;
}

static bool say(struct host *host, const char *fmt, ...)
{
    struct machine *m = to_machine(host);
    va_list args;

    if ( m->silent )
        return false;

    va_start(args, fmt);
    vsnprintf(m->said, sizeof(m->said), fmt, args);
    va_end(args);
    m->count.says++;

    return true;
}

const struct host_ops hostile_host_ops = {
    .lock = lock,
    .unlock = unlock,
    .read_guest = read_guest,
    .get_runs = get_runs,
    .get_block = get_block,
    .defer = defer,
    .put_run = put_run,
    .clean = clean,
    .reg_read = reg_read,
    .reg_write = reg_write,
    .set_irq = set_irq,
    .say = say,
};

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
