/* SPDX-License-Identifier: GPL-2.0-only */
/* Random numbers, and addresses worth naming. */
#include "attack.h"

#define PROGRAM      0x40000000u
#define PROGRAM_MASK 0xff000000u

/* Xorshift: repeats only after all 32-bit numbers but 0. */
uint32_t any(struct attacker *a)
{
    a->random ^= a->random << 13;
    a->random ^= a->random >> 17;
    a->random ^= a->random << 5;

    return a->random;
}

uint32_t below(struct attacker *a, uint32_t limit)
{
    return (any(a) >> 4) % limit;
}

uint32_t spare(uint32_t address)
{
    return (address & PROGRAM_MASK) == PROGRAM
               ? parameters.memory | (address & ~PROGRAM_MASK)
               : address;
}

/* A 16 MiB of device addresses that is always mapped to something (tables.c). */
uint32_t hot(struct attacker *a)
{
    return HOT + (any(a) >> 8 & ~3u);
}

uint32_t own_memory(struct attacker *a)
{
    return parameters.memory + (below(a, parameters.memory_size) & ~3u);
}

/* 64 KiB apart or more, each at another place in its block. */
uint32_t hole(uint32_t n)
{
    n %= HOLES_COUNT;

    return parameters.memory + HOLES + n * 0x1a000 + n % 16 * PAGE;
}

uint32_t spread_grant(uint32_t n)
{
    return GRANTS + n % (2 * GRANTS_COUNT) * GRANTS_APART;
}

uint32_t target(struct attacker *a)
{
    uint32_t unit = any(a) >> 31, within = any(a) & 0xffc;

    switch ( below(a, 16) )
    {
    case 0 ... 3:
        return own_memory(a);
    case 4 ... 5:
        return parameters.others + (below(a, parameters.others_size) & ~3u);
    case 6:
        return parameters.secret | within;
    case 7:
        return (parameters.unit[unit].mmu & ~0xfffu) | within;
    case 8:
        return parameters.unit[unit].regs | (within & 0xf0);
    case 9:
        return hole(any(a)) | within;
    case 10:
        return SHARED_INFO + below(a, 5) * 0x1000 + within;
    case 11:
        /* The interrupt controller: Xen's, and what the guest sees of it. */
        return (any(a) & 1 ? 0x08000000 : (uint32_t)GUEST_GICD_BASE) +
               below(a, 4) * 0x10000 + within;
    case 12:
        return GRANTED_FOREIGN + within;
    case 13:
        return spread_grant(any(a)) + within;
    case 14:
        return parameters.memory + ROOTS + (below(a, LISTS) & ~3u);
    default:
        return spare(any(a));
    }
}
