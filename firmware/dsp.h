/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the scripts of these tests' DSPs have in common: dsp.c has the resource table,
 * and each script is in a file of its own.
 */
#ifndef FIRMWARE_DSP_H
#define FIRMWARE_DSP_H

#include <stdint.h>

#include "mailbox.h"
#include "rproc_regs.h"

/* The one carveout: dsp.ld has it, too. */
#ifndef SCRIPT_DA
#define SCRIPT_DA 0x20000000u
#endif

/* A window to peripherals, in it the mailbox, and there what is whose. */
#ifndef L4_CFG_PA
#define L4_CFG_DA     0xaa000000u
#define L4_CFG_PA     0x4a000000u
#define MAILBOX_IN_L4 0xf4000u
#define FROM_LINUX    3
#define TO_LINUX      2
#endif

/* Where a message is taken from a FIFO of the mailbox, or put into it. */
#define MAILBOX_MESSAGE(fifo) (L4_CFG_DA + MAILBOX_IN_L4 + 0x40u + 4u * (fifo))

/*
 * Two commands that answer Linux's echo request, without a comma behind them. A word of the
 * mailbox is read, which takes the request out.
 */
#define ANSWER_ECHO \
    { \
        .op = RPROC_OP_SUM, \
        .src = MAILBOX_MESSAGE(FROM_LINUX), \
        .len = 4, \
    }, \
    { \
        .op = RPROC_OP_FILL, .dst = MAILBOX_MESSAGE(TO_LINUX), .len = 4, \
        .value = MESSAGE_ECHO_REPLY, \
    }

#define TRACE_BYTES 0x1000u

extern char trace_buffer[TRACE_BYTES];

struct command {
    uint32_t op, dst, src, len, value, result, unused[2];
};

_Static_assert(sizeof(struct command) == RPROC_CMD_WORDS * 4, "8 words");

/* In front of all else, where the processor begins: a multiple of 1 KiB. */
#define SCRIPT __attribute__((section(".script"), aligned(1024), used))

#endif /* FIRMWARE_DSP_H */
