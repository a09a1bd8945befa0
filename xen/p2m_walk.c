/* SPDX-License-Identifier: GPL-2.0-only */
/* Look-ups of many guest frames; Xen's p2m.c looks up a single one. */
#include <xen/domain_page.h>
#include <xen/lib.h>

#include "p2m_walk.h"

#define LAST_LEVEL 3

/* Log2 of the frames that a table of this level covers. */
static unsigned int table_order(unsigned int level)
{
    return XEN_PT_LEVEL_ORDER(level) + XEN_PT_LPAE_SHIFT;
}

/* By the type: set/way emulation clears the valid bit of what is mapped. */
static bool is_mapped(lpae_t entry)
{
    return entry.p2m.type != p2m_invalid;
}

/* Above the last level an entry is a table or a superpage. */
static bool is_table(lpae_t entry, unsigned int level)
{
    return is_mapped(entry) && lpae_is_table(entry, level);
}

static void leave_table(struct p2m_walk *walk)
{
    walk->end--;
    unmap_domain_page(walk->table[walk->end]);
}

static void enter_table(struct p2m_walk *walk, mfn_t mfn)
{
    walk->table[walk->end] = map_domain_page(mfn);
    walk->end++;
}

/* Leaves the tables that do not cover the walk's frame. */
static void climb(struct p2m_walk *walk, unsigned long differs)
{
    while ( walk->end > P2M_ROOT_LEVEL &&
            differs >> table_order(walk->end - 1) )
        leave_table(walk);
}

/* The root consists of several adjacent tables. */
static unsigned long root_index(gfn_t gfn)
{
    return gfn_x(gfn) >> table_order(P2M_ROOT_LEVEL);
}

/*
 * The frame's entry in the lowest mapped table. One read of all of it: the
 * packed fields would be read byte by byte.
 */
static lpae_t read_entry(const struct p2m_walk *walk)
{
    unsigned int level = walk->end - 1;
    unsigned long n = gfn_x(walk->gfn) >> XEN_PT_LEVEL_ORDER(level);

    return (lpae_t){
        .bits = walk->table[level][n & XEN_PT_LPAE_ENTRY_MASK].bits,
    };
}

/* Enters tables down to the last one; keeps the entry found there. */
static void descend(struct p2m_walk *walk)
{
    if ( walk->end <= P2M_ROOT_LEVEL )
        enter_table(walk, page_to_mfn(walk->p2m->root + root_index(walk->gfn)));
    walk->entry = read_entry(walk);
    while ( is_table(walk->entry, walk->end - 1) )
    {
        enter_table(walk, lpae_get_mfn(walk->entry));
        walk->entry = read_entry(walk);
    }
    walk->order = XEN_PT_LEVEL_ORDER(walk->end - 1);
}

/* Moves to gfn; does nothing if the last entry covers gfn as well. */
static void go_on(struct p2m_walk *walk, gfn_t gfn)
{
    unsigned long differs = gfn_x(gfn) ^ gfn_x(walk->gfn);

    walk->gfn = gfn;
    if ( walk->end > P2M_ROOT_LEVEL &&
         !(differs >> XEN_PT_LEVEL_ORDER(walk->end - 1)) )
    {
        walk->order = XEN_PT_LEVEL_ORDER(walk->end - 1);
        return;
    }
    climb(walk, differs);
    descend(walk);
}

/*
 * The order of the largest aligned hole at gfn beyond the highest mapped frame.
 */
static unsigned int order_beyond(const struct p2m_domain *p2m, gfn_t gfn)
{
    unsigned long last = gfn_x(p2m->max_mapped_gfn);
    unsigned int level = P2M_ROOT_LEVEL, order = XEN_PT_LEVEL_ORDER(level);

    while ( level < LAST_LEVEL && gfn_x(gfn) >> order <= last >> order )
    {
        level++;
        order = XEN_PT_LEVEL_ORDER(level);
    }

    return order;
}

static p2m_access_t access_of(struct p2m_domain *p2m, gfn_t gfn)
{
    void *setting;

    if ( !p2m->mem_access_enabled )
        return p2m->default_access;

    setting = radix_tree_lookup(&p2m->mem_access_settings, gfn_x(gfn));

    return setting ? radix_tree_ptr_to_int(setting) : p2m_access_rwx;
}

void p2m_walk_start(struct p2m_walk *walk, struct p2m_domain *p2m)
{
    walk->p2m = p2m;
    walk->gfn = _gfn(0);
    walk->end = P2M_ROOT_LEVEL;
}

void p2m_walk_end(struct p2m_walk *walk)
{
    while ( walk->end > P2M_ROOT_LEVEL )
        leave_table(walk);
}

mfn_t p2m_walk_get(struct p2m_walk *walk, gfn_t gfn, p2m_type_t *t,
                   p2m_access_t *a)
{
    struct p2m_domain *p2m = walk->p2m;

    ASSERT(p2m_is_locked(p2m));
    *t = p2m_invalid;
    walk->valid = false;
    if ( gfn_x(gfn) > gfn_x(p2m->max_mapped_gfn) ||
         root_index(gfn) >= 1UL << P2M_ROOT_ORDER )
    {
        walk->order = order_beyond(p2m, gfn);
        return INVALID_MFN;
    }

    go_on(walk, gfn);
    if ( !is_mapped(walk->entry) )
        return INVALID_MFN;

    *t = walk->entry.p2m.type;
    *a = access_of(p2m, gfn);
    walk->valid = lpae_is_valid(walk->entry);

    return mfn_add(lpae_get_mfn(walk->entry),
                   gfn_x(gfn) & ((1UL << walk->order) - 1));
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
