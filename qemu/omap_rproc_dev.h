/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device omap-rproc. */
#ifndef OMAP_RPROC_DEV_H
#define OMAP_RPROC_DEV_H

#include "device.h"

extern const struct device_kind omap_rproc_kind;

#endif /* OMAP_RPROC_DEV_H */
