/* SPDX-License-Identifier: GPL-2.0-only */
#include <xen/errno.h>
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/vmap.h>
#include <xen/xmalloc.h>

#include <asm/io.h>

#include "compat.h"
#include "dsp.h"
#include "port.h"
#include "window.h"

/* DSP_SYSTEM. Source: TI's hw_dsp_system.h. A guest has MMU_CONFIG only. */
#define MMU_CONFIG        0x18
#define MMU_CONFIG_EN(n)  (1u << 4 * (n))
#define MMU_CONFIG_ABORTS 0x1100u
#define MMU_CONFIG_ENS    (MMU_CONFIG_EN(0) | MMU_CONFIG_EN(1))

/* The guest's page */

static void set_config(struct omap_dsp *dsp, uint32_t config)
{
    unsigned int n;

    dsp->config = config & (MMU_CONFIG_ENS | MMU_CONFIG_ABORTS);
    for ( n = 0; n < OMAP_DSP_MMUS; n++ )
        vmmu_route(dsp->mmu[n]->vmmu, !(config & MMU_CONFIG_EN(n)));
}

static bool is_config(const struct omap_dsp *dsp, const mmio_info_t *info)
{
    return info->gpa - dsp->base == MMU_CONFIG && info->dabt.size == 2;
}

/* Always handled: all but MMU_CONFIG reads as zero and ignores writes. */
static int dsp_read(struct vcpu *v, mmio_info_t *info, register_t *r,
                    void *priv)
{
    struct omap_dsp *dsp = priv;

    spin_lock(dsp->lock);
    *r = dsp->d == v->domain && is_config(dsp, info) ? dsp->config : 0;
    spin_unlock(dsp->lock);

    return 1;
}

static int dsp_write(struct vcpu *v, mmio_info_t *info, register_t r,
                     void *priv)
{
    struct omap_dsp *dsp = priv;

    spin_lock(dsp->lock);
    if ( dsp->d == v->domain && is_config(dsp, info) )
        set_config(dsp, r);
    spin_unlock(dsp->lock);

    return 1;
}

static const struct mmio_handler_ops dsp_ops = {
    .read = dsp_read,
    .write = dsp_write,
};

const char *omap_dsp_why_not(const struct omap_dsp *dsp, struct domain *d)
{
    unsigned int n;

    for ( n = 0; n < OMAP_DSP_MMUS; n++ )
        if ( !dsp->mmu[n] )
            return "one of the DSP's MMUs was not found (both must have nodes, and be "
                   "in its iommus)";
    if ( omap_window_is_others(d, dsp->base, dsp) ||
         omap_window_is_mapped(d, dsp->base) )
        return "the domain has memory or a device where DSP_SYSTEM is (take that page "
               "out of xen,reg, or of iomem=; a domain with this DSP must be "
               "direct-map)";

    return NULL;
}

void omap_dsp_open(struct omap_dsp *dsp, struct domain *d)
{
    omap_window_open(d, dsp->base, &dsp_ops, dsp);
}

void omap_dsp_give(struct omap_dsp *dsp, struct domain *d)
{
    dsp->d = d;
    dsp->config = 0;
}

void omap_dsp_reset(struct omap_dsp *dsp)
{
    set_config(dsp, 0);
}

/* The hardware */

bool omap_dsp_route(const struct omap_dsp *dsp)
{
    writel(MMU_CONFIG_ENS, dsp->regs + MMU_CONFIG);

    return (readl(dsp->regs + MMU_CONFIG) & MMU_CONFIG_ENS) == MMU_CONFIG_ENS;
}

/* Probe */

static const char *__init read_base(const struct dt_device_node *np,
                                    paddr_t *base)
{
    paddr_t size;

    return compat_device_address(np, base, &size) || *base & ~PAGE_MASK ||
                   size < MMU_CONFIG + sizeof(uint32_t) || size > PAGE_SIZE
               ? "DSP_SYSTEM's reg is not the start of a page (take that node from TI's "
                 "tree)"
               : NULL;
}

static const char *__init map_registers(struct omap_dsp *dsp)
{
    dsp->regs = ioremap_nocache(dsp->base, OMAP_DSP_BYTES);
    if ( !dsp->regs )
        return "DSP_SYSTEM or the EDMA beside it cannot be mapped (its reg must name "
               "addresses of the machine)";
    if ( omap_edma_init(&dsp->edma, dsp->regs) )
        return NULL;
    iounmap(dsp->regs);

    return "no memory below 4 GiB to end its EDMA's transfers in (free some)";
}

/* *dsp stays NULL if something is wrong. */
static const char *__init make(struct omap_dsp **dsp, spinlock_t *lock,
                               const struct dt_device_node *np, paddr_t base)
{
    struct omap_dsp *made;
    const char *wrong;

    if ( dt_device_used_by(np) == DOMID_XEN )
        return "another DSP has its DSP_SYSTEM (take ti,syscon-mmuconfig from TI's tree)";
    made = xzalloc(struct omap_dsp);
    if ( !made )
        return "no memory for its DSP's state (give Xen more)";
    made->np = np;
    made->lock = lock;
    made->base = base;
    wrong = map_registers(made);
    if ( wrong )
        xfree(made);
    else
        *dsp = made;

    return wrong;
}

const char *__init omap_dsp_probe(struct omap_dsp **dsp, spinlock_t *lock,
                                  struct omap_mmu *mmu)
{
    const char *name = "ti,syscon-mmuconfig";
    struct dt_device_node *np = dt_parse_phandle(mmu->np, name, 0);
    const char *wrong;
    uint32_t cell[2];
    paddr_t base = 0;

    if ( !np ||
         dt_property_read_variable_u32_array(mmu->np, name, cell, 2, 2) < 0 ||
         cell[1] >= OMAP_DSP_MMUS )
        return "its ti,syscon-mmuconfig is not <DSP_SYSTEM's node, 0 or 1> (take it from "
               "TI's tree)";
    wrong = read_base(np, &base);
    if ( wrong )
        return wrong;
    if ( mmu->base != base + (cell[1] + 1) * PAGE_SIZE )
        return "its ti,syscon-mmuconfig does not name the DSP_SYSTEM of the pages before its "
               "own, as 0 or 1 in that order (take it from TI's tree)";
    if ( *dsp && ((*dsp)->np != np || (*dsp)->mmu[cell[1]]) )
        return "the two MMUs of its DSP do not name one DSP_SYSTEM, one as 0 and one as 1 "
               "(take ti,syscon-mmuconfig from TI's tree)";
    wrong = *dsp ? NULL : make(dsp, lock, np, base);
    if ( wrong )
        return wrong;
    (*dsp)->mmu[cell[1]] = mmu;
    dt_device_set_used_by(np, DOMID_XEN);

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
