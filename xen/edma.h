/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The EDMA of a DRA7 DSP. It moves data through an MMU of its own, and goes on
 * while its core is in reset: so whoever resets its MMU, or gives the DSP to
 * another domain, ends its transfers before.
 */
#ifndef OMAP_EDMA_H
#define OMAP_EDMA_H

#include <xen/types.h>

#include "host.h"

struct omap_mmu;

struct omap_edma {
    void __iomem *regs; /* from DSP_SYSTEM to the parameter sets' end */
    void *sink;         /* all memory that is reached through sink_root */
    maddr_t sink_root;  /* a table by which each address leads there */
};

/* Most status reads of an omap_edma_end(). TI's own code has no bound. */
#define OMAP_EDMA_POLLS 1000u

/* False: no memory for the sink. At boot; regs: OMAP_DSP_BYTES. */
bool omap_edma_init(struct omap_edma *edma, void __iomem *regs);

/*
 * Ends all transfers. Disables events, and clears all parameter sets, so that no
 * end of a transfer starts another (chaining). What is under way ends in the sink:
 * on a board without Xen the reset of mmu, which Xen does not do for a guest, ends
 * it. mmu is in quarantine then, with its interrupt off: vmmu_start() arms it.
 * Returns false if a transfer still goes on. At most OMAP_EDMA_POLLS status reads,
 * and three writes for each parameter set, of which there are 512 at most. The core
 * is in reset, its MMUs are held (vmmu_hold()) or nobody's, and the DSP has a clock.
 * Takes mmu's lock.
 */
bool omap_edma_end(const struct omap_edma *edma, struct omap_mmu *mmu);

#endif /* OMAP_EDMA_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
