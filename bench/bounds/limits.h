/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bounds that docs/threat-model.md states: the most that an operation may
 * cost. Operations on the host are exact; instructions are what Debian 12's gcc
 * made of the core, and a tenth more.
 */
#ifndef BOUNDS_LIMITS_H
#define BOUNDS_LIMITS_H

#include "bounds.h"

struct limit {
    const char *name, *worst;
    uint32_t cost[COSTS];
    uint32_t per_table; /* instructions more for each table of the pool */
};

static const struct limit limits[OPERATIONS] = {
    [CALIBRATE] = {
        "calibration",
        "2,002 instructions by construction; else the meter is wrong",
        { [INSTRUCTIONS] = 2002 },
    },
    [TRAP_READ] = {
        "read of a register",
        "a byte of READ_RAM",
        { [INSTRUCTIONS] = 130 },
    },
    [TRAP_READ_CAM] = {
        "read of READ_CAM",
        "parks a shadow in use; the walk does not end",
        { [INSTRUCTIONS] = 330, [REGISTERS] = 19 },
    },
    [TRAP_SYSCONFIG] = {
        "write to SYSCONFIG",
        "soft reset: all registers, 32 TLB entries; parks",
        { [INSTRUCTIONS] = 1000, [REGISTERS] = 21 },
    },
    [TRAP_IRQSTATUS] = {
        "write to IRQSTATUS",
        "releases a stalled requester",
        { [INSTRUCTIONS] = 140, [REGISTERS] = 2 },
    },
    [TRAP_CNTL] = {
        "write to CNTL",
        "parks, writes all of the hardware's registers, ends a stall",
        { [INSTRUCTIONS] = 610, [REGISTERS] = 43 },
    },
    [TRAP_TTB] = {
        "write to TTB",
        "parks; MMU off, a silent stall ends",
        { [INSTRUCTIONS] = 400, [REGISTERS] = 21 },
    },
    [TRAP_LD_TLB] = {
        "write to LD_TLB",
        "parks; a stall ends",
        { [INSTRUCTIONS] = 400, [REGISTERS] = 21 },
    },
    [TRAP_GFLUSH] = {
        "write to GFLUSH",
        "32 TLB entries to drop; parks",
        { [INSTRUCTIONS] = 700, [REGISTERS] = 19 },
    },
    [TRAP_FLUSH_ENTRY] = {
        "write to FLUSH_ENTRY",
        "32 TLB entries to drop; a group to hide",
        { [INSTRUCTIONS] = 1000, [REGISTERS] = 18, [CLEANED] = 64 },
    },
    [TRAP_OTHER] = {
        "any other write",
        "IRQENABLE, or what is no register",
        { [INSTRUCTIONS] = 140 },
    },
    [INTERRUPT] = {
        "interrupt",
        "nothing to choose",
        { [INSTRUCTIONS] = 10, [REGISTERS] = 1 },
    },
    [FAULT] = {
        "a fault",
        "tables of 64 slots to reap; 4 tries, each overtaken, 256 pages anew, 32 TLB entries",
        { [INSTRUCTIONS] = 1600000, [REGISTERS] = 361, [LOOKUPS] = 18436, [TAKEN] = 18432, [GIVEN] = 42752, [CLEANED] = 21000 },
    },
    [REAP] = {
        "a reap",
        "64 tables of large pages; or 63 sections and a supersection",
        { [INSTRUCTIONS] = 710000, [REGISTERS] = 3, [GIVEN] = 20224, [CLEANED] = 316 },
    },
    [CHANGE] = {
        "a p2m change",
        "the pool's tables used at their last page only; 4,095 MiB",
        { [INSTRUCTIONS] = 900000, [REGISTERS] = 19, [GIVEN] = 20224, [CLEANED] = 316 },
        .per_table = 9200,
    },
    [RELEASE] = {
        "a step of release",
        "64 tables in the last slots; or 63 sections and a supersection",
        { [INSTRUCTIONS] = 860000, [REGISTERS] = 89, [GIVEN] = 20224, [CLEANED] = 316 },
    },
};

#endif /* BOUNDS_LIMITS_H */

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
