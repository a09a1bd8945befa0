/* SPDX-License-Identifier: GPL-2.0-only */
/* What a well-behaved guest does, and must see as if it owned the MMU. */
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/kernel.h>

#include "test.h"

#define VALUE(u) (0x1d000000 + unit_index(u))

/* Arena offsets of pages that a scenario may use, one set for each processor. */
#define PAGE_A(u) (SZ_1M + unit_index(u) * SZ_1M)
#define PAGE_B(u) (PAGE_A(u) + 0x7000)

static const char *processors_answer(u32 unused)
{
    struct unit *u;

    for_each_unit(u)
    {
        u32 id = readl(u->regs + RPROC_ID);

        EXPECT(id == RPROC_ID_VALUE, "%s: identifies as %08x", u->name, id);
        EXPECT(unit_run(u, NULL, 0) == RPROC_DONE, "%s: cannot read its list",
               u->name);
    }

    return NULL;
}

/*
 * One page of `size`, seen by both processors at once. Each fills a range in a
 * quarter of it, and copies that to another quarter.
 */
static const char *map_size(u32 size)
{
    u32 offset = size == ARENA_SIZE ? 0 : max_t(u32, size, SZ_1M);
    u32 len = min_t(u32, size / 8, SZ_8K);
    u32 quarter = size / 4, inset = size / 16;
    struct unit *u;

    for_each_unit(u)
    {
        u32 first = DA + 2 * unit_index(u) * quarter + inset;
        struct command commands[] = {
            FILL(first, len, VALUE(u)),
            COPY(first + quarter, first, len),
        };

        EXPECT(!unit_map(u, DA, arena_ipa(offset), size), "%s: map", u->name);
        unit_start(u, LIST_DA, commands, ARRAY_SIZE(commands));
    }

    for_each_unit(u)
    {
        u32 first = offset + 2 * unit_index(u) * quarter + inset;
        u32 status = unit_wait(u);

        EXPECT(status == RPROC_DONE, "%s: status %u", u->name, status);
        EXPECT(arena_take(first, len, VALUE(u)), "%s: fill", u->name);
        EXPECT(arena_take(first + quarter, len, VALUE(u)), "%s: copy", u->name);
    }

    return NULL;
}

/* Neighbours for the processor, far apart and out of order for the guest. */
static u32 scattered(struct unit *u, unsigned int i)
{
    return PAGE_A(u) + (i * 37 % 256) * SZ_4K;
}

static const char *map_scattered(u32 n)
{
    static struct command commands[64];
    struct unit *u;
    unsigned int i;

    for_each_unit(u)
    {
        for ( i = 0; i < n; i++ )
        {
            u32 da = DA + i * SZ_4K;

            EXPECT(!unit_map(u, da, arena_ipa(scattered(u, i)), SZ_4K),
                   "%s: map %u", u->name, i);
            commands[i] = (struct command)FILL(da, SZ_4K, VALUE(u) + (i << 8));
        }
        unit_start(u, LIST_DA, commands, n);
    }

    for_each_unit(u)
    {
        EXPECT(unit_wait(u) == RPROC_DONE, "%s: not done", u->name);
        for ( i = 0; i < n; i++ )
            EXPECT(arena_take(scattered(u, i), SZ_4K, VALUE(u) + (i << 8)),
                   "%s: page %u", u->name, i);
    }

    return NULL;
}

/*
 * The slot is in use when a second page is mapped in it. Linux touches no
 * register after it has stored the descriptor.
 */
static const char *map_in_used_slot(u32 unused)
{
    struct command first = FILL(DA, SZ_4K, 0xaaaa),
                   second = FILL(DA + SZ_4K, SZ_4K, 0xbbbb);
    struct unit *u;

    for_each_unit(u)
    {
        EXPECT(!unit_map(u, DA, arena_ipa(PAGE_A(u)), SZ_4K), "map");
        EXPECT(unit_run(u, &first, 1) == RPROC_DONE, "%s: first page", u->name);
        EXPECT(!unit_map(u, DA + SZ_4K, arena_ipa(PAGE_B(u)), SZ_4K), "map");
        EXPECT(unit_run(u, &second, 1) == RPROC_DONE, "%s: second page",
               u->name);
        EXPECT(arena_take(PAGE_A(u), SZ_4K, 0xaaaa), "%s: first page", u->name);
        EXPECT(arena_take(PAGE_B(u), SZ_4K, 0xbbbb), "%s: second page",
               u->name);
    }

    return NULL;
}

/* The same while the processors are busy in that slot all the time. Each map makes
 * them wait; what counts is that they go on when it is over. */
static const char *map_while_running(u32 n)
{
    struct command busy = FILL(DA, SZ_4K, 0xaaaa),
                   last = FILL(DA + n * SZ_4K, SZ_4K, 0xcccc);
    struct unit *u;
    unsigned int i;

    for_each_unit(u)
    {
        EXPECT(!unit_map(u, DA, arena_ipa(PAGE_A(u)), SZ_4K), "map");
        unit_start_endless(u, &busy);
    }
    for ( i = 1; i <= n; i++ )
        for_each_unit(u) EXPECT(
            !unit_map(u, DA + i * SZ_4K, arena_ipa(scattered(u, i)), SZ_4K),
            "map");

    for_each_unit(u)
    {
        u32 done = readl(u->regs + RPROC_COUNT);

        EXPECT(!u->faults, "%s: fault at da %08x", u->name, u->fault_da);
        EXPECT(unit_completes(u, done + 2), "%s: it does not go on", u->name);
        unit_reset(u);
        EXPECT(unit_run(u, &last, 1) == RPROC_DONE, "%s: last page", u->name);
        EXPECT(arena_take(PAGE_A(u), SZ_4K, 0xaaaa), "%s: busy page", u->name);
        EXPECT(arena_take(scattered(u, n), SZ_4K, 0xcccc), "%s: last page",
               u->name);
    }

    return NULL;
}

static const char *unmap_stops_access(u32 size)
{
    struct command before = FILL(DA, SZ_4K, 0xaaaa),
                   after = FILL(DA, SZ_4K, 0xdead);
    const char *wrong;
    struct unit *u;

    for_each_unit(u)
    {
        EXPECT(!unit_map(u, DA, arena_ipa(PAGE_A(u)), size), "map");
        EXPECT(unit_run(u, &before, 1) == RPROC_DONE, "%s: before", u->name);
        EXPECT(!unit_unmap(u, DA, size), "unmap");
        unit_start(u, LIST_DA, &after, 1);
        wrong = unit_faulted(u, DA, 4);
        if ( wrong )
            return wrong;
        EXPECT(arena_take(PAGE_A(u), SZ_4K, 0xaaaa), "%s: reached", u->name);
    }

    return NULL;
}

/* Whatever is in flight: once unmap has returned, nothing is written any more. */
static const char *unmap_while_running(u32 unused)
{
    struct command busy = FILL(DA, SZ_4K, 0xaaaa);
    const char *wrong = NULL;
    struct unit *u;

    for_each_unit(u)
    {
        EXPECT(!unit_map(u, DA, arena_ipa(PAGE_A(u)), SZ_4K), "map");
        unit_start_endless(u, &busy);
    }
    for_each_unit(u) EXPECT(unit_completes(u, 1), "%s: not at work", u->name);

    for_each_unit(u)
    {
        EXPECT(!unit_unmap(u, DA, SZ_4K), "unmap");
        arena_fill(PAGE_A(u), SZ_4K, 0x5afe);
    }

    for_each_unit(u)
    {
        wrong = wrong ?: unit_faulted(u, DA, SZ_4K);
        EXPECT(arena_take(PAGE_A(u), SZ_4K, 0x5afe), "%s: written", u->name);
    }

    return wrong;
}

static const char *remap_reaches_new_page(u32 unused)
{
    struct command one = FILL(DA, SZ_4K, 0xaaaa), two = FILL(DA, SZ_4K, 0xbbbb);
    struct unit *u;

    for_each_unit(u)
    {
        EXPECT(!unit_map(u, DA, arena_ipa(PAGE_A(u)), SZ_4K), "map");
        EXPECT(unit_run(u, &one, 1) == RPROC_DONE, "%s: old page", u->name);
        EXPECT(!unit_unmap(u, DA, SZ_4K), "unmap");
        EXPECT(!unit_map(u, DA, arena_ipa(PAGE_B(u)), SZ_4K), "map");
        EXPECT(unit_run(u, &two, 1) == RPROC_DONE, "%s: new page", u->name);
        EXPECT(arena_take(PAGE_A(u), SZ_4K, 0xaaaa), "%s: old page", u->name);
        EXPECT(arena_take(PAGE_B(u), SZ_4K, 0xbbbb), "%s: new page", u->name);
    }

    return NULL;
}

static const char *detach_and_attach(u32 times)
{
    struct command fill = FILL(DA, SZ_4K, 0xaaaa);
    struct unit *u;

    while ( times-- )
        for_each_unit(u)
        {
            EXPECT(!unit_renew(u), "%s: attach", u->name);
            EXPECT(!unit_map(u, DA, arena_ipa(PAGE_A(u)), SZ_64K), "map");
            EXPECT(unit_run(u, &fill, 1) == RPROC_DONE, "%s: not done",
                   u->name);
            EXPECT(arena_take(PAGE_A(u), SZ_4K, 0xaaaa), "%s: page", u->name);
        }

    return NULL;
}

/* The stalled access goes on when the guest's handler has mapped what it missed. */
static const char *fault_handler_maps_page(u32 unused)
{
    struct command fill = FILL(DA, SZ_8K, 0xaaaa);
    struct unit *u = &units[DSP];
    u32 status;

    /* The first page brings the table of second level along. */
    EXPECT(!unit_map(u, DA, arena_ipa(PAGE_A(u)), SZ_4K), "map");
    u->heal_da = DA + SZ_4K;
    u->heal_ipa = arena_ipa(PAGE_B(u));
    u->heal_len = SZ_4K;

    status = unit_run(u, &fill, 1);
    EXPECT(status == RPROC_DONE, "status %u, %u faults", status, u->faults);
    EXPECT(u->faults && u->fault_da == DA + SZ_4K,
           "%u faults, the last at %08x", u->faults, u->fault_da);
    EXPECT(arena_take(PAGE_A(u), SZ_4K, 0xaaaa), "first page");
    EXPECT(arena_take(PAGE_B(u), SZ_4K, 0xaaaa), "healed page");

    return NULL;
}

/* The other one's accesses end by a bus error instead. */
static const char *no_dsp(u32 unused)
{
    return units[DSP].dev ? NULL : "this domain has no processor that waits";
}

const struct scenario ordinary[] = {
    { "processors-answer", processors_answer },
    { "map-4k", map_size, SZ_4K },
    { "map-64k", map_size, SZ_64K },
    { "map-1m", map_size, SZ_1M },
    { "map-16m", map_size, SZ_16M },
    { "map-scattered-4k", map_scattered, 64 },
    { "map-in-used-slot", map_in_used_slot },
    { "map-while-running", map_while_running, 16 },
    { "unmap-4k-stops-access", unmap_stops_access, SZ_4K },
    { "unmap-1m-stops-access", unmap_stops_access, SZ_1M },
    { "unmap-while-running", unmap_while_running },
    { "remap-reaches-new-page", remap_reaches_new_page },
    { "detach-and-attach", detach_and_attach, 3 },
    { "fault-handler-maps-page", fault_handler_maps_page, 0, no_dsp },
    {}
};
