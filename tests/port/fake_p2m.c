/* SPDX-License-Identifier: GPL-2.0-only */
/* The p2m of each domain, and the machine's pages. */
#include <xen/domain_page.h>

#include "fake.h"

/* What a cache holds that nobody cleaned. */
#define STALE 0xa5

/* Locks: a p2m's comes before an MMU's (docs/locking.md) */

void p2m_read_lock(struct p2m_domain *p2m)
{
    fake_assert_unlocked();
    p2m->readers++;
}

void p2m_read_unlock(struct p2m_domain *p2m)
{
    assert_int_equal(p2m->readers, 1);
    p2m->readers--;
}

void p2m_write_lock(struct p2m_domain *p2m)
{
    fake_assert_unlocked();
    p2m->written = true;
}

void p2m_write_unlock(struct p2m_domain *p2m)
{
    assert_true(p2m->written);
    p2m->written = false;
    p2m->mmus =
        dom_iommu(container_of(p2m, struct domain, arch.p2m))->arch.priv;
}

/* The p2m */

/* Which entry of a level gfn is below. */
static unsigned long at_level(unsigned int level, unsigned long gfn)
{
    return gfn >> (9 * (P2M_LEVELS - level));
}

static unsigned int leaf_level(const struct p2m_entry *entry)
{
    return P2M_LEVELS - entry->order / 9;
}

void fake_map_in(struct domain *d, unsigned long gfn, unsigned int order,
                 unsigned long mfn, p2m_type_t t, p2m_access_t a)
{
    struct p2m_domain *p2m = &d->arch.p2m;
    unsigned int level;
    unsigned long i;

    assert_int_equal(order % 9, 0);
    assert_int_equal(gfn & ((1ul << order) - 1), 0);
    assert_true(gfn + (1ul << order) <= P2M_PAGES);
    for ( i = 0; i < 1ul << order; i++ )
        p2m->entry[gfn + i] = (struct p2m_entry){ mfn + i, t, a, order };
    for ( level = 1; level <= leaf_level(&p2m->entry[gfn]); level++ )
        p2m->valid[level][at_level(level, gfn)] = true;
}

void fake_own(const struct domain *owner, unsigned long mfn,
              unsigned long pages)
{
    for ( ; pages; pages--, mfn++ )
        mfn_to_page(_mfn(mfn))->owner = owner;
}

void fake_ram_in(struct domain *d, unsigned long gfn, unsigned int order,
                 unsigned long mfn)
{
    fake_own(d, mfn, 1ul << order);
    fake_map_in(d, gfn, order, mfn, p2m_ram_rw, p2m_access_rwx);
}

void fake_map(unsigned long gfn, unsigned int order, unsigned long mfn,
              p2m_type_t t, p2m_access_t a)
{
    fake_map_in(&fake.domain, gfn, order, mfn, t, a);
}

void fake_ram(unsigned long gfn, unsigned int order, unsigned long mfn)
{
    fake_ram_in(&fake.domain, gfn, order, mfn);
}

void fake_remove(struct domain *d, unsigned long gfn, unsigned int order)
{
    p2m_write_lock(&d->arch.p2m);
    fake_map_in(d, gfn, order, 0, p2m_invalid, p2m_access_n);
    assert_int_equal(fake.ops->iotlb_flush(d, _dfn(gfn), 1ul << order,
                                           IOMMU_FLUSHF_modified),
                     0);
    p2m_write_unlock(&d->arch.p2m);
}

void fake_invalidate_root(void)
{
    memset(fake.domain.arch.p2m.valid[1], 0, at_level(1, P2M_PAGES));
}

void fake_invalidate_all(void)
{
    unsigned int level;

    for ( level = 1; level <= P2M_LEVELS; level++ )
        memset(fake.domain.arch.p2m.valid[level], 0,
               at_level(level, P2M_PAGES));
}

void fake_invalidate(unsigned long gfn)
{
    struct p2m_domain *p2m = &fake.domain.arch.p2m;
    unsigned int level = leaf_level(&p2m->entry[gfn]);

    p2m->valid[level][at_level(level, gfn)] = false;
}

/* Of a hole, only the size is told; valid is the entry's own bit, whatever the
 * tables above it say. */
mfn_t p2m_get_entry(struct p2m_domain *p2m, gfn_t gfn, p2m_type_t *t,
                    p2m_access_t *a, unsigned int *page_order, bool *valid)
{
    const struct p2m_entry *entry = &p2m->entry[gfn_x(gfn)];
    unsigned int level = leaf_level(entry);

    assert_true(gfn_x(gfn) < P2M_PAGES);
    assert_true(p2m->readers || p2m->written);
    fake.look_ups++;
    *t = entry->type;
    *page_order = entry->order;
    *valid = false;
    if ( entry->type == p2m_invalid )
        return INVALID_MFN;

    *a = entry->access;
    *valid = p2m->valid[level][at_level(level, gfn_x(gfn))];

    return _mfn(entry->mfn);
}

mfn_t p2m_lookup(struct domain *d, gfn_t gfn, p2m_type_t *t)
{
    const struct p2m_entry *entry = &d->arch.p2m.entry[gfn_x(gfn)];

    assert_true(gfn_x(gfn) < P2M_PAGES);
    fake_assert_unlocked();
    *t = entry->type;

    return *t == p2m_invalid ? INVALID_MFN : _mfn(entry->mfn);
}

/* Mends the first entry on the way to gfn; if it is a table, those in it become
 * invalid. False: nothing is mapped. */
static bool mend(struct p2m_domain *p2m, unsigned long gfn)
{
    unsigned int leaf = leaf_level(&p2m->entry[gfn]), level;

    for ( level = 1; level <= leaf; level++ )
    {
        bool *valid = &p2m->valid[level][at_level(level, gfn)];

        if ( *valid )
            continue;
        if ( level == leaf && p2m->entry[gfn].type == p2m_invalid )
            return false;

        *valid = true;
        if ( level < leaf )
            memset(&p2m->valid[level + 1][at_level(level, gfn) << 9], 0, 512);
        break;
    }

    return true;
}

bool p2m_resolve_translation_fault(struct domain *d, gfn_t gfn)
{
    bool resolved;

    assert_true(gfn_x(gfn) < P2M_PAGES);
    fake_assert_unlocked();
    d->arch.p2m.written = true;
    fake.resolves++;
    resolved = mend(&d->arch.p2m, gfn_x(gfn));
    d->arch.p2m.written = false;
    fake_hook(fake.interfere);

    return resolved;
}

/* Pages */

bool mfn_valid(mfn_t mfn)
{
    return mfn_x(mfn) < MACHINE_PAGES;
}

struct page_info *mfn_to_page(mfn_t mfn)
{
    assert_true(mfn_valid(mfn));

    return &fake.pages[mfn_x(mfn)];
}

mfn_t page_to_mfn(const struct page_info *page)
{
    return _mfn(page - fake.pages);
}

bool is_xen_heap_mfn(mfn_t mfn)
{
    return mfn_to_page(mfn)->xen_heap;
}

static bool refer(struct page_info *page)
{
    if ( page->going_away )
        return false;
    page->references++;
    fake.references++;
    fake.left.references++;

    return true;
}

/* Inside the look-up: what was found could be another's by the time of a later
 * one. */
bool get_page(struct page_info *page, const struct domain *d)
{
    assert_true(d->arch.p2m.readers);

    return page->owner == d && refer(page);
}

void put_page(struct page_info *page)
{
    assert_true(page->references);
    page->references--;
    fake.references--;
    fake.left.references--;
}

/* A foreign page comes with a reference too. */
struct page_info *get_page_from_gfn(struct domain *d, unsigned long gfn,
                                    p2m_type_t *t, p2m_query_t q)
{
    const struct p2m_entry *entry = &d->arch.p2m.entry[gfn];
    bool foreign =
        entry->type == p2m_map_foreign_rw || entry->type == p2m_map_foreign_ro;
    bool grant =
        entry->type == p2m_grant_map_rw || entry->type == p2m_grant_map_ro;
    struct page_info *page;

    fake_assert_unlocked();
    assert_int_equal(q, P2M_ALLOC);
    *t = entry->type;
    if ( !(p2m_is_ram(*t) || foreign || grant) || !mfn_valid(_mfn(entry->mfn)) )
        return NULL;

    page = mfn_to_page(_mfn(entry->mfn));

    return (foreign || page->owner == d) && refer(page) ? page : NULL;
}

/* A page mapped */

uint8_t fake_byte(unsigned long mfn, unsigned int offset)
{
    return mfn * 89 + offset * 7 + (offset >> 8);
}

void *__map_domain_page(struct page_info *page)
{
    assert_int_equal(fake.mapped, 0);
    assert_true(page->references);
    fake.mapped = mfn_x(page_to_mfn(page));
    memset(fake.view, STALE, sizeof(fake.view));

    return fake.view;
}

void unmap_domain_page(const void *p)
{
    assert_ptr_equal(p, fake.view);
    assert_int_not_equal(fake.mapped, 0);
    fake.mapped = 0;
}

int clean_and_invalidate_dcache_va_range(const void *p, unsigned long bytes)
{
    unsigned long offset = (const uint8_t *)p - fake.view, i;

    assert_int_not_equal(fake.mapped, 0);
    assert_true(offset + bytes <= sizeof(fake.view));
    for ( i = offset; i < offset + bytes; i++ )
        fake.view[i] = fake_byte(fake.mapped, i);

    return 0;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
