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

bool omap_mmu_is_behind(const struct dt_device_node *master,
                        const struct omap_mmu *mmu)
{
    const struct dt_device_node *np;
    unsigned int n;

    for ( n = 0; (np = dt_parse_phandle(master, "iommus", (int)n)); n++ )
        if ( np == mmu->np )
            return true;

    return false;
}

/*
 * Xen maps whole pages: another device in the page of an MMU counts. No sum
 * wraps.
 */
bool omap_mmu_lies_within(uint64_t address, uint64_t size)
{
    const struct omap_mmu *mmu;
    uint64_t page;

    list_for_each_entry(mmu, &omap_mmus, list)
    {
        page = mmu->base & PAGE_MASK;
        if ( mmu->regs && (address & PAGE_MASK) <= page &&
             (page <= address || page - address < size) )
            return true;
    }

    return false;
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
