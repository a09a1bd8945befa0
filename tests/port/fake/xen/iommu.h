/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_IOMMU_H
#define FAKE_XEN_IOMMU_H

#include <xen/device_tree.h>
#include <xen/mm.h>

FRAME(dfn)

struct domain;

enum iommu_feature {
    IOMMU_FEAT_COHERENT_WALK,
};

#define IOMMU_FLUSHF_added    1u
#define IOMMU_FLUSHF_modified 2u
#define IOMMU_FLUSHF_all      4u

#define PAGE_SIZE_4K 0x1000u

/* Those members that this driver sets. */
struct iommu_ops {
    unsigned long page_sizes;
    int (*init)(struct domain *d);
    void (*hwdom_init)(struct domain *d);
    int (*add_device)(u8 devfn, struct device *dev);
    int (*assign_device)(struct domain *d, u8 devfn, struct device *dev,
                         u32 flag);
    int (*reassign_device)(struct domain *s, struct domain *t, u8 devfn,
                           struct device *dev);
    int (*map_page)(struct domain *d, dfn_t dfn, mfn_t mfn, unsigned int flags,
                    unsigned int *flush_flags);
    int (*unmap_page)(struct domain *d, dfn_t dfn, unsigned int order,
                      unsigned int *flush_flags);
    void (*teardown)(struct domain *d);
    int (*iotlb_flush)(struct domain *d, dfn_t dfn, unsigned long page_count,
                       unsigned int flush_flags);
    void (*dump_page_tables)(struct domain *d);
    int (*dt_xlate)(struct device *dev, const struct dt_phandle_args *args);
};

struct domain_iommu {
    struct {
        void *priv;
    } arch;
    bool hap_pt_share;
    unsigned int features; /* bit for each */
};

#define dom_iommu(d)            (&(d)->iommu)
#define iommu_set_feature(d, f) ((void)(dom_iommu(d)->features |= 1u << (f)))

void iommu_set_ops(const struct iommu_ops *ops);
void arch_iommu_hwdom_init(struct domain *d);
int arm_iommu_map_page(struct domain *d, dfn_t dfn, mfn_t mfn,
                       unsigned int flags, unsigned int *flush_flags);
int arm_iommu_unmap_page(struct domain *d, dfn_t dfn, unsigned int order,
                         unsigned int *flush_flags);

#endif /* FAKE_XEN_IOMMU_H */
