/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_ASM_IOMMU_FWSPEC_H
#define FAKE_ASM_IOMMU_FWSPEC_H

#include <xen/device_tree.h>

void iommu_fwspec_free(struct device *dev);

#endif /* FAKE_ASM_IOMMU_FWSPEC_H */
