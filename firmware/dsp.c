/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Firmware for the DSP of these tests, which is no C66x: a master that performs
 * commands from memory, as model/rproc_regs.h has them. Greets in the trace,
 * and answers the echo request that Linux sends before it starts a processor.
 */
#include <stddef.h>

#include "mailbox.h"
#include "resource_table.h"
#include "rproc_regs.h"

#define SCRIPT_DA    0x20000000u /* as in dsp.ld */
#define SCRIPT_BYTES 0x00100000u

#define L4_CFG_DA    0xaa000000u
#define L4_CFG_PA    0x4a000000u
#define L4_CFG_BYTES 0x01000000u

/* Where a message is taken from a FIFO of the mailbox, or put into it. */
#define MAILBOX_MESSAGE(fifo) (L4_CFG_DA + 0xf4040u + 4 * (fifo))
#define FROM_LINUX            3
#define TO_LINUX              2

#define TRACE_BYTES 0x1000u

static char trace_buffer[TRACE_BYTES] __attribute__((aligned(4)));

/* Whole words are copied, with the 0 that ends what Linux shows. */
static char greeting[40] __attribute__((aligned(4))) =
    "dsp: hello from the scripted master\n";

struct command {
    uint32_t op, dst, src, len, value, result, unused[2];
};

_Static_assert(sizeof(struct command) == RPROC_CMD_WORDS * 4, "8 words");

__attribute__((section(".script"), aligned(1024),
               used)) struct command script[] = {
    {
        .op = RPROC_OP_COPY,
        .dst = (uint32_t)trace_buffer,
        .src = (uint32_t)greeting,
        .len = sizeof(greeting),
    },
    /* A word is read: the echo request is taken out. */
    {
        .op = RPROC_OP_SUM,
        .src = MAILBOX_MESSAGE(FROM_LINUX),
        .len = 4,
    },
    {
        .op = RPROC_OP_FILL,
        .dst = MAILBOX_MESSAGE(TO_LINUX),
        .len = 4,
        .value = MESSAGE_ECHO_REPLY,
    },
    { .op = RPROC_OP_END },
};

#define AT(entry) offsetof(struct dsp_resource_table, entry)

struct dsp_resource_table {
    struct resource_table header;
    uint32_t offset[3];
    struct resource_memory script;
    struct resource_trace trace;
    struct resource_memory l4_cfg;
};

__attribute__((section(".resource_table"),
               used)) struct dsp_resource_table resource_table = {
    .header = { .version = RESOURCE_VERSION, .entries = 3 },
    .offset = { AT(script), AT(trace), AT(l4_cfg) },
    .script = RESOURCE_RAM(SCRIPT_DA, SCRIPT_BYTES, "script"),
    .trace = RESOURCE_TRACE_BUFFER((uint32_t)trace_buffer, TRACE_BYTES),
    .l4_cfg = RESOURCE_WINDOW(L4_CFG_DA, L4_CFG_PA, L4_CFG_BYTES, "l4cfg"),
};

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
