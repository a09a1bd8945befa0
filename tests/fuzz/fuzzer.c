/* SPDX-License-Identifier: GPL-2.0-only */
/* The entry point that libFuzzer and AFL++ share. */
#include <stdio.h>
#include <stdlib.h>

#include "harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *wrong = act_out(data, size, 0);

    if ( wrong )
    {
        fprintf(stderr, "%s\n", wrong);
        abort();
    }

    return 0;
}
