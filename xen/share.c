/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How much of a CPU the MMUs may take, all of them together.
 *
 * A tasklet runs before any guest, and firmware can fault for as long as it likes:
 * beyond its share a fault waits, and with it the processor that caused it. What an
 * MMU spends is counted in periods of its own. A period lasts for PERIOD, or until
 * what was spent in it is no more than the share. MMUs that are busy at the same time
 * have equal parts of the share, so that none can take another's.
 */
#include <xen/param.h>

#include "port.h"

/*
 * `omap-mmu-share=<percent>`: how much of the time of one CPU all MMUs together may
 * take for faults, interrupts and p2m changes, 1 to 100; default 25.
 */
static unsigned int __read_mostly opt_share = 25;
integer_param("omap-mmu-share", opt_share);

/* Protects struct omap_share of all MMUs. No lock is taken under it. */
static DEFINE_SPINLOCK(share_lock);

#define PERIOD MILLISECS(10)

/* mmu, and the others whose periods are not over. */
static unsigned int count_busy(const struct omap_mmu *mmu, s_time_t now)
{
    const struct omap_mmu *other;
    unsigned int busy = 1;

    list_for_each_entry(other, &omap_mmus, list)
        if ( other != mmu && now < other->share.until )
            busy++;

    return busy;
}

/* How long a period must be for what mmu spent in it to be no more than its part. */
static s_time_t needed_period(const struct omap_mmu *mmu, s_time_t now)
{
    unsigned int percent = min(max(opt_share, 1U), 100U);

    return mmu->share.spent * count_busy(mmu, now) * 100 / percent;
}

void omap_share_start(struct omap_mmu *mmu)
{
    spin_lock(&share_lock);
    mmu->share = (struct omap_share){ .until = 0 };
    spin_unlock(&share_lock);
}

bool omap_share_renew(struct omap_mmu *mmu)
{
    s_time_t now = NOW();
    bool over;

    spin_lock(&share_lock);
    over = now >= mmu->share.until;
    if ( over )
    {
        mmu->share.since = now;
        mmu->share.spent = 0;
    }
    spin_unlock(&share_lock);

    return over;
}

s_time_t omap_share_wait(struct omap_mmu *mmu)
{
    s_time_t now = NOW(), until = 0;

    spin_lock(&share_lock);
    if ( now < mmu->share.until && needed_period(mmu, now) > PERIOD )
        until = mmu->share.until;
    spin_unlock(&share_lock);

    return until;
}

void omap_share_charge(struct omap_mmu *mmu, s_time_t time)
{
    s_time_t now = NOW();

    spin_lock(&share_lock);
    mmu->share.spent += time;
    mmu->share.until = mmu->share.since + max(PERIOD, needed_period(mmu, now));
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
