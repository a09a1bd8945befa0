/* SPDX-License-Identifier: GPL-2.0-only */
/* What the core asks of its host, by Xen's means. */
#include <xen/domain_page.h>
#include <xen/mm.h>

#include <asm/gic.h>
#include <asm/p2m.h>
#include <asm/vgic.h>

#include "port.h"

static struct omap_mmu *to_mmu(struct host *host)
{
    return container_of(host, struct omap_mmu, host);
}

static void mmu_lock(struct host *host)
{
    spin_lock(&to_mmu(host)->lock);
}

static void mmu_unlock(struct host *host)
{
    spin_unlock(&to_mmu(host)->lock);
}

/*
 * The guest may have written through an uncached mapping, so that our cached
 * one holds an older line: clean and invalidate before reading.
 */
static bool read_guest(struct host *host, ipa_t ipa, void *buf, size_t len)
{
    unsigned long offset = ipa.v & ~PAGE_MASK;
    p2m_type_t t;
    struct page_info *page;
    void *map;

    page =
        get_page_from_gfn(to_mmu(host)->d, paddr_to_pfn(ipa.v), &t, P2M_ALLOC);
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
 * Only the guest's own writable RAM, and MMIO it was given. The hardware has no
 * permissions, so read-only pages cannot be expressed; foreign and grant
 * mappings can go away without the owner's p2m changing.
 */
static int run_kind(p2m_type_t t, mfn_t mfn)
{
    switch ( t )
    {
    case p2m_ram_rw:
        return mfn_valid(mfn) && !is_xen_heap_mfn(mfn) ? RUN_RAM : RUN_DENIED;
    case p2m_mmio_direct_dev:
    case p2m_mmio_direct_nc:
    case p2m_mmio_direct_c:
        return RUN_MMIO;
    default:
        return RUN_DENIED;
    }
}

/* Do the pages at mfn go on where the run ends? */
static bool extends(const struct run *run, int kind, mfn_t mfn)
{
    return kind == run->kind &&
           (kind == RUN_DENIED ||
            mfn_to_maddr(mfn) ==
                run->maddr.v + ((paddr_t)run->pages << PAGE_SHIFT));
}

/*
 * The runs from gfn on, as the p2m has them; its lock is held. Returns their
 * number. Ends early at an entry that set/way emulation made invalid, and then
 * says which in *invalid: Xen would not tell of that entry's removal.
 */
static unsigned int find_runs(struct p2m_domain *p2m, gfn_t gfn,
                              unsigned int pages, struct run *runs,
                              unsigned int max, gfn_t *invalid)
{
    unsigned int n = 0;

    *invalid = INVALID_GFN;
    while ( pages )
    {
        struct run *last = n ? &runs[n - 1] : NULL;
        unsigned int order, found;
        p2m_type_t t;
        bool valid;
        mfn_t mfn = p2m_get_entry(p2m, gfn, &t, NULL, &order, &valid);
        int kind = run_kind(t, mfn);

        if ( kind != RUN_DENIED && !valid )
        {
            *invalid = gfn;
            break;
        }

        found = min(pages, (1U << order) - ((unsigned int)gfn_x(gfn) &
                                            ((1U << order) - 1)));
        if ( last && extends(last, kind, mfn) )
            last->pages += found;
        else if ( n == max )
            break;
        else
            runs[n++] = (struct run){
                .kind = kind,
                .maddr = _maddr(mfn_to_maddr(mfn)),
                .pages = found,
            };
        gfn = gfn_add(gfn, found);
        pages -= found;
    }

    return n;
}

/*
 * find_runs(), with invalid entries made valid. A guest that keeps making them
 * invalid meanwhile gets what stands before. The p2m's lock is held on return.
 */
static unsigned int find_valid_runs(struct omap_mmu *mmu, ipa_t ipa,
                                    unsigned int pages, struct run *runs,
                                    unsigned int max)
{
    struct p2m_domain *p2m = p2m_get_hostp2m(mmu->d);
    unsigned int repairs = pages, n;
    gfn_t invalid;

    for ( ;; )
    {
        p2m_read_lock(p2m);
        n = find_runs(p2m, gaddr_to_gfn(ipa.v), pages, runs, max, &invalid);
        if ( gfn_eq(invalid, INVALID_GFN) || !repairs-- )
            break;
        p2m_read_unlock(p2m);

        p2m_resolve_translation_fault(mmu->d, invalid);
    }

    if ( !n )
        runs[n++] = (struct run){ .kind = RUN_DENIED, .pages = 1 };

    return n;
}

static void put_run(struct host *host, maddr_t maddr, unsigned int pages)
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

static unsigned int get_runs(struct host *host, ipa_t ipa, unsigned int pages,
                             struct run *runs, unsigned int max)
{
    struct omap_mmu *mmu = to_mmu(host);
    unsigned int n = find_valid_runs(mmu, ipa, pages, runs, max), i, held;

    for ( i = 0; i < n; i++ )
    {
        held = hold_run(mmu, &runs[i]);
        if ( held == runs[i].pages )
            continue;

        /* A page that is going away ends the answer. */
        if ( held )
            runs[i].pages = held;
        else
            runs[i] = (struct run){ .kind = RUN_DENIED, .pages = 1 };
        n = i + 1;
    }
    p2m_read_unlock(p2m_get_hostp2m(mmu->d));

    return n;
}

static bool get_block(struct host *host, ipa_t ipa, unsigned int pages,
                      struct run *run)
{
    struct omap_mmu *mmu = to_mmu(host);
    unsigned int held;
    bool whole;

    find_valid_runs(mmu, ipa, pages, run, 1);
    whole = run->kind != RUN_DENIED && run->pages == pages &&
            !(run->maddr.v & (((paddr_t)pages << PAGE_SHIFT) - 1));
    if ( whole )
    {
        held = hold_run(mmu, run);
        whole = held == pages;
        if ( !whole )
            put_run(host, run->maddr, held);
    }
    p2m_read_unlock(p2m_get_hostp2m(mmu->d));

    return whole;
}

static void clean(struct host *host, const void *p, size_t len)
{
    clean_dcache_va_range(p, len);
}

static uint32_t reg_read(struct host *host, unsigned int offset)
{
    return readl(to_mmu(host)->regs + offset);
}

static void reg_write(struct host *host, unsigned int offset, uint32_t value)
{
    writel(value, to_mmu(host)->regs + offset);
}

/*
 * Xen's vgic takes no notice of a falling line. A line that is still high after
 * the guest touched the registers is injected again, which a pending interrupt
 * absorbs.
 */
static void set_irq(struct host *host, bool level)
{
    struct omap_mmu *mmu = to_mmu(host);

    if ( level )
        vgic_inject_irq(mmu->d, NULL, mmu->irq, true);
}

static void say(struct host *host, const char *fmt, ...)
{
    const struct omap_mmu *mmu = to_mmu(host);
    char text[128];
    va_list args;

    if ( !printk_ratelimit() )
        return;

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    printk(XENLOG_G_WARNING "omap-mmu: %s: %pd: %s", dt_node_full_name(mmu->np),
           mmu->d, text);
}

const struct host_ops omap_host_ops = {
    .lock = mmu_lock,
    .unlock = mmu_unlock,
    .read_guest = read_guest,
    .get_runs = get_runs,
    .get_block = get_block,
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
