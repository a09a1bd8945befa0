/* SPDX-License-Identifier: GPL-2.0-only */
#include <linux/kernel.h>

#include "test.h"

const char *why(const char *format, ...)
{
    static char words[100];
    va_list args;

    va_start(args, format);
    vsnprintf(words, sizeof(words), format, args);
    va_end(args);

    return words;
}
