/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The encoding of a fuzzer's input: a guest, its device and its host, act by act.
 *
 * The first byte selects the machine. Each act is a byte, of which enum action is the
 * remainder, and its operands; numbers are little-endian. An input that ends early
 * continues with zeros to the end of the act.
 */
#ifndef FUZZ_ACTIONS_H
#define FUZZ_ACTIONS_H

#include "harness.h"

/* Operands in brackets, in bytes if more than one. */
enum action {
    /* Registers: aligned words, by number in the window; then anything. */
    REG_READ,    /* word */
    REG_WRITE,   /* word, value[4] */
    ACCESS_ODD,  /* offset, log2 of bytes | write << 7, value[4] */
    ENABLE,      /* CNTL: TTB to the tables, then this */
    ACKNOWLEDGE, /* IRQENABLE: all of IRQSTATUS */
    TLB_LOAD,    /* LOCK[2], page[3], kind, target[2] */
    FLUSH_ENTRY, /* page[3] */
    TLB_SCAN,    /* first entry: LOCK and READ_CAM from there on */

    /* The guest's tables. */
    FIRST_WORD,   /* slot, kind, target[2] */
    FIRST_GROUP,  /* slot, kind, target[2]: 16 words */
    SECOND_WORD,  /* table, page, kind, target[2] */
    SECOND_CHUNK, /* the same: 16 words */
    SECOND_TABLE, /* the same: all words */
    ANY_WORD,     /* word of the tables[2], value[4] */

    /* The guest's memory map. */
    UNMAP,       /* log2 of pages, IPA page[2] */
    POPULATE,    /* log2 of pages | log2 of piece << 4, IPA page[2] */
    MAP_FOREIGN, /* IPA page[2] */
    MAP_MMIO,    /* log2 of pages, IPA page[2], MMIO page[2] */

    /* The device. */
    DEVICE_ACCESS, /* page[3]: served, and checked; odd slots: a write */
    DEVICE_ISSUE,  /* page[3]: not served yet */
    SERVE,         /* one deferred call of vmmu_fault() */
    SETTLE,        /* all of them */
    WITHDRAW,

    /* The host. */
    FAIL, /* enum machine_point | calls until one fails << 3 | and all after
                  it << 7, references that a failing hold gets */
    INTERFERE, /* calls of the host to let pass | acts - 1 << 3: so many of the
                  acts that follow happen one by one in the next calls */
    REASSIGN,  /* pages that a step of the release gives back */

    /* What happens inside a trap; walks that take time; the next owner. */
    IN_REGISTER, /* accesses to the hardware to let pass | acts - 1 << 3: so many of
                      the acts that follow happen one by one in the next ones */
    DEVICE_SLOWLY, /* page[3], reads of WALKING_ST that its walk takes */
    RENEW,         /* vmmu_renew() */
    OTHER_DOMAIN,  /* page[3] that the device goes on to access */

    /* The device's power, clock and resets, in machines where they are the host's. */
    CORE_START,  /* core */
    CORE_STOP,   /* core */
    MMU_RESET,   /* vmmu_reset() */
    LOSE_POWER,  /* of the MMU's, if no core is let go */
    STATUS_SLOW, /* enum prcm_delay | 0x80: never; reads */

    NR_ACTIONS,
};

#endif /* FUZZ_ACTIONS_H */
