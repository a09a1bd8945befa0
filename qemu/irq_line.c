/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interrupt of a device. */
#include "gic.h"
#include "irq_line.h"
#include "omap_crossbar_dev.h"

void irq_line_init(struct irq_line *line)
{
    line->irq = GIC_NO_IRQ;
}

void irq_line_claim(const struct device *d, struct irq_line *line)
{
    if ( line->xbar_id )
        line->xbar = omap_crossbar_claim(d, line->xbar_id, line->irq);
    else
        line->spi = gic_claim(d, line->irq);
}

void irq_line_set(const struct irq_line *line, bool level)
{
    if ( line->xbar )
        omap_crossbar_set(line->xbar, line->irq, level);
    else
        qemu.qemu_set_irq(line->spi, level);
}
