/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The physical MMU's fault, from its interrupt to its answer: it is filled
 * without the guest's notice, raised to the guest, or waits. fault.c has
 * vmmu_interrupt() and vmmu_fault() of vmmu.h. This header has what vmmu.c needs
 * for the guest's registers. MMU's lock held.
 *
 *   state       a fault of the hardware      it ends by
 *   UNTOUCHED   waits                        the guest's first write to CNTL,
 *                                            or the first start of a core
 *   RUNNING     none, or not yet examined    vmmu_fault()
 *   SERVING     being served, at times       its answer, or a reset
 *               without the lock
 *   STALLED     raised to the guest, or      the guest's acknowledge, whatever
 *               silent: its MMU is off, or   may make the access possible, the
 *               no core runs                 reset of a core, or a start
 *   RELEASED    ignored                      the next assignment
 */
#ifndef OMAP_FAULT_H
#define OMAP_FAULT_H

#include "vmmu.h"

static inline void vmmu_lock(struct vmmu *v)
{
    v->host->ops->lock(v->host);
}

static inline void vmmu_unlock(struct vmmu *v)
{
    v->host->ops->unlock(v->host);
}

/* A register as the guest sees it. */
static inline uint32_t *vmmu_reg(struct vmmu *v, enum omap_mmu_offset offset)
{
    return &v->reg[offset / 4];
}

/* Does the guest's MMU translate? If not, device addresses are IPAs. */
static inline bool vmmu_translates(struct vmmu *v)
{
    return !v->around && (*vmmu_reg(v, MMU_CNTL) & CNTL_MMUENABLE);
}

/* Sets the guest's line from its IRQSTATUS and IRQENABLE. */
static inline void vmmu_update_irq(struct vmmu *v)
{
    bool level = *vmmu_reg(v, MMU_IRQSTATUS) & *vmmu_reg(v, MMU_IRQENABLE);

    v->host->ops->set_irq(v->host, level);
}

/*
 * Unmasks the hardware's line, unless a fault waits for its turn: else each
 * access of the guest's would cause an interrupt whose time no vCPU is charged
 * for.
 */
void vmmu_unmask(struct vmmu *v);

/* Lets the stalled requester retry. */
void vmmu_release_requester(struct vmmu *v);

/*
 * The same for a stall that the guest cannot acknowledge: no fault was raised,
 * since its MMU was off or no core ran. Called wherever the access may have
 * become possible; while no core runs it has not.
 */
static inline void vmmu_release_silent(struct vmmu *v)
{
    if ( v->state == VMMU_STALLED && !v->stall && !v->held )
        vmmu_release_requester(v);
}

#endif /* OMAP_FAULT_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
