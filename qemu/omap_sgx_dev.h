/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device omap-sgx. */
#ifndef OMAP_SGX_DEV_H
#define OMAP_SGX_DEV_H

#include "device.h"

extern const struct device_kind omap_sgx_kind;

#endif /* OMAP_SGX_DEV_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
