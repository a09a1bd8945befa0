/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device omap-prcm, as its pages and units see it. */
#ifndef OMAP_PRCM_DEV_H
#define OMAP_PRCM_DEV_H

#include "device.h"
#include "prcm.h"

extern const struct device_kind omap_prcm_kind;

/* A unit, and what is called when it changes. */
struct omap_prcm_unit {
    const struct device *device;
    struct prcm_unit_config config;
    uint32_t delay[PRCM_DELAYS];
    void (*core)(void *ctx, unsigned int core, bool runs, uint32_t boot);
    void (*lost)(void *ctx);
    uint32_t (*edma)(void *ctx);
    void *ctx;
};

/*
 * For check(): give the omap-prcm that a property prcm names by id a page, or a unit,
 * whose number is returned. What is wrong with them is found at its start().
 */
struct prcm *omap_prcm_add_page(const struct device *page, const char *id,
                                uint32_t fill);
struct prcm *omap_prcm_add_unit(const struct omap_prcm_unit *unit,
                                const char *id, unsigned int *number);

#endif /* OMAP_PRCM_DEV_H */
