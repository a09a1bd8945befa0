/* SPDX-License-Identifier: GPL-2.0-only */
/* What differs between the Linuxes that the guest may be. */
#ifndef OMAP_TEST_COMPAT_H
#define OMAP_TEST_COMPAT_H

#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/platform_device.h>
#include <linux/version.h>

/* NULL if there is none. */
static inline struct iommu_domain *domain_for(struct device *dev)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
    return iommu_domain_alloc(&platform_bus_type);
#else
    struct iommu_domain *domain = iommu_paging_domain_alloc(dev);

    return IS_ERR(domain) ? NULL : domain;
#endif
}

/* gfp: GFP_KERNEL, or GFP_ATOMIC in interrupt context. */
static inline int map_pages(struct iommu_domain *domain, u32 da, u32 ipa,
                            u32 size, gfp_t gfp)
{
    int prot = IOMMU_READ | IOMMU_WRITE;

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
    if ( gfp == GFP_ATOMIC )
        return iommu_map_atomic(domain, da, ipa, size, prot);
    return iommu_map(domain, da, ipa, size, prot);
#else
    return iommu_map(domain, da, ipa, size, prot, gfp);
#endif
}

#endif
