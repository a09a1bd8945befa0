/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The attacker: a guest that owns two remote processors and their MMUs, and does with
 * its two vCPUs whatever it can think of.
 *
 *   attack.c      the phases: what is done when, and for how long
 *   words.c       random numbers, and addresses worth naming
 *   registers.c   the MMUs' registers
 *   tables.c      translation tables
 *   churn.c       the memory map: pages given back, got back, granted, shared
 *   extents.c     ... many at once
 *   hypercalls.c  what it costs Xen to change many at once
 *   processors.c  the remote processors and their commands
 *   evidence.c    what the storm left in memory
 */
#ifndef ATTACK_H
#define ATTACK_H

#include "guest.h"

#define UNITS 2

/* Offsets in parameters.memory, 16 MiB at a multiple of it. */
#define ROOTS        0x000000 /* first levels to abuse */
#define ROOTS_COUNT  4
#define LEAVES       0x010000 /* second levels to abuse */
#define LEAVES_COUNT 64
#define LISTS        0x020000 /* commands of each unit */
#define LIST_SIZE    0x10000
#define SANE_ROOT    0x040000 /* a first level as a well-meaning guest has it */
#define GRIND_ROOT   0x044000 /* one that is all work, and its second level */
#define GRIND_LEAF   0x048000
#define COST_ROOT \
    0x04c000 /* one that makes changes of the memory map costly, ... */
#define COST_LEAVES 0x050000 /* ... and its second levels */
#define GRIND_PAGES 0x200000 /* to which GRIND_LEAF leads */
#define HOLES       0x100000 /* pages to give back, spread up to the end */
#define HOLES_COUNT 128
#define MEMORY_SIZE 0x1000000
/* Behind it: what is given back many pages at a time. */
#define ARENA      0x1000000
#define ARENA_HALF 0x600000 /* a vCPU's own */
#define RESERVE    0x1c00000 /* and what is not there until the end (extents.c) */

/* Where the guest has no RAM: what else it has in its memory map. */
#define SHARED_INFO     0x60000000
#define GRANT_TABLE     0x60001000
#define GRANTED_SELF    0x60002000 /* a page of ours, by a grant */
#define GRANTED_FOREIGN 0x60003000 /* the neighbour's */
#define FOREIGN         0x60004000 /* what it would have by XENMAPSPACE_gmfn_foreign */
#define GRANTS          0x64000000 /* each vCPU's, by grants too, far from each other */
#define GRANTS_COUNT    32
#define GRANTS_APART    0x200000

/* The device addresses, a MiB each, that grind. */
#define GRIND_FIRST 0x50000000
#define GRIND_COUNT 0x700

/*
 * The device addresses, a MiB each, that make changes of the memory map costly: each is
 * to be touched where a page is mapped that always stays.
 */
#define COST_FIRST  0x50000000
#define COST_WIDE   26 /* tables with IPAs at both ends of memory */
#define COST_NARROW 5  /* tables for a MiB of the arena each */
#define COST_COUNT  (COST_WIDE + COST_NARROW)

/* Where commands go that do not go to the guest's own memory. */
#define HOT 0x80000000

/* A vCPU's own; nobody else writes it. */
struct attacker {
    uint32_t vcpu;
    uint32_t random;   /* the generator's state */
    uint32_t actions;  /* so far */
    uint32_t commands; /* that the processors completed */
    uint32_t bus_errors, stalls;
    uint32_t churns, churns_refused; /* hypercalls */
    uint32_t extents; /* that were given back, or got back, in one hypercall */
    uint32_t grants;  /* mapped: the first vCPU's, the second's */
};

/* words.c */
uint32_t any(struct attacker *a);                   /* 32 random bits */
uint32_t below(struct attacker *a, uint32_t limit); /* 0 to limit - 1 */

/*
 * Not the 16 MiB where the program is: the processors write through each address
 * that is named anywhere, and the attacker is to live.
 */
uint32_t spare(uint32_t address);
uint32_t own_memory(struct attacker *a); /* an address in it */
uint32_t hot(struct attacker *a);        /* a device address */
uint32_t target(struct attacker *a);     /* somewhere, mostly not ours */
uint32_t hole(uint32_t n); /* the address of a page that may be given back */
uint32_t spread_grant(uint32_t n); /* ... of one of the many grants */

/* registers.c */
void sane_mmu(uint32_t unit, uint32_t root); /* on, walking the table there */
void mmu_walk(struct attacker *a,
              uint32_t unit); /* on, walking a table to abuse */
void mmu_off_and_on(struct attacker *a,
                    uint32_t unit); /* in the middle of its work */
void abuse_registers(struct attacker *a);

/* tables.c */
void tables_init(struct attacker *a); /* those to abuse */
void tables_sane(void);               /* the one at SANE_ROOT */
void tables_grind(void);              /* the one at GRIND_ROOT */
void tables_cost(void);               /* the one at COST_ROOT */
void abuse_tables(struct attacker *a);
uint32_t a_root(struct attacker *a); /* what TTB may be pointed at */

/* churn.c */
void churn_init(void);
void churn(struct attacker *a);
void churn_end(
    struct attacker *a); /* has all its pages again, if Xen has some */
/* Is the page at an address given back? */
bool is_given_back(uint32_t page);

/* extents.c: 2^order pages are given back and got back; each vCPU has a few such, n. */
#define EXTENT_MAX_ORDER 10 /* Xen's limit for a domain with a device */

void extents_init(void);

uint32_t arena(uint32_t vcpu); /* the address of a vCPU's half */
bool extent_give(uint32_t vcpu, uint32_t n, uint32_t first, uint32_t order);
bool extent_get(uint32_t vcpu, uint32_t n, uint32_t order); /* some of it */
bool extent_toggle(struct attacker *a);                     /* any */
bool extents_end(uint32_t vcpu); /* are all got back? */
bool extents_end_reserve(void);
bool extents_lack(uint32_t page);

/* hypercalls.c: the first vCPU's part, and what the second does meanwhile. */
void hypercalls(void);
void hypercalls_beside(void);

/* processors.c */
void processor_kick(struct attacker *a,
                    uint32_t unit); /* with random commands */
/* As if it had never run. */
void processor_forget(uint32_t unit);
void processor_work(
    uint32_t unit); /* valid commands, again when they are done */
void processor_grind(
    uint32_t unit); /* ... each in a MiB that is not translated */
/*
 * ... each at one of the device addresses that make changes costly, all of them in turn;
 * is that done, so that it begins again?
 */
bool processor_touch(uint32_t unit);
void processor_reset(uint32_t unit);

/* Returns whether its writes reach our memory. */
bool processor_serves(uint32_t unit);

/* evidence.c: looks at all our memory but the program's, and wipes it. Nothing else may
 * use it any more. */
void evidence(void);

#endif /* ATTACK_H */
