/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interrupt of a device: an SPI of the GIC, or a source of an omap-crossbar. */
#ifndef IRQ_LINE_H
#define IRQ_LINE_H

#include "device.h"

struct omap_crossbar_dev;

struct irq_line {
    uint64_t irq;
    char *xbar_id;

    qemu_irq spi;
    struct omap_crossbar_dev *xbar; /* NULL: it is the SPI */
};

/* The properties that name it, for the field of that type in an instance. */
/* clang-format off */
/* A field's name. NOLINTBEGIN(bugprone-macro-parentheses) */
#define IRQ_LINE_PROPERTIES(type, field)                                    \
    { "irq", PROPERTY_UINT64, offsetof(type, field.irq) },                  \
    { "xbar", PROPERTY_STRING, offsetof(type, field.xbar_id) }
/* NOLINTEND(bugprone-macro-parentheses) */
/* clang-format on */

/* For init(). */
void irq_line_init(struct irq_line *line);

/* For check(): it is d's alone from then on. Does not return if it cannot be. */
void irq_line_claim(const struct device *d, struct irq_line *line);

void irq_line_set(const struct irq_line *line, bool level);

#endif /* IRQ_LINE_H */
