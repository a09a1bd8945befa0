/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers that Xen maps: of an MMU or a GPU, or words of the PRCM. */
#include "fake.h"

void __iomem *ioremap_nocache(paddr_t start, size_t len)
{
    if ( fake.crossbar.base && start == fake.crossbar.base )
    {
        if ( fake.crossbar.unmappable )
            return NULL;
        fake.crossbar.mapped++;
        return fake.crossbar.reg;
    }

    return fake_mmu_map(start) ?: fake_gpu_map(start) ?:
           fake_prcm_map(start) ?: fake_dsp_map(start);
}

/* Registers of 16 bits are the crossbar's. */
static bool is_crossbar(const volatile void *p)
{
    const volatile uint16_t *reg = p;

    return reg >= fake.crossbar.reg &&
           reg < fake.crossbar.reg + ARRAY_SIZE(fake.crossbar.reg);
}

uint16_t readw(const volatile void *p)
{
    assert_true(is_crossbar(p));

    return *(const volatile uint16_t *)p;
}

void writew(uint16_t value, volatile void *p)
{
    assert_true(is_crossbar(p));
    if ( !fake.crossbar.stuck )
        *(volatile uint16_t *)p = value;
}

void iounmap(void __iomem *va)
{
    if ( is_crossbar(va) )
        fake.crossbar.mapped--;
    else if ( !fake_dsp_unmap(va) )
        fake_prcm_unmap(va);
}

uint32_t readl(const volatile void *p)
{
    uint32_t value;

    return fake_prcm_read(p, &value) || fake_gpu_read(p, &value) ||
                   fake_dsp_read(p, &value)
               ? value
               : fake_mmu_read(p);
}

void writel(uint32_t value, volatile void *p)
{
    if ( !fake_prcm_write(p, value) && !fake_gpu_write(p, value) &&
         !fake_dsp_write(p, value) )
        fake_mmu_write(p, value);
}
