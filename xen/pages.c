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
 * The hardware's words are 32 bits wide. On 32-bit Arm Xen's own heap may be
 * above 4 GiB and ignores an address limit: take pages of the domains' heap.
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
 * The guest may have written through an uncached mapping while Xen's cache
 * holds an older line: clean and invalidate before reading.
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
 * Returns why pages pages from mfn on cannot be the device's, or
 * DENIED_NOTHING. Only the guest's own writable RAM, and MMIO it was given. The
 * hardware has no permissions, so read-only pages cannot be expressed. Foreign
 * and grant mappings can go away without a change of the owner's p2m. MMIO that
 * Xen maps for the vCPUs alone, the GIC's virtual CPU interface, was granted to
 * nobody. The MMUs' registers are denied whatever was granted: writing them
 * reaches all memory.
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
        if ( omap_mmu_lies_within(mfn_to_maddr(mfn),
                                  (uint64_t)pages << PAGE_SHIFT) )
            return DENIED_MMIO;
        return iomem_access_permitted(d, first, last) ? DENIED_NOTHING
                                                      : DENIED_MMIO;
    default:
        return DENIED_NOT_OWN;
    }
}

/*
 * Looks up up to pages pages from gfn on, as many as the entry has; returns the
 * first.
 */
static struct host_page look_up(struct p2m_walk *walk, struct domain *d,
                                gfn_t gfn, unsigned int pages)
{
    p2m_access_t a = p2m_access_n;
    p2m_type_t t;
    mfn_t mfn = p2m_walk_get(walk, gfn, &t, &a);
    unsigned long size = 1UL << walk->order;
    unsigned long rest = size - (gfn_x(gfn) & (size - 1));
    enum denial why =
        why_denied(d, t, a, mfn, min_t(unsigned long, pages, rest));

    if ( why )
        return host_denied(why);

    return host_page(t == p2m_ram_rw ? HOST_RAM : HOST_MMIO,
                     _maddr(mfn_to_maddr(mfn)));
}

/*
 * The p2m lock is held. One look-up for each entry: 4 KiB, 2 MiB, 1 GiB, or a
 * hole of such a size.
 */
static bool maps_registers(struct p2m_domain *p2m)
{
    unsigned long gfn = 0, rest;
    struct p2m_walk walk;
    bool found = false;
    p2m_access_t a;
    p2m_type_t t;
    mfn_t mfn;

    p2m_walk_start(&walk, p2m);
    for ( ; !found && gfn <= gfn_x(p2m->max_mapped_gfn); gfn += rest )
    {
        mfn = p2m_walk_get(&walk, _gfn(gfn), &t, &a);
        rest = (1UL << walk.order) - (gfn & ((1UL << walk.order) - 1));
        found = t != p2m_invalid &&
                omap_mmu_lies_within(mfn_to_maddr(mfn),
                                     (uint64_t)rest << PAGE_SHIFT);
    }
    p2m_walk_end(&walk);

    return found;
}

static bool is_permitted(struct domain *d, paddr_t page)
{
    return iomem_access_permitted(d, paddr_to_pfn(page), paddr_to_pfn(page));
}

static bool may_map(struct domain *d, const struct omap_mmu *mmu)
{
    const struct omap_dsp *dsp = mmu->processor ? mmu->processor->dsp : NULL;
    paddr_t page;

    for ( page = 0; dsp && page < OMAP_DSP_BYTES; page += PAGE_SIZE )
        if ( is_permitted(d, dsp->base + page) )
            return true;
    for ( page = mmu->base & PAGE_MASK; page < mmu->base + mmu->size;
          page += PAGE_SIZE )
        if ( omap_mmu_is_within(mmu, page, PAGE_SIZE) && is_permitted(d, page) )
            return true;

    return false;
}

/*
 * Without a permission for such a page the p2m is not searched. A permission
 * alone is no mapping: Xen permits the page behind a range of xen,reg as well.
 */
bool omap_pages_have_registers(struct domain *d)
{
    struct p2m_domain *p2m = p2m_get_hostp2m(d);
    const struct omap_mmu *mmu;
    bool found = false;

    list_for_each_entry(mmu, &omap_mmus, list)
        found |= may_map(d, mmu);
    if ( !found )
        return false;

    p2m_read_lock(p2m);
    found = maps_registers(p2m);
    p2m_read_unlock(p2m);

    return found;
}

/*
 * Pages that are asked for: those of view words, or, without view words, n
 * pages from gfn on.
 */
struct wanted {
    const uint32_t *view;
    gfn_t gfn;
    unsigned int n;
};

/* False: the word maps nothing. */
static bool wanted_gfn(const struct wanted *wanted, unsigned int i, gfn_t *gfn)
{
    if ( !wanted->view )
        *gfn = gfn_add(wanted->gfn, i);
    else if ( view_is_mapped(wanted->view[i]) )
        *gfn = gaddr_to_gfn(view_ipa(wanted->view[i]).v);
    else
        return false;

    return true;
}

/*
 * How far a scan got. invalid: it stopped at an entry that set/way emulation
 * made invalid; Xen reports no removal of such entries.
 */
struct scan {
    unsigned int done;
    bool invalid;
    unsigned int order; /* of such an entry */
};

/* Looks up the pages of view words. The p2m lock is held. */
static struct scan find_pages(struct domain *d, const struct wanted *wanted,
                              struct host_page *page)
{
    struct scan scan = { .done = 0 };
    struct p2m_walk walk;
    gfn_t gfn;

    p2m_walk_start(&walk, p2m_get_hostp2m(d));
    for ( ; scan.done < wanted->n; scan.done++ )
    {
        if ( !wanted_gfn(wanted, scan.done, &gfn) )
            continue;
        page[scan.done] = look_up(&walk, d, gfn, 1);
        scan.order = walk.order;
        scan.invalid = host_kind(page[scan.done]) != HOST_DENIED && !walk.valid;
        if ( scan.invalid )
            break;
    }
    p2m_walk_end(&walk);

    return scan;
}

/*
 * The same for pages that must be one block. done counts pages that continue
 * the first one, in entries of at least min_order.
 */
static struct scan find_block(struct domain *d, const struct wanted *wanted,
                              unsigned int min_order, struct host_page *first)
{
    struct scan scan = { .done = 0 };
    struct host_page next;
    struct p2m_walk walk;

    p2m_walk_start(&walk, p2m_get_hostp2m(d));
    while ( scan.done < wanted->n )
    {
        gfn_t gfn = gfn_add(wanted->gfn, scan.done);

        next = look_up(&walk, d, gfn, wanted->n - scan.done);
        scan.order = walk.order;
        if ( !scan.done )
            *first = next;
        if ( host_kind(next) == HOST_DENIED || scan.order < min_order ||
             next.v != first->v + ((paddr_t)scan.done << PAGE_SHIFT) )
            break;
        scan.invalid = !walk.valid;
        if ( scan.invalid )
            break;
        scan.done +=
            (1U << scan.order) - (gfn_x(gfn) & ((1U << scan.order) - 1));
    }
    p2m_walk_end(&walk);

    return scan;
}

/* A table of the p2m's last level covers 2 MiB. */
#define TABLE_ORDER 9
#define TABLE_PAGES (1U << TABLE_ORDER)

void omap_pages_new_fault(struct omap_mmu *mmu)
{
    mmu->resolves = OMAP_MMU_RESOLVES;
}

/*
 * Makes the entries of what is wanted valid from page i on, within the limit
 * for one fault. One call repairs one level, of which 32-bit Arm has three, and
 * may have to write a whole table. The entries are assumed to be of one size.
 */
static void make_valid(struct omap_mmu *mmu, const struct wanted *wanted,
                       unsigned int i, unsigned int order)
{
    unsigned long entry, last = ~0UL;
    unsigned int levels;
    gfn_t gfn;

    for ( ; i < wanted->n; i++ )
    {
        if ( !wanted_gfn(wanted, i, &gfn) )
            continue;
        entry = gfn_x(gfn) >> order;
        if ( entry == last )
            continue;
        levels = last >> TABLE_ORDER == entry >> TABLE_ORDER ? 1 : 3;
        for ( ; levels; levels-- )
        {
            if ( !mmu->resolves )
                return;
            mmu->resolves--;
            p2m_resolve_translation_fault(mmu->d, gfn);
        }
        last = entry;
    }
}

/*
 * Makes entries valid where a scan met an invalid one. Returns true if the
 * caller must scan again, since the lock was released meanwhile. The p2m lock
 * is held on entry and on return.
 *
 * Xen then reports most of their removals. Not all: set/way emulation may
 * follow at any time, or have invalidated a table whose entries still look
 * valid, until that table is accessed. A page of RAM is held in any case.
 */
static bool mend(struct omap_mmu *mmu, const struct wanted *wanted,
                 const struct scan *scan)
{
    struct p2m_domain *p2m = p2m_get_hostp2m(mmu->d);

    if ( !scan->invalid || !mmu->resolves )
        return false;

    p2m_read_unlock(p2m);
    make_valid(mmu, wanted, scan->done, scan->order);
    p2m_read_lock(p2m);

    return true;
}

void omap_pages_put(struct host *host, maddr_t maddr, unsigned int pages)
{
    unsigned int i;

    for ( i = 0; i < pages; i++ )
        put_page(mfn_to_page(mfn_add(maddr_to_mfn(maddr.v), i)));
}

/*
 * Takes references on n pages of RAM from maddr on, in order; returns for how
 * many.
 */
static unsigned int hold(struct omap_mmu *mmu, maddr_t maddr, unsigned int n)
{
    mfn_t mfn = maddr_to_mfn(maddr.v);
    unsigned int i;

    for ( i = 0; i < n; i++ )
        if ( !get_page(mfn_to_page(mfn_add(mfn, i)), mmu->d) )
            return i;

    return n;
}

unsigned int omap_pages_get(struct host *host, const uint32_t *view,
                            unsigned int n, struct host_page *page)
{
    const struct wanted wanted = { .view = view, .n = n };
    struct omap_mmu *mmu = omap_mmu_of(host);
    struct p2m_domain *p2m = p2m_get_hostp2m(mmu->d);
    struct scan scan;
    unsigned int i;

    p2m_read_lock(p2m);
    scan = find_pages(mmu->d, &wanted, page);
    if ( mend(mmu, &wanted, &scan) )
        scan = find_pages(mmu->d, &wanted, page);
    for ( i = 0; i < scan.done; i++ )
        if ( view_is_mapped(view[i]) && host_kind(page[i]) == HOST_RAM &&
             !hold(mmu, host_maddr(page[i]), 1) )
            page[i] = host_denied(DENIED_GOING);
    p2m_read_unlock(p2m);

    return scan.done;
}

bool omap_pages_get_block(struct host *host, ipa_t ipa, unsigned int pages,
                          struct host_page *first)
{
    const struct wanted wanted = { .gfn = gaddr_to_gfn(ipa.v), .n = pages };
    struct omap_mmu *mmu = omap_mmu_of(host);
    struct p2m_domain *p2m = p2m_get_hostp2m(mmu->d);
    /*
     * 4,096 look-ups would take too long: 16 MiB of small entries are refused,
     * and the core asks for each MiB.
     */
    unsigned int min_order = pages > TABLE_PAGES ? TABLE_ORDER : 0, held;
    struct scan scan;
    bool whole;

    p2m_read_lock(p2m);
    scan = find_block(mmu->d, &wanted, min_order, first);
    if ( mend(mmu, &wanted, &scan) )
        scan = find_block(mmu->d, &wanted, min_order, first);
    whole = scan.done >= pages &&
            !(host_maddr(*first).v & (((paddr_t)pages << PAGE_SHIFT) - 1));
    if ( whole && host_kind(*first) == HOST_RAM )
    {
        held = hold(mmu, host_maddr(*first), pages);
        whole = held == pages;
        if ( !whole )
            omap_pages_put(host, host_maddr(*first), held);
    }
    p2m_read_unlock(p2m);

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
