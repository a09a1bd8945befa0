/* SPDX-License-Identifier: GPL-2.0-only */
/* The script of OMAP5's DSP. */
#include "dsp.h"

/* Whole words are copied, with the 0 that ends what Linux shows. */
static char greeting[40] __attribute__((aligned(4))) =
    "dsp: hello from the scripted master\n";

SCRIPT struct command script[] = {
    {
        .op = RPROC_OP_COPY,
        .dst = (uint32_t)trace_buffer,
        .src = (uint32_t)greeting,
        .len = sizeof(greeting),
    },
    ANSWER_ECHO,
    { .op = RPROC_OP_END },
};
