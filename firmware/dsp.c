/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Firmware for the DSP of these tests, which is no C66x: a master that performs
 * commands from memory, as model/rproc_regs.h has them. Greets in the trace,
 * and answers the echo request that Linux sends before it starts a processor.
 */
#include <stddef.h>

#include "dsp.h"
#include "resource_table.h"

#define SCRIPT_BYTES 0x00100000u
#define L4_CFG_BYTES 0x01000000u

char trace_buffer[TRACE_BYTES] __attribute__((aligned(4)));

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
