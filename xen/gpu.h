/* SPDX-License-Identifier: GPL-2.0-only */
/* A GPU while a domain has it: for gpu.c and gpu_dump.c. */
#ifndef OMAP_GPU_H
#define OMAP_GPU_H

#include "vbif.h"

struct omap_gpu {
    struct vbif vbif;
    struct mirror_memory mem;
};

#endif /* OMAP_GPU_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
