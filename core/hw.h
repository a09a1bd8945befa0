/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Drives the physical MMU.
 *
 * Invariant: from quarantine on, the MMU is enabled and walks a table that the
 * host wrote. MMUENABLE is never cleared and SOFTRESET never set, since both
 * would let device addresses out untranslated.
 *
 * All functions but hw_mask(): MMU's lock held, or the MMU is not yet shared.
 */
#ifndef OMAP_HW_H
#define OMAP_HW_H

#include "host.h"

/* What instances of the MMU differ in. */
struct hw_parts {
    bool bus_err_back; /* has GP_REG.BUS_ERR_BACK_EN: IPUs */
    /*
     * Has BYPASS_REGIONs, and DSP_SYSTEM can route its requester around it:
     * DRA7's DSPs. Whoever owns DSP_SYSTEM handles the latter.
     */
    bool bypassable;
};

/*
 * Takes over the MMU in any state: empties its TLB, preserved entries included,
 * and lets it walk root (machine address of an empty first-level table, below 4
 * GiB) in stall mode. Interrupts are off afterwards. A stalled requester
 * retries and stalls again; then hw_fault() returns it.
 */
void hw_quarantine(struct host *host, maddr_t root, struct hw_parts parts);

/*
 * Returns whether the registers hold what hw_quarantine() or hw_arm() wrote.
 * They do not if the module has no clock or is held in reset: the bus answers
 * for it.
 */
bool hw_walks(struct host *host, maddr_t root, struct hw_parts parts);

/*
 * Writes all registers that make the MMU translate through root in stall mode.
 * Also used after the MMU lost them (power, reset). Interrupt: unchanged.
 */
void hw_arm(struct host *host, maddr_t root, struct hw_parts parts);

/* Makes the walker use root, and flushes what it loaded from the old one. */
void hw_set_root(struct host *host, maddr_t root);

/*
 * After it, no new access is translated by what was in memory before. Accesses
 * translated earlier may still be on their way: the hardware does not show
 * their completion.
 */
void hw_flush(struct host *host);

/* Masks the interrupt line. Interrupt context, no lock needed. */
void hw_mask(struct host *host);

/* Unmasks it. */
void hw_unmask(struct host *host);

/* The pending fault: its IRQSTATUS bits, or 0. */
uint32_t hw_fault(struct host *host, da_t *da);

/* Releases the stalled requester, which retries. Interrupt: unchanged. */
void hw_acknowledge(struct host *host);

/*
 * IPU instances: answers the stalled requester by a bus error. It retries in
 * the mode in which a fault is a bus error; this waits for that (a bounded
 * number of register reads) and returns to stall mode. Interrupt: unchanged. TI
 * documents the mode [T]; switching it during a stall was not verified on
 * silicon. A requester slower than the wait stalls again.
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
