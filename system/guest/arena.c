/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory that the processors write to. */
#include <linux/io.h>
#include <linux/module.h>
#include <xen/interface/xen.h>
#include <xen/interface/memory.h>
#include <asm/xen/hypercall.h>
#include <xen/page.h>

#include "test.h"

static unsigned int base;
module_param_named(arena, base, uint, 0);
MODULE_PARM_DESC(arena,
                 "guest-physical address of 16 MiB that Linux leaves alone");

static u32 *arena;

static u32 pattern(u32 offset)
{
    return 0xb0000000 | offset;
}

int arena_init(void)
{
    /* Not cached: the processors see memory, not our cache. */
    arena = memremap(base, ARENA_SIZE, MEMREMAP_WC);
    if ( !arena )
        return -ENOMEM;

    arena_reset();
    return 0;
}

void arena_exit(void)
{
    memunmap(arena);
}

u32 arena_ipa(u32 offset)
{
    return base + offset;
}

u32 *arena_at(u32 offset)
{
    return arena + offset / sizeof(*arena);
}

static void restore(u32 offset, u32 len)
{
    u32 o;

    for ( o = offset; o < offset + len; o += 4 )
        *arena_at(o) = pattern(o);
    wmb();
}

void arena_reset(void)
{
    restore(0, ARENA_SIZE);
}

void arena_fill(u32 offset, u32 len, u32 value)
{
    u32 o;

    for ( o = offset; o < offset + len; o += 4 )
        *arena_at(o) = value;
    wmb();
}

bool arena_take(u32 offset, u32 len, u32 value)
{
    u32 o;

    for ( o = offset; o < offset + len; o += 4 )
        if ( *arena_at(o) != value )
        {
            pr_notice("arena: ipa %08x holds %08x, not %08x\n", arena_ipa(o),
                      *arena_at(o), value);
            return false;
        }

    restore(offset, len);
    return true;
}

bool arena_untouched(void)
{
    u32 o;

    for ( o = UNITS * LIST_SIZE; o < ARENA_SIZE; o += 4 )
        if ( *arena_at(o) != pattern(o) )
        {
            pr_notice("arena: ipa %08x was written: %08x\n", arena_ipa(o),
                      *arena_at(o));
            return false;
        }

    return true;
}

static int reservation(unsigned int op, u32 offset)
{
    xen_pfn_t gfn = arena_ipa(offset) >> XEN_PAGE_SHIFT;
    struct xen_memory_reservation r = {
        .nr_extents = 1,
        .domid = DOMID_SELF,
    };

    set_xen_guest_handle(r.extent_start, &gfn);
    return HYPERVISOR_memory_op(op, &r) == 1 ? 0 : -EIO;
}

int arena_balloon_out(u32 offset)
{
    return reservation(XENMEM_decrease_reservation, offset);
}

int arena_balloon_in(u32 offset)
{
    return reservation(XENMEM_populate_physmap, offset);
}
