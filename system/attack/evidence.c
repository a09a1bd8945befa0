/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the storm left in memory. Words of others' patterns in ours: a processor has read
 * there. And marks, which processors write: the runner looks for rows of them in all of
 * the machine's memory, once ours is wiped.
 */
#include "attack.h"

/* 1 / PATTERN_FACTOR, modulo 2^32: each step doubles the bits that are right. */
static uint32_t inverse_factor(void)
{
    uint32_t inverse = PATTERN_FACTOR, i;

    for ( i = 0; i < 5; i++ )
        inverse *= 2 - PATTERN_FACTOR * inverse;

    return inverse;
}

/* Are the two words at ipa what such a pattern holds at some address of [start, end)? */
static bool is_pattern(uint32_t ipa, uint32_t salt, uint32_t start,
                       uint32_t end, uint32_t inverse)
{
    uint32_t address = (read32(ipa) ^ salt) * inverse;

    return !(address % 4) && address >= start && address < end &&
           read32(ipa + 4) == pattern(address + 4, salt);
}

static const char *whose(uint32_t ipa, uint32_t inverse)
{
    uint32_t memory = parameters.memory;

    if ( is_pattern(ipa, 0, memory, memory + parameters.memory_size, inverse) )
        return "the canary's";
    if ( is_pattern(ipa, 0, parameters.secret,
                    parameters.secret + parameters.secret_size, inverse) )
        return "the secret's";
    if ( is_pattern(ipa, NEIGHBOUR_SALT, memory,
                    memory + parameters.neighbour_size, inverse) )
        return "the neighbour's";

    return NULL;
}

/* Says so if it does not. */
static bool holds_nothing_of_others(uint32_t page, uint32_t inverse)
{
    const char *owner;
    uint32_t ipa;

    for ( ipa = page; ipa != page + PAGE - 4; ipa += 4 )
    {
        owner = whose(ipa, inverse);
        if ( owner )
        {
            say("not ok - nothing-read-elsewhere: ipa %x holds words of %s",
                ipa, owner);
            return false;
        }
    }

    return true;
}

static void wipe(uint32_t page)
{
    uint32_t ipa;

    for ( ipa = page; ipa != page + PAGE; ipa += 4 )
        write32(ipa, 0);
}

void evidence(void)
{
    uint32_t end = parameters.memory + parameters.memory_size, page;
    uint32_t inverse = inverse_factor();
    bool clean = true;

    for ( page = parameters.memory; page != end; page += PAGE )
        if ( !is_given_back(page) )
        {
            clean = clean && holds_nothing_of_others(page, inverse);
            wipe(page);
        }
    if ( clean )
        say("ok - nothing-read-elsewhere");
}
