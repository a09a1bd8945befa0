/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hostile image: reads all that it can reach, as a firmware would that
 * looks for other people's memory.
 */
#include "fault.h"
#include "probe.h"
#include "trace.h"

#define PAGE  0x1000u
#define PAGES 0x100000u

#define PAGES_OF_MIB 256u
#define MOMENT       2000u /* turns of a loop */

/* What never leaves the core: its private RAM and its private peripherals. */
static bool is_private(uint32_t da)
{
    return (da >= 0x20000000u && da < 0x20010000u) ||
           (da >= 0xe0000000u && da < 0xe0100000u);
}

/*
 * Under Xen an access that is right may be refused in the moment in which
 * another one is answered by a bus error, if it is the first in its MiB
 * (docs/threat-model.md). So that one is tried again, a moment later.
 */
static unsigned int tries(uint32_t page)
{
    return page % PAGES_OF_MIB ? 1 : 3;
}

static bool readable(uint32_t page)
{
    unsigned int n = tries(page), i;

    if ( page >= PAGES || is_private(page * PAGE) )
        return false;

    while ( !(probe_word(page * PAGE, true) >> 32) )
    {
        if ( !--n )
            return false;
        for ( i = 0; i < MOMENT; i++ )
            asm volatile("");
    }

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
