/* SPDX-License-Identifier: GPL-2.0-only */
/* The guest's pages by its p2m, references to them, and memory for tables. */
#include <xen/domain_page.h>
#include <xen/iocap.h>
#include <xen/mm.h>
#include <xen/vmap.h>

#include <asm/p2m.h>

#include "p2m_walk.h"
#include "port.h"

/*
 * The hardware's words are 32 bits wide. Xen's own heap may lie above 4 GiB,
 * and heeds no limit on 32-bit Arm: take pages of the domains' heap.
 */
void *omap_alloc_tables(size_t bytes, maddr_t *maddr)
{
    unsigned int order = get_order_from_bytes(bytes);
    struct page_info *page = alloc_domheap_pages(NULL, order, MEMF_bits(32));
    mfn_t mfn;
    void *p;

    if ( !page )
        return NULL;

    mfn = page_to_mfn(page);
    p = __vmap(&mfn, 1U << order, 1, 1, PAGE_HYPERVISOR, VMAP_DEFAULT);
    if ( !p )
    {
        free_domheap_pages(page, order);
        return NULL;
    }

    memset(p, 0, bytes);
    clean_dcache_va_range(p, bytes);
    *maddr = _maddr(page_to_maddr(page));

    return p;
}

void omap_free_tables(void *p, size_t bytes, maddr_t maddr)
{
    if ( !p )
        return;

    vunmap(p);
    free_domheap_pages(maddr_to_page(maddr.v), get_order_from_bytes(bytes));
}

/*
 * The guest may have written through an uncached mapping, so that our cached
 * one holds an older line: clean and invalidate before reading.
 */
bool omap_pages_read(struct host *host, ipa_t ipa, void *buf, size_t len)
{
    unsigned long offset = ipa.v & ~PAGE_MASK;
    p2m_type_t t;
    struct page_info *page;
    void *map;

    page = get_page_from_gfn(omap_mmu_of(host)->d, paddr_to_pfn(ipa.v), &t,
                             P2M_ALLOC);
    if ( !page )
        return false;

    if ( !p2m_is_ram(t) )
    {
        put_page(page);
        return false;
    }

    map = __map_domain_page(page);
    clean_and_invalidate_dcache_va_range(map + offset, len);
    memcpy(buf, map + offset, len);
    unmap_domain_page(map);
    put_page(page);

    return true;
}

/*
 * Why pages pages from mfn on cannot be the device's, or DENIED_NOTHING. Only the
 * guest's own writable RAM, and MMIO it was given. The hardware has no permissions,
 * so read-only pages cannot be expressed; foreign and grant mappings can go away
 * without the owner's p2m changing. MMIO that Xen maps for the vCPUs alone, the
 * GIC's virtual CPU interface, was granted to nobody.
 */
static enum denial why_denied(struct domain *d, p2m_type_t t, p2m_access_t a,
                              mfn_t mfn, unsigned int pages)
{
    unsigned long first = mfn_x(mfn), last = first + pages - 1;

    if ( t == p2m_invalid )
        return DENIED_UNMAPPED;
    if ( a != p2m_access_rwx && a != p2m_access_rw )
        return DENIED_NOT_OWN;

    switch ( t )
    {
    case p2m_ram_rw:
        return mfn_valid(mfn) && !is_xen_heap_mfn(mfn) ? DENIED_NOTHING
                                                       : DENIED_NOT_OWN;
    case p2m_mmio_direct_dev:
    case p2m_mmio_direct_nc:
    case p2m_mmio_direct_c:
        return iomem_access_permitted(d, first, last) ? DENIED_NOTHING
                                                      : DENIED_MMIO;
    default:
        return DENIED_NOT_OWN;
    }
}

static struct run make_run(struct domain *d, p2m_type_t t, p2m_access_t a,
                           mfn_t mfn, unsigned int pages)
{
    enum denial why = why_denied(d, t, a, mfn, pages);

    return (struct run){
        .kind = why               ? RUN_DENIED
                : t == p2m_ram_rw ? RUN_RAM
                                  : RUN_MMIO,
        .why = why,
        .maddr = _maddr(mfn_to_maddr(mfn)),
        .pages = pages,
    };
}

/* Does next go on where run ends? */
static bool extends(const struct run *run, const struct run *next)
{
    return next->kind == run->kind && next->why == run->why &&
           (next->kind == RUN_DENIED ||
            next->maddr.v ==
                run->maddr.v + ((paddr_t)run->pages << PAGE_SHIFT));
}

/* What find_runs() found. */
struct scan {
    unsigned int runs;
    unsigned int pages; /* in them */
    bool invalid;       /* what ended them: such an entry, ... */
    unsigned int order; /* ... and its size */
};

/* What the p2m has at gfn: the rest of one entry, of pages pages at most. */
static struct run look_up(struct p2m_walk *walk, struct domain *d, gfn_t gfn,
                          unsigned int pages, unsigned int *order, bool *valid)
{
    p2m_access_t a = p2m_access_n;
    p2m_type_t t;
    mfn_t mfn = p2m_walk_get(walk, gfn, &t, &a, order, valid);
    unsigned long size = 1UL << *order;
    unsigned long rest = size - (gfn_x(gfn) & (size - 1));

    return make_run(d, t, a, mfn, min_t(unsigned long, pages, rest));
}

/*
 * The runs from gfn on, as the p2m has them, up to an entry that is smaller than
 * min_order, or that set/way emulation made invalid: Xen would not tell if that
 * one was removed. The p2m's lock is held.
 */
static struct scan find_runs(struct domain *d, gfn_t gfn, unsigned int pages,
                             unsigned int min_order, struct run *runs,
                             unsigned int max)
{
    struct scan scan = { .runs = 0 };
    struct p2m_walk walk;

    p2m_walk_start(&walk, p2m_get_hostp2m(d));
    while ( scan.pages < pages )
    {
        struct run *last = scan.runs ? &runs[scan.runs - 1] : NULL;
        unsigned int order;
        bool valid, fits;
        struct run run = look_up(&walk, d, gfn_add(gfn, scan.pages),
                                 pages - scan.pages, &order, &valid);

        fits = last && extends(last, &run);
        if ( order < min_order || (!fits && scan.runs == max) )
            break;
        if ( run.kind != RUN_DENIED && !valid )
        {
            scan.invalid = true;
            scan.order = order;
            break;
        }

        if ( fits )
            last->pages += run.pages;
        else
            runs[scan.runs++] = run;
        scan.pages += run.pages;
    }
    p2m_walk_end(&walk);

    return scan;
}

/* What a table of the p2m's last level covers: 2 MiB. */
#define TABLE_ORDER 9
#define TABLE_PAGES (1U << TABLE_ORDER)

void omap_pages_new_fault(struct omap_mmu *mmu)
{
    mmu->resolves = OMAP_MMU_RESOLVES;
}

/*
 * Makes entries of this size valid from gfn on, as many as may be for one fault: a
 * call mends one level, of which there are three on 32-bit Arm, and may have to write
 * a whole table.
 */
static void make_valid(struct omap_mmu *mmu, gfn_t gfn, unsigned int pages,
                       unsigned int order)
{
    unsigned long first = gfn_x(gfn), next = first;
    unsigned long table = 1UL << (order + TABLE_ORDER); /* pages */

    while ( next < first + pages )
    {
        unsigned int levels = next == first || !(next % table) ? 3 : 1;

        for ( ; levels; levels-- )
        {
            if ( !mmu->resolves )
                return;
            mmu->resolves--;
            p2m_resolve_translation_fault(mmu->d, _gfn(next));
        }
        next = ((next >> order) + 1) << order;
    }
}

/*
 * find_runs(), with entries made valid that are not, so that Xen tells of the removal
 * of most: set/way emulation may follow at any time, or have made a table invalid of
 * which the entries still look valid, until somebody's access to that table. A page of
 * RAM is held in any case. The p2m's lock is held on return.
 */
static unsigned int find_valid_runs(struct omap_mmu *mmu, ipa_t ipa,
                                    unsigned int pages, unsigned int min_order,
                                    struct run *runs, unsigned int max)
{
    struct p2m_domain *p2m = p2m_get_hostp2m(mmu->d);
    gfn_t gfn = gaddr_to_gfn(ipa.v);
    struct scan scan;

    p2m_read_lock(p2m);
    scan = find_runs(mmu->d, gfn, pages, min_order, runs, max);
    if ( !scan.invalid || !mmu->resolves )
        return scan.runs;
    p2m_read_unlock(p2m);

    make_valid(mmu, gfn_add(gfn, scan.pages), pages - scan.pages, scan.order);

    p2m_read_lock(p2m);

    return find_runs(mmu->d, gfn, pages, min_order, runs, max).runs;
}

void omap_pages_put(struct host *host, maddr_t maddr, unsigned int pages)
{
    unsigned int i;

    for ( i = 0; i < pages; i++ )
        put_page(mfn_to_page(mfn_add(maddr_to_mfn(maddr.v), i)));
}

/* References for a run of RAM; returns for how many of its pages, in order. */
static unsigned int hold_run(struct omap_mmu *mmu, const struct run *run)
{
    mfn_t mfn = maddr_to_mfn(run->maddr.v);
    unsigned int i;

    for ( i = 0; run->kind == RUN_RAM && i < run->pages; i++ )
        if ( !get_page(mfn_to_page(mfn_add(mfn, i)), mmu->d) )
            return i;

    return run->pages;
}

/* Takes the references for n runs of RAM. A page that is going away ends the answer:
 * returns how many runs are left. */
static unsigned int hold_runs(struct omap_mmu *mmu, struct run *runs,
                              unsigned int n)
{
    unsigned int i, held;

    for ( i = 0; i < n; i++ )
    {
        held = hold_run(mmu, &runs[i]);
        if ( held == runs[i].pages )
            continue;

        if ( held )
            runs[i].pages = held;
        else
            runs[i] = (struct run){
                .kind = RUN_DENIED,
                .why = DENIED_GOING,
                .pages = 1,
            };
        return i + 1;
    }

    return n;
}

/* How many of pages pages from ipa on begin below 4 GiB. What is beyond is nobody's:
 * neither the guest's MMU nor the p2m changes that the core hears of go there. */
static unsigned int pages_below_4gib(ipa_t ipa, unsigned int pages)
{
    if ( ipa.v >= GB(4) )
        return 0;

    return min_t(uint64_t, pages, (GB(4) - ipa.v) >> PAGE_SHIFT);
}

unsigned int omap_pages_get_runs(struct host *host, ipa_t ipa,
                                 unsigned int pages, struct run *runs,
                                 unsigned int max)
{
    struct omap_mmu *mmu = omap_mmu_of(host);
    unsigned int n, below = pages_below_4gib(ipa, pages);

    if ( !below )
    {
        *runs = (struct run){
            .kind = RUN_DENIED,
            .why = DENIED_TOO_HIGH,
            .pages = pages,
        };
        return 1;
    }

    n = find_valid_runs(mmu, ipa, below, 0, runs, max);
    n = hold_runs(mmu, runs, n);
    p2m_read_unlock(p2m_get_hostp2m(mmu->d));

    return n;
}

bool omap_pages_get_block(struct host *host, ipa_t ipa, unsigned int pages,
                          struct run *run)
{
    struct omap_mmu *mmu = omap_mmu_of(host);
    /* 4,096 look-ups would be too many at once: 16 MiB are not made of small
     * entries, for which the core then asks by the MiB. */
    unsigned int min_order = pages > TABLE_PAGES ? TABLE_ORDER : 0, held;
    bool whole;

    if ( pages_below_4gib(ipa, pages) < pages )
        return false;

    whole = find_valid_runs(mmu, ipa, pages, min_order, run, 1) == 1 &&
            run->kind != RUN_DENIED && run->pages == pages &&
            !(run->maddr.v & (((paddr_t)pages << PAGE_SHIFT) - 1));
    if ( whole )
    {
        held = hold_run(mmu, run);
        whole = held == pages;
        if ( !whole )
            omap_pages_put(host, run->maddr, held);
    }
    p2m_read_unlock(p2m_get_hostp2m(mmu->d));

    return whole;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
