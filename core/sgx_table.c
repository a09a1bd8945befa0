/* SPDX-License-Identifier: GPL-2.0-only */
/* table.c for the GPU's format. */
#include "sgx_pt.h"

#include "table.c"

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
