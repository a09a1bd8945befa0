/* SPDX-License-Identifier: GPL-2.0-only */
#include "fault.h"
#include "hw.h"

void vmmu_unmask(struct vmmu *v)
{
    if ( !__atomic_load_n(&v->interrupted, __ATOMIC_RELAXED) )
        hw_unmask(v->host);
}

void vmmu_release_requester(struct vmmu *v)
{
    v->state = VMMU_RUNNING;
    hw_acknowledge(v->host);
    vmmu_unmask(v);
}

static void show_fault(struct vmmu *v, da_t da, uint32_t irq)
{
    *vmmu_reg(v, MMU_IRQSTATUS) |= irq;
    *vmmu_reg(v, MMU_FAULT_AD) = (uint32_t)da.v;
    if ( v->config.window > MMU_FAULT_STATUS )
    {
        *vmmu_reg(v, MMU_FAULT_PC) =
            v->host->ops->reg_read(v->host, MMU_FAULT_PC);
        *vmmu_reg(v, MMU_FAULT_STATUS) =
            v->host->ops->reg_read(v->host, MMU_FAULT_STATUS);
    }
    v->count.faults_raised++;
    vmmu_update_irq(v);
}

/* The requester waits; irq: what was raised to the guest, or 0. */
static void stall(struct vmmu *v, da_t da, uint32_t irq)
{
    v->state = VMMU_STALLED;
    v->stall = irq;
    v->stall_da = da;
}

/* Raises the fault that the guest's own MMU would raise. */
static void raise_fault(struct vmmu *v, da_t da, uint32_t irq)
{
    bool bus_error = v->config.parts.bus_err_back;

    if ( vmmu_translates(v) )
    {
        show_fault(v, da, irq);
        bus_error &= *vmmu_reg(v, MMU_GP_REG) & GP_REG_BUS_ERR_BACK_EN;
    }
    else
    {
        irq = 0;
        v->count.faults_silent++;
    }

    if ( bus_error )
    {
        v->state = VMMU_RUNNING;
        hw_answer_bus_error(v->host);
        vmmu_unmask(v);
    }
    else
        stall(v, da, irq);
}

/* The flag is set first: code that sees it set does not unmask the line. */
void vmmu_interrupt(struct vmmu *v)
{
    __atomic_store_n(&v->interrupted, true, __ATOMIC_RELAXED);
    hw_mask(v->host);
}

/* The guest's registers and TLB entries that a translation depends on. */
static void copy_source(struct vmmu *v, struct guest_source *source)
{
    uint32_t cntl = *vmmu_reg(v, MMU_CNTL);
    unsigned int i;

    source->translate = vmmu_translates(v);
    source->walk = cntl & CNTL_TWLENABLE;
    source->ttb = *vmmu_reg(v, MMU_TTB);
    source->tlb_valid = 0;
    for ( i = 0; i < v->config.tlb_entries; i++ )
        if ( v->tlb[i].cam & CAM_V )
            source->tlb[source->tlb_valid++] = v->tlb[i];
}

/* Logs why: nothing in the guest's tables explains this fault. */
static void note_denied(struct vmmu *v, da_t da, ipa_t ipa, enum denial why)
{
    v->denied = (struct vmmu_denied){ why, da, ipa };
    if ( !(v->warned_denied & (1u << why)) &&
         v->host->ops->log(v->host, "da %08x -> ipa %08x denied: %s\n",
                           (uint32_t)da.v, (uint32_t)ipa.v, denial_text(why)) )
        v->warned_denied |= 1u << why;
}

/*
 * Fills the slot of da. Returns 0, or the fault that the guest is to see. Also
 * 0 if the guest or its p2m overtook the fill, or the host was not done: the
 * requester retries. MMU's lock held on entry and return.
 */
static uint32_t fill_gap(struct vmmu *v, da_t da)
{
    struct shadow_fill *fill = &v->shadow.fill;
    uint32_t irq, word;

    copy_source(v, shadow_begin(&v->shadow, da));
    vmmu_unlock(v);
    shadow_prepare(&v->shadow);
    vmmu_lock(v);

    word = fill->view.page[fill->page];
    switch ( shadow_commit(&v->shadow) )
    {
    case SHADOW_UNMAPPED:
        irq = view_fault(word);
        if ( irq == IRQ_TABLEWALKFAULT )
            note_denied(v, da, fill->view.unread, DENIED_TABLE);
        return irq;
    case SHADOW_DENIED:
        v->count.faults_denied++;
        note_denied(v, da, view_ipa(word), host_why(fill->got[fill->page]));
        return IRQ_TRANSLATIONFAULT;
    default:
        return 0;
    }
}

/*
 * Fills the gap, or raises the fault. A reset overtakes the fill: a fault
 * latched before a reset is never raised after it. MMU's lock held on entry and
 * return.
 */
static void serve_fault(struct vmmu *v, da_t da)
{
    uint32_t irq;

    v->state = VMMU_SERVING;
    irq = fill_gap(v, da);
    if ( irq )
        raise_fault(v, da, irq);
    else
        vmmu_release_requester(v);
}

/* No core runs: the guest expects no access, so nothing is filled for it. */
static void keep_waiting(struct vmmu *v, da_t da)
{
    v->count.faults_silent++;
    stall(v, da, 0);
}

/*
 * If IRQSTATUS read 0, nothing is acknowledged: a fault that came since was not
 * examined.
 */
static void look_for_fault(struct vmmu *v)
{
    da_t da;
    uint32_t irq = hw_fault(v->host, &da);

    if ( (irq & ~IRQ_EMUMISS) && v->held )
        keep_waiting(v, da);
    else if ( irq & ~IRQ_EMUMISS )
        serve_fault(v, da);
    else if ( irq )
        vmmu_release_requester(v);
    else
        vmmu_unmask(v);
}

/* The line stays masked: the access waits until the guest sets its MMU up. */
static void warn_untouched(struct vmmu *v)
{
    da_t da;

    if ( !hw_fault(v->host, &da) )
        return;

    if ( !v->warned_untouched )
        v->warned_untouched = v->host->ops->log(
            v->host,
            "da %08x accessed before the guest wrote CNTL: it waits; was the "
            "processor reset?\n",
            (uint32_t)da.v);
}

void vmmu_fault(struct vmmu *v)
{
    vmmu_lock(v);
    __atomic_store_n(&v->interrupted, false, __ATOMIC_RELAXED);
    if ( v->state != VMMU_RELEASED && v->shadow.has_condemned )
    {
        shadow_release_condemned(&v->shadow);
        if ( v->shadow.has_condemned )
            v->host->ops->defer(v->host);
    }
    if ( v->state == VMMU_RUNNING )
        look_for_fault(v);
    else if ( v->state == VMMU_UNTOUCHED )
        warn_untouched(v);
    vmmu_unlock(v);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
