/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words of a remote processor in the host's PRM, CM and SCM, found in the
 * host's device tree as TI writes it.
 *
 * The words hold bits of others, too, whom nothing here keeps from them: each
 * change reads and writes the word under one lock of this file's, and leaves
 * other bits as it found them. A dom0 that changes the same word at the same
 * moment may lose its change or undo this one (docs/boards.md).
 */
#ifndef OMAP_PRCM_H
#define OMAP_PRCM_H

#include <xen/device_tree.h>

#include "power.h"

/* The most cores; `resets` names theirs. */
#define OMAP_PRCM_CORES 2

struct omap_prcm {
    struct power power;
    volatile void __iomem *word[POWER_WORDS]; /* NULL: it has none */
    uint32_t core[OMAP_PRCM_CORES]; /* bits in RSTCTRL, as `resets` has them */
    unsigned int cores;
    volatile void __iomem *boot;      /* the boot register, or NULL */
    volatile void __iomem *emulation; /* CM_EMU_CLKSTCTRL, or NULL */
    bool awake;                       /* kept awake by this processor */
    uint32_t boot_bits;               /* its bits that are the processor's */
    /* Addresses of words; 0: it has none. */
    paddr_t at[POWER_WORDS], boot_at, emulation_at;
};

/*
 * prcm_tree.c. Returns whether its `resets` names a reset controller of TI's
 * PRM, or cannot be read. At boot only.
 */
bool omap_prcm_resets(const struct dt_device_node *processor);

/*
 * prcm_tree.c, for omap_prcm_init(): reads the host's tree into a prcm that is
 * all zero. Maps no word. Returns NULL, or what is wrong.
 */
const char *omap_prcm_read_tree(struct omap_prcm *prcm,
                                const struct dt_device_node *processor,
                                const struct dt_device_node *mmu);

/*
 * Reads the host's tree for a processor with such resets and the MMU that it is
 * behind, and maps its words, all or none of them. Accesses no word;
 * power_off() must come next. Returns NULL, or what is wrong with the tree, and
 * what to do. Refuses bits that the processor of an already probed MMU has. At
 * boot only.
 */
const char *omap_prcm_init(struct omap_prcm *prcm,
                           const struct dt_device_node *processor,
                           const struct dt_device_node *mmu);

/*
 * The boot register's bits of this processor; 0 and no effect if it has none.
 * Any value is safe: it is a device address.
 */
uint32_t omap_prcm_read_boot(const struct omap_prcm *prcm);
void omap_prcm_write_boot(const struct omap_prcm *prcm, uint32_t value);

/*
 * A DSP of DRA7's goes to standby only while the emulation clock toggles (TI's
 * erratum i879; Linux, commit 2f14101a1d76): it is kept awake as long as the
 * DSP is on, and while it is put off. No effect for other processors. The DSPs
 * share the clock: it is on while any of them needs it, and then as it was
 * before; a repeated call has no effect.
 */
void omap_prcm_keep_awake(struct omap_prcm *prcm, bool awake);

#endif /* OMAP_PRCM_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
