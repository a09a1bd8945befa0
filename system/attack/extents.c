/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Extents: parts of the arena that are given back by one hypercall, and got back by
 * others. Each vCPU has some, in its own half.
 *
 * What is given back unannounced, its p2m entries made invalid by set/way operations, counts
 * as the guest's until the IPA is heard of again: Xen may hold that the guest has all its
 * memory, and refuse more. So one extent, the reserve, is not there all the while.
 */
#include <stdint.h>

#include <public/memory.h>

#include "attack.h"

#define EXTENTS_COUNT 2
#define RESERVE_N     EXTENTS_COUNT /* behind the first vCPU's */

#define PATIENCE 60 /* seconds without a page, until it is given up */

struct extent {
    uint32_t first; /* page of it that is not there, ... */
    uint32_t pages; /* ... and how many are not */
};

static volatile struct extent extents[2][EXTENTS_COUNT + 1];

uint32_t arena(uint32_t vcpu)
{
    return parameters.memory + ARENA + vcpu * ARENA_HALF;
}

static bool overlaps(const volatile struct extent *e, uint32_t first,
                     uint32_t pages)
{
    return e->pages && e->first < first + pages * PAGE &&
           first < e->first + e->pages * PAGE;
}

bool extent_give(uint32_t vcpu, uint32_t n, uint32_t first, uint32_t order)
{
    volatile struct extent *e = &extents[vcpu][n];
    uint32_t pages = 1u << order, i;
    bool done = change_pages(XENMEM_decrease_reservation, first, order);

    /* Xen may have got half way: after this no page of it is there. */
    if ( !done )
        for ( i = 0; i < pages; i++ )
            change_pages(XENMEM_decrease_reservation, first + i * PAGE, 0);
    e->first = first;
    e->pages = pages;

    return done;
}

bool extent_get(uint32_t vcpu, uint32_t n, uint32_t order)
{
    volatile struct extent *e = &extents[vcpu][n];
    uint32_t got = get_pages(e->first, order, e->pages >> order);

    e->first += (got << order) * PAGE;
    e->pages -= got << order;

    return got;
}

uint32_t extent_missing(uint32_t vcpu, uint32_t n)
{
    return extents[vcpu][n].pages;
}

/* Anywhere in the vCPU's half, mostly not aligned, and not where another one is. */
static bool give_any(struct attacker *a, uint32_t n)
{
    uint32_t order = below(a, EXTENT_MAX_ORDER + 1), pages = 1u << order, i;
    uint32_t page = below(a, ARENA_HALF / PAGE - pages + 1);
    uint32_t first;

    if ( !below(a, 4) )
        page &= ~(pages - 1);
    first = arena(a->vcpu) + page * PAGE;
    for ( i = 0; i < EXTENTS_COUNT; i++ )
        if ( overlaps(&extents[a->vcpu][i], first, pages) )
            return false;

    return extent_give(a->vcpu, n, first, order);
}

/* The largest piece of it: its order. */
static uint32_t largest(uint32_t vcpu, uint32_t n)
{
    return 31 - (uint32_t)__builtin_clz(extent_missing(vcpu, n));
}

/* In one piece, or in pieces of another order. */
static bool get_any(struct attacker *a, uint32_t n)
{
    uint32_t order = largest(a->vcpu, n);

    return extent_get(a->vcpu, n, any(a) & 1 ? order : below(a, order + 1));
}

bool extent_toggle(struct attacker *a)
{
    uint32_t n = below(a, EXTENTS_COUNT);

    return extent_missing(a->vcpu, n) ? get_any(a, n) : give_any(a, n);
}

static void pause(void)
{
    ticks_t end = now() + seconds(1);

    while ( now() < end )
        continue;
}

/*
 * In large pieces, or else page by page. References may still be on their way back: Xen
 * gives them back when the MMU's share of time allows it, on a busy machine much later. Each
 * refusal is a message of Xen's: not without end.
 */
static bool end(uint32_t vcpu, uint32_t n)
{
    ticks_t last = now() + seconds(PATIENCE);
    bool large = true;

    while ( extent_missing(vcpu, n) && now() < last )
        if ( extent_get(vcpu, n, large ? largest(vcpu, n) : 0) )
            last = now() + seconds(PATIENCE);
        else
        {
            large = false;
            pause();
        }

    return !extent_missing(vcpu, n);
}

bool extents_end(uint32_t vcpu)
{
    bool all = true;
    uint32_t n;

    for ( n = 0; n < EXTENTS_COUNT; n++ )
        all = end(vcpu, n) && all;

    return all;
}

void extents_init(void)
{
    extent_give(0, RESERVE_N, parameters.memory + RESERVE, EXTENT_MAX_ORDER);
}

bool extents_end_reserve(void)
{
    return end(0, RESERVE_N);
}

bool extents_lack(uint32_t page)
{
    uint32_t vcpu, n;

    for ( vcpu = 0; vcpu < 2; vcpu++ )
        for ( n = 0; n <= EXTENTS_COUNT; n++ )
            if ( overlaps(&extents[vcpu][n], page, 1) )
                return true;

    return false;
}
