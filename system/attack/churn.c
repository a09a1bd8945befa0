/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Abuse of the memory map: pages that the processors' tables name are given back to
 * Xen and got back, pages are mapped by grants and taken away.
 *
 * Not possible: XENMAPSPACE_gmfn_foreign of the neighbour (Xen refuses it to a guest;
 * it is asked for all the same). DOMID_SELF as a grant's owner: Xen 4.17 looks the
 * domain up by its number, so that the guest names itself by that.
 */
#include <stdint.h>

#include <public/grant_table.h>
#include <public/memory.h>

#include "attack.h"

#define BLOCK_SHIFT 16 /* 64 KiB */

/* Each a vCPU's own. */
static volatile bool given_back[HOLES_COUNT];
static volatile bool block_given_back[2];

static void count(struct attacker *a, bool done)
{
    a->churns += done;
    a->churns_refused += !done;
}

static void toggle(struct attacker *a, uint32_t n)
{
    unsigned int op =
        given_back[n] ? XENMEM_populate_physmap : XENMEM_decrease_reservation;
    bool done = change_pages(op, hole(n), 0);

    if ( done )
        given_back[n] = !given_back[n];
    count(a, done);
}

static void toggle_extent(struct attacker *a)
{
    bool done = extent_toggle(a);

    a->extents += done;
    count(a, done);
}

/* A vCPU's own, so that each knows how its pages stand. */
static uint32_t own_hole(struct attacker *a)
{
    return (below(a, HOLES_COUNT) & ~1u) | a->vcpu;
}

/* A block above all holes, in one piece: 64 KiB that may become one large page. */
static uint32_t block(uint32_t vcpu)
{
    return parameters.memory + MEMORY_SIZE - ((vcpu + 1) << BLOCK_SHIFT);
}

static void change_block(struct attacker *a, unsigned int op)
{
    bool done = change_pages(op, block(a->vcpu), BLOCK_SHIFT - 12);

    if ( done )
        block_given_back[a->vcpu] = op == XENMEM_decrease_reservation;
    count(a, done);
}

static void toggle_block(struct attacker *a)
{
    if ( !block_given_back[a->vcpu] )
        change_block(a, XENMEM_decrease_reservation);
    change_block(a, XENMEM_populate_physmap);
}

bool is_given_back(uint32_t page)
{
    uint32_t n;

    for ( n = 0; n < HOLES_COUNT; n++ )
        if ( given_back[n] && hole(n) == page )
            return true;
    for ( n = 0; n < 2; n++ )
        if ( block_given_back[n] &&
             page >> BLOCK_SHIFT == block(n) >> BLOCK_SHIFT )
            return true;

    return extents_lack(page);
}

static bool map_grant(uint32_t domain, uint32_t ref, uint32_t ipa,
                      uint32_t flags, grant_handle_t *handle)
{
    struct gnttab_map_grant_ref map = {
        .host_addr = ipa,
        .flags = GNTMAP_host_map | flags,
        .ref = ref,
        .dom = domain,
    };

    hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_map_grant_ref, &map, 1);
    *handle = map.handle;

    return map.status == GNTST_okay;
}

static bool unmap_grant(uint32_t ipa, grant_handle_t handle)
{
    struct gnttab_unmap_grant_ref unmap = {
        .host_addr = ipa,
        .handle = handle,
    };

    hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_unmap_grant_ref, &unmap, 1);

    return unmap.status == GNTST_okay;
}

/* Whose page a vCPU maps: the first one ours, the second the neighbour's. */
static uint32_t grantor(struct attacker *a)
{
    return a->vcpu ? parameters.neighbour : parameters.self;
}

/* As many at once as Xen unmaps without a look at whether somebody else is to run. */
static void map_grants(struct attacker *a, struct gnttab_unmap_grant_ref *unmap,
                       uint32_t *mapped)
{
    struct gnttab_map_grant_ref map[GRANTS_COUNT];
    uint32_t i;

    for ( i = 0; i < GRANTS_COUNT; i++ )
        map[i] = (struct gnttab_map_grant_ref){
            .host_addr = spread_grant(a->vcpu * GRANTS_COUNT + i),
            .flags = GNTMAP_host_map,
            .ref = GRANT_REF,
            .dom = grantor(a),
            .status = GNTST_general_error,
        };
    hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_map_grant_ref, map,
              GRANTS_COUNT);
    for ( i = 0; i < GRANTS_COUNT; i++ )
        if ( map[i].status == GNTST_okay )
            unmap[(*mapped)++] = (struct gnttab_unmap_grant_ref){
                .host_addr = map[i].host_addr,
                .handle = map[i].handle,
            };
}

static void toggle_spread_grants(struct attacker *a)
{
    static struct gnttab_unmap_grant_ref unmap[2][GRANTS_COUNT];
    static uint32_t mapped[2];
    uint32_t *n = &mapped[a->vcpu];
    bool done;

    if ( *n )
    {
        done = !hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_unmap_grant_ref,
                          unmap[a->vcpu], *n);
        *n = 0;
    }
    else
    {
        map_grants(a, unmap[a->vcpu], n);
        done = *n;
        a->grants += *n;
    }
    count(a, done);
}

/* Ours and the neighbour's; writable, or to be read only. */
static void toggle_grant(struct attacker *a)
{
    static struct {
        bool mapped;
        grant_handle_t handle;
    } grants[2];
    uint32_t n =
        a->vcpu; /* the first vCPU has ours, the second the neighbour's */
    uint32_t ipa = n ? GRANTED_FOREIGN : GRANTED_SELF;
    bool done;

    if ( grants[n].mapped )
        done = unmap_grant(ipa, grants[n].handle);
    else
        done = map_grant(grantor(a), GRANT_REF, ipa,
                         any(a) & 1 ? GNTMAP_readonly : 0, &grants[n].handle);
    if ( done )
        grants[n].mapped = !grants[n].mapped;
    a->grants += done && grants[n].mapped;
    count(a, done);
}

/* Pages that are Xen's and ours; the p2m's entries are made, and made again. */
static void share(struct attacker *a)
{
    if ( any(a) & 1 )
        count(a, !share_page(XENMAPSPACE_shared_info, SHARED_INFO));
    else
        count(a, !share_page(XENMAPSPACE_grant_table, GRANT_TABLE));
}

static void foreign(struct attacker *a)
{
    xen_ulong_t idx = (parameters.memory + below(a, 16) * PAGE) >> 12;
    xen_pfn_t gpfn = FOREIGN >> 12;
    int error = 0;
    struct xen_add_to_physmap_batch add = {
        .domid = DOMID_SELF,
        .space = XENMAPSPACE_gmfn_foreign,
        .size = 1,
        .u.foreign_domid = parameters.neighbour,
        .idxs.p = &idx,
        .gpfns.p = &gpfn,
        .errs.p = &error,
    };
    long rc =
        hypercall(__HYPERVISOR_memory_op, XENMEM_add_to_physmap_batch, &add, 0);

    if ( !rc && !error )
        say("not ok - guest-runs: the neighbour's memory was given away");
    count(a, false);
}

/*
 * The vCPU's own MMU, for a moment: each address is itself, memory that is not cached.
 * Each vCPU writes the same words.
 */
static void blink(void)
{
    static volatile uint32_t flat[4096] __attribute__((aligned(0x4000)));
    uint32_t i, control;

    for ( i = 0; i < 4096; i++ )
        flat[i] = i << 20 | 0x1c02;
    asm volatile("mcr p15, 0, %1, c2, c0, 0\n\t" /* TTBR0 */
                 "mcr p15, 0, %2, c2, c0, 2\n\t" /* TTBCR */
                 "mcr p15, 0, %3, c3, c0, 0\n\t" /* DACR */
                 "mcr p15, 0, %2, c8, c7, 0\n\t" /* TLBIALL */
                 "dsb\n\tisb\n\t"
                 "mrc p15, 0, %0, c1, c0, 0\n\t" /* SCTLR: M and C */
                 "orr %0, %0, #5\n\t"
                 "mcr p15, 0, %0, c1, c0, 0\n\t"
                 "isb\n\t"
                 "bic %0, %0, #5\n\t"
                 "mcr p15, 0, %0, c1, c0, 0\n\t"
                 "isb"
                 : "=&r"(control)
                 : "r"(flat), "r"(0), "r"(1)
                 : "memory");
}

/*
 * Set/way operations, where the machine lets Xen trap them: Xen cleans all the guest's
 * memory, and makes all entries of its p2m invalid. It does so once, and again only when
 * the vCPU has switched its caches on.
 */
static void clean_by_set_way(struct attacker *a)
{
    asm volatile("mcr p15, 0, %0, c7, c14, 2; dsb" ::"r"(0) : "memory");
    blink();
    count(a, true);
}

void churn_init(void)
{
    if ( share_page(XENMAPSPACE_grant_table, GRANT_TABLE) )
        say("not ok - guest-runs: no grant table");
    grant_page(GRANT_TABLE, GRANT_REF, parameters.self, hole(0) + PAGE);
    extents_init();
}

void churn(struct attacker *a)
{
    switch ( below(a, 32) )
    {
    case 0 ... 15:
        toggle(a, own_hole(a));
        break;
    case 16 ... 18:
        toggle_block(a);
        break;
    case 19 ... 22:
        toggle_extent(a);
        break;
    case 23 ... 26:
        toggle_spread_grants(a);
        break;
    case 27 ... 28:
        toggle_grant(a);
        break;
    case 29:
        share(a);
        break;
    case 30:
        clean_by_set_way(a);
        break;
    default:
        foreign(a);
        break;
    }
}

void churn_end(struct attacker *a)
{
    uint32_t n;

    for ( n = a->vcpu; n < HOLES_COUNT; n += 2 )
        if ( given_back[n] )
            toggle(a, n);
    if ( block_given_back[a->vcpu] )
        change_block(a, XENMEM_populate_physmap);
    if ( !extents_end(a->vcpu) )
        say("not ok - memory-got-back: vCPU %u lacks some of its memory",
            a->vcpu);
}
