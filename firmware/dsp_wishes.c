/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The script of DRA7's DSP1. The core greets, and so does its EDMA. Then the guest may
 * wish for copies, by either port, from and to addresses of its choice: it puts both
 * into the FIFO WHERE, and then into the FIFO WISH which it is, 1 or 2, times 128.
 *
 * All addresses of peripherals are the machine's, and the script's are what Linux gives
 * its carveout: the script runs on when its accesses go around the guest's MMU.
 */
#include "dsp.h"

#define WISH  8 /* nobody else has these FIFOs */
#define WHERE 9

static char greeting[40] __attribute__((aligned(4))) =
    "dsp: hello from the scripted master\n";
static char by_edma[24] __attribute__((aligned(4))) = "dsp: its EDMA as well\n";

/* Two copies: the 0 at the first one's end is not wanted. */
#define GREETING_BYTES 36u

enum {
    LISTEN = 4, /* the place of a command */
    WISHES = 8, /* two wishes, and what listens is wish 0 */
};

/* Added up; an empty FIFO reads as zero. */
static uint32_t next[2];

#define AT(n) ((uint32_t)&script[n])

#define COPY_WORD(to, from) \
    { \
        .op = RPROC_OP_COPY, .dst = (uint32_t)(to), .src = (from), .len = 4 \
    }

/* Four commands, at n. */
#define WISHED(n, port) \
    COPY_WORD(&script[(n) + 2].src, MAILBOX_MESSAGE(WHERE)), \
        COPY_WORD(&script[(n) + 2].dst, MAILBOX_MESSAGE(WHERE)), \
        { .op = RPROC_OP_COPY | (port), .len = 4 }, \
    { \
        .op = RPROC_OP_JUMP, .dst = AT(LISTEN) \
    }

SCRIPT struct command script[] = {
    {
        .op = RPROC_OP_COPY,
        .dst = (uint32_t)trace_buffer,
        .src = (uint32_t)greeting,
        .len = sizeof(greeting),
    },
    {
        .op = RPROC_OP_COPY | RPROC_OP_BY_TC0,
        .dst = (uint32_t)trace_buffer + GREETING_BYTES,
        .src = (uint32_t)by_edma,
        .len = sizeof(by_edma),
    },
    ANSWER_ECHO,
    /* LISTEN */
    COPY_WORD(&next[0], MAILBOX_MESSAGE(WISH)),
    { .op = RPROC_OP_SUM, .src = (uint32_t)next, .len = sizeof(next) },
    COPY_WORD(&script[LISTEN + 3].dst, (uint32_t)&script[LISTEN + 1].result),
    { .op = RPROC_OP_JUMP },
    /* WISHES */
    WISHED(WISHES, 0),
    WISHED(WISHES + 4, RPROC_OP_BY_TC1),
};

static uint32_t next[2] = { 0, AT(LISTEN) };
