/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdarg.h>
#include <stdint.h>

#include "core.h"
#include "trace.h"

char trace_buffer[TRACE_BYTES];

/* Linux reads at any time, up to the first 0: the last byte stays 0. */
static void put(char c)
{
    static unsigned int at;

    if ( at < TRACE_BYTES - 1 )
        ((volatile char *)trace_buffer)[at++] = c;
}

static void put_string(const char *s)
{
    while ( *s )
        put(*s++);
}

/* At least so many digits. */
static void put_number(uint32_t value, uint32_t base, unsigned int digits)
{
    char text[10];
    unsigned int n = 0;

    do
    {
        text[n++] = "0123456789abcdef"[value % base];
        value /= base;
    }
    while ( value || n < digits );

    while ( n )
        put(text[--n]);
}

static void put_all(const char *format, va_list *args)
{
    for ( ; *format; format++ )
    {
        if ( *format != '%' )
        {
            put(*format);
            continue;
        }
        switch ( *++format )
        {
        case 'x':
            put_number(va_arg(*args, uint32_t), 16, 8);
            break;
        case 'u':
            put_number(va_arg(*args, uint32_t), 10, 1);
            break;
        case 's':
            put_string(va_arg(*args, const char *));
            break;
        }
    }
}

/* Masked: one line is through before another task begins one. */
void trace(const char *format, ...)
{
    uint32_t primask = mask_interrupts();
    va_list args;

    va_start(args, format);
    put_all(format, &args);
    va_end(args);
    restore_interrupts(primask);
}
