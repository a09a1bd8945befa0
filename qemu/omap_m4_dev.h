/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device omap-m4. */
#ifndef OMAP_M4_DEV_H
#define OMAP_M4_DEV_H

#include "device.h"

extern const struct device_kind omap_m4_kind;

#endif /* OMAP_M4_DEV_H */
