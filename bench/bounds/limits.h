/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The limits of docs/threat-model.md: the most that an operation may cost. Operations
 * on the host are counted exactly; instructions are what Debian 12's gcc made of the
 * core, plus 10 %.
 */
#ifndef BOUNDS_LIMITS_H
#define BOUNDS_LIMITS_H

#include "bounds.h"

struct limit {
    const char *name, *worst;
    uint32_t cost[COSTS];
};

static const struct limit limits[OPERATIONS] = {
    [CALIBRATE] = {
        "calibration",
        "a loop of so many instructions: else the meter is wrong",
        { [INSTRUCTIONS] = CALIBRATION },
    },
    [TRAP_READ] = {
        "read of a register",
        "any but READ_CAM, of any size",
        { [INSTRUCTIONS] = 120 },
    },
    [TRAP_READ_CAM] = {
        "read of READ_CAM",
        "the shadow in use; a walk that does not end",
        { [INSTRUCTIONS] = 300, [REGISTERS] = 19 },
    },
    [TRAP_SYSCONFIG] = {
        "write to SYSCONFIG",
        "a soft reset, the shadow in use",
        { [INSTRUCTIONS] = 930, [REGISTERS] = 21 },
    },
    [TRAP_IRQSTATUS] = {
        "write to IRQSTATUS",
        "a stalled requester is released",
        { [INSTRUCTIONS] = 120, [REGISTERS] = 2 },
    },
    [TRAP_CNTL] = {
        "write to CNTL",
        "the shadow in use, a requester stalled",
        { [INSTRUCTIONS] = 570, [REGISTERS] = 43 },
    },
    [TRAP_TTB] = {
        "write to TTB",
        "the shadow in use, MMU off, a requester stalled",
        { [INSTRUCTIONS] = 330, [REGISTERS] = 21 },
    },
    [TRAP_LD_TLB] = {
        "write to LD_TLB",
        "the same",
        { [INSTRUCTIONS] = 340, [REGISTERS] = 21 },
    },
    [TRAP_GFLUSH] = {
        "write to GFLUSH",
        "the shadow in use, 32 TLB entries",
        { [INSTRUCTIONS] = 550, [REGISTERS] = 19 },
    },
    [TRAP_FLUSH_ENTRY] = {
        "write to FLUSH_ENTRY",
        "the group in use, all TLB entries hit",
        { [INSTRUCTIONS] = 905, [REGISTERS] = 18, [CLEANED] = 64 },
    },
    [TRAP_OTHER] = {
        "any other write",
        "of any size, anywhere",
        { [INSTRUCTIONS] = 120 },
    },
    [INTERRUPT] = {
        "interrupt",
        "always the same",
        { [INSTRUCTIONS] = 10, [REGISTERS] = 1 },
    },
    [FAULT] = {
        "fault",
        "16 condemned tables; 256 pages one by one, overtaken, or 16 MiB too high; "
        "32 TLB entries; a bus error",
        { [INSTRUCTIONS] = 392000, [REGISTERS] = 92, [LOOKUPS] = 521, [TAKEN] = 4608,
          [GIVEN] = 16640, [CLEANED] = 17664 },
    },
    [CONDEMNED] = {
        "condemned slots",
        "16 tables of small pages, or 15 sections and a supersection",
        { [INSTRUCTIONS] = 186000, [REGISTERS] = 3, [GIVEN] = 7936, [CLEANED] = 124 },
    },
    [CHANGE] = {
        "p2m change",
        "4,095 MiB, of which each table of the pool uses a page, its last; "
        "all other slots a section",
        { [INSTRUCTIONS] = 670000, [REGISTERS] = 21, [GIVEN] = 7936, [CLEANED] = 124 },
    },
    /* It must not be more than four times one change. */
    [CHANGES] = {
        "1,024 p2m changes",
        "of one hypercall, in as many MiBs, all in use: two scans, then all is given up",
        { [INSTRUCTIONS] = 772000, [REGISTERS] = 21, [GIVEN] = 7936, [CLEANED] = 124 },
    },
    [FORGET] = {
        "p2m change, no scan left",
        "all was given up, and another CPU has filled a slot since",
        { [INSTRUCTIONS] = 4200, [REGISTERS] = 21 },
    },
    [RELEASE] = {
        "step of release",
        "16 tables in the last slots, or 15 sections and a supersection",
        { [INSTRUCTIONS] = 305000, [REGISTERS] = 90, [GIVEN] = 7936, [CLEANED] = 124 },
    },
    [LOOK] = {
        "look of the debug key",
        "a group of 16 tables of small pages; or the pool",
        { [INSTRUCTIONS] = 386000 },
    },
    [GPU_READ] = {
        "GPU: read",
        "any register, 64 doorbells waiting",
        { [INSTRUCTIONS] = 960, [REGISTERS] = 1 },
    },
    [GPU_DOORBELL] = {
        "GPU: doorbell",
        "64 are waiting",
        { [INSTRUCTIONS] = 120 },
    },
    [GPU_EVENT] = {
        "GPU: event cleared",
        "a base is nobody's: held in reset",
        { [INSTRUCTIONS] = 1200, [REGISTERS] = 23 },
    },
    [GPU_BASE_WRITTEN] = {
        "GPU: base written",
        "of three directories, each with 1,024 tables; the GPU does not follow",
        { [INSTRUCTIONS] = 109000, [REGISTERS] = 2030, [CLEANED] = 12288 },
    },
    [GPU_DIR] = {
        "GPU: DIR written",
        "a directory goes; the GPU does not follow",
        { [INSTRUCTIONS] = 56700, [REGISTERS] = 2028, [CLEANED] = 4096 },
    },
    [GPU_RESET] = {
        "GPU: reset",
        "24 directories go, 64 doorbells; or 16 and it does not follow",
        { [INSTRUCTIONS] = 606000, [REGISTERS] = 2024, [CLEANED] = 98304 },
    },
    [GPU_STEP_DIR] = {
        "GPU: step, directory",
        "all words changed; a table emptied; or no room for any",
        { [INSTRUCTIONS] = 333000, [REGISTERS] = 2022, [LOOKUPS] = 1, [GIVEN] = 1024,
          [CLEANED] = 12288 },
    },
    [GPU_STEP_TABLE] = {
        "GPU: step, table",
        "all words changed, each in a MiB of its own",
        { [INSTRUCTIONS] = 230000, [REGISTERS] = 2009, [LOOKUPS] = 1025, [TAKEN] = 1024,
          [GIVEN] = 1024, [CLEANED] = 4096 },
    },
    [GPU_WORK] = {
        "GPU: call of work",
        "steps that compare, up to the first that does more",
        { [INSTRUCTIONS] = 306000, [REGISTERS] = 2009, [LOOKUPS] = 1027, [TAKEN] = 1024,
          [GIVEN] = 1024, [CLEANED] = 8192 },
    },
    [GPU_CHANGE] = {
        "GPU: p2m change",
        "of 1 GiB, which all tables may map; or of a page that all words map",
        { [INSTRUCTIONS] = 1117000, [REGISTERS] = 2009, [GIVEN] = 2968, [CLEANED] = 274016 },
    },
    [GPU_CHANGES] = {
        "GPU: 1,024 changes",
        "of one hypercall, of pages that all tables map",
        { [INSTRUCTIONS] = 1074000, [REGISTERS] = 494, [GIVEN] = 92, [CLEANED] = 262512 },
    },
    [GPU_FORGET] = {
        "GPU: change, unpaid",
        "all was given up, and another CPU has filled the pool since",
        { [INSTRUCTIONS] = 314000, [REGISTERS] = 13, [CLEANED] = 262144 },
    },
    [GPU_RELEASE] = {
        "GPU: step of release",
        "4 directories or tables; the quarantine",
        { [INSTRUCTIONS] = 160000, [REGISTERS] = 59, [GIVEN] = 4096, [CLEANED] = 16384 },
    },
    [GPU_LOOK] = {
        "GPU: look of the key",
        "4 tables visited; or the links of all directories audited",
        { [INSTRUCTIONS] = 793000, [REGISTERS] = 2 },
    },
};

#endif /* BOUNDS_LIMITS_H */
