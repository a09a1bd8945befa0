/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device omap-dsp-system, as the DSP sees it. */
#ifndef OMAP_DSP_SYSTEM_DEV_H
#define OMAP_DSP_SYSTEM_DEV_H

#include "device.h"
#include "dsp_system.h"

extern const struct device_kind omap_dsp_system_kind;

/*
 * For check(): the omap-dsp-system that a processor's property dsp-system names by id.
 * stat(ctx) is what STAT reads; rerouted(ctx) will be called when a port was switched.
 * Does not return if another processor is there.
 */
struct dsp_system *omap_dsp_system_attach(const struct device *processor,
                                          const char *id,
                                          uint32_t (*stat)(void *ctx),
                                          void (*rerouted)(void *ctx),
                                          void *ctx);

#endif /* OMAP_DSP_SYSTEM_DEV_H */
