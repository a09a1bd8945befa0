/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Answers for Xen while it writes dom0's device tree, if it is patched to let
 * dom0 see the MMUs of its own processors (dom0.h).
 */
#include <xen/init.h>

#include "port.h"

/*
 * Returns whether the device is behind this MMU and all its MMUs can be used:
 * dom0 gets all of them or none.
 */
static bool __init is_behind(const struct dt_device_node *master,
                             const struct omap_mmu *mmu)
{
    const struct dt_device_node *np;
    const struct omap_mmu *other;
    bool found = false;
    unsigned int n;

    for ( n = 0; (np = dt_parse_phandle(master, "iommus", (int)n)); n++ )
    {
        other = omap_mmu_find(np);
        if ( !other || other->unusable )
            return false;
        found |= other == mmu;
    }

    return found;
}

/* dom0 gets what is not reserved for other domains. */
static bool __init is_for_dom0(const struct omap_mmu *mmu)
{
    const struct dt_device_node *np;

    dt_for_each_device_node(dt_host, np)
        if ( !dt_device_for_passthrough(np) && is_behind(np, mmu) )
            return true;

    return false;
}

/*
 * The target module around an MMU is shown with it: its reg is in the same
 * page.
 */
bool __init omap_mmu_is_shown_to_dom0(const struct dt_device_node *np)
{
    const struct omap_mmu *mmu;

    list_for_each_entry(mmu, &omap_mmus, list)
        if ( (mmu->np == np || (mmu->np->parent == np &&
                                dt_device_is_compatible(np, "ti,sysc"))) &&
             is_for_dom0(mmu) )
            return true;

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
