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
#define MIB   0x100000u
#define STEP  0x10000u /* pages between two lines of progress */

/*
 * What never leaves the core: its private RAM, bit by bit as well, its private
 * peripherals, and the IPU's own registers, which are there twice.
 */
static bool is_private(uint32_t da)
{
    return (da >= 0x20000000u && da < 0x20010000u) ||
           (da >= 0x22000000u && da < 0x22200000u) ||
           (da >= 0x40000000u && da < 0x40002000u) ||
           (da >= 0x55080000u && da < 0x55082000u) ||
           (da >= 0xe0000000u && da < 0xe0100000u);
}

static bool readable(uint32_t page)
{
    return page < PAGES && !is_private(page * PAGE) &&
           probe_word(page * PAGE, true) >> 32;
}

/*
 * Under Xen an access that is right may be refused while another one is being
 * answered by a bus error, if it is the first in its MiB (threat-model.md). So
 * each MiB of memory has its first access before anything is refused.
 */
static void visit(const volatile struct resource_memory *memory)
{
    uint32_t at;

    for ( at = 0; at < memory->len; at += MIB )
        probe_word(memory->da + at, true);
}

void scan(uint32_t da)
{
    uint32_t page, first = 0, read = 0, found = 0;
    bool is, was = false;

    visit(&resource_table.text);
    visit(&resource_table.data);
    visit(&resource_table.pool);

    for ( page = da / PAGE; page <= PAGES; page++, was = is )
    {
        if ( page < PAGES && page % STEP == 0 )
            trace("reached %x\n", page * PAGE);
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
