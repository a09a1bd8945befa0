/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The devices omap-edma and omap-edma-tc: EDMA of a DRA7 DSP on QEMU's bus. omap-edma is
 * its channel controller:
 *
 *   addr            of its registers
 *   unit            optional: the id of an omap-prcm-unit that switches it, as it does
 *                   the MMUs; a core that is reset while it works is recorded there
 *
 * omap-edma-tc is a transfer controller:
 *
 *   addr            of its registers
 *   edma            the id of the omap-edma, which has the processor and the unit
 *   tc              its number: 0, the default, or 1
 */
#include "omap_edma_dev.h"
#include "omap_prcm_unit_dev.h"

struct omap_edma_dev {
    struct device device;
    char *unit_id;

    struct edma edma;
    struct omap_prcm_unit_dev *unit; /* NULL: it is always on */
    uint32_t (*busy)(void *ctx);     /* the processor's, if there is one */
    void (*begin)(void *ctx);
    void (*stop)(void *ctx);
    void *processor; /* their ctx */
};

struct omap_edma_tc_dev {
    struct device device;
    char *edma_id;
    uint64_t tc;

    struct omap_edma_dev *edma;
};

static struct omap_edma_dev *find(const struct device *d, const char *id)
{
    return (struct omap_edma_dev *)device_link(d, "edma", id, &omap_edma_kind);
}

struct edma *omap_edma_attach(const struct device *processor, const char *id,
                              uint32_t (*busy)(void *ctx),
                              void (*begin)(void *ctx), void (*stop)(void *ctx),
                              void *ctx)
{
    struct omap_edma_dev *d = find(processor, id);

    if ( d->busy )
        device_fail(processor, "omap-edma %s has a processor already", id);

    d->busy = busy;
    d->begin = begin;
    d->stop = stop;
    d->processor = ctx;

    return &d->edma;
}

/*
 * Model
 */

static uint32_t busy(void *ctx)
{
    const struct omap_edma_dev *d = ctx;

    return d->busy ? d->busy(d->processor) : 0;
}

static void begin(void *ctx)
{
    const struct omap_edma_dev *d = ctx;

    if ( d->begin )
        d->begin(d->processor);
}

static void stop(void *ctx)
{
    const struct omap_edma_dev *d = ctx;

    if ( d->stop )
        d->stop(d->processor);
}

static void registers_lost(void *ctx)
{
    struct omap_edma_dev *d = ctx;

    edma_reset(&d->edma);
}

static MemTxResult cc_read(void *opaque, hwaddr offset, uint64_t *value,
                           unsigned int size, MemTxAttrs attributes)
{
    const struct omap_edma_dev *d = opaque;

    (void)attributes;
    if ( !omap_prcm_unit_access(d->unit, offset) )
        return MEMTX_ERROR;

    *value = edma_cc_read(&d->edma, offset, size);

    return MEMTX_OK;
}

static MemTxResult cc_write(void *opaque, hwaddr offset, uint64_t value,
                            unsigned int size, MemTxAttrs attributes)
{
    struct omap_edma_dev *d = opaque;

    (void)attributes;
    if ( !omap_prcm_unit_access(d->unit, offset) )
        return MEMTX_ERROR;

    edma_cc_write(&d->edma, offset, size, value);

    return MEMTX_OK;
}

static MemTxResult tc_read(void *opaque, hwaddr offset, uint64_t *value,
                           unsigned int size, MemTxAttrs attributes)
{
    const struct omap_edma_tc_dev *d = opaque;

    (void)attributes;
    if ( !omap_prcm_unit_access(d->edma->unit, offset) )
        return MEMTX_ERROR;

    *value = edma_tc_read(&d->edma->edma, d->tc, offset, size);

    return MEMTX_OK;
}

static MemTxResult tc_write(void *opaque, hwaddr offset, uint64_t value,
                            unsigned int size, MemTxAttrs attributes)
{
    const struct omap_edma_tc_dev *d = opaque;

    (void)attributes;
    (void)value;
    (void)size;

    return omap_prcm_unit_access(d->edma->unit, offset) ? MEMTX_OK
                                                        : MEMTX_ERROR;
}

/*
 * omap-edma
 */

static void check(struct device *device)
{
    struct omap_edma_dev *d = (struct omap_edma_dev *)device;

    if ( !d->unit_id )
        return;

    d->unit = omap_prcm_unit_attach_part(device, d->unit_id, registers_lost, d);
    omap_prcm_unit_attach_edma(d->unit, device, busy, d);
}

static void start(struct device *device)
{
    struct omap_edma_dev *d = (struct omap_edma_dev *)device;
    const struct edma_config config = { d, busy, begin, stop };

    edma_init(&d->edma, &config);
}

/* With a unit that does it, before or after: it may have started the processor. */
static void reset(void *instance)
{
    const struct omap_edma_dev *d = instance;

    if ( !d->unit )
        registers_lost(instance);
}

static const struct device_property properties[] = {
    { "unit", PROPERTY_STRING, offsetof(struct omap_edma_dev, unit_id) },
};

const struct device_kind omap_edma_kind = {
    .name = "omap-edma",
    .size = sizeof(struct omap_edma_dev),
    DEVICE_REGISTERS_BUS_ERROR(EDMA_CC_WINDOW, cc_read, cc_write, 4),
    DEVICE_PROPERTIES(properties),
    .check = check,
    .start = start,
    .reset = reset,
};

/*
 * omap-edma-tc
 */

static void check_tc(struct device *device)
{
    struct omap_edma_tc_dev *d = (struct omap_edma_tc_dev *)device;

    device_check_number(device, "tc", d->tc, 0, EDMA_TCS - 1);
    d->edma = find(device, d->edma_id);
}

static const struct device_property tc_properties[] = {
    { "edma", PROPERTY_STRING, offsetof(struct omap_edma_tc_dev, edma_id) },
    { "tc", PROPERTY_UINT64, offsetof(struct omap_edma_tc_dev, tc) },
};

const struct device_kind omap_edma_tc_kind = {
    .name = "omap-edma-tc",
    .size = sizeof(struct omap_edma_tc_dev),
    DEVICE_REGISTERS_BUS_ERROR(EDMA_TC_WINDOW, tc_read, tc_write, 4),
    DEVICE_PROPERTIES(tc_properties),
    .check = check_tc,
    /* No reset: it has nothing of its own. */
};
