/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_DOMAIN_PAGE_H
#define FAKE_XEN_DOMAIN_PAGE_H

#include <xen/mm.h>

void *__map_domain_page(struct page_info *page);
void unmap_domain_page(const void *p);

#endif /* FAKE_XEN_DOMAIN_PAGE_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
