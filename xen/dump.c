/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Debug key 'U': what each MMU is doing. Key 'o' does it for one domain's.
 *
 * Format: a line for each MMU, its registers as the guest sees them, the live
 * ranges as `da -> ipa -> maddr, size`, and counters. Ranges that rise together
 * are one line; "hidden" ones must be verified before hardware sees them again.
 */
#include <xen/keyhandler.h>

#include "port.h"

/* The console is slow, and the MMU's lock is held: a guest must not be able to
 * make this long. */
#define MAX_LINES 64

struct ranges {
    struct shadow_leaf open; /* range not printed yet; bytes 0: none */
    uint32_t leaf_bytes;     /* of its leaves */
    unsigned int lines;
};

static void print_range(struct ranges *ranges)
{
    const struct shadow_leaf *r = &ranges->open;

    if ( !r->bytes || ranges->lines++ >= MAX_LINES )
        return;

    printk("  da %08" PRIx64 " -> ipa %08" PRIx64 " -> maddr %08" PRIx64
           ", size %#x, pages of %#x%s%s\n",
           r->da.v, r->ipa.v, r->maddr.v, r->bytes, ranges->leaf_bytes,
           r->counted ? "" : ", mmio",
           r->dead    ? ", dead"
           : r->shown ? ""
                      : ", hidden");
}

static bool extends(const struct ranges *ranges, const struct shadow_leaf *leaf)
{
    const struct shadow_leaf *r = &ranges->open;

    return r->bytes && ranges->leaf_bytes == leaf->bytes &&
           r->da.v + r->bytes == leaf->da.v &&
           r->ipa.v + r->bytes == leaf->ipa.v &&
           r->maddr.v + r->bytes == leaf->maddr.v &&
           r->counted == leaf->counted && r->shown == leaf->shown &&
           r->dead == leaf->dead;
}

static bool visit_leaf(void *arg, const struct shadow_leaf *leaf)
{
    struct ranges *ranges = arg;

    if ( extends(ranges, leaf) )
    {
        ranges->open.bytes += leaf->bytes;
        return true;
    }

    print_range(ranges);
    ranges->open = *leaf;
    ranges->leaf_bytes = leaf->bytes;

    return ranges->lines <= MAX_LINES;
}

static void dump_registers(const struct vmmu *v)
{
    unsigned int offset;

    for ( offset = 0; offset < v->config.window; offset += 4 )
        if ( vmmu_register_name(offset) )
            printk("  %12s: %08x  reads %" PRIu64 ", writes %" PRIu64 "\n",
                   vmmu_register_name(offset), vmmu_peek(v, offset),
                   v->count.reads[offset / 4], v->count.writes[offset / 4]);
}

static void dump_counters(const struct vmmu *v)
{
    const struct shadow_counters *s = &v->shadow.count;

    printk("  fills %" PRIu64 ", kept %" PRIu64 ", retries %" PRIu64
           ", drops %" PRIu64 ", evictions %" PRIu64 ", parks %" PRIu64 "\n",
           s->fills, s->kept, s->retries, s->drops, s->evictions, s->parks);
    printk("  faults raised %" PRIu64 ", denied %" PRIu64 ", silent %" PRIu64
           "; stretches denied %" PRIu64 "\n",
           v->count.faults_raised, v->count.faults_denied,
           v->count.faults_silent, s->denied);
}

static void dump_assigned(const struct vmmu *v)
{
    static const char *const states[] = {
        [VMMU_RUNNING] = "running",
        [VMMU_SERVING] = "serving a fault",
        [VMMU_STALLED] = "stalled by a fault of the guest's",
        [VMMU_RELEASED] = "released",
    };
    struct ranges ranges = { .lines = 0 };
    const char *bad = vmmu_audit(v);

    printk("  %s, %s%s\n", states[v->state],
           v->shadow.parked ? "parked on the empty table" : "live",
           v->shadow.filling ? ", filling" : "");
    dump_registers(v);
    shadow_for_each(&v->shadow, visit_leaf, &ranges);
    print_range(&ranges);
    if ( ranges.lines > MAX_LINES )
        printk("  ... more than %u ranges\n", MAX_LINES);
    dump_counters(v);

    /* A fill under way has a table that is in no slot. */
    printk("  audit: %s\n", v->shadow.filling ? "not during a fill"
                            : bad             ? bad
                                              : "ok");
}

static void dump_mmu(struct omap_mmu *mmu)
{
    spin_lock(&mmu->lock);
    printk("omap-mmu: %s: ", dt_node_full_name(mmu->np));
    if ( mmu->live )
    {
        printk("%pd\n", mmu->d);
        dump_assigned(mmu->vmmu);
    }
    else
        printk("in quarantine%s%s\n", mmu->unusable ? ", cannot be used: " : "",
               mmu->unusable ?: "");
    spin_unlock(&mmu->lock);
}

static void cf_check dump_all(unsigned char key)
{
    struct omap_mmu *mmu;

    list_for_each_entry(mmu, &omap_mmus, list)
        dump_mmu(mmu);
}

void cf_check omap_mmu_dump_domain(struct domain *d)
{
    struct omap_mmu *mmu;

    for ( mmu = *omap_mmus_of(d); mmu; mmu = mmu->next )
        dump_mmu(mmu);
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
