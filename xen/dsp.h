/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * DSP_SYSTEM of a DSP of DRA7's, which has two MMUs: the core's and the EDMA's.
 * Its register MMU_CONFIG leads each around its MMU, or through it. In the
 * hardware both go through theirs, always, from before a core runs; the guest
 * has a page of its own, in which it may say otherwise (vmmu_route()).
 *
 * All functions: the processor's lock held, or at boot; omap_dsp_why_not(),
 * omap_dsp_open(): dtdevs_lock.
 */
#ifndef OMAP_DSP_H
#define OMAP_DSP_H

#include <xen/sched.h>
#include <xen/spinlock.h>

#include "edma.h"

struct omap_mmu;

#define OMAP_DSP_MMUS 2
#define OMAP_DSP_EDMA 1 /* which of them is the EDMA's */

/*
 * From DSP_SYSTEM on: that, the MMUs, firewalls, the EDMA with its list of
 * transfers. No domain may map any of it. Source: TI's hw_dsp_system.h; Linux
 * 6.12, drivers/dma/ti/edma.c, for the list.
 */
#define OMAP_DSP_BYTES 0x18000

struct omap_dsp {
    const struct dt_device_node *np; /* of DSP_SYSTEM */
    spinlock_t *lock;                /* the processor's */
    paddr_t base;
    void __iomem *regs;                  /* OMAP_DSP_BYTES */
    struct omap_edma edma;               /* behind mmu[OMAP_DSP_EDMA] */
    struct omap_mmu *mmu[OMAP_DSP_MMUS]; /* by their bits of MMU_CONFIG */
    struct domain *d;                    /* whose it is, or NULL */
    uint32_t config;                     /* MMU_CONFIG, as d sees it */
};

/*
 * The MMU's part of a DSP, by its node's ti,syscon-mmuconfig; *dsp is made for
 * the first of them, and stays NULL if that is wrong. NULL, or what is wrong. At
 * boot.
 */
const char *omap_dsp_probe(struct omap_dsp **dsp, spinlock_t *lock,
                           struct omap_mmu *mmu);

/*
 * NULL, or why d cannot have it: a domain whose accesses to its page would not
 * trap, or a DSP one of whose MMUs was not found.
 */
const char *omap_dsp_why_not(const struct omap_dsp *dsp, struct domain *d);

/*
 * d's page, which reads as zero until d has the DSP. Only if omap_windows_fit()
 * and not omap_dsp_why_not().
 */
void omap_dsp_open(struct omap_dsp *dsp, struct domain *d);

/* d: has it from now on, as after a reset; NULL: nobody has. */
void omap_dsp_give(struct omap_dsp *dsp, struct domain *d);

/* Both go through their MMUs: written, and read back. The DSP has a clock. */
bool omap_dsp_route(const struct omap_dsp *dsp);

/* The guest's reset of the MMUs resets its DSP_SYSTEM too. */
void omap_dsp_reset(struct omap_dsp *dsp);

#endif /* OMAP_DSP_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
