/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device omap-mmu: the model of the MMU on QEMU's bus.
 *
 *   addr            of its registers
 *   irq             its interrupt: the number of an SPI of the GIC
 *   tlb-entries     32, the default, or 8
 *   bus-err-back    on: GP_REG.BUS_ERR_BACK_EN has its effect
 *   revision        what REVISION reads, 0x20 by default
 */
#include <string.h>

#include "omap_mmu_dev.h"

#define NO_IRQ UINT64_MAX

struct omap_mmu_dev {
    struct device device;
    uint64_t irq;
    uint64_t tlb_entries;
    uint64_t revision;
    bool bus_err_back;

    struct mmu mmu;
    qemu_irq line;
    void (*resume)(void *ctx); /* the processor's, if there is one */
    void *resume_ctx;
};

static struct omap_mmu_dev *to_mmu(struct device *d)
{
    return (struct omap_mmu_dev *)d;
}

struct omap_mmu_dev *omap_mmu_find(const char *id)
{
    struct device *d = NULL;

    while ( (d = device_next(&omap_mmu_kind, d)) )
        if ( !strcmp(device_id(d), id) )
            break;

    return to_mmu(d);
}

struct mmu *omap_mmu_attach(struct omap_mmu_dev *d, void (*resume)(void *ctx),
                            void *ctx)
{
    if ( d->resume )
        return NULL;

    d->resume = resume;
    d->resume_ctx = ctx;

    return &d->mmu;
}

/*
 * Model
 */

static bool read_table(void *ctx, uint32_t pa, uint32_t *value)
{
    (void)ctx;

    return qemu_abi_read32(pa, value);
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
        d->resume(d->resume_ctx);
}

static uint64_t reg_read(void *opaque, hwaddr offset, unsigned int size)
{
    struct omap_mmu_dev *d = opaque;

    return mmu_reg_read(&d->mmu, offset, size);
}

static void reg_write(void *opaque, hwaddr offset, uint64_t value,
                      unsigned int size)
{
    struct omap_mmu_dev *d = opaque;

    mmu_reg_write(&d->mmu, offset, size, value);
}

/*
 * Device
 */

static Object *find_gic(void)
{
    Object *gic = qemu.object_resolve_path_type("", "arm_gic_common", NULL);

    if ( !gic )
        gic = qemu.object_resolve_path_type("", "arm-gicv3-common", NULL);

    return gic;
}

/* QEMU aborts when asked for an SPI that its GIC lacks: look first. */
static void check_irq(struct omap_mmu_dev *d)
{
    struct device *other = NULL;
    Object *gic = find_gic();
    uint64_t spis;

    if ( !gic )
        device_fail(&d->device, "this machine does not have one GIC: "
                                "use one that has, such as -M virt");

    if ( d->irq == NO_IRQ )
        device_fail(&d->device, "irq is missing: the number of an SPI");

    spis = qemu.object_property_get_uint(gic, "num-irq", NULL) - 32;
    if ( d->irq >= spis )
        device_fail(&d->device,
                    "irq %llu is out of range: "
                    "the GIC has SPIs 0 to %llu",
                    (unsigned long long)d->irq, (unsigned long long)spis - 1);

    while ( (other = device_next(&omap_mmu_kind, other)) != &d->device )
        if ( to_mmu(other)->irq == d->irq )
            device_fail(&d->device, "irq %llu is that of %s already",
                        (unsigned long long)d->irq, device_id(other));

    d->line = qemu.qdev_get_gpio_in(gic, d->irq);
}

static void init(struct device *device)
{
    struct omap_mmu_dev *d = to_mmu(device);

    d->irq = NO_IRQ;
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

    check_irq(d);
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
