/* SPDX-License-Identifier: GPL-2.0-only */
#include <asm/p2m.h>

#include "window.h"

static paddr_t window_size(paddr_t base)
{
    return PAGE_SIZE - (base & ~PAGE_MASK);
}

static bool is_trapped(const struct domain *d, paddr_t base, paddr_t size,
                       const void *owner, bool by_owner)
{
    unsigned int i;

    for ( i = 0; i < d->arch.vmmio.num_entries; i++ )
    {
        const struct mmio_handler *h = &d->arch.vmmio.handlers[i];

        if ( (h->priv == owner) == by_owner && h->addr < base + size &&
             base < h->addr + h->size )
            return true;
    }

    return false;
}

bool omap_window_is_others(const struct domain *d, paddr_t base,
                           const void *owner)
{
    return is_trapped(d, base, window_size(base), owner, false);
}

bool omap_windows_are_others(const struct domain *d, paddr_t base, paddr_t size,
                             const void *owner)
{
    return is_trapped(d, base, size, owner, false);
}

bool omap_window_is_mapped(struct domain *d, paddr_t base)
{
    p2m_type_t t;

    return !mfn_eq(p2m_lookup(d, gaddr_to_gfn(base), &t), INVALID_MFN);
}

unsigned int omap_window_needs(const struct domain *d, paddr_t base,
                               const void *owner)
{
    return is_trapped(d, base, window_size(base), owner, true) ? 0 : 1;
}

bool omap_windows_fit(const struct domain *d, unsigned int needed)
{
    return d->arch.vmmio.num_entries + needed <= d->arch.vmmio.max_num_entries;
}

bool omap_window_fits(const struct domain *d, paddr_t base, const void *owner)
{
    return omap_windows_fit(d, omap_window_needs(d, base, owner));
}

void omap_window_open(struct domain *d, paddr_t base,
                      const struct mmio_handler_ops *ops, void *owner)
{
    omap_windows_open(d, base, window_size(base), ops, owner);
}

void omap_windows_open(struct domain *d, paddr_t base, paddr_t size,
                       const struct mmio_handler_ops *ops, void *owner)
{
    if ( !is_trapped(d, base, size, owner, true) )
        register_mmio_handler(d, ops, base, size, owner);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
