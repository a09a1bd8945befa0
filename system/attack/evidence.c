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

/* Counts the marks in a page, and wipes it. */
static uint32_t take_evidence(uint32_t page, uint32_t inverse, bool *told)
{
    uint32_t marks = 0, ipa;

    for ( ipa = page; ipa != page + PAGE; ipa += 4 )
    {
        const char *owner =
            *told || ipa == page + PAGE - 4 ? NULL : whose(ipa, inverse);

        if ( owner )
        {
            say("not ok - nothing-read-elsewhere: ipa %x holds words of %s",
                ipa, owner);
            *told = true;
        }
        marks += read32(ipa) == parameters.mark;
        write32(ipa, 0);
    }

    return marks;
}

void evidence(void)
{
    uint32_t end = parameters.memory + parameters.memory_size, page, marks = 0;
    uint32_t inverse = inverse_factor();
    bool told = false;

    for ( page = parameters.memory; page != end; page += PAGE )
        if ( !is_given_back(page) )
            marks += take_evidence(page, inverse, &told);
    if ( !told )
        say("ok - nothing-read-elsewhere");
    say("attack: marks %u", marks);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
