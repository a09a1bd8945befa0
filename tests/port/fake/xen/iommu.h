/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_IOMMU_H
#define FAKE_XEN_IOMMU_H

#define dom_iommu(d) (&(d)->iommu)

#endif /* FAKE_XEN_IOMMU_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
