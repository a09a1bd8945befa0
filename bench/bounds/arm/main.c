/* SPDX-License-Identifier: GPL-2.0-only */
/* The worst case that was devised for each operation, and a search for worse. */
#include <string.h>

#include "scenario.h"

/* The scenario's slot is the last one. */
#define LAST_SLOT .slot_high = 0xf, .slot_low = 0xff

/* The tables that the states were made of. */
#define SPREAD \
    { \
        .form = FORM_TABLE, .order = ORDER_SPREAD, .memory = LAST_SCATTERED, \
        .mib = 0xfe \
    }

/* A change of a page that all of them have, as their last one. */
#define CHANGED \
    { \
        .event = EVENT_CHANGE_PAGE, .tlb = TLB_IN_SLOT, .picture = SPREAD \
    }

/* The guest switches its MMU off, and the device stalls where it may not go. */
#define DENIED_SLOT .slot_high = MEMORY_DENIED
#define SILENT \
    { .event = EVENT_MMU_OFF }, \
    { \
        .event = EVENT_TOUCH \
    }

/* What a fill finds: 256 pages that do not agree with what there was, each to be
 * asked for alone; and what overtakes it. */
#define ANEW(n, happens) \
    { \
        .event = (happens), .picture = { \
            .form = FORM_TABLE, \
            .order = ORDER_SHUFFLED, \
            .memory = MEMORY_UNSHUFFLED, \
            .mib = (n) \
        } \
    }

/* ... or a supersection. */
#define SUPERSECTION(where, happens) \
    { \
        .event = (happens), .picture = { \
            .form = FORM_SUPERSECTION, \
            .memory = (where) \
        } \
    }

/* ... or nothing, and nothing overtakes it. */
#define FAULTS \
    { \
        .picture = {.form = FORM_FAULT } \
    }

static const struct devised {
    enum operation operation;
    struct scenario scenario;
} devised[] = {
    { CALIBRATE, { 0 } },
    { TRAP_READ, { .offset = 0x8c, .page = 2 } },
    { TRAP_READ_CAM, { 0 } },
    { TRAP_SYSCONFIG, { 0 } },
    { TRAP_IRQSTATUS,
      { .before = { { .event = EVENT_TOUCH,
                      .picture = { .form = FORM_FAULT } } } } },
    { TRAP_CNTL,
      { .before = { { .event = EVENT_TOUCH,
                      .picture = { .form = FORM_FAULT } } } } },
    { TRAP_TTB, { DENIED_SLOT, .before = { SILENT } } },
    { TRAP_LD_TLB, { DENIED_SLOT, .before = { SILENT } } },
    { TRAP_GFLUSH, { 0 } },
    { TRAP_FLUSH_ENTRY,
      { .page = 1,
        .before = { { .tlb = TLB_AROUND }, { .event = EVENT_TOUCH } } } },
    { TRAP_OTHER, { .offset = MMU_IRQENABLE, .page = 2 } },
    { INTERRUPT, { 0 } },
    /* Instructions: condemned slots, then all anew. */
    { FAULT,
      { .state = STATE_TABLES_LIVE,
        LAST_SLOT,
        .page = 255,
        .before = { CHANGED },
        .now = ANEW(1, EVENT_CHANGE_PAGE) } },
    { FAULT,
      { .state = STATE_TABLES_LIVE,
        LAST_SLOT,
        .page = 255,
        .before = { CHANGED },
        .now = ANEW(1, EVENT_NOTHING) } },
    /* Look-ups, references: what is found to lie too high. */
    { FAULT,
      { .state = STATE_PAGES,
        LAST_SLOT,
        .before = { { .event = EVENT_CHANGE_MIB, .picture = { .mib = 15 } } },
        .now = SUPERSECTION(MEMORY_HIGH, EVENT_GFLUSH) } },
    /* Registers: a supersection replaces 16 shown tables; or a bus error. */
    { FAULT,
      { .state = STATE_TABLES_LIVE,
        LAST_SLOT,
        .now = SUPERSECTION(MEMORY_WHOLE, EVENT_NOTHING) } },
    { FAULT,
      { .state = STATE_TABLES_LIVE,
        LAST_SLOT,
        .before = { { .event = EVENT_BUS_ERRORS } },
        .now = FAULTS } },
    { CONDEMNED, { .state = STATE_TABLES_LIVE, .before = { CHANGED } } },
    { CONDEMNED,
      { .state = STATE_PAGES,
        .before = { { .event = EVENT_CHANGE_MIB,
                      .picture = { .mib = 15 } } } } },
    { CHANGE,
      { .state = STATE_TABLES,
        .now = { .event = EVENT_CHANGE_MIB, .picture = SPREAD } } },
    { CHANGE, { .state = STATE_PAGES } },
    /* Registers: a stall that the guest was not shown ends as well. */
    { CHANGE,
      { DENIED_SLOT, .before = { SILENT },
        .now = { .event = EVENT_CHANGE_ALL } } },
    { CHANGE, { .state = STATE_SUPERSECTIONS } },
    /* 1,024 pages in a row, of which all tables use the first; and 1,024 pages, each in
     * a MiB of its own, all of them in use. */
    { CHANGES, { .state = STATE_TABLES, .now = { .picture = SPREAD } } },
    { CHANGES, { .state = STATE_TABLES, .offset = 1 } },
    { CHANGES, { .state = STATE_PAGES, .offset = 1 } },
    { CHANGES,
      { .state = STATE_TABLES, .offset = 2, .now = { .picture = SPREAD } } },
    { FORGET, { .state = STATE_TABLES, LAST_SLOT } },
    { RELEASE, { .state = STATE_LAST } },
    { RELEASE, { .state = STATE_PAGES } },
    { LOOK, { .state = STATE_TABLES } },
    { LOOK, { .state = STATE_TABLES_LIVE, LAST_SLOT } },
    { LOOK, { .state = STATE_SUPERSECTIONS, .offset = 1 } },
    { LOOK, { .state = STATE_TABLES, .offset = 1 } },
};

#define DEVISED (sizeof(devised) / sizeof(devised[0]))

static uint32_t random(void)
{
    static uint32_t state = 0x9e3779b9;

    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;

    return state;
}

/* Up to three bytes of it become something else. */
static void change_some(struct scenario *s)
{
    unsigned int n = 1 + random() % 3;

    while ( n-- )
        ((uint8_t *)s)[random() % sizeof(*s)] = random() >> 8;
}

/* Climbs from a scenario on, keeping what is no better. */
static void climb(enum operation operation, enum cost cost,
                  struct scenario best, unsigned int steps)
{
    struct scenario s;
    uint32_t most = 0;

    while ( steps-- )
    {
        s = best;
        change_some(&s);
        scenario_run(operation, &s, true);
        if ( world.bill.cost[cost] < most )
            continue;
        most = world.bill.cost[cost];
        best = s;
    }
}

/* For more of each cost, from what was devised and from anywhere. */
static void search(const struct devised *d, unsigned int steps)
{
    struct scenario anywhere = { .state = 0 };
    unsigned int cost, i;

    for ( cost = 0; cost < COSTS; cost++ )
    {
        for ( i = 0; i < sizeof(anywhere); i++ )
            ((uint8_t *)&anywhere)[i] = random() >> 8;
        climb(d->operation, cost, anywhere, steps);
        climb(d->operation, cost, d->scenario, steps);
    }
}

int main(unsigned int steps)
{
    static const unsigned int pools[] = { SHADOW_MIN_TABLES, 256,
                                          SHADOW_MAX_TABLES };
    unsigned int pool, i;

    for ( pool = 0; pool < sizeof(pools) / sizeof(pools[0]); pool++ )
    {
        scenario_init(pools[pool]);
        for ( i = 0; i < DEVISED; i++ )
        {
            scenario_run(devised[i].operation, &devised[i].scenario, false);
            world_check();
            if ( pools[pool] !=
                 SHADOW_MAX_TABLES ) /* slow, and no other code */
                search(&devised[i], steps);
        }
        gpu_run(pools[pool]);
    }

    return 0;
}
