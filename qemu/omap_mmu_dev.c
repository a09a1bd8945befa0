/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device omap-mmu: the model of the MMU on QEMU's bus.
 *
 *   addr            of its registers
 *   irq             its interrupt: the number of an SPI of the GIC, or with
 *   xbar            the id of an omap-crossbar, that of a source of it
 *   tlb-entries     32, the default, or 8
 *   bus-err-back    on: GP_REG.BUS_ERR_BACK_EN has its effect
 *   bypass-regions  on: it has bypass regions, as DRA7's DSPs have, and no GP_REG
 *   revision        what REVISION reads, 0x20 by default
 *   trace           a file to write: a line for each access to a register,
 *                   `R` or `W`, its offset and its value in hexadecimal
 *   unit            optional: the id of an omap-prcm-unit that switches it; while that
 *                   has it off, an access is a bus error, and is not traced here
 *   port            which port of the unit's processor it serves: 0, the default, or 1,
 *                   that of a DSP's EDMA
 */
#include <inttypes.h>
#include <stdio.h>

#include "irq_line.h"
#include "omap_mmu_dev.h"
#include "omap_prcm_unit_dev.h"

struct omap_mmu_dev {
    struct device device;
    struct irq_line irq;
    uint64_t tlb_entries;
    uint64_t revision;
    bool bus_err_back;
    bool bypass_regions;
    char *trace_name;
    char *unit_id;
    uint64_t port;

    struct mmu mmu;
    struct omap_prcm_unit_dev *unit; /* NULL: it is always on */
    FILE *trace;                     /* NULL: not wanted */
    void (*resume)(void *ctx);       /* the processor's, if there is one */
    void (*retranslate)(void *ctx);
    void *processor; /* their ctx */
};

static struct omap_mmu_dev *to_mmu(struct device *d)
{
    return (struct omap_mmu_dev *)d;
}

struct mmu *omap_mmu_attach(const struct device *processor,
                            const char *property, const char *id,
                            void (*resume)(void *ctx),
                            void (*retranslate)(void *ctx), void *ctx)
{
    struct omap_mmu_dev *d =
        to_mmu(device_link(processor, property, id, &omap_mmu_kind));

    if ( d->resume )
        device_fail(processor, "omap-mmu %s has a processor already", id);

    d->resume = resume;
    d->retranslate = retranslate;
    d->processor = ctx;

    return &d->mmu;
}

/*
 * Model
 */

static void set_line(void *ctx, bool level)
{
    struct omap_mmu_dev *d = ctx;

    irq_line_set(&d->irq, level);
}

static void resume(void *ctx)
{
    struct omap_mmu_dev *d = ctx;

    if ( d->resume )
        d->resume(d->processor);
}

static void retranslate(void *ctx)
{
    struct omap_mmu_dev *d = ctx;

    if ( d->retranslate )
        d->retranslate(d->processor);
}

/* What a self-check reads is nobody's access. */
static void trace(const struct omap_mmu_dev *d, char what, hwaddr offset,
                  uint32_t value)
{
    if ( d->trace && devices_started() )
        fprintf(d->trace, "%c %02" PRIx64 " %08" PRIx32 "\n", what, offset,
                value);
}

/* Does its unit decide whether it answers? A self-check reads it in any state. */
static bool is_switched(const struct omap_mmu_dev *d)
{
    return d->unit && devices_started();
}

static MemTxResult reg_read(void *opaque, hwaddr offset, uint64_t *value,
                            unsigned int size, MemTxAttrs attributes)
{
    struct omap_mmu_dev *d = opaque;

    (void)attributes;
    if ( is_switched(d) && !omap_prcm_unit_read(d->unit, offset) )
        return MEMTX_ERROR;

    *value = mmu_reg_read(&d->mmu, offset, size);
    trace(d, 'R', offset, *value);

    return MEMTX_OK;
}

static MemTxResult reg_write(void *opaque, hwaddr offset, uint64_t value,
                             unsigned int size, MemTxAttrs attributes)
{
    struct omap_mmu_dev *d = opaque;

    (void)attributes;
    if ( is_switched(d) &&
         !omap_prcm_unit_write(d->unit, d->port, offset, size, value) )
        return MEMTX_ERROR;

    trace(d, 'W', offset, value);
    mmu_reg_write(&d->mmu, offset, size, value);

    return MEMTX_OK;
}

static void registers_lost(void *ctx)
{
    struct omap_mmu_dev *d = ctx;

    mmu_reset(&d->mmu);
}

/*
 * Device
 */

static void init(struct device *device)
{
    struct omap_mmu_dev *d = to_mmu(device);

    irq_line_init(&d->irq);
    d->tlb_entries = 32;
    d->revision = 0x20;
}

static void check(struct device *device)
{
    struct omap_mmu_dev *d = to_mmu(device);

    if ( d->tlb_entries != 8 && d->tlb_entries != 32 )
        device_fail(device, "tlb-entries %llu is neither 8 nor 32",
                    (unsigned long long)d->tlb_entries);

    if ( d->revision > UINT32_MAX )
        device_fail(device, "revision 0x%llx is more than 32 bits",
                    (unsigned long long)d->revision);

    if ( d->bus_err_back && d->bypass_regions )
        device_fail(device, "bus-err-back and bypass-regions are given: "
                            "what has the one has not the other");

    irq_line_claim(device, &d->irq);
    if ( d->trace_name )
        d->trace = device_open_trace(device, d->trace_name);
    if ( d->unit_id )
        d->unit = omap_prcm_unit_attach_mmu(device, d->unit_id, d->port,
                                            registers_lost, d);
}

static void start(struct device *device)
{
    struct omap_mmu_dev *d = to_mmu(device);
    const struct mmu_config config = {
        .tlb_entries = d->tlb_entries,
        .bus_err_back = d->bus_err_back,
        .bypass_regions = d->bypass_regions,
        .revision = d->revision,
        .ctx = d,
        .read32 = qemu_abi_read32,
        .irq = set_line,
        .resume = resume,
        .retranslate = retranslate,
    };

    mmu_init(&d->mmu, &config);
}

static void reset(void *instance)
{
    struct omap_mmu_dev *d = instance;

    mmu_reset(&d->mmu);
}

static const struct device_property properties[] = {
    IRQ_LINE_PROPERTIES(struct omap_mmu_dev, irq),
    { "tlb-entries", PROPERTY_UINT64,
      offsetof(struct omap_mmu_dev, tlb_entries) },
    { "bus-err-back", PROPERTY_BOOL,
      offsetof(struct omap_mmu_dev, bus_err_back) },
    { "bypass-regions", PROPERTY_BOOL,
      offsetof(struct omap_mmu_dev, bypass_regions) },
    { "revision", PROPERTY_UINT64, offsetof(struct omap_mmu_dev, revision) },
    { "trace", PROPERTY_STRING, offsetof(struct omap_mmu_dev, trace_name) },
    { "unit", PROPERTY_STRING, offsetof(struct omap_mmu_dev, unit_id) },
    { "port", PROPERTY_UINT64, offsetof(struct omap_mmu_dev, port) },
};

const struct device_kind omap_mmu_kind = {
    .name = "omap-mmu",
    .size = sizeof(struct omap_mmu_dev),
    DEVICE_REGISTERS_BUS_ERROR(OMAP_MMU_WINDOW, reg_read, reg_write, 4),
    DEVICE_PROPERTIES(properties),
    .init = init,
    .check = check,
    .start = start,
    .reset = reset,
};
