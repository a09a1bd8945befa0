/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device omap-control, as the processors that hang on it see it. */
#ifndef OMAP_CONTROL_DEV_H
#define OMAP_CONTROL_DEV_H

#include "device.h"

extern const struct device_kind omap_control_kind;

/*
 * For check(): hang a processor on one reset line of the omap-control that its
 * property control names by id. reset(ctx, asserted, boot) will be called when
 * the line changes, boot being its boot register, and by each machine reset,
 * which asserts it. Does not return if the line has another processor.
 */
void omap_control_attach(const struct device *processor, const char *id,
                         uint64_t line,
                         void (*reset)(void *ctx, bool asserted, uint32_t boot),
                         void *ctx);

#endif /* OMAP_CONTROL_DEV_H */
