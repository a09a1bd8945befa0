/* SPDX-License-Identifier: GPL-2.0-only */
/* The end, and what the compiler calls by itself. */
#include <stddef.h>

#include "core.h"
#include "nvic.h"

void halt(void)
{
    nvic_disable_all();
    for ( ;; )
        asm volatile("wfi");
}

void *memcpy(void *to, const void *from, size_t bytes)
{
    char *t = to;
    const char *f = from;

    while ( bytes-- )
        *t++ = *f++;

    return to;
}

void *memset(void *to, int byte, size_t bytes)
{
    char *t = to;

    while ( bytes-- )
        *t++ = byte;

    return to;
}
