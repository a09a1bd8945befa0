/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device omap-prcm-page. */
#ifndef OMAP_PRCM_PAGE_DEV_H
#define OMAP_PRCM_PAGE_DEV_H

#include "device.h"

extern const struct device_kind omap_prcm_page_kind;

#endif /* OMAP_PRCM_PAGE_DEV_H */
