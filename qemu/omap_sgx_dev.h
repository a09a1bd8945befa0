/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device omap-sgx. */
#ifndef OMAP_SGX_DEV_H
#define OMAP_SGX_DEV_H

#include "device.h"

extern const struct device_kind omap_sgx_kind;

#endif /* OMAP_SGX_DEV_H */
