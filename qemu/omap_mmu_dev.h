/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device omap-mmu, as the processor behind it sees it. */
#ifndef OMAP_MMU_DEV_H
#define OMAP_MMU_DEV_H

#include "device.h"
#include "mmu.h"

extern const struct device_kind omap_mmu_kind;

/*
 * For check(): put a processor behind the MMU that a property of it, mmu as a rule,
 * names by id. resume(ctx) and retranslate(ctx), which may be NULL, will be called as
 * those of struct mmu_config. Does not return if another one is there.
 */
struct mmu *omap_mmu_attach(const struct device *processor,
                            const char *property, const char *id,
                            void (*resume)(void *ctx),
                            void (*retranslate)(void *ctx), void *ctx);

#endif /* OMAP_MMU_DEV_H */
