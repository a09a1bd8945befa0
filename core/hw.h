/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Drives the physical MMU.
 *
 * One rule stands over all of it: from quarantine on, the MMU is enabled and
 * walks a table that the host wrote. MMUENABLE is never cleared and SOFTRESET
 * never set, since both would let device addresses out untranslated.
 *
 * All functions but hw_mask(): the MMU's lock held, or the MMU not yet shared.
 */
#ifndef OMAP_HW_H
#define OMAP_HW_H

#include "host.h"

/* In what instances of the MMU differ. */
struct hw_parts {
    bool bus_err_back; /* it has GP_REG.BUS_ERR_BACK_EN: an IPU's */
    /*
     * It has BYPASS_REGIONs, and DSP_SYSTEM can lead its requester around it: of
     * DRA7's DSPs. The latter is for who has that register.
     */
    bool bypassable;
};

/*
 * Takes over the MMU in whatever state it is: empties its TLB, preserved
 * entries included, and lets it walk root (machine address of an empty
 * first-level table, below 4 GiB) in stall mode. Interrupts off; a requester
 * that was stalled retries and stalls again, which hw_fault() shows once it has
 * done so.
 */
void hw_quarantine(struct host *host, maddr_t root, struct hw_parts parts);

/*
 * Do the registers hold what hw_quarantine() or hw_arm() wrote? They do not if
 * the module has no clock or is held in reset: the bus answers for it.
 */
bool hw_walks(struct host *host, maddr_t root, struct hw_parts parts);

/*
 * (Re)writes all that makes the MMU translate through root in stall mode. Also
 * right after the MMU lost its registers (power, reset). Interrupt: as it is.
 */
void hw_arm(struct host *host, maddr_t root, struct hw_parts parts);

/* Lets the walker use root from now on; flushes what the old root gave. */
void hw_set_root(struct host *host, maddr_t root);

/*
 * After it no access is translated by what was read from memory before.
 * Accesses that were translated before it may still be on their way: the
 * hardware has no sign of their completion.
 */
void hw_flush(struct host *host);

/* Silences the interrupt line. Interrupt context, no lock needed. */
void hw_mask(struct host *host);

/* Lets it through again. */
void hw_unmask(struct host *host);

/* The pending fault: its IRQSTATUS bits, or 0. */
uint32_t hw_fault(struct host *host, da_t *da);

/* Releases the stalled requester, which retries. Interrupt: as it is. */
void hw_acknowledge(struct host *host);

/*
 * IPU instances: lets the stalled requester retry in the mode in which a fault
 * is answered by a bus error, waits for that (some register reads at most), and
 * goes back to stall mode. Interrupt: as it is. TI documents the mode [T]; that
 * it may be switched during a stall was not verified on silicon. A requester
 * slower than the wait stalls again.
 */
void hw_answer_bus_error(struct host *host);

#endif /* OMAP_HW_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
