/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine's interrupt controller: the owner of each SPI. */
#include "gic.h"

#define MAX_SPIS 1024 /* more than the architecture has */

static const struct device *owners[MAX_SPIS];

static Object *find_gic(void)
{
    Object *gic = qemu.object_resolve_path_type("", "arm_gic_common", NULL);

    if ( !gic )
        gic = qemu.object_resolve_path_type("", "arm-gicv3-common", NULL);

    return gic;
}

static Object *get_gic(const struct device *d)
{
    Object *gic = find_gic();

    if ( !gic )
        device_fail(d, "this machine does not have one GIC: "
                       "use one that has, such as -M virt");

    return gic;
}

static uint64_t count_spis(Object *gic)
{
    return qemu.object_property_get_uint(gic, "num-irq", NULL) - 32;
}

/* QEMU aborts when asked for an SPI that its GIC lacks: look first. */
qemu_irq gic_claim(const struct device *d, uint64_t irq)
{
    Object *gic = get_gic(d);
    uint64_t spis;

    if ( irq == GIC_NO_IRQ )
        device_fail(d, "irq is missing: the number of an SPI");

    spis = count_spis(gic);
    if ( irq >= spis || irq >= MAX_SPIS )
        device_fail(d,
                    "irq %llu is out of range: "
                    "the GIC has SPIs 0 to %llu",
                    (unsigned long long)irq, (unsigned long long)spis - 1);

    if ( owners[irq] )
        device_fail(d, "irq %llu is that of %s %s already",
                    (unsigned long long)irq, owners[irq]->kind->name,
                    device_id(owners[irq]));

    owners[irq] = d;

    return qemu.qdev_get_gpio_in(gic, (int)irq);
}

qemu_irq gic_input(const struct device *d, unsigned int irq)
{
    Object *gic = get_gic(d);

    return irq < count_spis(gic) ? qemu.qdev_get_gpio_in(gic, (int)irq) : NULL;
}
