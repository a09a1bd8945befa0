/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Debug key 'U', of a GPU: see dump.c.
 *
 * docs/debug-key.md has the format. A trap may wait for the MMU's lock: so
 * ranges and audit are looked at in parts, each of them of a moment of its own.
 */
#include <xen/softirq.h>
#include <xen/xmalloc.h>

#include "gpu.h"
#include "port.h"

/* A guest must not be able to make this long. */
#define MAX_LINES 64
#define MAX_PAGES 0x8000

/* Pages that rise together, with the same attributes. */
struct range {
    struct mirror_leaf first;
    uint64_t size;
};

struct snapshot {
    struct omap_mmu_owner owner;
    bool gone; /* the domain lost it while it was looked at */
    enum vbif_state state;
    unsigned int waiting; /* doorbells */
    uint32_t base[SGX_BANKS][SGX_BASES];
    struct vbif_counters count;
    struct mirror_counters mirror;
    struct range range[MAX_LINES];
    unsigned int ranges, pages;
    bool more; /* than there is room for */
    const char *bad;
    struct mirror_place place; /* the next to be looked at, ... */
    unsigned int part;         /* ... and of the audit */
};

/* Under the lock */

static bool extends(const struct range *range, const struct mirror_leaf *leaf)
{
    const struct mirror_leaf *first = &range->first;

    return first->dir == leaf->dir && first->da.v + range->size == leaf->da.v &&
           first->ipa.v + range->size == leaf->ipa.v &&
           first->maddr.v + range->size == leaf->maddr.v &&
           first->held == leaf->held &&
           !((first->word ^ leaf->word) & ~PAGE_MASK);
}

static bool cf_check visit_leaf(void *arg, const struct mirror_leaf *leaf)
{
    struct snapshot *s = arg;
    struct range *last = s->ranges ? &s->range[s->ranges - 1] : NULL;
    bool joins = last && extends(last, leaf);

    s->more = s->pages++ == MAX_PAGES || (!joins && s->ranges == MAX_LINES);
    if ( s->more )
        return false;

    if ( joins )
        last->size += PAGE_SIZE;
    else
        s->range[s->ranges++] =
            (struct range){ .first = *leaf, .size = PAGE_SIZE };

    return true;
}

static void copy(const struct vbif *v, struct snapshot *s)
{
    unsigned int bank, n;

    s->state = v->state;
    s->waiting = v->waiting;
    for ( bank = SGX_MASTER; bank < SGX_BANKS; bank++ )
        for ( n = 0; n < SGX_BASES; n++ )
            s->base[bank][n] = v->base[bank][n];
    s->count = v->count;
    s->mirror = *mirror_counters(v->mirror);
}

/* Returns false at the last range, or if no more fit. */
static bool look_at_some(const struct vbif *v, struct snapshot *s)
{
    return mirror_for_some(v->mirror, &s->place, visit_leaf, s);
}

/* Returns false at the last part, or if an invariant does not hold. */
static bool audit_some(const struct vbif *v, struct snapshot *s)
{
    s->bad = vbif_audit_part(v, s->part);

    return !s->bad && ++s->part < vbif_audit_parts(v);
}

/*
 * Looks at all parts, unlocked between them. Ends if the GPU was released since
 * the first look, even if the same domain, or another one with its number, has
 * it now.
 */
static void look_on(struct omap_mmu *mmu, struct snapshot *s,
                    bool (*some)(const struct vbif *v, struct snapshot *s))
{
    bool more = !s->gone;

    while ( more )
    {
        spin_lock(&mmu->lock);
        s->gone = !mmu->live || mmu->lives != s->owner.life;
        more = !s->gone && some(&mmu->gpu->vbif, s);
        spin_unlock(&mmu->lock);
        process_pending_softirqs();
    }
}

/* Returns false if d is given and does not have this GPU. */
static bool look(struct omap_mmu *mmu, const struct domain *d,
                 struct snapshot *s)
{
    bool wanted;

    memset(s, 0, sizeof(*s));
    spin_lock(&mmu->lock);
    wanted = omap_mmu_dump_wanted(mmu, d, &s->owner);
    if ( wanted && s->owner.live )
        copy(&mmu->gpu->vbif, s);
    spin_unlock(&mmu->lock);
    if ( wanted && s->owner.live )
    {
        look_on(mmu, s, look_at_some);
        look_on(mmu, s, audit_some);
    }

    return wanted;
}

/* Without it */

static void print_bases(const struct snapshot *s)
{
    static const char *const banks[SGX_BANKS] = {
        [SGX_MASTER] = "master",
        [SGX_CORE0] = "core 0",
        [SGX_CORE1] = "core 1",
    };
    unsigned int bank, n;

    for ( bank = SGX_MASTER; bank < SGX_BANKS; bank++ )
        for ( n = 0; n < SGX_BASES; n++ )
            if ( s->base[bank][n] )
                printk("  %s, base %u: ipa %08x\n", banks[bank], n,
                       s->base[bank][n]);
}

static void print_ranges(const struct snapshot *s)
{
    const struct mirror_leaf *first;
    unsigned int i;

    for ( i = 0; i < s->ranges; i++ )
    {
        first = &s->range[i].first;
        printk("  %u: da %08" PRIx64 " -> ipa %08" PRIx64 " -> maddr %08" PRIx64
               ", size %#" PRIx64 ", attributes %02x%s\n",
               first->dir, first->da.v, first->ipa.v, first->maddr.v,
               s->range[i].size, (unsigned int)(first->word & ~PAGE_MASK),
               first->held ? "" : ", mmio");
        process_pending_softirqs();
    }
    if ( s->more )
        printk("  ... more than that\n");
    printk("  ranges: %u\n", s->ranges);
}

static void print_counters(const struct snapshot *s)
{
#define FORMAT(name) " " #name "=%" PRIu64
#define BIF(name)    , s->count.name
#define MIRROR(name) , s->mirror.name
    printk("  bif:" VBIF_COUNTERS(FORMAT) "\n" VBIF_COUNTERS(BIF));
    printk("  mirror:" MIRROR_COUNTERS(FORMAT) "\n" MIRROR_COUNTERS(MIRROR));
#undef FORMAT
#undef BIF
#undef MIRROR
}

static void print_assigned(const struct snapshot *s)
{
    static const char *const states[] = {
        [VBIF_LIVE] = "its guest's",
        [VBIF_HELD] = "in reset until its guest resets it",
        [VBIF_RELEASED] = "released",
    };

    printk("  %s, doorbells that wait: %u\n", states[s->state], s->waiting);
    print_bases(s);
    print_ranges(s);
    print_counters(s);
    if ( s->gone )
        printk(
            "  the GPU was released meanwhile: ranges and audit are incomplete\n");
    printk("  audit: %s\n", s->bad ?: s->gone ? "incomplete" : "ok");
}

static void print(const struct omap_mmu *mmu, const struct snapshot *s)
{
    omap_mmu_dump_owner(mmu, &s->owner);
    if ( s->owner.live )
        print_assigned(s);
}

void cf_check omap_gpu_dump(struct omap_mmu *mmu, const struct domain *d)
{
    struct snapshot *s = xmalloc(struct snapshot);

    if ( !s )
    {
        printk(XENLOG_WARNING "omap-mmu: no memory for a dump\n");
        return;
    }

    if ( look(mmu, d, s) )
        print(mmu, s);
    xfree(s);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
