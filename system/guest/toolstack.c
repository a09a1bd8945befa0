/* SPDX-License-Identifier: GPL-2.0-only */
/* Linux has no declaration of the domain control calls: they are from Xen's headers. */
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/string.h>

/* A name that both have. */
#undef PSR_IT_MASK
#define __XEN_TOOLS__
#include <public/domctl.h>
#include <public/grant_table.h>
#include <public/memory.h>

#include "toolstack.h"

/* From Xen 4.22 on; up to there 0 asked for any number that is free. */
#ifndef DOMID_ANY
#define DOMID_ANY 0
#endif

#define DOM0       0
#define PAGE_BITS  12
#define MAX_EXTENT 32

/* For the tables that map its memory; up to 4.17 Xen gives a few itself. */
#define TABLE_PAGES 64

/* Linux's. */
long privcmd_call(unsigned int call, unsigned long a1, unsigned long a2,
                  unsigned long a3, unsigned long a4, unsigned long a5);

static struct xen_domctl op;

static struct xen_domctl *begin(void)
{
    memset(&op, 0, sizeof(op));
    return &op;
}

static int domctl(u32 cmd, u16 domain)
{
    op.cmd = cmd;
    op.interface_version = XEN_DOMCTL_INTERFACE_VERSION;
    op.domain = domain;

    return privcmd_call(__HYPERVISOR_domctl, (unsigned long)&op, 0, 0, 0, 0);
}

static long memory_op(unsigned int cmd, void *arg)
{
    return privcmd_call(__HYPERVISOR_memory_op, cmd, (unsigned long)arg, 0, 0,
                        0);
}

int domain_has_shut_down(u16 domain, bool *shut_down)
{
    int rc;

    begin();
    rc = domctl(XEN_DOMCTL_getdomaininfo, domain);
    *shut_down = op.u.getdomaininfo.flags & XEN_DOMINF_shutdown;

    return rc;
}

/* Xen asks to be called again while there is more to tear down. */
int domain_destroy(u16 domain)
{
    int rc;

    do
    {
        begin();
        rc = domctl(XEN_DOMCTL_destroydomain, domain);
    }
    while ( rc == -EAGAIN || rc == -ERESTART );

    return rc;
}

int domain_create(u16 *domain, u32 spis)
{
    struct xen_domctl_createdomain *create = &begin()->u.createdomain;
    int rc;

    create->flags =
        XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap | XEN_DOMCTL_CDF_iommu;
    create->max_vcpus = 1;
    create->max_grant_frames = -1;
    create->max_maptrack_frames = -1;
    create->grant_opts = XEN_DOMCTL_GRANT_version(1);
    create->arch.gic_version = XEN_DOMCTL_CONFIG_GIC_NATIVE;
    create->arch.nr_spis = spis;
    rc = domctl(XEN_DOMCTL_createdomain, DOMID_ANY);
    if ( rc )
        return rc;
    *domain = op.domain;

    begin()->u.max_vcpus.max = 1;
    return domctl(XEN_DOMCTL_max_vcpus, *domain);
}

int domain_populate(u16 domain, u32 ipa, unsigned int pages)
{
    struct xen_memory_reservation r = { .nr_extents = pages, .domid = domain };
    xen_pfn_t gfn[MAX_EXTENT];
    unsigned int i;
    int rc;

    if ( pages > MAX_EXTENT )
        return -E2BIG;

    begin()->u.max_mem.max_memkb = pages << (PAGE_BITS - 10);
    rc = domctl(XEN_DOMCTL_max_mem, domain);
    if ( rc )
        return rc;

    begin()->u.paging_mempool.size = TABLE_PAGES << PAGE_BITS;
    rc = domctl(XEN_DOMCTL_set_paging_mempool_size, domain);
    if ( rc )
        return rc;

    for ( i = 0; i < pages; i++ )
        gfn[i] = (ipa >> PAGE_BITS) + i;
    set_xen_guest_handle(r.extent_start, gfn);

    return memory_op(XENMEM_populate_physmap, &r) == pages ? 0 : -ENOMEM;
}

int domain_assign(u16 domain, const char *device)
{
    struct xen_domctl_assign_device *assign = &begin()->u.assign_device;

    assign->dev = XEN_DOMCTL_DEV_DT;
    /* With its end, for which Xen asks from 4.23 on. */
    assign->u.dt.size = strlen(device) + 1;
    set_xen_guest_handle(assign->u.dt.path, (char *)device);

    return domctl(XEN_DOMCTL_assign_device, domain);
}

static int borrow_page(u16 domain, u32 ipa, u32 ours)
{
    struct xen_add_to_physmap_batch add = {
        .domid = DOMID_SELF,
        .space = XENMAPSPACE_gmfn_foreign,
        .size = 1,
        .u.foreign_domid = domain,
    };
    xen_ulong_t from = ipa >> PAGE_BITS;
    xen_pfn_t to = ours >> PAGE_BITS;
    int error = 0;

    set_xen_guest_handle(add.idxs, &from);
    set_xen_guest_handle(add.gpfns, &to);
    set_xen_guest_handle(add.errs, &error);

    return memory_op(XENMEM_add_to_physmap_batch, &add) ?: error;
}

int borrow_memory(u16 domain, u32 ipa, unsigned int pages, u32 ours)
{
    unsigned int i;
    int rc = 0;

    for ( i = 0; i < pages && !rc; i++ )
        rc = borrow_page(domain, ipa + (i << PAGE_BITS),
                         ours + (i << PAGE_BITS));

    return rc;
}

int return_memory(u32 ours, unsigned int pages)
{
    struct xen_remove_from_physmap r = { .domid = DOMID_SELF };
    unsigned int i;
    int rc = 0, one;

    for ( i = 0; i < pages; i++ )
    {
        r.gpfn = (ours >> PAGE_BITS) + i;
        one = memory_op(XENMEM_remove_from_physmap, &r);
        rc = rc ?: one;
    }

    return rc;
}

static int grant_op(unsigned int cmd, void *arg)
{
    return privcmd_call(__HYPERVISOR_grant_table_op, cmd, (unsigned long)arg, 1,
                        0, 0);
}

/* The first entry that the ABI does not reserve. */
#define GRANT_REF 8

/* The first frame of the domain's grant table is mapped at `ours`, for a moment. */
static int write_entry(u32 ours, u32 ipa)
{
    grant_entry_v1_t *entries = memremap(ours, 1 << PAGE_BITS, MEMREMAP_WB);

    if ( !entries )
        return -ENOMEM;

    entries[GRANT_REF].domid = DOM0;
    entries[GRANT_REF].frame = ipa >> PAGE_BITS;
    wmb();
    entries[GRANT_REF].flags = GTF_permit_access;
    memunmap(entries);

    return 0;
}

static int make_grant(u16 domain, u32 ipa, u32 table, u32 ours)
{
    struct xen_add_to_physmap add = {
        .domid = domain,
        .space = XENMAPSPACE_grant_table,
        .gpfn = table >> PAGE_BITS,
    };
    int rc = memory_op(XENMEM_add_to_physmap, &add)
                 ?: borrow_page(domain, table, ours);

    if ( rc )
        return rc;

    rc = write_entry(ours, ipa);

    return return_memory(ours, 1) ?: rc;
}

int grant_page(u16 domain, u32 ipa, u32 table, struct granted *g)
{
    struct gnttab_map_grant_ref map = {
        .host_addr = g->ours,
        .flags = GNTMAP_host_map,
        .ref = GRANT_REF,
        .dom = domain,
    };
    int rc = make_grant(domain, ipa, table, g->ours)
                 ?: grant_op(GNTTABOP_map_grant_ref, &map);

    g->machine = map.dev_bus_addr;
    g->handle = map.handle;

    return rc ?: map.status;
}

int ungrant_page(const struct granted *g)
{
    struct gnttab_unmap_grant_ref unmap = {
        .host_addr = g->ours,
        .handle = g->handle,
    };

    return grant_op(GNTTABOP_unmap_grant_ref, &unmap) ?: unmap.status;
}

int map_device(u32 address)
{
    struct xen_domctl_memory_mapping *map = &begin()->u.memory_mapping;

    map->first_gfn = map->first_mfn = address >> PAGE_BITS;
    map->nr_mfns = 1;
    map->add_mapping = 1;

    return domctl(XEN_DOMCTL_memory_mapping, DOM0);
}
