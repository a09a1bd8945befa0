/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device omap-mmu, as the processor behind it sees it. */
#ifndef OMAP_MMU_DEV_H
#define OMAP_MMU_DEV_H

#include "device.h"
#include "mmu.h"

struct omap_mmu_dev;

extern const struct device_kind omap_mmu_kind;

/* The MMU of an id, or NULL. */
struct omap_mmu_dev *omap_mmu_find(const char *id);

/*
 * Put a processor behind an MMU: resume(ctx) will be called as that of struct
 * mmu_config. NULL: another one is there.
 */
struct mmu *omap_mmu_attach(struct omap_mmu_dev *d, void (*resume)(void *ctx),
                            void *ctx);

#endif /* OMAP_MMU_DEV_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
