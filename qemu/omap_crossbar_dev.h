/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device omap-crossbar, as devices and the control module's page see it. */
#ifndef OMAP_CROSSBAR_DEV_H
#define OMAP_CROSSBAR_DEV_H

#include "crossbar.h"
#include "device.h"

extern const struct device_kind omap_crossbar_kind;

struct omap_crossbar_dev;

/*
 * For check(): the source, the value of d's property irq, of the omap-crossbar that its
 * property xbar names by id is d's alone. Does not return if it cannot be.
 */
struct omap_crossbar_dev *omap_crossbar_claim(const struct device *d,
                                              const char *id, uint64_t source);

/* Its line is now so. */
void omap_crossbar_set(struct omap_crossbar_dev *d, unsigned int source,
                       bool level);

/*
 * For check(): the registers of the omap-crossbar that a page's property xbar names by id
 * are in that page, at CROSSBAR_PAGE_OFFSET.
 */
struct crossbar *omap_crossbar_attach(const struct device *page,
                                      const char *id);

#endif /* OMAP_CROSSBAR_DEV_H */
