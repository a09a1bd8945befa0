/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_ASM_P2M_H
#define FAKE_ASM_P2M_H

#include <xen/mm.h>
#include <xen/radix-tree.h>

#include <asm/lpae.h>

/* All types and kinds of access, as Xen 4.17 names them: names.py compares. */
#define P2M_TYPES(x) \
    x(p2m_invalid) x(p2m_ram_rw) x(p2m_ram_ro) x(p2m_mmio_direct_dev) \
        x(p2m_mmio_direct_nc) x(p2m_mmio_direct_c) x(p2m_map_foreign_rw) \
            x(p2m_map_foreign_ro) x(p2m_grant_map_rw) x(p2m_grant_map_ro) \
                x(p2m_iommu_map_rw) x(p2m_iommu_map_ro) x(p2m_max_real_type)

#define P2M_ACCESSES(x) \
    x(p2m_access_n) x(p2m_access_r) x(p2m_access_w) x(p2m_access_rw) \
        x(p2m_access_x) x(p2m_access_rx) x(p2m_access_wx) x(p2m_access_rwx) \
            x(p2m_access_rx2rw) x(p2m_access_n2rwx)

#define P2M_NAMED(name) name,

typedef enum {
    P2M_TYPES(P2M_NAMED)
} p2m_type_t;

typedef enum {
    P2M_ACCESSES(P2M_NAMED)
} p2m_access_t;

#define p2m_is_ram(t) ((t) == p2m_ram_rw || (t) == p2m_ram_ro)

/* As on 32-bit Arm: the root is two tables of the first level. */
#define P2M_ROOT_ORDER 1
#define P2M_ROOT_LEVEL 1
#define P2M_LEVELS     3
#define P2M_PAGES      (1ul << 28)

struct p2m_domain {
    unsigned int readers;
    bool written;
    void *mmus; /* the domain's first MMU, when the write lock was let go */

    struct page_info *root;
    gfn_t max_mapped_gfn;
    bool mem_access_enabled;
    p2m_access_t default_access;
    struct radix_tree_root mem_access_settings;
};

#define p2m_get_hostp2m(d) (&(d)->arch.p2m)
typedef unsigned int p2m_query_t;
#define P2M_ALLOC ((p2m_query_t)1)

void p2m_read_lock(struct p2m_domain *p2m);
void p2m_read_unlock(struct p2m_domain *p2m);
void p2m_write_lock(struct p2m_domain *p2m);
void p2m_write_unlock(struct p2m_domain *p2m);
int p2m_is_locked(struct p2m_domain *p2m);
mfn_t p2m_lookup(struct domain *d, gfn_t gfn, p2m_type_t *t);
mfn_t p2m_get_entry(struct p2m_domain *p2m, gfn_t gfn, p2m_type_t *t,
                    p2m_access_t *a, unsigned int *page_order, bool *valid);
bool p2m_resolve_translation_fault(struct domain *d, gfn_t gfn);
struct page_info *get_page_from_gfn(struct domain *d, unsigned long gfn,
                                    p2m_type_t *t, p2m_query_t q);

#endif /* FAKE_ASM_P2M_H */
