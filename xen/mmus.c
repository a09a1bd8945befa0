/* SPDX-License-Identifier: GPL-2.0-only */
/* All MMUs that there are. */
#include "port.h"
#include "sgx_regs.h"

LIST_HEAD(omap_mmus);

struct omap_mmu *omap_mmu_find(const struct dt_device_node *np)
{
    struct omap_mmu *mmu;

    list_for_each_entry(mmu, &omap_mmus, list)
        if ( mmu->np == np )
            return mmu;

    return NULL;
}

const char *__init omap_mmu_map_registers(struct omap_mmu *mmu, paddr_t size)
{
    mmu->regs = ioremap_nocache(mmu->base, size);

    return mmu->regs
               ? NULL
               : "its registers cannot be mapped (reg must name addresses of "
                 "the machine)";
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

/* page and bytes are whole pages. No sum wraps. */
static bool meet(uint64_t address, uint64_t size, uint64_t page, uint64_t bytes)
{
    return address < page ? page - address < size : address - page < bytes;
}

/*
 * DSP_SYSTEM can route a DSP around its MMUs, and who has the EDMA beside it
 * has what that reaches: protect them like the MMUs' registers.
 */
static bool meets_dsp(const struct omap_mmu *mmu, uint64_t address,
                      uint64_t size)
{
    const struct omap_dsp *dsp = mmu->processor ? mmu->processor->dsp : NULL;

    return dsp && meet(address, size, dsp->base, OMAP_DSP_BYTES);
}

/*
 * Xen maps whole pages: another device in the page of an MMU counts. A GPU has
 * sensitive registers in the first page of each bank. The rest of its reg
 * behind the banks may alias them.
 */
bool omap_mmu_is_within(const struct omap_mmu *mmu, uint64_t address,
                        uint64_t size)
{
    bool found = meet(address, size, mmu->base & PAGE_MASK, PAGE_SIZE);
    unsigned int bank;

    for ( bank = 1; bank < mmu->banks; bank++ )
        found |=
            meet(address, size, mmu->base + bank * SGX_BANK_BYTES, PAGE_SIZE);

    return found || (mmu->banks && mmu->size > SGX_WINDOW &&
                     meet(address, size, mmu->base + SGX_WINDOW,
                          mmu->size - SGX_WINDOW));
}

bool omap_mmu_lies_within(uint64_t address, uint64_t size)
{
    const struct omap_mmu *mmu;

    list_for_each_entry(mmu, &omap_mmus, list)
        if ( (mmu->regs && omap_mmu_is_within(mmu, address, size)) ||
             meets_dsp(mmu, address, size) )
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
