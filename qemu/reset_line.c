/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What holds a processor in reset. */
#include "omap_control_dev.h"
#include "omap_prcm_unit_dev.h"
#include "reset_line.h"

void reset_line_init(struct reset_line *line)
{
    line->line = DEVICE_NO_NUMBER;
}

bool reset_line_given(const struct reset_line *line)
{
    return line->control_id || line->unit_id;
}

void reset_line_attach(const struct device *processor,
                       const struct reset_line *line,
                       void (*reset)(void *ctx, bool asserted, uint32_t boot),
                       void *ctx)
{
    if ( line->control_id && line->unit_id )
        device_fail(processor, "control and unit are given: one holds it");

    if ( line->unit_id )
        omap_prcm_unit_attach(processor, line->unit_id, line->core, reset, ctx);
    else
        omap_control_attach(processor, line->control_id, line->line, reset,
                            ctx);
}
