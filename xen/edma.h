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

/*
 * Most status reads of an omap_edma_end(), in each of its two attempts. TI's own
 * code has no bound.
 */
#define OMAP_EDMA_POLLS 500u

/* False: no memory for the sink. At boot; regs: OMAP_DSP_BYTES. */
bool omap_edma_init(struct omap_edma *edma, void __iomem *regs);

/* No event starts a transfer any more. The DSP has a clock. */
void omap_edma_disable(const struct omap_edma *edma);

/*
 * Ends all transfers. Disables events, and clears all parameter sets, so that no
 * end of a transfer starts another (chaining). What does not end by itself, since
 * mmu stalls it, is let into the sink; mmu then walks again what it walked before.
 * Returns false if a transfer still goes on. At most 2 * OMAP_EDMA_POLLS status
 * reads, and 1,600 writes. The core is in reset, and the DSP has a clock. Takes
 * mmu's lock.
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
