/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Prints the fuzzers' dictionary: a write to each register that takes one, by the
 * register table; what a bit of it does on its own; and each act.
 */
#include <stdio.h>

#include "actions.h"
#include "omap_regs.h"

static void print_token(const char *name, const uint8_t *bytes, size_t n)
{
    size_t i;

    printf("%s=\"", name);
    for ( i = 0; i < n; i++ )
        printf("\\x%02x", bytes[i]);
    printf("\"\n");
}

static void print_write(const char *name, unsigned int offset, uint32_t value)
{
    const uint8_t bytes[] = { REG_WRITE,  offset / 4,  value,
                              value >> 8, value >> 16, value >> 24 };
    char token[64];

    snprintf(token, sizeof(token), "%s_%x", name, value);
    print_token(token, bytes, sizeof(bytes));
}

/* All that can be written, and each bit alone where there are few. */
static void print_register(const char *name, unsigned int offset,
                           uint32_t writable)
{
    uint32_t bit;

    if ( !writable )
        return;

    print_write(name, offset, writable);
    for ( bit = 1; bit && writable < 1u << 16; bit <<= 1 )
        if ( (writable & bit) && bit != writable )
            print_write(name, offset, bit);
}

int main(void)
{
    char name[16];
    uint8_t act;

#define R(name, offset, reset, writable, kind) \
    print_register(#name, offset, writable);
    OMAP_MMU_REGISTERS(R)
#undef R

    for ( act = 0; act < NR_ACTIONS; act++ )
    {
        snprintf(name, sizeof(name), "act_%u", act);
        print_token(name, &act, 1);
    }

    return 0;
}
