/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fake_host.h"
#include "hw.h"
#include "world.h"

static struct world *to_world(struct host *host)
{
    return (struct world *)host;
}

void world_wrong(struct world *w, const char *fmt, ...)
{
    va_list args;

    pthread_mutex_lock(&w->report);
    if ( !w->failed )
    {
        va_start(args, fmt);
        vsnprintf(w->violation, sizeof(w->violation), fmt, args);
        va_end(args);
        w->failed = true;
    }
    pthread_mutex_unlock(&w->report);
}

void world_rest(unsigned int us)
{
    nanosleep(&(struct timespec){ .tv_nsec = 1000 * us }, NULL);
}

/* Each thread's own. */
static bool one_in(uint32_t n)
{
    static _Thread_local struct rng rng;

    return !rng_below(&rng, n);
}

void world_perturb(void)
{
    if ( one_in(8) )
        world_rest(1);
}

static void hardware_lock(struct world *w)
{
    pthread_mutex_lock(&w->hardware);
}

static void hardware_unlock(struct world *w)
{
    pthread_mutex_unlock(&w->hardware);
}

void world_met_if(struct world *w, const bool *flag, enum event event)
{
    hardware_lock(w);
    if ( *flag )
        world_met(w, event);
    hardware_unlock(w);
}

void world_touch(struct world *w)
{
    hardware_lock(w);
    w->touched = true;
    hardware_unlock(w);
}

void world_released(struct world *w)
{
    unsigned int i;

    hardware_lock(w);
    for ( i = 0; !w->quarantined && i < PROCESSORS; i++ )
        if ( w->request[i].open )
            world_met(w, MET_RELEASE_STALL);
    w->quarantined = true;
    hardware_unlock(w);
}

/* Machine pages */

static int page_index(uint64_t maddr)
{
    return maddr >= HOME && (maddr - HOME) / PAGE_SIZE < NR_PAGES
               ? (int)((maddr - HOME) / PAGE_SIZE)
               : -1;
}

static bool is_free(const struct page *page)
{
    return !page->owner && !page->held;
}

static bool is_of(const struct page *page, const struct domain *d)
{
    return page->owner == d->number + 1;
}

/* Where the hardware gets to; its lock held */

static const uint32_t *host_word(const struct world *w, uint32_t maddr)
{
    return maddr - HOST_EMPTY < HOST_BYTES
               ? (const uint32_t *)(w->host_mem + (maddr - HOST_EMPTY))
               : NULL;
}

static void count_pages(struct world *w, uint32_t maddr, unsigned int pages)
{
    unsigned int i;

    for ( i = 0; i < pages; i++ )
    {
        int index = page_index(maddr + i * PAGE_SIZE);

        if ( index < 0 || !is_of(&w->page[index], w->owner) )
            world_wrong(w, "a descriptor leads to %#x, not the guest's",
                        maddr + i * PAGE_SIZE);
        else
            w->reach[index]++;
    }
}

static void count_second_level(struct world *w, uint32_t table)
{
    unsigned int i;

    for ( i = 0; i < PT_PAGES; i++ )
    {
        uint32_t word = *host_word(w, table + i * 4);

        if ( word & 2 )
            count_pages(w, word & ~0xfffu, 1);
        else if ( word & 1 )
            count_pages(w, (word & ~0xffffu) | (i % 16) << 12, 1);
    }
}

/* Each first-level word for itself, whatever the others of its group say. */
static void count_words(struct world *w)
{
    uint32_t root = mmu_reg_read(&w->mmu, MMU_TTB, 4);
    unsigned int slot, i;

    for ( i = 0; i < DA_SLOTS; i++ )
    {
        uint32_t word;

        slot = (RAM >> 20) + i;
        word = *host_word(w, root + slot * 4);
        if ( (word & 3) == 1 )
            count_second_level(w, word & ~0x3ffu);
        else if ( (word & 3) == 2 && word & (1 << 18) )
            count_pages(w, (word & ~0xffffffu) | (slot % 16) << 20, PT_PAGES);
        else if ( (word & 3) == 2 )
            count_pages(w, word & ~0xfffffu, PT_PAGES);
    }
}

/* A TLB entry is a copy of a word, and counts where the word is gone. */
static void count_tlb(struct world *w)
{
    unsigned int i, page;

    for ( i = 0; i < w->mmu.config.tlb_entries; i++ )
    {
        const struct mmu_tlb_entry *entry = &w->mmu.tlb[i];
        unsigned int shift = cam_page_shift(entry->cam);
        uint32_t maddr = entry->ram >> shift << shift;

        for ( page = 0; entry->cam & CAM_V && page < 1u << (shift - 12);
              page++ )
        {
            int index = page_index(maddr + page * PAGE_SIZE);

            if ( index >= 0 && !w->reach[index] )
                w->reach[index] = 1;
        }
    }
}

static void find_reach(struct world *w)
{
    if ( w->reach_known )
        return;

    memset(w->reach, 0, sizeof(w->reach));
    count_words(w);
    count_tlb(w);
    w->reach_known = true;
}

/* The host's operations */

static void lock(struct host *host)
{
    world_perturb();
    pthread_mutex_lock(&to_world(host)->mmu_lock);
}

static void unlock(struct host *host)
{
    pthread_mutex_unlock(&to_world(host)->mmu_lock);
    world_perturb();
}

/* The IPA's page, if the guest has it now; the p2m's lock held. */
static bool find_page(const struct domain *d, uint64_t ipa, unsigned int *page)
{
    if ( ipa < RAM || (ipa - RAM) / PAGE_SIZE >= IPA_PAGES ||
         !d->p2m[(ipa - RAM) / PAGE_SIZE] )
        return false;

    *page = d->p2m[(ipa - RAM) / PAGE_SIZE] - 1;

    return true;
}

static bool read_guest(struct host *host, ipa_t ipa, void *buf, size_t len)
{
    struct domain *d = to_world(host)->owner;
    uint32_t *to = buf;
    unsigned int page;
    size_t i;
    bool found;

    pthread_rwlock_rdlock(&d->p2m_lock);
    found = ipa.v >= ROOT && find_page(d, ipa.v, &page);
    for ( i = 0; found && i < len / 4; i++ )
    {
        to[i] = atomic_load_explicit(&d->words[(ipa.v - ROOT) / 4 + i],
                                     memory_order_relaxed);
        if ( i % 64 == 63 )
            world_perturb();
    }
    pthread_rwlock_unlock(&d->p2m_lock);
    world_perturb();

    return found;
}

/* A page without its reference; the p2m's lock held. */
static struct host_page look_up(struct domain *d, uint64_t ipa)
{
    unsigned int n;

    if ( !find_page(d, ipa, &n) )
        return host_denied(DENIED_UNMAPPED);

    d->asked = (ipa - RAM) / PAGE_SIZE;

    return host_page(HOST_RAM, _maddr(HOME + (uint64_t)n * PAGE_SIZE));
}

static void hold_page(struct world *w, struct host_page page, unsigned int n)
{
    if ( host_kind(page) == HOST_RAM )
        w->page[page_index(host_maddr(page).v) + n].held++;
}

static unsigned int get_pages(struct host *host, const uint32_t *view,
                              unsigned int n, struct host_page *page)
{
    struct world *w = to_world(host);
    unsigned int i;

    world_perturb();
    pthread_rwlock_rdlock(&w->owner->p2m_lock);
    for_each_mapped(i, view, n)
    {
        page[i] = look_up(w->owner, view_ipa(view[i]).v);
        hold_page(w, page[i], 0);
    }
    pthread_rwlock_unlock(&w->owner->p2m_lock);
    world_perturb();

    return n;
}

/* The p2m's lock held. */
static bool is_block(struct domain *d, uint64_t ipa, unsigned int pages,
                     struct host_page first)
{
    unsigned int i;

    for ( i = 1; i < pages; i++ )
        if ( look_up(d, ipa + i * PAGE_SIZE).v != first.v + i * PAGE_SIZE )
            return false;

    return host_kind(first) == HOST_RAM &&
           !(host_maddr(first).v % ((uint64_t)pages * PAGE_SIZE));
}

static bool get_block(struct host *host, ipa_t ipa, unsigned int pages,
                      struct host_page *first)
{
    struct world *w = to_world(host);
    unsigned int i;
    bool whole;

    world_perturb();
    pthread_rwlock_rdlock(&w->owner->p2m_lock);
    *first = look_up(w->owner, ipa.v);
    whole = is_block(w->owner, ipa.v, pages, *first);
    for ( i = 0; whole && i < pages; i++ )
        hold_page(w, *first, i);
    pthread_rwlock_unlock(&w->owner->p2m_lock);
    world_perturb();

    return whole;
}

/* A page may go only when the hardware has fewer mappings of it than references. */
static void put_pages(struct host *host, maddr_t maddr, unsigned int pages)
{
    struct world *w = to_world(host);
    unsigned int first = page_index(maddr.v), i, held;

    world_perturb();
    hardware_lock(w);
    find_reach(w);
    for ( i = first; i < first + pages; i++ )
    {
        held = w->page[i].held--;
        if ( !held || w->reach[i] >= held )
            world_wrong(w, "put of page %u: %u references, %u mappings", i,
                        held, w->reach[i]);
        if ( is_free(&w->page[i]) )
            world_met(w, MET_FREED);
    }
    hardware_unlock(w);
}

static void clean(struct host *host, const void *p, size_t len)
{
    struct world *w = to_world(host);
    size_t offset = (const uint8_t *)p - w->host_cpu;

    world_perturb();
    hardware_lock(w);
    memcpy(w->host_mem + offset, p, len);
    w->reach_known = false;
    hardware_unlock(w);
    world_perturb();
}

static uint32_t reg_read(struct host *host, unsigned int offset)
{
    struct world *w = to_world(host);
    uint32_t value;

    hardware_lock(w);
    w->register_accesses++;
    value = mmu_reg_read(&w->mmu, offset, 4);
    hardware_unlock(w);

    return value;
}

static void reg_write(struct host *host, unsigned int offset, uint32_t value)
{
    struct world *w = to_world(host);

    world_perturb();
    hardware_lock(w);
    w->register_accesses++;
    w->reach_known = false;
    mmu_reg_write(&w->mmu, offset, 4, value);
    hardware_unlock(w);
    world_perturb();
}

static void set_irq(struct host *host, bool level)
{
    struct world *w = to_world(host);

    w->irq = level;
    if ( level )
        world_met(w, MET_LINE);
}

/* tasklet_schedule(): the hardware lock stands for Xen's own. */
static void schedule(struct world *w)
{
    hardware_lock(w);
    w->scheduled = true;
    pthread_cond_broadcast(&w->changed);
    hardware_unlock(w);
}

static void defer(struct host *host)
{
    struct world *w = to_world(host);

    world_met(w, MET_CONDEMNED);
    schedule(w);
}

static const struct host_ops ops = {
    FAKE_HOST(lock, unlock, get_block, clean),
    .set_irq = set_irq,
    .defer = defer,
    .log = quiet_log,
};

/* The p2m changes */

/* Where an IPA's page is at first, in pieces as world.h says. */
static unsigned int home_of(const struct domain *d, unsigned int ipa_page)
{
    unsigned int in_ram = ipa_page;

    if ( ipa_page >= RAM_PAGES )
        return DOMAINS * RAM_PAGES + d->number * TABLE_PAGES + ipa_page -
               RAM_PAGES;
    if ( ipa_page >= RAM_PAGES / 2 )
        in_ram ^= ipa_page < RAM_PAGES * 3 / 4 ? PT_PAGES : 1;

    return d->number * RAM_PAGES + in_ram;
}

/* A free page for an IPA: its home, or a spare one; NR_PAGES: none. */
static unsigned int find_free(const struct world *w, const struct domain *d,
                              unsigned int ipa_page)
{
    unsigned int home = home_of(d, ipa_page), i;

    if ( is_free(&w->page[home]) && (ipa_page < RAM_PAGES / 2 || ipa_page % 8) )
        return home;
    for ( i = SPARE; i < NR_PAGES; i++ )
        if ( is_free(&w->page[i]) )
            return i;

    return is_free(&w->page[home]) ? home : NR_PAGES;
}

/* The hardware lock stands for the heap's as well. */
static unsigned int take_page(struct world *w, const struct domain *d,
                              unsigned int ipa_page)
{
    unsigned int page;

    hardware_lock(w);
    page = find_free(w, d, ipa_page);
    if ( page != NR_PAGES )
        w->page[page].owner = d->number + 1;
    hardware_unlock(w);

    return page;
}

/* The p2m's own hold on a page that it led to ends; its lock is held. */
static void give_up_page(struct world *w, unsigned int page)
{
    hardware_lock(w);
    find_reach(w);
    if ( w->reach[page] )
        world_wrong(w, "page %u left the p2m, with %u mappings", page,
                    w->reach[page]);
    w->page[page].owner = 0;
    if ( is_free(&w->page[page]) )
        world_met(w, MET_FREED);
    hardware_unlock(w);
}

/* Nothing is left of what p2m changes may cost; slots wait for their end. */
static void look_at_changes(struct world *w, bool *spent, bool *condemned)
{
    pthread_mutex_lock(&w->mmu_lock);
    *spent = !w->vmmu.shadow.scans_left;
    *condemned = w->vmmu.shadow.has_condemned;
    pthread_mutex_unlock(&w->mmu_lock);
}

static void renew(struct world *w)
{
    vmmu_renew(&w->vmmu);
    world_met(w, MET_RENEWED);
}

/* As iotlb_flush(): now and then a new period has begun. */
static void ipa_changed(struct world *w, struct domain *d, unsigned int first,
                        uint64_t count)
{
    bool spent, condemned_before, condemned;

    if ( !d->has_mmu )
        return;

    if ( one_in(16) )
        renew(w);
    look_at_changes(w, &spent, &condemned_before);
    vmmu_ipa_changed(&w->vmmu, _ipa(RAM + (uint64_t)first * PAGE_SIZE), count);
    look_at_changes(w, &(bool){ false }, &condemned);
    if ( spent && !condemned_before && condemned )
        world_met(w, MET_FORGOTTEN);
    world_met_if(w, &w->no_interrupts, MET_RELEASE_CHANGE);
}

static void map_page(struct world *w, struct domain *d, unsigned int ipa_page)
{
    unsigned int page = take_page(w, d, ipa_page);

    if ( page == NR_PAGES )
        return;

    d->p2m[ipa_page] = page + 1;
    world_met(w, MET_MOVED);
}

void world_change_p2m(struct world *w, struct domain *d, unsigned int first,
                      unsigned int count, bool back)
{
    uint32_t old[PT_PAGES];
    unsigned int i;

    pthread_rwlock_wrlock(&d->p2m_lock);
    for ( i = 0; i < count; i++ )
    {
        old[i] = d->p2m[first + i];
        d->p2m[first + i] = 0;
    }
    ipa_changed(w, d, first, count);
    for ( i = 0; i < count; i++ )
        if ( old[i] )
            give_up_page(w, old[i] - 1);

    for ( i = 0; back && i < count; i++ )
        map_page(w, d, first + i);
    ipa_changed(w, d, first, count);
    pthread_rwlock_unlock(&d->p2m_lock);
}

void world_change_all(struct world *w, struct domain *d)
{
    pthread_rwlock_wrlock(&d->p2m_lock);
    if ( d->has_mmu )
        vmmu_ipa_changed(&w->vmmu, _ipa(0), PT_SLOTS * PT_PAGES);
    pthread_rwlock_unlock(&d->p2m_lock);
}

static void set_has_mmu(struct domain *d, bool has)
{
    pthread_rwlock_wrlock(&d->p2m_lock);
    d->has_mmu = has;
    pthread_rwlock_unlock(&d->p2m_lock);
}

void world_unlink(struct world *w)
{
    set_has_mmu(w->owner, false);
}

/* The processors */

static void check_reached(struct world *w, uint32_t da, uint32_t pa)
{
    int index = page_index(pa);

    if ( index < 0 || !is_of(&w->page[index], w->owner) )
        world_wrong(w, "%#x went to %#x, not the guest's", da, pa);
    if ( w->quarantined )
        world_wrong(w, "%#x went to %#x after the release", da, pa);
    else if ( !w->touched )
        world_wrong(w, "%#x went to %#x by an MMU that nobody touched", da, pa);
    if ( w->mmu.stats.bypassed )
        world_wrong(w, "%#x went past the MMU", da);
    world_met(w, MET_REACHED);
}

static void try_request(struct world *w, struct request *request)
{
    uint32_t pa;

    switch ( mmu_translate(&w->mmu, request->da, false, &pa) )
    {
    case MMU_STALL:
        request->open = true;
        break;
    case MMU_OK:
        check_reached(w, request->da, pa);
        request->open = false;
        break;
    case MMU_BUS_ERROR:
        world_met(w, MET_BUS_ERROR);
        request->open = false;
        break;
    }
    pthread_cond_broadcast(&w->changed);
}

bool world_access(struct world *w, unsigned int processor, uint32_t da)
{
    struct request *request = &w->request[processor];

    world_perturb();
    hardware_lock(w);
    while ( w->in_reset )
        pthread_cond_wait(&w->changed, &w->hardware);
    if ( !w->stop )
    {
        request->da = da;
        try_request(w, request);
        while ( request->open )
            pthread_cond_wait(&w->changed, &w->hardware);
    }
    request->done = w->stop;
    pthread_cond_broadcast(&w->changed);
    hardware_unlock(w);

    return !request->done;
}

/* What they wait for is withdrawn; true: there was something. The lock is held. */
static bool withdraw_all(struct world *w)
{
    bool waited = false;
    unsigned int i;

    for ( i = 0; i < PROCESSORS; i++ )
    {
        if ( w->request[i].open )
            world_met(w, MET_WITHDRAWN);
        waited |= w->request[i].open;
        w->request[i].open = false;
    }
    mmu_cancel(&w->mmu);
    pthread_cond_broadcast(&w->changed);

    return waited;
}

void world_reset_processors(struct world *w)
{
    hardware_lock(w);
    withdraw_all(w);
    hardware_unlock(w);
}

static void hold_processors(struct world *w)
{
    hardware_lock(w);
    if ( w->tasklet_runs )
        world_met(w, MET_RESTART_TASKLET);
    if ( withdraw_all(w) )
        world_met(w, MET_RESTART_STALL);
    w->in_reset = true;
    hardware_unlock(w);
}

/* They go on after the release as well: in quarantine, as a former owner's. */
static void let_processors_go(struct world *w, bool armed)
{
    hardware_lock(w);
    if ( !armed && !w->no_interrupts )
        world_wrong(w, "a start is refused, and the MMU is not released");
    world_met(w, armed ? MET_RESTARTED : MET_RESTART_REFUSED);
    w->in_reset = false;
    pthread_cond_broadcast(&w->changed);
    hardware_unlock(w);
}

void world_restart_processors(struct world *w)
{
    pthread_mutex_lock(&w->processor_lock);
    hold_processors(w);
    vmmu_hold(&w->vmmu);
    vmmu_stopped(&w->vmmu);
    world_perturb();
    let_processors_go(w, vmmu_start(&w->vmmu));
    pthread_mutex_unlock(&w->processor_lock);
}

/* The model's callbacks; the hardware lock is held */

static bool walker_read(void *ctx, uint32_t pa, uint32_t *value)
{
    const uint32_t *word = host_word(ctx, pa);

    if ( !word )
        world_wrong(ctx, "the walker reads %#x, which is no table", pa);
    else
        *value = *word;

    return word;
}

static void line_changed(void *ctx, bool level)
{
    struct world *w = ctx;

    w->line = level;
    pthread_cond_broadcast(&w->changed);
}

/* The retry comes before the next register access. */
static void resumed(void *ctx)
{
    struct world *w = ctx;
    unsigned int i;

    for ( i = 0; i < PROCESSORS; i++ )
        if ( w->request[i].open )
            try_request(w, &w->request[i]);
}

/* The interrupt and the tasklet */

/*
 * A guest's writes let at most one more interrupt through while a fault waits: two in
 * all. The count begins a little before vmmu_fault() looks, as vmmu.pml does not: that
 * many may come before, and as many after.
 */
#define INTERRUPTS 4u

static void count_interrupt(struct world *w)
{
    world_met(w, MET_INTERRUPT);
    if ( ++w->interrupts > INTERRUPTS )
        world_wrong(w, "%u interrupts, and no turn of the tasklet's between",
                    w->interrupts);
}

/* serve_fault(), beyond its share of time: others go on for a while. */
static void wait_for_turn(struct world *w)
{
    world_met(w, MET_WAITS);
    w->waits = true;
    hardware_unlock(w);
    world_rest(200);
    hardware_lock(w);
    w->waits = false;
}

void *world_interrupts(void *world)
{
    struct world *w = world;

    hardware_lock(w);
    while ( !w->no_interrupts )
    {
        if ( !w->line )
        {
            pthread_cond_wait(&w->changed, &w->hardware);
            continue;
        }
        w->interrupt_runs = true;
        count_interrupt(w);
        hardware_unlock(w);
        if ( one_in(4) )
            world_rest(50);
        vmmu_interrupt(&w->vmmu);
        schedule(w);
        hardware_lock(w);
        w->interrupt_runs = false;
        pthread_cond_broadcast(&w->changed);
    }
    hardware_unlock(w);

    return NULL;
}

void *world_tasklet(void *world)
{
    struct world *w = world;

    hardware_lock(w);
    while ( !w->no_tasklet )
    {
        if ( !w->scheduled )
        {
            pthread_cond_wait(&w->changed, &w->hardware);
            continue;
        }
        w->scheduled = false;
        w->tasklet_runs = true;
        if ( one_in(4) )
            wait_for_turn(w);
        w->interrupts = 0;
        if ( !mmu_reg_read(&w->mmu, MMU_IRQSTATUS, 4) )
            world_met(w, MET_NO_FAULT);
        hardware_unlock(w);
        if ( one_in(16) )
            renew(w);
        vmmu_fault(&w->vmmu);
        hardware_lock(w);
        w->tasklet_runs = false;
        pthread_cond_broadcast(&w->changed);
    }
    hardware_unlock(w);

    return NULL;
}

void world_kill_interrupt(struct world *w)
{
    hardware_lock(w);
    if ( w->line || w->interrupt_runs )
        world_met(w, MET_RELEASE_INTERRUPT);
    w->no_interrupts = true;
    pthread_cond_broadcast(&w->changed);
    hardware_unlock(w);
}

void world_kill_tasklet(struct world *w)
{
    hardware_lock(w);
    if ( w->tasklet_runs )
        world_met(w, MET_RELEASE_TASKLET);
    w->no_tasklet = true;
    pthread_cond_broadcast(&w->changed);
    hardware_unlock(w);
}

/* Quiet */

static bool busy(const struct world *w)
{
    unsigned int i;

    for ( i = 0; i < PROCESSORS; i++ )
        if ( !w->request[i].open && !w->request[i].done )
            return true;

    return w->line || w->interrupt_runs || w->scheduled || w->tasklet_runs;
}

static bool all_wait(const struct world *w)
{
    unsigned int i;

    for ( i = 0; i < PROCESSORS; i++ )
        if ( !w->request[i].open )
            return false;

    return true;
}

void world_await_fault(struct world *w, bool served)
{
    hardware_lock(w);
    while ( !(served ? w->tasklet_runs : w->line || w->interrupt_runs) &&
            !all_wait(w) )
        pthread_cond_wait(&w->changed, &w->hardware);
    hardware_unlock(w);
}

bool world_settle(struct world *w)
{
    unsigned int i;
    bool waits = false;

    hardware_lock(w);
    while ( busy(w) && !w->failed )
        pthread_cond_wait(&w->changed, &w->hardware);
    for ( i = 0; i < PROCESSORS; i++ )
        waits |= w->request[i].open;
    hardware_unlock(w);

    return waits;
}

struct leaves {
    struct world *w;
    uint64_t counted;
};

static bool check_leaf(void *arg, const struct shadow_leaf *leaf)
{
    struct leaves *leaves = arg;
    unsigned int page;
    uint32_t i;

    for ( i = 0; i < leaf->bytes; i += PAGE_SIZE )
        if ( !leaf->condemned &&
             (!find_page(leaves->w->owner, leaf->ipa.v + i, &page) ||
              leaf->maddr.v + i != HOME + (uint64_t)page * PAGE_SIZE) )
            world_wrong(leaves->w,
                        "a leaf for %#llx leads to %#llx, not the p2m's",
                        (unsigned long long)leaf->da.v + i,
                        (unsigned long long)leaf->maddr.v + i);
    leaves->counted += leaf->bytes / PAGE_SIZE;

    return true;
}

void world_check(struct world *w)
{
    struct leaves leaves = { .w = w };
    const char *bad;
    uint64_t held = 0;
    unsigned int i;

    pthread_rwlock_rdlock(&w->owner->p2m_lock);
    pthread_mutex_lock(&w->mmu_lock);
    bad = vmmu_audit(&w->vmmu);
    if ( bad )
        world_wrong(w, "audit: %s", bad);
    shadow_for_each(&w->vmmu.shadow, check_leaf, &leaves);
    for ( i = 0; i < NR_PAGES; i++ )
        held += w->page[i].held;
    if ( held != leaves.counted )
        world_wrong(w, "%llu references, leaves account for %llu",
                    (unsigned long long)held,
                    (unsigned long long)leaves.counted);
    pthread_mutex_unlock(&w->mmu_lock);
    pthread_rwlock_unlock(&w->owner->p2m_lock);
}

/* Life */

static void init_domain(struct world *w, unsigned int number)
{
    struct domain *d = &w->domain[number];
    unsigned int i;

    d->number = number;
    pthread_rwlock_init(&d->p2m_lock, NULL);
    for ( i = 0; i < IPA_PAGES; i++ )
    {
        d->p2m[i] = home_of(d, i) + 1;
        w->page[home_of(d, i)].owner = number + 1;
    }
}

struct world *world_new(bool bus_err_back)
{
    struct world *w = calloc(1, sizeof(*w));
    unsigned int i;

    if ( !w )
        abort();

    w->host.ops = &ops;
    w->host_cpu = aligned_alloc(PT_ROOT_BYTES,
                                HOST_BYTES / PT_ROOT_BYTES * PT_ROOT_BYTES +
                                    PT_ROOT_BYTES);
    w->host_mem = calloc(1, HOST_BYTES);
    if ( !w->host_cpu || !w->host_mem )
        abort();
    pthread_mutex_init(&w->processor_lock, NULL);
    pthread_mutex_init(&w->mmu_lock, NULL);
    pthread_mutex_init(&w->hardware, NULL);
    pthread_mutex_init(&w->report, NULL);
    pthread_cond_init(&w->changed, NULL);

    for ( i = 0; i < DOMAINS; i++ )
        init_domain(w, i);
    w->owner = &w->domain[DOMAINS - 1];
    mmu_init(&w->mmu, &(struct mmu_config){
                          .tlb_entries = 8,
                          .bus_err_back = bus_err_back,
                          .ctx = w,
                          .read32 = walker_read,
                          .irq = line_changed,
                          .resume = resumed,
                      });
    w->quarantined = true;
    hw_quarantine(&w->host, _maddr(HOST_EMPTY),
                  (struct hw_parts){ .bus_err_back = bus_err_back });

    return w;
}

/* What the shadow is made of, all zero. */
static void give_memory(struct world *w, struct shadow_memory *mem)
{
    memset(w->host_cpu, 0, HOST_BYTES);
    memset(w->books, 0, sizeof(w->books));
    *mem = (struct shadow_memory){
        .root = (uint32_t *)(w->host_cpu + PT_ROOT_BYTES),
        .root_maddr = _maddr(HOST_ROOT),
        .tables = (uint32_t *)(w->host_cpu + 2 * PT_ROOT_BYTES),
        .tables_maddr = _maddr(HOST_POOL),
        .pool = w->books,
        .nr_tables = POOL_TABLES,
        .empty_maddr = _maddr(HOST_EMPTY),
    };
}

static void change_owner(struct world *w)
{
    hardware_lock(w);
    if ( w->vmmu.host && (w->request[0].open || w->request[1].open) )
        world_met(w, MET_NEXT_OWNER);
    w->owner = &w->domain[(w->owner->number + 1) % DOMAINS];
    w->no_interrupts = w->no_tasklet = false;
    w->quarantined = w->touched = w->scheduled = false;
    w->interrupts = 0;
    hardware_unlock(w);
}

/* As assign.c: the MMU gets p2m changes before the first interrupt. */
void world_assign(struct world *w)
{
    struct shadow_memory mem;

    give_memory(w, &mem);
    change_owner(w);
    vmmu_init(&w->vmmu, &w->host,
              &(struct vmmu_config){
                  .tlb_entries = w->mmu.config.tlb_entries,
                  .parts.bus_err_back = w->mmu.config.bus_err_back,
                  .window = OMAP_MMU_WINDOW,
              },
              &mem);
    set_has_mmu(w->owner, true);
}

void world_free(struct world *w)
{
    unsigned int i;

    pthread_cond_destroy(&w->changed);
    for ( i = 0; i < DOMAINS; i++ )
        pthread_rwlock_destroy(&w->domain[i].p2m_lock);
    pthread_mutex_destroy(&w->report);
    pthread_mutex_destroy(&w->hardware);
    pthread_mutex_destroy(&w->mmu_lock);
    pthread_mutex_destroy(&w->processor_lock);
    free(w->host_cpu);
    free(w->host_mem);
    free(w);
}
