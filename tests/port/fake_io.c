/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers that Xen maps: of an MMU or a GPU, or words of the PRCM. */
#include "fake.h"

void __iomem *ioremap_nocache(paddr_t start, size_t len)
{
    return fake_mmu_map(start) ?: fake_gpu_map(start) ?: fake_prcm_map(start);
}

uint32_t readl(const volatile void *p)
{
    uint32_t value;

    return fake_prcm_read(p, &value) || fake_gpu_read(p, &value)
               ? value
               : fake_mmu_read(p);
}

void writel(uint32_t value, volatile void *p)
{
    if ( !fake_prcm_write(p, value) && !fake_gpu_write(p, value) )
        fake_mmu_write(p, value);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
