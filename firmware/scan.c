/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hostile image: reads all that it can reach, as a firmware would that
 * looks for other people's memory.
 */
#include "fault.h"
#include "ipu.h"
#include "probe.h"
#include "trace.h"

#define PAGE  0x1000u
#define PAGES 0x100000u

#define PAGES_OF_MIB 256u

/* How often a refusal is doubted, and the turns of a wait before each time. */
#define TRIES 100u
#define TURNS 100u

/* What never leaves the core: its private RAM and its private peripherals. */
static bool is_private(uint32_t da)
{
    return (da >= 0x20000000u && da < 0x20010000u) ||
           (da >= 0xe0000000u && da < 0xe0100000u);
}

static bool covers(const volatile struct resource_memory *memory, uint32_t da)
{
    return da - memory->da < memory->len;
}

/* Was Linux asked to map something there? */
static bool is_asked_for(uint32_t da)
{
    return covers(&resource_table.text, da) ||
           covers(&resource_table.data, da) ||
           covers(&resource_table.pool, da) ||
           covers(&resource_table.l4_cfg, da);
}

/*
 * Under Xen an access that is right may be refused while another one is being
 * answered by a bus error, if it is the first in its MiB (threat-model.md). No
 * sign tells when that is over: so what ought to be there is tried again, for as
 * long as the processor that runs Xen may be kept from going on.
 */
static unsigned int tries(uint32_t page)
{
    return page % PAGES_OF_MIB || !is_asked_for(page * PAGE) ? 1 : TRIES;
}

static void wait(void)
{
    unsigned int i;

    for ( i = 0; i < TURNS; i++ )
        asm volatile("yield");
}

static bool readable(uint32_t page)
{
    unsigned int n;

    if ( page >= PAGES || is_private(page * PAGE) )
        return false;

    for ( n = tries(page); !(probe_word(page * PAGE, true) >> 32); wait() )
        if ( !--n )
            return false;

    return true;
}

void scan(uint32_t da)
{
    uint32_t page, first = 0, read = 0, found = 0;
    bool is, was = false;

    for ( page = da / PAGE; page <= PAGES; page++, was = is )
    {
        is = readable(page);
        read += page < PAGES && !is_private(page * PAGE);
        found += is;
        if ( is && !was )
            first = page;
        if ( was && !is )
            trace("found %x-%x\n", first * PAGE, page * PAGE - 1);
    }
    trace("scan: %u pages read, %u found\n", read, found);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
