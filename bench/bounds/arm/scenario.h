/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A scenario: what led to an operation, and what happens during it. It consists of
 * bytes, all values of which are valid: the search changes them blindly.
 */
#ifndef BOUNDS_SCENARIO_H
#define BOUNDS_SCENARIO_H

#include "world.h"

/* What the shadow holds to begin with. */
enum state {
    STATE_TABLES,      /* as many as can be, then sections */
    STATE_TABLES_LIVE, /* sections, tables, 16 tables with IPAs of their own */
    STATE_SUPERSECTIONS, /* in all groups */
    STATE_PAGES,         /* 15 sections and a supersection, 5 times; one live */
    STATE_LAST,          /* 64 tables in the last slots, nothing else */
};

/* What the guest, its device, or another CPU does. */
enum event {
    EVENT_NOTHING,
    EVENT_GFLUSH,
    EVENT_FLUSH_ENTRY, /* of the slot */
    EVENT_FLUSH_OTHER, /* ... of one in another group */
    EVENT_MMU_OFF,
    EVENT_MMU_ON,
    EVENT_BUS_ERRORS,  /* asked for from now on */
    EVENT_TOUCH,       /* the device faults in the slot */
    EVENT_TOUCH_GROUP, /* ... in each slot of its group */
    EVENT_CHANGE_ALL,  /* the p2m: all of it */
    EVENT_CHANGE_PAGE, /* ... for the last page of the picture's table */
    EVENT_CHANGE_MIB,  /* ... for that one's MiB and all before it */
    EVENTS,
};

/* Which TLB entries the guest loads. */
enum tlb {
    TLB_AS_IT_WAS,
    TLB_NONE,
    TLB_IN_SLOT, /* 32 of 4 KiB, none over another */
    TLB_MIXED,   /* 32 of all sizes, all over another */
    TLB_AROUND,  /* 31 in the group, one in the slot */
    TLB_ONE,     /* of 16 MiB, over the group */
    TLBS,
};

struct moment {
    uint8_t event, tlb;
    struct picture picture;
};

#define BEFORE 3

struct scenario {
    uint8_t state;
    uint8_t slot_high, slot_low, page; /* that the device accesses */
    uint8_t offset;                    /* of a register */
    struct moment before[BEFORE];
    struct moment now; /* during the fill; or the change */
};

/* Makes the states, for a pool of tables. */
void scenario_init(unsigned int tables);

/* Lets it happen, reports what the operation cost, and keeps it in world.bill. */
void scenario_run(enum operation operation, const struct scenario *s,
                  bool searched);

#endif /* BOUNDS_SCENARIO_H */
