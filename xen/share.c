/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Limits the time of a CPU that all MMUs together may use.
 *
 * A tasklet runs before any guest, and firmware can fault for as long as it
 * likes: beyond its share a fault waits, and with it the processor that caused
 * it. All MMUs that are assigned have equal parts of the share, busy or not: if
 * a part grew while other MMUs were idle, the total could exceed the share once
 * they fault again. What an MMU spends is counted in periods of its own. A
 * period lasts for PERIOD at least; it is made longer until the time spent in
 * it is no more than the MMU's part.
 */
#include <xen/param.h>

#include "port.h"

/*
 * `omap-mmu-share=<percent>`: how much of the time of one CPU all MMUs together
 * may take for faults, interrupts and p2m changes, 1 to 100; default 25.
 */
static unsigned int __read_mostly opt_share = 25;
integer_param("omap-mmu-share", opt_share);

/* Protects struct omap_share of all MMUs. No lock is taken under it. */
static DEFINE_SPINLOCK(share_lock);

#define PERIOD MILLISECS(10)

/*
 * Counts the assigned MMUs; one that comes or goes meanwhile may be counted or
 * not.
 */
static unsigned int count_parts(void)
{
    const struct omap_mmu *mmu;
    unsigned int parts = 0;

    list_for_each_entry(mmu, &omap_mmus, list)
        parts += mmu->d != NULL;

    return max(parts, 1U);
}

/*
 * Returns how long a period must be for mmu's time in it to be its part at
 * most.
 */
static s_time_t needed_period(const struct omap_mmu *mmu)
{
    unsigned int percent = min(max(opt_share, 1U), 100U);

    return mmu->share.spent * count_parts() * 100 / percent;
}

void omap_share_start(struct omap_mmu *mmu)
{
    spin_lock(&share_lock);
    mmu->share = (struct omap_share){ .until = 0 };
    spin_unlock(&share_lock);
    mmu->paid = read_atomic(&mmu->interrupts);
}

void omap_share_renew(struct omap_mmu *mmu)
{
    s_time_t now;
    bool over;

    spin_lock(&share_lock);
    now = NOW();
    over = now >= mmu->share.until;
    if ( over )
        mmu->share = (struct omap_share){ .since = now, .until = now + PERIOD };
    spin_unlock(&share_lock);

    if ( over )
        mmu->kind->renew(mmu);
}

s_time_t omap_share_wait(struct omap_mmu *mmu)
{
    s_time_t until = 0;

    spin_lock(&share_lock);
    if ( NOW() < mmu->share.until && needed_period(mmu) > PERIOD )
        until = mmu->share.until;
    spin_unlock(&share_lock);

    return until;
}

void omap_share_charge(struct omap_mmu *mmu, s_time_t time)
{
    spin_lock(&share_lock);
    mmu->share.spent += time;
    mmu->share.until = mmu->share.since + max(PERIOD, needed_period(mmu));
    spin_unlock(&share_lock);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
