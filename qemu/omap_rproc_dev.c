/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device omap-rproc: the scripted processor on QEMU's bus.
 *
 *   addr            of its registers
 *   mmu             the id of the omap-mmu in front of it
 *   control, line   optional: the id of an omap-control and which of its reset
 *                   lines holds it; released, it starts at the boot address
 *   unit, core      instead: the id of an omap-prcm-unit and which of its cores it is,
 *                   0 by default
 *   idle            on: released, it waits for START, whatever the boot address is
 *
 * Of a DRA7 DSP, whose EDMA moves data by a port of its own:
 *
 *   edma-mmu        the id of the omap-mmu in front of that port
 *   dsp-system      the id of the omap-dsp-system that routes both ports; without it
 *                   they go through their MMUs
 *   edma            the id of the omap-edma that enables its events and tells of its
 *                   activity; needed with edma-mmu
 *
 * It runs in batches, from a timer of the machine's clock, so that the
 * machine's processors run meanwhile.
 */
#include "omap_dsp_system_dev.h"
#include "omap_edma_dev.h"
#include "omap_mmu_dev.h"
#include "omap_rproc_dev.h"
#include "reset_line.h"
#include "rproc.h"

#define BATCH_ACCESSES 64
#define BATCH_NS       10000 /* from one batch to the next */

struct omap_rproc_dev {
    struct device device;
    char *mmu_id;
    struct reset_line reset;
    bool idle;
    char *edma_mmu_id;
    char *system_id;
    char *edma_id;

    struct mmu *mmu;
    struct mmu *edma_mmu; /* these three, or NULL */
    struct dsp_system *system;
    struct edma *edma;
    struct rproc rproc;
    QEMUTimer timer;
};

static void schedule(struct omap_rproc_dev *d)
{
    device_timer_set(&d->timer, BATCH_NS);
}

static void run_batch(void *ctx)
{
    struct omap_rproc_dev *d = ctx;

    if ( rproc_run(&d->rproc, BATCH_ACCESSES) )
        schedule(d);
}

/*
 * Hardware retries the stalled access at once; what follows it can wait. But a short
 * transfer without a core ends: whoever stopped that reads EDMA's status a few times only.
 */
static void resume(void *ctx)
{
    struct omap_rproc_dev *d = ctx;

    if ( rproc_run(&d->rproc, d->rproc.alone ? BATCH_ACCESSES : 1) )
        schedule(d);
}

/* What it waits for may be there: run it soon. */
static void look_again(void *ctx)
{
    struct omap_rproc_dev *d = ctx;

    if ( d->rproc.status == RPROC_RUNNING )
        schedule(d);
}

static uint32_t edma_busy(void *ctx)
{
    const struct omap_rproc_dev *d = ctx;

    return rproc_edma_busy(&d->rproc);
}

static void stop_edma(void *ctx)
{
    struct omap_rproc_dev *d = ctx;

    rproc_stop_edma(&d->rproc);
}

static uint32_t stat(void *ctx)
{
    const struct omap_rproc_dev *d = ctx;

    return (d->rproc.status == RPROC_RUNNING ? DSP_SYSTEM_C66X : 0) |
           edma_busy(ctx) * DSP_SYSTEM_TC(0);
}

static bool translated(void *ctx, enum rproc_port port)
{
    const struct omap_rproc_dev *d = ctx;

    return !d->system || dsp_system_translated(d->system, port);
}

static bool may_begin(void *ctx)
{
    const struct omap_rproc_dev *d = ctx;

    return !d->edma || edma_may_begin(d->edma);
}

static bool chains(void *ctx)
{
    const struct omap_rproc_dev *d = ctx;

    return d->edma && edma_chains(d->edma);
}

static void started(void *ctx)
{
    const struct omap_rproc_dev *d = ctx;

    if ( d->edma )
        edma_enable(d->edma);
}

/* The reset line. */
static void line_changed(void *ctx, bool asserted, uint32_t boot)
{
    struct omap_rproc_dev *d = ctx;

    if ( asserted )
    {
        rproc_hold(&d->rproc);
        return;
    }

    if ( d->idle )
    {
        rproc_release_idle(&d->rproc);
        return;
    }

    rproc_release(&d->rproc, boot);
    schedule(d);
}

static uint64_t reg_read(void *opaque, hwaddr offset, unsigned int size)
{
    struct omap_rproc_dev *d = opaque;

    return rproc_reg_read(&d->rproc, offset, size);
}

static void reg_write(void *opaque, hwaddr offset, uint64_t value,
                      unsigned int size)
{
    struct omap_rproc_dev *d = opaque;

    rproc_reg_write(&d->rproc, offset, size, value);
    if ( d->rproc.status == RPROC_RUNNING )
        schedule(d);
}

/*
 * Device
 */

static void init(struct device *device)
{
    struct omap_rproc_dev *d = (struct omap_rproc_dev *)device;

    reset_line_init(&d->reset);
}

static void check_dsp(struct omap_rproc_dev *d)
{
    if ( d->edma_mmu_id )
        d->edma_mmu = omap_mmu_attach(&d->device, "edma-mmu", d->edma_mmu_id,
                                      resume, NULL, d);
    if ( d->system_id )
        d->system = omap_dsp_system_attach(&d->device, d->system_id, stat,
                                           look_again, d);
    if ( d->edma_id || d->edma_mmu_id )
        d->edma = omap_edma_attach(&d->device, d->edma_id, edma_busy,
                                   look_again, stop_edma, d);
}

static void check(struct device *device)
{
    struct omap_rproc_dev *d = (struct omap_rproc_dev *)device;

    d->mmu = omap_mmu_attach(device, "mmu", d->mmu_id, resume, NULL, d);
    check_dsp(d);
    if ( reset_line_given(&d->reset) )
        reset_line_attach(device, &d->reset, line_changed, d);
    else if ( d->reset.line != DEVICE_NO_NUMBER )
        device_fail(device, "line is given, but no control");
}

static void start(struct device *device)
{
    struct omap_rproc_dev *d = (struct omap_rproc_dev *)device;
    const struct rproc_config config = {
        .mmu = d->mmu,
        .edma_mmu = d->edma_mmu,
        .ctx = d,
        .translated = translated,
        .may_begin = may_begin,
        .chains = chains,
        .started = started,
        .read32 = qemu_abi_read32,
        .write32 = qemu_abi_write32,
    };

    rproc_init(&d->rproc, &config);
    device_timer_init(&d->timer, run_batch, d);
}

/*
 * A timer that is still set finds nothing to do. The device that holds it in reset has
 * its own reset, before or after: a unit may have started it.
 */
static void reset(void *instance)
{
    struct omap_rproc_dev *d = instance;

    if ( !reset_line_given(&d->reset) )
        rproc_reset(&d->rproc);
}

static const struct device_property properties[] = {
    { "mmu", PROPERTY_STRING, offsetof(struct omap_rproc_dev, mmu_id) },
    { "edma-mmu", PROPERTY_STRING,
      offsetof(struct omap_rproc_dev, edma_mmu_id) },
    { "dsp-system", PROPERTY_STRING,
      offsetof(struct omap_rproc_dev, system_id) },
    { "edma", PROPERTY_STRING, offsetof(struct omap_rproc_dev, edma_id) },
    { "idle", PROPERTY_BOOL, offsetof(struct omap_rproc_dev, idle) },
    RESET_LINE_PROPERTIES(struct omap_rproc_dev, reset),
};

const struct device_kind omap_rproc_kind = {
    .name = "omap-rproc",
    .size = sizeof(struct omap_rproc_dev),
    DEVICE_REGISTERS(RPROC_WINDOW, reg_read, reg_write, 4),
    DEVICE_PROPERTIES(properties),
    .init = init,
    .check = check,
    .start = start,
    .reset = reset,
};
