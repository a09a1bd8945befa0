/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Debug key 'U': what each MMU is doing. Key 'o' prints the same, domain by
 * domain; Xen 4.17 has that key only where there is a dom0.
 *
 * A trap may wait for the MMU's lock, so the key holds it for one group of
 * slots at a time; each range is of the moment when its group was looked at.
 * The console is slow: what was found is printed without the lock, and waiting
 * softirqs run after each line that there may be many of.
 *
 * docs/debug-key.md has the format, which programs read. Ranges that rise
 * together are one line; "hidden" ones must be verified before hardware sees
 * them again.
 */
#include <xen/keyhandler.h>
#include <xen/softirq.h>
#include <xen/xmalloc.h>

#include "port.h"

/* A guest must not be able to make this long. */
#define MAX_LINES 64

/* Leaves that rise together. */
struct range {
    struct shadow_leaf first;
    uint64_t size;
};

struct snapshot {
    struct omap_mmu_owner owner;
    bool parked, filling;
    bool around, held, silent; /* of the virtual MMU; silent: its stall */
    bool gone;                 /* the domain lost it while it was looked at */
    enum vmmu_state state;
    unsigned int window;
    uint32_t reg[VMMU_WORDS];
    struct vmmu_counters count;
    struct shadow_counters shadow;
    struct vmmu_denied denied;
    struct range range[MAX_LINES];
    unsigned int ranges;
    bool more; /* more ranges than fit */
    const char *bad;
};

/* Under the lock */

static bool extends(const struct range *range, const struct shadow_leaf *leaf)
{
    const struct shadow_leaf *first = &range->first;

    return first->bytes == leaf->bytes &&
           first->da.v + range->size == leaf->da.v &&
           first->ipa.v + range->size == leaf->ipa.v &&
           first->maddr.v + range->size == leaf->maddr.v &&
           first->held == leaf->held && first->shown == leaf->shown &&
           first->condemned == leaf->condemned;
}

static bool visit_leaf(void *arg, const struct shadow_leaf *leaf)
{
    struct snapshot *s = arg;
    struct range *last = s->ranges ? &s->range[s->ranges - 1] : NULL;

    if ( last && extends(last, leaf) )
    {
        last->size += leaf->bytes;
        return true;
    }
    if ( s->ranges == MAX_LINES )
    {
        s->more = true;
        return false;
    }
    s->range[s->ranges++] =
        (struct range){ .first = *leaf, .size = leaf->bytes };

    return true;
}

static void copy(const struct vmmu *v, struct snapshot *s)
{
    unsigned int i;

    s->state = v->state;
    s->silent = v->state == VMMU_STALLED && !v->stall;
    s->around = v->around;
    s->held = v->held;
    s->parked = v->shadow.parked;
    s->filling = v->shadow.fill.under_way;
    s->window = v->config.window;
    for ( i = 0; i < VMMU_WORDS; i++ )
        s->reg[i] = vmmu_peek(v, i * 4);
    s->count = v->count;
    s->shadow = v->shadow.count;
    s->denied = v->denied;
    s->bad = vmmu_audit_registers(v) ?: shadow_audit_pool(&v->shadow);
}

/*
 * Returns false if the MMU was released since the first look, even if the same
 * domain, or another one with its number, has it now.
 */
static bool look_at_group(struct omap_mmu *mmu, unsigned int group,
                          struct snapshot *s)
{
    const struct shadow *shadow;
    bool same;

    spin_lock(&mmu->lock);
    same = mmu->live && mmu->lives == s->owner.life;
    if ( same )
    {
        shadow = &mmu->vmmu->shadow;
        if ( !s->more )
            shadow_for_group(shadow, group, visit_leaf, s);
        if ( !s->bad )
            s->bad = shadow_audit_group(shadow, group);
    }
    spin_unlock(&mmu->lock);

    return same;
}

static void look_at_groups(struct omap_mmu *mmu, struct snapshot *s)
{
    unsigned int group;

    for ( group = 0; group < SHADOW_GROUPS && !s->gone; group++ )
    {
        s->gone = !look_at_group(mmu, group, s);
        process_pending_softirqs();
    }
}

bool omap_mmu_dump_wanted(const struct omap_mmu *mmu, const struct domain *d,
                          struct omap_mmu_owner *owner)
{
    owner->live = mmu->live;
    if ( !mmu->live )
        return !d;

    owner->domain = mmu->d->domain_id;
    owner->life = mmu->lives;

    return !d || mmu->d == d;
}

/* Returns false if d is given and does not have this MMU. */
static bool look(struct omap_mmu *mmu, const struct domain *d,
                 struct snapshot *s)
{
    bool wanted;

    memset(s, 0, sizeof(*s));
    spin_lock(&mmu->lock);
    wanted = omap_mmu_dump_wanted(mmu, d, &s->owner);
    if ( wanted && s->owner.live )
        copy(mmu->vmmu, s);
    spin_unlock(&mmu->lock);
    if ( wanted && s->owner.live )
        look_at_groups(mmu, s);

    return wanted;
}

/* Without it */

static void print_range(const struct range *range)
{
    const struct shadow_leaf *r = &range->first;

    printk("  da %08" PRIx64 " -> ipa %08" PRIx64 " -> maddr %08" PRIx64
           ", size %#" PRIx64 ", pages of %#x%s%s\n",
           r->da.v, r->ipa.v, r->maddr.v, range->size, r->bytes,
           r->held ? "" : ", mmio",
           r->condemned ? ", condemned"
           : r->shown   ? ""
                        : ", hidden");
}

static void print_ranges(const struct snapshot *s)
{
    unsigned int i;

    for ( i = 0; i < s->ranges; i++ )
    {
        print_range(&s->range[i]);
        process_pending_softirqs();
    }
    if ( s->more )
        printk("  ... more than %u ranges\n", MAX_LINES);
    printk("  ranges: %u\n", s->ranges);
}

static void print_registers(const struct snapshot *s)
{
    unsigned int offset;
    const char *name;

    for ( offset = 0; offset < s->window; offset += 4 )
    {
        name = vmmu_register_name(offset);
        if ( !name )
            continue;
        printk("  %12s: %08x  reads %" PRIu64 ", writes %" PRIu64 "\n", name,
               s->reg[offset / 4], s->count.reads[offset / 4],
               s->count.writes[offset / 4]);
        process_pending_softirqs();
    }
}

static void print_counters(const struct snapshot *s)
{
#define FORMAT(name) " " #name "=%" PRIu64
#define SHADOW(name) , s->shadow.name
#define FAULTS(name) , s->count.faults_##name
    printk("  shadow:" SHADOW_COUNTERS(FORMAT) "\n" SHADOW_COUNTERS(SHADOW));
    printk("  faults:" FAULT_COUNTERS(FORMAT) "\n" FAULT_COUNTERS(FAULTS));
#undef FORMAT
#undef SHADOW
#undef FAULTS
    if ( s->denied.why )
        printk("  last denied: da %08" PRIx64 " -> ipa %08" PRIx64 ": %s\n",
               s->denied.da.v, s->denied.ipa.v, denial_text(s->denied.why));
}

static void print_assigned(const struct snapshot *s)
{
    static const char *const states[] = {
        [VMMU_UNTOUCHED] = "waiting for its guest to set it up",
        [VMMU_RUNNING] = "running",
        [VMMU_SERVING] = "serving a fault",
        [VMMU_STALLED] = "stalled by a fault of the guest's",
        [VMMU_RELEASED] = "released",
    };

    printk("  %s, %s%s%s%s\n",
           s->silent ? "stalled without a fault of the guest's"
                     : states[s->state],
           s->parked ? "parked on the empty table" : "live",
           s->around ? ", led around" : "", s->held ? ", no core runs" : "",
           s->filling ? ", filling" : "");
    print_registers(s);
    print_ranges(s);
    print_counters(s);
    if ( s->gone )
        printk(
            "  the MMU was released meanwhile: ranges and audit are incomplete\n");
    printk("  audit: %s\n", s->bad ?: s->gone ? "incomplete" : "ok");
}

void omap_mmu_dump_owner(const struct omap_mmu *mmu,
                         const struct omap_mmu_owner *owner)
{
    printk("omap-mmu: %s: ", dt_node_full_name(mmu->np));
    if ( owner->live )
        printk("d%u\n", owner->domain);
    else
        printk("%s%s%s\n", omap_mmu_rest(mmu),
               mmu->unusable ? ", cannot be used: " : "", mmu->unusable ?: "");
}

static void print(const struct omap_mmu *mmu, const struct snapshot *s)
{
    omap_mmu_dump_owner(mmu, &s->owner);
    if ( s->owner.live )
        print_assigned(s);
}

/* Those of d, or all. */
static void dump(const struct domain *d)
{
    struct snapshot *s = xmalloc(struct snapshot);
    struct omap_mmu *mmu;

    if ( !s )
    {
        printk(XENLOG_WARNING "omap-mmu: no memory for a dump\n");
        return;
    }

    list_for_each_entry(mmu, &omap_mmus, list)
        if ( mmu->kind->dump )
            mmu->kind->dump(mmu, d);
        else if ( look(mmu, d, s) )
            print(mmu, s);
    xfree(s);
}

static void cf_check dump_all(unsigned char key)
{
    dump(NULL);
}

void cf_check omap_mmu_dump_domain(struct domain *d)
{
    dump(d);
}

void __init omap_mmu_dump_init(void)
{
    register_keyhandler('U', dump_all, "dump OMAP MMUs", 1);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
