/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_DOMAIN_PAGE_H
#define FAKE_XEN_DOMAIN_PAGE_H

#include <xen/mm.h>

void *map_domain_page(mfn_t mfn);
void unmap_domain_page(const void *p);

static inline void *__map_domain_page(struct page_info *page)
{
    return map_domain_page(page_to_mfn(page));
}

#endif /* FAKE_XEN_DOMAIN_PAGE_H */
