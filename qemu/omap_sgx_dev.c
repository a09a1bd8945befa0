/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device omap-sgx: a GPU with its MMUs and a scripted microkernel, model/sgx.h, on
 * QEMU's bus.
 *
 *   addr                of its registers, 64 KiB
 *   irq                 its interrupt: the number of an SPI of the GIC
 *   reset-keeps-caches  on: what its MMUs cached outlives their reset
 *   trace               a file to write: a line for each of these, numbers but banks and
 *                       indexes in hexadecimal
 *
 *     W <offset> <value>              a register is written
 *     base <bank> <index> <address>   by such a write: a base is loaded
 *     load <bank> <index> <address>   by the microkernel: the same
 *     held <bank>, freed <bank>       its MMU enters or leaves reset
 *     bypass <bank> <address>         an access goes out untranslated
 *     fault <bank> <address>          a device address
 *
 * The microkernel works in batches, from a timer of the machine's clock, so that the
 * machine's processors run meanwhile.
 */
#include <inttypes.h>
#include <stdio.h>

#include "gic.h"
#include "omap_sgx_dev.h"
#include "sgx.h"

#define BATCH_STEPS 8
#define BATCH_NS    10000 /* from one batch to the next */

struct omap_sgx_dev {
    struct device device;
    uint64_t irq;
    bool reset_keeps_caches;
    char *trace_name;

    struct sgx sgx;
    qemu_irq line;
    QEMUTimer timer;
    bool scheduled; /* the timer is set: no write of a register puts it off */
    FILE *trace;    /* NULL: not wanted */
};

static void schedule(struct omap_sgx_dev *d)
{
    if ( !d->scheduled )
        device_timer_set(&d->timer, BATCH_NS);
    d->scheduled = true;
}

/* While paused as well: no event announces the end of it. */
static void run_batch(void *ctx)
{
    struct omap_sgx_dev *d = ctx;

    d->scheduled = false;
    if ( sgx_run(&d->sgx, BATCH_STEPS) )
        schedule(d);
}

/*
 * Model
 */

static void set_line(void *ctx, bool level)
{
    struct omap_sgx_dev *d = ctx;

    qemu.qemu_set_irq(d->line, level);
}

static void trace(void *ctx, const struct bif_event *event)
{
    const struct omap_sgx_dev *d = ctx;

    if ( !d->trace )
        return;

    switch ( event->kind )
    {
    case BIF_BASE_LOADED:
        fprintf(d->trace, "%s %u %u %08" PRIx32 "\n",
                event->inside ? "load" : "base", event->bank, event->index,
                event->value);
        break;
    case BIF_ENTERED_RESET:
    case BIF_LEFT_RESET:
        fprintf(d->trace, "%s %u\n",
                event->kind == BIF_LEFT_RESET ? "freed" : "held", event->bank);
        break;
    case BIF_BYPASS:
    case BIF_RAISED:
        fprintf(d->trace, "%s %u %08" PRIx32 "\n",
                event->kind == BIF_BYPASS ? "bypass" : "fault", event->bank,
                event->da);
        break;
    default:
        break;
    }
}

static uint64_t reg_read(void *opaque, hwaddr offset, unsigned int size)
{
    struct omap_sgx_dev *d = opaque;

    return sgx_reg_read(&d->sgx, offset, size);
}

static void reg_write(void *opaque, hwaddr offset, uint64_t value,
                      unsigned int size)
{
    struct omap_sgx_dev *d = opaque;

    if ( d->trace )
        fprintf(d->trace, "W %04" PRIx64 " %08" PRIx64 "\n", offset, value);
    sgx_reg_write(&d->sgx, offset, size, value);
    if ( sgx_run(&d->sgx, 0) )
        schedule(d);
}

/*
 * Device
 */

static void init(struct device *device)
{
    struct omap_sgx_dev *d = (struct omap_sgx_dev *)device;

    d->irq = GIC_NO_IRQ;
}

static void check(struct device *device)
{
    struct omap_sgx_dev *d = (struct omap_sgx_dev *)device;

    d->line = gic_claim(device, d->irq);
    if ( d->trace_name )
        d->trace = device_open_trace(device, d->trace_name);
}

static void start(struct device *device)
{
    struct omap_sgx_dev *d = (struct omap_sgx_dev *)device;
    const struct sgx_config config = {
        .reset_keeps_caches = d->reset_keeps_caches,
        .ctx = d,
        .read32 = qemu_abi_read32,
        .write32 = qemu_abi_write32,
        .irq = set_line,
        .event = trace,
    };

    sgx_init(&d->sgx, &config);
    device_timer_init(&d->timer, run_batch, d);
}

/* A timer that is still set finds nothing to do. */
static void reset(void *instance)
{
    struct omap_sgx_dev *d = instance;

    sgx_reset(&d->sgx);
}

static const struct device_property properties[] = {
    { "irq", PROPERTY_UINT64, offsetof(struct omap_sgx_dev, irq) },
    { "reset-keeps-caches", PROPERTY_BOOL,
      offsetof(struct omap_sgx_dev, reset_keeps_caches) },
    { "trace", PROPERTY_STRING, offsetof(struct omap_sgx_dev, trace_name) },
};

const struct device_kind omap_sgx_kind = {
    .name = "omap-sgx",
    .size = sizeof(struct omap_sgx_dev),
    DEVICE_REGISTERS(SGX_WINDOW, reg_read, reg_write, 4),
    DEVICE_PROPERTIES(properties),
    .init = init,
    .check = check,
    .start = start,
    .reset = reset,
};
