/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The core's host operations on Xen. Those for the guest's pages are in
 * pages.c.
 */
#include <xen/mm.h>
#include <xen/sched.h>

#include <asm/vgic.h>

#include "port.h"

const char omap_mmu_silent[] =
    "its registers do not answer as written: no clock, or held in reset (the boot "
    "loader must turn its clock on, and leave it on)";

static void mmu_lock(struct host *host)
{
    spin_lock(&omap_mmu_of(host)->lock);
}

static void mmu_unlock(struct host *host)
{
    spin_unlock(&omap_mmu_of(host)->lock);
}

/*
 * Each guest write to a doorbell gets here: work that waits for the timer is
 * not scheduled meanwhile.
 */
static void defer(struct host *host)
{
    struct omap_mmu *mmu = omap_mmu_of(host);

    if ( !mmu->put_off )
        tasklet_schedule(&mmu->tasklet);
}

static void clean(struct host *host, const void *p, size_t len)
{
    clean_dcache_va_range(p, len);
}

static uint32_t reg_read(struct host *host, unsigned int offset)
{
    return readl(omap_mmu_of(host)->regs + offset);
}

static void reg_write(struct host *host, unsigned int offset, uint32_t value)
{
    writel(value, omap_mmu_of(host)->regs + offset);
}

/*
 * Xen's default vgic ignores a falling line. A line that is still high after
 * the guest touched the registers is injected again; a pending interrupt
 * absorbs that. CONFIG_NEW_VGIC follows the level, and injects until it has
 * fallen.
 *
 * Before the MMU is live its interrupt may not be the domain's, or be another
 * device's.
 */
static void set_irq(struct host *host, bool level)
{
    struct omap_mmu *mmu = omap_mmu_of(host);

    if ( mmu->live )
        vgic_inject_irq(mmu->d, NULL, mmu->irq, level);
}

static bool host_log(struct host *host, const char *fmt, ...)
{
    const struct omap_mmu *mmu = omap_mmu_of(host);
    char text[128];
    va_list args;

    if ( !printk_ratelimit() )
        return false;

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    printk(XENLOG_G_WARNING "omap-mmu: %s: %pd: %s", dt_node_full_name(mmu->np),
           mmu->d, text);

    return true;
}

const struct host_ops omap_host_ops = {
    .lock = mmu_lock,
    .unlock = mmu_unlock,
    .read_guest = omap_pages_read,
    .get_pages = omap_pages_get,
    .get_block = omap_pages_get_block,
    .put_pages = omap_pages_put,
    .clean = clean,
    .reg_read = reg_read,
    .reg_write = reg_write,
    .set_irq = set_irq,
    .defer = defer,
    .log = host_log,
};

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
