/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device omap-dsp-system: DSP_SYSTEM of a DRA7 DSP on QEMU's bus.
 *
 *   addr            of its registers
 *   unit            optional: the id of an omap-prcm-unit that switches it, as it does
 *                   the MMUs; what is written to MMU_CONFIG is recorded there
 */
#include "omap_dsp_system_dev.h"
#include "omap_prcm_unit_dev.h"

struct omap_dsp_system_dev {
    struct device device;
    char *unit_id;

    struct dsp_system system;
    struct omap_prcm_unit_dev *unit; /* NULL: it is always on */
    uint32_t (*stat)(void *ctx);     /* the processor's, if there is one */
    void (*rerouted)(void *ctx);
    void *processor; /* their ctx */
};

struct dsp_system *omap_dsp_system_attach(const struct device *processor,
                                          const char *id,
                                          uint32_t (*stat)(void *ctx),
                                          void (*rerouted)(void *ctx),
                                          void *ctx)
{
    struct omap_dsp_system_dev *d = (struct omap_dsp_system_dev *)device_link(
        processor, "dsp-system", id, &omap_dsp_system_kind);

    if ( d->stat )
        device_fail(processor, "omap-dsp-system %s has a processor already",
                    id);

    d->stat = stat;
    d->rerouted = rerouted;
    d->processor = ctx;

    return &d->system;
}

/*
 * Model
 */

static uint32_t read_stat(void *ctx)
{
    const struct omap_dsp_system_dev *d = ctx;

    return d->stat ? d->stat(d->processor) : 0;
}

static void routed(void *ctx, uint32_t mmu_config)
{
    const struct omap_dsp_system_dev *d = ctx;

    (void)mmu_config;
    if ( d->rerouted )
        d->rerouted(d->processor);
}

static void registers_lost(void *ctx)
{
    struct omap_dsp_system_dev *d = ctx;

    dsp_system_reset(&d->system);
}

static MemTxResult reg_read(void *opaque, hwaddr offset, uint64_t *value,
                            unsigned int size, MemTxAttrs attributes)
{
    const struct omap_dsp_system_dev *d = opaque;

    (void)attributes;
    if ( !omap_prcm_unit_access(d->unit, offset) )
        return MEMTX_ERROR;

    *value = dsp_system_reg_read(&d->system, offset, size);

    return MEMTX_OK;
}

static MemTxResult reg_write(void *opaque, hwaddr offset, uint64_t value,
                             unsigned int size, MemTxAttrs attributes)
{
    struct omap_dsp_system_dev *d = opaque;

    (void)attributes;
    if ( !omap_prcm_unit_access(d->unit, offset) )
        return MEMTX_ERROR;

    dsp_system_reg_write(&d->system, offset, size, value);
    if ( d->unit && size == 4 &&
         (offset == DSP_SYSTEM_MMU_CONFIG || offset == DSP_SYSTEM_SYSCONFIG) )
        omap_prcm_unit_note(d->unit, PRCM_MMU_ROUTED, d->system.mmu_config);

    return MEMTX_OK;
}

/*
 * Device
 */

static void check(struct device *device)
{
    struct omap_dsp_system_dev *d = (struct omap_dsp_system_dev *)device;

    if ( d->unit_id )
        d->unit =
            omap_prcm_unit_attach_part(device, d->unit_id, registers_lost, d);
}

static void start(struct device *device)
{
    struct omap_dsp_system_dev *d = (struct omap_dsp_system_dev *)device;
    const struct dsp_system_config config = { d, read_stat, routed };

    dsp_system_init(&d->system, &config);
}

/* With a unit that does it. */
static void reset(void *instance)
{
    const struct omap_dsp_system_dev *d = instance;

    if ( !d->unit )
        registers_lost(instance);
}

static const struct device_property properties[] = {
    { "unit", PROPERTY_STRING, offsetof(struct omap_dsp_system_dev, unit_id) },
};

const struct device_kind omap_dsp_system_kind = {
    .name = "omap-dsp-system",
    .size = sizeof(struct omap_dsp_system_dev),
    DEVICE_REGISTERS_BUS_ERROR(DSP_SYSTEM_WINDOW, reg_read, reg_write, 4),
    DEVICE_PROPERTIES(properties),
    .check = check,
    .start = start,
    .reset = reset,
};
