/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_VMAP_H
#define FAKE_XEN_VMAP_H

#include <xen/mm.h>

enum vmap_region {
    VMAP_DEFAULT,
};

#define PAGE_HYPERVISOR 1u

void *__vmap(const mfn_t *mfn, unsigned int granularity, unsigned int nr,
             unsigned int align, unsigned int flags, enum vmap_region region);
void vunmap(const void *p);
void iounmap(void __iomem *va);
void *vzalloc(size_t size);
void vfree(void *va);

#endif /* FAKE_XEN_VMAP_H */
