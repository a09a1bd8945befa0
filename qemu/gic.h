/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine's interrupt controller, as the devices see it. */
#ifndef GIC_H
#define GIC_H

#include "device.h"

/* The default of a property irq: not given. */
#define GIC_NO_IRQ DEVICE_NO_NUMBER

/*
 * For check(): the line of an SPI, the value of d's property irq, which is d's
 * alone from then on. Does not return if it cannot be.
 */
qemu_irq gic_claim(const struct device *d, uint64_t irq);

/*
 * For check(): the line of an SPI that something else may have as well; NULL: the GIC
 * does not have it.
 */
qemu_irq gic_input(const struct device *d, unsigned int irq);

#endif /* GIC_H */
