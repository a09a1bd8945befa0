/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device omap-prcm-unit, as the MMUs and the processor see it that it switches. */
#ifndef OMAP_PRCM_UNIT_DEV_H
#define OMAP_PRCM_UNIT_DEV_H

#include "device.h"
#include "prcm.h"

extern const struct device_kind omap_prcm_unit_kind;

struct omap_prcm_unit_dev;

/*
 * For check(): let the MMU of a port be switched by the unit that its property unit
 * names by id. lost(ctx) will be called when its registers are as after a reset. Does
 * not return if that port has one.
 */
struct omap_prcm_unit_dev *omap_prcm_unit_attach_mmu(const struct device *mmu,
                                                     const char *id,
                                                     uint64_t port,
                                                     void (*lost)(void *ctx),
                                                     void *ctx);

/* A register of that MMU is accessed. False: bus error. */
bool omap_prcm_unit_read(const struct omap_prcm_unit_dev *d, uint32_t offset);
bool omap_prcm_unit_write(const struct omap_prcm_unit_dev *d, unsigned int port,
                          uint32_t offset, unsigned int size, uint32_t value);

/*
 * For check(): the same for a part of the processor that is no MMU, but answers and is
 * reset as one.
 */
struct omap_prcm_unit_dev *omap_prcm_unit_attach_part(const struct device *part,
                                                      const char *id,
                                                      void (*lost)(void *ctx),
                                                      void *ctx);

/*
 * A register of such a part is accessed. False: bus error; never without a unit, d NULL,
 * nor for a self-check.
 */
bool omap_prcm_unit_access(const struct omap_prcm_unit_dev *d, uint32_t offset);

/* For check(): who tells what EDMA of the unit is doing; 0: nothing. */
void omap_prcm_unit_attach_edma(struct omap_prcm_unit_dev *d,
                                const struct device *edma,
                                uint32_t (*busy)(void *ctx), void *ctx);

/* For the record, see prcm_note(). */
void omap_prcm_unit_note(const struct omap_prcm_unit_dev *d,
                         enum prcm_event event, uint32_t value);

/*
 * For check(): let the unit hold a processor, as omap_control_attach() does a line: its
 * core of that number runs it, and the unit's boot register is that of it.
 */
void omap_prcm_unit_attach(
    const struct device *processor, const char *id, uint64_t core,
    void (*reset)(void *ctx, bool asserted, uint32_t boot), void *ctx);

#endif /* OMAP_PRCM_UNIT_DEV_H */
