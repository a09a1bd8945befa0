/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device omap-m4: a Cortex-M4 that executes, on QEMU's bus.
 *
 *   addr            of its L2RAM, 64 KiB that the machine reaches as well
 *   mmu             the id of the omap-mmu in front of it
 *   control, line   the id of an omap-control and which of its reset lines
 *                   holds it
 *   unit, core      instead: the id of an omap-prcm-unit and which of its cores it is,
 *                   0 by default
 *   mailbox, user   the id of an omap-mailbox and the user, 1 or 2, whose
 *                   interrupt it gets
 *   trace           a file that gets a line for each thing that the firmware
 *                   asked for and that is not emulated; none: stderr gets it
 *
 * It runs in batches, from a timer of the machine's clock, so that the
 * machine's processors run meanwhile; stalled or in reset it has none. Asleep it
 * has one if SysTick is to wake it: a cycle is then CYCLE_NS. SysTick stands
 * still while the core is stalled.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "m4_library.h"
#include "omap_m4_dev.h"
#include "omap_mailbox_dev.h"
#include "omap_mmu_dev.h"
#include "reset_line.h"

#define BATCH_INSTRUCTIONS 2000
#define BATCH_NS           20000 /* from the end of one batch to the next */
#define CYCLE_NS           10    /* of a core that sleeps: 100 MHz */

/* The mailbox's interrupt, as TI's SYS/BIOS has it: vector 50. */
#define MAILBOX_LINE 34

#define POISON 0xa5 /* what L2RAM holds at power on, where it is undefined */

struct omap_m4_dev {
    struct device device;
    char *mmu_id;
    char *mailbox_id;
    struct reset_line reset;
    uint64_t user;
    char *trace_name;

    const struct m4_library *library;
    struct mmu *mmu;
    struct m4 *m4;
    uint8_t *l2ram;
    QEMUTimer timer;
    FILE *trace;
    bool asleep;
    int64_t asleep_since; /* in ns */

    /* The access that stalled last; refused: its retry got a bus error. */
    uint32_t stalled_da;
    bool stalled_write;
    bool refused;
};

static void schedule(struct omap_m4_dev *d, int64_t ns)
{
    device_timer_set(&d->timer, ns);
}

/* What SysTick is to know of the time asleep. */
static void count_sleep(struct omap_m4_dev *d)
{
    int64_t now = qemu.qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    if ( d->asleep )
        d->library->m4_elapse(d->m4, (now - d->asleep_since) / CYCLE_NS);
    d->asleep = false;
}

/* Until the next batch, as long as between others: SysTick may be quicker. */
static void fall_asleep(struct omap_m4_dev *d)
{
    int64_t ns = d->library->m4_alarm(d->m4) * CYCLE_NS;

    d->asleep = true;
    d->asleep_since = qemu.qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    if ( ns )
        schedule(d, ns > BATCH_NS ? ns : BATCH_NS);
}

static void run_batch(void *ctx)
{
    struct omap_m4_dev *d = ctx;

    count_sleep(d);
    if ( d->library->m4_run(d->m4, BATCH_INSTRUCTIONS) )
        schedule(d, BATCH_NS);
    else if ( d->library->m4_state(d->m4) == M4_ASLEEP )
        fall_asleep(d);
}

/*
 * Lines
 *
 * They may change by what the core itself does, in m4_run(). So only a timer
 * runs it.
 */

/*
 * Hardware retries the stalled access at once, and only that: whether it is
 * answered by a bus error is decided now. The core's instruction, which begins
 * anew, finds a translation in the TLB, or the error in translate().
 */
static void resume(void *ctx)
{
    struct omap_m4_dev *d = ctx;
    uint32_t pa;

    switch ( mmu_translate(d->mmu, d->stalled_da, d->stalled_write, &pa) )
    {
    case MMU_STALL:
        return;
    case MMU_BUS_ERROR:
        d->refused = true;
        break;
    case MMU_OK:
        break;
    }
    schedule(d, BATCH_NS);
}

static void retranslate(void *ctx)
{
    struct omap_m4_dev *d = ctx;

    d->library->m4_retranslate(d->m4);
}

static void reset_line_changed(void *ctx, bool asserted, uint32_t boot)
{
    struct omap_m4_dev *d = ctx;

    (void)boot;
    d->refused = false;
    d->asleep = false;
    d->library->m4_reset(d->m4, asserted);
    if ( asserted )
        mmu_cancel(d->mmu);
    else
        schedule(d, 0);
}

static void interrupt(void *ctx, bool level)
{
    struct omap_m4_dev *d = ctx;

    d->library->m4_interrupt(d->m4, MAILBOX_LINE, level);
    if ( level )
        schedule(d, 0);
}

/*
 * Bus
 */

static enum mmu_result translate(void *ctx, uint32_t da, bool write,
                                 uint32_t *pa)
{
    struct omap_m4_dev *d = ctx;
    enum mmu_result result;

    if ( d->refused && d->stalled_da == da && d->stalled_write == write )
    {
        d->refused = false;
        return MMU_BUS_ERROR;
    }

    result = mmu_translate(d->mmu, da, write, pa);
    if ( result == MMU_STALL )
    {
        d->stalled_da = da;
        d->stalled_write = write;
    }

    return result;
}

static void *ram(void *ctx, uint32_t pa)
{
    (void)ctx;

    return qemu_abi_ram(pa & ~(M4_PAGE - 1), M4_PAGE);
}

static bool load(void *ctx, uint32_t pa, unsigned int size, uint32_t *value)
{
    (void)ctx;

    return qemu_abi_read(pa, size, value);
}

static bool store(void *ctx, uint32_t pa, unsigned int size, uint32_t value)
{
    (void)ctx;

    return qemu_abi_write(pa, size, value);
}

static void missing(void *ctx, uint32_t da, const char *what)
{
    struct omap_m4_dev *d = ctx;

    fprintf(d->trace, "%s %s: da %08" PRIx32 ": %s\n", d->device.kind->name,
            device_id(&d->device), da, what);
    fflush(d->trace);
}

/*
 * L2RAM, as the machine's processors see it
 */

static uint64_t l2ram_read(void *opaque, hwaddr offset, unsigned int size)
{
    const struct omap_m4_dev *d = opaque;
    uint64_t value = 0;
    unsigned int i;

    for ( i = 0; i < size; i++ )
        value |= (uint64_t)d->l2ram[offset + i] << 8 * i;

    return value;
}

static void l2ram_write(void *opaque, hwaddr offset, uint64_t value,
                        unsigned int size)
{
    struct omap_m4_dev *d = opaque;
    unsigned int i;

    for ( i = 0; i < size; i++ )
        d->l2ram[offset + i] = value >> 8 * i;
}

/*
 * Device
 */

static void init(struct device *device)
{
    struct omap_m4_dev *d = (struct omap_m4_dev *)device;

    reset_line_init(&d->reset);
    d->user = DEVICE_NO_NUMBER;
}

static void check(struct device *device)
{
    struct omap_m4_dev *d = (struct omap_m4_dev *)device;

    d->mmu = omap_mmu_attach(device, "mmu", d->mmu_id, resume, retranslate, d);
    reset_line_attach(device, &d->reset, reset_line_changed, d);
    omap_mailbox_attach(device, d->mailbox_id, d->user, interrupt, d);
    d->trace =
        d->trace_name ? device_open_trace(device, d->trace_name) : stderr;
    d->library = m4_library_load(device);
}

/* Made in reset, the core asks nothing of devices that start later. */
static void start(struct device *device)
{
    struct omap_m4_dev *d = (struct omap_m4_dev *)device;
    struct m4_config config = {
        .ctx = d,
        .translate = translate,
        .ram = ram,
        .read = load,
        .write = store,
        .missing = missing,
    };

    d->l2ram = aligned_alloc(M4_PAGE, M4_L2RAM_SIZE);
    if ( !d->l2ram )
        abort();

    memset(d->l2ram, POISON, M4_L2RAM_SIZE);
    config.l2ram = d->l2ram;
    d->m4 = d->library->m4_new(&config);
    if ( !d->m4 )
        device_fail(device, "its core cannot be made");

    device_timer_init(&d->timer, run_batch, d);
}

static const struct device_property properties[] = {
    { "mmu", PROPERTY_STRING, offsetof(struct omap_m4_dev, mmu_id) },
    RESET_LINE_PROPERTIES(struct omap_m4_dev, reset),
    { "mailbox", PROPERTY_STRING, offsetof(struct omap_m4_dev, mailbox_id) },
    { "user", PROPERTY_UINT64, offsetof(struct omap_m4_dev, user) },
    { "trace", PROPERTY_STRING, offsetof(struct omap_m4_dev, trace_name) },
};

const struct device_kind omap_m4_kind = {
    .name = "omap-m4",
    .size = sizeof(struct omap_m4_dev),
    DEVICE_REGISTERS(M4_L2RAM_SIZE, l2ram_read, l2ram_write, 8),
    DEVICE_PROPERTIES(properties),
    .init = init,
    .check = check,
    .start = start,
    /* No reset: L2RAM keeps what it holds; the omap-control or the unit holds the core. */
};
