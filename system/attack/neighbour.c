/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The neighbour: all its RAM but the program's 16 MiB holds a pattern, which it checks without
 * end. Each second it prints its pace: pages checked, and how long it ran and was kept from
 * running, by Xen's own account, in units of 2^20 ns.
 *
 * All the while it gives pages back to Xen and gets others, so that what the attacker
 * gave back comes to be its own: which nobody else may write then.
 *
 * One page of it is granted to the attacker: in that one's memory map, yet not its own.
 */
#include <stdint.h>

#include <public/memory.h>
#include <public/vcpu.h>

#include "guest.h"

#define PAGES       0x10000 /* as many as it could have */
#define EXCHANGED   32      /* so many are out at a time */
#define CHECKED     512     /* from one exchange to the next */
#define GRANT_TABLE 0x60001000

static struct vcpu_runstate_info runstate;

static bool out[PAGES]; /* by page of its RAM: not there now */

static void plant(uint32_t from, uint32_t to)
{
    uint32_t a;

    for ( a = from; a != to; a += 4 )
        write32(a, pattern(a, NEIGHBOUR_SALT));
}

static void check_page(uint32_t page)
{
    uint32_t a;

    if ( out[(page - parameters.memory) / PAGE] )
        return;

    for ( a = page; a != page + PAGE; a += 4 )
        if ( read32(a) != pattern(a, NEIGHBOUR_SALT) )
        {
            say("not ok - neighbour-intact: its ipa %x holds %x", a, read32(a));
            write32(a, pattern(a, NEIGHBOUR_SALT));
        }
}

/* One page comes, of those that are out, and another goes; never the granted one. */
static void exchange(uint32_t count)
{
    static uint32_t ring[EXCHANGED];
    static uint32_t turn;
    uint32_t *place = &ring[turn % EXCHANGED];
    uint32_t n = 1 + turn++ * 37 % (count - 1);
    uint32_t page = parameters.memory + n * PAGE;

    if ( *place )
    {
        if ( !change_pages(XENMEM_populate_physmap, *place, 0) )
            return;
        plant(*place, *place + PAGE);
        out[(*place - parameters.memory) / PAGE] = false;
        *place = 0;
    }

    check_page(page);
    if ( out[n] || !change_pages(XENMEM_decrease_reservation, page, 0) )
        return;
    out[n] = true;
    *place = page;
}

/* Since last time. */
static uint32_t spent(unsigned int state)
{
    static uint64_t before[4];
    uint64_t total = *(volatile uint64_t *)&runstate.time[state];
    uint32_t units = (total - before[state]) >> 20;

    before[state] = total;

    return units;
}

void guest_main(uint32_t vcpu)
{
    struct vcpu_register_runstate_memory_area area = {
        .addr.p = (uint32_t)&runstate,
    };
    uint32_t first = parameters.memory;
    uint32_t end = first + parameters.memory_size, page = first, pages = 0;
    ticks_t next;

    (void)vcpu;
    plant(first, end);
    if ( share_page(XENMAPSPACE_grant_table, GRANT_TABLE) ||
         hypercall(__HYPERVISOR_vcpu_op, VCPUOP_register_runstate_memory_area,
                   0, (uint32_t)&area) )
        say("not ok - guest-runs: the neighbour's hypercalls fail");
    grant_page(GRANT_TABLE, GRANT_REF, parameters.self, first);
    say("neighbour: begins");

    for ( next = now() + seconds(1);; )
    {
        check_page(page);
        if ( ++pages % CHECKED == 0 )
            exchange((end - first) / PAGE);
        page = page + PAGE == end ? first : page + PAGE;
        if ( now() < next )
            continue;
        next += seconds(1);
        say("neighbour: pace %u ran %u waited %u", pages,
            spent(RUNSTATE_running), spent(RUNSTATE_runnable));
        pages = 0;
    }
}
