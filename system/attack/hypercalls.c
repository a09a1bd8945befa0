/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long one hypercall takes that changes 1,024 p2m entries: Xen lets nobody else run
 * before it is done. Each is measured twice: where no table names its pages, and where the
 * processors' tables are as costly as can be, all of them in the shadow, and both
 * processors at work on them. The first vCPU measures; the second keeps the processors at
 * work.
 */
#include "attack.h"

#define MIN_TIMES   6  /* that each is measured, ... */
#define MAX_ROUNDS  24 /* ... if Xen has the memory */
#define MAX_SECONDS 60 /* for the processors to get through their tables */

enum kind {
    GIVE,
    GET,
    KINDS,
};

/* Which half of the arena. In this phase nobody else changes, nor names, the second. */
enum place {
    COSTLY,
    UNUSED,
    PLACES,
};

static uint32_t shortest[KINDS][PLACES]; /* in 10 us */
static uint32_t longest[KINDS][PLACES];
static uint32_t times[KINDS][PLACES];   /* that it was measured */
static volatile uint32_t passes[UNITS]; /* through the tables */

void hypercalls_beside(void)
{
    uint32_t unit;

    for ( unit = 0; unit < UNITS; unit++ )
        passes[unit] += processor_touch(unit);
}

/*
 * Waits until both processors have been through all of the costly tables. The pass that is
 * under way may have begun before the last change: the next one counts.
 */
static bool tables_are_full(void)
{
    ticks_t end = now() + seconds(MAX_SECONDS);
    uint32_t unit, before[UNITS];

    for ( unit = 0; unit < UNITS; unit++ )
        before[unit] = passes[unit];
    for ( unit = 0; unit < UNITS; unit++ )
        while ( passes[unit] - before[unit] < 2 )
            if ( now() > end )
            {
                say("not ok - hypercalls-are-bounded: unit %u does not get through its tables",
                    unit);
                return false;
            }

    return true;
}

/* Not aligned, so that each page is an entry of its own, also when it is got. */
static void measure(enum kind kind, enum place place)
{
    uint32_t first = arena(place) + PAGE, took;
    ticks_t start = now();
    bool done = kind == GIVE ? extent_give(place, 0, first, EXTENT_MAX_ORDER)
                             : extent_get(place, 0, EXTENT_MAX_ORDER);

    took = (uint32_t)(now() - start) / ((uint32_t)seconds(1) / 100000);
    if ( !done )
        return;
    if ( !times[kind][place] || took < shortest[kind][place] )
        shortest[kind][place] = took;
    if ( took > longest[kind][place] )
        longest[kind][place] = took;
    times[kind][place]++;
}

/* Afterwards all pages are there again. */
static bool one_round(void)
{
    enum kind kind;
    enum place place;

    for ( kind = GIVE; kind < KINDS; kind++ )
        for ( place = COSTLY; place < PLACES; place++ )
        {
            if ( !tables_are_full() )
                return false;
            measure(kind, place);
        }

    return extents_end(COSTLY) && extents_end(UNUSED);
}

static bool measured(void)
{
    const uint32_t *n = &times[0][0], *end = n + KINDS * PLACES;

    while ( n != end && *n >= MIN_TIMES )
        n++;

    return n == end;
}

void hypercalls(void)
{
    static const char *const names[] = { [GIVE] = "give-back", [GET] = "get" };
    ticks_t end = now() + seconds(parameters.calm_seconds);
    uint32_t rounds = 0, kind;

    while ( now() < end || (!measured() && rounds++ < MAX_ROUNDS) )
        if ( !one_round() )
            return;
    for ( kind = GIVE; kind < KINDS; kind++ )
        say("attack: hypercall %s unused %u to %u times %u costly %u times %u",
            names[kind], shortest[kind][UNUSED], longest[kind][UNUSED],
            times[kind][UNUSED], shortest[kind][COSTLY], times[kind][COSTLY]);
}
