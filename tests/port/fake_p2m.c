/* SPDX-License-Identifier: GPL-2.0-only */
/* The p2m of each domain: tables as on 32-bit Arm. */
#include "fake.h"

/* Locks: a p2m's comes before an MMU's (docs/locking.md) */

void p2m_read_lock(struct p2m_domain *p2m)
{
    fake_assert_unlocked();
    p2m->readers++;
}

void p2m_read_unlock(struct p2m_domain *p2m)
{
    assert_int_equal(p2m->readers, 1);
    assert_int_equal(fake.mapped_tables, 0);
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

/* Each look-up of an entry asks. */
int p2m_is_locked(struct p2m_domain *p2m)
{
    fake.look_ups++;

    return p2m->readers || p2m->written;
}

/* Tables: pages of the machine that no test uses for anything else. */

#define TABLES_MFN 0x10000ul
#define TABLES     1024
#define ROOTS      (1u << P2M_ROOT_ORDER)

static lpae_t *tables[TABLES];

lpae_t *fake_table(mfn_t mfn)
{
    unsigned long n = mfn_x(mfn) - TABLES_MFN;

    return mfn_x(mfn) >= TABLES_MFN && n < TABLES ? tables[n] : NULL;
}

static mfn_t new_table(void)
{
    unsigned int n = 0;

    while ( n < TABLES && tables[n] )
        n++;
    assert_in_range(n, 0, TABLES - 1);
    tables[n] = calloc(XEN_PT_LPAE_ENTRIES, sizeof(lpae_t));

    return _mfn(TABLES_MFN + n);
}

/* A page, a superpage or a table. */
static lpae_t make_entry(mfn_t mfn, p2m_type_t t, bool table)
{
    lpae_t entry = { .bits = 0 };

    entry.walk.valid = true;
    entry.walk.table = table;
    entry.walk.base = mfn_x(mfn);
    entry.p2m.type = t;

    return entry;
}

static bool is_mapped(lpae_t entry)
{
    return entry.p2m.type != p2m_invalid;
}

static bool leads_on(lpae_t entry, unsigned int level)
{
    return is_mapped(entry) && lpae_is_table(entry, level);
}

static void for_each_entry(lpae_t *table, unsigned int level,
                           void (*visit)(lpae_t *entry, unsigned int level))
{
    unsigned int i;

    for ( i = 0; i < XEN_PT_LPAE_ENTRIES; i++ )
        visit(&table[i], level);
}

/* With all that is below. */
static void clear_entry(lpae_t *entry, unsigned int level)
{
    mfn_t mfn = lpae_get_mfn(*entry);

    if ( leads_on(*entry, level) )
    {
        for_each_entry(fake_table(mfn), level + 1, clear_entry);
        free(tables[mfn_x(mfn) - TABLES_MFN]);
        tables[mfn_x(mfn) - TABLES_MFN] = NULL;
    }
    entry->bits = 0;
}

static lpae_t *root_of(struct p2m_domain *p2m, unsigned int n)
{
    return fake_table(mfn_add(page_to_mfn(p2m->root), n));
}

void fake_p2m_start(struct p2m_domain *p2m)
{
    unsigned int i;

    for ( i = 0; i < ROOTS; i++ )
    {
        struct page_info *page = mfn_to_page(new_table());

        p2m->root = i ? p2m->root : page;
        assert_ptr_equal(page, p2m->root + i);
    }
    p2m->default_access = p2m_access_rwx;
}

void fake_p2m_end(struct p2m_domain *p2m)
{
    unsigned int i;

    for ( i = 0; i < ROOTS; i++ )
    {
        lpae_t root =
            make_entry(mfn_add(page_to_mfn(p2m->root), i), p2m_ram_rw, true);

        clear_entry(&root, P2M_ROOT_LEVEL - 1);
    }
}

/* Where it is in the table of that level. */
static lpae_t *entry_in(lpae_t *table, unsigned long gfn, unsigned int level)
{
    return &table[gfn >> XEN_PT_LEVEL_ORDER(level) & XEN_PT_LPAE_ENTRY_MASK];
}

/* The entry of gfn, in a table of this level or, if there is none, of a level above:
 * *level becomes that. */
static lpae_t *find(struct p2m_domain *p2m, unsigned long gfn,
                    unsigned int *level)
{
    unsigned int lowest = *level;
    lpae_t *table = root_of(p2m, gfn >> (9 * (4 - P2M_ROOT_LEVEL)));

    for ( *level = P2M_ROOT_LEVEL;; ++*level )
    {
        lpae_t *entry = entry_in(table, gfn, *level);

        if ( *level == lowest || !leads_on(*entry, *level) )
            return entry;
        table = fake_table(lpae_get_mfn(*entry));
    }
}

/* An entry that is none, or a superpage, becomes a table of the same content. */
static void shatter(lpae_t *entry, unsigned int level)
{
    mfn_t mfn = new_table();
    lpae_t *table = fake_table(mfn);
    unsigned int i;

    for ( i = 0; is_mapped(*entry) && i < XEN_PT_LPAE_ENTRIES; i++ )
    {
        table[i] = *entry;
        table[i].walk.base += i << XEN_PT_LEVEL_ORDER(level + 1);
        table[i].walk.table = level + 1 == P2M_LEVELS;
    }
    *entry = make_entry(mfn, p2m_ram_rw, true);
}

void *radix_tree_lookup(struct radix_tree_root *root, unsigned long index)
{
    unsigned int i;

    for ( i = 0; i < root->n; i++ )
        if ( root->items[i].index == index )
            return root->items[i].item;

    return NULL;
}

/* Of pages of 4 KiB only. What has no setting is rwx, once there are settings. */
static void set_access(struct p2m_domain *p2m, unsigned long gfn,
                       unsigned int order, p2m_access_t a)
{
    struct radix_tree_root *root = &p2m->mem_access_settings;
    unsigned int i = 0;

    while ( i < root->n )
        if ( root->items[i].index >> order == gfn >> order )
            root->items[i] = root->items[--root->n];
        else
            i++;
    if ( a == p2m_access_rwx )
        return;

    assert_int_equal(order, 0);
    assert_in_range(root->n, 0, FAKE_ITEMS - 1);
    p2m->mem_access_enabled = true;
    root->items[root->n].index = gfn;
    root->items[root->n++].item = radix_tree_int_to_ptr(a);
}

void fake_map_in(struct domain *d, unsigned long gfn, unsigned int order,
                 unsigned long mfn, p2m_type_t t, p2m_access_t a)
{
    struct p2m_domain *p2m = &d->arch.p2m;
    unsigned int wanted = P2M_LEVELS - order / 9, level = wanted;
    unsigned long last = gfn + (1ul << order) - 1;
    lpae_t *entry;

    assert_int_equal(order % 9, 0);
    assert_int_equal(gfn & ((1ul << order) - 1), 0);
    assert_true(last < P2M_PAGES);
    while ( entry = find(p2m, gfn, &level), level < wanted )
    {
        if ( t == p2m_invalid && !is_mapped(*entry) )
            return;
        shatter(entry, level);
        level = wanted;
    }

    clear_entry(entry, level);
    set_access(p2m, gfn, order, t == p2m_invalid ? p2m_access_rwx : a);
    if ( t == p2m_invalid )
        return;
    *entry = make_entry(_mfn(mfn), t, level == P2M_LEVELS);
    p2m->max_mapped_gfn = _gfn(max(last, gfn_x(p2m->max_mapped_gfn) + 0ul));
}

void fake_own(const struct domain *owner, unsigned long mfn,
              unsigned long pages)
{
    for ( ; pages; pages--, mfn++ )
    {
        assert_null(fake_table(_mfn(mfn)));
        mfn_to_page(_mfn(mfn))->owner = owner;
    }
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

/* Valid bits */

static void invalidate(lpae_t *entry, unsigned int level)
{
    entry->walk.valid = false;
}

static void invalidate_below(lpae_t *entry, unsigned int level)
{
    invalidate(entry, level);
    if ( leads_on(*entry, level) )
        for_each_entry(fake_table(lpae_get_mfn(*entry)), level + 1,
                       invalidate_below);
}

static void for_each_of_roots(void (*visit)(lpae_t *entry, unsigned int level))
{
    unsigned int i;

    for ( i = 0; i < ROOTS; i++ )
        for_each_entry(root_of(&fake.domain.arch.p2m, i), P2M_ROOT_LEVEL,
                       visit);
}

void fake_invalidate_root(void)
{
    for_each_of_roots(invalidate);
}

void fake_invalidate_all(void)
{
    for_each_of_roots(invalidate_below);
}

static lpae_t *leaf(struct p2m_domain *p2m, unsigned long gfn,
                    unsigned int *level)
{
    assert_true(gfn < P2M_PAGES);
    *level = P2M_LEVELS;

    return find(p2m, gfn, level);
}

void fake_invalidate(unsigned long gfn)
{
    unsigned int level;

    leaf(&fake.domain.arch.p2m, gfn, &level)->walk.valid = false;
}

bool fake_is_valid(unsigned long gfn)
{
    unsigned int level;

    return lpae_is_valid(*leaf(&fake.domain.arch.p2m, gfn, &level));
}

/* Look-ups */

static p2m_access_t access_of(struct p2m_domain *p2m, unsigned long gfn)
{
    void *item = radix_tree_lookup(&p2m->mem_access_settings, gfn);

    if ( !p2m->mem_access_enabled )
        return p2m->default_access;

    return item ? radix_tree_ptr_to_int(item) : p2m_access_rwx;
}

/* The level at which nothing of gfn's entry there was ever mapped. */
static unsigned int level_beyond(const struct p2m_domain *p2m,
                                 unsigned long gfn)
{
    unsigned int level = P2M_ROOT_LEVEL;

    for ( ; level < P2M_LEVELS; level++ )
        if ( gfn - gfn % (1ul << XEN_PT_LEVEL_ORDER(level)) >
             gfn_x(p2m->max_mapped_gfn) )
            break;

    return level;
}

/* Of a hole, only the size is told; valid is the entry's own bit, whatever the
 * tables above it say. */
mfn_t p2m_get_entry(struct p2m_domain *p2m, gfn_t gfn, p2m_type_t *t,
                    p2m_access_t *a, unsigned int *page_order, bool *valid)
{
    unsigned int level;
    lpae_t entry = { .bits = 0 };

    assert_true(p2m_is_locked(p2m));
    if ( gfn_x(gfn) > gfn_x(p2m->max_mapped_gfn) )
        level = level_beyond(p2m, gfn_x(gfn));
    else
        entry = *leaf(p2m, gfn_x(gfn), &level);

    *t = entry.p2m.type;
    *page_order = XEN_PT_LEVEL_ORDER(level);
    *valid = false;
    if ( !is_mapped(entry) )
        return INVALID_MFN;

    *a = access_of(p2m, gfn_x(gfn));
    *valid = lpae_is_valid(entry);

    return mfn_add(lpae_get_mfn(entry), gfn_x(gfn) % (1ul << *page_order));
}

mfn_t p2m_lookup(struct domain *d, gfn_t gfn, p2m_type_t *t)
{
    unsigned int order;
    p2m_access_t a;
    bool valid;
    mfn_t mfn;

    p2m_read_lock(&d->arch.p2m);
    mfn = p2m_get_entry(&d->arch.p2m, gfn, t, &a, &order, &valid);
    p2m_read_unlock(&d->arch.p2m);

    return mfn;
}

/*
 * Makes the first invalid entry on the walk to gfn valid; if it is a table, its entries
 * become invalid. Returns false if nothing is mapped.
 */
static bool mend(struct p2m_domain *p2m, unsigned long gfn)
{
    unsigned int level = P2M_ROOT_LEVEL, at = level;
    lpae_t *entry = find(p2m, gfn, &at);

    while ( lpae_is_valid(*entry) && leads_on(*entry, level) )
    {
        at = ++level;
        entry = find(p2m, gfn, &at);
    }
    if ( !is_mapped(*entry) )
        return false;
    if ( !lpae_is_valid(*entry) && leads_on(*entry, level) )
        for_each_entry(fake_table(lpae_get_mfn(*entry)), level + 1, invalidate);
    entry->walk.valid = true;

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

/* A foreign page comes with a reference too. */
struct page_info *get_page_from_gfn(struct domain *d, unsigned long gfn,
                                    p2m_type_t *t, p2m_query_t q)
{
    mfn_t mfn = p2m_lookup(d, _gfn(gfn), t);
    bool foreign = *t == p2m_map_foreign_rw || *t == p2m_map_foreign_ro;
    bool grant = *t == p2m_grant_map_rw || *t == p2m_grant_map_ro;
    struct page_info *page;

    fake_assert_unlocked();
    assert_int_equal(q, P2M_ALLOC);
    if ( !(p2m_is_ram(*t) || foreign || grant) || !mfn_valid(mfn) )
        return NULL;

    page = mfn_to_page(mfn);

    return (foreign || page->owner == d) && fake_refer(page) ? page : NULL;
}
