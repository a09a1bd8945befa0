/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is counted besides the core: what it calls of the C library, as simple as
 * can be (Xen's own, in assembly, are shorter), and the meter's calibration.
 */
#include <string.h>

#include "world.h"

static bool aligned(const void *a, const void *b, size_t n)
{
    return !(((uintptr_t)a | (uintptr_t)b | n) % sizeof(uint32_t));
}

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    size_t i;

    if ( aligned(to, from, n) )
        for ( i = 0; i < n / sizeof(uint32_t); i++ )
            ((uint32_t *)to)[i] = ((const uint32_t *)from)[i];
    else
        for ( i = 0; i < n; i++ )
            ((uint8_t *)to)[i] = ((const uint8_t *)from)[i];

    return to;
}

void *memset(void *to, int byte, size_t n)
{
    size_t i;

    if ( aligned(to, to, n) )
        for ( i = 0; i < n / sizeof(uint32_t); i++ )
            ((uint32_t *)to)[i] = (uint8_t)byte * 0x01010101u;
    else
        for ( i = 0; i < n; i++ )
            ((uint8_t *)to)[i] = byte;

    return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
    const uint8_t *x = a, *y = b;
    size_t i;

    for ( i = 0; i < n; i++ )
        if ( x[i] != y[i] )
            return x[i] - y[i];

    return 0;
}

/* mov, 1000 times subs and bne, bx. */
__attribute__((naked)) void calibrate(void)
{
    __asm__("mov r0, #1000\n"
            "1: subs r0, r0, #1\n"
            "bne 1b\n"
            "bx lr\n");
}
