/* SPDX-License-Identifier: GPL-2.0-only */
/* The interrupt crossbar of DRA7. */
#include <string.h>

#include "crossbar.h"

static const unsigned int reserved[] = { 0, 1, 2, 3, 5, 6, 131, 132 };
static const unsigned int fixed[] = { 10, 133, 139, 140 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_in(const unsigned int *array, unsigned int count,
                  unsigned int input)
{
    unsigned int i;

    for ( i = 0; i < count; i++ )
        if ( array[i] == input )
            return true;

    return false;
}

uint32_t crossbar_offset(unsigned int input)
{
    unsigned int before = 0, i;

    if ( is_in(reserved, COUNT(reserved), input) )
        return CROSSBAR_NONE;

    for ( i = 0; i < COUNT(reserved); i++ )
        before += reserved[i] < input;

    return 2 * (input - before);
}

/* The input whose register is at offset, if one is. */
static bool find(uint32_t offset, unsigned int *input)
{
    for ( *input = 0; *input < CROSSBAR_INPUTS; ++*input )
        if ( crossbar_offset(*input) == offset )
            return true;

    return false;
}

static void update(struct crossbar *c, unsigned int input)
{
    unsigned int source = c->reg[input];
    bool level = source < CROSSBAR_SOURCES && c->source[source] &&
                 !is_in(fixed, COUNT(fixed), input);

    if ( level == c->input[input] )
        return;

    c->input[input] = level;
    c->config.input(c->config.ctx, input, level);
}

void crossbar_source(struct crossbar *c, unsigned int source, bool level)
{
    unsigned int input;

    c->source[source] = level;
    for ( input = 0; input < CROSSBAR_INPUTS; input++ )
        if ( c->reg[input] == source )
            update(c, input);
}

void crossbar_reset(struct crossbar *c)
{
    unsigned int input;

    for ( input = 0; input < CROSSBAR_INPUTS; input++ )
    {
        c->reg[input] = c->config.left[input];
        update(c, input);
    }
}

void crossbar_init(struct crossbar *c, const struct crossbar_config *config)
{
    memset(c, 0, sizeof(*c));
    c->config = *config;
    crossbar_reset(c);
}

/*
 * Registers
 */

static uint32_t read_half(const struct crossbar *c, uint32_t offset)
{
    unsigned int input;

    return find(offset, &input) ? c->reg[input] : 0;
}

uint32_t crossbar_read(const struct crossbar *c, uint32_t offset,
                       unsigned int size)
{
    uint32_t half = read_half(c, offset & ~1u);

    switch ( size )
    {
    case 1:
        return half >> (offset & 1) * 8 & 0xff;
    case 2:
        return half;
    default:
        return half | read_half(c, offset + 2) << 16;
    }
}

static void write_half(struct crossbar *c, uint32_t offset, uint32_t value)
{
    unsigned int input;

    if ( !find(offset, &input) )
        return;

    c->reg[input] = value & CROSSBAR_SOURCE;
    update(c, input);
}

void crossbar_write(struct crossbar *c, uint32_t offset, unsigned int size,
                    uint32_t value)
{
    if ( size < 2 )
        return;

    write_half(c, offset, value);
    if ( size == 4 )
        write_half(c, offset + 2, value >> 16);
}
