/* SPDX-License-Identifier: GPL-2.0-only */
/* The guest's register accesses and the hardware's interrupt. */
#include <xen/irq.h>
#include <xen/param.h>

#include <asm/gic.h>
#include <asm/mmio.h>
#include <asm/vgic.h>

#include "compat.h"
#include "port.h"
#include "window.h"

/* Where the domain sees the registers. dom0's device tree is the host's. */
static paddr_t base_in(const struct omap_mmu *mmu, const struct domain *d)
{
    return is_hardware_domain(d) ? mmu->base : mmu->guest_base;
}

/*
 * Always handled: what is not a register reads as zero and ignores writes. After
 * the release the whole MMU does, since traps stay registered.
 */
static int trap_read(struct vcpu *v, mmio_info_t *info, register_t *r,
                     void *priv)
{
    struct omap_mmu *mmu = priv;

    if ( mmu->d != v->domain )
        return 1;

    *r = vmmu_read(mmu->vmmu, info->gpa - base_in(mmu, v->domain),
                   1u << info->dabt.size);

    return 1;
}

static int trap_write(struct vcpu *v, mmio_info_t *info, register_t r,
                      void *priv)
{
    struct omap_mmu *mmu = priv;

    if ( mmu->d == v->domain )
        vmmu_write(mmu->vmmu, info->gpa - base_in(mmu, v->domain),
                   1u << info->dabt.size, r);

    return 1;
}

static const struct mmio_handler_ops trap_ops = {
    .read = trap_read,
    .write = trap_write,
};

/*
 * The cost of an interrupt besides the tasklet that serves it: entry, exit, and
 * the switch to the idle vCPU and back. Deduced, not measured on a board. A
 * guest causes share / INTERRUPT_COST interrupts at most: 50,000 a second by
 * default.
 */
#define INTERRUPT_COST MICROSECS(5)

/* The p2m lock is not for interrupt context: mask the line, and defer. */
static void cf_check interrupt(int irq, void *dev COMPAT_IRQ_REGS)
{
    struct omap_mmu *mmu = dev;

    write_atomic(&mmu->interrupts, mmu->interrupts + 1);
    vmmu_interrupt(mmu->vmmu);
    tasklet_schedule(&mmu->tasklet);
}

/* A run of the tasklet without an interrupt costs as much as one with it. */
static void pay_interrupts(struct omap_mmu *mmu)
{
    unsigned int interrupts = read_atomic(&mmu->interrupts);

    omap_share_charge(mmu, max(interrupts - mmu->paid, 1U) * INTERRUPT_COST);
    mmu->paid = interrupts;
}

/* A run is charged even if it finds nothing to do, or is put off. */
static void cf_check serve_fault(void *data)
{
    struct omap_mmu *mmu = data;
    s_time_t now = NOW(), until;

    omap_share_renew(mmu);
    pay_interrupts(mmu);
    until = omap_share_wait(mmu);
    if ( until )
    {
        set_timer(&mmu->timer, until);
        return;
    }

    omap_pages_new_fault(mmu);
    vmmu_fault(mmu->vmmu);
    omap_share_charge(mmu, NOW() - now);
}

/* The MMU's share is renewed. */
static void cf_check period_over(void *data)
{
    struct omap_mmu *mmu = data;

    tasklet_schedule(&mmu->tasklet);
}

/*
 * Returns why the traps would not work, or NULL. What the domain gets later is
 * not checked here: pages.c keeps its processors from all registers, but not
 * its vCPUs.
 */
static const char *why_not(const struct omap_mmu *mmu, struct domain *d)
{
    paddr_t base = base_in(mmu, d);

    if ( d->creation_finished )
        return "the domain runs already (assign the device before it first does)";
    if ( !omap_window_fits(d, base, mmu) )
        return "the domain has no trap handler left (give it fewer devices, or "
               "raise MAX_IO_HANDLER in Xen's source)";
    if ( mmu->irq >= vgic_num_irqs(d) )
        return "its interrupt is beyond the domain's (raise nr_spis; where xl has "
               "none, list a spare SPI of a higher number in irqs=)";
    if ( omap_pages_have_registers(d) )
        return "the domain was given the page of an MMU's registers, this one's or "
               "another's, or of a DSP's EDMA (take it out of xen,reg, or of iomem=)";
    if ( omap_window_is_others(d, base, mmu) )
        return "in the domain, a device of Xen's or another MMU is where the MMU's "
               "registers are (give each MMU its own xen,guest-address; an MMU that the "
               "domain was refused counts, until the domain is destroyed)";
    if ( omap_window_is_mapped(d, base) )
        return "the domain has memory or a device where the MMU's registers "
               "are, so that its accesses would not trap (move them by "
               "xen,guest-address in the host's node, or give it less memory, "
               "or do not map that page)";

    return NULL;
}

void omap_mmu_trap(struct omap_mmu *mmu, struct domain *d)
{
    paddr_t base = base_in(mmu, d);

    if ( mmu->regs && !omap_window_is_others(d, base, mmu) &&
         omap_window_fits(d, base, mmu) )
        omap_window_open(d, base, &trap_ops, mmu);
}

int omap_mmu_connect(struct omap_mmu *mmu, struct domain *d)
{
    paddr_t base = base_in(mmu, d);
    const char *reason = why_not(mmu, d);
    int rc;

    if ( !reason && !vgic_reserve_virq(d, mmu->irq) )
        reason =
            "its interrupt is routed to the domain as another device's (take it out "
            "of irqs=, or out of that device's node)";
    if ( reason )
    {
        omap_mmu_refused(mmu->np, d, "%s", reason);
        return -EINVAL;
    }

    tasklet_init(&mmu->tasklet, serve_fault, mmu);
    init_timer(&mmu->timer, period_over, mmu, smp_processor_id());
    omap_share_start(mmu);
    rc = request_irq(mmu->irq, 0, interrupt, "omap-mmu", mmu);
    if ( rc )
    {
        kill_timer(&mmu->timer);
        tasklet_kill(&mmu->tasklet);
        vgic_free_virq(d, mmu->irq);
        omap_mmu_refused(
            mmu->np, d,
            "its interrupt %d is in use: error %d (do not list it in "
            "irqs=, of any domain)",
            mmu->irq, rc);
        return rc;
    }

    /* Last, since it cannot be undone. */
    omap_window_open(d, base, &trap_ops, mmu);

    return 0;
}

void omap_mmu_disconnect(struct omap_mmu *mmu)
{
    release_irq(mmu->irq, mmu);
    kill_timer(&mmu->timer);
    tasklet_kill(&mmu->tasklet);
    vgic_free_virq(mmu->d, mmu->irq);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
