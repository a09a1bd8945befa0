/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interface of the Arm program (arm/) and the meter that runs it (meter.c).
 *
 * The program is the core, compiled as Xen compiles it, with the worst host and guest
 * that could be devised. The meter counts the instructions executed in the core, and in
 * what it calls of the C library; those of the host are not counted.
 */
#ifndef BOUNDS_H
#define BOUNDS_H

#include <stdint.h>

/* Where the program lies, what the GPU's mirror is given, and the stack ends. */
#define IMAGE_BASE  0x00100000u
#define GPU_BASE    0x04000000u
#define MEMORY_SIZE 0x08000000u

/* What the program begins with. */
struct image {
    uint32_t entry;
    uint32_t counted_start, counted_end;
};

/* The meter's registers. */
#define METER_BASE    0xf0000000u
#define METER_COUNT   0  /* read: instructions counted so far, modulo 2^32 */
#define METER_REPORT  4  /* write: address of a struct bill */
#define METER_TROUBLE 8  /* write: address of a text; ends all */
#define METER_COPY    12 /* write: address of a struct copying, which is done */

/* What the calibration executes, no more and no less. */
#define CALIBRATION 2002u

enum operation {
    CALIBRATE,
    TRAP_READ,
    TRAP_READ_CAM,
    TRAP_SYSCONFIG, /* written, as those below */
    TRAP_IRQSTATUS,
    TRAP_CNTL,
    TRAP_TTB,
    TRAP_LD_TLB,
    TRAP_GFLUSH,
    TRAP_FLUSH_ENTRY,
    TRAP_OTHER,
    INTERRUPT,
    FAULT,
    CONDEMNED,
    CHANGE,
    CHANGES, /* 1,024 of one hypercall */
    FORGET,  /* one more, a slot having been filled meanwhile */
    RELEASE,
    LOOK, /* the debug key, for one taking of the lock */
    GPU_READ,
    GPU_DOORBELL, /* written, as those below */
    GPU_EVENT,
    GPU_BASE_WRITTEN,
    GPU_DIR,
    GPU_RESET,
    GPU_STEP_DIR, /* of a pass */
    GPU_STEP_TABLE,
    GPU_WORK, /* a call, of many steps */
    GPU_CHANGE,
    GPU_CHANGES, /* 1,024 of one hypercall */
    GPU_FORGET,  /* one more, a table having been filled meanwhile */
    GPU_RELEASE,
    GPU_LOOK,
    OPERATIONS,
};

enum cost {
    INSTRUCTIONS, /* of the core */
    LOCKED,       /* the longest stretch of them under the MMU's lock */
    REGISTERS,    /* accesses to the hardware's registers */
    LOOKUPS,      /* entries of the p2m looked up, each for one page */
    TAKEN,        /* references taken */
    GIVEN,        /* references given back */
    CLEANED,      /* bytes cleaned out of the cache */
    COSTS,
};

struct copying {
    uint32_t to, from, bytes;
};

struct bill {
    uint32_t operation;
    uint32_t tables;   /* of the pool */
    uint32_t searched; /* found by the search, not devised */
    uint32_t cost[COSTS];
};

#endif /* BOUNDS_H */
