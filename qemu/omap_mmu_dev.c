/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device omap-mmu: the model of the MMU on QEMU's bus.
 *
 *   addr            of its registers
 *   irq             its interrupt: the number of an SPI of the GIC
 *   tlb-entries     32, the default, or 8
 *   bus-err-back    on: GP_REG.BUS_ERR_BACK_EN has its effect
 *   revision        what REVISION reads, 0x20 by default
 *   trace           a file to write: a line for each access to a register,
 *                   `R` or `W`, its offset and its value in hexadecimal
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "gic.h"
#include "omap_mmu_dev.h"

struct omap_mmu_dev {
    struct device device;
    uint64_t irq;
    uint64_t tlb_entries;
    uint64_t revision;
    bool bus_err_back;
    char *trace_name;

    struct mmu mmu;
    qemu_irq line;
    FILE *trace;               /* NULL: not wanted */
    void (*resume)(void *ctx); /* the processor's, if there is one */
    void (*retranslate)(void *ctx);
    void *processor; /* their ctx */
};

static struct omap_mmu_dev *to_mmu(struct device *d)
{
    return (struct omap_mmu_dev *)d;
}

struct mmu *omap_mmu_attach(const struct device *processor, const char *id,
                            void (*resume)(void *ctx),
                            void (*retranslate)(void *ctx), void *ctx)
{
    struct omap_mmu_dev *d =
        to_mmu(device_link(processor, "mmu", id, &omap_mmu_kind));

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

static bool read_table(void *ctx, uint32_t pa, uint32_t *value)
{
    (void)ctx;

    return qemu_abi_read(pa, 4, value);
}

static void set_line(void *ctx, bool level)
{
    struct omap_mmu_dev *d = ctx;

    qemu.qemu_set_irq(d->line, level);
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

static uint64_t reg_read(void *opaque, hwaddr offset, unsigned int size)
{
    struct omap_mmu_dev *d = opaque;
    uint32_t value = mmu_reg_read(&d->mmu, offset, size);

    trace(d, 'R', offset, value);

    return value;
}

static void reg_write(void *opaque, hwaddr offset, uint64_t value,
                      unsigned int size)
{
    struct omap_mmu_dev *d = opaque;

    trace(d, 'W', offset, value);
    mmu_reg_write(&d->mmu, offset, size, value);
}

/*
 * Device
 */

static void open_trace(struct omap_mmu_dev *d)
{
    d->trace = fopen(d->trace_name, "w");
    if ( !d->trace )
        device_fail(&d->device, "trace %s cannot be written: %s", d->trace_name,
                    strerror(errno));
    setvbuf(d->trace, NULL, _IOLBF, 0);
}

static void init(struct device *device)
{
    struct omap_mmu_dev *d = to_mmu(device);

    d->irq = GIC_NO_IRQ;
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

    d->line = gic_claim(device, d->irq);
    if ( d->trace_name )
        open_trace(d);
}

static void start(struct device *device)
{
    struct omap_mmu_dev *d = to_mmu(device);
    const struct mmu_config config = {
        .tlb_entries = d->tlb_entries,
        .bus_err_back = d->bus_err_back,
        .revision = d->revision,
        .ctx = d,
        .read32 = read_table,
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

static const MemoryRegionOps ops = {
    .read = reg_read,
    .write = reg_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4 },
    .impl = { .min_access_size = 1, .max_access_size = 4 },
};

static const struct device_property properties[] = {
    { "irq", PROPERTY_UINT64, offsetof(struct omap_mmu_dev, irq) },
    { "tlb-entries", PROPERTY_UINT64,
      offsetof(struct omap_mmu_dev, tlb_entries) },
    { "bus-err-back", PROPERTY_BOOL,
      offsetof(struct omap_mmu_dev, bus_err_back) },
    { "revision", PROPERTY_UINT64, offsetof(struct omap_mmu_dev, revision) },
    { "trace", PROPERTY_STRING, offsetof(struct omap_mmu_dev, trace_name) },
};

const struct device_kind omap_mmu_kind = {
    .name = "omap-mmu",
    .size = sizeof(struct omap_mmu_dev),
    .window = OMAP_MMU_WINDOW,
    .ops = &ops,
    .properties = properties,
    .properties_count = sizeof(properties) / sizeof(properties[0]),
    .init = init,
    .check = check,
    .start = start,
    .reset = reset,
};

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
