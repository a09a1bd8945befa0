/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages that the domain has by Xen or by a grant, and that are not its RAM. A Linux with
 * support for Xen has a grant table already, and a page of its own for shared_info.
 */
#include <linux/io.h>
#include <xen/grant_table.h>
#include <xen/interface/xen.h>
#include <xen/interface/event_channel.h>
#include <xen/interface/grant_table.h>
#include <xen/interface/memory.h>
#include <asm/xen/hypercall.h>
#include <xen/page.h>
#include <xen/xen.h>

#include "test.h"

/* By the node /hypervisor of its tree. A domain made by Xen itself has none. */
bool linux_knows_xen(void)
{
    return xen_domain();
}

static int add_to_physmap(unsigned int space, unsigned long index, u32 ipa)
{
    struct xen_add_to_physmap add = {
        .domid = DOMID_SELF,
        .space = space,
        .idx = index,
        .gpfn = ipa >> XEN_PAGE_SHIFT,
    };

    return HYPERVISOR_memory_op(XENMEM_add_to_physmap, &add);
}

int map_shared_info(u32 ipa)
{
    return add_to_physmap(XENMAPSPACE_shared_info, 0, ipa);
}

/* Xen makes the table larger for it: none that Linux uses. */
static int next_frame(unsigned long *index)
{
    struct gnttab_query_size query = { .dom = DOMID_SELF };
    int rc = HYPERVISOR_grant_table_op(GNTTABOP_query_size, &query, 1);

    *index = query.nr_frames;
    return rc ?: query.status;
}

int map_grant_frame(u32 ipa)
{
    unsigned long index = 0;
    int rc = linux_knows_xen() ? next_frame(&index) : 0;

    return rc ?: add_to_physmap(XENMAPSPACE_grant_table, index, ipa);
}

int unmap_page(u32 ipa)
{
    struct xen_remove_from_physmap r = {
        .domid = DOMID_SELF,
        .gpfn = ipa >> XEN_PAGE_SHIFT,
    };

    return HYPERVISOR_memory_op(XENMEM_remove_from_physmap, &r);
}

/* No hypercall asks for it, but Xen decides who may bind to a port. */
static int own_domid(domid_t *id)
{
    struct evtchn_alloc_unbound alloc = {
        .dom = DOMID_SELF,
        .remote_dom = DOMID_SELF,
    };
    struct evtchn_status status = { .dom = DOMID_SELF };
    struct evtchn_close end;
    int rc = HYPERVISOR_event_channel_op(EVTCHNOP_alloc_unbound, &alloc);

    if ( rc )
        return rc;

    status.port = end.port = alloc.port;
    rc = HYPERVISOR_event_channel_op(EVTCHNOP_status, &status);
    *id = status.u.unbound.dom;

    return HYPERVISOR_event_channel_op(EVTCHNOP_close, &end) ?: rc;
}

/* Writes an entry of the first frame, for a Linux that has no grant table. */
static int set_entry(u32 table, grant_ref_t ref, domid_t to, u32 ipa, u16 flags)
{
    struct grant_entry_v1 *entries = memremap(table, SZ_4K, MEMREMAP_WB);

    if ( !entries )
        return -ENOMEM;

    entries[ref].domid = to;
    entries[ref].frame = ipa >> XEN_PAGE_SHIFT;
    wmb();
    entries[ref].flags = flags;
    memunmap(entries);

    return 0;
}

/* The first entry that the ABI does not reserve. */
#define FIRST_REF 8

static int grant(struct grant *g, domid_t to)
{
    int rc;

    if ( linux_knows_xen() )
    {
        rc = gnttab_grant_foreign_access(to, g->page >> XEN_PAGE_SHIFT, 0);
        g->ref = rc;
        return min(rc, 0);
    }

    g->ref = FIRST_REF;
    rc = map_grant_frame(g->table);
    if ( rc )
        return rc;
    rc = set_entry(g->table, g->ref, to, g->page, GTF_permit_access);
    if ( rc )
        unmap_page(g->table);

    return rc;
}

static int take_back(const struct grant *g)
{
    if ( linux_knows_xen() )
    {
        if ( !gnttab_end_foreign_access_ref(g->ref) )
            return -EBUSY;
        gnttab_free_grant_reference(g->ref);
        return 0;
    }

    return set_entry(g->table, g->ref, 0, 0, 0) ?: unmap_page(g->table);
}

int grant_to_ourselves(struct grant *g)
{
    struct gnttab_map_grant_ref map = {
        .host_addr = g->mapped,
        .flags = GNTMAP_host_map,
    };
    int rc = own_domid(&map.dom) ?: grant(g, map.dom);

    if ( rc )
        return rc;

    map.ref = g->ref;
    rc = HYPERVISOR_grant_table_op(GNTTABOP_map_grant_ref, &map, 1)
             ?: map.status;
    g->handle = map.handle;
    if ( rc )
        take_back(g);

    return rc;
}

int end_grant(const struct grant *g)
{
    struct gnttab_unmap_grant_ref unmap = {
        .host_addr = g->mapped,
        .handle = g->handle,
    };
    int rc = HYPERVISOR_grant_table_op(GNTTABOP_unmap_grant_ref, &unmap, 1);

    return rc ?: unmap.status ?: take_back(g);
}
