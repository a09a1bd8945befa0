/* SPDX-License-Identifier: GPL-2.0-only */
/* All MMUs that there are. */
#include "port.h"

LIST_HEAD(omap_mmus);

struct omap_mmu *omap_mmu_find(const struct dt_device_node *np)
{
    struct omap_mmu *mmu;

    list_for_each_entry(mmu, &omap_mmus, list)
        if ( mmu->np == np )
            return mmu;

    return NULL;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
