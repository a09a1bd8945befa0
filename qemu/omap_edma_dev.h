/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The devices omap-edma and omap-edma-tc, as the DSP sees them. */
#ifndef OMAP_EDMA_DEV_H
#define OMAP_EDMA_DEV_H

#include "device.h"
#include "edma.h"

extern const struct device_kind omap_edma_kind;
extern const struct device_kind omap_edma_tc_kind;

/*
 * For check(): the omap-edma that a processor's property edma names by id. busy(ctx),
 * begin(ctx) and stop(ctx) are those of struct edma_config. Does not return if another processor is
 * there.
 */
struct edma *omap_edma_attach(const struct device *processor, const char *id,
                              uint32_t (*busy)(void *ctx),
                              void (*begin)(void *ctx), void (*stop)(void *ctx),
                              void *ctx);

#endif /* OMAP_EDMA_DEV_H */
